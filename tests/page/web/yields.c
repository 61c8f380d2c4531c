/* Yields for ever: everything else, timers and the page, must get its turn. */
#include <stdio.h>
#include <wasyncio.h>

static int ticker(void *arg) {
    (void)arg;
    for (int i = 1; wio_sleep(0.1) == 0; i++) printf("tick %d\n", i);
    return 0;
}

static int yields(void *arg) {
    (void)arg;
    wio_detach(wio_create_task(ticker, NULL));
    while (wio_yield() == 0) {}
    return 0;
}

int main(void) { return wio_run(yields, NULL); }
