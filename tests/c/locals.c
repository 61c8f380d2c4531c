// clock: virtual
// Large locals across waits: 10,000 tasks that are resumed in another order each time, and none sees another's bytes.
#include "check.h"

enum { TASKS = 10000, ROUNDS = 4, SMALL = 4096, LARGE = 8192 };

static unsigned seed = 12345;
static unsigned random_number(void) { return seed = seed * 1664525u + 1013904223u; }

typedef struct {
    unsigned number;
    double naps[ROUNDS];
    unsigned sum;
} job;

static job jobs[TASKS];
static unsigned finished, order_breaks, last;

static unsigned char pattern(unsigned number, unsigned i) {
    return (unsigned char)((number * 2654435761u >> 11) + i * 131 + (i >> 8));
}

static unsigned checksum(const volatile unsigned char *bytes, unsigned size) {
    unsigned sum = 1;
    for (unsigned i = 0; i < size; i++) sum = sum * 16777619u ^ bytes[i];
    return sum;
}

/* Each in a frame of its own, below others that are suspended with it. */
__attribute__((noinline)) static int inner(job *self, unsigned size, volatile unsigned char *outer) {
    volatile unsigned char local[256];
    for (unsigned i = 0; i < sizeof local; i++) local[i] = pattern(self->number + 7, i);
    for (int round = 0; round < ROUNDS; round++) {
        int rc = wio_sleep(self->naps[round]);
        if (!rc && round % 2) rc = wio_yield();
        if (rc) return rc;
        outer[(self->number + (unsigned)round) % size] ^= 0; /* still writable memory of this task */
    }
    for (unsigned i = 0; i < sizeof local; i++)
        if (local[i] != pattern(self->number + 7, i)) return wio_fail(-EFAULT, "inner byte %u", i);
    return 0;
}

static int holds(job *self, volatile unsigned char *local, unsigned size) {
    for (unsigned i = 0; i < size; i++) local[i] = pattern(self->number, i);
    unsigned before = checksum(local, size);
    int rc = inner(self, size, local);
    if (rc) return rc;
    self->sum = checksum(local, size);
    if (self->sum != before) return wio_fail(-EFAULT, "task %u: checksum", self->number);
    for (unsigned i = 0; i < size; i++)
        if (local[i] != pattern(self->number, i)) return wio_fail(-EFAULT, "task %u: byte %u", self->number, i);
    if (finished++ && self->number < last) order_breaks++;
    last = self->number;
    return 0;
}

static int holds_small(void *arg) {
    volatile unsigned char local[SMALL];
    return holds((job *)arg, local, SMALL);
}

static int holds_large(void *arg) {
    volatile unsigned char local[LARGE];
    return holds((job *)arg, local, LARGE);
}

static void prepare(void) {
    finished = order_breaks = last = 0;
    for (unsigned i = 0; i < TASKS; i++) {
        jobs[i].number = i;
        jobs[i].sum = 0;
        for (int round = 0; round < ROUNDS; round++) jobs[i].naps[round] = (random_number() >> 12) / 1e6;
    }
}

TEST(ten_thousand_tasks_keep_their_locals) {
    prepare();
    wio_call *calls = (wio_call *)malloc(TASKS * sizeof *calls);
    int *statuses = (int *)malloc(TASKS * sizeof *statuses);
    REQUIRE(calls && statuses);
    for (int i = 0; i < TASKS; i++) calls[i] = (wio_call){i % 2 ? holds_large : holds_small, &jobs[i]};
    CHECK_EQ(wio_gather(calls, TASKS, statuses), 0);
    int wrong = 0;
    for (int i = 0; i < TASKS; i++) wrong += statuses[i] != 0;
    CHECK_EQ(wrong, 0);
    CHECK_EQ(finished, TASKS);
    CHECK(order_breaks > TASKS / 4);
    free(calls);
    free(statuses);
}

/* Some give up in the middle, so that their stacks are used again by others while the rest sleep. */
TEST(stacks_are_used_again_without_traces) {
    enum { N = 3000 };
    static wio_task *tasks[N];
    int cancelled = 0, right = 0;
    prepare();
    for (int i = 0; i < N; i++) {
        tasks[i] = wio_create_task(i % 2 ? holds_large : holds_small, &jobs[i]);
        REQUIRE(tasks[i]);
        if (i % 3 == 2) {
            wio_sleep(0.001);
            wio_task_cancel(tasks[i - 1]);
        }
    }
    for (int i = 0; i < N; i++) {
        int rc = wio_await(tasks[i]);
        cancelled += rc == -ECANCELED;
        right += rc == 0;
    }
    CHECK_EQ(cancelled, N / 3);
    CHECK_EQ(right, N - N / 3);
}
