// What the core does to its host, and what only a host can do to it: time that passes while computing, events from
// outside, JavaScript that calls back, the text of every report.
#include "host.h"
#include "tools.h"

static size_t count(const char *text, const char *part) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part)) n++;
    return n;
}

TEST(CLOCK_10000_sleeping_tasks_arm_one_timer) {
    enum { MANY = 10000 };
    static double seconds[MANY];
    for (int i = 0; i < MANY; i++) seconds[i] = 1 + i % 10;
    host_counts before = host_count;
    wio_task_options options = {NULL, 4096, false};
    WIO_TASK_GROUP(g) {
        for (int i = 0; i < MANY; i++) wio_group_create_task_with(&g, naps, &seconds[i], &options);
    }
    CHECK_EQ(wio_group_status(&g), 0);
    CHECK(host_count.arms - before.arms <= 11);
    CHECK(host_count.posts - before.posts <= 40);
}

TEST(CLOCK_an_unused_timeout_leaves_no_timer_armed) {
    host_counts before = host_count;
    for (int i = 0; i < 10; i++) WIO_TIMEOUT(100) wio_yield();
    CHECK(host_count.arms - before.arms <= 1);
    CHECK(host_next_timer() == INFINITY);
}

TEST(TMO_07_a_block_that_never_waits_is_not_timed_out) {
    WIO_TIMEOUT(1) host_burn(2);
    CHECK(!wio_timeout_expired());
    CHECK_EQ(wio_sleep(1), 0);
    WIO_TIMEOUT(1) {
        host_burn(2);
    }
    CHECK_EQ(wio_cancelling(), 0);
}

TEST(TMO_08_a_block_that_overran_by_computing_fails_at_its_first_wait) {
    int yielded = 0, slept = 0, again = 0;
    double start = wio_time();
    WIO_TIMEOUT(1) {
        host_burn(2);
        yielded = wio_yield();
    }
    CHECK(wio_timeout_expired());
    WIO_TIMEOUT(1) {
        host_burn(2);
        slept = wio_sleep(LONG);
        again = wio_yield();
    }
    CHECK_EQ(yielded, -ETIMEDOUT);
    CHECK_EQ(slept, -ETIMEDOUT);
    CHECK_EQ(again, -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 4, 0.01);
    CHECK_EQ(wio_sleep(1), 0);
}

static int overdue_and_cancelled(void *arg) {
    (void)arg;
    int rc = 0;
    WIO_TIMEOUT(1) {
        host_burn(2);
        wio_task_cancel(wio_current_task());
        rc = wio_sleep(LONG);
    }
    return rc;
}

TEST(TMO_12_cancelled_and_overdue_the_cancel_wins) {
    CHECK_EQ(wio_await(wio_create_task(overdue_and_cancelled, NULL)), -ECANCELED);
}

TEST(SLP_a_sleep_that_was_due_long_ago_wakes_in_order) {
    double seconds[] = {3, 1, 2};
    job jobs[] = {{seconds[0], 0, 'c', 0}, {seconds[1], 0, 'a', 0}, {seconds[2], 0, 'b', 0}};
    wio_task *tasks[3];
    trace_clear();
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(does, &jobs[i]);
    wio_yield();
    host_burn(10);
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_await(tasks[i]), 0);
    CHECK_STR(trace, "abc");
}

static void marks_h(void *arg) {
    (void)arg;
    mark('h');
}

TEST(TICK_a_yield_loop_does_not_starve_the_host) {
    trace_clear();
    host_later(0, marks_h, NULL);
    for (int i = 0; i < 1000 && !trace[0]; i++) {
        host_burn(0.001);
        CHECK_EQ(wio_yield(), 0);
        if (i == 900) CHECK_STR(trace, "h");
    }
    CHECK_STR(trace, "h");
}

TEST(DBG_a_slow_step_is_reported_with_task_and_place) {
    host_quiet(true);
    host_log();
    wio_set_debug(0.1);
    wio_yield(); /* from the next pass on */
    host_burn(0.25);
    wio_yield();
    CHECK_EQ(wio_sleep(1), 0);
    wio_set_debug(-1);
    const char *said = host_log();
    host_quiet(false);
    CHECK_EQ(count(said, "held the loop for 250 ms"), 1);
    CHECK_HAS(said, wio_task_name(wio_current_task()));
    CHECK_HAS(said, "test_host.c:");
    host_burn(0.25);
    wio_yield();
    CHECK_STR(host_log(), "");
}

/* ---------------------------------------------------------------------------------------- From outside the loop --- */

static void releases(void *arg) { wio_semaphore_release((wio_semaphore *)arg); }

TEST(HOST_a_release_from_outside_wakes_the_waiter) {
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 0);
    wio_task *sleeper = wio_create_task(sleeps_long, NULL); /* no deadlock: the host does not count later calls */
    host_later(2, releases, &semaphore);
    double start = wio_time();
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    wio_task_cancel(sleeper);
    CHECK_EQ(wio_await(sleeper), -ECANCELED);
}

static int cleans_up(void *arg) {
    (void)arg;
    int rc = wio_sleep(LONG);
    WIO_SHIELD { CHECK_EQ(wio_sleep(1), 0); }
    mark('c');
    return rc;
}

TEST_OUTSIDE(RUN_20_an_interrupt_cancels_main_and_lets_it_clean_up) {
    trace_clear();
    host_later(3, host_interrupt, NULL);
    double start = wio_time();
    CHECK_EQ(wio_run(cleans_up, NULL), -ECANCELED);
    CHECK_STR(trace, "c");
    CHECK_NEAR(wio_time() - start, 4, 0.01);
}

static int yields_for_ever(void *arg) {
    (void)arg;
    int rc;
    do host_burn(0.01);
    while (!(rc = wio_yield()));
    return rc;
}

TEST_OUTSIDE(RUN_20_also_when_main_only_ever_yields) {
    host_later(1, host_interrupt, NULL);
    CHECK_EQ(wio_run(yields_for_ever, NULL), -ECANCELED);
}

static void tries_to_wait(void *arg) {
    int *results = (int *)arg;
    results[0] = wio_sleep(1);
    results[1] = wio_yield();
    results[2] = wio_current_task() != NULL;
    results[3] = wio_create_task(sleeps_long, NULL) != NULL;
}

TEST(HOST_waiting_in_a_call_from_javascript_is_refused) {
    int results[4] = {0};
    host_quiet(true);
    host_log();
    host_from_javascript(tries_to_wait, results);
    const char *said = host_log();
    host_quiet(false);
    CHECK_EQ(results[0], -EPERM);
    CHECK_EQ(results[1], -EPERM);
    CHECK_EQ(results[2], 0);
    CHECK_EQ(results[3], 0);
    CHECK_HAS(said, "a plain C function cannot wait when JavaScript calls it: declare it with WIO_EXPORT");
    CHECK_EQ(wio_sleep(1), 0);
}

/* ------------------------------------------------------------------------------------------------------ Reports --- */

static int fails(void *arg) {
    (void)arg;
    wio_yield();
    return wio_fail(-EIO, "disk %d on fire", 3);
}

TEST(TSK_15_reported_exactly_once_at_detach_or_at_the_end) {
    host_quiet(true);
    host_log();
    wio_detach(wio_create_task(fails, NULL));
    yields(3);
    const char *said = host_log();
    CHECK_EQ(count(said, "failed and nobody looked"), 1);
    CHECK_HAS(said, "EIO: disk 3 on fire at test_host.c:");
    CHECK_HAS(said, "; created at test_host.c:");
    wio_task *late = wio_create_task(fails, NULL);
    yields(3);
    CHECK_STR(host_log(), "");
    wio_detach(late);
    CHECK_EQ(count(host_log(), "failed and nobody looked"), 1);
    host_quiet(false);
}

static int looks(int how, wio_task *task) {
    switch (how) {
    case 0: return wio_await(task);
    case 1: return wio_task_status(task);
    case 2: return wio_task_error(task)->code;
    case 3: return wio_task_cancel(task), -EIO;
    default: return wio_shield(task);
    }
}

TEST(TSK_16_every_way_of_looking_silences_the_report) {
    for (int how = 0; how < 5; how++) {
        wio_task *task = wio_create_task(fails, NULL);
        yields(3);
        host_log();
        CHECK_EQ(looks(how, task), -EIO);
        if (how >= 1 && how <= 3) wio_detach(task);
        CHECK_STR(host_log(), "");
    }
}

static int leaves_failures(void *arg) {
    wio_create_task(fails, NULL);
    if (wio_sleep(1)) return -1;
    return arg ? fails(arg) : 0;
}

TEST_OUTSIDE(RUN_09_at_the_end_of_the_run_but_not_runs_own_error) {
    host_quiet(true);
    host_log();
    CHECK_EQ(wio_run(leaves_failures, NULL), 0);
    CHECK_EQ(count(host_log(), "failed and nobody looked"), 1);
    CHECK_EQ(wio_run(leaves_failures, &trace), -EIO);
    CHECK_EQ(count(host_log(), "failed and nobody looked"), 1); /* RUN-26 */
    host_quiet(false);
}

static wio_semaphore nothing;

static int waits_for_nothing(void *arg) {
    (void)arg;
    return wio_semaphore_acquire(&nothing);
}

static int deadlocked_main(void *arg) {
    wio_task_options options = {"the reader", 0, false};
    return wio_await(wio_create_task_with(waits_for_nothing, arg, &options));
}

TEST_OUTSIDE(DEAD_the_report_names_every_wait_and_its_place) {
    host_quiet(true);
    host_log();
    CHECK_EQ(wio_run(deadlocked_main, NULL), -EDEADLK);
    const char *said = host_log();
    host_quiet(false);
    CHECK_EQ(count(said, "wasyncio: deadlock"), 1);
    CHECK_HAS(said, "deadlocked_main: waits for task the reader at test_host.c:");
    CHECK_HAS(said, "    the reader waits_for_nothing: waits for semaphore at test_host.c:");
    CHECK(!strstr(said, "nobody looked"));
}

TEST(NAM_06_the_tree_of_a_thousand_children_is_cut) {
    static job jobs[1500];
    WIO_TASK_GROUP(g) {
        for (int i = 0; i < 1500; i++) wio_group_create_task(&g, does, &jobs[i]);
        FILE *file = tmpfile();
        REQUIRE(file);
        wio_print_tasks(file);
        CHECK(ftell(file) > 1000);
        fclose(file);
    }
}

/* ------------------------------------------------------------------------------- Imports: JavaScript's promises --- */

uint32_t wio__import_begin(const char *name);
int wio__import_wait(void);
void wio__op_complete(uint32_t id, int status, size_t size);

static uint32_t pending;

static void completes(void *arg) { wio__op_complete(pending, *(int *)arg, 0); }

TEST(IMP_a_promise_suspends_only_its_task) {
    int answer = 42;
    pending = wio__import_begin("ask");
    CHECK(pending != 0);
    host_later(2, completes, &answer);
    double start = wio_time();
    CHECK_EQ(wio__import_wait(), 42);
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    wio__op_complete(pending, 1, 0); /* late: dropped */
}

TEST(IMP_a_timeout_tells_the_host_and_the_late_answer_is_dropped) {
    int rc = 0, answer = 42;
    unsigned before = host_count.cancels;
    WIO_TIMEOUT(1) {
        pending = wio__import_begin("ask");
        host_later(2, completes, &answer);
        rc = wio__import_wait();
    }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(host_count.cancels, before + 1);
    CHECK_EQ(wio_sleep(5), 0);
}
