/* Never ends and never waits: only ending its worker stops it. */
#include <stdio.h>
#include <wasyncio.h>

static int spin(void *arg) {
    (void)arg;
    printf("spinning\n");
    for (volatile int i = 0;; i++) {}
}

int main(void) { return wio_run(spin, NULL); }
