// clock: virtual
// stderr: wio_call_soon\(\): fn is NULL
// stderr: wio_call_later\(\): the time is not a number
// stderr: wio_call_soon\(\): no loop runs
// call_soon, call_later, call_at and their handles (HND).
#include "tools.h"

static char a[] = "a", b[] = "b", c[] = "c", d[] = "d", e[] = "e";

/* arg: the letter to mark. */
static void letter(void *arg) {
    CHECK(!wio_current_task());
    mark(*(const char *)arg);
}

TEST(HND_01_callbacks_run_in_order_once_in_the_next_pass) {
    trace_clear();
    wio_call_soon(letter, a);
    wio_call_soon(letter, b);
    wio_call_soon(letter, a);
    CHECK_STR(trace, "");
    wio_yield();
    CHECK_STR(trace, "aba");
    yields(3);
    CHECK_STR(trace, "aba");
}

static void schedules(void *arg) {
    letter(arg);
    CHECK(wio_call_soon(letter, b) != NULL);
}

TEST(HND_02_what_a_callback_schedules_comes_in_the_next_pass) {
    trace_clear();
    wio_call_soon(schedules, a);
    wio_call_soon(letter, c);
    wio_yield();
    CHECK_STR(trace, "ac");
    wio_yield();
    CHECK_STR(trace, "acb");
}

TEST(HND_03_timers_due_in_a_pass_come_after_what_was_ready) {
    trace_clear();
    CHECK(wio_call_later(-1, letter, a) != NULL);
    CHECK(wio_call_soon(letter, b) != NULL);
    wio_task *task = wio_create_task(marks, c);
    wio_yield();
    CHECK_STR(trace, "bc");
    wio_yield();
    CHECK_STR(trace, "bca");
    CHECK_EQ(wio_await(task), 0);
}

TEST(HND_04_by_time_the_most_overdue_first) {
    double start = wio_time();
    trace_clear();
    wio_call_later(3, letter, a);
    wio_call_at(start + 1, letter, b);
    wio_call_later(2, letter, c);
    wio_call_later(-1, letter, d);
    wio_call_at(start - 5, letter, e);
    wio_yield();
    wio_yield();
    CHECK_STR(trace, "ed");
    CHECK_EQ(wio_sleep(5), 0);
    CHECK_STR(trace, "edbca");
}

static void notes_time(void *arg) { *(double *)arg = wio_time(); }

TEST(HND_05_call_at_uses_the_loops_clock) {
    double at = 0, later = 0, start = wio_time();
    wio_call_at(start + 2.5, notes_time, &at);
    wio_call_later(1.5, notes_time, &later);
    CHECK_EQ(wio_sleep(5), 0);
    CHECK_NEAR(at, start + 2.5, 1e-6);
    CHECK_NEAR(later, start + 1.5, 1e-6);
}

TEST(HND_06_equal_times_in_order_of_arming) {
    double when = wio_time() + 1;
    trace_clear();
    wio_call_at(when, letter, a);
    wio_call_at(when, letter, b);
    wio_call_at(when, letter, c);
    CHECK_EQ(wio_sleep(2), 0);
    CHECK_STR(trace, "abc");
}

TEST(HND_07_not_a_number_is_a_named_error) {
    CHECK(!wio_call_later(NAN, letter, a));
    CHECK_HAS(last_message(), "not a number");
    CHECK(!wio_call_at(NAN, letter, a));
    CHECK(!wio_call_soon(NULL, a));
    CHECK(!wio_call_later(1, NULL, a));
    CHECK(!wio_call_at(1, NULL, a));
    CHECK_EQ(wio_task_error(wio_current_task())->code, -EINVAL);
}

TEST(HND_08_waits_longer_than_any_host_timer) {
    double start = wio_time(), weeks = 60 * 60 * 24 * 40, at = 0;
    wio_call_later(weeks, notes_time, &at);
    CHECK_EQ(wio_sleep(weeks + 1), 0);
    CHECK_NEAR(at - start, weeks, 1e-3);
}

static void never(void *arg) {
    (void)arg;
    CHECK(!"it was cancelled");
}

TEST(HND_09_a_cancelled_handle_never_runs) {
    wio_handle *soon = wio_call_soon(never, NULL), *later = wio_call_later(1, never, NULL), *now = wio_call_later(0, never, NULL);
    CHECK(wio_handle_cancel(soon));
    CHECK(wio_handle_cancel(later));
    CHECK(!wio_handle_cancel(soon)); /* twice is harmless */
    CHECK(!wio_handle_cancel(later));
    CHECK(!wio_handle_cancel(NULL));
    CHECK(!wio_handle_cancel((wio_handle *)(uintptr_t)12345));
    CHECK(wio_handle_cancel(now));
    double start = wio_time();
    CHECK_EQ(wio_sleep(2), 0);
    CHECK_NEAR(wio_time() - start, 2, 1e-6);
}

static wio_handle *other;

static void cancels(void *arg) {
    letter(arg);
    CHECK(wio_handle_cancel(other));
}

TEST(HND_09_cancelled_in_the_pass_in_which_it_was_to_run) {
    trace_clear();
    wio_call_soon(cancels, a);
    other = wio_call_soon(never, NULL);
    wio_yield();
    wio_call_soon(cancels, b);
    other = wio_call_later(0, never, NULL); /* due in that pass, behind what is ready */
    yields(3);
    wio_call_later(0, cancels, c);
    other = wio_call_later(0, never, NULL);
    yields(3);
    CHECK_STR(trace, "abc");
}

static void cancels_itself(void *arg) { CHECK(!wio_handle_cancel(*(wio_handle **)arg)); }

TEST(HND_09_a_handle_is_stale_once_it_runs) {
    static wio_handle *self;
    self = wio_call_soon(cancels_itself, &self);
    wio_yield();
    CHECK(!wio_handle_cancel(self));
    self = wio_call_later(1, cancels_itself, &self);
    CHECK_EQ(wio_sleep(2), 0);
    CHECK(isnan(wio_handle_when(self)));
    wio_handle *fresh = wio_call_soon(never, NULL); /* in the same slot */
    CHECK(!wio_handle_cancel(self));
    CHECK(wio_handle_cancel(fresh));
}

TEST(HND_when_tells_when) {
    double start = wio_time();
    wio_handle *at = wio_call_at(start + 7, never, NULL), *later = wio_call_later(3, never, NULL);
    wio_handle *soon = wio_call_soon(letter, a), *endless = wio_call_later(WIO_FOREVER, never, NULL);
    CHECK_NEAR(wio_handle_when(at), start + 7, 1e-6);
    CHECK_NEAR(wio_handle_when(later), start + 3, 1e-6);
    CHECK(isnan(wio_handle_when(soon)));
    CHECK(isnan(wio_handle_when(NULL)));
    CHECK(isinf(wio_handle_when(endless)));
    CHECK(wio_handle_cancel(at) && wio_handle_cancel(later) && wio_handle_cancel(endless));
    CHECK(isnan(wio_handle_when(at)));
    wio_yield();
}

TEST(HND_10_masses_of_cancelled_timers_leave_nothing) {
    enum { MANY = 20000 };
    static wio_handle *handles[100];
    double start = wio_time();
    for (int i = 0; i < MANY; i++) {
        wio_handle **handle = &handles[i % 100];
        if (*handle) CHECK(wio_handle_cancel(*handle));
        *handle = i % 3 ? wio_call_later(10 + i, never, NULL) : wio_call_soon(never, NULL);
    }
    for (int i = 0; i < 100; i++) CHECK(wio_handle_cancel(handles[i]));
    CHECK_EQ(wio_sleep(1), 0);
    CHECK_NEAR(wio_time() - start, 1, 1e-6);
}

static wio_task *born;

static void creates(void *arg) {
    born = wio_create_task(marks, arg);
    CHECK_EQ(wio_sleep(1), -EPERM); /* it is no task */
}

TEST(HND_a_callback_may_create_tasks_and_must_not_wait) {
    trace_clear();
    wio_call_soon(creates, a);
    wio_yield();
    REQUIRE(born);
    CHECK_EQ(wio_await(born), 0);
    born = NULL;
    wio_call_later(1, creates, b);
    CHECK_EQ(wio_sleep(2), 0);
    REQUIRE(born);
    CHECK_EQ(wio_await(born), 0);
    CHECK_STR(trace, "ab");
}

static int sleeps_two(void *arg) {
    wio_task *self = wio_current_task();
    int rc = wio_sleep(2);
    CHECK(wio_current_task() == self);
    CHECK_EQ(wio_cancelling(), 0);
    (void)arg;
    return rc;
}

/* The task that ran last in the pass is not the current one while timed callbacks run. */
static void has_no_task(void *arg) {
    CHECK(!wio_current_task());
    CHECK_EQ(wio_cancelling(), -EPERM);
    CHECK_EQ(wio_yield(), -EPERM);
    mark(*(const char *)arg);
}

TEST(HND_timed_callbacks_run_outside_tasks) {
    trace_clear();
    wio_task *task = wio_create_task(sleeps_two, NULL);
    wio_call_later(0, has_no_task, a);
    wio_call_later(1, has_no_task, b);
    CHECK_EQ(wio_await(task), 0);
    CHECK_STR(trace, "ab");
}

static void sets(void *arg) { wio_future_set_result((wio_future *)arg, 5); }

TEST(HND_set_result_after_a_time) {
    wio_future future = WIO__ZERO;
    double start = wio_time();
    wio_call_later(3, sets, &future);
    CHECK_EQ(wio_future_await(&future), 5);
    CHECK_NEAR(wio_time() - start, 3, 1e-6);
}

TEST(HND_a_pending_callback_is_no_deadlock) {
    wio_future future = WIO__ZERO;
    wio_call_soon(sets, &future);
    CHECK_EQ(wio_future_await(&future), 5);
}

TEST_OUTSIDE(HND_outside_a_loop_it_is_refused) {
    CHECK(!wio_call_soon(letter, a));
    CHECK_EQ(wio_task_error(NULL)->code, -EPERM);
    CHECK(!wio_call_later(1, letter, a));
    CHECK(!wio_call_at(1, letter, a));
}

static int leaves(void *arg) {
    wio_call_later(100, never, NULL);
    wio_call_later(WIO_FOREVER, never, NULL);
    *(wio_handle **)arg = wio_call_later(5, never, NULL);
    return 0;
}

static int leaves_soon(void *arg) {
    *(wio_handle **)arg = wio_call_soon(letter, a);
    return 0;
}

TEST_OUTSIDE(HND_what_is_left_at_the_end_of_the_run_never_runs) {
    wio_handle *handle = NULL;
    double start = wio_time();
    CHECK_EQ(wio_run(leaves, &handle), 0);
    CHECK_NEAR(wio_time(), start, 1e-6);
    CHECK(!wio_handle_cancel(handle));
    CHECK(isnan(wio_handle_when(handle)));
    trace_clear();
    CHECK_EQ(wio_run(leaves_soon, &handle), 0); /* the last pass comes after main's end */
    CHECK_STR(trace, "a");
    CHECK_EQ(wio_run(leaves_soon, &handle), 0);
    CHECK_STR(trace, "aa");
}

/* ---------------------------------------------------------------------------------------------------- Stress --- */

static unsigned seed;
static unsigned below(unsigned n) {
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

static int called;
static double last;

static void counts(void *arg) {
    (void)arg;
    called++;
    CHECK(wio_time() >= last);
    last = wio_time();
    if (below(8) == 0) {
        wio_call_later(below(3), counts, NULL);
        called--;
    }
}

TEST(HND_stress_random_handles) {
    for (unsigned round = 0; round < 300; round++) {
        seed = round;
        called = 0;
        last = 0;
        int expected = 0;
        wio_handle *handles[50];
        for (int i = 0; i < 50; i++) {
            double seconds = (double)below(5) - 1;
            handles[i] = below(3) ? wio_call_later(seconds, counts, NULL) : wio_call_soon(counts, NULL);
            expected += handles[i] != NULL;
            if (below(4) == 0) expected -= wio_handle_cancel(handles[below((unsigned)i + 1)]);
            if (below(6) == 0) wio_sleep(below(2));
        }
        wio_sleep(200);
        CHECK_EQ(called, expected);
    }
}
