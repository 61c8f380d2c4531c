// clock: virtual
// stderr: wio_wait\(\): there is no task to wait for
// stderr: wio_wait\(\): there is no such mode
// stderr: wio_wait\(\): a task cannot wait for itself
// stderr: wio_wait\(\): the time is not a number
// stderr: task 'unseen' failed and nobody looked: EIO
// wio_wait() (WAI).
#include "tools.h"

static int seven = 7;

static int fails(void *arg) {
    job *self = (job *)arg;
    int rc = wio_sleep(self->seconds);
    return rc ? rc : wio_fail(-EIO, "failed after %g", self->seconds);
}

static void give_back(wio_task **tasks, size_t n) {
    for (size_t i = 0; i < n; i++) wio_task_cancel(tasks[i]);
    for (size_t i = 0; i < n; i++) wio_await(tasks[i]);
}

TEST(WAI_01_all_completed_returns_when_the_last_has_ended) {
    double times[] = {2, 5, 1};
    double start = wio_time();
    wio_task *tasks[3];
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(naps, &times[i]);
    CHECK_EQ(wio_wait(tasks, 3, WIO_ALL_COMPLETED, WIO_FOREVER), 3);
    CHECK_NEAR(wio_time() - start, 5, 1e-6);
    CHECK_EQ(wio_wait(tasks, 3, WIO_ALL_COMPLETED, WIO_FOREVER), 3); /* all done: no time, but a turn */
    CHECK_NEAR(wio_time() - start, 5, 1e-6);
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_await(tasks[i]), 0); /* the handles stayed ours */
}

TEST(WAI_02_first_completed_returns_at_the_first_end_of_any_kind) {
    job jobs[] = {{5, 0, 0, 0}, {1, 0, 0, 0}};
    wio_task *tasks[] = {wio_create_task(does, &jobs[0]), wio_create_task(fails, &jobs[1]),
                         wio_create_task(sleeps_long, NULL)};
    double start = wio_time();
    CHECK_EQ(wio_wait(tasks, 3, WIO_FIRST_COMPLETED, WIO_FOREVER), 1);
    CHECK_NEAR(wio_time() - start, 1, 1e-6);
    CHECK(!wio_task_done(tasks[0]) && wio_task_done(tasks[1]) && !wio_task_done(tasks[2]));
    CHECK_EQ(wio_await(tasks[1]), -EIO);
    wio_task_cancel(tasks[2]);
    wio_task *rest[] = {tasks[0], tasks[2]};
    CHECK_EQ(wio_wait(rest, 2, WIO_FIRST_COMPLETED, WIO_FOREVER), 1);
    CHECK(wio_task_cancelled(tasks[2])); /* a cancelled one has ended too */
    give_back(rest, 2);
}

TEST(WAI_03_what_ends_until_wait_resumes_is_counted) {
    wio_task *tasks[] = {wio_create_task(returns, &seven), wio_create_task(returns, &seven),
                         wio_create_task(sleeps_long, NULL)};
    CHECK_EQ(wio_wait(tasks, 3, WIO_FIRST_COMPLETED, WIO_FOREVER), 2);
    CHECK(wio_task_done(tasks[1]));
    give_back(tasks, 3);
}

TEST(WAI_04_first_exception_returns_at_the_first_failure) {
    job jobs[] = {{1, 0, 0, 0}, {2, 0, 0, 0}, {9, 0, 0, 0}};
    wio_task *tasks[] = {wio_create_task(does, &jobs[0]), wio_create_task(fails, &jobs[1]),
                         wio_create_task(does, &jobs[2])};
    double start = wio_time();
    CHECK_EQ(wio_wait(tasks, 3, WIO_FIRST_EXCEPTION, WIO_FOREVER), 2);
    CHECK_NEAR(wio_time() - start, 2, 1e-6);
    CHECK_EQ(wio_wait(tasks, 3, WIO_FIRST_EXCEPTION, WIO_FOREVER), 2); /* also one from before the call */
    CHECK_NEAR(wio_time() - start, 2, 1e-6);
    CHECK_EQ(wio_task_status(tasks[1]), -EIO);
    give_back(tasks, 3);
}

TEST(WAI_05_a_cancelled_task_is_no_failure) {
    job jobs[] = {{1, 0, 0, 0}, {3, 0, 0, 0}};
    wio_task *tasks[] = {wio_create_task(does, &jobs[0]), wio_create_task(sleeps_long, NULL),
                         wio_create_task(does, &jobs[1])};
    double start = wio_time();
    wio_task_cancel(tasks[1]);
    CHECK_EQ(wio_wait(tasks, 3, WIO_FIRST_EXCEPTION, WIO_FOREVER), 3); /* no failure: all */
    CHECK_NEAR(wio_time() - start, 3, 1e-6);
    give_back(tasks, 3);
}

TEST(WAI_06_errors_are_not_marked_as_seen) {
    job work = {1, 0, 0, 0};
    wio_task_options options = {0};
    options.name = "unseen";
    wio_task *task = wio_create_task_with(fails, &work, &options);
    CHECK_EQ(wio_wait(&task, 1, WIO_ALL_COMPLETED, WIO_FOREVER), 1);
    wio_detach(task); /* reported */
}

TEST(WAI_07_a_timeout_neither_fails_nor_cancels) {
    double times[] = {1, 5};
    double start = wio_time();
    wio_task *tasks[] = {wio_create_task(naps, &times[0]), wio_create_task(naps, &times[1])};
    CHECK_EQ(wio_wait(tasks, 2, WIO_ALL_COMPLETED, 3), 1);
    CHECK_NEAR(wio_time() - start, 3, 1e-6);
    CHECK(!wio_task_done(tasks[1]));
    CHECK_EQ(wio_cancelling(), 0);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_NEAR(wio_time() - start, 5, 1e-6);
    CHECK_EQ(wio_await(tasks[0]), 0);
}

TEST(WAI_08_a_task_that_ends_at_the_very_deadline_is_done) {
    double five = 5;
    wio_task *task = wio_create_task(naps, &five);
    wio_yield(); /* its timer is armed first */
    CHECK_EQ(wio_wait(&task, 1, WIO_ALL_COMPLETED, 5), 1);
    CHECK_EQ(wio_await(task), 0);
}

TEST(WAI_09_zero_polls_and_lets_ready_tasks_run) {
    char letter[] = "x";
    trace_clear();
    wio_task *tasks[] = {wio_create_task(marks, letter), wio_create_task(sleeps_long, NULL)};
    double start = wio_time();
    CHECK_EQ(wio_wait(tasks, 2, WIO_ALL_COMPLETED, 0), 1);
    CHECK_STR(trace, "x");
    CHECK_EQ(wio_wait(tasks, 2, WIO_ALL_COMPLETED, -3), 1);
    CHECK_EQ(wio_wait(tasks + 1, 1, WIO_ALL_COMPLETED, -INFINITY), 0);
    CHECK_NEAR(wio_time(), start, 1e-6);
    give_back(tasks, 2);
}

TEST(WAI_10_bad_arguments_are_named) {
    wio_task *task = wio_create_task(returns, &seven), *self = wio_current_task();
    CHECK_EQ(wio_wait(NULL, 1, WIO_ALL_COMPLETED, WIO_FOREVER), -EINVAL);
    CHECK_EQ(wio_wait(&task, 0, WIO_ALL_COMPLETED, WIO_FOREVER), -EINVAL);
    CHECK_EQ(wio_wait(&task, 1, (wio_wait_mode)3, WIO_FOREVER), -EINVAL);
    CHECK_EQ(wio_wait(&task, 1, (wio_wait_mode)-1, WIO_FOREVER), -EINVAL);
    CHECK_EQ(wio_wait(&task, 1, WIO_ALL_COMPLETED, NAN), -EINVAL);
    CHECK_EQ(wio_wait(&self, 1, WIO_ALL_COMPLETED, WIO_FOREVER), -EDEADLK);
    CHECK_HAS(last_message(), "itself");
    wio_task *with_null[] = {task, NULL}, *with_self[] = {task, self};
    CHECK_EQ(wio_wait(with_null, 2, WIO_ALL_COMPLETED, WIO_FOREVER), -EINVAL);
    CHECK_EQ(wio_wait(with_self, 2, WIO_ALL_COMPLETED, WIO_FOREVER), -EDEADLK);
    CHECK_EQ(wio_await(task), 7);
    CHECK_EQ(wio_wait(&task, 1, WIO_ALL_COMPLETED, WIO_FOREVER), -EINVAL); /* stale */
}

TEST_OUTSIDE(WAI_10_outside_a_task) {
    wio_task *none = NULL;
    CHECK_EQ(wio_wait(&none, 1, WIO_ALL_COMPLETED, WIO_FOREVER), -EPERM);
}

TEST(WAI_11_duplicates_count_once) {
    double one = 1;
    wio_task *task = wio_create_task(naps, &one), *tasks[] = {task, task, task};
    CHECK_EQ(wio_wait(tasks, 3, WIO_ALL_COMPLETED, WIO_FOREVER), 1);
    CHECK_EQ(wio_wait(tasks, 3, WIO_ALL_COMPLETED, WIO_FOREVER), 1);
    CHECK_EQ(wio_await(task), 0);
}

typedef struct {
    wio_task **tasks;
    size_t n;
    double timeout;
} wait_for_all;

static int waits(void *arg) {
    wait_for_all *self = (wait_for_all *)arg;
    return wio_wait(self->tasks, self->n, WIO_ALL_COMPLETED, self->timeout);
}

TEST(WAI_12_cancelling_the_waiter_leaves_the_tasks) {
    double ten = 10;
    wio_task *tasks[] = {wio_create_task(naps, &ten), wio_create_task(naps, &ten)};
    wait_for_all what = {tasks, 2, 20};
    wio_task *waiter = wio_create_task(waits, &what);
    wio_sleep(1);
    wio_task_cancel(waiter);
    CHECK_EQ(wio_await(waiter), -ECANCELED);
    CHECK_EQ(wio_await(tasks[0]), 0); /* WAI-13: nothing of the waiter hangs on them */
    CHECK_EQ(wio_await(tasks[1]), 0);
}

TEST(WAI_12_a_timeout_around_it_strikes_the_wait_alone) {
    wio_task *task = wio_create_task(sleeps_long, NULL);
    int rc = 0;
    WIO_TIMEOUT(1) { rc = wio_wait(&task, 1, WIO_ALL_COMPLETED, 5); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(!wio_task_done(task));
    give_back(&task, 1);
}

TEST(WAI_12_a_cancel_in_the_pass_in_which_the_task_ends) {
    double one = 1;
    wio_task *task = wio_create_task(naps, &one);
    wait_for_all what = {&task, 1, WIO_FOREVER};
    wio_task *waiter = wio_create_task(waits, &what);
    for (int late = 0; late < 4; late++) {
        wio_sleep(one);
        yields(late);
        wio_task_cancel(waiter);
        int rc = wio_await(waiter);
        CHECK(rc == -ECANCELED || rc == 1);
        CHECK_EQ(wio_await(task), 0);
        task = wio_create_task(naps, &one);
        waiter = wio_create_task(waits, &what);
    }
    wio_task_cancel(waiter);
    CHECK_EQ(wio_await(waiter), -ECANCELED);
    give_back(&task, 1);
}

TEST(WAI_13_no_callback_and_no_timer_is_left) {
    wio_task *tasks[] = {wio_create_task(sleeps_long, NULL), wio_create_task(sleeps_long, NULL)};
    for (int i = 0; i < 100; i++) CHECK_EQ(wio_wait(tasks, 2, WIO_FIRST_COMPLETED, i % 3), 0);
    double start = wio_time();
    give_back(tasks, 2);
    CHECK_EQ(wio_wait(tasks, 2, WIO_ALL_COMPLETED, 1), -EINVAL);
    CHECK_NEAR(wio_time(), start, 1e-6);
}

TEST(WAI_several_may_wait_for_the_same_tasks) {
    double one = 1;
    wio_task *tasks[] = {wio_create_task(naps, &one), wio_create_task(naps, &one)}, *waiters[5];
    wait_for_all what = {tasks, 2, WIO_FOREVER};
    for (int i = 0; i < 5; i++) waiters[i] = wio_create_task(waits, &what);
    for (int i = 0; i < 5; i++) CHECK_EQ(wio_await(waiters[i]), 2);
    give_back(tasks, 2);
}

TEST(WAI_the_handle_may_be_given_back_meanwhile) {
    double one = 1;
    wio_task *task = wio_create_task(naps, &one);
    wait_for_all what = {&task, 1, WIO_FOREVER};
    wio_task *waiter = wio_create_task(waits, &what);
    wio_yield();
    wio_detach(task);
    CHECK_EQ(wio_await(waiter), 1);
    task = wio_create_task(naps, &one);
    waiter = wio_create_task(waits, &what);
    wio_yield();
    CHECK_EQ(wio_await(task), 0); /* awaited while another waits for it */
    CHECK_EQ(wio_await(waiter), 1);
}

TEST(WAI_for_tasks_of_a_group) {
    int count = 0;
    WIO_TASK_GROUP(g) {
        double one = 1, two = 2;
        wio_task *tasks[] = {wio_group_create_task(&g, naps, &one), wio_group_create_task(&g, naps, &two)};
        count = wio_wait(tasks, 2, WIO_FIRST_COMPLETED, WIO_FOREVER);
        CHECK(wio_task_done(tasks[0]));
        CHECK_EQ(wio_wait(tasks, 2, WIO_ALL_COMPLETED, WIO_FOREVER), 2);
    }
    CHECK_EQ(count, 1);
    CHECK_EQ(wio_group_status(&g), 0);
}

/* A group forgets its ended tasks when so many have ended; one that somebody waits for is kept all the same. */
TEST(WAI_a_task_of_a_group_is_held_while_somebody_waits_for_it) {
    enum { MANY = 16500 };
    WIO_TASK_GROUP(g) {
        wio_task *pair[] = {wio_group_create_task(&g, returns, &seven), wio_group_create_task(&g, sleeps_long, NULL)};
        wait_for_all what = {pair, 2, WIO_FOREVER};
        yields(3);
        wio_task *waiter = wio_create_task(waits, &what);
        wio_yield();
        for (int i = 0; i < MANY; i++) {
            wio_group_create_task(&g, returns, &seven);
            if (i % 100 == 99) yields(3);
        }
        yields(3);
        wio_task_cancel(pair[1]);
        CHECK(wio_task_done(pair[0]));
        CHECK_EQ(wio_await(waiter), 2);
        for (int i = 0; i < 300; i++) CHECK_EQ(wio_await(wio_create_task(returns, &seven)), 7);
    }
    CHECK_EQ(wio_group_status(&g), 0);
}

static int waits_for_the_other(void *arg) {
    wio_task *other = *(wio_task **)arg;
    return wio_wait(&other, 1, WIO_ALL_COMPLETED, WIO_FOREVER);
}

static int wait_in_a_circle(void *arg) {
    static wio_task *a, *b;
    (void)arg;
    a = wio_create_task(waits_for_the_other, &b);
    b = wio_create_task(waits_for_the_other, &a);
    return wio_await(a);
}

TEST_OUTSIDE(WAI_a_circle_is_a_deadlock) {
    CHECK_EQ(wio_run(wait_in_a_circle, NULL), -EDEADLK);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

/* ---------------------------------------------------------------------------------------------------- Stress --- */

static unsigned seed;
static unsigned below(unsigned n) {
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

static int random_nap(void *arg) {
    (void)arg;
    int rc = wio_sleep(below(4));
    if (!rc) rc = yields((int)below(3));
    return rc ? rc : below(4) ? (int)below(100) : wio_fail(-EIO, "random");
}

static int random_waits(void *arg) {
    wio_task **tasks = (wio_task **)arg;
    for (int i = 0; i < 3; i++) {
        int rc = wio_wait(tasks, 8, (wio_wait_mode)below(3), below(2) ? (double)below(5) : WIO_FOREVER);
        if (rc < 0) return rc;
        CHECK(rc <= 8);
    }
    return 0;
}

TEST(WAI_stress_random_waits_with_cancels) {
    for (unsigned round = 0; round < 200; round++) {
        seed = round;
        wio_task *tasks[8], *waiters[6];
        for (int i = 0; i < 8; i++) tasks[i] = wio_create_task(random_nap, NULL);
        for (int i = 0; i < 6; i++) waiters[i] = wio_create_task(random_waits, tasks);
        for (int i = 0; i < 6; i++) {
            wio_sleep(below(3));
            yields((int)below(4));
            if (below(2)) wio_task_cancel(waiters[below(6)]);
            if (below(3) == 0) wio_task_cancel(tasks[below(8)]);
        }
        for (int i = 0; i < 6; i++) {
            int rc = wio_await(waiters[i]);
            CHECK(rc == 0 || rc == -ECANCELED);
        }
        for (int i = 0; i < 8; i++) {
            int rc = wio_await(tasks[i]);
            CHECK(rc >= 0 || rc == -EIO || rc == -ECANCELED);
        }
    }
}
