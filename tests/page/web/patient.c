/* Waits for ever, until somebody cancels it. */
#include <stdio.h>
#include <wasyncio.h>

static int waits(void *arg) {
    (void)arg;
    int rc = wio_sleep(1000);
    printf("waits: %s\n", wio_error_name(rc));
    return rc;
}

static int patient(void *arg) {
    (void)arg;
    wio_task *task = wio_create_task_with(waits, NULL, &(wio_task_options){.name = "waits"});
    int rc = wio_await(task);
    printf("patient: %s\n", wio_error_name(rc));
    return 0;
}

int main(void) { return wio_run(patient, NULL); }
