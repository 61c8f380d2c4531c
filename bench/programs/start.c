/* Cold start: the time at which the first task runs, and the first output. With "stay", it sleeps on: bench/peers/start.js. */
#include <stdio.h>
#include <string.h>
#include <wasyncio.h>

static int stays;

static int first(void *arg) {
    (void)arg;
    printf("task %.6f\n", wio_time() * 1e3);
    fflush(stdout);
    return stays ? wio_sleep(1e6) : 0;
}

int main(int argc, char **argv) {
    stays = argc > 1 && strcmp(argv[1], "stay") == 0;
    return wio_run(first, NULL) < 0;
}
