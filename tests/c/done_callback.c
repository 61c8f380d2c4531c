// clock: virtual
// stderr: wio_task_add_done_callback\(\): fn is NULL
// stderr: wio_future_add_done_callback\(\): no loop runs
// stderr: wio_sleep\(\): works only inside a task
// Done callbacks of tasks and futures (DCB).
#include "tools.h"

static int seven = 7;

/* arg: the letter to mark. */
static void task_done(wio_task *task, void *arg) {
    CHECK(wio_task_done(task));
    CHECK(!wio_current_task());
    mark(*(const char *)arg);
}
static void task_done_too(wio_task *task, void *arg) { task_done(task, arg); }

static void future_done(wio_future *future, void *arg) {
    CHECK(wio_future_done(future));
    CHECK(!wio_current_task());
    mark(*(const char *)arg);
}
static void future_done_too(wio_future *future, void *arg) { future_done(future, arg); }

static char a[] = "a", b[] = "b", c[] = "c", d[] = "d";

TEST(DCB_01_in_a_later_pass_and_never_inside_the_finishing_call) {
    wio_future future = WIO__ZERO;
    trace_clear();
    CHECK_EQ(wio_future_add_done_callback(&future, future_done, a), 0);
    wio_future_set_result(&future, 1);
    CHECK_STR(trace, "");
    wio_yield();
    CHECK_STR(trace, "a");
    CHECK_EQ(wio_future_add_done_callback(&future, future_done, b), 0); /* done already: the next pass */
    CHECK_STR(trace, "a");
    wio_yield();
    CHECK_STR(trace, "ab");
}

TEST(DCB_01_of_a_task) {
    wio_task *task = wio_create_task(returns, &seven);
    trace_clear();
    CHECK_EQ(wio_task_add_done_callback(task, task_done, a), 0);
    wio_yield(); /* it ends */
    CHECK(wio_task_done(task));
    CHECK_STR(trace, "");
    wio_yield();
    CHECK_STR(trace, "a");
    CHECK_EQ(wio_task_add_done_callback(task, task_done, b), 0);
    CHECK_STR(trace, "a");
    wio_yield();
    CHECK_STR(trace, "ab");
    CHECK_EQ(wio_await(task), 7);
}

TEST(DCB_02_in_order_of_registration_as_often_as_added) {
    wio_future future = WIO__ZERO;
    trace_clear();
    wio_future_add_done_callback(&future, future_done, a);
    wio_future_add_done_callback(&future, future_done_too, b);
    wio_future_add_done_callback(&future, future_done, a);
    wio_future_add_done_callback(&future, future_done, c);
    wio_future_set_result(&future, 1);
    wio_yield();
    CHECK_STR(trace, "abac");
}

static int fails(void *arg) {
    (void)arg;
    return wio_fail(-EIO, "failed");
}

static void sees_status(wio_task *task, void *arg) { *(int *)arg = wio_task_status(task); }

TEST(DCB_03_for_result_error_and_cancel_alike) {
    int statuses[3] = {0, 0, 0};
    wio_task *tasks[] = {wio_create_task(returns, &seven), wio_create_task(fails, NULL), wio_create_task(sleeps_long, NULL)};
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_task_add_done_callback(tasks[i], sees_status, &statuses[i]), 0);
    wio_task_cancel(tasks[2]);
    yields(3);
    CHECK_EQ(statuses[0], 7);
    CHECK_EQ(statuses[1], -EIO);
    CHECK_EQ(statuses[2], -ECANCELED);
    for (int i = 0; i < 3; i++) wio_await(tasks[i]);
    wio_future cancelled = WIO__ZERO, failed = WIO__ZERO;
    trace_clear();
    wio_future_add_done_callback(&cancelled, future_done, a);
    wio_future_add_done_callback(&failed, future_done, b);
    wio_future_cancel(&cancelled);
    wio_future_set_error(&failed, -EIO);
    wio_yield();
    CHECK_STR(trace, "ab");
    CHECK_EQ(wio_future_status(&failed), -EIO);
    wio_future_destroy(&failed);
}

TEST(DCB_04_remove_takes_every_copy_and_says_how_many) {
    wio_future future = WIO__ZERO;
    wio_task *task = wio_create_task(returns, &seven);
    trace_clear();
    for (int i = 0; i < 3; i++) {
        wio_future_add_done_callback(&future, future_done, a);
        wio_task_add_done_callback(task, task_done, a);
    }
    wio_future_add_done_callback(&future, future_done_too, b);
    wio_task_add_done_callback(task, task_done_too, c);
    CHECK_EQ(wio_future_remove_done_callback(&future, future_done), 3);
    CHECK_EQ(wio_future_remove_done_callback(&future, future_done), 0);
    CHECK_EQ(wio_task_remove_done_callback(task, task_done), 3);
    CHECK_EQ(wio_task_remove_done_callback(task, task_done), 0);
    wio_future_set_result(&future, 1);
    CHECK_EQ(wio_await(task), 7);
    wio_yield();
    CHECK_STR(trace, "bc");
}

static void removes_the_others(wio_future *future, void *arg) {
    mark(*(const char *)arg);
    CHECK_EQ(wio_future_remove_done_callback(future, future_done), 0); /* DCB-06: they are queued already */
    CHECK_EQ(wio_future_add_done_callback(future, future_done_too, d), 0);
}

TEST(DCB_05_adding_and_removing_while_they_are_called) {
    wio_future future = WIO__ZERO;
    trace_clear();
    wio_future_add_done_callback(&future, removes_the_others, a);
    wio_future_add_done_callback(&future, future_done, b);
    wio_future_add_done_callback(&future, removes_the_others, c);
    wio_future_set_result(&future, 1);
    wio_yield();
    CHECK_STR(trace, "abc");
    wio_yield();
    CHECK_STR(trace, "abcdd");
}

static int awaits_and_marks(void *arg) {
    int rc = wio_future_await((wio_future *)arg);
    mark('t');
    return rc;
}

TEST(DCB_07_tasks_and_callbacks_in_one_order) {
    wio_future future = WIO__ZERO;
    trace_clear();
    wio_future_add_done_callback(&future, future_done, a);
    wio_task *first = wio_create_task(awaits_and_marks, &future);
    wio_yield();
    wio_future_add_done_callback(&future, future_done, b);
    wio_task *second = wio_create_task(awaits_and_marks, &future);
    wio_yield();
    wio_future_add_done_callback(&future, future_done, c);
    wio_future_set_result(&future, 2);
    wio_yield();
    CHECK_STR(trace, "atbtc");
    CHECK_EQ(wio_await(first), 2);
    CHECK_EQ(wio_await(second), 2);
}

TEST(DCB_07_awaiters_of_a_task_likewise) {
    job work = {1, 3, 0, 0};
    wio_task *task = wio_create_task(does, &work);
    trace_clear();
    wio_task_add_done_callback(task, task_done, a);
    wio_task *awaiter = wio_create_task(awaits, task);
    wio_yield();
    wio_task_add_done_callback(task, task_done, b);
    CHECK_EQ(wio_await(awaiter), 3);
    CHECK_STR(trace, "ab");
}

static wio_task *born;

static void creates_a_task(wio_task *task, void *arg) {
    (void)task;
    born = wio_create_task(marks, arg);
    CHECK(born != NULL);
}

TEST(DCB_a_callback_may_create_tasks) {
    wio_task *task = wio_create_task(returns, &seven);
    trace_clear();
    born = NULL;
    wio_task_add_done_callback(task, creates_a_task, b);
    CHECK_EQ(wio_await(task), 7);
    wio_yield();
    REQUIRE(born);
    CHECK_EQ(wio_await(born), 0);
    CHECK_STR(trace, "b");
}

static void waits(wio_task *task, void *arg) {
    (void)task;
    *(int *)arg = wio_sleep(1);
}

TEST(DCB_a_callback_must_not_wait) {
    int rc = 0;
    wio_task *task = wio_create_task(returns, &seven);
    wio_task_add_done_callback(task, waits, &rc);
    CHECK_EQ(wio_await(task), 7);
    wio_yield();
    CHECK_EQ(rc, -EPERM);
}

static void sets_a_future(wio_task *task, void *arg) {
    int status = wio_task_status(task);
    if (status < 0) wio_future_set_error((wio_future *)arg, status);
    else wio_future_set_result((wio_future *)arg, status);
}

TEST(DCB_a_callback_may_set_a_future) {
    wio_future future = WIO__ZERO;
    wio_task *task = wio_create_task(returns, &seven);
    wio_task_add_done_callback(task, sets_a_future, &future);
    CHECK_EQ(wio_future_await(&future), 7);
    CHECK_EQ(wio_await(task), 7);
}

TEST(DCB_the_handle_is_valid_in_the_callback_though_it_was_given_back) {
    int statuses[2] = {0, 0};
    job work = {1, 3, 0, 0};
    wio_task *task = wio_create_task(does, &work);
    wio_task_add_done_callback(task, sees_status, &statuses[0]);
    wio_detach(task);
    wio_sleep(2);
    CHECK_EQ(statuses[0], 3);
    task = wio_create_task(returns, &seven);
    wio_yield();
    wio_task_add_done_callback(task, sees_status, &statuses[1]);
    CHECK_EQ(wio_await(task), 7); /* at once; the callback comes later */
    CHECK_EQ(statuses[1], 0);
    wio_yield();
    CHECK_EQ(statuses[1], 7);
}

TEST(DCB_of_a_groups_task_after_the_groups_own) {
    int status = 0;
    WIO_TASK_GROUP(g) {
        wio_task *child = wio_group_create_task(&g, fails, NULL);
        CHECK_EQ(wio_task_add_done_callback(child, sees_status, &status), 0);
        wio_sleep(LONG);
    }
    CHECK_EQ(wio_group_status(&g), -EIO);
    CHECK_EQ(status, -EIO);
}

TEST(DCB_misuse_is_named) {
    wio_task *task = wio_create_task(returns, &seven);
    wio_future future = WIO__ZERO;
    CHECK_EQ(wio_task_add_done_callback(NULL, task_done, a), -EINVAL);
    CHECK_EQ(wio_task_add_done_callback(task, NULL, a), -EINVAL);
    CHECK_EQ(wio_task_remove_done_callback(NULL, task_done), -EINVAL);
    CHECK_EQ(wio_task_remove_done_callback(task, NULL), -EINVAL);
    CHECK_EQ(wio_future_add_done_callback(NULL, future_done, a), -EINVAL);
    CHECK_EQ(wio_future_add_done_callback(&future, NULL, a), -EINVAL);
    CHECK_EQ(wio_future_remove_done_callback(NULL, future_done), -EINVAL);
    CHECK_EQ(wio_future_remove_done_callback(&future, NULL), -EINVAL);
    CHECK_EQ(wio_await(task), 7);
    CHECK_EQ(wio_task_add_done_callback(task, task_done, a), -EINVAL);
    CHECK_EQ(wio_task_remove_done_callback(task, task_done), -EINVAL);
}

static int leaves_callbacks(void *arg) {
    wio_task *task = wio_create_task(sleeps_long, NULL);
    wio_task_add_done_callback(task, task_done, a);
    wio_future_add_done_callback((wio_future *)arg, future_done, b);
    wio_task_add_done_callback(wio_current_task(), task_done, c); /* of main: before the leftovers are cancelled */
    return wio_yield();
}

TEST_OUTSIDE(DCB_at_the_end_of_a_run_nothing_is_left) {
    wio_future future = WIO__ZERO;
    trace_clear();
    CHECK_EQ(wio_run(leaves_callbacks, &future), 0);
    CHECK_STR(trace, "ca"); /* the leftover's too, when it has been cancelled */
    wio_future_set_result(&future, 1);
    wio_task *none = NULL;
    CHECK_EQ(wio_task_add_done_callback(none, task_done, a), -EINVAL);
    CHECK_EQ(wio_future_add_done_callback(&future, future_done, a), -EPERM);
    CHECK_EQ(wio_run(returns, &seven), 7);
    CHECK_STR(trace, "ca");
}

TEST(DCB_a_future_that_is_destroyed_calls_nobody) {
    wio_future *future = (wio_future *)calloc(2, sizeof *future);
    REQUIRE(future);
    trace_clear();
    wio_future_add_done_callback(&future[0], future_done, a);
    wio_future_add_done_callback(&future[1], future_done, b);
    wio_future_set_result(&future[1], 1);
    wio_future_destroy(&future[0]);
    wio_future_destroy(&future[1]);
    free(future);
    yields(3);
    CHECK_STR(trace, "");
}

/* ---------------------------------------------------------------------------------------------------- Stress --- */

static unsigned seed;
static unsigned below(unsigned n) {
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

static int called;

static void counts(wio_task *task, void *arg) {
    (void)task, (void)arg;
    called++;
}
static void counts_too(wio_task *task, void *arg) {
    counts(task, arg);
    if (below(4) == 0) wio_task_remove_done_callback(task, counts);
}

static int random_nap(void *arg) {
    (void)arg;
    return wio_sleep(below(3));
}

TEST(DCB_stress_random_registrations) {
    for (unsigned round = 0; round < 300; round++) {
        seed = round;
        called = 0;
        int expected = 0;
        wio_task *tasks[6];
        for (int i = 0; i < 6; i++) tasks[i] = wio_create_task(random_nap, NULL);
        for (int i = 0; i < 40; i++) {
            wio_task *task = tasks[below(6)];
            switch (below(6)) {
            case 0: expected -= wio_task_remove_done_callback(task, counts); break;
            case 1: wio_sleep(below(2)); break;
            case 2: wio_task_cancel(task); break;
            default: expected += wio_task_add_done_callback(task, below(2) ? counts : counts_too, NULL) == 0;
            }
        }
        for (int i = 0; i < 6; i++) wio_await(tasks[i]);
        yields(3);
        CHECK_EQ(called, expected);
    }
}
