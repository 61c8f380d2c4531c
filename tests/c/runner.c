// clock: virtual
// stderr: wio_runner_open\(\): a runner is open already; close it first
// stderr: wio_runner_run\(\): this runner is not open \(closed before\?\)
// stderr: wio_run\(\): a runner is open; use wio_runner_run\(\)
// stderr: wio_stop\(\): no wio_run\(\) or wio_runner_run\(\) is under way
// stderr: task 'left' failed and nobody looked: EIO
// The runner, wio_stop(), and how a run ends (RUN).
#include "tools.h"

static int seven = 7;

static int fails(void *arg) {
    (void)arg;
    return wio_fail(-EPROTO, "of the main task");
}

TEST_OUTSIDE(RUN_16_several_runs_on_one_loop) {
    wio_runner runner;
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
    CHECK_EQ(wio_runner_run(&runner, returns, &seven), 7);
    CHECK_EQ(wio_runner_run(&runner, fails, NULL), -EPROTO);
    CHECK_STR(wio_task_error(NULL)->message, "of the main task");
    CHECK_EQ(wio_runner_run(&runner, returns, &seven), 7);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_EQ(wio_run(returns, &seven), 7);
}

TEST_OUTSIDE(RUN_17_closing_twice_is_harmless_and_no_run_after_it) {
    wio_runner runner;
    char letter[] = "x";
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
    trace_clear();
    CHECK_EQ(wio_runner_run(&runner, marks, letter), -EPERM);
    CHECK_STR(trace, ""); /* RUN-18 */
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
    CHECK_EQ(wio_runner_open(&runner), 0); /* the same memory may become a new one */
    CHECK_EQ(wio_runner_run(&runner, marks, letter), 0);
    CHECK_STR(trace, "x");
    CHECK_EQ(wio_runner_close(&runner), 0);
}

static char user, x[] = "x";

static int sets(void *arg) { return wio_context_set(&user, arg); }
static int sees(void *arg) {
    (void)arg;
    const int *value = (const int *)wio_context_get(&user);
    return value ? *value : 0;
}

TEST_OUTSIDE(RUN_19_variables_of_one_run_are_seen_by_the_next) {
    static int two = 2;
    wio_runner runner;
    CHECK_EQ(wio_context_set(&user, &two), 0);
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, sees, NULL), 2);
    CHECK_EQ(wio_runner_run(&runner, sets, &seven), 0);
    CHECK_EQ(wio_runner_run(&runner, sees, NULL), 7);
    CHECK_EQ(wio_runner_run(&runner, sets, NULL), 0);
    CHECK_EQ(wio_runner_run(&runner, sees, NULL), 0);
    CHECK_EQ(wio_runner_run(&runner, sets, &seven), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_EQ(wio_run(sees, NULL), 2);
    CHECK_EQ(wio_context_set(&user, NULL), 0);
}

static int ticks(void *arg) {
    int rc = 0;
    while (!(rc = wio_sleep(1))) ++*(int *)arg;
    mark('c');
    return rc;
}

static int stops_in_clean_up(void *arg) {
    (void)arg;
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    wio_stop();
    WIO_SHIELD { CHECK_EQ(wio_sleep(2), 0); }
    mark('s');
    return 0;
}

static int leaves_a_stopper(void *arg) {
    wio_detach(wio_create_task(stops_in_clean_up, arg));
    return wio_yield();
}

TEST_OUTSIDE(RUN_07_a_stop_in_clean_up_does_not_cut_it_short) {
    wio_runner runner;
    trace_clear();
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, leaves_a_stopper, NULL), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_STR(trace, "s");
    CHECK_EQ(wio_run(leaves_a_stopper, NULL), 0);
    CHECK_STR(trace, "ss");
}

static int starts_ticks(void *arg) {
    wio_detach(wio_create_task(ticks, arg));
    return wio_sleep(2.5);
}

static int naps_three(void *arg) {
    (void)arg;
    return wio_sleep(3);
}

TEST_OUTSIDE(RUN_16_tasks_that_are_left_go_on_in_the_next_run) {
    wio_runner runner;
    int count = 0;
    trace_clear();
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, starts_ticks, &count), 0);
    CHECK_EQ(count, 2);
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_runner_run(&runner, naps_three, NULL), 0);
    CHECK_EQ(count, 5);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_STR(trace, "c");
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

static int marks_when_it_gets_a_turn(void *arg) {
    char *letter = (char *)arg;
    while (!wio_yield()) mark(letter[0]);
    mark(letter[1]);
    return 0;
}

static int starts_yields(void *arg) {
    wio_detach(wio_create_task(marks_when_it_gets_a_turn, arg));
    return yields(3);
}

TEST_OUTSIDE(RUN_07_close_cancels_at_once_what_is_left) {
    wio_runner runner;
    char letters[] = "yc";
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, starts_yields, letters), 0);
    trace_clear();
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_STR(trace, "c"); /* no further turn */
}

static int cleans_up(void *arg) {
    int rc = wio_sleep(LONG);
    WIO_SHIELD { wio_sleep(2); }
    mark(*(const char *)arg);
    return rc;
}

static int leaves_three(void *arg) {
    static char letters[] = "abc";
    (void)arg;
    for (int i = 0; i < 3; i++) wio_create_task(cleans_up, &letters[i]);
    wio_task_options options = {0};
    options.name = "left";
    static int error = -EIO;
    wio_create_task_with(returns, &error, &options);
    return wio_yield();
}

TEST_OUTSIDE(RUN_07_close_joins_and_reports_what_is_left) {
    wio_runner runner;
    double start = wio_time();
    trace_clear();
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, leaves_three, NULL), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_STR(trace, "abc");
    CHECK_NEAR(wio_time() - start, 2, 1e-6);
    CHECK_EQ(wio__left(), 0);
}

static int runs_in_a_task(void *arg) {
    wio_runner *runner = (wio_runner *)arg, other;
    CHECK_EQ(wio_runner_run(runner, returns, &seven), -EBUSY);
    CHECK_EQ(wio_runner_close(runner), -EBUSY); /* RUN-28 */
    CHECK_EQ(wio_runner_open(&other), -EBUSY);
    CHECK_EQ(wio_run(returns, &seven), -EBUSY);
    return wio_sleep(1);
}

TEST_OUTSIDE(RUN_28_closing_or_running_in_a_run_is_refused) {
    wio_runner runner;
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, runs_in_a_task, &runner), 0);
    CHECK_EQ(wio_runner_run(&runner, returns, &seven), 7);
    CHECK_EQ(wio_runner_close(&runner), 0);
}

TEST_OUTSIDE(RUN_misuse_is_named) {
    wio_runner runner, other, never = WIO__ZERO;
    CHECK_EQ(wio_runner_open(NULL), -EINVAL);
    CHECK_EQ(wio_runner_run(NULL, returns, &seven), -EINVAL);
    CHECK_EQ(wio_runner_close(NULL), -EINVAL);
    CHECK_EQ(wio_runner_run(&never, returns, &seven), -EPERM);
    CHECK_EQ(wio_runner_close(&never), 0);
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_open(&other), -EBUSY);
    CHECK_EQ(wio_runner_open(&runner), -EBUSY);
    CHECK_EQ(wio_run(returns, &seven), -EBUSY);
    CHECK_EQ(wio_runner_run(&other, returns, &seven), -EPERM);
    CHECK_EQ(wio_runner_run(&runner, NULL, NULL), -EINVAL);
    CHECK_EQ(wio_runner_run(&runner, returns, &seven), 7);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_EQ(wio_runner_open(&other), 0);
    CHECK_EQ(wio_runner_close(&other), 0);
}

TEST(RUN_open_in_a_task_is_refused) {
    wio_runner runner;
    CHECK_EQ(wio_runner_open(&runner), -EBUSY);
}

/* ------------------------------------------------------------------------------------------------------- Stop --- */

static int stops_and_goes_on(void *arg) {
    mark('1');
    wio_stop();
    mark('2'); /* it ends no step */
    CHECK_EQ(wio_yield(), 0);
    mark('3');
    return *(int *)arg;
}

TEST_OUTSIDE(RUN_23_stopped_before_main_ended_it_goes_on_later) {
    wio_runner runner;
    trace_clear();
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, stops_and_goes_on, &seven), -EINTR);
    CHECK_STR(trace, "12");
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
    CHECK_EQ(wio_runner_run(&runner, NULL, NULL), 7);
    CHECK_STR(trace, "123");
    CHECK_EQ(wio_runner_close(&runner), 0);
}

TEST_OUTSIDE(RUN_23_another_main_meanwhile) {
    wio_runner runner;
    int result = 5;
    trace_clear();
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, stops_and_goes_on, &seven), -EINTR);
    CHECK_EQ(wio_runner_run(&runner, returns, &result), 5);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

static int stops_and_is_cancelled(void *arg) {
    wio_stop();
    CHECK_EQ(wio_sleep(1), -ECANCELED);
    wio_stop(); /* the end is under way: no effect */
    WIO_SHIELD { CHECK_EQ(wio_sleep(1), 0); }
    mark(*(const char *)arg);
    return 0;
}

TEST_OUTSIDE(RUN_23_close_ends_a_stopped_main) {
    wio_runner runner;
    trace_clear();
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, sets, &seven), 0);
    CHECK_EQ(wio_runner_run(&runner, stops_and_is_cancelled, x), -EINTR);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_STR(trace, "x");
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, sets, &seven), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
}

static char a[] = "a", b[] = "b", c[] = "c";

static void letter(void *arg) { mark(*(const char *)arg); }
static void stops(void *arg) {
    letter(arg);
    wio_stop();
    wio_call_soon(letter, c);
}

static int schedules(void *arg) {
    wio_call_soon(stops, a);
    wio_call_soon(letter, b);
    return wio_sleep(*(double *)arg);
}

TEST_OUTSIDE(RUN_24_what_was_ready_still_runs_what_it_schedules_does_not) {
    wio_runner runner;
    double ten = 10;
    trace_clear();
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, schedules, &ten), -EINTR);
    CHECK_STR(trace, "ab");
    CHECK_EQ(wio_runner_run(&runner, NULL, NULL), 0);
    CHECK_STR(trace, "abc");
    CHECK_EQ(wio_runner_close(&runner), 0);
}

static int stops_run(void *arg) {
    wio_detach(wio_create_task(cleans_up, arg));
    wio_yield();
    wio_stop();
    int rc = wio_sleep(LONG);
    CHECK_EQ(rc, -ECANCELED);
    return 3;
}

TEST_OUTSIDE(RUN_23_wio_run_cancels_its_main_and_says_that_it_was_stopped) {
    trace_clear();
    double start = wio_time();
    CHECK_EQ(wio_run(stops_run, a), -EINTR);
    CHECK_STR(trace, "a");
    CHECK_NEAR(wio_time() - start, 2, 1e-6);
    CHECK_EQ(wio_run(returns, &seven), 7);
}

static int stops_and_returns(void *arg) {
    wio_stop();
    return *(int *)arg;
}

static int stops_beside(void *arg) {
    (void)arg;
    wio_stop();
    return 0;
}

/* Main ends in the pass in which somebody stops the loop, before or after. */
static int ends_beside_a_stop(void *arg) {
    wio_detach(wio_create_task(stops_beside, NULL));
    wio_yield();
    return *(int *)arg;
}

static int yields_ten_times(void *arg) {
    (void)arg;
    return yields(10);
}

TEST_OUTSIDE(RUN_25_a_stop_request_is_not_left_for_the_next_run) {
    CHECK_EQ(wio_run(stops_and_returns, &seven), 7);
    CHECK_EQ(wio_run(yields_ten_times, NULL), 0);
    CHECK_EQ(wio_run(ends_beside_a_stop, &seven), 7);
    CHECK_EQ(wio_run(yields_ten_times, NULL), 0);
    wio_runner runner;
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, stops_and_returns, &seven), 7);
    CHECK_EQ(wio_runner_run(&runner, yields_ten_times, NULL), 0);
    CHECK_EQ(wio_runner_run(&runner, ends_beside_a_stop, &seven), 7);
    CHECK_EQ(wio_runner_run(&runner, returns, &seven), 7);
    CHECK_EQ(wio_runner_run(&runner, yields_ten_times, NULL), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
}

static int ends_and_is_stopped_behind(void *arg) {
    wio_call_soon(stops, a); /* in the last pass, beside the loop's own notice of main's end */
    return *(int *)arg;
}

TEST_OUTSIDE(RUN_25_stopped_a_pass_after_mains_end) {
    wio_runner runner;
    CHECK_EQ(wio_run(ends_and_is_stopped_behind, &seven), 7);
    CHECK_EQ(wio_run(yields_ten_times, NULL), 0);
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, ends_and_is_stopped_behind, &seven), 7);
    CHECK_EQ(wio_runner_run(&runner, yields_ten_times, NULL), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
}

TEST_OUTSIDE(RUN_stop_outside_a_run_is_reported) {
    wio_stop();
    CHECK_EQ(wio_task_error(NULL)->code, -EPERM);
    CHECK_EQ(wio_run(yields_ten_times, NULL), 0);
    wio_runner runner;
    CHECK_EQ(wio_runner_open(&runner), 0);
    wio_stop();
    CHECK_EQ(wio_runner_run(&runner, yields_ten_times, NULL), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
}

/* ----------------------------------------------------------------------------------------------- A run's end --- */

static int counts_turns(void *arg) {
    int *turns = (int *)arg;
    while (!wio_yield()) ++*turns;
    return 0;
}

static int ends_at_once(void *arg) {
    wio_detach(wio_create_task(counts_turns, arg));
    wio_yield();
    return 0;
}

/* asyncio: main's done callback comes a pass after its end, and the leftovers are cancelled when that pass is over. */
TEST_OUTSIDE(RUN_07_leftovers_have_one_more_turn_after_mains_end) {
    int turns = 0;
    CHECK_EQ(wio_run(ends_at_once, &turns), 0);
    CHECK_EQ(turns, 1);
}

static int yields_twice_then_marks(void *arg) {
    yields(2);
    letter(arg);
    return 0;
}

static int leaves_what_ends_soon(void *arg) {
    (void)arg;
    wio_detach(wio_create_task(marks, a));                   /* its first step comes in the last pass */
    wio_detach(wio_create_task(yields_twice_then_marks, b)); /* too late */
    return 0;
}

TEST_OUTSIDE(RUN_07_what_ends_in_that_turn_is_not_cancelled) {
    trace_clear();
    CHECK_EQ(wio_run(leaves_what_ends_soon, NULL), 0);
    CHECK_STR(trace, "ab"); /* b: cancelled, but it does not look */
}

static wio_task *main_handle;

static int waits_for_main(void *arg) {
    (void)arg;
    int rc = wio_wait(&main_handle, 1, WIO_ALL_COMPLETED, WIO_FOREVER);
    CHECK_EQ(rc, 1);
    mark('w');
    return rc;
}

static int awaits_main(void *arg) {
    (void)arg;
    int rc = wio_await(main_handle);
    CHECK_EQ(rc, 7);
    mark('t');
    return rc;
}

static int is_waited_for(void *arg) {
    main_handle = wio_current_task();
    wio_detach(wio_create_task(awaits_main, NULL));
    wio_detach(wio_create_task(waits_for_main, NULL));
    wio_sleep(1);
    return *(int *)arg;
}

/* The main task is watched while the runner is done with it. */
TEST_OUTSIDE(RUN_16_leftovers_that_wait_for_a_main_task) {
    wio_runner runner;
    trace_clear();
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, is_waited_for, &seven), 7);
    CHECK_STR(trace, "t");
    for (int i = 0; i < 5; i++) CHECK_EQ(wio_runner_run(&runner, returns, &seven), 7);
    CHECK_STR(trace, "tw");
    CHECK_EQ(wio_runner_close(&runner), 0);
}

static int never(void *arg) {
    static wio_semaphore none;
    (void)arg;
    return wio_semaphore_acquire(&none);
}

TEST_OUTSIDE(DEAD_in_one_run_of_a_runner) {
    wio_runner runner;
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, never, NULL), -EDEADLK);
    CHECK_EQ(wio_runner_run(&runner, returns, &seven), 7);
    CHECK_EQ(wio_runner_run(&runner, yields_ten_times, NULL), 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
}

static int leaves_never(void *arg) {
    wio_detach(wio_create_task(never, arg));
    return wio_yield();
}

TEST_OUTSIDE(RUN_16_a_leftover_that_waits_for_ever_is_cancelled_by_close) {
    wio_runner runner;
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, leaves_never, NULL), 0);
    CHECK_EQ(wio_runner_run(&runner, returns, &seven), 7);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

/* ---------------------------------------------------------------------------------------------------- Stress --- */

static unsigned seed;
static unsigned below(unsigned n) {
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

static int random_work(void *arg) {
    for (unsigned n = below(6); n > 0; n--) {
        int rc = below(2) ? wio_sleep(below(3)) : wio_yield();
        if (rc) return rc;
        if (below(5) == 0) wio_detach(wio_create_task(random_work, arg));
        if (below(12) == 0) wio_stop();
    }
    return (int)below(5);
}

TEST_OUTSIDE(RUN_stress_random_runs_and_stops) {
    for (unsigned round = 0; round < 300; round++) {
        seed = round;
        wio_runner runner;
        CHECK_EQ(wio_runner_open(&runner), 0);
        for (int i = 0; i < 5; i++) {
            int rc = wio_runner_run(&runner, random_work, NULL);
            while (rc == -EINTR && below(2)) rc = wio_runner_run(&runner, NULL, NULL);
            CHECK(rc >= 0 || rc == -EINTR);
        }
        CHECK_EQ(wio_runner_close(&runner), 0);
        CHECK_EQ(wio__left(), 0);
        int rc = wio_run(random_work, NULL);
        CHECK(rc >= 0 || rc == -EINTR || rc == -ECANCELED);
        CHECK_EQ(wio__left(), 0);
    }
}

static int seen_at_end;
static void sees_the_end(wio_task *task, void *arg) {
    seen_at_end += wio_task_done(task);
    (void)arg;
}

static int leaves_one_to_end(void *arg) {
    wio_task *task = wio_create_task(marks, arg);
    wio_task_add_done_callback(task, sees_the_end, NULL);
    wio_detach(task);
    return 0;
}

TEST_OUTSIDE(RUN_07_a_callback_that_is_queued_when_the_runner_is_closed_is_called) {
    wio_runner runner;
    char letter[] = "m";
    trace_clear();
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, leaves_one_to_end, letter), 0);
    CHECK_STR(trace, "m");
    CHECK_EQ(seen_at_end, 0);
    CHECK_EQ(wio_runner_close(&runner), 0);
    CHECK_EQ(seen_at_end, 1);
}
