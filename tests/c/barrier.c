// clock: virtual
// Barriers (BAR).
#include "tools.h"

typedef struct {
    wio_barrier *barrier;
    char letter;
    int rounds;
    int rc; /* of its last wait */
} user;

/* Marks letter and number for each round; '!' for a cancel, '#' for a broken barrier. */
static int meets(void *arg) {
    user *self = (user *)arg;
    int rounds = self->rounds ? self->rounds : 1;
    while (rounds--) {
        self->rc = wio_barrier_wait(self->barrier);
        mark(self->letter);
        mark(self->rc == -ECANCELED ? '!' : self->rc == -EPIPE ? '#' : self->rc < 0 ? '?' : (char)('0' + self->rc));
        if (self->rc < 0) return self->rc;
    }
    return 0;
}

static void start(wio_task **tasks, user *users, int n) {
    for (int i = 0; i < n; i++) tasks[i] = wio_create_task(meets, &users[i]);
    wio_yield();
}

static void all_end(wio_task **tasks, int n, int rc) {
    for (int i = 0; i < n; i++) CHECK_EQ(wio_await(tasks[i]), rc);
}

TEST(BAR_01_fewer_than_one_party_is_refused) {
    wio_barrier barrier;
    CHECK_EQ(wio_barrier_init(&barrier, 0), -EINVAL);
    CHECK_HAS(last_message(), "wio_barrier_init(): a barrier needs at least one party");
    CHECK_EQ(wio_barrier_wait(&barrier), -EINVAL);
    CHECK_HAS(last_message(), "not initialised");
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    CHECK_EQ(wio_barrier_parties(&barrier), 3);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 0);
    CHECK(!wio_barrier_broken(&barrier));
}

TEST(BAR_02_a_barrier_of_one_lets_everyone_through_at_once) {
    char letter[] = "x";
    wio_barrier barrier;
    CHECK_EQ(wio_barrier_init(&barrier, 1), 0);
    trace_clear();
    wio_task *other = wio_create_task(marks, letter);
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_barrier_wait(&barrier), 0);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_await(other), 0);
}

TEST(BAR_03_nobody_passes_before_the_last_arrives) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}, {&barrier, 'c', 1, 0}};
    wio_task *tasks[3];
    CHECK_EQ(wio_barrier_init(&barrier, 4), 0);
    trace_clear();
    for (int i = 0; i < 3; i++) {
        start(&tasks[i], &users[i], 1);
        wio_sleep(1);
        CHECK_EQ(wio_barrier_n_waiting(&barrier), i + 1); /* BAR-06 */
        CHECK_STR(trace, "");
    }
    CHECK_EQ(wio_barrier_wait(&barrier), 3);
    mark('m');
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 0); /* it drains */
    wio_yield();
    CHECK_STR(trace, "ma0b1c2"); /* BAR-04, in one pass */
    all_end(tasks, 3, 0);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 0);
}

TEST(BAR_05_numbers_are_distinct_after_a_cancel) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}, {&barrier, 'c', 1, 0}};
    wio_task *tasks[3];
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    trace_clear();
    start(tasks, users, 2);
    wio_task_cancel(tasks[0]);
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 1); /* BAR-10: one more has to come */
    CHECK(!wio_barrier_broken(&barrier));
    start(tasks + 2, users + 2, 1);
    CHECK_STR(trace, "a!");
    CHECK_EQ(wio_barrier_wait(&barrier), 2);
    all_end(tasks + 1, 2, 0);
    CHECK_STR(trace, "a!b0c1");
}

TEST(BAR_07_round_after_round) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 3, 0}, {&barrier, 'b', 3, 0}, {&barrier, 'c', 3, 0}};
    wio_task *tasks[3];
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    trace_clear();
    start(tasks, users, 3);
    all_end(tasks, 3, 0);
    CHECK_EQ(strlen(trace), 18);
    for (int round = 0; round < 3; round++) {
        char letters[4] = "", numbers[4] = "";
        for (int i = 0; i < 3; i++) {
            letters[trace[6 * round + 2 * i] - 'a'] = 'x';
            numbers[trace[6 * round + 2 * i + 1] - '0'] = 'x';
        }
        CHECK_STR(letters, "xxx");
        CHECK_STR(numbers, "xxx");
    }
}

TEST(BAR_08_early_ones_wait_until_the_last_of_this_round_has_left) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'e', 1, 0}, {&barrier, 'f', 1, 0}, {&barrier, 'g', 1, 0}};
    wio_task *tasks[4];
    CHECK_EQ(wio_barrier_init(&barrier, 2), 0);
    trace_clear();
    wio_task *early[] = {NULL, NULL};
    start(tasks, users, 1);
    for (int i = 0; i < 2; i++) early[i] = wio_create_task(meets, &users[i + 1]); /* run before a has left */
    CHECK_EQ(wio_barrier_wait(&barrier), 1);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 0);
    wio_yield(); /* e and f are early, a leaves */
    CHECK_STR(trace, "a0");
    CHECK_EQ(wio_await(early[0]), 0);
    CHECK_EQ(wio_await(early[1]), 0);
    CHECK_STR(trace, "a0f1e0"); /* they were the next round */
    CHECK_EQ(wio_await(tasks[0]), 0);
}

TEST(BAR_08_a_cancelled_early_one_leaves) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'e', 1, 0}};
    wio_task *tasks[2];
    CHECK_EQ(wio_barrier_init(&barrier, 2), 0);
    trace_clear();
    tasks[0] = wio_create_task(meets, &users[0]);
    wio_yield();
    tasks[1] = wio_create_task_with(meets, &users[1], NULL);
    CHECK_EQ(wio_barrier_wait(&barrier), 1);
    wio_task_options eager = {NULL, 0, true};
    user third = {&barrier, 't', 1, 0};
    wio_task *early = wio_create_task_with(meets, &third, &eager);
    wio_task_cancel(early);
    wio_task_cancel(tasks[1]);
    CHECK_EQ(wio_await(early), -ECANCELED);
    all_end(tasks, 1, 0);
    CHECK_EQ(wio_await(tasks[1]), -ECANCELED);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 0);
    CHECK(!barrier.first && !barrier.count);
}

TEST(BAR_10_a_cancelled_or_timed_out_waiter_leaves) {
    wio_barrier barrier;
    int rc = 0;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}};
    wio_task *tasks[2];
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    trace_clear();
    start(tasks, users, 1);
    WIO_TIMEOUT(1) { rc = wio_barrier_wait(&barrier); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 1);
    CHECK(!wio_barrier_broken(&barrier));
    start(tasks + 1, users + 1, 1);
    CHECK_EQ(wio_barrier_wait(&barrier), 2);
    all_end(tasks, 2, 0);
    CHECK_STR(trace, "a0b1");
}

TEST(BAR_10_the_order_of_the_others_is_asyncios) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}, {&barrier, 'c', 1, 0}, {&barrier, 'd', 1, 0}};
    wio_task *tasks[4];
    CHECK_EQ(wio_barrier_init(&barrier, 4), 0);
    trace_clear();
    start(tasks, users, 3);
    wio_task_cancel(tasks[1]);
    yields(2); /* b gives up; a looks again, and then stands behind c */
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 2);
    start(tasks + 3, users + 3, 1);
    CHECK_EQ(wio_barrier_wait(&barrier), 3);
    CHECK_EQ(wio_await(tasks[1]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[0]) + wio_await(tasks[2]) + wio_await(tasks[3]), 0);
    CHECK_STR(trace, "b!c0a1d2");
}

TEST(BAR_10_the_last_one_comes_while_another_looks_again) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}, {&barrier, 'c', 1, 0}};
    wio_task *tasks[3];
    wio_task_options eager = {NULL, 0, true};
    user fourth = {&barrier, 'd', 1, 0};
    CHECK_EQ(wio_barrier_init(&barrier, 4), 0);
    trace_clear();
    start(tasks, users, 3);
    wio_task_cancel(tasks[1]);
    wio_yield();
    wio_task *last = wio_create_task_with(meets, &fourth, &eager);
    CHECK_EQ(wio_barrier_wait(&barrier), 3); /* a was woken, and is in no line */
    CHECK_EQ(wio_await(tasks[1]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[0]) + wio_await(tasks[2]) + wio_await(last), 0);
    CHECK_STR(trace, "b!a2c0d1");
}

TEST(BAR_11_released_and_then_cancelled_it_ends_cancelled_and_the_round_drains) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}};
    wio_task *tasks[2];
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    for (int round = 0; round < 2; round++) {
        trace_clear();
        start(tasks, users, 2);
        CHECK_EQ(wio_barrier_wait(&barrier), 2);
        if (round == 0) wio_task_cancel(tasks[0]);
        CHECK_EQ(wio_await(tasks[0]), round ? 0 : -ECANCELED);
        CHECK_EQ(wio_await(tasks[1]), 0);
        CHECK_STR(trace, round ? "a0b1" : "a!b1");
    }
}

TEST(BAR_11_cancelled_and_then_the_last_one_comes_before_it_ran) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}};
    wio_task *tasks[2];
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    trace_clear();
    start(tasks, users, 2);
    wio_task_cancel(tasks[0]);
    CHECK_EQ(wio_barrier_wait(&barrier), 2); /* as in asyncio: it had come */
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 0);
    trace_clear();
    start(tasks, users, 2);
    CHECK_EQ(wio_barrier_wait(&barrier), 2);
    all_end(tasks, 2, 0);
}

static int meets_until_it_works(void *arg) {
    user *self = (user *)arg;
    do wio_sleep(0.1), meets(self);
    while (self->rc == -EPIPE);
    return self->rc < 0 ? self->rc : 0;
}

TEST(BAR_12_reset_fails_the_waiting_and_they_can_meet_again) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}};
    wio_task *tasks[2];
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    trace_clear();
    for (int i = 0; i < 2; i++) tasks[i] = wio_create_task(meets_until_it_works, &users[i]);
    wio_sleep(0.15);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 2);
    wio_barrier_reset(&barrier);
    CHECK(!wio_barrier_broken(&barrier));
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 0);
    wio_yield();
    CHECK_STR(trace, "a#b#");
    wio_sleep(1);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 2);
    CHECK_EQ(wio_barrier_wait(&barrier), 2);
    all_end(tasks, 2, 0);
    CHECK_STR(trace, "a#b#a0b1");
}

static int learns_why(void *arg) {
    int rc = wio_barrier_wait((wio_barrier *)arg);
    const wio_error *error = wio_task_error(wio_current_task());
    CHECK_EQ(rc, -EPIPE);
    CHECK_STR(last_message(), "the barrier is broken");
    CHECK(error && strstr(error->where, "barrier.c:"));
    return 0;
}

TEST(BAR_12_the_error_says_so_and_where) {
    wio_barrier barrier;
    CHECK_EQ(wio_barrier_init(&barrier, 2), 0);
    wio_task *task = wio_create_task(learns_why, &barrier);
    wio_yield();
    wio_barrier_abort(&barrier);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(wio_barrier_wait(&barrier), -EPIPE);
    CHECK_STR(last_message(), "the barrier is broken");
}

static int resets_as_it_leaves(void *arg) {
    user *self = (user *)arg;
    int rc = meets(arg);
    wio_barrier_reset(self->barrier);
    return rc;
}

TEST(BAR_13_reset_when_idle_and_by_the_last_one_leaving) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}};
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    wio_barrier_reset(&barrier);
    CHECK_EQ(wio_barrier_n_waiting(&barrier), 0);
    trace_clear();
    wio_task *a = wio_create_task(meets, &users[0]), *b = wio_create_task(resets_as_it_leaves, &users[1]);
    wio_yield();
    CHECK_EQ(wio_barrier_wait(&barrier), 2);
    CHECK_EQ(wio_await(a), 0);
    CHECK_EQ(wio_await(b), 0);
    CHECK_STR(trace, "a0b1");
}

/* a and b of three leave a barrier of four, b resets (or aborts): c is still inside, e and f wait for the next round. */
typedef struct {
    wio_barrier barrier;
    void (*act)(wio_barrier *);
} half_drained;

static half_drained half;

static int acts_as_it_leaves(void *arg) {
    user *self = (user *)arg;
    int rc = meets(self);
    half.act(self->barrier);
    return rc;
}

static void half_way(void (*act)(wio_barrier *), wio_task **round, user *users, wio_task **early) {
    wio_task_options eager = {NULL, 0, true};
    CHECK_EQ(wio_barrier_init(&half.barrier, 4), 0);
    half.act = act;
    for (int i = 0; i < 5; i++) users[i] = (user){&half.barrier, "abcef"[i], 1, 0};
    trace_clear();
    for (int i = 0; i < 3; i++) round[i] = wio_create_task(i == 1 ? acts_as_it_leaves : meets, &users[i]);
    wio_yield();
    CHECK_EQ(wio_barrier_wait(&half.barrier), 3);
    for (int i = 0; i < 2; i++) early[i] = wio_create_task_with(meets, &users[3 + i], &eager);
    wio_yield();
}

TEST(BAR_14_BAR_15_reset_while_it_drains) {
    wio_task *round[3], *early[2], *late[1];
    user users[5], last = {&half.barrier, 'l', 1, 0};
    half_way(wio_barrier_reset, round, users, early);
    CHECK_STR(trace, "a0b1c#"); /* who left is spared, who was inside is not */
    CHECK(!wio_barrier_broken(&half.barrier));
    yields(3);
    CHECK_STR(trace, "a0b1c#"); /* the early ones are spared, too */
    CHECK_EQ(wio_barrier_n_waiting(&half.barrier), 2);
    start(late, &last, 1);
    CHECK_EQ(wio_barrier_wait(&half.barrier), 3);
    all_end(early, 2, 0);
    all_end(late, 1, 0);
    CHECK_STR(trace, "a0b1c#e0f1l2");
    CHECK_EQ(wio_await(round[0]), 0);
    CHECK_EQ(wio_await(round[1]), 0);
    CHECK_EQ(wio_await(round[2]), -EPIPE);
}

TEST(BAR_16_abort_while_it_drains) {
    wio_task *round[3], *early[2];
    user users[5];
    half_way(wio_barrier_abort, round, users, early);
    wio_yield();
    CHECK_STR(trace, "a0b1c#e#f#");
    CHECK(wio_barrier_broken(&half.barrier));
    CHECK_EQ(wio_barrier_wait(&half.barrier), -EPIPE);
    CHECK_EQ(wio_barrier_n_waiting(&half.barrier), 0);
    wio_barrier_reset(&half.barrier); /* BAR-17 */
    CHECK(!wio_barrier_broken(&half.barrier));
    for (int i = 0; i < 3; i++) wio_await(round[i]);
    all_end(early, 2, -EPIPE);
    trace_clear();
    start(round, users, 3);
    CHECK_EQ(wio_barrier_wait(&half.barrier), 3);
    all_end(round, 3, 0);
    CHECK_STR(trace, "a0b1c2");
}

static int fails_and_aborts(void *arg) {
    wio_barrier *barrier = (wio_barrier *)arg;
    int rc = wio_sleep(1);
    rc = rc ? rc : wio_fail(-EIO, "no way");
    if (rc) wio_barrier_abort(barrier);
    return rc;
}

TEST(BAR_16_abort_from_an_error_handler_fails_the_waiting_and_all_later) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}};
    wio_task *tasks[2];
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    trace_clear();
    start(tasks, users, 2);
    CHECK_EQ(wio_await(wio_create_task(fails_and_aborts, &barrier)), -EIO);
    all_end(tasks, 2, -EPIPE);
    for (int i = 0; i < 2; i++) CHECK_EQ(wio_barrier_wait(&barrier), -EPIPE);
    CHECK_STR(trace, "a#b#");
}

TEST(BAR_17_aborted_then_reset_before_the_woken_have_run) {
    wio_barrier barrier;
    user users[] = {{&barrier, 'a', 1, 0}, {&barrier, 'b', 1, 0}};
    wio_task *tasks[2];
    CHECK_EQ(wio_barrier_init(&barrier, 3), 0);
    trace_clear();
    start(tasks, users, 2);
    wio_barrier_abort(&barrier);
    wio_barrier_reset(&barrier);
    CHECK(!wio_barrier_broken(&barrier));
    all_end(tasks, 2, -EPIPE);
    start(tasks, users, 2);
    CHECK_EQ(wio_barrier_wait(&barrier), 2);
    all_end(tasks, 2, 0);
    CHECK_STR(trace, "a#b#a0b1");
}

TEST(BAR_null) {
    CHECK_EQ(wio_barrier_init(NULL, 1), -EINVAL);
    CHECK_EQ(wio_barrier_wait(NULL), -EINVAL);
    CHECK_HAS(last_message(), "wio_barrier_wait(): the barrier is NULL");
    wio_barrier_reset(NULL);
    CHECK_HAS(last_message(), "wio_barrier_reset(): the barrier is NULL");
    wio_barrier_abort(NULL);
    CHECK(wio_barrier_parties(NULL) == 0 && wio_barrier_n_waiting(NULL) == 0 && !wio_barrier_broken(NULL));
}

TEST_OUTSIDE(BAR_outside_tasks) {
    wio_barrier barrier;
    CHECK_EQ(wio_barrier_init(&barrier, 1), 0);
    CHECK_EQ(wio_barrier_wait(&barrier), -EPERM);
    wio_barrier_abort(&barrier);
    CHECK(wio_barrier_broken(&barrier));
    wio_barrier_reset(&barrier);
    CHECK(!wio_barrier_broken(&barrier));
}

/* ------------------------------------------------------------------------------------------------------ Stress --- */

static unsigned seed;
static unsigned random_below(unsigned n) {
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % n;
}

enum { PARTIES = 5 };
static wio_barrier shared;
static unsigned seen; /* numbers of the round that leaves */
static int passed, broken;

static int random_user(void *arg) {
    (void)arg;
    for (;;) {
        int rc = 0;
        if (random_below(3)) {
            rc = wio_barrier_wait(&shared);
        } else {
            WIO_TIMEOUT(random_below(4) * 0.5) { rc = wio_barrier_wait(&shared); }
        }
        if (rc >= 0) {
            if (rc == PARTIES - 1) seen = 0; /* the last to come is the first to leave */
            CHECK(rc < PARTIES && !(seen & 1u << rc));
            seen |= 1u << rc;
            passed++;
        } else if (rc == -ECANCELED) {
            return rc;
        } else if (rc == -EPIPE) {
            broken++;
        }
        rc = random_below(2) ? wio_yield() : wio_sleep(random_below(3) * 0.5);
        if (rc) return rc;
    }
}

TEST(BAR_rounds_keep_apart_among_cancels_and_resets) {
    enum { MANY = 13, STEPS = 3000 };
    wio_task *tasks[MANY];
    seed = 17;
    seen = 0;
    passed = broken = 0;
    CHECK_EQ(wio_barrier_init(&shared, PARTIES), 0);
    for (int i = 0; i < MANY; i++) tasks[i] = wio_create_task(random_user, NULL);
    for (int step = 0; step < STEPS; step++) {
        unsigned which = random_below(MANY);
        if (random_below(3) == 0) wio_task_cancel(tasks[which]);
        if (random_below(20) == 0) wio_barrier_reset(&shared);
        if (random_below(40) == 0) {
            wio_barrier_abort(&shared);
            if (random_below(2)) wio_yield();
            wio_barrier_reset(&shared);
        }
        if (random_below(2)) wio_yield();
        if (wio_task_done(tasks[which])) {
            CHECK_EQ(wio_await(tasks[which]), -ECANCELED);
            tasks[which] = wio_create_task(random_user, NULL);
        }
        if (random_below(2)) wio_sleep(random_below(3) * 0.25);
        CHECK(shared.count <= PARTIES);
    }
    for (int i = 0; i < MANY; i++) wio_task_cancel(tasks[i]);
    all_end(tasks, MANY, -ECANCELED);
    CHECK_EQ(shared.count, 0);
    CHECK(!shared.first);
    CHECK(passed > 1000 && broken > 100);
}
