/* Tasks that yield, callbacks and timers, far longer than a turn of the host, at few moments of the virtual clock. */
#include <wasyncio.h>

static unsigned yields, calls, order;

static void notes(int what) { order = order * 16777619u ^ (unsigned)what; }

static int spins(void *arg) {
    for (int i = 0; i < 20000; i++) {
        notes(*(int *)arg);
        yields++;
        if (i % 5000 == 0) wio_sleep(1);
        wio_yield();
    }
    return 0;
}

static void called(void *arg) {
    notes(-1);
    if (++calls < 20000) wio_call_soon(called, arg);
}

static int top(void *arg) {
    static int numbers[3] = {1, 2, 3};
    wio_call_soon(called, arg);
    return WIO_GATHER_EACH(spins, numbers);
}

int main(void) {
    int rc = wio_run(top, NULL);
    printf("%u yields, %u callbacks, %.0f s\n", yields, calls, wio_time());
    fprintf(stderr, "%u\n", order);
    return rc < 0;
}
