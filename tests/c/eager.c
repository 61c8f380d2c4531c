// clock: virtual
// Eager start (EAG).
#include "tools.h"

static wio_task_options eager = {NULL, 0, true};
static int seven = 7;

TEST(EAG_01_the_first_step_runs_inside_create_task) {
    trace_clear();
    job work = {1, 5, 'e', 0};
    char letter[] = "x";
    mark('a');
    wio_task *now = wio_create_task_with(marks, letter, &eager);
    mark('b');
    CHECK_STR(trace, "axb");
    CHECK_EQ(wio_await(now), 0);
    wio_task *task = wio_create_task_with(does, &work, &eager);
    CHECK(!wio_task_done(task));
    CHECK_EQ(wio_await(task), 5); /* EAG-03 */
    CHECK_STR(trace, "axbe");
}

TEST(EAG_02_ended_in_that_step_it_is_done_on_return_and_await_does_not_yield) {
    char letter[] = "x";
    trace_clear();
    wio_task *task = wio_create_task_with(returns, &seven, &eager);
    CHECK(wio_task_done(task));
    wio_task *other = wio_create_task(marks, letter);
    CHECK_EQ(wio_await(task), 7);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_await(other), 0);
}

static int fails_at_once(void *arg) {
    (void)arg;
    return wio_fail(-EIO, "at once");
}

TEST(EAG_04_failing_in_that_step_stores_the_error_in_the_task) {
    wio_task *task = wio_create_task_with(fails_at_once, NULL, &eager);
    REQUIRE(task);
    CHECK(wio_task_done(task));
    CHECK_EQ(wio_task_status(task), -EIO);
    CHECK_EQ(wio_await(task), -EIO);
    CHECK_STR(last_message(), "at once");
}

TEST(EAG_05_cancel_after_an_eager_end_changes_nothing_after_a_blocking_step_it_works) {
    wio_task *ended = wio_create_task_with(returns, &seven, &eager);
    wio_task_cancel(ended);
    CHECK_EQ(wio_await(ended), 7);
    wio_task *blocked = wio_create_task_with(sleeps_long, NULL, &eager);
    wio_task_cancel(blocked);
    CHECK_EQ(wio_await(blocked), -ECANCELED);
}

static wio_task *seen;

static int looks(void *arg) {
    seen = wio_current_task();
    CHECK_EQ(wio_all_tasks(NULL, 0), 2);
    CHECK_STR(wio_task_name(seen), arg ? (const char *)arg : wio_task_name(seen)); /* EAG-09 */
    return 0;
}

TEST(EAG_06_current_task_and_task_list_during_and_after_the_step) {
    wio_task *self = wio_current_task();
    wio_task_options named = {"early bird", 0, true};
    char name[] = "early bird";
    wio_task *task = wio_create_task_with(looks, name, &named);
    CHECK(seen == task);
    CHECK(wio_current_task() == self);
    CHECK_EQ(wio_all_tasks(NULL, 0), 1); /* EAG-07 */
    CHECK_EQ(wio_await(task), 0);
    wio_task *blocked = wio_create_task_with(sleeps_long, NULL, &eager);
    CHECK_EQ(wio_all_tasks(NULL, 0), 2);
    wio_task_cancel(blocked);
    CHECK_EQ(wio_await(blocked), -ECANCELED);
}

static int tree(void *arg) {
    int depth = *(int *)arg, next = depth - 1, sum = 1;
    if (depth == 0) return 1;
    wio_task *tasks[3];
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task_with(tree, &next, &eager);
    for (int i = 0; i < 3; i++) sum += wio_await(tasks[i]);
    return sum;
}

TEST(EAG_12_nested_eager_trees_work) {
    int depth = 6;
    CHECK_EQ(tree(&depth), (3 * 3 * 3 * 3 * 3 * 3 * 3 - 1) / 2);
}

TEST(EAG_13_an_eager_child_that_fails_aborts_the_group_and_leaves_no_cancel) {
    int rc = 0;
    WIO_TASK_GROUP(g) {
        wio_task *sibling = wio_group_create_task(&g, sleeps_long, NULL);
        CHECK(sibling);
        wio_group_create_task_with(&g, fails_at_once, NULL, &eager);
        rc = wio_sleep(LONG);
    }
    CHECK_EQ(rc, -ECANCELED);
    CHECK_EQ(wio_group_status(&g), -EIO);
    CHECK_EQ(wio_cancelling(), 0);
    CHECK_EQ(wio_sleep(1), 0);
}

static wio_group *its_group;

static int starts_a_failing_sibling(void *arg) {
    (void)arg;
    wio_group_create_task_with(its_group, fails_at_once, NULL, &eager);
    return wio_sleep(LONG);
}

TEST(EAG_14_an_eager_child_that_starts_a_failing_sibling_is_cancelled) {
    double start = wio_time();
    WIO_TASK_GROUP(g) {
        its_group = &g;
        wio_group_create_task_with(&g, starts_a_failing_sibling, NULL, &eager);
    }
    CHECK_EQ(wio_group_status(&g), -EIO);
    CHECK_NEAR(wio_time(), start, 0.01);
}
