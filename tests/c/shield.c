// clock: virtual
// stderr: task '[^']+' failed and nobody looked: EIO: after the waiter left
// Shielding a task, and shielding a block (SHD).
#include "tools.h"

static int fails(void *arg) {
    int rc = wio_sleep(*(double *)arg);
    return rc ? rc : wio_fail(-EIO, "inner failed");
}

TEST(SHD_01_value_and_error_pass_through) {
    job good = {1, 7, 0, 0};
    double one = 1;
    CHECK_EQ(wio_shield(wio_create_task(does, &good)), 7);
    CHECK_EQ(wio_shield(wio_create_task(fails, &one)), -EIO);
    CHECK_STR(last_message(), "inner failed");
}

static int shields(void *arg) {
    int rc = wio_shield((wio_task *)arg);
    mark('s');
    return rc;
}

TEST(SHD_02_an_inner_cancelled_by_others_ends_the_wait_as_cancelled) {
    wio_task *inner = wio_create_task(sleeps_long, NULL);
    wio_task *outer = wio_create_task(shields, inner);
    wio_yield();
    wio_task_cancel(inner);
    CHECK_EQ(wio_await(outer), -ECANCELED);
}

TEST(SHD_03_cancelling_the_waiter_leaves_the_inner_alone) {
    job inner_job = {3, 7, 'i', '!'};
    double start = wio_time();
    trace_clear();
    wio_task *inner = wio_create_task(does, &inner_job);
    wio_task *outer = wio_create_task(shields, inner);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(outer);
    CHECK_EQ(wio_await(outer), -ECANCELED);
    CHECK_NEAR(wio_time() - start, 1, 0.01);
    CHECK(!wio_task_done(inner)); /* the handle is still ours */
    CHECK_EQ(wio_await(inner), 7);
    CHECK_STR(trace, "si");
}

TEST(SHD_04_shielding_what_has_ended_takes_no_pass) {
    char letter[] = "x";
    job quick = {0, 7, 0, 0};
    wio_task *inner = wio_create_task(does, &quick);
    yields(3);
    trace_clear();
    wio_task *other = wio_create_task(marks, letter);
    CHECK_EQ(wio_shield(inner), 7);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_await(other), 0);
}

static int gathers_two(void *arg) {
    job *jobs = (job *)arg;
    return WIO_GATHER({does, &jobs[0]}, {does, &jobs[1]});
}

TEST(SHD_05_shield_around_gather_lets_it_finish) {
    job jobs[] = {{1, 0, 'a', 0}, {2, 0, 'b', 0}};
    trace_clear();
    wio_task *inner = wio_create_task(gathers_two, jobs), *outer = wio_create_task(shields, inner);
    wio_yield();
    wio_task_cancel(outer);
    CHECK_EQ(wio_await(outer), -ECANCELED);
    CHECK_EQ(wio_await(inner), 0);
    CHECK_STR(trace, "sab");
}

static int gathers_shields(void *arg) {
    wio_task **tasks = (wio_task **)arg;
    return WIO_GATHER({shields, tasks[0]}, {shields, tasks[1]});
}

TEST(SHD_05_gather_around_shields_hits_the_shields_only) {
    job jobs[] = {{1, 3, 0, 0}, {2, 4, 0, 0}};
    wio_task *tasks[] = {wio_create_task(does, &jobs[0]), wio_create_task(does, &jobs[1])};
    wio_task *outer = wio_create_task(gathers_shields, tasks);
    yields(2);
    wio_task_cancel(outer);
    CHECK_EQ(wio_await(outer), -ECANCELED);
    CHECK_EQ(wio_await(tasks[0]), 3);
    CHECK_EQ(wio_await(tasks[1]), 4);
}

static int fails_later(void *arg) {
    (void)arg;
    return wio_sleep(3) ? -ECANCELED : wio_fail(-EIO, "after the waiter left");
}

TEST(SHD_07_inner_fails_after_the_waiter_left_reported_once) {
    wio_task *inner = wio_create_task(fails_later, NULL), *outer = wio_create_task(shields, inner);
    wio_yield();
    wio_task_cancel(outer);
    CHECK_EQ(wio_await(outer), -ECANCELED);
    wio_detach(inner);
    CHECK_EQ(wio_sleep(5), 0);
}

TEST(SHD_09_inner_done_and_waiter_cancelled_in_one_pass_the_waiter_is_cancelled) {
    job inner_job = {1, 7, 0, 0};
    wio_task *inner = wio_create_task(does, &inner_job), *outer = wio_create_task(shields, inner);
    wio_yield();
    CHECK_EQ(wio_sleep(1), 0); /* armed after the inner's: it has ended, the outer is woken and has not run */
    CHECK(wio_task_done(inner));
    CHECK(!wio_task_done(outer));
    wio_task_cancel(outer);
    CHECK_EQ(wio_await(outer), -ECANCELED);
}

TEST(SHD_one_of_two_shielding_waiters_leaves) {
    job inner_job = {3, 7, 0, 0};
    wio_task *inner = wio_create_task(does, &inner_job);
    wio_task *a = wio_create_task(shields, inner), *b = wio_create_task(shields, inner);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(a);
    CHECK_EQ(wio_await(a), -ECANCELED);
    CHECK_EQ(wio_await(b), 7);
    CHECK_EQ(wio_await(inner), -EINVAL);
}

static int works_in_a_shield(void *arg) {
    int inside = -1, outside;
    (void)arg;
    WIO_SHIELD {
        inside = wio_sleep(3);
        if (!inside) inside = wio_sleep(1);
    }
    outside = wio_sleep(LONG);
    CHECK_EQ(inside, 0);
    return outside;
}

TEST(SHD_10_a_shielded_block_runs_to_its_end_and_then_the_cancel_strikes) {
    double start = wio_time();
    wio_task *task = wio_create_task(works_in_a_shield, NULL);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_NEAR(wio_time() - start, 4, 0.01);
}

TEST(SHD_10_a_shield_holds_off_a_timeout) {
    int inside = -1, after = 0;
    double start = wio_time();
    WIO_TIMEOUT(1) {
        WIO_SHIELD { inside = wio_sleep(3); }
        after = wio_sleep(1);
    }
    CHECK_EQ(inside, 0);
    CHECK_EQ(after, -ETIMEDOUT);
    CHECK(wio_timeout_expired());
    CHECK_NEAR(wio_time() - start, 3, 0.01);
}

static int returns_from_a_shield(void *arg) {
    (void)arg;
    WIO_SHIELD {
        WIO_SHIELD { return wio_sleep(2); }
    }
    return -1;
}

static int waits_after_it(void *arg) {
    int rc = returns_from_a_shield(arg);
    CHECK_EQ(rc, 0);
    return wio_sleep(LONG);
}

TEST(SHD_10_every_way_out_ends_the_shield) {
    wio_task *task = wio_create_task(waits_after_it, NULL);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
}
