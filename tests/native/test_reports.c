// What is reported, and above all what is not: errors that somebody has seen (GAT-14, SHD-07, SHD-08, FUT-04, WAI-06, RUN-26).
#include "host.h"
#include "tools.h"

static int fails(void *arg) {
    const job *self = arg;
    int rc = wio_sleep(self->seconds);
    return rc ? rc : wio_fail(self->result, "child %c", self->letter);
}

static void nothing_said(void) { CHECK_STR(host_log(), ""); }

static void said_once(const char *words) {
    const char *log = host_log(), *first = strstr(log, words);
    CHECK_HAS(log, words);
    if (first) CHECK(!strstr(first + 1, words));
}

TEST(GAT_14_failures_after_the_first_are_not_reported) {
    job a = {1, -EIO, 'a', 0}, b = {2, -EPROTO, 'b', 0};
    int statuses[2];
    wio_call calls[] = {{fails, &a}, {fails, &b}};
    host_log();
    CHECK_EQ(wio_gather(calls, 2, NULL), -EIO);
    CHECK_EQ(wio_gather(calls, 2, statuses), 0);
    nothing_said();
}

static int shields(void *arg) { return wio_shield(arg); }

TEST(SHD_07_two_cancelled_shields_and_a_failure_is_one_report) {
    job bad = {2, -EIO, 's', 0};
    wio_task *inner = wio_create_task(fails, &bad);
    host_log();
    for (int i = 0; i < 2; i++) {
        wio_task *waiter = wio_create_task(shields, inner);
        yields(2);
        wio_task_cancel(waiter);
        CHECK_EQ(wio_await(waiter), -ECANCELED);
    }
    wio_detach(inner);
    wio_sleep(3);
    said_once("child s");
}

TEST(SHD_08_not_if_somebody_else_gets_the_error) {
    job bad = {2, -EIO, 's', 0};
    wio_task *inner = wio_create_task(fails, &bad), *waiter = wio_create_task(shields, inner),
             *other = wio_create_task(awaits, inner);
    host_log();
    wio_sleep(1);
    wio_task_cancel(waiter);
    CHECK_EQ(wio_await(waiter), -ECANCELED);
    CHECK_EQ(wio_await(other), -EIO);
    nothing_said();
}

static int awaits_future(void *arg) { return wio_future_await(arg); }

TEST(FUT_04_read_awaited_cancelled_and_successful_futures_are_not_reported) {
    wio_future futures[5] = {{0}};
    host_log();
    wio_task *task = wio_create_task(awaits_future, &futures[0]);
    wio_yield();
    wio_future_set_error(&futures[0], wio_fail(-EIO, "awaited"));
    CHECK_EQ(wio_await(task), -EIO);
    wio_future_set_error(&futures[1], wio_fail(-EIO, "read"));
    CHECK(wio_future_error(&futures[1]) != NULL);
    wio_future_cancel(&futures[2]);
    wio_future_set_result(&futures[3], 1);
    wio_future_set_error(&futures[4], wio_fail(-EIO, "copied"));
    wio_future copy = {0};
    wio_future_copy(&copy, &futures[4]);
    CHECK_EQ(wio_future_await(&copy), -EIO);
    for (int i = 0; i < 5; i++) wio_future_destroy(&futures[i]);
    wio_future_destroy(&copy);
    nothing_said();
    wio_future unread = {0};
    wio_future_set_error(&unread, wio_fail(-EIO, "unread"));
    wio_future_destroy(&unread);
    wio_future_destroy(&unread);
    said_once("unread");
}

TEST(WAI_06_wait_does_not_look) {
    job bad = {1, -EIO, 'w', 0};
    wio_task *task = wio_create_task(fails, &bad);
    host_log();
    CHECK_EQ(wio_wait(&task, 1, WIO_ALL_COMPLETED, WIO_FOREVER), 1);
    WIO_AS_COMPLETED(it, each, &task, 1, WIO_FOREVER) CHECK(each == task);
    CHECK_EQ(it.status, 0);
    wio_detach(task);
    said_once("child w");
    task = wio_create_task(fails, &bad);
    CHECK_EQ(wio_wait(&task, 1, WIO_ALL_COMPLETED, WIO_FOREVER), 1);
    CHECK_EQ(wio_await(task), -EIO);
    nothing_said();
}

static wio_task *main_handle;

static int waits_for_main(void *arg) {
    wio_task *both[] = {main_handle, wio_create_task(sleeps_long, arg)};
    wio_detach(both[1]);
    return wio_wait(both, 2, WIO_ALL_COMPLETED, WIO_FOREVER);
}

static int is_waited_for(void *arg) {
    main_handle = wio_current_task();
    wio_detach(wio_create_task(waits_for_main, arg));
    return wio_sleep(1);
}

TEST_OUTSIDE(DBG_a_runners_main_task_that_is_still_watched_was_not_forgotten) {
    wio_runner runner;
    host_log();
    wio_set_debug(100);
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, is_waited_for, NULL), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
    wio_set_debug(-1);
    nothing_said();
}

static int awaited_while_held(void *arg) {
    static wio_as_completed never_closed;
    (void)arg;
    job work = {1, 3, 0, 0};
    wio_task *task = wio_create_task(does, &work);
    CHECK_EQ(wio_as_completed_init(&never_closed, &task, 1, WIO_FOREVER), 0);
    CHECK_EQ(wio_await(task), 3);
    wio_task *detached = wio_create_task(does, &work);
    wio_detach(detached);
    CHECK_EQ(wio_sleep(2), 0);
    wio_as_completed_close(&never_closed);
    return 0;
}

TEST_OUTSIDE(DBG_awaited_and_detached_tasks_were_not_forgotten) {
    host_log();
    wio_set_debug(100);
    CHECK_EQ(wio_run(awaited_while_held, NULL), 0);
    wio_set_debug(-1);
    nothing_said();
}

static int fails_at_once(void *arg) {
    (void)arg;
    return wio_fail(-EPROTO, "given to the caller");
}

TEST_OUTSIDE(RUN_26_what_the_caller_of_run_is_given_is_not_reported) {
    wio_runner runner;
    host_log();
    CHECK_EQ(wio_run(fails_at_once, NULL), -EPROTO);
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, fails_at_once, NULL), -EPROTO);
    CHECK_EQ(wio_runner_close(&runner), 0);
    nothing_said();
}
