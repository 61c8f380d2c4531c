// build: threads
// stderr: ^wasyncio: wio_sleep: a function that wio_to_thread\(\) runs cannot call it
// stderr: ^wasyncio: wio_create_task: a function that wio_to_thread\(\)
// stderr: ^wasyncio: wio_event_set: a function that wio_to_thread\(\)
// stderr: ^wasyncio: wio_current_task: a function that wio_to_thread\(\)
// stderr: ^wasyncio: wio_to_thread: a function that wio_to_thread\(\)
// stderr: wio_to_thread\(\): fn is NULL
// stderr: wio_to_thread\(\): works only inside a task
// Threads on the program's heap (THR; asyncio.to_thread()). Pages are cross-origin isolated for it.
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

static atomic_int count;
static _Thread_local int own = 7;

static int adds(void *arg) {
    atomic_fetch_add(&count, 1);
    *(int *)arg += 1;
    return *(int *)arg;
}

TEST(result_and_heap_are_shared) {
    int *number = malloc(sizeof *number);
    *number = 41;
    CHECK_EQ(wio_to_thread(adds, number), 42);
    CHECK_EQ(*number, 42);
    CHECK_EQ(wio_to_thread(adds, number), 43);
    free(number);
}

TEST_OUTSIDE(refused_outside_tasks) {
    int number = 0;
    CHECK_EQ(wio_to_thread(adds, &number), -EPERM);
    CHECK_EQ(number, 0);
}

TEST(refuses_null) { CHECK_EQ(wio_to_thread(NULL, NULL), -EINVAL); }

static int changes_its_own(void *arg) {
    (void)arg;
    errno = 99;
    return own++ >= 7 ? 0 : -EIO;
}

TEST(thread_local_variables_and_errno_are_apart) {
    errno = 5;
    own = 1;
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_to_thread(changes_its_own, NULL), 0);
    CHECK_EQ(errno, 5);
    CHECK_EQ(own, 1);
    own = 7;
}

static char user, place, unset;

static int looks_and_sets(void *arg) {
    (void)arg;
    if (strcmp(wio_context_get(&user), "Ada") != 0 || wio_context_get(&place) || wio_context_get(&unset)) return -EIO;
    if (wio_context_set(&user, "Bob") < 0 || wio_context_set(&place, "home") < 0) return -ENOMEM;
    if (wio_context_set(&place, "sea") < 0 || wio_context_set(NULL, NULL) != -EINVAL) return -EBADF;
    return strcmp(wio_context_get(&user), "Bob") == 0 && strcmp(wio_context_get(&place), "sea") == 0 ? 0 : -ERANGE;
}

TEST(CTX_08_a_thread_has_a_copy_of_its_callers_variables) {
    wio_context_set(&user, "Ada");
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_to_thread(looks_and_sets, NULL), 0); /* the thread is the same, its copy is not */
    CHECK_STR(wio_context_get(&user), "Ada");
    CHECK(wio_context_get(&place) == NULL);
}

static int looks(void *arg) {
    for (int i = 0; i < 1000; i++)
        if (wio_context_get(&user) != arg) return -EIO;
    wio_context_set(&user, &unset);
    return wio_context_get(&user) == &unset ? 0 : -EIO;
}

static int asks_in_a_thread(void *arg) {
    wio_context_set(&user, arg);
    int rc = wio_to_thread(looks, arg);
    return rc < 0 ? rc : wio_context_get(&user) == arg ? 0 : -ERANGE;
}

TEST(CTX_08_threads_at_the_same_time_have_each_their_callers) {
    char names[8];
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < 8; i++) wio_group_create_task(&group, asks_in_a_thread, &names[i]);
    }
    CHECK_EQ(wio_group_status(&group), 0);
}

static int fails(void *arg) { return wio_fail(-ERANGE, "%s is %d", (const char *)arg, 7); }
static int fails_without_words(void *arg) {
    (void)arg;
    return -EBUSY;
}

TEST(words_of_a_failure_arrive) {
    CHECK_EQ(wio_to_thread(fails, "seven"), -ERANGE);
    CHECK_STR(wio_task_error(wio_current_task())->message, "seven is 7");
    CHECK_EQ(wio_to_thread(fails_without_words, NULL), -EBUSY);
    CHECK(strstr(wio_task_error(wio_current_task())->message, "seven") == NULL);
}

static int calls_wasyncio(void *arg) {
    wio_event *event = arg;
    if (wio_sleep(0) != -EPERM) return 1;
    if (wio_create_task(adds, NULL)) return 2;
    wio_event_set(event);
    if (wio_current_task()) return 3;
    if (wio_to_thread(adds, NULL) != -EPERM) return 4;
    if (wio_time() <= 0) return 5;
    pthread_t thread;
    if (pthread_create(&thread, NULL, (void *(*)(void *))(void *)adds, NULL) != ENOTSUP) return 6;
    return strcmp(wio_error_name(-EPERM), "EPERM") ? 7 : 0;
}

TEST(wasyncio_is_refused_in_a_thread) {
    wio_event event;
    wio_event_init(&event);
    CHECK_EQ(wio_to_thread(calls_wasyncio, &event), 0);
    CHECK(!wio_event_is_set(&event));
}

/* Everybody in malloc() at once: threads, and the loop. */
static int allocates(void *arg) {
    unsigned seed = (unsigned)(uintptr_t)arg;
    void *blocks[64] = {0};
    for (int i = 0; i < 20000; i++) {
        seed = seed * 1664525 + 1013904223;
        unsigned at = seed >> 26;
        free(blocks[at]);
        size_t size = 1 + (seed >> 8) % 2000;
        blocks[at] = malloc(size);
        if (!blocks[at]) return -ENOMEM;
        memset(blocks[at], (int)at, size);
    }
    for (int i = 0; i < 64; i++) free(blocks[i]);
    return 0;
}

static int in_thread(void *arg) { return wio_to_thread(allocates, arg); }

TEST(all_allocate_at_once) {
    WIO_TASK_GROUP(group) {
        for (uintptr_t i = 1; i <= 8; i++) wio_group_create_task(&group, in_thread, (void *)i);
        for (uintptr_t i = 100; i < 110; i++) {
            CHECK_EQ(allocates((void *)i), 0);
            wio_yield();
        }
    }
    CHECK_EQ(wio_group_status(&group), 0);
}

static int grows(void *arg) {
    char **block = arg;
    *block = malloc(40u << 20);
    if (!*block) return -ENOMEM;
    (*block)[(40u << 20) - 1] = 'x';
    return 0;
}

TEST(memory_that_a_thread_has_grown) {
    char *block;
    REQUIRE(wio_to_thread(grows, &block) == 0);
    CHECK_EQ(block[(40u << 20) - 1], 'x');
    char text[16];
    snprintf(text, sizeof text, "%p", (void *)block); /* printf and the host see the new memory */
    CHECK(text[0] != '\0');
    free(block);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long guarded;

static int locks(void *arg) {
    (void)arg;
    for (int i = 0; i < 2000; i++) {
        pthread_mutex_lock(&mutex);
        long before = guarded;
        guarded = before + 1;
        pthread_mutex_unlock(&mutex);
    }
    return 0;
}

static int locks_in_thread(void *arg) { return wio_to_thread(locks, arg); }

TEST(mutexes_work) {
    guarded = 0;
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < 4; i++) wio_group_create_task(&group, locks_in_thread, NULL);
        locks(NULL);
    }
    CHECK_EQ(guarded, 10000);
}

static int sleeps(void *arg) {
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    usleep(50000);
    clock_gettime(CLOCK_MONOTONIC, &after);
    *(double *)arg = (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
    return 0;
}

static int sleeps_in_thread(void *arg) { return wio_to_thread(sleeps, arg); }

TEST(libc_sleep_blocks_the_thread_and_not_the_loop) {
    double slept = 0;
    int ticks = 0;
    wio_task *task = wio_create_task(sleeps_in_thread, &slept);
    while (!wio_task_done(task)) {
        wio_sleep(0.001);
        ticks++;
    }
    CHECK_EQ(wio_await(task), 0);
    CHECK(slept >= 0.049);
    CHECK(ticks >= 2);
}

static atomic_int begun;

static int until_cancelled(void *arg) {
    atomic_fetch_add(&begun, 1);
    while (!wio_thread_cancelled()) usleep(1000);
    return *(int *)arg;
}

static int waits_for_it(void *arg) {
    int rc = wio_to_thread(until_cancelled, arg);
    return rc == 5 && wio_sleep(10) == -ECANCELED ? -ECANCELED : -EIO;
}

TEST(a_cancel_asks_and_waits) {
    int five = 5;
    begun = 0;
    wio_task *task = wio_create_task(waits_for_it, &five);
    while (!begun) wio_sleep(0.001);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK(!wio_thread_cancelled());
}

TEST(so_does_a_timeout) {
    int five = 5, rc = 0;
    WIO_TIMEOUT(0.05) { rc = wio_to_thread(until_cancelled, &five); }
    CHECK_EQ(rc, 5);
}

static int blocked(void *arg) {
    (void)arg;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    return 0;
}

static int blocked_in_thread(void *arg) { return wio_to_thread(blocked, arg); }
static int counts_in_thread(void *arg) { return wio_to_thread(adds, arg); }

TEST(a_call_in_line_is_given_up) {
    enum { MANY = 40 }; /* more than there are threads at most */
    wio_task *busy[MANY];
    int number = 0;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < MANY; i++) busy[i] = wio_create_task(blocked_in_thread, NULL);
    wio_task *last = wio_create_task(counts_in_thread, &number);
    wio_sleep(0.01);
    wio_task_cancel(last);
    CHECK_EQ(wio_await(last), -ECANCELED);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < MANY; i++) CHECK_EQ(wio_await(busy[i]), 0);
    CHECK_EQ(number, 0);
}

TEST(a_thousand_calls) {
    count = 0;
    static int numbers[1000];
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < 1000; i++) {
            numbers[i] = 0;
            wio_group_create_task(&group, counts_in_thread, &numbers[i]);
        }
    }
    CHECK_EQ(count, 1000);
    for (int i = 0; i < 1000; i++) CHECK_EQ(numbers[i], 1);
}

static int squares(const void *in, size_t in_size, void *out, size_t out_size) {
    int n;
    memcpy(&n, in, in_size);
    n *= n;
    memcpy(out, &n, out_size);
    return 0;
}

TEST(executors_beside_threads) {
    int in = 12, out = 0;
    CHECK_EQ(wio_run_in_executor(NULL, squares, &in, sizeof in, &out, sizeof out), 0);
    CHECK_EQ(out, 144);
}
