/* What bench/executor.js measures: empty calls of an executor, one after another, and work that only computes. */
#include <stdlib.h>
#include <string.h>
#include <wasyncio.h>

static wio_executor *pool;

WIO_EXPORT(int, open_pool, (unsigned workers)) {
    pool = wio_executor_create(&(wio_executor_options){.workers = workers});
    return pool ? 0 : -EIO;
}

WIO_EXPORT(int, close_pool, (void)) { return wio_executor_shutdown(pool, false); }

static int nothing(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    return 0;
}

static int first_byte(const void *in, size_t in_size, void *out, size_t out_size) {
    if (out_size) memcpy(out, in, 1);
    return in_size ? *(const unsigned char *)in : 0;
}

/* Microseconds a call. */
WIO_EXPORT(double, empty_calls, (int count)) {
    double start = wio_time();
    for (int i = 0; i < count; i++)
        if (wio_run_in_executor(pool, nothing, NULL, 0, NULL, 0) < 0) return -1;
    return (wio_time() - start) / count * 1e6;
}

WIO_EXPORT(double, calls_with_bytes, (int count, unsigned size)) {
    char *in = calloc(1, size), *out = calloc(1, size);
    double start = wio_time();
    for (int i = 0; in && out && i < count; i++)
        if (wio_run_in_executor(pool, first_byte, in, size, out, size) < 0) return -1;
    free(in);
    free(out);
    return (wio_time() - start) / count * 1e6;
}

typedef struct {
    unsigned from, to;
} range;

static int count_primes(const void *in, size_t in_size, void *out, size_t out_size) {
    const range *numbers = in;
    unsigned count = 0;
    (void)in_size, (void)out_size;
    for (unsigned n = numbers->from; n < numbers->to; n++) {
        bool prime = n > 1;
        for (unsigned i = 2; i * i <= n && prime; i++) prime = n % i != 0;
        count += prime;
    }
    memcpy(out, &count, sizeof count);
    return 0;
}

enum { CHUNKS = 64 };

/* Milliseconds to count the primes below `limit`; `here`: in the calling task, without an executor. */
WIO_EXPORT(double, primes, (unsigned limit, bool here)) {
    range ranges[CHUNKS];
    unsigned counts[CHUNKS], sum = 0;
    for (unsigned i = 0; i < CHUNKS; i++) ranges[i] = (range){limit / CHUNKS * i, limit / CHUNKS * (i + 1)};
    double start = wio_time();
    if (here)
        for (int i = 0; i < CHUNKS; i++) count_primes(&ranges[i], sizeof ranges[i], &counts[i], sizeof counts[i]);
    else if (wio_executor_map(pool, count_primes, ranges, sizeof ranges[0], counts, sizeof counts[0], CHUNKS, 1, NULL) <
             0)
        return -1;
    double time = (wio_time() - start) * 1000;
    for (int i = 0; i < CHUNKS; i++) sum += counts[i];
    return sum > 1000 ? time : -1;
}

static int endless(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    for (volatile unsigned i = 0;; i++) {
    }
}

static int calls_endless(void *arg) {
    (void)arg;
    return wio_run_in_executor(pool, endless, NULL, 0, NULL, 0);
}

/* Milliseconds from the cancel of an endless loop to the end of its task; `again`: to the end of an empty call after it. */
WIO_EXPORT(double, cancel, (bool again)) {
    wio_task *task = wio_create_task(calls_endless, NULL);
    wio_sleep(0.2); /* it runs */
    double start = wio_time();
    wio_task_cancel(task);
    if (wio_await(task) != -ECANCELED) return -1;
    if (again && wio_run_in_executor(pool, nothing, NULL, 0, NULL, 0) != 0) return -1;
    return (wio_time() - start) * 1000;
}
