/* A callback, which runs on no task's stack, calls abort(). */
#include <stdlib.h>
#include <wasyncio.h>

static void gives_up(void *arg) {
    (void)arg;
    abort();
}

static int program(void *arg) {
    (void)arg;
    wio_call_soon(gives_up, NULL);
    return wio_sleep(1);
}

int main(void) { return wio_run(program, NULL); }
