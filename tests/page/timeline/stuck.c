/* What the timeline's tests watch: two takers of two places each, after a while. Neither can go on. */
#include <stdio.h>
#include <wasyncio.h>

static wio_semaphore places;

static int taker(void *arg) {
    (void)arg;
    int rc = wio_semaphore_acquire(&places);
    if (rc >= 0) rc = wio_sleep(0.05);
    return rc < 0 ? rc : wio_semaphore_acquire(&places);
}

static int all(void *arg) {
    (void)arg;
    wio_semaphore_init(&places, 2);
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, taker, NULL);
        wio_group_create_task(&g, taker, NULL);
    }
    return wio_group_status(&g);
}

int main(void) { return wio_run(all, NULL) >= 0; }
