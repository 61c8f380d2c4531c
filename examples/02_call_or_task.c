/* Calling a coroutine is awaiting it. A task runs beside its creator. */
#include <stdio.h>
#include <wasyncio.h>

static int boil(void *arg) {
    const char *what = arg;
    printf("%s: in the water\n", what);
    wio_sleep(1);
    printf("%s: done\n", what);
    return 0;
}

static int cook(void *arg) {
    (void)arg;
    double start = wio_time();
    boil("rice"); /* await boil("rice") */
    boil("peas");
    printf("one after the other: %.0f s\n\n", wio_time() - start);

    start = wio_time();
    wio_task *rice = wio_create_task(boil, "rice"); /* has not begun yet */
    wio_task *peas = wio_create_task(boil, "peas");
    printf("two pots are on\n");
    wio_await(rice); /* now they run */
    wio_await(peas);
    printf("side by side: %.0f s\n", wio_time() - start);
    return 0;
}

int main(void) { return wio_run(cook, NULL); }
