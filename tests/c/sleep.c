// clock: virtual
// Sleeping: time passes, order follows the deadlines, and nothing waits that need not.
#include "check.h"

TEST(sleep_takes_its_time) {
    double start = wio_time();
    CHECK_EQ(wio_sleep(0.25), 0);
    CHECK_NEAR(wio_time() - start, 0.25, 0.01);
}

TEST(sleep_of_zero_and_less_only_yields) {
    double start = wio_time();
    CHECK_EQ(wio_sleep(0), 0);
    CHECK_EQ(wio_sleep(-5), 0);
    CHECK_NEAR(wio_time(), start, 0.01);
}

TEST(sleep_of_nan_is_refused) { CHECK_EQ(wio_sleep(NAN), -EINVAL); }

typedef struct {
    double seconds;
    char letter;
} note;

static char written[8];

static int write_later(void *argument) {
    note *self = (note *)argument;
    int rc = wio_sleep(self->seconds);
    if (rc) return rc;
    strncat(written, &self->letter, 1);
    return 0;
}

TEST(gathered_sleeps_overlap_and_end_by_deadline) {
    note notes[] = {{3, 'c'}, {1, 'a'}, {2, 'b'}};
    double start = wio_time();
    CHECK_OK(WIO_GATHER_EACH(write_later, notes));
    CHECK_NEAR(wio_time() - start, 3, 0.01);
    CHECK_STR(written, "abc");
}

TEST_OUTSIDE(sleep_outside_a_task_is_refused) { CHECK_EQ(wio_sleep(1), -EPERM); }

static char letters[16];

static int steps(void *argument) {
    const char *letter = (const char *)argument;
    for (int i = 0; i < 3; i++) {
        strncat(letters, letter, 1);
        if (wio_yield()) return -1;
    }
    return 0;
}

TEST(SLP_01_sleep_of_zero_lets_what_is_ready_run_once) {
    char a[] = "a", b[] = "b";
    letters[0] = '\0';
    wio_task *first = wio_create_task(steps, a), *second = wio_create_task(steps, b);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(i == 1 ? wio_sleep(-1) : wio_sleep(0), 0); /* SLP-02 */
        CHECK_EQ(strlen(letters), 2 * i + 2);
    }
    CHECK_STR(letters, "ababab");
    CHECK_EQ(wio_await(first), 0);
    CHECK_EQ(wio_await(second), 0);
}

TEST(SLP_04_two_halves_make_the_whole) {
    double start = wio_time();
    for (int i = 0; i < 10; i++) CHECK_EQ(wio_sleep(0.1), 0);
    CHECK(wio_time() - start >= 1 - 1e-9);
    CHECK_NEAR(wio_time() - start, 1, 1e-6);
}

TEST(SLP_05_delays_below_the_clocks_grain_end) {
    for (int i = 0; i < 1000; i++) CHECK_EQ(wio_sleep(1e-300), 0);
    for (int i = 0; i < 1000; i++) CHECK_EQ(wio_sleep(1e-9), 0);
}

static int sleeps_one(void *argument) {
    (void)argument;
    return wio_sleep(1);
}

TEST(SLP_06_due_and_cancelled_in_one_pass_is_cancelled) {
    wio_task *sleeper = wio_create_task(sleeps_one, NULL);
    CHECK_EQ(wio_sleep(1), 0); /* armed first, so it runs first */
    CHECK(!wio_task_done(sleeper));
    wio_task_cancel(sleeper);
    CHECK_EQ(wio_await(sleeper), -ECANCELED);
    CHECK_EQ(wio_sleep(2), 0);
}

static int order[100], woken;

static int same_deadline(void *argument) {
    int rc = wio_sleep(1);
    order[woken++] = *(int *)argument;
    return rc;
}

TEST(SLP_07_equal_deadlines_wake_in_the_order_in_which_they_were_armed) {
    static int numbers[100];
    woken = 0;
    for (int i = 0; i < 100; i++) numbers[i] = i;
    CHECK_OK(WIO_GATHER_EACH(same_deadline, numbers));
    for (int i = 0; i < 100; i++) CHECK_EQ(order[i], i);
}

static double deadlines[200];
static double last_woken;

static int checks_order(void *argument) {
    double seconds = *(double *)argument, start = wio_time();
    int rc = wio_sleep(seconds);
    if (rc == 0) {
        CHECK_NEAR(wio_time() - start, seconds, 1e-6);
        CHECK(seconds >= last_woken);
        last_woken = seconds;
    }
    return rc;
}

TEST(SLP_many_timers_fire_in_order_though_half_are_cancelled) {
    static wio_task *tasks[200];
    unsigned seed = 12345;
    last_woken = 0;
    for (int i = 0; i < 200; i++) {
        seed = seed * 1103515245 + 12345;
        deadlines[i] = 1 + (seed >> 16) % 1000 / 100.0;
        tasks[i] = wio_create_task(checks_order, &deadlines[i]);
    }
    CHECK_EQ(wio_sleep(0.5), 0);
    for (int i = 0; i < 200; i += 2) wio_task_cancel(tasks[i]);
    for (int i = 0; i < 200; i++) CHECK_EQ(wio_await(tasks[i]), i % 2 ? 0 : -ECANCELED);
}
