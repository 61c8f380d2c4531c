#include <stdio.h>
#include <wasyncio.h>

static int write_letter(void *arg) {
    (void)arg;
    int rc = 0;
    for (int page = 1; page <= 3 && rc == 0; page++) {
        rc = wio_sleep(0.04);
        printf("page %d: %s\n", page, rc < 0 ? wio_error_name(rc) : "written");
    }
    WIO_SHIELD { wio_sleep(0.03); } // signed and folded, whatever happens
    printf("the letter is in its envelope\n");
    return rc;
}

static int evening(void *arg) {
    WIO_TIMEOUT(0.1) { write_letter(arg); }
    printf("%s\n", wio_timeout_expired() ? "too late" : "in time");
    return 0;
}

int main(void) { return wio_run(evening, NULL); }
