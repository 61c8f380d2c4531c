/* An executor runs plain C functions in workers, on all processors, while the loop goes on. */
#include <stdio.h>
#include <string.h>
#include <wasyncio.h>

struct range {
    unsigned from, to;
};

/* A job: it runs in a worker, and has only what it is given. */
static int count_primes(const void *in, size_t in_size, void *out, size_t out_size) {
    const struct range *range = in;
    unsigned count = 0;
    (void)in_size;
    for (unsigned n = range->from; n < range->to; n++) {
        bool prime = n > 1;
        for (unsigned i = 2; i * i <= n && prime; i++) prime = n % i != 0;
        count += prime;
    }
    memcpy(out, &count, out_size);
    return 0;
}

static int blocking(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    for (double end = wio_time() + 0.5; wio_time() < end;) {}
    return 42;
}

static int broken(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in_size, (void)out, (void)out_size;
    return wio_fail(-ERANGE, "%d is not in the table", *(const int *)in);
}

static int ticker(void *arg) {
    int *ticks = arg;
    while (wio_sleep(0.01) == 0) ++*ticks;
    return -ECANCELED;
}

static int compute(void *arg) {
    (void)arg;
    int ticks = 0;
    wio_task *ticking = wio_create_task(ticker, &ticks);

    int rc = wio_run_in_executor(NULL, blocking, NULL, 0, NULL, 0); /* NULL: the default executor */
    printf("blocking returned %d; the loop went on: %s\n", rc, ticks > 5 ? "yes" : "no");
    wio_task_cancel(ticking);
    wio_await(ticking);

    struct range ranges[20];
    unsigned counts[20], sum = 0;
    for (unsigned i = 0; i < 20; i++) ranges[i] = (struct range){i * 50000, (i + 1) * 50000};
    wio_executor *pool = wio_executor_create(&(wio_executor_options){.workers = 2});
    rc = WIO_EXECUTOR_MAP(pool, count_primes, ranges, counts);
    for (int i = 0; i < 20; i++) sum += counts[i];
    if (rc == 0) printf("there are %u primes below 1000000\n", sum);

    int number = 7;
    rc = wio_run_in_executor(pool, broken, &number, sizeof number, NULL, 0);
    printf("broken: %s\n", wio_task_error(wio_current_task())->message);
    return wio_executor_shutdown(pool, false);
}

int main(void) { return wio_run(compute, NULL) < 0; }
