// clock: virtual
// stderr: wio_condition_wait\(\): the calling task does not hold the lock
// Conditions (CND).
#include "tools.h"

typedef struct {
    wio_condition *condition;
    char letter;
    double holds; /* with the lock, after it was notified */
} user;

static int waits(void *arg) {
    user *self = (user *)arg;
    int rc = wio_condition_acquire(self->condition);
    if (rc) return rc;
    rc = wio_condition_wait(self->condition);
    mark(rc ? '!' : self->letter);
    if (self->holds > 0) WIO_SHIELD wio_sleep(self->holds);
    CHECK_EQ(wio_condition_release(self->condition), 0); /* it holds the lock however it ended */
    return rc;
}

static void start(wio_task **tasks, user *users, int n) {
    trace_clear();
    for (int i = 0; i < n; i++) tasks[i] = wio_create_task(waits, &users[i]);
    wio_yield();
}

static void notify(wio_condition *condition, size_t n) {
    CHECK_EQ(wio_condition_acquire(condition), 0);
    CHECK_EQ(wio_condition_notify(condition, n), 0);
    CHECK_EQ(wio_condition_release(condition), 0);
}

static int holds_lock(void *arg) {
    user *self = (user *)arg;
    WIO_WITH_CONDITION(self->condition) {
        mark(self->letter);
        return wio_sleep(self->holds);
    }
    return -1;
}

static bool yes(void *arg) {
    (void)arg;
    return true;
}
static bool no(void *arg) {
    (void)arg;
    return false;
}

TEST(CND_01_waiting_and_notifying_without_the_lock_are_refused) {
    wio_condition condition = WIO__ZERO;
    user holder = {&condition, 'h', 1};
    trace_clear();
    for (int i = 0; i < 2; i++) { /* free, and held by another task */
        CHECK_EQ(wio_condition_wait(&condition), -EPERM);
        CHECK_HAS(last_message(), "wio_condition_wait(): the calling task does not hold the lock");
        CHECK_EQ(wio_condition_notify(&condition, 1), -EPERM);
        CHECK_HAS(last_message(), "wio_condition_notify(): the calling task does not hold the lock");
        CHECK_EQ(wio_condition_notify_all(&condition), -EPERM);
        CHECK_EQ(wio_condition_release(&condition), -EPERM);
        CHECK_EQ(wio_condition_locked(&condition), i == 1);
        wio_task *task = i ? NULL : wio_create_task(holds_lock, &holder);
        if (task) wio_detach(task);
        wio_yield();
    }
    wio_sleep(2);
    CHECK(!wio_condition_locked(&condition));
}

TEST(CND_02_wait_lets_go_of_the_lock_and_holds_it_again) {
    wio_condition condition;
    user waiter = {&condition, 'w', 1};
    wio_task *task;
    wio_condition_init(&condition, NULL);
    start(&task, &waiter, 1);
    CHECK(!wio_condition_locked(&condition));
    notify(&condition, 1);
    wio_yield();
    CHECK_STR(trace, "w");
    CHECK(wio_condition_locked(&condition));
    CHECK_EQ(wio_await(task), 0);
    CHECK(!wio_condition_locked(&condition));
}

TEST(CND_03_a_notified_task_goes_on_after_the_notifier_let_go) {
    wio_condition condition = WIO__ZERO;
    user waiter = {&condition, 'w', 0};
    wio_task *task;
    start(&task, &waiter, 1);
    CHECK_EQ(wio_condition_acquire(&condition), 0);
    CHECK_EQ(wio_condition_notify(&condition, 1), 0);
    wio_sleep(1);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_condition_release(&condition), 0);
    wio_yield();
    CHECK_STR(trace, "w");
    CHECK_EQ(wio_await(task), 0);
}

TEST(CND_04_several_get_the_lock_one_by_one_in_order) {
    wio_condition condition = WIO__ZERO;
    user users[] = {{&condition, 'a', 1}, {&condition, 'b', 1}, {&condition, 'c', 1}};
    wio_task *tasks[3];
    double began = wio_time();
    start(tasks, users, 3);
    notify(&condition, 3);
    for (int i = 0; i < 3; i++) {
        wio_sleep(0.5);
        CHECK_EQ(strlen(trace), i + 1);
        wio_sleep(0.5);
    }
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_await(tasks[i]), 0);
    CHECK_STR(trace, "abc");
    CHECK_NEAR(wio_time() - began, 3, 0.01);
}

TEST(CND_05_notify_n_and_all) {
    wio_condition condition = WIO__ZERO;
    user users[] = {{&condition, 'a', 0}, {&condition, 'b', 0}, {&condition, 'c', 0}, {&condition, 'd', 0}};
    wio_task *tasks[4];
    start(tasks, users, 4);
    notify(&condition, 0);
    yields(2);
    CHECK_STR(trace, "");
    notify(&condition, 1);
    yields(2);
    CHECK_STR(trace, "a");
    notify(&condition, 2);
    yields(2);
    CHECK_STR(trace, "abc");
    notify(&condition, 100);
    yields(2);
    CHECK_STR(trace, "abcd");
    for (int i = 0; i < 4; i++) CHECK_EQ(wio_await(tasks[i]), 0);
    start(tasks, users, 4);
    CHECK_EQ(wio_condition_acquire(&condition), 0);
    CHECK_EQ(wio_condition_notify_all(&condition), 0);
    CHECK_EQ(wio_condition_release(&condition), 0);
    for (int i = 0; i < 4; i++) CHECK_EQ(wio_await(tasks[i]), 0);
    CHECK_STR(trace, "abcd");
}

TEST(CND_06_two_notifies_in_a_row_wake_two) {
    wio_condition condition = WIO__ZERO;
    user users[] = {{&condition, 'a', 0}, {&condition, 'b', 0}, {&condition, 'c', 0}};
    wio_task *tasks[3];
    start(tasks, users, 3);
    notify(&condition, 1);
    notify(&condition, 1);
    yields(3);
    CHECK_STR(trace, "ab");
    notify(&condition, 1);
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_await(tasks[i]), 0);
}

TEST(CND_07_a_notify_with_nobody_waiting_is_forgotten) {
    wio_condition condition = WIO__ZERO;
    int rc = 0;
    notify(&condition, 1);
    CHECK_EQ(wio_condition_acquire(&condition), 0);
    CHECK_EQ(wio_condition_notify_all(&condition), 0);
    WIO_TIMEOUT(1) { rc = wio_condition_wait(&condition); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(wio_condition_release(&condition), 0);
}

TEST(CND_08_notify_passes_over_a_cancelled_waiter) {
    wio_condition condition = WIO__ZERO;
    user users[] = {{&condition, 'a', 0}, {&condition, 'b', 0}};
    wio_task *tasks[2];
    start(tasks, users, 2);
    wio_task_cancel(tasks[0]);
    notify(&condition, 1);
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_STR(trace, "!b");
}

TEST(CND_09_a_cancelled_waiter_takes_the_lock_back_before_it_ends) {
    wio_condition condition = WIO__ZERO;
    user waiter = {&condition, 'w', 1};
    wio_task *task;
    start(&task, &waiter, 1);
    wio_task_cancel(task);
    wio_yield();
    CHECK_STR(trace, "!");
    CHECK(wio_condition_locked(&condition));
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK(!wio_condition_locked(&condition));
}

TEST(CND_10_cancelled_while_taking_a_contested_lock_back) {
    wio_condition condition = WIO__ZERO;
    user waiter = {&condition, 'w', 0};
    wio_task *task;
    start(&task, &waiter, 1);
    CHECK_EQ(wio_condition_acquire(&condition), 0);
    CHECK_EQ(wio_condition_notify(&condition, 1), 0);
    yields(2);                    /* it stands in line for the lock now */
    for (int i = 0; i < 3; i++) { /* CND-11: any number of cancels */
        wio_task_cancel(task);
        yields(2);
        CHECK_STR(trace, "");
        CHECK(!wio_task_done(task));
    }
    CHECK_EQ(wio_condition_release(&condition), 0);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "!");
    CHECK(!wio_condition_locked(&condition));
}

TEST(CND_10_cancelled_in_the_wait_and_again_while_taking_the_lock_back) {
    wio_condition condition = WIO__ZERO;
    user waiter = {&condition, 'w', 0}, holder = {&condition, 'h', 2};
    wio_task *task;
    start(&task, &waiter, 1);
    wio_task *holding = wio_create_task(holds_lock, &holder);
    wio_yield();
    wio_task_cancel(task);
    wio_sleep(1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "h!");
    CHECK_EQ(wio_await(holding), 0);
    CHECK(!wio_condition_locked(&condition));
}

static int times_out(void *arg) {
    user *self = (user *)arg;
    int rc = 0;
    WIO_WITH_CONDITION(self->condition) {
        WIO_TIMEOUT(self->holds) { rc = wio_condition_wait(self->condition); }
        mark(self->letter);
        CHECK(wio_timeout_expired());
    }
    return rc;
}

TEST(CND_11_a_timeout_cannot_return_without_the_lock_either) {
    wio_condition condition = WIO__ZERO;
    user waiter = {&condition, 'w', 1}, holder = {&condition, 'h', 2}, other = {&condition, 'o', 0};
    trace_clear();
    wio_task *task = wio_create_task(times_out, &waiter), *next = wio_create_task(waits, &other);
    wio_yield();
    wio_task *holding = wio_create_task(holds_lock, &holder);
    wio_yield();
    CHECK_EQ(wio_await(task), -ETIMEDOUT);
    CHECK_STR(trace, "hwo"); /* it may have been notified, so the next one is: CND-13 */
    CHECK_EQ(wio_await(next), 0);
    CHECK_EQ(wio_await(holding), 0);
    /* Notified in time, but the lock came too late. */
    trace_clear();
    task = wio_create_task(times_out, &waiter);
    next = wio_create_task(waits, &other);
    wio_yield();
    CHECK_EQ(wio_condition_acquire(&condition), 0);
    CHECK_EQ(wio_condition_notify(&condition, 1), 0);
    wio_sleep(2);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_condition_release(&condition), 0);
    CHECK_EQ(wio_await(task), -ETIMEDOUT);
    CHECK_EQ(wio_await(next), 0);
    CHECK_STR(trace, "wo");
}

TEST(CND_13_notified_then_cancelled_before_it_ran_the_next_one_is_notified) {
    wio_condition condition = WIO__ZERO;
    user users[] = {{&condition, 'a', 0}, {&condition, 'b', 0}, {&condition, 'c', 0}};
    wio_task *tasks[3];
    start(tasks, users, 3);
    notify(&condition, 1);
    wio_task_cancel(tasks[0]);
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[1]), 0);
    yields(3);
    CHECK_STR(trace, "!b");
    notify(&condition, 1);
    CHECK_EQ(wio_await(tasks[2]), 0);
}

TEST(CND_13_notified_then_cancelled_while_taking_the_lock_back) {
    wio_condition condition = WIO__ZERO;
    user users[] = {{&condition, 'a', 0}, {&condition, 'b', 0}};
    wio_task *tasks[2];
    start(tasks, users, 2);
    CHECK_EQ(wio_condition_acquire(&condition), 0);
    CHECK_EQ(wio_condition_notify(&condition, 1), 0);
    yields(2);
    wio_task_cancel(tasks[0]);
    yields(2);
    CHECK_EQ(wio_condition_release(&condition), 0);
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_STR(trace, "!b");
}

typedef struct {
    wio_condition *condition;
    bool *flag;
    int asked;
} asker;

static bool asks(void *arg) {
    asker *self = (asker *)arg;
    self->asked++;
    return *self->flag;
}

static int waits_for(void *arg) {
    asker *self = (asker *)arg;
    int rc = -1;
    WIO_WITH_CONDITION(self->condition) { rc = wio_condition_wait_for(self->condition, asks, self); }
    return rc;
}

TEST(CND_14_wait_for_asks_every_time) {
    wio_condition condition = WIO__ZERO;
    bool flag = false;
    asker self = {&condition, &flag, 0};
    wio_task *task = wio_create_task(waits_for, &self);
    wio_yield();
    CHECK_EQ(self.asked, 1);
    for (int i = 0; i < 3; i++) {
        notify(&condition, 1);
        yields(2);
        CHECK_EQ(self.asked, i + 2);
        CHECK(!wio_task_done(task));
    }
    flag = true;
    notify(&condition, 1);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.asked, 5);
}

TEST(CND_14_a_cancelled_wait_for_ends) {
    wio_condition condition = WIO__ZERO;
    bool flag = false;
    asker self = {&condition, &flag, 0};
    wio_task *task = wio_create_task(waits_for, &self);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(self.asked, 1);
    CHECK(!wio_condition_locked(&condition));
}

TEST(CND_15_wait_for_without_the_lock) {
    wio_condition condition = WIO__ZERO;
    CHECK_EQ(wio_condition_wait_for(&condition, yes, NULL), 0);
    CHECK_EQ(wio_condition_wait_for(&condition, no, NULL), -EPERM);
    CHECK_HAS(last_message(), "wio_condition_wait_for(): the calling task does not hold the lock");
}

TEST(CND_16_a_given_lock_is_shared) {
    wio_lock lock = WIO__ZERO;
    wio_condition a, b;
    wio_task *tasks[2];
    wio_condition_init(&a, &lock);
    wio_condition_init(&b, &lock);
    user users[] = {{&a, 'a', 0}, {&b, 'b', 0}};
    start(tasks, users, 2);
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    CHECK(wio_condition_locked(&a) && wio_condition_locked(&b));
    CHECK_EQ(wio_condition_notify(&b, 1), 0);
    CHECK_EQ(wio_condition_release(&a), 0);
    CHECK(!wio_lock_locked(&lock));
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_STR(trace, "b");
    notify(&a, 1);
    CHECK_EQ(wio_await(tasks[0]), 0);
    CHECK_EQ(wio_condition_acquire(&a), 0);
    CHECK_EQ(wio_condition_acquire(&b), -EDEADLK); /* LCK-11 */
    CHECK_EQ(wio_lock_release(&lock), 0);
}

TEST(CND_null) {
    wio_condition condition = WIO__ZERO;
    wio_condition_init(NULL, NULL);
    CHECK_EQ(wio_condition_acquire(NULL), -EINVAL);
    CHECK_EQ(wio_condition_release(NULL), -EINVAL);
    CHECK_EQ(wio_condition_wait(NULL), -EINVAL);
    CHECK_EQ(wio_condition_wait_for(NULL, yes, NULL), -EINVAL);
    CHECK_EQ(wio_condition_wait_for(&condition, NULL, NULL), -EINVAL);
    CHECK_HAS(last_message(), "wio_condition_wait_for(): the predicate is NULL");
    CHECK_EQ(wio_condition_notify(NULL, 1), -EINVAL);
    CHECK_EQ(wio_condition_notify_all(NULL), -EINVAL);
    CHECK_HAS(last_message(), "wio_condition_notify_all(): the condition is NULL");
    CHECK(!wio_condition_locked(NULL));
    WIO_WITH_CONDITION(NULL) CHECK(false);
}

TEST_OUTSIDE(CND_outside_tasks) {
    wio_condition condition = WIO__ZERO;
    CHECK_EQ(wio_condition_acquire(&condition), -EPERM);
    CHECK_EQ(wio_condition_release(&condition), -EPERM);
    CHECK_EQ(wio_condition_wait(&condition), -EPERM);
    CHECK_EQ(wio_condition_wait_for(&condition, yes, NULL), -EPERM);
    CHECK_EQ(wio_condition_notify(&condition, 1), -EPERM);
}

/* A deadlock: nobody notifies, and the one that holds the lock waits for the first. */
static wio_condition doomed_condition;

static int waits_in_vain(void *arg) {
    int *rc = (int *)arg;
    WIO_WITH_CONDITION(&doomed_condition) { *rc = wio_condition_wait(&doomed_condition); }
    return 0;
}

static int holds_in_vain(void *arg) {
    wio_task *task = wio_create_task(waits_in_vain, arg);
    wio_yield();
    CHECK_EQ(wio_condition_acquire(&doomed_condition), 0);
    int rc = wio_await(task);
    CHECK_EQ(wio_condition_release(&doomed_condition), 0);
    return rc;
}

TEST_OUTSIDE(CND_a_deadlock_ends_the_wait_even_if_the_lock_is_held) {
    int rc = 0;
    wio_condition_init(&doomed_condition, NULL);
    CHECK_EQ(wio_run(holds_in_vain, &rc), -EDEADLK);
    CHECK_EQ(rc, -EDEADLK);
    CHECK(!wio_condition_locked(&doomed_condition));
}

/* ------------------------------------------------------------------------------------------------------ Stress --- */

/* Tokens are made and taken under a condition by tasks that are cancelled at any time: none is lost, and whoever holds
 * the lock is alone. */
static unsigned seed;
static unsigned random_below(unsigned n) {
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % n;
}

static wio_condition pool;
static int inside, tokens, taken, made;

static bool any(void *arg) {
    (void)arg;
    CHECK_EQ(inside, 1);
    return tokens > 0;
}

static int random_taker(void *arg) {
    int rc = 0;
    (void)arg;
    while (rc == 0 || rc == -ETIMEDOUT) {
        rc = wio_condition_acquire(&pool);
        if (rc) return rc;
        CHECK_EQ(inside++, 0);
        while (rc == 0 && tokens == 0) {
            inside--;
            if (random_below(3)) {
                rc = wio_condition_wait(&pool);
            } else {
                WIO_TIMEOUT(random_below(4) * 0.5) { rc = wio_condition_wait(&pool); }
            }
            CHECK_EQ(inside++, 0);
        }
        if (rc == 0) {
            CHECK_EQ(wio_condition_wait_for(&pool, any, NULL), 0);
            tokens--;
            taken++;
            if (random_below(3) == 0) WIO_SHIELD wio_sleep(0.1);
        }
        inside--;
        CHECK_EQ(wio_condition_release(&pool), 0);
    }
    return rc;
}

TEST(CND_no_notification_is_lost_among_cancels) {
    enum { MANY = 20, STEPS = 2000 };
    wio_task *tasks[MANY];
    seed = 3;
    inside = tokens = taken = made = 0;
    wio_condition_init(&pool, NULL);
    for (int i = 0; i < MANY; i++) tasks[i] = wio_create_task(random_taker, NULL);
    for (int step = 0; step < STEPS; step++) {
        if (random_below(3)) {
            int n = (int)random_below(3) + 1;
            CHECK_EQ(wio_condition_acquire(&pool), 0);
            CHECK_EQ(inside++, 0);
            tokens += n;
            made += n;
            CHECK_EQ(wio_condition_notify(&pool, (size_t)n), 0);
            if (random_below(4) == 0) wio_yield();
            inside--;
            CHECK_EQ(wio_condition_release(&pool), 0);
        } else {
            unsigned which = random_below(MANY);
            wio_task_cancel(tasks[which]);
            if (random_below(2)) wio_yield();
            if (wio_task_done(tasks[which])) {
                CHECK_EQ(wio_await(tasks[which]), -ECANCELED);
                tasks[which] = wio_create_task(random_taker, NULL);
            }
        }
        if (random_below(3)) wio_sleep(random_below(3) * 0.2);
        if (step % 100 == 99) { /* all at rest: whoever lives has taken what there was */
            wio_task *fresh = wio_create_task(random_taker, NULL);
            wio_sleep(50);
            CHECK_EQ(tokens, 0);
            wio_task_cancel(fresh);
            CHECK_EQ(wio_await(fresh), -ECANCELED);
        }
    }
    for (int i = 0; i < MANY; i++) wio_task_cancel(tasks[i]);
    for (int i = 0; i < MANY; i++) CHECK_EQ(wio_await(tasks[i]), -ECANCELED);
    CHECK_EQ(taken + tokens, made);
    CHECK(taken > 500);
    CHECK(!wio_condition_locked(&pool));
    CHECK(!pool.first && !pool.own.first);
}
