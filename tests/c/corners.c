// clock: virtual
// stderr: wio_create_task\(\): works only inside a task
// asyncio's behaviours in the corners, of several areas, by their numbers.
#include "tools.h"

static int seven = 7;
static wio_task_options eager = {NULL, 0, true};

/* ------------------------------------------------------------------------------------------------ Runs, tasks --- */

static int refused_run(void *arg) {
    CHECK_EQ(wio_run(marks, arg), -EBUSY);
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
    return yields(3);
}

TEST_OUTSIDE(RUN_05_a_refused_run_executes_nothing_and_leaves_no_task) {
    char letter[] = "x";
    trace_clear();
    CHECK_EQ(wio_run(refused_run, letter), 0);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

static int seen_cancels;
static int notes_its_place(void *arg) {
    int rc = wio_sleep(LONG);
    if (seen_cancels++ == *(int *)arg) mark('k');
    return rc;
}

static int leaves_five(void *arg) {
    static int places[] = {0, 1, 2, 3, 4};
    (void)arg;
    for (int i = 0; i < 5; i++) wio_detach(wio_create_task(notes_its_place, &places[i]));
    return wio_yield();
}

TEST_OUTSIDE(RUN_11_leftovers_are_cancelled_in_order_of_creation) {
    trace_clear();
    CHECK_EQ(wio_run(leaves_five, NULL), 0);
    CHECK_STR(trace, "kkkkk");
}

TEST_OUTSIDE(RUN_29_without_a_loop_everything_that_schedules_is_refused) {
    size_t before = wio_all_tasks(NULL, 0);
    CHECK(!wio_create_task(returns, &seven));
    CHECK_EQ(wio_task_error(NULL)->code, -EPERM);
    wio_task_options named = {"a name to be freed", 0, false};
    CHECK(!wio_create_task_with(returns, &seven, &named));
    CHECK(!wio_create_task_with(returns, &seven, &eager)); /* EAG-11: not started either, but told */
    CHECK_EQ(wio_all_tasks(NULL, 0), before);
}

static int cancels_and_reports(void *arg) {
    (void)arg;
    wio_task *task = wio_create_task(returns, &seven);
    yields(2);
    wio_task_cancel(task); /* nothing but the task itself decides how it ends */
    CHECK_EQ(wio_task_status(task), 7);
    CHECK_EQ(wio_task_status(task), 7);
    CHECK(!wio_task_cancelled(task));
    return wio_await(task);
}

TEST(TSK_10_nobody_else_can_change_a_result) { CHECK_EQ(cancels_and_reports(NULL), 7); }

static void destroys(wio_future *future, void *arg) {
    mark(*(const char *)arg);
    wio_future_destroy(future);
    wio_future_init(future);
    wio_detach(wio_create_task(marks, arg));
}

TEST(TSK_21_what_lets_go_of_a_result_may_use_the_runtime) {
    char letters[] = "a", more[] = "b";
    wio_future future = WIO__ZERO;
    trace_clear();
    wio_future_add_done_callback(&future, destroys, letters);
    wio_future_add_done_callback(&future, destroys, more); /* not called: the future is gone by then */
    wio_future_set_error(&future, wio_fail(-EIO, "looked at by destroy"));
    CHECK_EQ(wio_future_status(&future), -EIO);
    yields(3);
    CHECK_STR(trace, "aa");
    CHECK(!wio_future_done(&future));
}

/* ----------------------------------------------------------------------------------------------------- Eager --- */

TEST(EAG_10_the_option_decides_task_by_task) {
    char letter[] = "e";
    wio_task_options lazy = {NULL, 0, false};
    trace_clear();
    wio_task *a = wio_create_task_with(marks, letter, &lazy), *b = wio_create_task_with(marks, letter, NULL);
    CHECK_STR(trace, "");
    wio_task *c = wio_create_task_with(marks, letter, &eager);
    CHECK_STR(trace, "e");
    CHECK_EQ(wio_await(a) + wio_await(b) + wio_await(c), 0);
}

static wio_task *born;
static void starts_eagerly(void *arg) {
    born = wio_create_task_with(marks, arg, &eager);
    mark('c');
    CHECK(!wio_current_task());
}

TEST(EAG_01_in_a_callback_too) {
    char letter[] = "e";
    trace_clear();
    wio_call_soon(starts_eagerly, letter);
    wio_yield();
    CHECK_STR(trace, "ec");
    REQUIRE(born);
    CHECK_EQ(wio_await(born), 0);
}

TEST(EAG_03_blocked_in_that_step_it_goes_on_like_any_task) {
    job work = {2, 4, 'w', 0};
    double start = wio_time();
    trace_clear();
    wio_task *task = wio_create_task_with(does, &work, &eager);
    CHECK_EQ(wio_all_tasks(NULL, 0), 2); /* EAG-07 */
    CHECK_EQ(wio_await(task), 4);
    CHECK_NEAR(wio_time() - start, 2, 1e-6);
    CHECK_STR(trace, "w");
}

/* ---------------------------------------------------------------------------------------------------- Gather --- */

static int fails(void *arg) {
    job *self = (job *)arg;
    int rc = wio_sleep(self->seconds);
    return rc ? rc : wio_fail(self->result, "child %c", self->letter);
}

TEST(GAT_04_a_failure_does_not_cancel_the_others) {
    job bad = {1, -EIO, 'a', 0}, good = {3, 0, 'g', 'x'};
    double start = wio_time();
    trace_clear();
    CHECK_EQ(WIO_GATHER({fails, &bad}, {does, &good}), -EIO);
    CHECK_STR(trace, "g");
    CHECK_NEAR(wio_time() - start, 3, 1e-6);
}

TEST(GAT_03_the_first_in_time_is_the_one_returned) {
    job a = {1, -EIO, 'a', 0}, b = {2, -EPROTO, 'b', 0};
    CHECK_EQ(WIO_GATHER({fails, &a}, {fails, &b}), -EIO);
    CHECK_STR(last_message(), "child a");
}

/* ---------------------------------------------------------------------------------------------------- Shield --- */

static int shields(void *arg) { return wio_shield((wio_task *)arg); }

TEST(SHD_06_after_a_cancelled_wait_nothing_hangs_on_the_inner) {
    job work = {5, 3, 0, 0};
    wio_task *inner = wio_create_task(does, &work);
    for (int i = 0; i < 20; i++) {
        wio_task *waiter = wio_create_task(shields, inner);
        yields(2);
        wio_task_cancel(waiter);
        CHECK_EQ(wio_await(waiter), -ECANCELED);
    }
    CHECK_EQ(wio_await(inner), 3);
    CHECK_EQ(wio_await(inner), -EINVAL); /* it was freed: nobody holds it */
}

TEST(SHD_08_not_reported_if_somebody_else_gets_its_error) {
    job bad = {2, -EIO, 's', 0};
    wio_task *inner = wio_create_task(fails, &bad), *waiter = wio_create_task(shields, inner),
             *other = wio_create_task(awaits, inner);
    wio_sleep(1);
    wio_task_cancel(waiter);
    CHECK_EQ(wio_await(waiter), -ECANCELED);
    CHECK_EQ(wio_await(other), -EIO);
    CHECK_STR(last_message(), "child s");
}

/* --------------------------------------------------------------------------------------------------- Timeouts --- */

TEST(WFO_06_what_has_ended_is_had_without_time) {
    wio_task *task = wio_create_task(returns, &seven);
    int rc = 0;
    yields(2);
    WIO_TIMEOUT(0) { rc = wio_await(task); }
    CHECK_EQ(rc, 7);
    CHECK(!wio_timeout_expired());
}

static int cleans_up(void *arg) {
    int rc = wio_sleep(LONG);
    WIO_SHIELD { wio_sleep(2); }
    mark(*(const char *)arg);
    return rc;
}

TEST(WFO_08_what_runs_is_cancelled_and_joined_first) {
    char letter[] = "c";
    double start = wio_time();
    int rc = 0;
    trace_clear();
    wio_task *task = wio_create_task(cleans_up, letter);
    wio_yield();
    WIO_TIMEOUT(0) { rc = wio_await(task); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_STR(trace, "c");
    CHECK_NEAR(wio_time() - start, 2, 1e-6);
}

TEST(WFO_14_around_a_conditions_wait_the_lock_is_held_again) {
    wio_condition condition = WIO__ZERO;
    int rc = 0;
    CHECK_EQ(wio_condition_acquire(&condition), 0);
    WIO_TIMEOUT(1) { rc = wio_condition_wait(&condition); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(wio_condition_locked(&condition));
    CHECK_EQ(wio_condition_release(&condition), 0);
}

static int times_out_in_clean_up(void *arg) {
    int *inner = (int *)arg;
    int rc = wio_sleep(LONG);
    CHECK_EQ(rc, -ECANCELED);
    WIO_TIMEOUT(5) { *inner = wio_sleep(LONG); } /* under LEVEL the old request strikes; the new one only counts */
    CHECK(!wio_timeout_expired());
    CHECK_EQ(wio_cancelling(), 2);
    return rc;
}

TEST(TMO_21_a_new_cancel_in_such_a_block_is_a_cancel) {
    int inner = 0;
    wio_task *task = wio_create_task(times_out_in_clean_up, &inner);
    wio_yield();
    wio_task_cancel(task);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(inner, -ECANCELED);
}

/* ----------------------------------------------------------------------------------------------------- Groups --- */

static int marks_its_cancel(void *arg) {
    int rc = wio_sleep(LONG);
    mark(*(const char *)arg);
    return rc;
}

TEST(TGR_06_siblings_are_cancelled_in_order_of_creation_and_the_bodys_error_stands_last) {
    char a[] = "a", b[] = "b", c[] = "c";
    job bad = {1, -EIO, 'x', 0};
    const wio_error *errors = NULL;
    trace_clear();
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, marks_its_cancel, a);
        wio_group_create_task(&g, fails, &bad);
        wio_group_create_task(&g, marks_its_cancel, b);
        wio_group_create_task(&g, marks_its_cancel, c);
        if (wio_sleep(LONG)) wio_group_fail(&g, wio_fail(-EPROTO, "the body"));
    }
    CHECK_STR(trace, "abc");
    CHECK_EQ(wio_group_errors(&g, &errors), 2);
    CHECK_EQ(errors[0].code, -EIO);
    CHECK_EQ(errors[1].code, -EPROTO);
    CHECK_STR(errors[1].message, "the body");
}

static int takes_its_time(void *arg) {
    const wio_error *errors = NULL;
    int rc = 0;
    double start = wio_time();
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, fails, arg);
        rc = wio_sleep(LONG);
        WIO_SHIELD { CHECK_EQ(wio_sleep(3), 0); } /* meanwhile the child fails in its clean-up */
    }
    CHECK_EQ(rc, -ECANCELED);
    CHECK_NEAR(wio_time() - start, 4, 1e-6);
    CHECK_EQ(wio_group_errors(&g, &errors), 1);
    return wio_group_status(&g);
}

static int fails_slowly_when_cancelled(void *arg) {
    (void)arg;
    wio_sleep(LONG);
    WIO_SHIELD { wio_sleep(1); }
    return wio_fail(-EIO, "slowly");
}

static int takes_its_time_too(void *arg) {
    (void)arg;
    int rc = 0;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, fails_slowly_when_cancelled, NULL);
        rc = wio_sleep(LONG);
        WIO_SHIELD { CHECK_EQ(wio_sleep(3), 0); }
    }
    CHECK_EQ(rc, -ECANCELED);
    return wio_group_status(&g);
}

TEST(TGR_12_the_body_may_take_its_time_after_a_cancel) {
    job bad = {2, -EIO, 'x', 0};
    wio_task *task = wio_create_task(takes_its_time, &bad);
    wio_sleep(1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -EIO);
    task = wio_create_task(takes_its_time_too, NULL);
    wio_sleep(1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -EIO);
}

static int leaves_with_an_error(void *arg) {
    (void)arg;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, sleeps_long, NULL);
        if (wio_sleep(LONG)) wio_group_fail(&g, wio_fail(-EBUSY, "instead of the cancel"));
    }
    const wio_error *errors;
    CHECK_EQ(wio_group_errors(&g, &errors), 1);
    CHECK_STR(errors[0].message, "instead of the cancel");
    return wio_group_status(&g);
}

TEST(TGR_13_an_error_with_which_the_body_leaves_on_a_cancel) {
    wio_task *task = wio_create_task(leaves_with_an_error, NULL);
    wio_sleep(1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -EBUSY);
}

typedef struct {
    wio_group *group;
} exit_handler;

static void exit_handler_run(exit_handler *self) {
    CHECK(wio_sleep(1) < 0);
    wio_group_fail(self->group, wio_fail(-EPROTO, "of the exit handler"));
}

TEST(TGR_14_a_failure_in_an_exit_handler_is_collected_with_the_childs) {
    job bad = {1, -EIO, 'x', 0};
    const wio_error *errors = NULL;
    WIO_TASK_GROUP(g) {
        exit_handler handler __attribute__((cleanup(exit_handler_run), unused)) = {&g};
        wio_group_create_task(&g, fails, &bad);
        wio_sleep(LONG);
    }
    CHECK_EQ(wio_group_errors(&g, &errors), 2);
    CHECK_EQ(errors[0].code, -EIO);
    CHECK_EQ(errors[1].code, -EPROTO);
    CHECK_EQ(wio_cancelling(), 0);
    CHECK_EQ(wio_sleep(1), 0);
}

static int under_both(void *arg) {
    int status = 0, count = 0, next = 0;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, fails, arg);
        wio_sleep(LONG);
    }
    status = wio_group_status(&g);
    count = wio_cancelling();
    next = wio_sleep(1);
    CHECK_EQ(count, 1);
    CHECK_EQ(next, -ECANCELED);
    return status;
}

TEST(TGR_19_a_childs_failure_and_an_outside_cancel_in_one_pass) {
    job bad = {1, -EIO, 'x', 0};
    wio_task *task = wio_create_task(under_both, &bad);
    wio_sleep(1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -EIO);
}

static wio_group *its_group;
static int creates_eagerly_and_fails(void *arg) {
    wio_group_create_task_with(its_group, marks_its_cancel, arg, &eager);
    return wio_fail(-EIO, "after creating another");
}

TEST(TGR_25_a_child_created_while_its_creator_is_being_created_is_cancelled_too) {
    char letter[] = "c";
    double start = wio_time();
    trace_clear();
    WIO_TASK_GROUP(g) {
        its_group = &g;
        wio_group_create_task_with(&g, creates_eagerly_and_fails, letter, &eager);
    }
    CHECK_EQ(wio_group_status(&g), -EIO);
    CHECK_STR(trace, "c");
    CHECK_NEAR(wio_time(), start, 1e-6);
}

/* --------------------------------------------------------------------------------------- Primitives, handles --- */

static int takes_a_permit(void *arg) {
    int rc = wio_semaphore_acquire((wio_semaphore *)arg);
    if (!rc) mark('p');
    return rc;
}

TEST(SEM_07_when_permits_are_left_the_next_in_line_has_one_too) {
    wio_semaphore semaphore = WIO__ZERO;
    wio_task *tasks[4];
    trace_clear();
    for (int i = 0; i < 4; i++) tasks[i] = wio_create_task(takes_a_permit, &semaphore);
    wio_yield();
    for (int i = 0; i < 3; i++) wio_semaphore_release(&semaphore);
    wio_task_cancel(tasks[0]); /* was given one, which goes on to the fourth */
    yields(2);
    CHECK_STR(trace, "ppp");
    CHECK(wio_semaphore_locked(&semaphore));
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    for (int i = 1; i < 4; i++) CHECK_EQ(wio_await(tasks[i]), 0);
}

static int waits_for_notice(void *arg) {
    wio_condition *condition = (wio_condition *)arg;
    int rc = wio_condition_acquire(condition);
    if (!rc) rc = wio_condition_wait(condition);
    CHECK_EQ(wio_cancelling(), 3);
    wio_condition_release(condition);
    return rc;
}

TEST(CND_12_several_cancels_give_one_code) {
    wio_condition condition = WIO__ZERO;
    wio_task *task = wio_create_task(waits_for_notice, &condition);
    yields(2);
    CHECK_EQ(wio_condition_acquire(&condition), 0);
    for (int i = 0; i < 3; i++) {
        wio_task_cancel(task);
        wio_yield();
    }
    CHECK_EQ(wio_condition_release(&condition), 0);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK(!wio_condition_locked(&condition));
}

static void fails_in_callback(void *arg) {
    wio_fail(-EIO, "in a callback");
    mark(*(const char *)arg);
}

TEST(HND_11_a_callback_that_fails_does_not_stop_the_loop) {
    char a[] = "a", b[] = "b";
    trace_clear();
    wio_call_soon(fails_in_callback, a);
    wio_call_soon(fails_in_callback, b);
    wio_yield();
    CHECK_STR(trace, "ab");
    CHECK_EQ(wio_sleep(1), 0);
}
