// clock: virtual
// gather (GAT).
#include "tools.h"

TEST(GAT_01_returns_when_the_last_has_ended_with_statuses_in_order_of_the_calls) {
    job jobs[] = {{3, 30, 'c', 0}, {1, 10, 'a', 0}, {2, 20, 'b', 0}};
    wio_call calls[] = {{does, &jobs[0]}, {does, &jobs[1]}, {does, &jobs[2]}};
    int statuses[3];
    double start = wio_time();
    trace_clear();
    CHECK_EQ(wio_gather(calls, 3, statuses), 0);
    CHECK_NEAR(wio_time() - start, 3, 0.01);
    CHECK_STR(trace, "abc");
    CHECK_EQ(statuses[0], 30);
    CHECK_EQ(statuses[1], 10);
    CHECK_EQ(statuses[2], 20);
}

static int fails_with_message(void *arg) {
    job *self = (job *)arg;
    int rc = wio_sleep(self->seconds);
    return rc ? rc : wio_fail(self->result, "after %g", self->seconds);
}

TEST(GAT_02_the_first_error_in_time_comes_when_all_have_ended) {
    job slow = {3, -EPROTO, 0, 0}, fast = {1, -EIO, 0, 0}, good = {5, 0, 'g', 0};
    double start = wio_time();
    trace_clear();
    CHECK_EQ(WIO_GATHER({fails_with_message, &slow}, {fails_with_message, &fast}, {does, &good}), -EIO);
    CHECK_NEAR(wio_time() - start, 5, 0.01);
    CHECK_STR(trace, "g"); /* GAT-04 */
    CHECK_STR(last_message(), "after 1");
}

TEST(GAT_03_in_one_pass_the_order_of_completion_counts) {
    job a = {1, -EPROTO, 0, 0}, b = {1, -EIO, 0, 0};
    CHECK_EQ(WIO_GATHER({fails_with_message, &a}, {fails_with_message, &b}), -EPROTO);
    CHECK_EQ(WIO_GATHER({fails_with_message, &b}, {fails_with_message, &a}), -EIO);
}

static int cancels_itself(void *arg) {
    (void)arg;
    wio_task_cancel(wio_current_task());
    return wio_yield();
}

TEST(GAT_05_with_statuses_every_slot_has_value_or_error) {
    job bad = {1, -EIO, 0, 0}, good = {2, 7, 0, 0};
    wio_call calls[] = {{does, &bad}, {does, &good}, {cancels_itself, NULL}};
    int statuses[3];
    CHECK_EQ(wio_gather(calls, 3, statuses), 0);
    CHECK_EQ(statuses[0], -EIO);
    CHECK_EQ(statuses[1], 7);
    CHECK_EQ(statuses[2], -ECANCELED); /* GAT-07 */
}

TEST(GAT_06_a_cancelled_child_is_a_failure_like_any_other) {
    job good = {2, 7, 'g', 0};
    trace_clear();
    CHECK_EQ(WIO_GATHER({cancels_itself, NULL}, {does, &good}), -ECANCELED);
    CHECK_STR(trace, "g");
    CHECK_EQ(wio_cancelling(), 0);
    CHECK_EQ(wio_sleep(1), 0);
}

TEST(GAT_08_of_nothing_it_returns_at_once) {
    double start = wio_time();
    CHECK_EQ(wio_gather(NULL, 0, NULL), 0);
    CHECK_NEAR(wio_time(), start, 1e-9);
}

static int gathers(void *arg) {
    job *jobs = (job *)arg;
    return WIO_GATHER({does, &jobs[0]}, {does, &jobs[1]}, {does, &jobs[2]});
}

TEST(GAT_09_cancelling_the_gathering_task_cancels_every_child) {
    job jobs[] = {{LONG, 0, 'a', 'x'}, {0, 0, 'b', 'y'}, {LONG, 0, 'c', 'z'}};
    trace_clear();
    wio_task *task = wio_create_task(gathers, jobs);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "bxz");
}

static int cleans_up(void *arg) {
    wio_sleep(LONG);
    WIO_SHIELD { wio_sleep(3); }
    return *(int *)arg;
}

static int seven = 7;

static int gathers_cleaners(void *arg) {
    int statuses[2] = {-1, -1}, rc;
    wio_call calls[] = {{cleans_up, &seven}, {sleeps_long, NULL}};
    rc = wio_gather(calls, 2, arg ? statuses : NULL);
    CHECK_EQ(wio_cancelling(), 1);
    if (arg) CHECK_EQ(statuses[0], 7);
    if (arg) CHECK_EQ(statuses[1], -ECANCELED);
    return rc;
}

TEST(GAT_10_the_cancelled_gather_resumes_when_all_have_ended) {
    for (int with_statuses = 0; with_statuses < 2; with_statuses++) { /* GAT-11 */
        double start = wio_time();
        wio_task *task = wio_create_task(gathers_cleaners, with_statuses ? &seven : NULL);
        CHECK_EQ(wio_sleep(1), 0);
        wio_task_cancel(task);
        CHECK_EQ(wio_await(task), -ECANCELED);
        CHECK_NEAR(wio_time() - start, 4, 0.01);
    }
}

static int gathers_swallowers(void *arg) {
    (void)arg;
    return WIO_GATHER({cleans_up, &seven}, {cleans_up, &seven});
}

TEST(GAT_12_cancelled_even_if_every_child_swallowed_it) {
    wio_task *task = wio_create_task(gathers_swallowers, NULL);
    wio_yield(), wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
}

static wio_task *gatherer;

static int cancels_the_gatherer(void *arg) {
    int rc = wio_sleep(1);
    (void)arg;
    wio_yield(); /* the children have ended, their ends are told in this pass or the next */
    if (!wio_task_done(gatherer)) wio_task_cancel(gatherer);
    return rc;
}

static int gathers_and_goes_on(void *arg) {
    wio_call calls[] = {{does, &(job){1, 1, 'a', 0}}, {does, &(job){1, 2, 'b', 0}}};
    int statuses[2] = {0};
    int rc = wio_gather(calls, 2, statuses);
    (void)arg;
    CHECK_EQ(rc, 0);
    CHECK_EQ(statuses[0], 1);
    CHECK_EQ(statuses[1], 2);
    CHECK_EQ(wio_sleep(1), -ECANCELED);
    return wio_uncancel();
}

TEST(GAT_13_cancelled_when_all_children_are_done_the_results_arrive_and_the_next_wait_fails) {
    trace_clear();
    gatherer = wio_create_task(gathers_and_goes_on, NULL);
    wio_yield();
    wio_task *killer = wio_create_task(cancels_the_gatherer, NULL);
    CHECK_EQ(wio_await(gatherer), 0);
    CHECK_EQ(wio_await(killer), 0);
    CHECK_STR(trace, "ab");
}

TEST(GAT_many) {
    enum { MANY = 3000 };
    static job jobs[MANY];
    for (int i = 0; i < MANY; i++) jobs[i] = (job){i % 10 * 0.1, 0, 0, 0};
    double start = wio_time();
    CHECK_EQ(WIO_GATHER_EACH(does, jobs), 0);
    CHECK_NEAR(wio_time() - start, 0.9, 0.01);
}

static int gathers_in_gather(void *arg) {
    job jobs[] = {{1, 0, 0, 0}, {2, *(int *)arg, 0, 0}};
    return WIO_GATHER_EACH(does, jobs);
}

TEST(GAT_nested) {
    int good = 0, bad = -EIO;
    CHECK_EQ(WIO_GATHER({gathers_in_gather, &good}, {gathers_in_gather, &bad}), -EIO);
}

TEST(GAT_a_null_fn_is_refused_and_nothing_starts) {
    char letter[] = "x";
    wio_call calls[] = {{marks, letter}, {NULL, NULL}};
    trace_clear();
    CHECK_EQ(wio_gather(calls, 2, NULL), -EINVAL);
    CHECK_EQ(wio_gather(NULL, 2, NULL), -EINVAL);
    yields(3);
    CHECK_STR(trace, "");
}

TEST(GAT_under_a_pending_cancel_no_child_starts) {
    char letter[] = "x";
    trace_clear();
    wio_task_cancel(wio_current_task());
    CHECK_EQ(WIO_GATHER({marks, letter}, {marks, letter}), -ECANCELED);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_uncancel(), 0);
}
