/* Two locks, taken in opposite orders. It goes well if the first gets both before the second has one. */
#include <wasyncio.h>

static wio_lock left, right;

static int first(void *arg) {
    (void)arg;
    WIO_WITH_LOCK(&left) {
        wio_yield();
        WIO_WITH_LOCK(&right) { printf("first eats\n"); }
    }
    return 0;
}

static int second(void *arg) {
    (void)arg;
    wio_yield();
    WIO_WITH_LOCK(&right) {
        wio_yield();
        WIO_WITH_LOCK(&left) { printf("second eats\n"); }
    }
    return 0;
}

static int table(void *arg) {
    (void)arg;
    return WIO_GATHER({first, NULL}, {second, NULL});
}

int main(void) {
    wio_run(table, NULL); /* nobody looks whether it went well */
    return 0;
}
