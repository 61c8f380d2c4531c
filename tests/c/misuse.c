// clock: virtual
// stderr: ^wasyncio: misuse\.c:\d+: wio_await\(\): this handle is no longer valid \(awaited or detached before\?\) or was never a task
// stderr: ^wasyncio: misuse\.c:\d+: wio_sleep\(\): works only inside a task
// stderr: ^wasyncio: misuse\.c:\d+: wio_run\(\): fn is NULL
// stderr: ^wasyncio: misuse\.c:\d+: wio_sleep\(\): the time is not a number
// Every mistake that can be recognised is a named error with the fix, and changes nothing.
#include "tools.h"
#include <limits.h>

static int seven = 7;

TEST(double_await_is_refused) {
    wio_task *task = wio_create_task(returns, &seven);
    CHECK_EQ(wio_await(task), 7);
    CHECK_EQ(wio_await(task), -EINVAL);
    CHECK_HAS(last_message(), "awaited or detached before");
    CHECK_EQ(wio_shield(task), -EINVAL);
    CHECK_EQ(wio_task_status(task), -EINVAL);
    CHECK(!wio_task_done(task));
    CHECK(!wio_task_cancelled(task));
    CHECK(!wio_task_error(task));
    CHECK_STR(wio_task_name(task), "(no task)");
    wio_task_cancel(task);
    wio_detach(task);
}

TEST(a_stale_handle_is_not_taken_for_the_task_that_has_its_slot_now) {
    wio_task *old = wio_create_task(returns, &seven);
    CHECK_EQ(wio_await(old), 7);
    wio_task *fresh = wio_create_task(sleeps_long, NULL);
    CHECK(old != fresh);
    wio_task_cancel(old);
    wio_yield();
    CHECK(!wio_task_done(fresh));
    wio_task_cancel(fresh);
    CHECK_EQ(wio_await(fresh), -ECANCELED);
}

TEST(await_of_what_was_never_a_task) {
    int local = 0;
    CHECK_EQ(wio_await(NULL), -EINVAL);
    CHECK_EQ(wio_shield(NULL), -EINVAL);
    CHECK_EQ(wio_await((wio_task *)&local), -EINVAL);
    CHECK_EQ(wio_await((wio_task *)(uintptr_t)0xFFFFFFFF), -EINVAL);
    CHECK_EQ(wio_await((wio_task *)(uintptr_t)1), -EINVAL);
    CHECK_EQ(wio_await((wio_task *)(uintptr_t)(1u << 20)), -EINVAL);
    wio_task_cancel(NULL);
    wio_detach(NULL);
    CHECK(!wio_task_done(NULL));
    CHECK_STR(wio_task_name(NULL), "(no task)");
}

TEST(detached_tasks_cannot_be_awaited_or_detached_again) {
    job work = {1, 0, 'w', 0};
    trace_clear();
    wio_task *task = wio_create_task(does, &work);
    wio_detach(task);
    CHECK_EQ(wio_await(task), -EINVAL);
    CHECK_EQ(wio_shield(task), -EINVAL);
    wio_detach(task);
    CHECK_EQ(wio_sleep(2), 0);
    CHECK_STR(trace, "w");
    CHECK_EQ(wio_await(task), -EINVAL);
}

TEST(await_of_oneself_is_a_named_error) {
    CHECK_EQ(wio_await(wio_current_task()), -EDEADLK);
    CHECK_EQ(wio_shield(wio_current_task()), -EDEADLK);
}

TEST(null_functions_are_refused) {
    size_t before = wio_all_tasks(NULL, 0);
    CHECK(!wio_create_task(NULL, NULL));
    CHECK_EQ(wio_task_error(wio_current_task())->code, -EINVAL);
    CHECK_HAS(last_message(), "fn is NULL");
    CHECK_EQ(wio_wait_for(NULL, NULL, 1), -EINVAL);
    CHECK_EQ(WIO_GATHER({NULL, NULL}), -EINVAL);
    CHECK_EQ(wio_all_tasks(NULL, 0), before);
    CHECK_EQ(wio_semaphore_acquire(NULL), -EINVAL);
    wio_semaphore_release(NULL);
    wio_semaphore_init(NULL, 1);
    wio_semaphore_init_bounded(NULL, 1);
    CHECK(!wio_semaphore_locked(NULL));
    wio_group_cancel(NULL);
    CHECK_EQ(wio_group_fail(NULL, -EIO), -EINVAL);
    CHECK_EQ(wio_group_status(NULL), -EINVAL);
    CHECK_EQ(wio_group_errors(NULL, NULL), 0);
}

TEST(group_fail_takes_only_errors) {
    WIO_TASK_GROUP(g) { CHECK_EQ(wio_group_fail(&g, 3), -EINVAL); }
    CHECK_EQ(wio_group_status(&g), 0);
    CHECK_EQ(wio_group_fail(&g, -EIO), -EINVAL);
}

TEST(wio_fail_takes_only_errors) {
    CHECK_EQ(wio_fail(5, "five"), -EINVAL);
    CHECK_STR(last_message(), "five");
    CHECK_EQ(wio_fail(0, NULL), -EINVAL);
    char *long_text = (char *)malloc(2001);
    memset(long_text, 'x', 2000);
    long_text[2000] = '\0';
    CHECK_EQ(wio_fail(-EIO, "%s", long_text), -EIO);
    CHECK(strlen(last_message()) > 400);
    free(long_text);
}

TEST(negative_and_nan_sleeps) {
    double start = wio_time();
    CHECK_EQ(wio_sleep(-1), 0);
    CHECK_EQ(wio_sleep(-INFINITY), 0);
    CHECK_EQ(wio_sleep(NAN), -EINVAL);
    CHECK_EQ(wio_sleep(-NAN), -EINVAL);
    CHECK_NEAR(wio_time(), start, 1e-6);
}

TEST_OUTSIDE(waiting_outside_a_task_is_refused_by_name) {
    wio_semaphore semaphore;
    wio_group group;
    wio_response *response = (wio_response *)(uintptr_t)16;
    char *text = NULL;
    wio_semaphore_init(&semaphore, 1);
    CHECK_EQ(wio_sleep(1), -EPERM);
    CHECK_HAS(wio_task_error(NULL)->message, "inside a task");
    CHECK_STR(wio_task_error(NULL)->task, "(no task)");
    CHECK_EQ(wio_yield(), -EPERM);
    CHECK(!wio_create_task(returns, &seven));
    CHECK_EQ(wio_await(NULL), -EPERM);
    CHECK_EQ(wio_shield(NULL), -EPERM);
    CHECK_EQ(wio_uncancel(), -EPERM);
    CHECK_EQ(wio_cancelling(), -EPERM);
    CHECK_EQ(WIO_GATHER({returns, &seven}), -EPERM);
    CHECK_EQ(wio_wait_for(returns, &seven, 1), -EPERM);
    CHECK_EQ(wio_group_open(&group), -EPERM);
    CHECK(!wio_group_create_task(&group, returns, &seven));
    CHECK_EQ(wio_group_join(&group), -EPERM);
    CHECK_EQ(wio_semaphore_acquire(&semaphore), -EPERM);
    CHECK_EQ(wio_fetch("http://127.0.0.1:9/", NULL, &response), -EPERM);
    CHECK(!response);
    CHECK_EQ(wio_response_text(NULL, &text), -EPERM);
    CHECK(!wio_timeout_expired());
    CHECK(!wio_current_task());
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
    wio_print_tasks(stdout);
}

TEST_OUTSIDE(scopes_outside_a_task_run_their_block) {
    int ran = 0;
    WIO_TIMEOUT(1) ran++;
    WIO_SHIELD ran++;
    CHECK_EQ(ran, 2);
    WIO_TASK_GROUP(g) ran++;
    CHECK_EQ(ran, 2); /* a group that could not be opened has no block */
    CHECK_EQ(wio_group_status(&g), -EPERM);
}

TEST_OUTSIDE(run_refuses_null) { CHECK_EQ(wio_run(NULL, NULL), -EINVAL); }

static int runs(void *arg) { return wio_run(returns, arg); }

TEST_OUTSIDE(run_in_run_is_refused_and_says_what_to_do) {
    CHECK_EQ(wio_run(runs, &seven), -EBUSY);
    CHECK_HAS(wio_task_error(NULL)->message, "fn(arg)");
    CHECK_EQ(wio_run(returns, &seven), 7);
}

TEST(errors_have_names_and_texts) {
    CHECK_STR(wio_error_name(-ETIMEDOUT), "ETIMEDOUT");
    CHECK_STR(wio_error_name(ETIMEDOUT), "ETIMEDOUT");
    CHECK_STR(wio_error_text(-ETIMEDOUT), "timed out");
    CHECK_STR(wio_error_text(-99999), "unknown error");
    CHECK(wio_error_name(INT_MIN) != NULL);
    CHECK(wio_error_name(0) != NULL);
    CHECK_HAS(wio_error_name(-99999), "E");
}

TEST(tiny_and_huge_stack_sizes) {
    wio_task_options options = {0};
    options.stack_size = 1;
    CHECK_EQ(wio_await(wio_create_task_with(returns, &seven, &options)), 7);
    options.stack_size = (size_t)1 << 20;
    CHECK_EQ(wio_await(wio_create_task_with(returns, &seven, &options)), 7);
    options.stack_size = 0x7FFFFFF0; /* more than there is, on wasm32: the task fails, nothing crashes */
    int rc = wio_await(wio_create_task_with(returns, &seven, &options));
    CHECK(rc == -ENOMEM || rc == 7);
}
