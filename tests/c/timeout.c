// clock: virtual
// Timeouts and wait_for (TMO, WFO).
#include "tools.h"

static int seven = 7;

TEST(TMO_01_an_overdue_block_is_interrupted) {
    double start = wio_time();
    int rc = 0;
    WIO_TIMEOUT(2) { rc = wio_sleep(LONG); }
    CHECK_EQ(rc, -ETIMEDOUT); /* TMO-02 */
    CHECK(wio_timeout_expired());
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    CHECK_EQ(wio_sleep(1), 0); /* TMO-13 */
    CHECK_EQ(wio_cancelling(), 0);
}

TEST(TMO_03_timeout_at_takes_a_time_of_the_loops_clock) {
    double start = wio_time();
    int rc = 0;
    WIO_TIMEOUT_AT(start + 3) { rc = wio_sleep(LONG); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 3, 0.01);
}

TEST(TMO_05_in_time_there_is_no_error_and_no_timer_left) {
    int rc = -1;
    WIO_TIMEOUT(5) { rc = wio_sleep(1); }
    CHECK_EQ(rc, 0);
    CHECK(!wio_timeout_expired());
    CHECK_EQ(wio_sleep(10), 0);
    WIO_TIMEOUT(INFINITY) { rc = wio_sleep(LONG); }
    CHECK_EQ(rc, 0);
    CHECK(!wio_timeout_expired());
}

TEST(TMO_06_zero_and_past_deadlines_interrupt_the_first_wait) {
    double start = wio_time();
    int rc = 0;
    WIO_TIMEOUT(0) { rc = wio_yield(); }
    CHECK_EQ(rc, -ETIMEDOUT);
    WIO_TIMEOUT(-1) { rc = wio_sleep(0); }
    CHECK_EQ(rc, -ETIMEDOUT);
    WIO_TIMEOUT_AT(start - 10) { rc = wio_sleep(LONG); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(wio_timeout_expired());
    CHECK_NEAR(wio_time(), start, 1e-6);
    CHECK_EQ(wio_yield(), 0);
}

TEST(TMO_07_a_block_that_never_waits_is_not_timed_out) {
    WIO_TIMEOUT(0) {}
    CHECK(!wio_timeout_expired());
    WIO_TIMEOUT_AT(wio_time() - 5) {}
    CHECK(!wio_timeout_expired());
    WIO_TIMEOUT(0) { CHECK_EQ(wio_yield(), -ETIMEDOUT); }
    CHECK(wio_timeout_expired());
}

TEST(TMO_06_not_a_number_is_reported_and_taken_as_zero) {
    int rc = 0;
    WIO_TIMEOUT(NAN) { rc = wio_sleep(1); }
    CHECK_EQ(rc, -ETIMEDOUT);
}

static int fails(void *arg) {
    wio_yield();
    return wio_fail(-EIO, "%s", (const char *)arg);
}

TEST(TMO_09_other_errors_pass_through) {
    char text[] = "mine";
    int rc = 0;
    WIO_TIMEOUT(5) { rc = fails(text); }
    CHECK_EQ(rc, -EIO);
    CHECK(!wio_timeout_expired());
    CHECK_STR(last_message(), "mine");
}

static int cancelled_inside(void *arg) {
    int rc = 0;
    WIO_TIMEOUT(*(double *)arg) { rc = wio_sleep(LONG); }
    CHECK(!wio_timeout_expired());
    return rc;
}

TEST(TMO_11_a_cancel_before_expiry_stays_a_cancel) {
    double limit = 5;
    wio_task *task = wio_create_task(cancelled_inside, &limit);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
}

static int under_both(void *arg) {
    int rc = 0;
    WIO_TIMEOUT(*(double *)arg) { rc = wio_sleep(LONG); }
    return rc;
}

TEST(TMO_12_cancel_and_expiry_together_the_cancel_wins) {
    double limit = 1;
    wio_task *task = wio_create_task(under_both, &limit);
    CHECK_EQ(wio_sleep(1), 0); /* runs first, the timeout is due in the same pass */
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
}

TEST(TMO_14_nested_both_due_waits_between_the_scopes_fail_too) {
    int inner = 0, between = 0, after = -1;
    bool inner_expired = false;
    WIO_TIMEOUT(1) {
        WIO_TIMEOUT(1) { inner = wio_sleep(LONG); }
        inner_expired = wio_timeout_expired();
        between = wio_sleep(LONG);
    }
    CHECK(wio_timeout_expired());
    after = wio_sleep(1);
    CHECK_EQ(inner, -ETIMEDOUT);
    CHECK(inner_expired);
    CHECK_EQ(between, -ETIMEDOUT);
    CHECK_EQ(after, 0);
}

TEST(TMO_15_nested_only_the_outer_due) {
    int inner = 0, between = 0;
    bool inner_expired = true;
    double start = wio_time();
    WIO_TIMEOUT(1) {
        WIO_TIMEOUT(5) { inner = wio_sleep(LONG); }
        inner_expired = wio_timeout_expired();
        between = wio_sleep(1);
    }
    CHECK_EQ(inner, -ETIMEDOUT);
    CHECK_EQ(between, -ETIMEDOUT);
    CHECK(!inner_expired);
    CHECK(wio_timeout_expired());
    CHECK_NEAR(wio_time() - start, 1, 0.01);
}

TEST(TMO_16_nested_only_the_inner_due) {
    int inner = 0, after = 0, last = 0;
    double start = wio_time();
    WIO_TIMEOUT(5) {
        WIO_TIMEOUT(1) { inner = wio_sleep(LONG); }
        after = wio_sleep(2);
        last = wio_sleep(LONG);
    }
    CHECK_EQ(inner, -ETIMEDOUT);
    CHECK_EQ(after, 0);
    CHECK_EQ(last, -ETIMEDOUT);
    CHECK(wio_timeout_expired());
    CHECK_NEAR(wio_time() - start, 5, 0.01);
}

TEST(TMO_17_swallowed_it_has_still_expired_and_later_waits_inside_fail) {
    int value = 0, again = 0;
    WIO_TIMEOUT(1) {
        if (wio_sleep(LONG)) value = 4;
        again = wio_sleep(0); /* TMO-18 */
        CHECK_EQ(wio_cancelling(), 1);
    }
    CHECK_EQ(value, 4);
    CHECK_EQ(again, -ETIMEDOUT);
    CHECK(wio_timeout_expired());
    CHECK_EQ(wio_cancelling(), 0);
}

TEST(TMO_19_clean_up_in_a_shield_where_an_inner_timeout_works) {
    int rc = 0, clean = -1, inner = 0;
    double start = wio_time();
    WIO_TIMEOUT(1) {
        rc = wio_sleep(LONG);
        WIO_SHIELD {
            clean = wio_sleep(2);
            WIO_TIMEOUT(1) { inner = wio_sleep(LONG); }
        }
    }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(clean, 0);
    CHECK_EQ(inner, -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 4, 0.01);
}

static int times_out_under_cancel(void *arg) {
    (void)arg;
    int rc = wio_sleep(LONG), inner = 0;
    WIO_SHIELD {
        WIO_TIMEOUT(1) { inner = wio_sleep(LONG); }
    }
    CHECK_EQ(inner, -ETIMEDOUT);
    CHECK_EQ(wio_cancelling(), 1);
    return rc;
}

TEST(TMO_20_a_timeout_while_handling_a_cancel) {
    wio_task *task = wio_create_task(times_out_under_cancel, NULL);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
}

TEST(TMO_22_a_pending_cancel_beats_a_zero_timeout) {
    int rc = 0;
    wio_task_cancel(wio_current_task());
    WIO_TIMEOUT(0) { rc = wio_sleep(1); }
    CHECK_EQ(rc, -ECANCELED);
    CHECK_EQ(wio_uncancel(), 0);
}

static int fails_in_clean_up(void *arg) {
    (void)arg;
    wio_sleep(LONG);
    return wio_fail(-EIO, "clean-up");
}

TEST(TMO_26_around_a_group_whose_child_fails_in_its_clean_up) {
    int status = 0;
    WIO_TIMEOUT(1) {
        WIO_TASK_GROUP(g) { wio_group_create_task(&g, fails_in_clean_up, NULL); }
        status = wio_group_status(&g);
    }
    CHECK_EQ(status, -EIO);
    CHECK(wio_timeout_expired());
}

TEST(TMO_around_a_group_the_children_are_cancelled_and_the_join_times_out) {
    int status = 0;
    double start = wio_time();
    WIO_TIMEOUT(1) {
        WIO_TASK_GROUP(g) {
            wio_group_create_task(&g, sleeps_long, NULL);
            wio_group_create_task(&g, sleeps_long, NULL);
        }
        status = wio_group_status(&g);
    }
    CHECK_EQ(status, -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 1, 0.01);
}

TEST(TMO_around_gather_and_await) {
    int rc = 0;
    WIO_TIMEOUT(1) { rc = WIO_GATHER({sleeps_long, NULL}, {sleeps_long, NULL}); }
    CHECK_EQ(rc, -ETIMEDOUT);
    wio_task *task = wio_create_task(sleeps_long, NULL);
    WIO_TIMEOUT(1) { rc = wio_await(task); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(wio_cancelling(), 0);
    CHECK_EQ(wio_sleep(1), 0);
}

static int leaves_by(int how) {
    WIO_TIMEOUT(5) {
        WIO_TIMEOUT(3) {
            if (how == 0) return 1;
            if (how == 1) break;
            if (how == 2) continue;
            if (how == 3) goto out;
        }
        if (wio_sleep(1)) return -1;
    }
    return 2;
out:
    return 3;
}

TEST(TMO_every_way_out_leaves_the_scope) {
    int expected[] = {1, 2, 2, 3};
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(leaves_by(i), expected[i]);
        CHECK_EQ(wio_sleep(20), 0);
    }
}

TEST(TMO_many_scopes) {
    for (int i = 0; i < 1000; i++) {
        int rc = -1;
        WIO_TIMEOUT(1) WIO_TIMEOUT(2) WIO_TIMEOUT(3) rc = wio_sleep(0.5);
        CHECK_EQ(rc, 0);
    }
}

static int sleeps_two(void *arg) {
    int rc = wio_sleep(2);
    return rc ? rc : *(int *)arg;
}

TEST(WFO_01_in_time_the_inner_result) {
    CHECK_EQ(wio_wait_for(sleeps_two, &seven, 3), 7);
    CHECK_EQ(wio_wait_for(sleeps_two, &seven, INFINITY), 7);
}

static int same_task(void *arg) { return wio_current_task() == *(wio_task **)arg; }

TEST(WFO_02_runs_in_the_callers_task) {
    wio_task *self = wio_current_task();
    CHECK_EQ(wio_wait_for(same_task, &self, 1), 1);
}

static int slow_to_stop(void *arg) {
    int rc = wio_sleep(LONG);
    WIO_SHIELD { wio_sleep(3); }
    return arg ? *(int *)arg : rc;
}

TEST(WFO_03_the_timeout_comes_after_the_inner_has_ended) {
    double start = wio_time();
    CHECK_EQ(wio_wait_for(slow_to_stop, NULL, 1), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 4, 0.01); /* WFO-04 */
    CHECK_EQ(wio_sleep(1), 0);
    const wio_error *error = wio_task_error(wio_current_task());
    CHECK(!error || error->code == -ETIMEDOUT);
}

static int waits_for_long(void *arg) {
    int rc = wio_wait_for(slow_to_stop, NULL, *(double *)arg);
    mark('e');
    return rc;
}

TEST(WFO_05_cancelling_the_waiter_cancels_the_inner_and_waits_for_its_end) {
    double limits[] = {LONG, INFINITY};
    for (int i = 0; i < 2; i++) {
        double start = wio_time();
        wio_task *task = wio_create_task(waits_for_long, &limits[i]);
        CHECK_EQ(wio_sleep(1), 0);
        wio_task_cancel(task);
        CHECK_EQ(wio_await(task), -ECANCELED);
        CHECK_NEAR(wio_time() - start, 4, 0.01);
    }
}

TEST(WFO_07_limit_zero_or_less_times_out_without_starting_it) {
    char letter[] = "x";
    trace_clear();
    CHECK_EQ(wio_wait_for(marks, letter, 0), -ETIMEDOUT);
    CHECK_EQ(wio_wait_for(marks, letter, -3), -ETIMEDOUT);
    CHECK_STR(trace, "");
    CHECK_STR(last_message(), "timed out");
}

TEST(WFO_09_an_error_raised_while_being_stopped_comes_out) {
    CHECK_EQ(wio_wait_for(fails_in_clean_up, NULL, 1), -EIO);
    CHECK_STR(last_message(), "clean-up");
}

TEST(WFO_10_a_value_wins_over_the_timeout) { CHECK_EQ(wio_wait_for(slow_to_stop, &seven, 1), 7); }

static int sleeps_one(void *arg) {
    int rc = wio_sleep(1);
    return rc ? rc : *(int *)arg;
}

static int wait_for_in_task(void *arg) { return wio_wait_for(sleeps_one, arg, 1); }

TEST(WFO_11_a_result_there_before_the_limit_is_returned_when_both_are_due) {
    int rc = wio_wait_for(sleeps_one, &seven, 1); /* the limit was armed first: it wins */
    CHECK(rc == 7 || rc == -ETIMEDOUT);
    job inner_job = {1, 5, 0, 0};
    wio_task *inner = wio_create_task(does, &inner_job);
    wio_yield();
    WIO_TIMEOUT(1) { rc = wio_shield(inner); } /* the inner's sleep was armed first */
    CHECK(rc == 5 || rc == -ETIMEDOUT);
    CHECK_EQ(rc == 5 ? rc : wio_await(inner), 5);
}

TEST(WFO_12_inner_done_and_outer_cancelled_in_one_pass_the_cancel_is_not_lost) {
    wio_task *task = wio_create_task(wait_for_in_task, &seven);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
}

static int shields(void *arg) { return wio_shield((wio_task *)arg); }

TEST(WFO_13_with_a_shielded_inner_only_the_wait_ends) {
    job inner_job = {3, 5, 0, 0};
    wio_task *inner = wio_create_task(does, &inner_job);
    CHECK_EQ(wio_wait_for(shields, inner, 1), -ETIMEDOUT);
    CHECK(!wio_task_done(inner));
    CHECK_EQ(wio_await(inner), 5);
}

TEST(WFO_null_and_nan_are_refused) {
    CHECK_EQ(wio_wait_for(NULL, NULL, 1), -EINVAL);
    CHECK_EQ(wio_wait_for(sleeps_one, &seven, NAN), -EINVAL);
}

static int inner_wait_for(void *arg) { return wio_wait_for(sleeps_long, NULL, *(double *)arg); }

TEST(WFO_nested_the_outer_limit_strikes_first) {
    double inner = 5, start = wio_time();
    CHECK_EQ(wio_wait_for(inner_wait_for, &inner, 1), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 1, 0.01);
    inner = 1;
    CHECK_EQ(wio_wait_for(inner_wait_for, &inner, 5), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    CHECK_EQ(wio_sleep(10), 0);
}
