/* What the runtime says by itself, without a word of it in a program built for size: reports.test.js compares it with -O2. */
#include "wasyncio.h"

#include <math.h>

#define MAYBE __attribute__((unused)) /* of some cases only */

MAYBE static int misuses(void *unused) {
    (void)unused;
    wio_run(misuses, NULL);
    wio_task_cancel((wio_task *)12345);
    wio_task_cancel(NULL);
    return wio_sleep(NAN);
}

MAYBE static int fails(void *unused) {
    (void)unused;
    return -77777;
}

MAYBE static int spawns(void *unused) {
    (void)unused;
    wio_detach(wio_create_task(misuses, NULL));
    wio_detach(wio_create_task_with(fails, NULL, &(wio_task_options){.name = "named"}));
    wio_sleep(0.01);
    return 0;
}

MAYBE static int waits(void *semaphore) { return wio_semaphore_acquire(semaphore); }

MAYBE static int holds(void *semaphore) {
    int status = wio_semaphore_acquire(semaphore);
    if (status < 0) return status;
    wio_detach(wio_create_task_with(waits, semaphore, &(wio_task_options){.name = "second"}));
    wio_detach(wio_create_task(waits, semaphore));
    return wio_semaphore_acquire(semaphore);
}

MAYBE static int dive(int levels) {
    volatile char room[1000];
    for (unsigned i = 0; i < sizeof room; i += 10) room[i] = (char)levels;
    return levels ? dive(levels - 1) + room[levels % 100 * 10] - levels % 128 : wio_sleep(0);
}

MAYBE static int dives(void *unused) {
    (void)unused;
    return dive(400);
}

MAYBE static int crashes(void *unused) {
    (void)unused;
    __builtin_trap();
}

int main(void) {
#if CASE == 1
    wio_sleep(1);
    wio_run(NULL, NULL);
    return wio_run(spawns, NULL);
#elif CASE == 2
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 1);
    return wio_run(holds, &semaphore) == -EDEADLK ? 3 : 4;
#elif CASE == 3
    return wio_run(dives, NULL);
#elif CASE == 4
    return dive(400);
#else
    return wio_run(crashes, NULL);
#endif
}
