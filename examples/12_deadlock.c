/* Nobody can wake anybody: the run ends with an error and a report of who waits for what, and where. */
#include <stdio.h>
#include <wasyncio.h>

static wio_semaphore bell;

static int wait_for_bell(void *arg) {
    (void)arg;
    return wio_semaphore_acquire(&bell);
}

static int school(void *arg) {
    (void)arg;
    wio_semaphore_init(&bell, 1); /* rings once, for two */
    WIO_TASK_GROUP(pupils) {
        wio_group_create_task_with(&pupils, wait_for_bell, NULL, &(wio_task_options){.name = "Ann"});
        wio_group_create_task_with(&pupils, wait_for_bell, NULL, &(wio_task_options){.name = "Ben"});
    }
    return wio_group_status(&pupils);
}

int main(void) {
    int rc = wio_run(school, NULL);
    printf("%s: %s\n", wio_error_name(rc), wio_error_text(rc));
    return 0;
}
