/* A switch at some call depth: `depth.wasm depth STACK TASKS COUNT DEPTH`. Each task goes DEPTH calls deep and yields there,
 * COUNT times; each frame on the way has a value that is needed when the call returns. */
#include <stdio.h>
#include <stdlib.h>
#include <wasyncio.h>

static int count, depth;

__attribute__((noinline)) static int yield_at(int left) {
    if (left > 0) {
        int below = yield_at(left - 1);
        __asm__ volatile("" : "+r"(below)); /* or the compiler would make a loop of it */
        return below + left;
    }
    for (int n = count; n > 0; n--) wio_yield();
    return 0;
}

static int dive(void *arg) {
    (void)arg;
    return yield_at(depth);
}

static double once(int tasks, int times, const wio_task_options *options) {
    count = times;
    double start = wio_time();
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < tasks; i++) wio_group_create_task_with(&group, dive, NULL, options);
    }
    return (wio_time() - start) * 1e9 / tasks / times;
}

static int measure(void *arg) {
    char **argv = arg;
    int tasks = atoi(argv[3]), times = atoi(argv[4]);
    wio_task_options options = {.stack_size = (size_t)atoi(argv[2])};
    depth = atoi(argv[5]);
    once(tasks, times / 10, &options); /* warm-up */
    printf("each %.3f\n", once(tasks, times, &options));
    return 0;
}

int main(int argc, char **argv) { return argc < 6 ? 2 : wio_run(measure, argv) < 0; }
