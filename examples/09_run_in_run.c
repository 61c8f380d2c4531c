/* wio_run() is for main(). Inside a coroutine a plain call does it, and the error says so. */
#include <stdio.h>
#include <wasyncio.h>

static int inner(void *arg) {
    (void)arg;
    wio_sleep(0.1);
    printf("inner ran\n");
    return 0;
}

static int outer(void *arg) {
    (void)arg;
    int rc = wio_run(inner, NULL);
    printf("%s: %s\n", wio_error_name(rc), wio_task_error(wio_current_task())->message);
    return inner(NULL); /* this is the way */
}

int main(void) { return wio_run(outer, NULL); }
