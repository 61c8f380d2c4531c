/* What the timeline's tests watch: groups in a group, a lock, an event, queues, semaphores, a gather, a yield, a timeout. */
#include <errno.h>
#include <stdio.h>
#include <wasyncio.h>

static wio_semaphore one, two, three;
static wio_queue line, other;
static wio_lock door;
static wio_event go;

static int holder(void *arg) {
    wio_semaphore *of = arg;
    wio_event_wait(&go);
    WIO_WITH_SEMAPHORE(of) {
        WIO_WITH_LOCK(&door) { wio_sleep(0.02); }
    }
    return 0;
}

static int maker(void *arg) {
    for (int i = 0; i < 4; i++) {
        wio_sleep(0.01);
        wio_queue_put(arg, &i);
    }
    return 0;
}

static int taker(void *arg) {
    int item = 0;
    for (int i = 0; i < 4; i++) {
        wio_queue_get(arg, &item);
        wio_yield();
    }
    return item;
}

static int slow(void *arg) {
    (void)arg;
    return wio_sleep(1);
}

static int inner(void *arg) {
    (void)arg;
    WIO_TASK_GROUP(holders) {
        wio_group_create_task(&holders, holder, &one);
        wio_group_create_task(&holders, holder, &two);
        wio_group_create_task(&holders, holder, &three);
    }
    int rc = 0;
    WIO_TIMEOUT(0.05) { rc = slow(NULL); }
    return rc == -ETIMEDOUT ? 0 : rc;
}

static int zoo(void *arg) {
    (void)arg;
    wio_semaphore_init(&one, 1);
    wio_semaphore_init(&two, 2);
    wio_semaphore_init(&three, 3);
    wio_lock_init(&door);
    wio_event_init(&go);
    wio_queue_init(&line, sizeof(int), 2);
    wio_queue_init(&other, sizeof(int), 0);
    WIO_TASK_GROUP(outer) {
        wio_group_create_task(&outer, inner, NULL);
        wio_group_create_task(&outer, maker, &line);
        wio_group_create_task(&outer, taker, &line);
        wio_group_create_task(&outer, maker, &other);
        wio_group_create_task(&outer, taker, &other);
        wio_sleep(0.015);
        wio_event_set(&go);
    }
    return wio_group_status(&outer);
}

int main(void) { return wio_run(zoo, NULL) < 0; }
