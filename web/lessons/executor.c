#include <stdio.h>
#include <string.h>
#include <wasyncio.h>

// A job: it runs in a worker, and has only what it is given.
static int count_primes(const void *in, size_t in_size, void *out, size_t out_size) {
    unsigned limit, count = 0;
    memcpy(&limit, in, in_size);
    for (unsigned n = 2; n < limit; n++) {
        bool prime = true;
        for (unsigned i = 2; i * i <= n && prime; i++) prime = n % i != 0;
        count += prime;
    }
    memcpy(out, &count, out_size);
    return 0;
}

static int ticker(void *arg) {
    int *ticks = arg;
    while (wio_sleep(0.005) == 0) ++*ticks;
    return -ECANCELED;
}

static int start(void *arg) {
    (void)arg;
    int ticks = 0;
    wio_task *ticking = wio_create_task(ticker, &ticks);
    unsigned limit = 500000, count = 0;
    int rc = wio_run_in_executor(NULL, count_primes, &limit, sizeof limit, &count, sizeof count);
    printf("%u primes below %u; the ticker %s\n", count, limit, ticks > 0 ? "went on" : "stood still");
    wio_task_cancel(ticking);
    wio_await(ticking);
    return rc;
}

int main(void) { return wio_run(start, NULL); }
