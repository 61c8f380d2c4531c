// Sleeps until Ctrl-C.
#include "wasyncio.h"

static int sleeps(void *arg) {
    (void)arg;
    printf("started\n");
    fflush(stdout);
    int rc = wio_sleep(60);
    if (rc == -ECANCELED) printf("cleaned\n");
    return rc;
}

int main(void) { return wio_run(sleeps, NULL) < 0; }
