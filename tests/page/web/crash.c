/* Traps: the promise of app.run() is rejected. */
#include <wasyncio.h>

static int crash(void *arg) {
    (void)arg;
    wio_sleep(0.01);
    __builtin_trap();
}

int main(void) { return wio_run(crash, NULL); }
