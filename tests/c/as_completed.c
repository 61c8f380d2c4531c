// clock: virtual
// stderr: wio_as_completed_next\(\): another task iterates here already
// stderr: wio_as_completed_close\(\): a task waits in wio_as_completed_next\(\)
// stderr: wio_as_completed_init\(\): a task cannot wait for itself
// wio_as_completed_…() (ASC).
#include "tools.h"

static int seven = 7;

static void give_back(wio_task **tasks, size_t n) {
    for (size_t i = 0; i < n; i++) wio_task_cancel(tasks[i]);
    for (size_t i = 0; i < n; i++) wio_await(tasks[i]);
}

TEST(ASC_01_in_order_of_completion) {
    job jobs[] = {{3, 3, 0, 0}, {1, 1, 0, 0}, {2, 2, 0, 0}};
    wio_task *tasks[3];
    int order = 0;
    double start = wio_time();
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(does, &jobs[i]);
    WIO_AS_COMPLETED(it, task, tasks, 3, WIO_FOREVER) {
        int result = wio_await(task);
        order = order * 10 + result;
        CHECK_NEAR(wio_time() - start, result, 1e-6);
    }
    CHECK_EQ(order, 123);
    CHECK_EQ(wio_as_completed_status(&it), 0);
}

TEST(ASC_02_gives_the_very_handles_back) {
    wio_task *tasks[3];
    bool seen[3] = {false, false, false};
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(returns, &seven);
    WIO_AS_COMPLETED(it, task, tasks, 3, WIO_FOREVER) {
        for (int i = 0; i < 3; i++) seen[i] |= tasks[i] == task;
        CHECK_EQ(wio_await(task), 7);
    }
    CHECK(seen[0] && seen[1] && seen[2]);
    CHECK_EQ(it.status, 0);
}

TEST(ASC_03_duplicates_once) {
    wio_task *a = wio_create_task(returns, &seven), *b = wio_create_task(returns, &seven), *tasks[] = {a, b, a, a, b};
    int rounds = 0;
    WIO_AS_COMPLETED(it, task, tasks, 5, WIO_FOREVER) rounds++;
    CHECK_EQ(rounds, 2);
    CHECK_EQ(it.status, 0);
    give_back(tasks, 2);
}

TEST(ASC_04_a_timeout_ends_the_iteration_and_cancels_nothing) {
    double times[] = {1, 10};
    wio_task *tasks[] = {wio_create_task(naps, &times[0]), wio_create_task(naps, &times[1])};
    int rounds = 0;
    double start = wio_time();
    WIO_AS_COMPLETED(it, task, tasks, 2, 3) rounds++;
    CHECK_EQ(rounds, 1);
    CHECK_EQ(wio_as_completed_status(&it), -ETIMEDOUT);
    CHECK_EQ(wio_task_error(wio_current_task())->code, -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 3, 1e-6);
    CHECK(!wio_as_completed_next(&it)); /* it stays ended */
    CHECK_EQ(wio_as_completed_status(&it), -ETIMEDOUT);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_EQ(wio_await(tasks[0]), 0);
}

TEST(ASC_04_what_had_ended_before_the_timeout_is_still_given) {
    double times[] = {1, 1, 10};
    wio_task *tasks[3];
    int rounds = 0;
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(naps, &times[i]);
    WIO_AS_COMPLETED(it, task, tasks, 3, 3) {
        if (rounds++ == 0) wio_sleep(5);
    }
    CHECK_EQ(rounds, 2);
    CHECK_EQ(wio_as_completed_status(&it), -ETIMEDOUT);
    give_back(tasks, 3);
}

TEST(ASC_04_zero_polls) {
    wio_task *tasks[] = {wio_create_task(returns, &seven), wio_create_task(sleeps_long, NULL)};
    yields(3);
    int rounds = 0;
    WIO_AS_COMPLETED(it, task, tasks, 2, 0) rounds++;
    CHECK_EQ(rounds, 1);
    CHECK_EQ(it.status, -ETIMEDOUT);
    give_back(tasks, 2);
}

TEST(ASC_05_an_unused_timeout_leaves_no_timer_and_nothing_arms_none) {
    wio_task *task = wio_create_task(returns, &seven);
    int rounds = 0;
    WIO_AS_COMPLETED(it, each, &task, 1, 500) rounds += wio_await(each);
    WIO_AS_COMPLETED(none, each, &task, 0, 500) rounds++;
    WIO_AS_COMPLETED(nothing, each, NULL, 0, WIO_FOREVER) rounds++;
    CHECK_EQ(rounds, 7);
    CHECK_EQ(wio_as_completed_status(&it), 0);
    CHECK_EQ(wio_as_completed_status(&none), 0);
    CHECK_EQ(wio_as_completed_status(&nothing), 0);
    /* the harness checks that no timer is left */
}

TEST(ASC_06_may_be_broken_off_and_resumed) {
    job jobs[] = {{1, 1, 0, 0}, {2, 2, 0, 0}, {3, 3, 0, 0}};
    wio_task *tasks[3], *task;
    wio_as_completed it;
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(does, &jobs[i]);
    CHECK_EQ(wio_as_completed_init(&it, tasks, 3, WIO_FOREVER), 0);
    task = wio_as_completed_next(&it);
    CHECK_EQ(wio_await(task), 1);
    CHECK_EQ(wio_sleep(5), 0);
    int order = 0;
    while ((task = wio_as_completed_next(&it))) order = order * 10 + wio_await(task);
    CHECK_EQ(order, 23);
    CHECK_EQ(wio_as_completed_status(&it), 0);
    wio_as_completed_close(&it);
    wio_as_completed_close(&it);
}

TEST(ASC_06_break_and_return_close_it) {
    wio_task *tasks[3];
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(returns, &seven);
    WIO_AS_COMPLETED(it, task, tasks, 3, 100) {
        CHECK_EQ(wio_await(task), 7);
        break;
    }
    CHECK_EQ(wio_await(tasks[1]), 7);
    CHECK_EQ(wio_await(tasks[2]), 7);
    wio_as_completed_close(&it);
    CHECK(!wio_as_completed_next(&it));
}

TEST(ASC_08_a_failed_task_is_given_like_any_other) {
    job jobs[] = {{1, -EIO, 0, 0}, {2, 2, 0, 0}};
    wio_task *tasks[] = {wio_create_task(does, &jobs[0]), wio_create_task(does, &jobs[1])};
    int results[2] = {0, 0}, n = 0;
    WIO_AS_COMPLETED(it, task, tasks, 2, WIO_FOREVER) results[n++] = wio_await(task);
    CHECK_EQ(results[0], -EIO);
    CHECK_EQ(results[1], 2);
    CHECK_EQ(it.status, 0);
}

typedef struct {
    wio_task **tasks;
    size_t n;
    wio_as_completed *it;
    int rounds;
} consumer;

static int consumes(void *arg) {
    consumer *self = (consumer *)arg;
    WIO_AS_COMPLETED(it, task, self->tasks, self->n, 100) self->rounds++;
    return wio_as_completed_status(&it);
}

TEST(ASC_09_cancelling_the_consumer_leaves_the_tasks) {
    double times[] = {1, 5};
    wio_task *tasks[] = {wio_create_task(naps, &times[0]), wio_create_task(naps, &times[1])};
    consumer self = {tasks, 2, NULL, 0};
    wio_task *task = wio_create_task(consumes, &self);
    wio_sleep(2);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(self.rounds, 1);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_EQ(wio_await(tasks[0]), 0);
}

static int takes_one(void *arg) {
    consumer *self = (consumer *)arg;
    wio_task *task = wio_as_completed_next(self->it);
    return task ? 1 : wio_as_completed_status(self->it);
}

TEST(ASC_09_after_a_cancelled_next_another_may_take_it_up) {
    double five = 5;
    wio_task *task = wio_create_task(naps, &five);
    wio_as_completed it;
    CHECK_EQ(wio_as_completed_init(&it, &task, 1, WIO_FOREVER), 0);
    consumer self = {NULL, 0, &it, 0};
    wio_task *first = wio_create_task(takes_one, &self);
    wio_sleep(1);
    wio_task_cancel(first);
    CHECK_EQ(wio_await(first), -ECANCELED);
    CHECK(wio_as_completed_next(&it) == task);
    CHECK(!wio_as_completed_next(&it));
    CHECK_EQ(wio_as_completed_status(&it), 0);
    CHECK_EQ(wio_await(task), 0);
}

TEST(ASC_10_tasks_that_ended_together_come_in_the_order_in_which_they_ended) {
    wio_task *tasks[4];
    for (int i = 0; i < 4; i++) tasks[i] = wio_create_task(returns, &seven);
    yields(2);
    wio_task *given[] = {tasks[2], tasks[0], tasks[3], tasks[1]};
    int n = 0;
    WIO_AS_COMPLETED(it, task, given, 4, WIO_FOREVER) CHECK(task == given[n++]); /* ended before: as they were given */
    CHECK_EQ(n, 4);
    CHECK_EQ(it.status, 0);
    give_back(tasks, 4);
}

TEST(ASC_misuse_is_named) {
    wio_task *self = wio_current_task(), *task = wio_create_task(returns, &seven), *with_null[] = {task, NULL};
    wio_as_completed it;
    CHECK_EQ(wio_as_completed_init(NULL, &task, 1, 1), -EINVAL);
    CHECK_EQ(wio_as_completed_init(&it, NULL, 1, 1), -EINVAL);
    CHECK(!wio_as_completed_next(&it));
    CHECK_EQ(wio_as_completed_status(&it), -EINVAL);
    CHECK_EQ(wio_as_completed_init(&it, &task, 1, NAN), -EINVAL);
    CHECK_EQ(wio_as_completed_init(&it, with_null, 2, 1), -EINVAL);
    CHECK_EQ(wio_as_completed_init(&it, &self, 1, 1), -EDEADLK);
    CHECK_EQ(wio_as_completed_status(&it), -EDEADLK);
    wio_as_completed_close(&it);
    CHECK(!wio_as_completed_next(NULL));
    CHECK_EQ(wio_as_completed_status(NULL), -EINVAL);
    wio_as_completed_close(NULL);
    CHECK_EQ(wio_await(task), 7);
}

TEST(ASC_two_tasks_cannot_iterate_at_once_nor_close_under_each_other) {
    double five = 5;
    wio_task *task = wio_create_task(naps, &five);
    wio_as_completed it;
    CHECK_EQ(wio_as_completed_init(&it, &task, 1, WIO_FOREVER), 0);
    consumer self = {NULL, 0, &it, 0};
    wio_task *waiter = wio_create_task(takes_one, &self);
    wio_yield();
    CHECK(!wio_as_completed_next(&it));
    CHECK_EQ(wio_task_error(wio_current_task())->code, -EINVAL);
    wio_as_completed_close(&it); /* refused: somebody waits in it */
    CHECK_EQ(wio_await(waiter), 1);
    wio_as_completed_close(&it);
    CHECK_EQ(wio_await(task), 0);
}

TEST_OUTSIDE(ASC_outside_a_task) {
    wio_task *none = NULL;
    wio_as_completed it;
    CHECK_EQ(wio_as_completed_init(&it, &none, 1, 1), -EPERM);
    CHECK_EQ(wio_as_completed_status(&it), -EPERM);
    CHECK(!wio_as_completed_next(&it));
    wio_as_completed_close(&it);
}

/* A group forgets its ended tasks when 16,384 more have ended; one that an iteration still has to give is kept. */
TEST(ASC_a_task_of_a_group_is_kept_until_it_was_given) {
    enum { MANY = 16500 };
    wio_task *first = NULL;
    wio_as_completed it;
    WIO_TASK_GROUP(g) {
        first = wio_group_create_task(&g, returns, &seven);
        wio_task *late = wio_group_create_task(&g, sleeps_long, NULL), *tasks[] = {first, late};
        yields(3);
        CHECK_EQ(wio_as_completed_init(&it, tasks, 2, WIO_FOREVER), 0);
        for (int i = 0; i < MANY; i++) {
            wio_group_create_task(&g, returns, &seven);
            if (i % 100 == 99) yields(3);
        }
        yields(3);
        CHECK(wio_as_completed_next(&it) == first);
        CHECK_EQ(wio_task_status(first), 7);
        wio_task_cancel(late);
        CHECK(wio_as_completed_next(&it) == late);
        CHECK(wio_task_cancelled(late));
        wio_as_completed_close(&it);
        CHECK_EQ(wio_task_status(first), 7);
        for (int i = 0; i < MANY; i++) {
            wio_group_create_task(&g, returns, &seven);
            if (i % 100 == 99) yields(3);
        }
        CHECK_EQ(wio_task_status(first), -EINVAL); /* and then it is forgotten like the others */
        CHECK_EQ(wio_task_status(late), -EINVAL);
    }
    CHECK_EQ(wio_group_status(&g), 0);
}

TEST(ASC_the_handles_may_be_given_back_meanwhile) {
    double times[] = {1, 2};
    wio_task *tasks[] = {wio_create_task(naps, &times[0]), wio_create_task(naps, &times[1])};
    int rounds = 0;
    WIO_AS_COMPLETED(it, task, tasks, 2, WIO_FOREVER) {
        if (rounds++ == 0) wio_detach(tasks[1]);
        CHECK(wio_task_done(task));
    }
    CHECK_EQ(rounds, 2);
    CHECK_EQ(it.status, 0);
    CHECK_EQ(wio_await(tasks[0]), 0);
    CHECK_EQ(wio_await(tasks[1]), -EINVAL);
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
    return rc ? rc : yields((int)below(3));
}

static int random_consumer(void *arg) {
    wio_task **tasks = (wio_task **)arg;
    int rounds = 0, stop = (int)below(10);
    WIO_AS_COMPLETED(it, task, tasks, 8, below(2) ? (double)below(6) : WIO_FOREVER) {
        CHECK(wio_task_done(task));
        if (++rounds == stop) return 0;
        if (below(3) == 0 && wio_sleep(below(2)) < 0) break;
    }
    CHECK(rounds <= 8);
    return it.status == -ETIMEDOUT ? 0 : it.status;
}

TEST(ASC_stress_random_consumers_with_cancels) {
    for (unsigned round = 0; round < 200; round++) {
        seed = round;
        wio_task *tasks[8], *consumers[5];
        for (int i = 0; i < 8; i++) tasks[i] = wio_create_task(random_nap, NULL);
        for (int i = 0; i < 5; i++) consumers[i] = wio_create_task(random_consumer, tasks);
        for (int i = 0; i < 6; i++) {
            wio_sleep(below(3));
            yields((int)below(4));
            if (below(2)) wio_task_cancel(consumers[below(5)]);
            if (below(3) == 0) wio_task_cancel(tasks[below(8)]);
        }
        for (int i = 0; i < 5; i++) {
            int rc = wio_await(consumers[i]);
            CHECK(rc == 0 || rc == -ECANCELED);
        }
        for (int i = 0; i < 8; i++) {
            int rc = wio_await(tasks[i]);
            CHECK(rc == 0 || rc == -ECANCELED);
        }
    }
}
