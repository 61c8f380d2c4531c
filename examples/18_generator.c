/* An asynchronous generator: values that take their time, taken by a for loop that may leave early. */
#include <stdio.h>
#include <wasyncio.h>

static int trains(wio_generator *self, void *arg) {
    double *interval = arg;
    for (int train = 1;; train++) {
        int rc = wio_sleep(*interval);
        if (!rc) rc = wio_generator_yield(self, &train);
        if (rc) {
            printf("(the board goes dark: %s)\n", wio_error_text(rc));
            return rc;
        }
    }
}

static int platform(void *arg) {
    (void)arg;
    double interval = 0.7, start = wio_time();
    WIO_ASYNC_FOR(board, int *, train, trains, &interval) {
        printf("train %d after %.1f s\n", *train, wio_time() - start);
        if (*train == 3) break;
    }
    wio_generator_close(&board); /* the end of the block would, too */

    printf("three more seconds:\n");
    WIO_TIMEOUT(3) {
        WIO_ASYNC_FOR(again, int *, train, trains, &interval) printf("train %d\n", *train);
    }
    printf("%s\n", wio_timeout_expired() ? "enough" : "no more trains");
    return 0;
}

int main(void) { return wio_run(platform, NULL); }
