/* An asynchronous generator: values that take their time, taken by a for loop that may leave early. */
#include <stdio.h>
#include <wasyncio.h>

static int trains(wio_generator *self, void *arg) {
    double *minutes = arg;
    for (int train = 1;; train++) {
        int rc = wio_sleep(*minutes);
        if (!rc) rc = wio_generator_yield(self, &train);
        if (rc) {
            printf("(the board goes dark: %s)\n", wio_error_text(rc));
            return rc;
        }
    }
}

static int platform(void *arg) {
    (void)arg;
    double minutes = 7, start = wio_time();
    WIO_ASYNC_FOR(board, int *, train, trains, &minutes) {
        printf("train %d after %.0f minutes\n", *train, wio_time() - start);
        if (*train == 3) break;
    }
    wio_generator_close(&board); /* the end of the block would, too */

    printf("half an hour later:\n");
    WIO_TIMEOUT(30) {
        WIO_ASYNC_FOR(again, int *, train, trains, &minutes) printf("train %d\n", *train);
    }
    printf("%s\n", wio_timeout_expired() ? "enough" : "no more trains");
    return 0;
}

int main(void) { return wio_run(platform, NULL); }
