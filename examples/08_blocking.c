/* One thread runs all: what computes without waiting stops the loop. */
#include <stdio.h>
#include <wasyncio.h>

static double longest; /* that the ticker had to wait */

static int ticker(void *arg) {
    (void)arg;
    for (double last = wio_time(); wio_sleep(0.01) == 0; last = wio_time())
        if (wio_time() - last > longest) longest = wio_time() - last;
    return -ECANCELED;
}

static void compute(double seconds) {
    for (double end = wio_time() + seconds; wio_time() < end;) {}
}

static int polite(void *arg) {
    (void)arg;
    for (int i = 0; i < 100; i++) {
        compute(0.01);
        wio_yield(); /* lets the others run */
    }
    return 0;
}

static int blocking(void *arg) {
    (void)arg;
    compute(1);
    return 0;
}

static int compare(void *arg) {
    (void)arg;
    wio_set_debug(0.5); /* reports who holds the loop for half a second */
    wio_detach(wio_create_task(ticker, NULL));

    wio_await(wio_create_task(polite, NULL));
    printf("polite: the ticker waited for %.0f s\n", longest);

    wio_await(wio_create_task(blocking, NULL));
    wio_sleep(0.02); /* lets the ticker look at the clock */
    printf("blocking: the ticker waited for %.0f s\n", longest);
    return 0;
}

int main(void) { return wio_run(compare, NULL); }
