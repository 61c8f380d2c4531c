// Stacks that are too small, in every way: argv or an export says which.
#include "wasyncio.h"

#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static int eats(int kilobytes, volatile char *from) {
    volatile char local[1024];
    memset((void *)local, 1, sizeof local);
    if (from) local[3] = from[5];
    return kilobytes <= 1 ? local[3] : eats(kilobytes - 1, local) + local[7] - 1;
}

/* Without end, and with little on the C stack. */
__attribute__((noinline)) static int deeper(int n) {
    volatile int keep = n;
    return n == 0 ? 0 : deeper(n - 1) + keep - keep + 1;
}

static volatile int used;

/* Suspends at the bottom: each frame on the way is saved, though the C stack holds next to nothing. */
__attribute__((noinline)) static int suspends_below(int n, int a, int b, int c, int d) {
    if (n == 0) return wio_yield();
    int rc = suspends_below(n - 1, a + 1, b + 2, c + 3, d + 4);
    used ^= a ^ b ^ c ^ d; /* all are needed after the wait */
    return rc;
}

static int eat_task(void *arg) { return eats(*(int *)arg, NULL) > 0 ? wio_yield() : -EIO; }
static int deep_task(void *arg) { return deeper(*(int *)arg) > 0 ? wio_yield() : -EIO; }
static int saved_task(void *arg) {
    volatile int n = *(int *)arg;
    return suspends_below(n, n, 2 * n, 3 * n, 5 * n);
}

/* Both, and suspends on the way. */
__attribute__((noinline)) static int both(int n, int a, int b) {
    char local[40];
    memset(local, n, sizeof local);
    volatile char *seen = local;
    if (n % 16 == 0) wio_yield();
    int rc = n == 0 ? 0 : both(n - 1, a + 1, b + 2);
    used ^= a ^ b ^ seen[n % 40];
    return rc;
}
static int both_task(void *arg) { return both(*(int *)arg, 1, 2); }

static int in_task(wio_fn *fn, int n, int stack, const char *name) {
    wio_task *task = wio_create_task_with(fn, &n, &(wio_task_options){.name = name, .stack_size = (size_t)stack});
    return wio_await(task);
}

WIO_EXPORT(int, eat, (int kilobytes, int stack)) { return in_task(eat_task, kilobytes, stack, "eater"); }
WIO_EXPORT(int, deep, (int levels, int stack)) { return in_task(deep_task, levels, stack, "diver"); }
WIO_EXPORT(int, saved, (int levels, int stack)) { return in_task(saved_task, levels, stack, "saver"); }
WIO_EXPORT(int, mixed, (int levels, int stack)) { return in_task(both_task, levels, stack, "mixer"); }
WIO_EXPORT(int, eat_here, (int kilobytes)) { return eats(kilobytes, NULL) > 0 ? wio_yield() : -EIO; }
/* How many bytes of C stack n levels of deeper() take, but for those that go on in another segment. */
static int taken;
__attribute__((noinline)) static int measure(int n, char *above) {
    volatile int keep = n;
    long frame = above - (char *)&keep;
    if (frame > 0 && frame < 256) taken += (int)frame;
    return n == 0 ? 0 : measure(n - 1, (char *)&keep) + keep - keep + 1;
}
WIO_EXPORT(int, measured, (int n)) {
    char top;
    taken = 0;
    return measure(n, &top) == n ? taken : -EIO;
}
WIO_EXPORT(int, nap, (double seconds)) { return wio_sleep(seconds); }

static int main_eats(void *arg) { return eats(*(int *)arg, NULL) > 0 ? wio_yield() : -EIO; }

int main(int argc, char **argv) {
    int kilobytes = argc > 1 ? atoi(argv[1]) : 1;
    int rc = argc > 2 ? eats(kilobytes, NULL) : wio_run(main_eats, &kilobytes);
    printf("%d\n", rc);
    return rc < 0;
}
