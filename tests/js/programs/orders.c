/* What it prints depends on the order of the tasks. */
#include <wasyncio.h>

static int prints(void *arg) {
    printf("%s\n", (const char *)arg);
    return 0;
}

static int top(void *arg) {
    (void)arg;
    return WIO_GATHER({prints, "a"}, {prints, "b"});
}

int main(void) { return wio_run(top, NULL) < 0; }
