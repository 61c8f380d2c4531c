/* Many tasks that have to do with one another: cancelled together, in nested groups, at one semaphore, at one queue. */
#include "groups.h"
#include <stdio.h>

static int started;

static void print_each(double start, double count) { printf("each %.3f\n", (wio_time() - start) * 1e9 / count); }

/* --------------------------------------------------------------------------------------------------- Cancel --- */

static int sleep_long(void *arg) {
    (void)arg;
    started++;
    return wio_sleep(1000);
}

/* numbers: tasks, repeats. From the cancel until all have ended. */
int measure_cancel(void *arg) {
    (void)arg;
    for (int repeat = 0; repeat < numbers[1]; repeat++) {
        double start = 0;
        started = 0;
        WIO_TASK_GROUP(group) {
            for (int i = 0; i < numbers[0]; i++) wio_group_create_task_with(&group, sleep_long, NULL, &options);
            while (started < numbers[0]) wio_yield();
            start = wio_time();
            wio_group_cancel(&group);
        }
        print_each(start, numbers[0]);
    }
    return 0;
}

/* ----------------------------------------------------------------------------------------------------- Tree --- */

static int fan_out;

static int node(void *arg) {
    intptr_t depth = (intptr_t)arg;
    started++;
    if (depth == 0) return wio_yield();
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < fan_out; i++) wio_group_create_task_with(&group, node, (void *)(depth - 1), &options);
    }
    return 0;
}

/* numbers: depth, fan-out, trees, repeats. */
int measure_tree(void *arg) {
    (void)arg;
    fan_out = numbers[1];
    for (int repeat = 0; repeat < numbers[3]; repeat++) {
        started = 0;
        double start = wio_time();
        for (int i = 0; i < numbers[2]; i++) node((void *)(intptr_t)numbers[0]);
        print_each(start, started);
    }
    return 0;
}

/* ----------------------------------------------------------------------------------------------- Contention --- */

static wio_semaphore semaphore;

static int through(void *arg) {
    for (int n = *(int *)arg; n > 0; n--) {
        wio_semaphore_acquire(&semaphore);
        wio_yield();
        wio_semaphore_release(&semaphore);
    }
    return 0;
}

static void contend(int times) {
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < numbers[0]; i++) wio_group_create_task_with(&group, through, &times, &options);
    }
}

/* numbers: tasks, permits, passages of each. */
int measure_contention(void *arg) {
    (void)arg;
    wio_semaphore_init(&semaphore, (unsigned)numbers[1]);
    contend(numbers[2] / 10 + 1); /* warm-up */
    double start = wio_time();
    contend(numbers[2]);
    print_each(start, (double)numbers[0] * numbers[2]);
    return 0;
}

/* ---------------------------------------------------------------------------------------------------- Queue --- */

static wio_queue queue;

static int produce(void *arg) {
    for (int n = *(int *)arg; n > 0; n--) wio_queue_put(&queue, &n);
    return 0;
}

static int consume(void *arg) {
    int item;
    for (int n = *(int *)arg; n > 0; n--) wio_queue_get(&queue, &item);
    return 0;
}

static void exchange(int each) {
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < numbers[0]; i++) {
            wio_group_create_task_with(&group, produce, &each, &options);
            wio_group_create_task_with(&group, consume, &each, &options);
        }
    }
}

/* numbers: pairs of a producer and a consumer, room in the queue, items of each. */
int measure_queue(void *arg) {
    (void)arg;
    wio_queue_init(&queue, sizeof(int), (size_t)numbers[1]);
    exchange(numbers[2] / 10);
    double start = wio_time();
    exchange(numbers[2]);
    print_each(start, (double)numbers[0] * numbers[2]);
    wio_queue_destroy(&queue);
    return 0;
}

/* --------------------------------------------------------------------------------------------------- Channel --- */

static wio_queue there, back;

static int serve(void *arg) {
    int item;
    for (int n = *(int *)arg; n > 0; n--) {
        wio_queue_put(&there, &n);
        wio_queue_get(&back, &item);
    }
    return 0;
}

static int answer(void *arg) {
    int item;
    for (int n = *(int *)arg; n > 0; n--) {
        wio_queue_get(&there, &item);
        wio_queue_put(&back, &item);
    }
    return 0;
}

/* numbers: items each way. */
int measure_channel(void *arg) {
    (void)arg;
    int few = numbers[0] / 10;
    wio_queue_init(&there, sizeof(int), 1);
    wio_queue_init(&back, sizeof(int), 1);
    WIO_GATHER({serve, &few}, {answer, &few});
    double start = wio_time();
    WIO_GATHER({serve, &numbers[0]}, {answer, &numbers[0]});
    print_each(start, numbers[0] * 2.0);
    wio_queue_destroy(&there);
    wio_queue_destroy(&back);
    return 0;
}
