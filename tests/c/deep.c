// clock: virtual
// main-stack: 1024
// asan: detect_stack_use_after_return=0
// Chains of any length: passing a cancel on, ending and starting need a bounded C stack (CAN-22, EAG-12).
#include "tools.h"

#define DEPTH 100000

static wio_task_options small = {NULL, 4096, false};
static int deepest;

static int link_of_chain(void *arg) {
    intptr_t depth = (intptr_t)arg;
    if (depth > deepest) deepest = (int)depth;
    if (depth == DEPTH) return wio_sleep(LONG);
    wio_task *next = wio_create_task_with(link_of_chain, (void *)(depth + 1), &small);
    return wio_await(next);
}

TEST(CAN_22_a_chain_of_100000_awaits_is_cancelled) {
    wio_task *first = wio_create_task_with(link_of_chain, (void *)1, &small);
    double start = wio_time();
    CHECK_EQ(wio_sleep(1), 0);
    CHECK_EQ(deepest, DEPTH);
    CHECK_EQ(wio_all_tasks(NULL, 0), DEPTH + 1);
    wio_task_cancel(first);
    CHECK_EQ(wio_await(first), -ECANCELED);
    CHECK_NEAR(wio_time() - start, 1, 0.01);
}

static int awaits_the_parent(void *arg) { return wio_await((wio_task *)arg); }

/* An await that closes a circle is refused; this one is closed at the end of the group. */
static int joins_who_awaits_it(void *arg) {
    (void)arg;
    WIO_TASK_GROUP(group) {
        wio_group_create_task(&group, awaits_the_parent, wio_current_task());
        wio_yield();
    }
    return wio_group_status(&group);
}

static int cancels_a_circle(void *arg) {
    wio_task *task = wio_create_task(joins_who_awaits_it, arg);
    if (wio_sleep(1)) return -1;
    wio_task_cancel(task);
    return wio_await(task);
}

TEST_OUTSIDE(CAN_22_a_cycle_of_awaits_ends_as_a_deadlock) { CHECK_EQ(wio_run(cancels_a_circle, NULL), -EDEADLK); }

static int nested_group(void *arg) {
    intptr_t depth = (intptr_t)arg;
    if (depth == 2000) return wio_sleep(LONG);
    WIO_TASK_GROUP(g) { wio_group_create_task_with(&g, nested_group, (void *)(depth + 1), &small); }
    return wio_group_status(&g);
}

TEST(CAN_22_nested_groups_are_cancelled) {
    wio_task *first = wio_create_task_with(nested_group, (void *)1, &small);
    CHECK_EQ(wio_sleep(1), 0);
    CHECK_EQ(wio_all_tasks(NULL, 0), 2001);
    wio_task_cancel(first);
    CHECK_EQ(wio_await(first), -ECANCELED);
}
