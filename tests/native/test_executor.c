// Executors where the fake host knows more than a program can see: what was started, what was stopped, what is left.
#include "host.h"
#include "tools.h"

#define NO_BYTES NULL, 0, NULL, 0

static int nothing(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    return 0;
}

static wio_executor *executor;

static int hangs(void *arg) {
    (void)arg;
    return wio_run_in_executor(executor, host_job_hangs, NO_BYTES);
}

static int is_short(void *arg) {
    (void)arg;
    return wio_run_in_executor(executor, nothing, NO_BYTES);
}

static void open_executor(unsigned workers, size_t limit) {
    executor = wio_executor_create(&(wio_executor_options){.workers = workers, .queue_limit = limit});
    host_count.jobs = host_count.jobs_run = host_count.jobs_stopped = 0;
}

static void close_executor(void) {
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
    CHECK_EQ(host_count.executors, 0);
}

TEST(EXE_05_cancel_and_timeout_stop_the_job_in_the_host) {
    int rc = 0;
    open_executor(1, 0);
    wio_task *task = wio_create_task(hangs, NULL);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(host_count.jobs_stopped, 1);
    double start = wio_time();
    WIO_TIMEOUT(2) { rc = hangs(NULL); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 2, 0.001);
    CHECK_EQ(host_count.jobs_stopped, 2);
    CHECK_EQ(is_short(NULL), 0); /* the only worker is free */
    close_executor();
}

TEST(EXE_06_a_queued_job_that_is_cancelled_was_never_started) {
    open_executor(1, 0);
    wio_task *first = wio_create_task(hangs, NULL), *second = wio_create_task(is_short, NULL);
    wio_sleep(1);
    wio_task_cancel(second);
    CHECK_EQ(wio_await(second), -ECANCELED);
    CHECK_EQ(host_count.jobs_run, 1);
    CHECK_EQ(host_count.jobs_stopped, 1);
    wio_task_cancel(first);
    CHECK_EQ(wio_await(first), -ECANCELED);
    CHECK_EQ(host_count.jobs_run, 1);
    close_executor();
}

TEST(a_crash_says_what_the_host_said) {
    open_executor(1, 0);
    CHECK_EQ(wio_run_in_executor(executor, host_job_crashes, NO_BYTES), -EFAULT);
    CHECK_STR(last_message(), "the job crashed: unreachable");
    CHECK_STR(wio_task_error(wio_current_task())->task, "Worker-1");
    CHECK_HAS(wio_task_error(wio_current_task())->where, "test_executor.c:"); /* of the call: a crash has no place */
    close_executor();
}

TEST(a_map_that_is_cancelled_stops_every_chunk) {
    char in[20] = "";
    int rc = 0;
    open_executor(3, 0);
    WIO_TIMEOUT(1) { rc = wio_executor_map(executor, host_job_hangs, in, 1, NULL, 0, 20, 1, NULL); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(host_count.jobs, 6); /* two for each worker, and no more */
    CHECK_EQ(host_count.jobs_run, 3);
    CHECK_EQ(host_count.jobs_stopped, 6);
    close_executor();
}

TEST(a_map_that_fails_stops_every_chunk) {
    char in[20] = "";
    open_executor(2, 0);
    wio_task *task = wio_create_task(hangs, NULL);
    wio_yield();
    CHECK_EQ(wio_executor_map(executor, host_job_crashes, in, 1, NULL, 0, 20, 1, NULL), -EFAULT);
    CHECK_EQ(host_count.jobs_stopped, 3); /* of four chunks, one was answered */
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    close_executor();
}

/* Both in one turn of the host: the job ends, and before its caller has run, the caller is cancelled. */
static void cancels(void *task) { wio_task_cancel((wio_task *)task); }

TEST(a_cancel_between_the_answer_and_its_caller_wins_and_leaks_nothing) {
    open_executor(1, 0);
    wio_task *task = wio_create_task(is_short, NULL);
    wio_yield();
    host_later(0.001, cancels, task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(is_short(NULL), 0);
    close_executor();
}

TEST(shutdown_stops_what_hangs_and_shields_wait) {
    open_executor(1, 0);
    wio_task *first = wio_create_task(hangs, NULL), *second = wio_create_task(hangs, NULL);
    wio_yield();
    CHECK_EQ(wio_executor_shutdown(executor, true), 0);
    CHECK_EQ(host_count.executors, 0);
    CHECK_EQ(host_count.jobs_stopped, 2);
    CHECK_EQ(wio_await(first), -ECANCELED);
    CHECK_EQ(wio_await(second), -ECANCELED);
    WIO_TIMEOUT(1) {
        open_executor(1, 0);
        first = wio_create_task(hangs, NULL);
        wio_yield();
        CHECK_EQ(wio_executor_shutdown(executor, false), -ETIMEDOUT); /* and is gone all the same */
    }
    CHECK_EQ(wio_await(first), -ECANCELED);
    CHECK_EQ(host_count.executors, 0);
}

TEST(the_host_has_no_more_workers) {
    wio_executor *many[8];
    for (int i = 0; i < 8; i++) CHECK((many[i] = wio_executor_create(NULL)) != NULL);
    host_quiet(true);
    host_log();
    CHECK(!wio_executor_create(NULL));
    CHECK_HAS(host_log(), "wio_executor_create(): the fake host has no more workers");
    CHECK_EQ(wio_run_in_executor(NULL, nothing, NO_BYTES), -ENOTSUP);
    host_quiet(false);
    for (int i = 0; i < 8; i++) CHECK_EQ(wio_executor_shutdown(many[i], false), 0);
    CHECK_EQ(wio_run_in_executor(NULL, nothing, NO_BYTES), 0);
}

static int uses_the_default(void *arg) {
    (void)arg;
    int rc = wio_run_in_executor(NULL, nothing, NO_BYTES);
    CHECK_EQ(host_count.executors, 1);
    return rc;
}

TEST_OUTSIDE(EXE_07_the_default_executor_goes_with_the_run) {
    CHECK_EQ(host_count.executors, 0);
    CHECK_EQ(wio_run(uses_the_default, NULL), 0);
    CHECK_EQ(host_count.executors, 0);
}

static int leaves_hanging(void *arg) {
    (void)arg;
    executor = NULL;
    wio_detach(wio_create_task(hangs, NULL));
    return wio_yield();
}

TEST_OUTSIDE(EXE_08_the_end_of_a_run_stops_the_leftovers) {
    host_count.jobs_stopped = 0;
    CHECK_EQ(wio_run(leaves_hanging, NULL), 0);
    CHECK_EQ(host_count.jobs_stopped, 1);
    CHECK_EQ(host_count.executors, 0);
}
