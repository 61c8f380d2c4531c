#include <stdio.h>
#include <wasyncio.h>

static int make(const char *what, double seconds) {
    printf("%s ...\n", what);
    wio_sleep(seconds);
    printf("%s is ready\n", what);
    return 0;
}

static int breakfast(void *arg) {
    (void)arg;
    make("tea", 0.2); // calling a coroutine is awaiting it
    make("toast", 0.1);
    return 0;
}

int main(void) { return wio_run(breakfast, NULL); }
