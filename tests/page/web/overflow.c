/* Recurses without end: the overflow is named. */
#include <wasyncio.h>

static volatile int zero;

static int deeper(int n) {
    volatile char room[200];
    room[n % 200] = (char)n;
    return zero ? n : deeper(n + 1) + room[n % 200];
}

static int dive(void *arg) {
    (void)arg;
    wio_sleep(0.01);
    return deeper(1);
}

int main(void) { return wio_run(dive, NULL); }
