// clock: virtual
// stderr: wio_sleep\(\): a job of an executor cannot wait
// stderr: wio_executor_create\(\): a job of an executor cannot have executors of its own
// stderr: wio_run_in_executor\(\): this executor has been shut down, or never was one
// stderr: wio_to_thread\(\): this program was built without threads: build it with `wasyncio build --threads`
// Executors (EXE): results, errors, the queue, map and shutdown. Natively the fake host runs the jobs in this process.
#include "tools.h"

#define NO_BYTES NULL, 0, NULL, 0

static int adds(const void *in, size_t in_size, void *out, size_t out_size) {
    int sum = 0, numbers[16];
    if (in_size > sizeof numbers) return wio_fail(-EINVAL, "%zu bytes", in_size);
    if (in_size) memcpy(numbers, in, in_size);
    for (size_t i = 0; i < in_size / sizeof(int); i++) sum += numbers[i];
    if (out_size == sizeof sum) memcpy(out, &sum, sizeof sum);
    return sum;
}

/* Says no to negative numbers. */
static int squares(const void *in, size_t in_size, void *out, size_t out_size) {
    int n;
    memcpy(&n, in, in_size);
    if (n < 0) return wio_fail(-ERANGE, "%d is negative", n);
    n *= n;
    memcpy(out, &n, out_size);
    return n;
}

static int fails(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)out, (void)out_size;
    return wio_fail(-EPROTO, "%.*s", (int)in_size, (const char *)in);
}

static int fails_silently(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    return -EBUSY;
}

static int reports_sizes(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)out;
    return (int)(in_size * 1000 + out_size);
}

static int fills(const void *in, size_t in_size, void *out, size_t out_size) {
    char *bytes = (char *)out;
    for (size_t i = 0; i < out_size; i++)
        if (bytes[i] || (uintptr_t)out % 16 || (uintptr_t)in % 16) return -EFAULT; /* zero and aligned at first */
    for (size_t i = 0; i < out_size; i++) bytes[i] = ((const char *)in)[i % in_size];
    return 0;
}

static int tries_to_wait(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    int rc = wio_sleep(1);
    if (rc != -EPERM) return -EFAULT;
    rc = wio_yield();
    if (rc != -EPERM) return -EFAULT;
    if (wio_run_in_executor(NULL, adds, NO_BYTES) != -EPERM) return -EFAULT;
    if (wio_create_task(sleeps_long, NULL)) return -EFAULT;
    if (wio_current_task() || wio_executor_create(NULL)) return -EFAULT;
    return wio_sleep(1);
}

static int writes_too_much(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size;
    memset(out, 'x', out_size + 1);
    return 0;
}

static int output_does_not_fit(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out;
    return out_size < 8 ? wio_fail(-EMSGSIZE, "8 bytes are needed, and there are %zu", out_size) : 0;
}

/* ------------------------------------------------------------------------------------------------------ Calls --- */

TEST(EXE_01_the_result_comes_back) {
    int numbers[] = {1, 2, 3}, sum = 0;
    CHECK_EQ(wio_run_in_executor(NULL, adds, numbers, sizeof numbers, &sum, sizeof sum), 6);
    CHECK_EQ(sum, 6);
    CHECK_EQ(wio_run_in_executor(NULL, adds, NO_BYTES), 0);
}

TEST(EXE_02_its_error_comes_back_with_message_and_place) {
    const char words[] = "the words";
    CHECK_EQ(wio_run_in_executor(NULL, fails, words, sizeof words - 1, NULL, 0), -EPROTO);
    const wio_error *error = wio_task_error(wio_current_task());
    REQUIRE(error);
    CHECK_EQ(error->code, -EPROTO);
    CHECK_STR(error->message, "the words");
    CHECK_HAS(error->task, "Worker-");
    CHECK_HAS(error->where, "executor.c:");
    CHECK_EQ(wio_run_in_executor(NULL, fails_silently, NO_BYTES), -EBUSY);
    CHECK_STR(last_message(), wio_error_text(-EBUSY));
    CHECK_EQ(wio_run_in_executor(NULL, adds, NO_BYTES), 0); /* the worker still works */
}

static int in_the_executor(void *arg) {
    int *n = (int *)arg;
    return wio_run_in_executor(NULL, squares, n, sizeof *n, n, sizeof *n);
}

TEST(EXE_02_ten_at_once_all_run) {
    int numbers[10];
    for (int i = 0; i < 10; i++) numbers[i] = i;
    CHECK_OK(WIO_GATHER_EACH(in_the_executor, numbers));
    for (int i = 0; i < 10; i++) CHECK_EQ(numbers[i], i * i);
}

TEST(EXE_03_bytes_are_copied_in_and_out) {
    static char in[5000], out[70000];
    for (size_t i = 0; i < 2000; i++) in[i] = (char)(i * 7);
    const size_t sizes[] = {1, 3, 16, 17, 255, 1000, 4096};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        memset(out, 1, sizeof out);
        CHECK_EQ(wio_run_in_executor(NULL, fills, in, i + 1, out, sizes[i]), 0);
        for (size_t k = 0; k < sizes[i]; k++) CHECK_EQ(out[k], in[k % (i + 1)]);
        CHECK_EQ(out[sizes[i]], 1);
    }
    CHECK_EQ(wio_run_in_executor(NULL, fills, in, 2000, out, sizeof out), 0);
    CHECK(memcmp(out, in, 2000) == 0 && memcmp(out + 68000, in, 2000) == 0);
    CHECK_EQ(wio_run_in_executor(NULL, reports_sizes, in, 12, out, 7), 12007);
}

typedef struct {
    int numbers[2], rc;
} copied;

static int reads_slowly(void *arg) {
    copied *self = (copied *)arg;
    return self->rc = wio_run_in_executor(NULL, adds, self->numbers, sizeof self->numbers, NULL, 0);
}

TEST(the_input_is_copied_before_the_call_waits) {
    copied call = {{1, 2}, 0};
    wio_task_options eager = {NULL, 0, true};
    wio_task *task = wio_create_task_with(reads_slowly, &call, &eager);
    call.numbers[0] = 1000;
    CHECK_EQ(wio_await(task), 3);
}

TEST(what_waits_in_a_job_fails_with_EPERM) {
    CHECK_EQ(wio_run_in_executor(NULL, tries_to_wait, NO_BYTES), -EPERM);
    CHECK_HAS(last_message(), "wio_sleep(): a job of an executor cannot wait");
    CHECK_EQ(wio_sleep(0.01), 0); /* here it can */
}

TEST(output_larger_than_the_buffer) {
    char out[8] = "";
    CHECK_EQ(wio_run_in_executor(NULL, output_does_not_fit, NULL, 0, out, 4), -EMSGSIZE);
    CHECK_STR(last_message(), "8 bytes are needed, and there are 4");
    CHECK_EQ(wio_run_in_executor(NULL, output_does_not_fit, NULL, 0, out, 8), 0);
    CHECK_EQ(wio_run_in_executor(NULL, writes_too_much, NULL, 0, out, 4), -EMSGSIZE);
    CHECK_HAS(last_message(), "wrote past the end of its output");
    CHECK_EQ(wio_run_in_executor(NULL, adds, NO_BYTES), 0);
}

TEST(null_and_stale_are_refused) {
    int n = 1, out = 0;
    CHECK_EQ(wio_run_in_executor(NULL, NULL, &n, sizeof n, &out, sizeof out), -EINVAL);
    CHECK_HAS(last_message(), "fn is NULL");
    CHECK_EQ(wio_run_in_executor(NULL, adds, NULL, 4, &out, sizeof out), -EINVAL);
    CHECK_HAS(last_message(), "in is NULL");
    CHECK_EQ(wio_run_in_executor(NULL, adds, &n, sizeof n, NULL, 4), -EINVAL);
    CHECK_HAS(last_message(), "out is NULL");
    CHECK_EQ(wio_run_in_executor((wio_executor *)&n, adds, NO_BYTES), -EINVAL);
    CHECK_HAS(last_message(), "shut down, or never was one");
    wio_executor *executor = wio_executor_create(NULL);
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
    CHECK_EQ(wio_executor_shutdown(executor, false), -EINVAL);
    CHECK_EQ(wio_run_in_executor(executor, adds, NO_BYTES), -EINVAL); /* EXE-09 */
    CHECK_EQ(wio_executor_map(executor, adds, NULL, 0, NULL, 0, 1, 0, NULL), -EINVAL);
    wio_executor_options many = {1025, 0, 0};
    CHECK(!wio_executor_create(&many));
    CHECK_HAS(last_message(), "more than 1024 workers");
}

TEST_OUTSIDE(calls_outside_tasks) {
    CHECK_EQ(wio_run_in_executor(NULL, adds, NO_BYTES), -EPERM);
    CHECK_EQ(wio_executor_map(NULL, adds, NULL, 0, NULL, 0, 1, 0, NULL), -EPERM);
    wio_executor *executor = wio_executor_create(NULL);
    CHECK(executor);
    CHECK_EQ(wio_executor_shutdown(executor, true), 0);
    CHECK_EQ(wio_executor_shutdown(NULL, true), 0);
}

static wio_executor *kept;

static int uses_kept(void *arg) { return wio_run_in_executor(kept, adds, arg, sizeof(int), NULL, 0); }

TEST_OUTSIDE(EXE_07_an_executor_outlives_runs_and_the_default_one_does_not) {
    int five = 5;
    kept = wio_executor_create(NULL);
    CHECK_EQ(wio_run(uses_kept, &five), 5);
    CHECK_EQ(wio_run(uses_kept, &five), 5);
    CHECK_EQ(wio_executor_shutdown(kept, false), 0);
    kept = NULL;
    CHECK_EQ(wio_run(uses_kept, &five), 5);
    CHECK_EQ(wio_run(uses_kept, &five), 5);
}

/* ------------------------------------------------------------------------------------------------------ Queue --- */

static wio_executor *one;

typedef struct {
    int rc, n;
    char letter;
} queued;

static int stands_in_line(void *arg) {
    queued *self = (queued *)arg;
    self->rc = wio_run_in_executor(one, squares, &self->n, sizeof self->n, &self->n, sizeof self->n);
    mark(self->letter);
    return self->rc < 0 && self->rc != -EAGAIN ? self->rc : 0;
}

TEST(the_queue_is_first_come_first_served) {
    wio_executor_options options = {1, 0, 0};
    one = wio_executor_create(&options);
    queued calls[5];
    trace_clear();
    for (int i = 0; i < 5; i++) calls[i] = (queued){0, i, (char)('a' + i)};
    CHECK_OK(WIO_GATHER_EACH(stands_in_line, calls));
    CHECK_STR(trace, "abcde");
    for (int i = 0; i < 5; i++) CHECK_EQ(calls[i].n, i * i);
    CHECK_EQ(wio_executor_shutdown(one, false), 0);
}

TEST(more_than_the_queue_holds_is_refused) {
    wio_executor_options options = {1, 2, 0};
    one = wio_executor_create(&options);
    queued calls[5];
    trace_clear();
    for (int i = 0; i < 5; i++) calls[i] = (queued){0, i, (char)('a' + i)};
    CHECK_OK(WIO_GATHER_EACH(stands_in_line, calls));
    CHECK_STR(trace, "deabc");
    for (int i = 0; i < 5; i++) CHECK_EQ(calls[i].rc, i < 3 ? i * i : -EAGAIN);
    CHECK_EQ(wio_run_in_executor(one, adds, NO_BYTES), 0); /* there is room again */
    CHECK_EQ(wio_executor_shutdown(one, false), 0);
}

TEST(the_refusal_says_what_to_do) {
    wio_executor_options options = {1, 1, 0};
    one = wio_executor_create(&options);
    queued calls[] = {{0, 1, 'a'}, {0, 2, 'b'}};
    wio_task_options eager = {NULL, 0, true};
    wio_task *a = wio_create_task_with(stands_in_line, &calls[0], &eager);
    wio_task *b = wio_create_task_with(stands_in_line, &calls[1], &eager);
    CHECK_EQ(wio_run_in_executor(one, adds, NO_BYTES), -EAGAIN);
    CHECK_HAS(last_message(), "the queue of this executor is full: raise its .queue_limit");
    CHECK_EQ(wio_executor_map(one, adds, NULL, 0, NULL, 0, 1, 0, NULL), -EAGAIN);
    CHECK_OK(wio_await(a));
    CHECK_OK(wio_await(b));
    CHECK_EQ(wio_executor_shutdown(one, false), 0);
}

TEST(EXE_06_a_queued_job_that_is_cancelled_never_runs) {
    wio_executor_options options = {1, 0, 0};
    one = wio_executor_create(&options);
    queued calls[] = {{0, 3, 'a'}, {0, 4, 'b'}, {0, 5, 'c'}};
    wio_task *tasks[3];
    trace_clear();
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(stands_in_line, &calls[i]);
    wio_yield();
    wio_task_cancel(tasks[1]);
    CHECK_EQ(wio_await(tasks[1]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[0]), 0);
    CHECK_EQ(wio_await(tasks[2]), 0);
    CHECK_STR(trace, "bac");
    CHECK_EQ(calls[1].n, 4);
    CHECK_EQ(calls[2].n, 25);
    CHECK_EQ(wio_executor_shutdown(one, false), 0);
}

static int is_cancelled_first(void *arg) {
    wio_task_cancel(wio_current_task());
    return in_the_executor(arg);
}

TEST(a_cancelled_task_starts_nothing) {
    int n = 3;
    wio_task *task = wio_create_task(is_cancelled_first, &n);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(n, 3);
}

/* -------------------------------------------------------------------------------------------------------- Map --- */

TEST(map_runs_the_job_for_each_element) {
    enum { N = 250 };
    static int in[N], out[N + 1];
    for (int i = 0; i < N; i++) in[i] = i;
    out[N] = -1;
    const size_t chunks[] = {0, 1, 7, 249, 250, 100000};
    for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
        memset(out, 0, N * sizeof out[0]);
        CHECK_EQ(wio_executor_map(NULL, squares, in, sizeof in[0], out, sizeof out[0], N, chunks[c], NULL), 0);
        for (int i = 0; i < N; i++) CHECK_EQ(out[i], i * i);
        CHECK_EQ(out[N], -1);
    }
    int few[] = {2, 3}, results[2];
    CHECK_EQ(WIO_EXECUTOR_MAP(NULL, squares, few, results), 0);
    CHECK_EQ(results[0] * 100 + results[1], 409);
    CHECK_EQ(wio_executor_map(NULL, squares, NULL, 4, NULL, 4, 0, 0, NULL), 0); /* nothing to do */
}

TEST(map_returns_the_first_error) {
    int in[] = {1, 2, -3, 4, 5}, out[5];
    wio_executor_options options = {1, 0, 0};
    one = wio_executor_create(&options);
    CHECK_EQ(wio_executor_map(one, squares, in, sizeof in[0], out, sizeof out[0], 5, 2, NULL), -ERANGE);
    CHECK_STR(last_message(), "-3 is negative");
    CHECK_EQ(wio_executor_shutdown(one, false), 0); /* nothing of it is left */
}

TEST(map_stores_every_status) {
    int in[] = {1, -2, 3, -4, 5}, out[5] = {0}, statuses[5];
    const size_t chunks[] = {0, 1, 2, 5};
    for (size_t c = 0; c < 4; c++) {
        CHECK_EQ(wio_executor_map(NULL, squares, in, sizeof in[0], out, sizeof out[0], 5, chunks[c], statuses), 0);
        for (int i = 0; i < 5; i++) CHECK_EQ(statuses[i], in[i] < 0 ? -ERANGE : in[i] * in[i]);
        for (int i = 0; i < 5; i++) CHECK_EQ(out[i], in[i] < 0 ? 0 : in[i] * in[i]);
    }
    char bytes[] = "abc", copies[3];
    CHECK_EQ(wio_executor_map(NULL, fills, bytes, 1, copies, 1, 3, 3, statuses), -0);
    CHECK_EQ(statuses[0], 0);
    CHECK_EQ(statuses[1], -EFAULT); /* elements are only as aligned as their size lets them be */
}

TEST(map_refuses_what_it_cannot_do) {
    int in[2] = {0}, out[2];
    CHECK_EQ(wio_executor_map(NULL, NULL, in, 4, out, 4, 2, 0, NULL), -EINVAL);
    CHECK_EQ(wio_executor_map(NULL, squares, NULL, 4, out, 4, 2, 0, NULL), -EINVAL);
    CHECK_EQ(wio_executor_map(NULL, squares, in, 4, NULL, 4, 2, 0, NULL), -EINVAL);
    CHECK_EQ(wio_executor_map(NULL, squares, in, 4, out, 4, SIZE_MAX / 2, 0, NULL), -EINVAL);
    CHECK_HAS(last_message(), "larger than memory");
}

TEST(map_keeps_within_the_queue_limit) {
    int in[40], out[40];
    wio_executor_options options = {1, 1, 0};
    one = wio_executor_create(&options);
    for (int i = 0; i < 40; i++) in[i] = i;
    CHECK_EQ(wio_executor_map(one, squares, in, sizeof in[0], out, sizeof out[0], 40, 1, NULL), 0);
    for (int i = 0; i < 40; i++) CHECK_EQ(out[i], i * i);
    CHECK_EQ(wio_executor_shutdown(one, false), 0);
}

/* --------------------------------------------------------------------------------------------------- Shutdown --- */

static int maps_a_lot(void *arg) {
    static int in[30], out[30];
    for (int i = 0; i < 30; i++) in[i] = i;
    int rc = wio_executor_map(one, squares, in, sizeof in[0], out, sizeof out[0], 30, 1, (int *)arg);
    for (int i = 0; !rc && i < 30; i++) CHECK_EQ(out[i], i * i);
    return rc;
}

TEST(shutdown_waits_for_what_is_under_way) {
    wio_executor_options options = {1, 0, 0};
    one = wio_executor_create(&options);
    queued calls[] = {{0, 3, 'a'}, {0, 4, 'b'}};
    trace_clear();
    wio_task *a = wio_create_task(stands_in_line, &calls[0]), *b = wio_create_task(stands_in_line, &calls[1]);
    wio_task *map = wio_create_task(maps_a_lot, NULL);
    wio_yield();
    CHECK_EQ(wio_executor_shutdown(one, false), 0);
    mark('|');
    CHECK_STR(trace, "ab|");
    CHECK_EQ(wio_await(a), 0);
    CHECK_EQ(wio_await(b), 0);
    CHECK_EQ(wio_await(map), 0);
    CHECK_EQ(calls[1].n, 16);
}

TEST(shutdown_with_cancel_stops_what_is_under_way) {
    int statuses[30];
    for (int round = 0; round < 2; round++) {
        wio_executor_options options = {1, 0, 0};
        one = wio_executor_create(&options);
        queued call = {0, 3, 'a'};
        wio_task *a = wio_create_task(stands_in_line, &call);
        wio_task *map = wio_create_task(maps_a_lot, round ? statuses : NULL);
        wio_yield();
        CHECK_EQ(wio_executor_shutdown(one, true), 0);
        CHECK_EQ(wio_await(map), -ECANCELED);
        CHECK_HAS(last_message(), "the executor was shut down");
        CHECK_EQ(wio_await(a), -ECANCELED);
        CHECK_HAS(last_message(), "the executor was shut down");
    }
}

static int shuts_down(void *arg) { return wio_executor_shutdown(*(wio_executor **)arg, false); }

TEST(a_shutdown_that_is_cancelled_leaves_nothing) {
    wio_executor_options options = {1, 0, 0};
    one = wio_executor_create(&options);
    queued call = {0, 3, 'a'};
    wio_task *a = wio_create_task(stands_in_line, &call), *down = wio_create_task(shuts_down, &one);
    wio_yield();
    wio_task_cancel(down);
    CHECK_EQ(wio_await(down), -ECANCELED);
    CHECK_EQ(wio_await(a), -ECANCELED);
    CHECK_EQ(wio_executor_shutdown(one, false), -EINVAL);
}

TEST(EXE_09_the_default_executor_is_refused_once_it_was_shut_down) {
    CHECK_EQ(wio_executor_shutdown(NULL, false), 0); /* never used */
    CHECK_EQ(wio_run_in_executor(NULL, adds, NO_BYTES), -EINVAL);
    CHECK_HAS(last_message(), "the default executor has been shut down");
    CHECK_EQ(wio_executor_shutdown(NULL, false), -EINVAL);
}

TEST(and_is_back_in_the_next_run) {
    CHECK_EQ(wio_run_in_executor(NULL, adds, NO_BYTES), 0);
    CHECK_EQ(wio_executor_shutdown(NULL, false), 0);
    CHECK_EQ(wio_run_in_executor(NULL, adds, NO_BYTES), -EINVAL);
}

/* Threads need a build of their own: tests/c/threads.c. */
TEST(EXE_no_threads_without_a_build_for_them) {
    int arg = 0;
    CHECK_EQ(wio_to_thread(returns, &arg), -ENOTSUP);
    CHECK(!wio_thread_cancelled());
}
