// clock: virtual
// stderr: wio_context_set\(\): the key is NULL
// Context variables (CTX).
#include "tools.h"

static char user, page;
static int one = 1, two = 2, three = 3;

static int value(const void *key) {
    const int *at = (const int *)wio_context_get(key);
    return at ? *at : 0;
}

static int sees(void *arg) {
    (void)arg;
    return value(&user);
}

static int changes(void *arg) {
    CHECK_EQ(value(&user), 1);
    CHECK_EQ(wio_context_set(&user, arg), 0);
    wio_sleep(1);
    return value(&user);
}

TEST(CTX_01_a_task_gets_a_copy_at_its_creation) {
    CHECK_EQ(value(&user), 0);
    CHECK_EQ(wio_context_set(&user, &one), 0);
    wio_task *before = wio_create_task(sees, NULL), *changer = wio_create_task(changes, &three);
    CHECK_EQ(wio_context_set(&user, &two), 0);
    wio_task *after = wio_create_task(sees, NULL);
    CHECK_EQ(wio_await(before), 1);
    CHECK_EQ(wio_await(after), 2);
    CHECK_EQ(wio_await(changer), 3);
    CHECK_EQ(value(&user), 2);
}

TEST(CTX_01_two_variables_and_null) {
    CHECK_EQ(wio_context_set(&user, &one), 0);
    CHECK_EQ(wio_context_set(&page, &two), 0);
    CHECK_EQ(value(&user), 1);
    CHECK_EQ(value(&page), 2);
    CHECK_EQ(wio_context_set(&user, NULL), 0);
    CHECK_EQ(value(&user), 0);
    CHECK_EQ(value(&page), 2);
    CHECK_EQ(wio_context_set(NULL, &one), -EINVAL);
    CHECK(!wio_context_get(NULL));
}

static int keeps_its_own(void *arg) {
    int *number = (int *)arg;
    wio_context_set(&user, number);
    for (int i = 0; i < 20; i++) {
        if (*number % 3 ? wio_yield() : wio_sleep(0.1 * (*number % 7))) return -1;
        CHECK(wio_context_get(&user) == number);
        if (i % 5 == 4) wio_context_set(&page, number);
    }
    return 0;
}

TEST(CTX_02_values_survive_waits_in_a_hundred_tasks) {
    static int numbers[100];
    for (int i = 0; i < 100; i++) numbers[i] = i;
    CHECK_EQ(WIO_GATHER_EACH(keeps_its_own, numbers), 0);
    CHECK_EQ(value(&user), 0);
}

static int sets(void *arg) {
    wio_context_set(&user, arg);
    return 0;
}

TEST_OUTSIDE(CTX_02_nothing_is_visible_after_the_run) {
    CHECK_EQ(wio_run(sets, &one), 0);
    CHECK_EQ(value(&user), 0);
    CHECK_EQ(wio_run(sees, NULL), 0);
    CHECK_EQ(wio_context_set(&user, &two), 0); /* in main(): for the runs that follow */
    CHECK_EQ(wio_run(sees, NULL), 2);
    CHECK_EQ(wio_run(sets, &one), 0);
    CHECK_EQ(wio_run(sees, NULL), 2);
    CHECK_EQ(wio_context_set(&user, NULL), 0);
}

static void callback_sets(wio_task *task, void *arg) {
    (void)task;
    CHECK_EQ(value(&user), 1); /* CTX-04: those of the moment of registration */
    wio_context_set(&user, arg);
    CHECK_EQ(value(&user), 3);
}

TEST(CTX_03_a_done_callbacks_changes_stay_its_own) {
    wio_context_set(&user, &one);
    wio_task *task = wio_create_task(sees, NULL);
    wio_task_add_done_callback(task, callback_sets, &three);
    wio_task_add_done_callback(task, callback_sets, &three);
    wio_context_set(&user, &two);
    CHECK_EQ(wio_await(task), 1);
    yields(2);
    CHECK_EQ(value(&user), 2);
}

static void notes_value(void *arg) { *(int *)arg = value(&user); }

static void future_callback(wio_future *future, void *arg) {
    (void)future;
    notes_value(arg);
}

TEST(CTX_04_callbacks_see_the_moment_at_which_they_were_scheduled) {
    int seen[4] = {-1, -1, -1, -1};
    wio_future future = WIO__ZERO;
    wio_context_set(&user, &one);
    wio_call_soon(notes_value, &seen[0]);
    wio_future_add_done_callback(&future, future_callback, &seen[3]);
    wio_context_set(&user, &two);
    wio_call_soon(notes_value, &seen[1]);
    wio_call_later(1, notes_value, &seen[2]);
    wio_context_set(&user, &three);
    wio_future_set_result(&future, 0);
    CHECK_EQ(wio_sleep(2), 0);
    CHECK_EQ(seen[0], 1);
    CHECK_EQ(seen[1], 2);
    CHECK_EQ(seen[2], 2);
    CHECK_EQ(seen[3], 1);
    CHECK_EQ(value(&user), 3);
}

static wio_task *born;

static void callback_creates(void *arg) {
    wio_context_set(&user, arg);
    born = wio_create_task(sees, NULL);
    wio_call_soon(notes_value, arg);
}

TEST(CTX_04_what_a_callback_creates_sees_the_callbacks_values) {
    static int five = 5;
    wio_context_set(&user, &one);
    wio_call_soon(callback_creates, &five);
    yields(3);
    REQUIRE(born);
    CHECK_EQ(wio_await(born), 5);
    CHECK_EQ(five, 5);
    CHECK_EQ(value(&user), 1);
}

TEST(CTX_cancelled_and_unused_handles_let_go) {
    wio_context_set(&user, &one);
    for (int i = 0; i < 10; i++) {
        wio_handle *handle = i % 2 ? wio_call_soon(notes_value, &three) : wio_call_later(5, notes_value, &three);
        wio_context_set(&user, i % 2 ? &one : &two);
        CHECK(wio_handle_cancel(handle));
    }
    wio_yield();
}

TEST(CTX_07_an_eager_first_step_uses_its_own_copy) {
    wio_task_options eager = {NULL, 0, true};
    wio_context_set(&user, &one);
    wio_task *task = wio_create_task_with(changes, &three, &eager); /* EAG-08 */
    CHECK_EQ(value(&user), 1);
    CHECK_EQ(wio_await(task), 3);
    CHECK_EQ(value(&user), 1);
}

TEST(TGR_27_a_groups_task_and_a_gathered_call_inherit) {
    int statuses[2];
    wio_call calls[] = {{sees, NULL}, {changes, &three}};
    wio_context_set(&user, &one);
    CHECK_EQ(wio_gather(calls, 2, statuses), 0);
    CHECK_EQ(statuses[0], 1);
    CHECK_EQ(statuses[1], 3);
    WIO_TASK_GROUP(g) {
        wio_task *child = wio_group_create_task(&g, sees, NULL);
        wio_yield();
        CHECK_EQ(wio_task_status(child), 1);
    }
    CHECK_EQ(value(&user), 1);
}

TEST(WFO_02_wait_for_runs_in_the_callers_context) {
    CHECK_EQ(wio_wait_for(sets, &two, 5), 0);
    CHECK_EQ(value(&user), 2);
}

TEST(CTX_many_variables) {
    static char keys[200];
    static int values[200];
    for (int i = 0; i < 200; i++) values[i] = i + 1, wio_context_set(&keys[i], &values[i]);
    for (int i = 0; i < 200; i++) CHECK_EQ(value(&keys[i]), i + 1);
    wio_task *task = wio_create_task(sets, &one);
    CHECK_EQ(wio_context_set(&keys[7], &three), 0);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(value(&keys[7]), 3);
    CHECK_EQ(value(&keys[199]), 200);
}
