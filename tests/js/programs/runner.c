// A runner in a real host: argv[1] says how it ends.
#include "wasyncio.h"

#include <string.h>

static int ticks(void *arg) {
    int rc = 0;
    while (!(rc = wio_sleep(0.01))) ++*(int *)arg;
    WIO_SHIELD { wio_sleep(0.02); }
    printf("leftover: %s\n", wio_error_name(rc));
    return rc;
}

static int starts(void *arg) {
    wio_detach(wio_create_task(ticks, arg));
    return wio_sleep(0.05);
}

static int sleeps(void *arg) {
    (void)arg;
    int rc = wio_sleep(60);
    printf("main: %s\n", wio_error_name(rc));
    return rc;
}

static void say(const char *what, int rc) {
    printf("%s %s\n", what, rc < 0 ? wio_error_name(rc) : "ok");
    fflush(stdout);
}

int main(int argc, char **argv) {
    int count = 0;
    const char *how = argc > 1 ? argv[1] : "";
    wio_runner runner;
    say("open", wio_runner_open(&runner));
    say("first", wio_runner_run(&runner, starts, &count));
    if (strcmp(how, "sleeps") == 0) say("second", wio_runner_run(&runner, sleeps, NULL));
    if (strcmp(how, "unclosed") == 0) return 0;
    say("close", wio_runner_close(&runner));
    return count > 0 ? 0 : 1;
}
