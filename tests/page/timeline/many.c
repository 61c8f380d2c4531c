/* What the timeline's tests watch: thousands of workers that share places, each with rounds of work; some fail. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <wasyncio.h>

static wio_semaphore places;
static int rounds = 20;

static int worker(void *arg) {
    int id = *(int *)arg, rc = 0;
    for (int i = 0; i < rounds && rc >= 0; i++) {
        WIO_WITH_SEMAPHORE(&places) {
            rc = wio_sleep(0.02 + (id * 7919 % 40) / 1000.0);
            if (rc >= 0) wio_yield();
        }
    }
    if (rc >= 0 && id % 2500 == 1234) return wio_fail(-EPROTO, "worker %d", id);
    return rc;
}

static int watchdog(void *arg) {
    (void)arg;
    int rc = 0;
    while (rc >= 0) rc = wio_sleep(0.5);
    return rc;
}

static int all(void *arg) {
    int count = *(int *)arg;
    wio_semaphore_init(&places, count / 2);
    int *ids = malloc(count * sizeof *ids);
    if (!ids) return -ENOMEM;
    wio_task *dog = wio_create_task(watchdog, NULL);
    wio_task **tasks = malloc(count * sizeof *tasks);
    if (tasks) {
        for (int i = 0; i < count; i++) {
            ids[i] = i;
            tasks[i] = wio_create_task(worker, &ids[i]);
        }
        for (int i = 0; i < count; i++) wio_await(tasks[i]);
    }
    wio_task_cancel(dog);
    wio_await(dog);
    free(tasks);
    free(ids);
    return 0;
}

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 1000;
    if (argc > 2) rounds = atoi(argv[2]);
    return wio_run(all, &count) < 0;
}
