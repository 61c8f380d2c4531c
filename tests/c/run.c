// clock: virtual
// stderr: ^wasyncio: run\.c:\d+: wio_run\(\): the loop is running already
// stderr: task 'leftover' failed and nobody looked: EIO: the clean-up failed at run\.c:\d+; created at run\.c:\d+
// wio_run(): the main task and the life of the loop (RUN).
#include "tools.h"

static int seven = 7;

TEST_OUTSIDE(RUN_01_run_returns_what_main_returned) {
    CHECK_EQ(wio_run(returns, &seven), 7);
    int zero = 0;
    CHECK_EQ(wio_run(returns, &zero), 0);
}

static int fails(void *arg) {
    (void)arg;
    return wio_fail(-EPROTO, "main failed on page %d", 3);
}

TEST_OUTSIDE(RUN_02_a_failing_main_gives_its_error_and_message) {
    CHECK_EQ(wio_run(fails, NULL), -EPROTO);
    const wio_error *error = wio_task_error(NULL);
    REQUIRE(error);
    CHECK_EQ(error->code, -EPROTO);
    CHECK_STR(error->message, "main failed on page 3");
    CHECK_STR(error->name, "EPROTO");
    CHECK_HAS(error->where, "run.c:");
}

TEST_OUTSIDE(RUN_03_null_is_refused_and_nothing_starts) {
    CHECK_EQ(wio_run(NULL, NULL), -EINVAL);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
    CHECK_EQ(wio_run(returns, &seven), 7);
}

TEST(RUN_04_run_inside_run_is_refused_and_the_outer_goes_on) {
    char letter[] = "x";
    trace_clear();
    size_t before = wio_all_tasks(NULL, 0);
    CHECK_EQ(wio_run(marks, letter), -EBUSY);
    CHECK_EQ(wio_all_tasks(NULL, 0), before);
    yields(3);
    CHECK_STR(trace, ""); /* RUN-05 */
    CHECK_EQ(wio_sleep(1), 0);
}

static int leftover(void *arg) {
    int rc = wio_sleep(LONG);
    WIO_SHIELD { wio_sleep(2); }
    mark(*(const char *)arg);
    return rc;
}

static int leaves_two(void *arg) {
    static char a[] = "a", b[] = "b";
    wio_create_task(leftover, a);
    wio_detach(wio_create_task(leftover, b));
    wio_yield();
    return *(int *)arg;
}

TEST_OUTSIDE(RUN_07_leftovers_are_cancelled_and_joined_and_mains_result_kept) {
    trace_clear();
    double start = wio_time();
    CHECK_EQ(wio_run(leaves_two, &seven), 7);
    CHECK_STR(trace, "ab"); /* RUN-11: in order of creation */
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

TEST_OUTSIDE(RUN_08_the_same_when_main_fails) {
    int error = -EIO;
    trace_clear();
    CHECK_EQ(wio_run(leaves_two, &error), -EIO);
    CHECK_STR(trace, "ab");
}

static int fails_in_clean_up(void *arg) {
    (void)arg;
    wio_sleep(LONG);
    return wio_fail(-EIO, "the clean-up failed");
}

static int leaves_a_failure(void *arg) {
    wio_task_options options = {0};
    options.name = "leftover";
    wio_create_task_with(fails_in_clean_up, NULL, &options);
    wio_yield();
    return *(int *)arg;
}

TEST_OUTSIDE(RUN_09_a_failing_leftover_is_reported_and_the_result_stays) { CHECK_EQ(wio_run(leaves_a_failure, &seven), 7); }

static wio_task *pair[2];

static int looks_at_the_other(void *arg) {
    wio_sleep(LONG);
    CHECK_EQ(wio_cancelling(), 1);
    wio_task *other = pair[1 - *(int *)arg];
    if (!wio_task_done(other)) mark('p');
    return 0;
}

static int leaves_a_pair(void *arg) {
    static int zero = 0, one = 1;
    (void)arg;
    pair[0] = wio_create_task(looks_at_the_other, &zero);
    pair[1] = wio_create_task(looks_at_the_other, &one);
    return wio_yield();
}

TEST_OUTSIDE(RUN_10_all_leftovers_are_cancelled_before_the_first_resumes) {
    trace_clear();
    CHECK_EQ(wio_run(leaves_a_pair, NULL), 0);
    CHECK_STR(trace, "p");
}

static int spawns_in_clean_up(void *arg) {
    static char letter[] = "x";
    (void)arg;
    wio_sleep(LONG);
    mark('c');
    wio_detach(wio_create_task(marks, letter));
    return 0;
}

static int leaves_a_spawner(void *arg) {
    (void)arg;
    wio_detach(wio_create_task(spawns_in_clean_up, NULL));
    return wio_yield();
}

TEST_OUTSIDE(RUN_12_a_task_born_while_the_run_ends_never_runs_and_is_joined) {
    trace_clear();
    CHECK_EQ(wio_run(leaves_a_spawner, NULL), 0);
    CHECK_STR(trace, "c");
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

TEST_OUTSIDE(RUN_14_the_next_run_starts_afresh) {
    for (int i = 0; i < 5; i++) CHECK_EQ(wio_run(i % 2 ? leaves_two : fails, &seven), i % 2 ? 7 : -EPROTO);
}

static int cancels_itself(void *arg) {
    (void)arg;
    wio_task_cancel(wio_current_task());
    return wio_sleep(1);
}

TEST_OUTSIDE(RUN_15_main_ending_by_cancel_makes_run_say_so) { CHECK_EQ(wio_run(cancels_itself, NULL), -ECANCELED); }

static int keeps_time(void *arg) {
    *(double *)arg = wio_time();
    return wio_sleep(3);
}

TEST_OUTSIDE(RUN_14_the_clock_goes_on_between_runs) {
    double first = 0, second = 0;
    CHECK_EQ(wio_run(keeps_time, &first), 0);
    CHECK_EQ(wio_run(keeps_time, &second), 0);
    CHECK_NEAR(second - first, 3, 0.01);
}

static int never(void *arg) {
    static wio_semaphore none;
    (void)arg;
    int rc = wio_semaphore_acquire(&none);
    CHECK_EQ(rc, -EDEADLK);
    CHECK_EQ(wio_sleep(1), -EDEADLK); /* every later wait too */
    mark('u');
    return rc;
}

TEST_OUTSIDE(DEAD_what_would_hang_for_ever_ends_and_clean_up_runs) {
    trace_clear();
    CHECK_EQ(wio_run(never, NULL), -EDEADLK);
    CHECK_STR(trace, "u");
    CHECK_EQ(wio_run(returns, &seven), 7);
}

static int awaits_never(void *arg) {
    wio_task *task = wio_create_task(never, arg);
    int rc = wio_await(task);
    CHECK_EQ(rc, -EDEADLK);
    mark('m');
    return 0;
}

TEST_OUTSIDE(DEAD_ends_a_run_with_EDEADLK_though_main_returns_0) {
    trace_clear();
    CHECK_EQ(wio_run(awaits_never, NULL), -EDEADLK);
    CHECK_STR(trace, "um");
}

static int sleeps_to_infinity(void *arg) {
    (void)arg;
    return wio_sleep(INFINITY);
}

TEST_OUTSIDE(DEAD_a_sleep_of_infinity_alone_is_a_deadlock) { CHECK_EQ(wio_run(sleeps_to_infinity, NULL), -EDEADLK); }

TEST(DEAD_a_sleep_of_infinity_beside_others_can_be_cancelled) {
    wio_task *task = wio_create_task(sleeps_to_infinity, NULL);
    CHECK_EQ(wio_sleep(5), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
}

static int awaits_the_first(void *arg) { return wio_await(*(wio_task **)arg); }

static int awaits_each_other(void *arg) {
    static wio_task *a, *b;
    (void)arg;
    a = wio_create_task(awaits_the_first, &b);
    b = wio_create_task(awaits_the_first, &a);
    int rc = wio_await(a);
    CHECK(rc < 0);
    return rc;
}

TEST_OUTSIDE(DEAD_a_cycle_of_two_ends) {
    CHECK_EQ(wio_run(awaits_each_other, NULL), -EDEADLK);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

static int shielded_for_ever(void *arg) {
    static wio_semaphore none;
    (void)arg;
    int rc = 0;
    WIO_SHIELD { rc = wio_semaphore_acquire(&none); }
    return rc;
}

TEST_OUTSIDE(DEAD_strikes_shielded_waits_too) { CHECK_EQ(wio_run(shielded_for_ever, NULL), -EDEADLK); }

static int group_for_ever(void *arg) {
    static wio_semaphore none;
    wio_semaphore_init(&none, 0);
    (void)arg;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, never, NULL);
        wio_group_create_task(&g, shielded_for_ever, NULL);
    }
    return wio_group_status(&g);
}

TEST_OUTSIDE(DEAD_ends_groups_and_gathers) {
    CHECK_EQ(wio_run(group_for_ever, NULL), -EDEADLK);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}
