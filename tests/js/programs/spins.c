/* Waits for another by asking again and again: if it is not there first, for ever. With an argument: always for ever, but for a
 * cancel. */
#include <wasyncio.h>

static int there;

static int comes(void *arg) {
    (void)arg;
    there = 1;
    return 0;
}

static int looks(void *arg) {
    if (*(int *)arg) {
        puts("spins");
        while (wio_yield() == 0) continue;
    } else if (!there) {
        for (;;) wio_yield();
    }
    return 0;
}

static int top(void *forever) { return WIO_GATHER({comes, NULL}, {looks, forever}); }

int main(int argc, char **argv) {
    (void)argv;
    int forever = argc > 1, rc = wio_run(top, &forever);
    printf("%s\n", rc ? wio_error_name(rc) : "seen");
    return rc < 0;
}
