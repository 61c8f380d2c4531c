#include <stdio.h>
#include <wasyncio.h>

// A coroutine is a C function that may wait. While it does, its thread is free.
static int count(void *arg) {
    for (int n = 1; n <= 3; n++) {
        wio_sleep(0.1);
        printf("%s %d\n", (const char *)arg, n);
    }
    return 0;
}

static int ticker(void *arg) {
    (void)arg;
    while (wio_sleep(0.04) == 0) printf("      tick\n");
    return -ECANCELED;
}

static int start(void *arg) {
    (void)arg;
    wio_task *ticking = wio_create_task(ticker, NULL);
    count("counting"); // a call, as of any function: no task of its own
    wio_task_cancel(ticking);
    wio_await(ticking);
    return 0;
}

int main(void) { return wio_run(start, NULL); }
