/* Once its time is up, all that waits in a timeout block fails. */
#include <stdio.h>
#include <wasyncio.h>

static int write_page(const char *page) {
    int rc = wio_sleep(0.4);
    printf("  %s: %s\n", page, rc < 0 ? wio_error_text(rc) : "written");
    return rc;
}

static int write_book(void *arg) {
    (void)arg;
    int rc = 0;
    const char *pages[] = {"page 1", "page 2", "page 3"};
    for (int i = 0; i < 3 && rc == 0; i++) rc = write_page(pages[i]);
    WIO_SHIELD {
        write_page("the end"); /* whatever happens around it */
    }
    return rc;
}

static int author(void *arg) {
    (void)arg;
    double start = wio_time();
    printf("A block with a second for everything in it:\n");
    WIO_TIMEOUT(1) {
        write_book(NULL);
    }
    const char *outcome = wio_timeout_expired() ? "too late" : "in time";
    printf("%s after %.1f s\n", outcome, wio_time() - start);

    printf("One coroutine with a limit:\n");
    int rc = wio_wait_for(write_book, NULL, 2);
    printf("%s\n", rc == -ETIMEDOUT ? "too late" : "in time");
    return 0;
}

int main(void) { return wio_run(author, NULL); }
