/* Nobody can wake anybody: the run ends and says who waits. */
#include <stdio.h>
#include <wasyncio.h>

static wio_semaphore bell;

static int ann(void *arg) {
    (void)arg;
    return wio_semaphore_acquire(&bell); /* and never gives it back */
}

static int ben(void *arg) {
    (void)arg;
    return wio_semaphore_acquire(&bell);
}

static int school(void *arg) {
    (void)arg;
    wio_semaphore_init(&bell, 1); /* rings once, for two */
    WIO_TASK_GROUP(pupils) {
        wio_group_create_task(&pupils, ann, NULL);
        wio_group_create_task(&pupils, ben, NULL);
    }
    return wio_group_status(&pupils);
}

int main(void) {
    int rc = wio_run(school, NULL);
    printf("%s: %s\n", wio_error_name(rc), wio_error_text(rc));
    return 0;
}
