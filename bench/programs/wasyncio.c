/* The workloads on wasyncio: `wasyncio.wasm WORKLOAD STACK NUMBERS…`. bench/workloads.js says what each measures.
 * "mark before" and "mark after" tell the host when to look at memory and processor time. */
#include "groups.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

wio_task_options options;
int numbers[4];

static void mark(const char *name) {
    printf("mark %s\n", name);
    fflush(stdout);
}

static double memory(void) { return __builtin_wasm_memory_size(0) * 65536.0; }
static double used(void) { return (double)(uintptr_t)sbrk(0); }

/* ---------------------------------------------------------------------------------------------------- Yield --- */

static int yield(void *arg) {
    for (int n = *(int *)arg; n > 0; n--) wio_yield();
    return 0;
}

static double yield_once(int tasks, int count) {
    double start = wio_time();
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < tasks; i++) wio_group_create_task_with(&group, yield, &count, &options);
    }
    return (wio_time() - start) * 1e9 / tasks / count;
}

static int measure_yield(void *arg) {
    (void)arg;
    yield_once(numbers[0], numbers[1] / 10); /* warm-up */
    printf("each %.3f\n", yield_once(numbers[0], numbers[1]));
    return 0;
}

/* ---------------------------------------------------------------------------------------------------- Spawn --- */

static int one_yield(void *arg) {
    (void)arg;
    return wio_yield();
}

static int measure_spawn(void *arg) {
    (void)arg;
    int tasks = numbers[0], batches = numbers[1], repeats = numbers[2];
    for (int repeat = 0; repeat < repeats; repeat++) {
        double start = wio_time();
        for (int batch = 0; batch < batches; batch++) {
            WIO_TASK_GROUP(group) {
                for (int i = 0; i < tasks; i++) wio_group_create_task_with(&group, one_yield, NULL, &options);
            }
            if (wio_group_status(&group) < 0) return wio_group_status(&group);
        }
        printf("each %.3f\n", (wio_time() - start) * 1e9 / tasks / batches);
    }
    return 0;
}

/* ---------------------------------------------------------------------------------------------------- Sleep --- */

static int asleep;

static int sleep_long(void *arg) {
    (void)arg;
    asleep++;
    return wio_sleep(1000);
}

static int measure_memory(void *arg) {
    (void)arg;
    int tasks = numbers[0];
    mark("before");
    double before = memory(), used_before = used();
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < tasks; i++) wio_group_create_task_with(&group, sleep_long, NULL, &options);
        while (asleep < tasks) wio_yield();
        printf("memory %.3f\nused %.3f\n", memory() - before, used() - used_before);
        mark("after");
        wio_group_cancel(&group);
    }
    return 0;
}

static int sleep_some(void *arg) { return wio_sleep((intptr_t)arg / 1000.0); }

static int measure_sleep(void *arg) {
    (void)arg;
    uint32_t random = 1;
    mark("before");
    double start = wio_time();
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < numbers[0]; i++) {
            random = random * 1664525 + 1013904223;
            wio_group_create_task_with(&group, sleep_some, (void *)(intptr_t)((random >> 16) % 101), &options);
        }
    }
    printf("each %.3f\n", (wio_time() - start) * 1e9);
    mark("after");
    return 0;
}

/* ------------------------------------------------------------------------------------------------ Ping-pong --- */

static wio_semaphore table, net;

static int ping(void *arg) {
    for (int n = *(int *)arg; n > 0; n--) {
        wio_semaphore_release(&net);
        wio_semaphore_acquire(&table);
    }
    return 0;
}

static int pong(void *arg) {
    for (int n = *(int *)arg; n > 0; n--) {
        wio_semaphore_acquire(&net);
        wio_semaphore_release(&table);
    }
    return 0;
}

static double pingpong_once(int count) {
    double start = wio_time();
    WIO_GATHER({ping, &count}, {pong, &count});
    return (wio_time() - start) * 1e9 / count / 2;
}

static int measure_pingpong(void *arg) {
    (void)arg;
    pingpong_once(numbers[0] / 10);
    printf("each %.3f\n", pingpong_once(numbers[0]));
    return 0;
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        wio_fn *fn;
    } workloads[] = {{"yield", measure_yield}, {"spawn", measure_spawn},           {"memory", measure_memory},
                     {"sleep", measure_sleep}, {"pingpong", measure_pingpong},     {"cancel", measure_cancel},
                     {"tree", measure_tree},   {"contention", measure_contention}, {"queue", measure_queue},
                     {"channel", measure_channel}};
    if (argc < 3) return 2;
    options.stack_size = (size_t)atoi(argv[2]);
    for (int i = 3; i < argc && i < 7; i++) numbers[i - 3] = atoi(argv[i]);
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
        if (strcmp(argv[1], workloads[i].name) == 0) return wio_run(workloads[i].fn, NULL) < 0;
    return 2;
}
