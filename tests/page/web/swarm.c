/* 10,000 tasks alive at once, 25 steps each: more than 1,000,000 events. */
#include <wasyncio.h>

static int worker(void *arg) {
    for (int i = 0; i < 25; i++) wio_sleep(0.001 * (double)(1 + ((size_t)arg * 7 + (size_t)i) % 13));
    return 0;
}

static int swarm(void *arg) {
    (void)arg;
    WIO_TASK_GROUP(all) {
        for (size_t i = 0; i < 10000; i++) wio_group_create_task(&all, worker, (void *)i);
    }
    return 0;
}

int main(void) { return wio_run(swarm, NULL); }
