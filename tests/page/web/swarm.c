/* 1,000 tasks, each with many steps: about 50,000 events. */
#include <wasyncio.h>

static int worker(void *arg) {
    for (int i = 0; i < 10; i++) wio_sleep(0.001 * (double)(1 + ((size_t)arg * 7 + (size_t)i) % 13));
    return 0;
}

static int swarm(void *arg) {
    (void)arg;
    WIO_TASK_GROUP(all) {
        for (size_t i = 0; i < 1000; i++) wio_group_create_task(&all, worker, (void *)i);
    }
    return 0;
}

int main(void) { return wio_run(swarm, NULL); }
