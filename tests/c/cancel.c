// clock: virtual
// Cancelling and uncancelling. (CAN, UNC; the numbers are those of the list of asyncio's behaviours.)
#include "tools.h"

static int seven = 7;

TEST(CAN_01_cancel_of_a_finished_task_leaves_it_untouched) {
    wio_task *task = wio_create_task(returns, &seven);
    yields(2);
    CHECK(wio_task_done(task));
    wio_task_cancel(task);
    CHECK(!wio_task_cancelled(task));
    CHECK_EQ(wio_task_status(task), 7);
    CHECK_EQ(wio_await(task), 7);
}

TEST(CAN_02_right_after_cancel_it_is_only_cancelling) {
    wio_task *task = wio_create_task(sleeps_long, NULL);
    wio_yield();
    wio_task_cancel(task);
    CHECK(!wio_task_done(task));
    CHECK(!wio_task_cancelled(task));
    CHECK_EQ(wio_await(task), -ECANCELED);
}

TEST(CAN_03_cancelled_before_its_first_step_never_runs) {
    char letter[] = "x";
    trace_clear();
    wio_task *task = wio_create_task(marks, letter);
    wio_task_cancel(task);
    wio_task_cancel(task);
    CHECK_EQ(yields(3), 0);
    CHECK(wio_task_cancelled(task));
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_cancelling(), 0);
}

TEST(CAN_04_cancelled_sleeper_ends_at_once_and_its_timer_is_gone) {
    double start = wio_time();
    wio_task *task = wio_create_task(sleeps_long, NULL);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_NEAR(wio_time(), start, 1e-6);
    CHECK_EQ(wio_sleep(LONG + 1), 0);
    CHECK_NEAR(wio_time() - start, LONG + 1, 0.01);
}

TEST(CAN_05_cancel_of_one_awaiter_cancels_the_shared_task_and_so_the_others_wait) {
    wio_task *shared = wio_create_task(sleeps_long, NULL);
    wio_task *a = wio_create_task(awaits, shared), *b = wio_create_task(awaits, shared);
    wio_yield();
    wio_task_cancel(a);
    CHECK_EQ(wio_await(b), -ECANCELED);
    CHECK_EQ(wio_await(a), -ECANCELED);
}

static int goes_on_after(void *arg) {
    int rc = wio_await((wio_task *)arg);
    CHECK_EQ(rc, -ECANCELED);
    CHECK_EQ(wio_cancelling(), 0);
    CHECK_EQ(wio_sleep(1), 0);
    return 5;
}

TEST(CAN_06_cancel_of_the_awaited_does_not_cancel_the_awaiter) {
    wio_task *inner = wio_create_task(sleeps_long, NULL);
    wio_task *outer = wio_create_task(goes_on_after, inner);
    wio_yield();
    wio_task_cancel(inner);
    CHECK_EQ(wio_await(outer), 5);
}

TEST(CAN_07_both_cancelled_in_one_pass_is_one_clean_ending) {
    for (int order = 0; order < 2; order++) {
        wio_task *inner = wio_create_task(sleeps_long, NULL);
        wio_task *outer = wio_create_task(awaits, inner);
        wio_yield();
        wio_task_cancel(order ? inner : outer);
        wio_task_cancel(order ? outer : inner);
        CHECK_EQ(wio_await(outer), -ECANCELED);
        CHECK_EQ(yields(3), 0);
    }
}

static int cancels_itself(void *arg) {
    double start = wio_time();
    wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_cancelling(), 1);
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    CHECK_NEAR(wio_time(), start, 1e-6);
    return *(int *)arg;
}

TEST(CAN_08_self_cancel_strikes_at_the_next_wait_without_blocking) {
    int result = -ECANCELED;
    wio_task *task = wio_create_task(cancels_itself, &result);
    CHECK_EQ(wio_await(task), -ECANCELED);
}

static int cancels_itself_and_returns(void *arg) {
    wio_task_cancel(wio_current_task());
    return *(int *)arg;
}

TEST(CAN_09_self_cancel_never_delivered_drops_the_value) {
    wio_task *task = wio_create_task(cancels_itself_and_returns, &seven);
    wio_yield();
    CHECK(wio_task_cancelled(task));
    CHECK_EQ(wio_await(task), -ECANCELED);
}

static int cancels_itself_and_fails(void *arg) {
    (void)arg;
    wio_task_cancel(wio_current_task());
    return wio_fail(-EPROTO, "on its own account");
}

TEST(CAN_09_an_error_is_not_dropped_for_an_undelivered_cancel) {
    wio_task *task = wio_create_task(cancels_itself_and_fails, NULL);
    CHECK_EQ(wio_await(task), -EPROTO);
    CHECK_STR(last_message(), "on its own account");
}

TEST(CAN_10_delivered_and_swallowed_the_value_stays) {
    wio_task *task = wio_create_task(cancels_itself, &seven);
    yields(4);
    CHECK(wio_task_done(task));
    CHECK(!wio_task_cancelled(task));
    CHECK_EQ(wio_await(task), 7);
}

static int waits_on(void *arg) {
    (void)arg;
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    CHECK_EQ(wio_yield(), -ECANCELED);
    CHECK_EQ(wio_uncancel(), 0);
    double start = wio_time();
    CHECK_EQ(wio_sleep(2), 0);
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    return 3;
}

TEST(CAN_11_later_waits_fail_until_uncancelled) {
    wio_task *task = wio_create_task(waits_on, NULL);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 3);
}

static int loops_without_looking(void *arg) {
    (void)arg;
    for (int i = 0; i < 20; i++) wio_sleep(LONG), mark('c');
    return 0;
}

static int steps(void *arg) {
    (void)arg;
    for (int i = 0; i < 20; i++) {
        if (wio_yield()) return -1;
        mark('s');
    }
    return 0;
}

TEST(CAN_11_a_wait_that_fails_at_once_lets_the_others_run) {
    trace_clear();
    wio_task *forgetful = wio_create_task(loops_without_looking, NULL), *other = wio_create_task(steps, NULL);
    wio_yield();
    wio_task_cancel(forgetful);
    CHECK_EQ(wio_await(other), 0);
    CHECK_EQ(wio_await(forgetful), 0);
    CHECK(!strstr(trace, "ccc"));
    CHECK(!strstr(trace, "sss"));
}

static int fails_while_unwinding(void *arg) {
    (void)arg;
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    return wio_fail(-EIO, "the clean-up failed");
}

TEST(CAN_12_another_error_while_unwinding_replaces_the_cancel) {
    wio_task *task = wio_create_task(fails_while_unwinding, NULL);
    wio_yield();
    wio_task_cancel(task);
    yields(3);
    CHECK(wio_task_done(task));
    CHECK(!wio_task_cancelled(task));
    CHECK_EQ(wio_await(task), -EIO);
    CHECK_STR(last_message(), "the clean-up failed");
}

TEST(CAN_13_returning_ECANCELED_counts_as_cancelled) {
    int result = -ECANCELED;
    wio_task *task = wio_create_task(returns, &result);
    wio_yield();
    CHECK(wio_task_cancelled(task));
    CHECK_EQ(wio_await(task), -ECANCELED);
}

static int chain(void *arg) {
    int depth = *(int *)arg, next = depth - 1, rc;
    if (depth == 0) rc = wio_sleep(LONG);
    else {
        wio_task *task = wio_create_task(chain, &next);
        rc = wio_await(task);
    }
    mark((char)('0' + depth));
    return rc;
}

TEST(CAN_14_cancel_travels_to_the_innermost_wait_and_unwinds_from_there) {
    int depth = 5;
    trace_clear();
    wio_task *task = wio_create_task(chain, &depth);
    yields(8);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "012345");
}

static int cancelled_self_awaits(void *arg) {
    wio_task *inner = wio_create_task(sleeps_long, NULL);
    if (arg) wio_yield();
    wio_task_cancel(wio_current_task());
    double start = wio_time();
    CHECK_EQ(wio_await(inner), -ECANCELED);
    CHECK_NEAR(wio_time(), start, 1e-6);
    return -ECANCELED;
}

TEST(CAN_15_self_cancel_and_then_await_cancels_the_awaited) {
    for (int started = 0; started < 2; started++) {
        wio_task *task = wio_create_task(cancelled_self_awaits, started ? &seven : NULL);
        CHECK_EQ(wio_await(task), -ECANCELED);
        CHECK_EQ(wio_all_tasks(NULL, 0), 1);
    }
}

static int cleans_up_slowly(void *arg) {
    int rc = wio_sleep(LONG);
    WIO_SHIELD { CHECK_EQ(wio_sleep(5), 0); }
    return arg ? *(int *)arg : rc;
}

TEST(CAN_16_cancelled_awaiter_resumes_when_the_awaited_has_ended) {
    double start = wio_time();
    wio_task *inner = wio_create_task(cleans_up_slowly, NULL);
    wio_task *outer = wio_create_task(awaits, inner);
    wio_yield();
    wio_task_cancel(outer);
    wio_sleep(4);
    CHECK(!wio_task_done(outer));
    CHECK_EQ(wio_await(outer), -ECANCELED);
    CHECK_NEAR(wio_time() - start, 5, 0.01);
}

static int gets_value_under_cancel(void *arg) {
    CHECK_EQ(wio_await((wio_task *)arg), 7);
    CHECK_EQ(wio_cancelling(), 1);
    CHECK_EQ(wio_yield(), -ECANCELED);
    return 8;
}

TEST(CAN_17_a_swallowed_forwarded_cancel_gives_the_value_and_strikes_the_next_wait) {
    wio_task *inner = wio_create_task(cleans_up_slowly, &seven);
    wio_task *outer = wio_create_task(gets_value_under_cancel, inner);
    wio_yield();
    wio_task_cancel(outer);
    CHECK_EQ(wio_await(outer), 8);
}

TEST(CAN_17_and_the_awaiter_that_returns_it_has_not_been_cancelled) {
    wio_task *inner = wio_create_task(cleans_up_slowly, &seven);
    wio_task *outer = wio_create_task(awaits, inner);
    wio_yield();
    wio_task_cancel(outer);
    CHECK_EQ(wio_await(outer), 7);
}

static int counts_two(void *arg) {
    (void)arg;
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    CHECK_EQ(wio_cancelling(), 2);
    CHECK_EQ(wio_uncancel(), 1);
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    CHECK_EQ(wio_uncancel(), 0);
    CHECK_EQ(wio_sleep(1), 0);
    return 2;
}

TEST(CAN_18_two_cancels_before_delivery_count_twice) {
    wio_task *task = wio_create_task(counts_two, NULL);
    wio_yield();
    wio_task_cancel(task);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 2);
}

static int shields_its_clean_up(void *arg) {
    (void)arg;
    double start = wio_time();
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    WIO_SHIELD { CHECK_EQ(wio_sleep(5), 0); }
    CHECK_NEAR(wio_time() - start, 6, 0.01);
    CHECK_EQ(wio_cancelling(), 2);
    CHECK_EQ(wio_sleep(1), -ECANCELED);
    return -ECANCELED;
}

TEST(CAN_19_a_further_cancel_does_not_touch_shielded_clean_up) {
    wio_task *task = wio_create_task(shields_its_clean_up, NULL);
    wio_sleep(1);
    wio_task_cancel(task);
    wio_sleep(1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
}

static int cancels_at_one(void *arg) {
    wio_sleep(1);
    wio_task_cancel((wio_task *)arg);
    return 0;
}

static int sleeps_one(void *arg) {
    (void)arg;
    return wio_sleep(1);
}

TEST(CAN_20_cancel_beats_a_result_that_is_ready_but_not_picked_up) {
    /* At one second, in this order: the sleeper ends, which wakes its awaiter for the next pass; the other cancels it. */
    wio_task *sleeper = wio_create_task(sleeps_one, NULL);
    wio_task *outer = wio_create_task(awaits, sleeper);
    wio_task *other = wio_create_task(cancels_at_one, outer);
    CHECK_EQ(wio_await(outer), -ECANCELED);
    CHECK_EQ(wio_await(other), 0);
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
}

TEST(CAN_20_awaited_task_runnable_but_not_run_both_end_cancelled) {
    trace_clear();
    job inner_job = {1, 0, 'i', 'x'};
    wio_task *inner = wio_create_task(does, &inner_job);
    wio_task *outer = wio_create_task(awaits, inner);
    CHECK_EQ(wio_sleep(1), 0); /* armed before theirs: runs first */
    CHECK(!wio_task_done(inner));
    wio_task_cancel(outer);
    CHECK_EQ(wio_await(outer), -ECANCELED);
    CHECK_STR(trace, "x");
}

TEST(UNC_01_cancelling_counts_from_zero_and_delivery_does_not_lower_it) {
    CHECK_EQ(wio_cancelling(), 0);
    wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_cancelling(), 1);
    CHECK_EQ(wio_yield(), -ECANCELED);
    CHECK_EQ(wio_cancelling(), 1);
    CHECK_EQ(wio_uncancel(), 0);
}

TEST(UNC_02_uncancel_lowers_by_one_and_stops_at_zero) {
    for (int i = 0; i < 3; i++) wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_uncancel(), 2);
    CHECK_EQ(wio_uncancel(), 1);
    CHECK_EQ(wio_uncancel(), 0);
    CHECK_EQ(wio_uncancel(), 0);
    CHECK_EQ(wio_cancelling(), 0);
}

static int withdraws(void *arg) {
    wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_uncancel(), 0);
    return *(int *)arg;
}

TEST(UNC_03_uncancel_before_delivery_withdraws_the_cancel) {
    wio_task *task = wio_create_task(withdraws, &seven);
    CHECK_EQ(wio_await(task), 7);
    wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_uncancel(), 0);
    CHECK_EQ(wio_sleep(1), 0);
}

TEST(UNC_04_after_uncancel_waits_block_and_a_new_cancel_works) {
    for (int i = 0; i < 3; i++) {
        double start = wio_time();
        wio_task_cancel(wio_current_task());
        CHECK_EQ(wio_sleep(1), -ECANCELED);
        CHECK_EQ(wio_uncancel(), 0);
        CHECK_EQ(wio_sleep(1), 0);
        CHECK_NEAR(wio_time() - start, 1, 0.01);
    }
}

TEST(UNC_05_from_two_to_one_it_stays_under_cancellation) {
    wio_task_cancel(wio_current_task());
    wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_uncancel(), 1);
    CHECK_EQ(wio_sleep(1), -ECANCELED);
    CHECK_EQ(wio_uncancel(), 0);
    CHECK_EQ(wio_sleep(1), 0);
}

static int alarm_after_one(void *arg) {
    int rc = wio_sleep(1);
    if (!rc) wio_task_cancel((wio_task *)arg);
    return rc;
}

TEST(UNC_06_a_hand_made_timeout_ends_with_count_zero) {
    double start = wio_time();
    wio_task *alarm = wio_create_task(alarm_after_one, wio_current_task());
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    CHECK_EQ(wio_cancelling(), 1);
    CHECK_EQ(wio_uncancel(), 0);
    CHECK_EQ(wio_await(alarm), 0);
    CHECK_EQ(wio_sleep(1), 0);
    CHECK_NEAR(wio_time() - start, 2, 0.01);
}
