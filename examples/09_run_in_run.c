/* wio_run() is for main(). In a coroutine, call the other coroutine. */
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
    const wio_error *error = wio_task_error(wio_current_task());
    printf("%s: %s\n", wio_error_name(rc), error->message);
    return inner(NULL); /* this is the way */
}

int main(void) { return wio_run(outer, NULL); }
