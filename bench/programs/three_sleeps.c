/* The smallest useful program: three sleeps at once. bench/size.js counts the bytes that a page loads to run it. */
#include "wasyncio.h"

static int nap(void *unused) {
    (void)unused;
    return wio_sleep(0.1);
}

static int three(void *unused) {
    (void)unused;
    return WIO_GATHER({nap, NULL}, {nap, NULL}, {nap, NULL});
}

int main(void) { return wio_run(three, NULL); }
