// clock: virtual
// stderr: wio_lock_release\(\): nobody holds this lock
// stderr: wio_lock_release\(\): this lock is held by task 'holder'
// stderr: wio_lock_acquire\(\): the calling task holds this lock already
// Locks (LCK).
#include "tools.h"

typedef struct {
    wio_lock *lock;
    double seconds; /* holds it so long */
    char letter;
} user;

static int uses(void *arg) {
    user *self = (user *)arg;
    int rc = wio_lock_acquire(self->lock);
    if (rc) return rc;
    mark(self->letter);
    if (self->seconds > 0) rc = wio_sleep(self->seconds);
    CHECK_EQ(wio_lock_release(self->lock), 0);
    return rc;
}

TEST(LCK_01_a_free_lock_is_had_without_a_pass) {
    char letter[] = "x";
    wio_lock lock, zeroed = WIO__ZERO;
    wio_lock_init(&lock);
    trace_clear();
    wio_task *other = wio_create_task(marks, letter);
    CHECK(!wio_lock_locked(&lock));
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    CHECK(wio_lock_locked(&lock));
    CHECK_EQ(wio_lock_release(&lock), 0);
    CHECK(!wio_lock_locked(&lock));
    CHECK_EQ(wio_lock_acquire(&zeroed), 0);
    CHECK_EQ(wio_lock_release(&zeroed), 0);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_await(other), 0);
}

TEST(LCK_01_also_by_a_cancelled_task) {
    wio_lock lock = WIO__ZERO;
    wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    CHECK_EQ(wio_uncancel(), 0);
    CHECK_EQ(wio_lock_release(&lock), 0);
}

TEST(LCK_02_first_come_first_served) {
    wio_lock lock = WIO__ZERO;
    user users[] = {{&lock, 1, 'a'}, {&lock, 1, 'b'}, {&lock, 1, 'c'}, {&lock, 1, 'd'}};
    trace_clear();
    double start = wio_time();
    CHECK_OK(WIO_GATHER_EACH(uses, users));
    CHECK_STR(trace, "abcd");
    CHECK_NEAR(wio_time() - start, 4, 0.01);
    CHECK(!wio_lock_locked(&lock));
}

TEST(LCK_03_a_newcomer_cannot_overtake) {
    wio_lock lock = WIO__ZERO;
    user waiter = {&lock, 0, 'w'};
    trace_clear();
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    wio_task *task = wio_create_task(uses, &waiter);
    wio_yield();
    CHECK_EQ(wio_lock_release(&lock), 0);
    CHECK(wio_lock_locked(&lock)); /* LCK-04 */
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    mark('m');
    CHECK_STR(trace, "wm");
    CHECK_EQ(wio_lock_release(&lock), 0);
    CHECK_EQ(wio_await(task), 0);
}

TEST(LCK_a_waiter_resumes_in_the_pass_after_the_release) {
    wio_lock lock = WIO__ZERO;
    char letters[] = "12";
    user waiter = {&lock, 0, 'w'};
    trace_clear();
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    wio_task *task = wio_create_task(uses, &waiter);
    wio_yield();
    wio_task *before = wio_create_task(marks, &letters[0]);
    CHECK_EQ(wio_lock_release(&lock), 0);
    wio_task *after = wio_create_task(marks, &letters[1]);
    CHECK_EQ(wio_await(before), 0);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(wio_await(after), 0);
    CHECK_STR(trace, "1w2");
}

TEST(LCK_05_a_cancelled_waiter_leaves_the_queue) {
    wio_lock lock = WIO__ZERO;
    user users[] = {{&lock, 0, 'a'}, {&lock, 0, 'b'}, {&lock, 0, 'c'}};
    wio_task *tasks[3];
    trace_clear();
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(uses, &users[i]);
    wio_yield();
    wio_task_cancel(tasks[1]);
    CHECK_EQ(wio_await(tasks[1]), -ECANCELED);
    CHECK_EQ(wio_lock_release(&lock), 0);
    CHECK_EQ(wio_await(tasks[0]), 0);
    CHECK_EQ(wio_await(tasks[2]), 0);
    CHECK_STR(trace, "ac");
}

TEST(LCK_05_a_waiter_that_times_out_leaves_the_queue) {
    wio_lock lock = WIO__ZERO;
    user holder = {&lock, 5, 'h'};
    int rc = 0;
    wio_task *task = wio_create_task(uses, &holder);
    wio_yield();
    WIO_TIMEOUT(1) { rc = wio_lock_acquire(&lock); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(wio_await(task), 0);
    CHECK(!wio_lock_locked(&lock));
}

TEST(LCK_06_first_waiter_cancelled_then_released_in_the_same_pass) {
    wio_lock lock = WIO__ZERO;
    user users[] = {{&lock, 0, 'a'}, {&lock, 0, 'b'}};
    trace_clear();
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    wio_task *a = wio_create_task(uses, &users[0]), *b = wio_create_task(uses, &users[1]);
    wio_yield();
    wio_task_cancel(a);
    CHECK_EQ(wio_lock_release(&lock), 0);
    CHECK_EQ(wio_await(b), 0);
    CHECK_EQ(wio_await(a), -ECANCELED);
    CHECK_STR(trace, "b");
    CHECK(!wio_lock_locked(&lock));
}

TEST(LCK_07_released_then_cancelled_the_lock_has_one_owner) {
    wio_lock lock = WIO__ZERO;
    user users[] = {{&lock, 1, 'a'}, {&lock, 1, 'b'}, {&lock, 1, 'c'}};
    wio_task *tasks[3];
    trace_clear();
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(uses, &users[i]);
    wio_yield();
    CHECK_EQ(wio_lock_release(&lock), 0); /* to a, */
    wio_task_cancel(tasks[0]);            /* which passes it on to b */
    wio_yield();
    CHECK(wio_lock_locked(&lock));
    double start = wio_time();
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_EQ(wio_await(tasks[2]), 0);
    CHECK_STR(trace, "bc");
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    CHECK(!wio_lock_locked(&lock));
}

TEST(LCK_08_the_only_waiter_cancelled_after_it_was_woken_leaves_the_lock_free) {
    wio_lock lock = WIO__ZERO;
    user only = {&lock, 0, 'a'};
    trace_clear();
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    wio_task *task = wio_create_task(uses, &only);
    wio_yield();
    CHECK_EQ(wio_lock_release(&lock), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK(!wio_lock_locked(&lock));
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    CHECK_EQ(wio_lock_release(&lock), 0);
}

TEST(LCK_09_releasing_a_free_lock_is_refused) {
    wio_lock lock = WIO__ZERO;
    CHECK_EQ(wio_lock_release(&lock), -EPERM);
    CHECK_HAS(last_message(), "nobody holds this lock");
    CHECK(!wio_lock_locked(&lock));
}

TEST(LCK_10_another_tasks_release_is_refused) {
    wio_lock lock = WIO__ZERO;
    user holder = {&lock, 1, 'h'};
    wio_task_options named = {"holder", 0, false};
    wio_task *task = wio_create_task_with(uses, &holder, &named);
    wio_yield();
    CHECK_EQ(wio_lock_release(&lock), -EPERM);
    CHECK_HAS(last_message(), "held by task 'holder'");
    CHECK(wio_lock_locked(&lock));
    CHECK_EQ(wio_await(task), 0); /* its own release works */
}

static int takes_and_ends(void *arg) { return wio_lock_acquire((wio_lock *)arg); }

TEST(LCK_10_a_task_that_ended_with_the_lock) {
    wio_lock lock = WIO__ZERO;
    int rc = 0;
    CHECK_EQ(wio_await(wio_create_task(takes_and_ends, &lock)), 0);
    CHECK(wio_lock_locked(&lock));
    CHECK_EQ(wio_lock_release(&lock), -EPERM);
    CHECK_HAS(last_message(), "held by a task that has ended");
    WIO_TIMEOUT(1) { rc = wio_lock_acquire(&lock); }
    CHECK_EQ(rc, -ETIMEDOUT);
}

TEST(LCK_10_a_long_name_is_cut) {
    static char name[2000];
    wio_lock lock = WIO__ZERO;
    user holder = {&lock, 1, 'h'};
    memset(name, 'n', sizeof name - 1);
    wio_task_options named = {name, 0, false};
    wio_task *task = wio_create_task_with(uses, &holder, &named);
    wio_yield();
    CHECK_EQ(wio_lock_release(&lock), -EPERM);
    CHECK_HAS(last_message(), "held by task 'nnnnnnnn");
    CHECK_EQ(wio_await(task), 0);
}

TEST(LCK_11_the_owner_acquiring_again_is_refused) {
    wio_lock lock = WIO__ZERO;
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    CHECK_EQ(wio_lock_acquire(&lock), -EDEADLK);
    CHECK_HAS(last_message(), "holds this lock already");
    CHECK_EQ(wio_lock_release(&lock), 0);
    CHECK(!wio_lock_locked(&lock));
}

static int leaves(void *arg) {
    user *self = (user *)arg;
    for (int i = 0; i < 2; i++) {
        WIO_WITH_LOCK(self->lock) {
            mark(self->letter);
            int rc = wio_sleep(self->seconds);
            if (rc || self->letter == 'r') return rc;
            if (self->letter == 'b') break;
            if (self->letter == 'c') continue;
            mark(self->letter);
        }
        if (self->letter == 'b') break;
    }
    return 0;
}

TEST(LCK_12_the_block_releases_on_every_way_out) {
    wio_lock lock = WIO__ZERO;
    user users[] = {{&lock, 1, 'r'}, {&lock, 1, 'b'}, {&lock, 1, 'c'}, {&lock, 1, 'd'}};
    trace_clear();
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(leaves(&users[i]), 0);
        CHECK(!wio_lock_locked(&lock));
    }
    CHECK_STR(trace, "rbccdddd");
    user cancelled = {&lock, LONG, 'x'};
    wio_task *task = wio_create_task(leaves, &cancelled);
    wio_yield();
    CHECK(wio_lock_locked(&lock));
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK(!wio_lock_locked(&lock));
}

TEST(LCK_12_the_block_is_skipped_without_the_lock) {
    wio_lock lock = WIO__ZERO;
    user waiter = {&lock, 0, 'w'};
    trace_clear();
    CHECK_EQ(wio_lock_acquire(&lock), 0);
    wio_task *task = wio_create_task(leaves, &waiter);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 0); /* it was told, and went on without */
    CHECK_STR(trace, "");
    WIO_WITH_LOCK(&lock) mark('!'); /* LCK-11 */
    CHECK_STR(trace, "");
    CHECK_EQ(wio_lock_release(&lock), 0);
    WIO_WITH_LOCK(&lock) WIO_WITH_LOCK(&lock) mark('!');
    CHECK_STR(trace, "");
    CHECK(!wio_lock_locked(&lock));
}

TEST(LCK_null) {
    wio_lock_init(NULL);
    CHECK_EQ(wio_lock_acquire(NULL), -EINVAL);
    CHECK_HAS(last_message(), "wio_lock_acquire(): the lock is NULL");
    CHECK_EQ(wio_lock_release(NULL), -EINVAL);
    CHECK(!wio_lock_locked(NULL));
    WIO_WITH_LOCK(NULL) CHECK(false);
}

TEST_OUTSIDE(LCK_outside_tasks) {
    wio_lock lock = WIO__ZERO;
    CHECK_EQ(wio_lock_acquire(&lock), -EPERM);
    CHECK_EQ(wio_lock_release(&lock), -EPERM);
    CHECK(!wio_lock_locked(&lock));
}

/* A dies of deadlock holding two locks crosswise with B. */
typedef struct {
    wio_lock *first, *second;
    int rc;
} crossing;

static int crosses(void *arg) {
    crossing *self = (crossing *)arg;
    WIO_WITH_LOCK(self->first) {
        wio_yield();
        self->rc = wio_lock_acquire(self->second);
        if (self->rc == 0) wio_lock_release(self->second);
    }
    return 0;
}

static crossing crossings[2];

static int deadlocks(void *arg) {
    (void)arg;
    return WIO_GATHER_EACH(crosses, crossings);
}

TEST_OUTSIDE(LCK_two_locks_taken_crosswise_are_a_deadlock) {
    wio_lock a = WIO__ZERO, b = WIO__ZERO;
    crossings[0] = (crossing){&a, &b, 0};
    crossings[1] = (crossing){&b, &a, 0};
    CHECK_EQ(wio_run(deadlocks, NULL), -EDEADLK);
    CHECK_EQ(crossings[0].rc, -EDEADLK);
    CHECK_EQ(crossings[1].rc, -EDEADLK);
    CHECK(!wio_lock_locked(&a) && !wio_lock_locked(&b));
}

/* ------------------------------------------------------------------------------------------------------ Stress --- */

static unsigned seed;
static unsigned random_below(unsigned n) {
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % n;
}

static int inside, entries;

static int random_user(void *arg) {
    wio_lock *lock = (wio_lock *)arg;
    for (int i = 0; i < 20; i++) {
        int rc = 0;
        if (random_below(3)) {
            rc = wio_lock_acquire(lock);
        } else {
            WIO_TIMEOUT(random_below(3)) { rc = wio_lock_acquire(lock); }
        }
        if (rc == -ECANCELED) return rc;
        if (rc) continue;
        CHECK_EQ(++inside, 1);
        entries++;
        if (random_below(2)) wio_sleep(random_below(4) * 0.25);
        else wio_yield();
        inside--;
        CHECK_EQ(wio_lock_release(lock), 0);
    }
    return 0;
}

TEST(LCK_never_two_owners_among_cancels_and_timeouts) {
    enum { MANY = 60, ROUNDS = 5 };
    wio_lock lock = WIO__ZERO;
    seed = 11;
    inside = entries = 0;
    for (int round = 0; round < ROUNDS; round++) {
        wio_task *tasks[MANY];
        for (int i = 0; i < MANY; i++) tasks[i] = wio_create_task(random_user, &lock);
        for (int i = 0; i < MANY; i++) {
            wio_task_cancel(tasks[random_below(MANY)]);
            if (random_below(3)) wio_sleep(random_below(4) * 0.25);
        }
        for (int i = 0; i < MANY; i++) wio_await(tasks[i]);
        CHECK_EQ(inside, 0);
        CHECK(!wio_lock_locked(&lock));
        CHECK(!lock.first && !lock.last);
    }
    CHECK(entries > 500);
}
