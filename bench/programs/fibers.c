/* The same workloads on Emscripten's fibers, with as small a scheduler as they need: no cancellation, no errors, no
 * stack checks. `fibers WORKLOAD SHAPE NUMBERS…`, SHAPE being
 *   direct     a task that waits swaps straight to the next ready one: one emscripten_fiber_swap() a switch
 *   scheduler  it swaps to the scheduler's fiber, which swaps to the next: two */
#include <emscripten.h>
#include <emscripten/fiber.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool direct;
static int numbers[3];

static void mark(const char *name) {
    printf("mark %s\n", name);
    fflush(stdout);
}

static double seconds(void) { return emscripten_get_now() / 1000; }
static double memory(void) { return __builtin_wasm_memory_size(0) * 65536.0; }

/* ------------------------------------------------------------------------------------------------- Scheduler --- */

/* 1 KiB a task, as on wasyncio; those that go deep have more. */
static int stack_size = 512, saved_size = 512;
enum { SAVED_MAIN = 16384 };

typedef struct task {
    emscripten_fiber_t fiber;
    struct task *next;
    void (*fn)(void *arg);
    void *arg;
    double deadline;
    char stacks[] __attribute__((aligned(16)));
} task;

static task *first, *last, *unused, *current;
static emscripten_fiber_t scheduler;
static char saved_main[SAVED_MAIN];
static int live;

static void ready(task *self) {
    self->next = NULL;
    if (first) last->next = self;
    else first = self;
    last = self;
}

static task *take(void) {
    task *self = first;
    first = self->next;
    return self;
}

static void wait(void) {
    task *self = current;
    if (!direct || !first) {
        current = NULL;
        emscripten_fiber_swap(&self->fiber, &scheduler);
    } else if (first == self) {
        take();
    } else {
        current = take();
        emscripten_fiber_swap(&self->fiber, &current->fiber);
    }
}

static void yield(void) {
    ready(current);
    wait();
}

static void entry(void *arg) {
    task *self = arg;
    self->fn(self->arg);
    live--;
    self->next = unused; /* taken again at the earliest after the swap away */
    unused = self;
    wait();
}

static void spawn(void (*fn)(void *arg), void *arg) {
    task *self = unused;
    if (self) unused = self->next;
    else if (!(self = memalign(16, sizeof *self + (size_t)(stack_size + saved_size)))) abort();
    self->fn = fn;
    self->arg = arg;
    emscripten_fiber_init(&self->fiber, entry, self, self->stacks, (size_t)stack_size, self->stacks + stack_size,
                          (size_t)saved_size);
    live++;
    ready(self);
}

/* A binary heap of those that sleep. */
static task **heap;
static int sleeping, room;

static void sleep_for(double time) {
    task *self = current;
    self->deadline = seconds() + time;
    if (sleeping == room && !(heap = realloc(heap, (room = room ? 2 * room : 64) * sizeof *heap))) abort();
    int at = sleeping++;
    for (; at > 0 && heap[(at - 1) / 2]->deadline > self->deadline; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = self;
    wait();
}

static void wake_first(void) {
    ready(heap[0]);
    task *moved = heap[--sleeping];
    int at = 0;
    for (int child; (child = 2 * at + 1) < sleeping; at = child) {
        if (child + 1 < sleeping && heap[child + 1]->deadline < heap[child]->deadline) child++;
        if (heap[child]->deadline >= moved->deadline) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

/* Until all but `rest` tasks have ended, or nothing more can be done without waiting for `asleep` of them. */
static void run_until(int rest, int asleep) {
    while (live > rest && (first || sleeping != asleep)) {
        while (first) {
            current = take();
            emscripten_fiber_swap(&scheduler, &current->fiber);
        }
        if (live == rest || sleeping == asleep) return;
        double now = seconds();
        while (sleeping && heap[0]->deadline <= now) wake_first();
        if (!first) emscripten_sleep((unsigned)((heap[0]->deadline - now) * 1000) + 1);
    }
}

static void run(void) { run_until(0, -1); }

/* ------------------------------------------------------------------------------------------------- Workloads --- */

static void yield_many(void *arg) {
    for (int n = *(int *)arg; n > 0; n--) yield();
}

static double yield_once(int tasks, int count) {
    double start = seconds();
    for (int i = 0; i < tasks; i++) spawn(yield_many, &count);
    run();
    return (seconds() - start) * 1e9 / tasks / count;
}

static void measure_yield(void) {
    yield_once(numbers[0], numbers[1] / 10);
    printf("each %.3f\n", yield_once(numbers[0], numbers[1]));
}

__attribute__((noinline)) static int yield_at(int left) {
    if (left > 0) {
        int below = yield_at(left - 1);
        __asm__ volatile("" : "+r"(below)); /* or the compiler would make a loop of it */
        return below + left;
    }
    for (int n = numbers[1]; n > 0; n--) yield();
    return 0;
}

static int reached;
static void dive(void *arg) {
    (void)arg;
    reached += yield_at(numbers[2]);
}

static double depth_once(void) {
    double start = seconds();
    for (int i = 0; i < numbers[0]; i++) spawn(dive, NULL);
    run();
    return (seconds() - start) * 1e9 / numbers[0] / numbers[1];
}

static void measure_depth(void) {
    depth_once();
    printf("each %.3f\n", depth_once());
}

static void yield_one(void *arg) {
    (void)arg;
    yield();
}

static void measure_spawn(void) {
    int tasks = numbers[0], batches = numbers[1], repeats = numbers[2];
    for (int repeat = 0; repeat < repeats; repeat++) {
        double start = seconds();
        for (int batch = 0; batch < batches; batch++) {
            for (int i = 0; i < tasks; i++) spawn(yield_one, NULL);
            run();
        }
        printf("each %.3f\n", (seconds() - start) * 1e9 / tasks / batches);
    }
}

static void sleep_long(void *arg) {
    (void)arg;
    sleep_for(1000);
}

static void measure_memory(void) {
    mark("before");
    double before = memory();
    for (int i = 0; i < numbers[0]; i++) spawn(sleep_long, NULL);
    run_until(0, numbers[0]);
    printf("memory %.3f\n", memory() - before);
    mark("after");
}

static void sleep_some(void *arg) { sleep_for((intptr_t)arg / 1000.0); }

static void measure_sleep(void) {
    uint32_t random = 1;
    mark("before");
    double start = seconds();
    for (int i = 0; i < numbers[0]; i++) {
        random = random * 1664525 + 1013904223;
        spawn(sleep_some, (void *)(intptr_t)((random >> 16) % 101));
    }
    run();
    printf("each %.3f\n", (seconds() - start) * 1e9);
    mark("after");
}

typedef struct {
    int value;
    task *first, *last;
} semaphore;

static void release(semaphore *s) {
    task *waiter = s->first;
    if (!waiter) {
        s->value++;
        return;
    }
    s->first = waiter->next;
    ready(waiter);
}

static void acquire(semaphore *s) {
    if (s->value > 0) {
        s->value--;
        return;
    }
    current->next = NULL;
    if (s->first) s->last->next = current;
    else s->first = current;
    s->last = current;
    wait();
}

static semaphore table, net;

static void ping(void *arg) {
    for (int n = *(int *)arg; n > 0; n--) {
        release(&net);
        acquire(&table);
    }
}

static void pong(void *arg) {
    for (int n = *(int *)arg; n > 0; n--) {
        acquire(&net);
        release(&table);
    }
}

static double pingpong_once(int count) {
    double start = seconds();
    spawn(ping, &count);
    spawn(pong, &count);
    run();
    return (seconds() - start) * 1e9 / count / 2;
}

static void measure_pingpong(void) {
    pingpong_once(numbers[0] / 10);
    printf("each %.3f\n", pingpong_once(numbers[0]));
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*fn)(void);
    } workloads[] = {{"yield", measure_yield}, {"spawn", measure_spawn},       {"memory", measure_memory},
                     {"sleep", measure_sleep}, {"pingpong", measure_pingpong}, {"depth", measure_depth}};
    if (argc < 3) return 2;
    direct = strcmp(argv[2], "direct") == 0;
    for (int i = 3; i < argc && i < 6; i++) numbers[i - 3] = atoi(argv[i]);
    if (strcmp(argv[1], "depth") == 0) stack_size = saved_size = 16384;
    emscripten_fiber_init_from_current_context(&scheduler, saved_main, SAVED_MAIN);
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        if (strcmp(argv[1], workloads[i].name) != 0) continue;
        workloads[i].fn();
        printf("end\n"); /* to the host main() seemed to return long ago, with its first swap */
        return 0;
    }
    return 2;
}
