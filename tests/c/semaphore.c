// clock: virtual
// stderr: wio_semaphore_release\(\): released more often than acquired
// Semaphores (SEM, BSM).
#include "tools.h"

typedef struct {
    wio_semaphore *semaphore;
    double seconds;
    char letter;
    int releases; /* after that time */
} user;

static int uses(void *arg) {
    user *self = (user *)arg;
    int rc = wio_semaphore_acquire(self->semaphore);
    if (rc) return rc;
    mark(self->letter);
    if (self->seconds > 0) rc = wio_sleep(self->seconds);
    for (int i = 0; i < self->releases; i++) wio_semaphore_release(self->semaphore);
    return rc;
}

TEST(SEM_01_zero_is_allowed_and_locked) {
    wio_semaphore semaphore, zeroed = {0};
    wio_semaphore_init(&semaphore, 0);
    CHECK(wio_semaphore_locked(&semaphore));
    CHECK(wio_semaphore_locked(&zeroed));
    wio_semaphore_init(&semaphore, 1);
    CHECK(!wio_semaphore_locked(&semaphore));
}

TEST(SEM_02_permits_are_taken_without_a_pass) {
    char letter[] = "x";
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 2);
    trace_clear();
    wio_task *other = wio_create_task(marks, letter);
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
    CHECK(wio_semaphore_locked(&semaphore));
    CHECK_STR(trace, "");
    CHECK_EQ(wio_await(other), 0);
}

TEST(SEM_03_first_come_first_served) {
    wio_semaphore semaphore;
    user users[] = {{&semaphore, 1, 'a', 1}, {&semaphore, 1, 'b', 1}, {&semaphore, 1, 'c', 1}, {&semaphore, 1, 'd', 1}};
    wio_semaphore_init(&semaphore, 1);
    trace_clear();
    double start = wio_time();
    CHECK_OK(WIO_GATHER_EACH(uses, users));
    CHECK_STR(trace, "abcd");
    CHECK_NEAR(wio_time() - start, 4, 0.01);
    CHECK(!wio_semaphore_locked(&semaphore));
}

static int releases_and_asks_again(void *arg) {
    user *self = (user *)arg;
    for (int i = 0; i < 3; i++) {
        int rc = wio_semaphore_acquire(self->semaphore);
        if (rc) return rc;
        mark(self->letter);
        wio_yield();
        wio_semaphore_release(self->semaphore);
    }
    return 0;
}

TEST(SEM_03_also_for_those_that_release_and_ask_again) {
    wio_semaphore semaphore;
    user users[] = {{&semaphore, 0, 'a', 0}, {&semaphore, 0, 'b', 0}, {&semaphore, 0, 'c', 0}};
    wio_semaphore_init(&semaphore, 1);
    trace_clear();
    CHECK_OK(WIO_GATHER_EACH(releases_and_asks_again, users));
    CHECK_STR(trace, "abcabcabc");
}

TEST(SEM_04_a_newcomer_cannot_overtake) {
    wio_semaphore semaphore;
    user waiter = {&semaphore, 0, 'w', 1};
    wio_semaphore_init(&semaphore, 0);
    trace_clear();
    wio_task *task = wio_create_task(uses, &waiter);
    wio_yield();
    wio_semaphore_release(&semaphore); /* handed over: SEM-05 */
    CHECK(wio_semaphore_locked(&semaphore));
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0); /* after the waiter has released */
    mark('m');
    CHECK_STR(trace, "wm");
    CHECK_EQ(wio_await(task), 0);
}

TEST(SEM_06_several_releases_in_one_pass_wake_as_many_in_order) {
    wio_semaphore semaphore;
    user users[] = {{&semaphore, 0, 'a', 0}, {&semaphore, 0, 'b', 0}, {&semaphore, 0, 'c', 0}, {&semaphore, 0, 'd', 0}};
    wio_task *tasks[4];
    wio_semaphore_init(&semaphore, 0);
    trace_clear();
    for (int i = 0; i < 4; i++) tasks[i] = wio_create_task(uses, &users[i]);
    wio_yield();
    for (int i = 0; i < 3; i++) wio_semaphore_release(&semaphore);
    CHECK_STR(trace, "");
    wio_yield();
    CHECK_STR(trace, "abc");
    wio_semaphore_release(&semaphore);
    for (int i = 0; i < 4; i++) CHECK_EQ(wio_await(tasks[i]), 0);
    CHECK_STR(trace, "abcd");
}

TEST(SEM_08_a_cancelled_waiter_leaves_the_queue_and_takes_no_permit) {
    wio_semaphore semaphore;
    user users[] = {{&semaphore, 0, 'a', 1}, {&semaphore, 0, 'b', 1}, {&semaphore, 0, 'c', 1}};
    wio_task *tasks[3];
    wio_semaphore_init(&semaphore, 0);
    trace_clear();
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(uses, &users[i]);
    wio_yield();
    wio_task_cancel(tasks[0]); /* SEM-09 */
    wio_semaphore_release(&semaphore);
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_EQ(wio_await(tasks[2]), 0);
    CHECK_STR(trace, "bc");
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
    CHECK(wio_semaphore_locked(&semaphore));
}

TEST(SEM_10_cancelled_after_it_was_given_the_permit_it_passes_it_on) {
    wio_semaphore semaphore;
    user users[] = {{&semaphore, 0, 'a', 1}, {&semaphore, 0, 'b', 1}};
    wio_semaphore_init(&semaphore, 0);
    trace_clear();
    wio_task *a = wio_create_task(uses, &users[0]), *b = wio_create_task(uses, &users[1]);
    wio_yield();
    wio_semaphore_release(&semaphore);
    wio_task_cancel(a);
    CHECK_EQ(wio_await(b), 0);
    CHECK_EQ(wio_await(a), -ECANCELED);
    CHECK_STR(trace, "b");
}

TEST(SEM_11_with_no_next_waiter_the_permit_returns) {
    wio_semaphore semaphore;
    user only = {&semaphore, 0, 'a', 1};
    wio_semaphore_init(&semaphore, 0);
    wio_task *task = wio_create_task(uses, &only);
    wio_yield();
    wio_semaphore_release(&semaphore);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK(!wio_semaphore_locked(&semaphore));
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
}

TEST(SEM_02_also_inside_a_timeout) {
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 0);
    int rc = -1;
    wio_semaphore_release(&semaphore);
    WIO_TIMEOUT(1) { rc = wio_semaphore_acquire(&semaphore); }
    CHECK_EQ(rc, 0);
}

TEST(SEM_12_release_without_acquire_raises_the_value) {
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 1);
    wio_semaphore_release(&semaphore);
    wio_semaphore_release(&semaphore);
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
    CHECK(wio_semaphore_locked(&semaphore));
}

TEST(SEM_timeouts_in_line) {
    wio_semaphore semaphore;
    user holder = {&semaphore, 5, 'h', 1};
    int rc = 0;
    wio_semaphore_init(&semaphore, 1);
    wio_task *task = wio_create_task(uses, &holder);
    wio_yield();
    WIO_TIMEOUT(1) { rc = wio_semaphore_acquire(&semaphore); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
}

TEST(SEM_a_free_permit_is_taken_even_under_cancellation) {
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 1);
    wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0); /* does not wait */
    CHECK_EQ(wio_semaphore_acquire(&semaphore), -ECANCELED);
    CHECK_EQ(wio_uncancel(), 0);
    wio_semaphore_release(&semaphore);
    CHECK(!wio_semaphore_locked(&semaphore));
}

static int inside, most, total;

static int limited(void *arg) {
    wio_semaphore *semaphore = (wio_semaphore *)arg;
    WIO_WITH_SEMAPHORE(semaphore) {
        if (++inside > most) most = inside;
        wio_sleep(1 + total++ % 3);
        inside--;
        if (total % 2) return 0; /* every way out gives the permit back */
    }
    return 0;
}

TEST(SEM_with_semaphore_limits_500_to_10) {
    wio_semaphore semaphore;
    wio_semaphore_init_bounded(&semaphore, 10);
    inside = most = total = 0;
    WIO_TASK_GROUP(g) {
        for (int i = 0; i < 500; i++) wio_group_create_task(&g, limited, &semaphore);
    }
    CHECK_EQ(wio_group_status(&g), 0);
    CHECK_EQ(most, 10);
    CHECK_EQ(inside, 0);
    CHECK_EQ(total, 500);
    CHECK_EQ(semaphore.value, 10);
}

static int skips(void *arg) {
    int rc = -1;
    WIO_WITH_SEMAPHORE((wio_semaphore *)arg) { rc = 0; }
    return rc;
}

TEST(SEM_with_semaphore_skips_the_block_if_cancelled_in_line) {
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 0);
    wio_task *task = wio_create_task(skips, &semaphore);
    wio_yield();
    wio_task_cancel(task);
    int rc = wio_await(task);
    CHECK(rc == -1 || rc == -ECANCELED);
    CHECK_EQ(semaphore.value, 0);
}

static int random_user(void *arg) {
    wio_semaphore *semaphore = (wio_semaphore *)arg;
    int rc = wio_semaphore_acquire(semaphore);
    if (rc) return rc;
    if (++inside > most) most = inside;
    wio_sleep(0.5);
    inside--;
    wio_semaphore_release(semaphore);
    return 0;
}

TEST(SEM_no_permit_is_lost_among_cancels) {
    enum { MANY = 300 };
    static wio_task *tasks[MANY];
    wio_semaphore semaphore;
    unsigned seed = 7;
    wio_semaphore_init_bounded(&semaphore, 3);
    inside = most = 0;
    for (int i = 0; i < MANY; i++) tasks[i] = wio_create_task(random_user, &semaphore);
    for (int i = 0; i < MANY; i++) {
        seed = seed * 1103515245 + 12345;
        wio_task_cancel(tasks[(seed >> 16) % MANY]);
        CHECK_EQ(wio_sleep((seed >> 8) % 5 * 0.1), 0);
    }
    for (int i = 0; i < MANY; i++) wio_await(tasks[i]);
    CHECK_EQ(inside, 0);
    CHECK(most <= 3);
    CHECK_EQ(semaphore.value, 3);
}

TEST(BSM_01_releasing_above_the_bound_is_reported_and_changes_nothing) {
    wio_semaphore semaphore;
    wio_semaphore_init_bounded(&semaphore, 1);
    wio_semaphore_release(&semaphore);
    CHECK_EQ(wio_task_error(wio_current_task())->code, -EINVAL);
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
    CHECK(wio_semaphore_locked(&semaphore));
    wio_semaphore_release(&semaphore);
    CHECK(!wio_semaphore_locked(&semaphore));
}

TEST(BSM_02_a_permit_handed_over_counts_as_taken) {
    wio_semaphore semaphore;
    user waiter = {&semaphore, 0, 'w', 0};
    wio_semaphore_init_bounded(&semaphore, 2);
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
    CHECK_EQ(wio_semaphore_acquire(&semaphore), 0);
    trace_clear();
    wio_task *task = wio_create_task(uses, &waiter);
    wio_yield();
    wio_semaphore_release(&semaphore); /* to the waiter, which has not run */
    wio_semaphore_release(&semaphore);
    CHECK_EQ(semaphore.value, 1);
    CHECK_EQ(wio_await(task), 0);
    CHECK_STR(trace, "w");
}

/* Somebody is on the way, so a newcomer stands in line although a permit is free; he has it when the first has come. */
TEST(SEM_07_who_stands_behind_one_on_the_way_gets_the_permit_that_is_left) {
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 0);
    user first = {&semaphore, 1, 'a', 0}, newcomer = {&semaphore, 1, 'b', 0};
    trace_clear();
    wio_task *waits = wio_create_task(uses, &first);
    wio_yield();
    wio_task *comes = wio_create_task(uses, &newcomer);
    wio_semaphore_release(&semaphore);
    wio_semaphore_release(&semaphore);
    yields(2);
    CHECK_STR(trace, "ab");
    CHECK(wio_semaphore_locked(&semaphore));
    CHECK_EQ(wio_await(waits), 0);
    CHECK_EQ(wio_await(comes), 0);
}
