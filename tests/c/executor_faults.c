// stderr: said on stderr
// Executors (EXE) where jobs crash, loop, and are stopped: only real workers can show that.
#include "tools.h"

#define NO_BYTES NULL, 0, NULL, 0

static int global = 7; /* every worker has its own */

static int returns_its_input(const void *in, size_t in_size, void *out, size_t out_size) {
    int n = 0;
    memcpy(&n, in, in_size < sizeof n ? in_size : sizeof n);
    memcpy(out, in, in_size < out_size ? in_size : out_size);
    return n;
}

static int nothing(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    return 0;
}

static int counts_calls(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    return ++global;
}

static int crashes(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    __builtin_trap();
}

static int aborts(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    abort();
}

static int exits(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    exit(3);
}

static int endless(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    for (volatile unsigned i = 0;; i++) {}
}

static int dig(int depth, volatile char *above) {
    volatile char room[1024];
    room[0] = above ? above[0] : 0;
    return depth ? dig(depth - 1, room) + room[0] : room[0];
}

/* in: how deep. */
static int digs(const void *in, size_t in_size, void *out, size_t out_size) {
    int depth;
    (void)out, (void)out_size;
    memcpy(&depth, in, in_size);
    return dig(depth, NULL);
}

static int prints(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    printf("# said on stdout, ");
    printf("without an end of the line: \n");
    fprintf(stderr, "said on stderr\n");
    return 0;
}

static int tells_the_time(const void *in, size_t in_size, void *out, size_t out_size) {
    double now = wio_time();
    (void)in, (void)in_size;
    memcpy(out, &now, out_size);
    return 0;
}

static int reads_environment(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    return getenv("WIO_TEST_SCOPE") != NULL;
}

static int wants_memory(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in_size;
    memset(out, *(const char *)in, out_size);
    return 1;
}

typedef int shaped_otherwise(void *arg);

static int is_no_job(void *arg) {
    (void)arg;
    return 0;
}

/* ---------------------------------------------------------------------------------------------------- Crashes --- */

static void check_works(wio_executor *executor) {
    int n = 42, out = 0;
    CHECK_EQ(wio_run_in_executor(executor, returns_its_input, &n, sizeof n, &out, sizeof out), 42);
    CHECK_EQ(out, 42);
}

TEST(a_crash_is_reported_to_its_caller_only) {
    wio_executor_options options = {1, 0, 0};
    wio_executor *executor = wio_executor_create(&options);
    CHECK_EQ(wio_run_in_executor(executor, crashes, NO_BYTES), -EFAULT);
    CHECK_HAS(last_message(), "the job crashed: ");
    const wio_error *error = wio_task_error(wio_current_task());
    REQUIRE(error);
    CHECK_HAS(error->task, "Worker-");
    check_works(executor);
    CHECK_EQ(wio_run_in_executor(executor, aborts, NO_BYTES), -EFAULT);
    CHECK_EQ(wio_run_in_executor(executor, exits, NO_BYTES), -EFAULT);
    CHECK_HAS(last_message(), "exit(3)");
    wio_job *wrong = (wio_job *)(void *)(shaped_otherwise *)is_no_job;
    CHECK_EQ(wio_run_in_executor(executor, wrong, NO_BYTES), -EFAULT);
    check_works(executor);
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
}

static int crashes_there(void *arg) { return wio_run_in_executor(*(wio_executor **)arg, crashes, NO_BYTES); }
static int works_there(void *arg) {
    int n = 5;
    return wio_run_in_executor(*(wio_executor **)arg, returns_its_input, &n, sizeof n, NULL, 0);
}

TEST(others_in_the_queue_are_not_hurt) {
    wio_executor_options options = {2, 0, 0};
    wio_executor *executor = wio_executor_create(&options);
    wio_call calls[12];
    int statuses[12];
    for (int i = 0; i < 12; i++) calls[i] = (wio_call){i % 3 ? works_there : crashes_there, &executor};
    CHECK_EQ(wio_gather(calls, 12, statuses), 0);
    for (int i = 0; i < 12; i++) CHECK_EQ(statuses[i], i % 3 ? 5 : -EFAULT);
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
}

TEST(a_crash_in_a_map_fails_its_chunk) {
    int in[] = {1, 2, 100000, 4, 5, 6}, statuses[6];
    CHECK_EQ(wio_executor_map(NULL, digs, in, sizeof in[0], NULL, 0, 6, 0, NULL), -EOVERFLOW);
    CHECK_EQ(wio_executor_map(NULL, digs, in, sizeof in[0], NULL, 0, 6, 2, statuses), 0);
    for (int i = 0; i < 6; i++) CHECK_EQ(statuses[i], i / 2 == 1 ? -EOVERFLOW : 0);
}

TEST(a_stack_overflow_is_named_with_its_fix) {
    int shallow = 100, deep = 500;
    wio_executor_options options = {1, 0, 1024 * 1024};
    CHECK_EQ(wio_run_in_executor(NULL, digs, &shallow, sizeof shallow, NULL, 0), 0);
    CHECK_EQ(wio_run_in_executor(NULL, digs, &deep, sizeof deep, NULL, 0), -EOVERFLOW);
    CHECK_HAS(last_message(), "overflowed its stack of 26");
    CHECK_HAS(last_message(), "raise .stack_size");
    wio_executor *executor = wio_executor_create(&options);
    CHECK_EQ(wio_run_in_executor(executor, digs, &deep, sizeof deep, NULL, 0), 0);
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
    check_works(NULL);
}

TEST(no_memory_in_the_worker) {
    char byte = 'x', *out = (char *)malloc(1024 * 1024);
    REQUIRE(out);
    /* the size is a lie, but the worker is asked before anything is written */
    CHECK_EQ(wio_run_in_executor(NULL, wants_memory, &byte, 1, out, (size_t)4294000000), -ENOMEM);
    CHECK_HAS(last_message(), "no memory in the worker");
    CHECK_EQ(wio_run_in_executor(NULL, wants_memory, &byte, 1, out, SIZE_MAX), -ENOMEM);
    CHECK_EQ(wio_run_in_executor(NULL, wants_memory, &byte, 1, out, 1024 * 1024), 1);
    CHECK(out[0] == 'x' && out[1024 * 1024 - 1] == 'x');
    free(out);
}

/* --------------------------------------------------------------------------------------------------- Stopping --- */

static int runs_endless(void *arg) {
    wio_executor **executor = (wio_executor **)arg;
    return wio_run_in_executor(*executor, endless, NO_BYTES);
}

TEST(EXE_05_cancel_stops_an_endless_loop) {
    wio_executor_options options = {1, 0, 0};
    wio_executor *executor = wio_executor_create(&options);
    for (int i = 0; i < 3; i++) {
        wio_task *task = wio_create_task(runs_endless, &executor);
        CHECK_EQ(wio_sleep(0.05), 0);
        wio_task_cancel(task);
        CHECK_EQ(wio_await(task), -ECANCELED);
        check_works(executor); /* the only worker is free again */
    }
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
}

TEST(a_timeout_stops_an_endless_loop) {
    wio_executor_options options = {1, 0, 0};
    wio_executor *executor = wio_executor_create(&options);
    int rc = 0;
    WIO_TIMEOUT(0.1) { rc = runs_endless(&executor); }
    CHECK_EQ(rc, -ETIMEDOUT);
    WIO_TIMEOUT(0.1) { rc = wio_executor_map(executor, endless, "abc", 1, NULL, 0, 3, 1, NULL); }
    CHECK_EQ(rc, -ETIMEDOUT);
    check_works(executor);
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
}

TEST(shutdown_stops_endless_loops) {
    wio_executor_options options = {2, 0, 0};
    wio_executor *executor = wio_executor_create(&options);
    wio_task *tasks[4];
    for (int i = 0; i < 4; i++) tasks[i] = wio_create_task(runs_endless, &executor);
    CHECK_EQ(wio_sleep(0.05), 0);
    CHECK_EQ(wio_executor_shutdown(executor, true), 0);
    for (int i = 0; i < 4; i++) CHECK_EQ(wio_await(tasks[i]), -ECANCELED);
}

TEST(the_first_error_stops_the_other_chunks) {
    char in[] = {0, 1};
    wio_executor_options options = {2, 0, 0};
    wio_executor *executor = wio_executor_create(&options);
    wio_task *loop = wio_create_task(runs_endless, &executor); /* has the one worker, and crashes have the other */
    CHECK_EQ(wio_executor_map(executor, crashes, in, 1, NULL, 0, 2, 1, NULL), -EFAULT);
    wio_task_cancel(loop);
    CHECK_EQ(wio_await(loop), -ECANCELED);
    check_works(executor);
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
}

static int leaves_it_running(void *arg) {
    static wio_executor *none;
    (void)arg;
    wio_detach(wio_create_task(runs_endless, &none));
    return wio_sleep(0.05);
}

TEST_OUTSIDE(EXE_08_the_end_of_a_run_stops_what_still_runs) { CHECK_EQ(wio_run(leaves_it_running, NULL), 0); }

/* ------------------------------------------------------------------------------------------------- What it has --- */

TEST(a_worker_keeps_its_globals_and_the_program_its_own) {
    wio_executor_options options = {1, 0, 0};
    wio_executor *executor = wio_executor_create(&options);
    CHECK_EQ(wio_run_in_executor(executor, counts_calls, NO_BYTES), 8);
    CHECK_EQ(wio_run_in_executor(executor, counts_calls, NO_BYTES), 9); /* warm: the same worker */
    CHECK_EQ(global, 7);
    CHECK_EQ(wio_run_in_executor(executor, crashes, NO_BYTES), -EFAULT);
    CHECK_EQ(wio_run_in_executor(executor, counts_calls, NO_BYTES), 8); /* another */
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
}

TEST(it_prints_and_has_the_clock_and_the_environment) {
    double before = wio_time(), there = 0;
    CHECK_EQ(wio_run_in_executor(NULL, prints, NO_BYTES), 0);
    CHECK_EQ(wio_run_in_executor(NULL, tells_the_time, NULL, 0, &there, sizeof there), 0);
    CHECK(there >= before - 0.01 && there <= wio_time() + 0.01); /* browsers round it */
    CHECK_EQ(wio_run_in_executor(NULL, reads_environment, NO_BYTES), 1);
}

static int ticks(void *arg) {
    int *count = (int *)arg;
    while (wio_sleep(0.001) == 0) ++*count;
    return 0;
}

static int computes(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    for (double end = wio_time() + 0.2; wio_time() < end;) {}
    return 0;
}

TEST(the_loop_goes_on_meanwhile) {
    int count = 0;
    wio_task *task = wio_create_task(ticks, &count);
    CHECK_EQ(wio_run_in_executor(NULL, computes, NO_BYTES), 0);
    CHECK(count > 5);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 0);
}

TEST(large_input_and_output) {
    enum { SIZE = 8 * 1024 * 1024 };
    char *in = (char *)malloc(SIZE), *out = (char *)malloc(SIZE);
    REQUIRE(in && out);
    for (int i = 0; i < SIZE; i++) in[i] = (char)(i * 31 >> 3);
    CHECK(wio_run_in_executor(NULL, returns_its_input, in, SIZE, out, SIZE) != 0);
    CHECK(memcmp(in, out, SIZE) == 0);
    CHECK_EQ(wio_run_in_executor(NULL, nothing, NO_BYTES), 0);
    free(in);
    free(out);
}
