// clock: virtual
// link: -Wl,--wrap=sleep -Wl,--wrap=usleep -Wl,--wrap=nanosleep -Wl,--wrap=clock_nanosleep
// What libc calls sleeping suspends the calling task alone.
#define _GNU_SOURCE
#include "tools.h"

#include <time.h>
#include <unistd.h>

static double at[8];

static int sleeps(void *arg) {
    (void)arg;
    double start = wio_time();
    CHECK_EQ(sleep(2), 0);
    at[0] = wio_time() - start;
    CHECK_EQ(usleep(250000), 0);
    at[1] = wio_time() - start;
    struct timespec half = {0, 500000000}, left = {7, 7};
    CHECK_EQ(nanosleep(&half, &left), 0);
    at[2] = wio_time() - start;
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &half, NULL), 0);
    at[3] = wio_time() - start;
    return 0;
}

static int ticks(void *arg) {
    int n = 0;
    while (*(bool *)arg) n++, wio_sleep(1);
    return n;
}

TEST(each_takes_its_time_while_the_others_run) {
    bool on = true;
    wio_task *ticker = wio_create_task(ticks, &on);
    CHECK_EQ(sleeps(NULL), 0);
    on = false;
    CHECK_EQ(wio_await(ticker), 4);
    CHECK_NEAR(at[0], 2, 1e-9);
    CHECK_NEAR(at[1], 2.25, 1e-9);
    CHECK_NEAR(at[2], 2.75, 1e-9);
    CHECK_NEAR(at[3], 3.25, 1e-9);
}

static int two_at_once(void *arg) {
    (void)arg;
    return (int)sleep(5);
}

TEST(two_sleep_at_once) {
    double start = wio_time();
    CHECK_EQ(WIO_GATHER({two_at_once, NULL}, {two_at_once, NULL}), 0);
    CHECK_NEAR(wio_time() - start, 5, 1e-9);
}

static int until_cancelled(void *arg) {
    (void)arg;
    CHECK_EQ(sleep(10), 7);
    struct timespec asked = {5, 0}, left = {0, 0};
    wio_uncancel();
    return nanosleep(&asked, &left) == 0 ? 0 : -errno;
}

TEST(a_cancel_leaves_the_rest_of_the_time) {
    wio_task *task = wio_create_task(until_cancelled, NULL);
    wio_sleep(3);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 0);
}

TEST(a_timeout_interrupts_with_EINTR) {
    struct timespec asked = {5, 0}, left = {0, 0};
    WIO_TIMEOUT(1.25) {
        CHECK_EQ(nanosleep(&asked, &left), -1);
        CHECK_EQ(errno, EINTR);
        CHECK_EQ(usleep(1000), -1);
        CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, 0, &asked, &left), EINTR);
    }
    CHECK(wio_timeout_expired());
    CHECK_EQ(left.tv_sec, 5);
}

TEST(bad_times_are_refused) {
    struct timespec bad = {0, 1000000000}, negative = {-1, 0};
    CHECK_EQ(nanosleep(&bad, NULL), -1);
    CHECK_EQ(errno, EINVAL);
    CHECK_EQ(nanosleep(&negative, NULL), -1);
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &bad, NULL), EINVAL);
    CHECK_EQ(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &(struct timespec){0, 1}, NULL), EINVAL);
}

TEST(an_absolute_time_is_one_of_libcs_clock) {
    struct timespec now, end;
    double start = wio_time();
    clock_gettime(CLOCK_REALTIME, &now);
    end = (struct timespec){now.tv_sec + 100, now.tv_nsec};
    CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &end, NULL), 0);
    CHECK(wio_time() - start > 90 && wio_time() - start <= 100);
    end.tv_sec -= 1000;
    CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &end, NULL), 0);
}

TEST_OUTSIDE(outside_tasks_they_block_as_before) {
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    double start = wio_time();
    CHECK_EQ(usleep(20000), 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK((double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9 >= 0.019);
    CHECK_EQ(wio_time() - start, 0); /* the virtual clock stands still */
}
