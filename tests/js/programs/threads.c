/* What goes wrong in a thread is the program's: each way by name, of main()'s argument. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasyncio.h>

static int fine(void *arg) {
    printf("thread: %s\n", (const char *)arg);
    return 7;
}

static int traps(void *arg) {
    (void)arg;
    __builtin_trap();
}

static int aborts(void *arg) {
    (void)arg;
    abort();
}

static int exits(void *arg) {
    (void)arg;
    exit(3);
}

static volatile int deep_enough;

static int recurse(volatile char *above) {
    volatile char here[1024];
    if (deep_enough) return 0;
    memset((char *)here, above ? above[0] + 1 : 0, sizeof here);
    return recurse(here) + here[17];
}

static int overflows(void *arg) {
    (void)arg;
    return recurse(NULL);
}

static int endless(void *arg) {
    for (;;) ++*(volatile int *)arg;
}

static const struct {
    const char *name;
    wio_fn *fn;
} ways[] = {{"fine", fine},   {"traps", traps},         {"aborts", aborts},
            {"exits", exits}, {"overflows", overflows}, {"endless", endless}};

static int go(void *arg) {
    static int count;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (strcmp(ways[i].name, arg)) continue;
        int rc = wio_to_thread(ways[i].fn, ways[i].fn == endless ? (void *)&count : arg);
        printf("%s: %d\n", (const char *)arg, rc);
        return rc;
    }
    return -EINVAL;
}

int main(int argc, char **argv) { return argc > 1 ? wio_run(go, argv[1]) : 0; }
