/* A bit of everything that makes events; with "crash" it ends in a trap, with "long" it takes a while. */
#include <wasyncio.h>

#include <string.h>

static wio_semaphore two;
static wio_lock lock;
static wio_queue queue;

static int works(void *arg) {
    int *seconds = (int *)arg;
    WIO_WITH_SEMAPHORE(&two) {
        wio_sleep(*seconds);
        WIO_WITH_LOCK(&lock) { wio_yield(); }
    }
    return wio_queue_put(&queue, seconds);
}

static int collects(void *arg) {
    int seconds, *sum = (int *)arg;
    while (wio_queue_get(&queue, &seconds) == 0) {
        *sum += seconds;
        wio_queue_task_done(&queue);
    }
    return 0;
}

static int fails(void *arg) {
    (void)arg;
    wio_sleep(2);
    return wio_fail(-EPROTO, "too \"bad\"\n");
}

static int sleeps_long(void *arg) {
    (void)arg;
    WIO_SHIELD { wio_sleep(1); }
    return wio_sleep(1000);
}

static int counts(wio_generator *generator, void *arg) {
    (void)arg;
    for (int i = 0; i < 3; i++) {
        wio_generator_yield(generator, &i);
        wio_sleep(0.25);
    }
    return 0;
}

static void later(void *arg) { *(int *)arg += 100; }

static int is_long, crashes;

static int top(void *arg) {
    (void)arg;
    static int seconds[] = {3, 1, 2, 1};
    int sum = 0;
    wio_semaphore_init_bounded(&two, 2);
    wio_queue_init(&queue, sizeof(int), 1);
    wio_task *collector = wio_create_task_with(collects, &sum, &(wio_task_options){.name = "collector", .eager = true});
    WIO_GATHER_EACH(works, seconds);
    wio_queue_shutdown(&queue, false);
    wio_await(collector);
    wio_queue_destroy(&queue);
    wio_call_later(0.5, later, &sum);
    WIO_TIMEOUT(1.5) { wio_sleep(10); }
    WIO_TASK_GROUP(group) {
        wio_group_create_task(&group, sleeps_long, NULL);
        wio_group_create_task(&group, fails, NULL);
    }
    WIO_ASYNC_FOR(g, int *, i, counts, NULL) { sum += *i; }
    printf("sum %d\n", sum);
    fflush(stdout);
    if (is_long) wio_sleep(30);
    if (crashes) __builtin_trap();
    return 0;
}

int main(int argc, char **argv) {
    is_long = argc > 1 && strcmp(argv[1], "long") == 0;
    crashes = argc > 1 && strcmp(argv[1], "crash") == 0;
    return wio_run(top, NULL) < 0;
}
