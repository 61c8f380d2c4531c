// clock: virtual
// asan: detect_stack_use_after_return=0
// Stacks that begin small and grow: over many segments, with a suspension at any depth, with alloca(), in loops, in a task
// that leaves a group behind; and a great many of them, after which their memory is there for others again.
#include "check.h"

#ifdef __wasm__
enum { VERY_MANY = 1000000 };
static size_t memory_bytes(void) { return __builtin_wasm_memory_size(0) * 65536; }
#else
enum { VERY_MANY = 20000 }; /* whose stacks are the machine's */
static size_t memory_bytes(void) { return 0; }
#endif

static unsigned seed = 4711;
static unsigned random_below(unsigned n) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static unsigned char pattern(unsigned a, unsigned b, unsigned i) {
    return (unsigned char)(((a * 31 + b) * 2654435761u >> 13) + i * 7);
}

/* A frame of that size on each level, filled by level and task; all of them must be as they were, after every wait. */
#define LEVEL(name, size)                                                                                              \
    __attribute__((noinline)) static int name(unsigned task, unsigned level, unsigned waits);                          \
    static int name(unsigned task, unsigned level, unsigned waits) {                                                   \
        volatile unsigned char local[size];                                                                            \
        for (unsigned i = 0; i < sizeof local; i++) local[i] = pattern(task, level, i);                                \
        int rc = level == 0 ? bottom(waits) : deeper(task, level - 1, waits);                                          \
        if (rc < 0) return rc;                                                                                         \
        if (level % 7 == 3 && (rc = wio_yield()) < 0) return rc;                                                       \
        for (unsigned i = 0; i < sizeof local; i++)                                                                    \
            if (local[i] != pattern(task, level, i)) return wio_fail(-EFAULT, "task %u, level %u: byte %u", task, level, i); \
        return (int)level + 1;                                                                                         \
    }

static int bottom(unsigned waits) {
    int rc = 0;
    for (unsigned n = 0; n < waits && !rc; n++) rc = random_below(2) ? wio_yield() : wio_sleep(random_below(100) / 1000.0);
    return rc;
}

static int deeper(unsigned task, unsigned level, unsigned waits);
LEVEL(tiny, 16)
LEVEL(middling, 200)
LEVEL(large, 1500)

__attribute__((noinline)) static int deeper(unsigned task, unsigned level, unsigned waits) {
    switch ((task * 5 + level * 3) % 4) {
    case 0: return middling(task, level, waits);
    case 1: return level % 8 ? tiny(task, level, waits) : large(task, level, waits);
    default: return tiny(task, level, waits);
    }
}

enum { TASKS = 300, DEPTH = 160 };

static int dives(void *arg) {
    unsigned task = (unsigned)(intptr_t)arg;
    for (int n = 0; n < 3; n++) {
        unsigned depth = random_below(DEPTH);
        int rc = deeper(task, depth, 3);
        if (rc != (int)depth + 1) return rc < 0 ? rc : -EIO;
        if ((rc = wio_yield()) < 0) return rc;
    }
    return 0;
}

TEST(a_default_task_grows_and_suspends_at_any_depth) {
    WIO_TASK_GROUP(group) {
        for (intptr_t i = 0; i < TASKS; i++) wio_group_create_task(&group, dives, (void *)i);
    }
    CHECK_EQ(wio_group_status(&group), 0);
}

/* Nothing but frames that Asyncify saves: the C stack stays where it is. */
__attribute__((noinline)) static long sums(long a, long b, int n) {
    if (n == 0) return wio_yield() ? -1 : a + b;
    long rest = sums(b, a + 1, n - 1);
    return rest < 0 ? rest : rest + a - b;
}

static int saves_much(void *arg) {
    int n = (int)(intptr_t)arg;
    for (int round = 0; round < 3; round++) {
        long expected = sums(1, 2, n);
        if (expected < -1000000 || sums(1, 2, n) != expected) return -EIO;
    }
    return 0;
}

TEST(saved_frames_have_room_as_they_need_it) {
    static const int depths[] = {0, 1, 2, 5, 17, 60, 200, 700};
    WIO_TASK_GROUP(group) {
        for (size_t i = 0; i < sizeof depths / sizeof *depths; i++)
            wio_group_create_task(&group, saves_much, (void *)(intptr_t)depths[i]);
    }
    CHECK_EQ(wio_group_status(&group), 0);
}

/* ----------------------------------------------------------------------------------------------------- In loops --- */

__attribute__((noinline)) static int big_leaf(int n) {
    volatile char local[3000];
    local[0] = (char)n;
    local[2999] = 1;
    return local[0] + local[2999];
}

static int crosses(void *arg) {
    int count = *(int *)arg, sum = 0;
    for (int i = 0; i < count; i++) {
        sum += big_leaf(i & 15);
        if (i % 64 == 0 && wio_yield() < 0) return -EIO;
    }
    return sum > 0 ? 0 : -EIO;
}

TEST(growth_in_a_loop_takes_no_more_memory_each_time) {
    int few = 1000, many = 200000;
    WIO_GATHER({crosses, &few}, {crosses, &few});
    size_t before = memory_bytes();
    CHECK_EQ(WIO_GATHER({crosses, &many}, {crosses, &many}, {crosses, &many}), 0);
    CHECK_EQ(memory_bytes(), before);
}

static int prints_and_sleeps(void *arg) {
    char text[64];
    snprintf(text, sizeof text, "%g %d %s", 1.5, *(int *)arg, "words");
    return text[0] == '1' ? wio_sleep(10) : -EIO;
}

TEST(what_a_task_needed_for_a_moment_it_does_not_keep) {
    enum { MANY = 20000 };
    int n = 7;
    size_t before = memory_bytes();
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < MANY; i++) wio_group_create_task(&group, prints_and_sleeps, &n);
        wio_yield();
        wio_sleep(1);
        CHECK(memory_bytes() - before < 64u * 1024 * 1024); /* 20,000 stacks that hold printf() would be 160 MB and more */
    }
    CHECK_EQ(wio_group_status(&group), 0);
}

/* -------------------------------------------------------------------------------------- Arrays of variable length --- */

__attribute__((noinline)) static int fill(volatile unsigned char *bytes, unsigned size, unsigned key) {
    for (unsigned i = 0; i < size; i++) bytes[i] = pattern(key, size, i);
    return wio_yield();
}

__attribute__((noinline)) static int holds(const volatile unsigned char *bytes, unsigned size, unsigned key) {
    for (unsigned i = 0; i < size; i++)
        if (bytes[i] != pattern(key, size, i)) return 0;
    return 1;
}

__attribute__((noinline)) static int varies(unsigned key, unsigned levels) {
    volatile unsigned char fixed[40];
    if (fill(fixed, sizeof fixed, key) < 0) return -EIO;
    for (unsigned n = 1; n < 6; n++) {
        volatile unsigned char first[n * 37 + key % 11];
        if (fill(first, sizeof first, key + n) < 0) return -EIO;
        volatile unsigned char second[n * 100];
        if (fill(second, sizeof second, key + n + 1) < 0) return -EIO;
        if (levels && varies(key * 3 + n, levels - 1) < 0) return -EIO;
        if (big_leaf((int)n) == 0) return -EIO;
        if (!holds(first, sizeof first, key + n) || !holds(second, sizeof second, key + n + 1)) return -EFAULT;
    }
    return holds(fixed, sizeof fixed, key) ? 0 : -EFAULT;
}

static int takes_arrays(void *arg) { return varies((unsigned)(intptr_t)arg, 2); }

TEST(arrays_of_variable_length_in_default_tasks) {
    WIO_TASK_GROUP(group) {
        for (intptr_t i = 0; i < 20; i++) wio_group_create_task(&group, takes_arrays, (void *)i);
    }
    CHECK_EQ(wio_group_status(&group), 0);
}

/* ------------------------------------------------------------------------------- What is left behind in a segment --- */

static int ends_later(void *arg) {
    (void)arg;
    wio_sleep(1);
    return wio_sleep(1) == -ECANCELED ? 0 : -EIO;
}

__attribute__((noinline)) static int opens(unsigned level) {
    wio_group group;
    volatile char deep[700];
    deep[0] = deep[699] = 1;
    if (wio_group_open(&group) < 0) return -EIO;
    wio_group_create_task(&group, ends_later, NULL);
    wio_yield();
    return level ? opens(level - 1) : deep[0] + deep[699];
}

static int leaves_groups(void *arg) {
    (void)arg;
    return opens(4);
}

TEST(groups_left_open_in_segments_stay_whole_until_their_tasks_have_ended) {
    wio_task *tasks[3];
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(leaves_groups, NULL);
    int few = 2000;
    CHECK_EQ(WIO_GATHER({crosses, &few}, {takes_arrays, (void *)3}, {dives, (void *)5}), 0);
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_await(tasks[i]), 2);
}

/* --------------------------------------------------------------------------------------------------------- Many --- */

static int asleep;

static int sleeps(void *arg) {
    (void)arg;
    asleep++;
    return wio_sleep(5);
}

static int many_sleep(void *arg) {
    int n = *(int *)arg;
    asleep = 0;
    for (int i = 0; i < n; i++) wio_detach(wio_create_task(sleeps, NULL));
    while (asleep < n) wio_sleep(0.001);
    return wio_sleep(10);
}

TEST_OUTSIDE(the_memory_of_many_tasks_is_there_for_others_when_they_have_ended) {
    int n = VERY_MANY;
    size_t first = memory_bytes();
    CHECK_EQ(wio_run(many_sleep, &n), 0);
    size_t before = memory_bytes();
    CHECK(before - first < (size_t)n * 400);
    CHECK_EQ(wio_run(many_sleep, &n), 0); /* the same slots again */
    CHECK_EQ(memory_bytes(), before);
    size_t size = (size_t)n * 200;
    char *block = malloc(size);
    CHECK(block);
    memset(block, 1, size);
    CHECK_EQ(memory_bytes(), before);
    free(block);
}

static wio_task *stale[2000];

static int keeps_handles(void *arg) {
    (void)arg;
    for (int i = 0; i < 2000; i++) stale[i] = wio_create_task(sleeps, NULL);
    for (int i = 0; i < 2000; i++) wio_detach(stale[i]);
    return wio_sleep(10);
}

static int meets_stale_handles(void *arg) {
    (void)arg;
    int wrong = 0;
    wio_task *task = wio_create_task(sleeps, NULL);
    for (int i = 0; i < 2000; i += 100) wrong += wio_task_done(stale[i]) || wio_await(stale[i]) != -EINVAL;
    int rc = wio_await(task);
    return wrong ? wrong : rc;
}

TEST_OUTSIDE(handles_stay_stale_when_their_slots_were_given_back) {
    int n = VERY_MANY / 10;
    for (int round = 0; round < 3; round++) {
        CHECK_EQ(wio_run(keeps_handles, NULL), 0);
        CHECK_EQ(wio_run(many_sleep, &n), 0);
        CHECK_EQ(wio_run(meets_stale_handles, NULL), 0);
    }
}
