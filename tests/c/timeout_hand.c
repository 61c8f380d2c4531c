// clock: virtual
// stderr: wio_timeout_open\(\): this timeout is open already
// stderr: wio_timeout_close\(\): this timeout is not open in this task
// stderr: wio_timeout_close\(\): a group inside it is still open
// stderr: wio_timeout_reschedule\(\): this timeout is not open
// stderr: wio_timeout_reschedule\(\): this timeout has expired already
// Timeouts that are opened, moved and closed by hand (TMO).
#include "tools.h"

TEST(TMO_01_by_hand) {
    wio_scope timeout;
    double start = wio_time();
    CHECK_EQ(wio_timeout_open(&timeout, 2), 0);
    CHECK_EQ(wio_sleep(LONG), -ETIMEDOUT);
    CHECK_EQ(wio_cancelling(), 1);
    CHECK_EQ(wio_timeout_close(&timeout), -ETIMEDOUT);
    CHECK(wio_timeout_expired());
    CHECK_NEAR(wio_time() - start, 2, 1e-6);
    CHECK_EQ(wio_cancelling(), 0); /* TMO-13 */
    CHECK_EQ(wio_sleep(1), 0);
}

TEST(TMO_03_when_gives_the_deadline_back) {
    wio_scope timeout;
    double start = wio_time();
    CHECK_EQ(wio_timeout_open(&timeout, 2), 0);
    CHECK_NEAR(wio_timeout_when(&timeout), start + 2, 1e-9);
    CHECK_EQ(wio_timeout_close(&timeout), 0);
    CHECK(isinf(wio_timeout_when(&timeout)));
    CHECK(isinf(wio_timeout_when(NULL)));
}

TEST(TMO_04_time_counts_from_the_opening) {
    wio_scope timeout;
    CHECK_EQ(wio_timeout_open(&timeout, 3), 0);
    CHECK_EQ(wio_sleep(2), 0);
    CHECK_EQ(wio_sleep(2), -ETIMEDOUT);
    CHECK_EQ(wio_timeout_close(&timeout), -ETIMEDOUT);
}

TEST(TMO_05_in_time_and_without_limit) {
    wio_scope timeout;
    CHECK_EQ(wio_timeout_open(&timeout, 5), 0);
    CHECK_EQ(wio_sleep(1), 0);
    CHECK_EQ(wio_timeout_close(&timeout), 0);
    CHECK(!wio_timeout_expired());
    CHECK_EQ(wio_timeout_open(&timeout, WIO_FOREVER), 0);
    CHECK(isinf(wio_timeout_when(&timeout)));
    CHECK_EQ(wio_sleep(LONG), 0);
    CHECK_EQ(wio_timeout_close(&timeout), 0);
}

TEST(TMO_06_zero_strikes_the_first_wait) {
    wio_scope timeout;
    CHECK_EQ(wio_timeout_open(&timeout, 0), 0);
    CHECK_EQ(wio_yield(), -ETIMEDOUT);
    CHECK_EQ(wio_timeout_close(&timeout), -ETIMEDOUT);
    CHECK_EQ(wio_timeout_open(&timeout, -5), 0); /* TMO-07: no wait, not timed out */
    CHECK_EQ(wio_timeout_close(&timeout), 0);
}

TEST(TMO_23_rescheduled_later_earlier_to_never_and_to_the_past) {
    wio_scope timeout;
    double start = wio_time();
    CHECK_EQ(wio_timeout_open(&timeout, 1), 0);
    CHECK_EQ(wio_timeout_reschedule(&timeout, start + 5), 0);
    CHECK_NEAR(wio_timeout_when(&timeout), start + 5, 1e-9);
    CHECK_EQ(wio_sleep(3), 0);
    CHECK_EQ(wio_timeout_reschedule(&timeout, start + 4), 0);
    CHECK_EQ(wio_sleep(LONG), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 4, 1e-6);
    CHECK_EQ(wio_timeout_close(&timeout), -ETIMEDOUT);

    CHECK_EQ(wio_timeout_open(&timeout, 1), 0);
    CHECK_EQ(wio_timeout_reschedule(&timeout, WIO_FOREVER), 0);
    CHECK(isinf(wio_timeout_when(&timeout)));
    CHECK_EQ(wio_sleep(100), 0);
    CHECK_EQ(wio_timeout_reschedule(&timeout, wio_time() - 1), 0);
    CHECK_EQ(wio_yield(), -ETIMEDOUT);
    CHECK_EQ(wio_timeout_close(&timeout), -ETIMEDOUT);
}

static void moves(void *arg) { CHECK_EQ(wio_timeout_reschedule((wio_scope *)arg, wio_time() - 1), 0); }

TEST(TMO_23_somebody_else_moves_it_while_the_task_waits) {
    wio_scope timeout;
    double start = wio_time();
    CHECK_EQ(wio_timeout_open(&timeout, 100), 0);
    wio_call_later(2, moves, &timeout);
    CHECK_EQ(wio_sleep(LONG), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 2, 1e-6);
    CHECK_EQ(wio_timeout_close(&timeout), -ETIMEDOUT);
}

TEST(TMO_24_rescheduling_what_is_not_open_or_has_expired_is_a_named_error) {
    wio_scope timeout;
    memset(&timeout, 0, sizeof timeout);
    CHECK_EQ(wio_timeout_reschedule(&timeout, 1), -EINVAL);
    CHECK_EQ(wio_timeout_reschedule(NULL, 1), -EINVAL);
    CHECK_EQ(wio_timeout_open(&timeout, 1), 0);
    CHECK_EQ(wio_timeout_reschedule(&timeout, NAN), -EINVAL);
    CHECK_EQ(wio_sleep(LONG), -ETIMEDOUT);
    CHECK_EQ(wio_timeout_reschedule(&timeout, wio_time() + 10), -ETIMEDOUT);
    CHECK_EQ(wio_timeout_close(&timeout), -ETIMEDOUT);
    CHECK_EQ(wio_timeout_reschedule(&timeout, wio_time() + 10), -EINVAL);
}

static int closes(void *arg) { return wio_timeout_close((wio_scope *)arg); }

TEST(TMO_25_opened_twice_or_closed_by_another) {
    wio_scope timeout;
    CHECK_EQ(wio_timeout_open(&timeout, 1), 0);
    CHECK_EQ(wio_timeout_open(&timeout, 1), -EBUSY);
    CHECK_EQ(wio_await(wio_create_task(closes, &timeout)), -EINVAL);
    CHECK_EQ(wio_timeout_close(&timeout), 0);
    CHECK_EQ(wio_timeout_close(&timeout), -EINVAL);
    CHECK_EQ(wio_timeout_close(NULL), -EINVAL);
    CHECK_EQ(wio_timeout_open(NULL, 1), -EINVAL);
    CHECK_EQ(wio_timeout_open(&timeout, NAN), -EINVAL);
}

TEST_OUTSIDE(TSK_22_outside_a_task) {
    wio_scope timeout;
    CHECK_EQ(wio_timeout_open(&timeout, 1), -EPERM);
    CHECK_EQ(wio_timeout_close(&timeout), -EPERM);
    CHECK_EQ(wio_timeout_reschedule(&timeout, 1), -EINVAL);
}

TEST(TMO_closing_closes_what_was_opened_inside_but_no_group) {
    wio_scope outer, inner;
    wio_group group = WIO__ZERO;
    CHECK_EQ(wio_timeout_open(&outer, 1), 0);
    CHECK_EQ(wio_timeout_open(&inner, 5), 0);
    CHECK_EQ(wio_timeout_close(&outer), 0);
    CHECK_EQ(wio_timeout_close(&inner), -EINVAL);
    CHECK_EQ(wio_sleep(10), 0);
    CHECK_EQ(wio_timeout_open(&outer, 1), 0);
    CHECK_EQ(wio_group_open(&group), 0);
    CHECK_EQ(wio_timeout_close(&outer), -EINVAL);
    CHECK_EQ(wio_group_join(&group), 0);
    CHECK_EQ(wio_timeout_close(&outer), 0);
}

static int cancelled_inside(void *arg) {
    wio_scope timeout;
    (void)arg;
    wio_timeout_open(&timeout, 5);
    int rc = wio_sleep(LONG);
    CHECK_EQ(wio_timeout_close(&timeout), 0);
    return rc;
}

TEST(TMO_11_a_cancel_before_expiry_stays_one) {
    wio_task *task = wio_create_task(cancelled_inside, NULL);
    wio_sleep(1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
}

static int forgets(void *arg) {
    static wio_scope timeout; /* AddressSanitizer takes a frame away that the runtime still reads */
    wio_timeout_open(&timeout, *(double *)arg);
    return wio_sleep(0.5);
}

TEST(TMO_left_open_at_the_end_of_its_task_it_leaves_no_timer) {
    double five = 5, start = wio_time();
    CHECK_EQ(wio_await(wio_create_task(forgets, &five)), 0);
    CHECK_NEAR(wio_time() - start, 0.5, 1e-6);
    CHECK_EQ(wio_sleep(10), 0);
}

static unsigned seed;
static unsigned below(unsigned n) {
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

static int random_limits(void *arg) {
    (void)arg;
    wio_scope outer, inner;
    int rc = 0;
    wio_timeout_open(&outer, below(6));
    for (int i = 0; i < 4 && !rc; i++) {
        wio_timeout_open(&inner, below(4));
        if (below(3) == 0) wio_timeout_reschedule(below(2) ? &inner : &outer, wio_time() + below(5) - 1);
        rc = wio_sleep(below(4));
        int closed = wio_timeout_close(&inner);
        CHECK(closed == 0 || (closed == -ETIMEDOUT && rc < 0));
        if (closed == -ETIMEDOUT && rc == -ETIMEDOUT && wio_cancelling() == 0) rc = 0;
    }
    int closed = wio_timeout_close(&outer);
    CHECK(closed == 0 || closed == -ETIMEDOUT);
    return wio_cancelling() ? -ECANCELED : 0;
}

TEST(TMO_stress_random_limits) {
    for (unsigned round = 0; round < 300; round++) {
        seed = round;
        wio_task *tasks[6];
        for (int i = 0; i < 6; i++) tasks[i] = wio_create_task(random_limits, NULL);
        for (int i = 0; i < 4; i++) {
            wio_sleep(below(3));
            if (below(2)) wio_task_cancel(tasks[below(6)]);
        }
        for (int i = 0; i < 6; i++) {
            int rc = wio_await(tasks[i]);
            CHECK(rc == 0 || rc == -ECANCELED);
        }
    }
}
