#include <stdio.h>
#include <wasyncio.h>

static int ticks;

static int ticker(void *arg) {
    (void)arg;
    while (wio_sleep(0.02) == 0) ticks++;
    return -ECANCELED;
}

static void compute(double seconds, bool politely) {
    for (double end = wio_time() + seconds; wio_time() < end;)
        if (politely) wio_yield(); // lets the others run
}

static int start(void *arg) {
    (void)arg;
    wio_task *ticking = wio_create_task(ticker, NULL);
    wio_yield();
    compute(0.2, false);
    printf("%d ticks while it computed\n", ticks);
    compute(0.2, true);
    printf("%s while it yielded\n", ticks > 1 ? "many" : "none");
    wio_task_cancel(ticking);
    wio_await(ticking);
    return 0;
}

int main(void) { return wio_run(start, NULL); }
