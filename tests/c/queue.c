// clock: virtual
// stderr: wio_queue_task_done\(\): called more often than items were put
// stderr: wio_sleep\(\): works only inside a task
// Queues: FIFO, LIFO, priority (QUE).
#include "tools.h"

static int by_value(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

enum { FIFO, LIFO, PRIORITY, KINDS };

static wio_queue made(int kind, size_t capacity) {
    wio_queue queue;
    int rc = kind == FIFO   ? wio_queue_init(&queue, sizeof(int), capacity)
             : kind == LIFO ? wio_queue_init_lifo(&queue, sizeof(int), capacity)
                            : wio_queue_init_priority(&queue, sizeof(int), capacity, by_value);
    CHECK_EQ(rc, 0);
    return queue;
}

static int put(wio_queue *queue, int value) { return wio_queue_put(queue, &value); }
static int put_nowait(wio_queue *queue, int value) { return wio_queue_put_nowait(queue, &value); }
static int get_nowait(wio_queue *queue) { /* the value, or an error */
    int value = 0, rc = wio_queue_get_nowait(queue, &value);
    return rc ? rc : value;
}

typedef struct {
    wio_queue *queue;
    char letter;
    int value;
} user;

/* Marks its letter and, if it worked, the value as a digit; '!' for a cancel, '?' for another error. */
static int finish(user *self, int rc) {
    mark(rc == -ECANCELED ? '!' : rc ? '?' : self->letter);
    if (!rc) mark((char)('0' + self->value));
    return rc;
}

static int gets(void *arg) {
    user *self = (user *)arg;
    return finish(self, wio_queue_get(self->queue, &self->value));
}

static int puts_one(void *arg) {
    user *self = (user *)arg;
    return finish(self, put(self->queue, self->value));
}

static int joins(void *arg) {
    user *self = (user *)arg;
    return finish(self, wio_queue_join(self->queue));
}

static void start(wio_task **tasks, wio_fn *fn, user *users, int n) {
    for (int i = 0; i < n; i++) tasks[i] = wio_create_task(fn, &users[i]);
    wio_yield();
}

static void all_end(wio_task **tasks, int n, int rc) {
    for (int i = 0; i < n; i++) CHECK_EQ(wio_await(tasks[i]), rc);
}

/* ------------------------------------------------------------------------------------------------------- Basics --- */

TEST(QUE_01_order) {
    static const int in[] = {3, 1, 4, 1, 5, 9, 2, 6};
    static const int out[KINDS][8] = {{3, 1, 4, 1, 5, 9, 2, 6}, {6, 2, 9, 5, 1, 4, 1, 3}, {1, 1, 2, 3, 4, 5, 6, 9}};
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue queue = made(kind, 0);
        for (int round = 0; round < 20; round++) { /* so that the ring goes round */
            for (int i = 0; i < 8; i++) CHECK_EQ(put(&queue, in[i]), 0);
            CHECK_EQ(wio_queue_size(&queue), 8);
            for (int i = 0; i < 8; i++) {
                int value = -1;
                CHECK_EQ(wio_queue_get(&queue, &value), 0);
                CHECK_EQ(value, out[kind][i]);
            }
            CHECK(wio_queue_empty(&queue));
        }
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_01_the_ring_grows_while_it_is_wrapped) {
    wio_queue queue = made(FIFO, 0);
    int next_in = 0, next_out = 0;
    for (int round = 0; round < 60; round++) {
        for (int i = 0; i < 7; i++) CHECK_EQ(put_nowait(&queue, next_in++), 0);
        for (int i = 0; i < 4; i++) CHECK_EQ(get_nowait(&queue), next_out++);
    }
    CHECK_EQ(wio_queue_size(&queue), 180);
    while (!wio_queue_empty(&queue)) CHECK_EQ(get_nowait(&queue), next_out++);
    CHECK_EQ(next_out, next_in);
    wio_queue_destroy(&queue);
}

typedef struct {
    char name[13];
    char rank;
} patient;

static int by_rank(const void *a, const void *b) { return ((const patient *)a)->rank - ((const patient *)b)->rank; }

TEST(QUE_02_equal_priorities_come_first_put_first_out) {
    wio_queue queue;
    patient each = WIO__ZERO;
    CHECK_EQ(wio_queue_init_priority(&queue, sizeof each, 0, by_rank), 0);
    for (int i = 0; i < 60; i++) {
        each.rank = (char)(i * 7 % 5);
        snprintf(each.name, sizeof each.name, "p%02d", i);
        CHECK_EQ(wio_queue_put(&queue, &each), 0);
    }
    char rank = 0;
    int number = -1;
    for (int i = 0; i < 60; i++) {
        CHECK_EQ(wio_queue_get(&queue, &each), 0);
        int its = atoi(each.name + 1);
        CHECK(each.rank > rank || (each.rank == rank && its > number));
        CHECK_EQ(each.rank, its * 7 % 5);
        rank = each.rank;
        number = its;
    }
    wio_queue_destroy(&queue);
}

static int waits_in_compare(const void *a, const void *b) {
    CHECK_EQ(wio_sleep(1), -EPERM);
    return by_value(a, b);
}

TEST(QUE_02_compare_cannot_wait) {
    wio_queue queue;
    CHECK_EQ(wio_queue_init_priority(&queue, sizeof(int), 0, waits_in_compare), 0);
    CHECK_EQ(put(&queue, 2), 0);
    CHECK_EQ(put(&queue, 1), 0);
    CHECK_EQ(get_nowait(&queue), 1);
    wio_queue_destroy(&queue);
}

TEST(QUE_03_full_at_capacity_0_is_never_full) {
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue bounded = made(kind, 3), unbounded = made(kind, 0);
        for (int i = 0; i < 3; i++) {
            CHECK(!wio_queue_full(&bounded));
            CHECK_EQ(put(&bounded, i), 0);
        }
        CHECK(wio_queue_full(&bounded) && !wio_queue_empty(&bounded));
        CHECK_EQ(wio_queue_size(&bounded), 3);
        for (int i = 0; i < 1000; i++) CHECK_EQ(put_nowait(&unbounded, i), 0);
        CHECK(!wio_queue_full(&unbounded));
        wio_queue_destroy(&bounded);
        wio_queue_destroy(&unbounded);
    }
}

TEST(QUE_04_the_no_wait_calls_have_their_own_errors) {
    wio_queue queue = made(FIFO, 1);
    CHECK_EQ(get_nowait(&queue), -EAGAIN);
    CHECK_EQ(wio_task_error(wio_current_task())->code, -EAGAIN);
    CHECK_EQ(put_nowait(&queue, 7), 0);
    CHECK_EQ(put_nowait(&queue, 8), -ENOBUFS);
    CHECK_STR(last_message(), "no room");
    CHECK_EQ(get_nowait(&queue), 7);
    wio_queue_destroy(&queue);
}

TEST(LCK_01_item_and_room_are_had_without_a_pass) {
    char letter[] = "x";
    int value = 0;
    wio_queue queue = made(FIFO, 1);
    trace_clear();
    wio_task *other = wio_create_task(marks, letter);
    CHECK_EQ(put(&queue, 5), 0);
    CHECK_EQ(wio_queue_get(&queue, &value), 0);
    CHECK_EQ(wio_queue_task_done(&queue), 0);
    CHECK_EQ(wio_queue_join(&queue), 0);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_await(other), 0);
    wio_queue_destroy(&queue);
}

/* ------------------------------------------------------------------------------------------------------ Waiting --- */

TEST(QUE_05_a_blocked_get_is_woken_by_a_put_and_the_other_way_round) {
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue queue = made(kind, 1);
        user getter = {&queue, 'g', 0}, putter = {&queue, 'p', 8};
        wio_task *task;
        trace_clear();
        start(&task, gets, &getter, 1);
        CHECK_EQ(put_nowait(&queue, 5), 0);
        CHECK_EQ(wio_await(task), 0);
        CHECK_EQ(getter.value, 5);
        CHECK_EQ(put_nowait(&queue, 6), 0);
        start(&task, puts_one, &putter, 1);
        CHECK_EQ(get_nowait(&queue), 6);
        CHECK_EQ(wio_await(task), 0);
        CHECK_EQ(get_nowait(&queue), 8);
        CHECK_STR(trace, "g5p8");
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_06_each_get_wakes_one_putter_and_their_items_enter_in_order) {
    wio_queue queue = made(FIFO, 1);
    user users[] = {{&queue, 'a', 1}, {&queue, 'b', 2}, {&queue, 'c', 3}};
    wio_task *tasks[3];
    trace_clear();
    CHECK_EQ(put(&queue, 0), 0);
    start(tasks, puts_one, users, 3);
    for (int i = 0; i < 4; i++) {
        int value = -1;
        CHECK_EQ(wio_queue_get(&queue, &value), 0);
        CHECK_EQ(value, i);
        yields(2);
        CHECK_EQ(wio_queue_size(&queue), i < 3);
    }
    CHECK_STR(trace, "a1b2c3");
    all_end(tasks, 3, 0);
    wio_queue_destroy(&queue);
}

typedef struct {
    wio_queue *queue;
    int n, sum;
} worker;

static int produces(void *arg) {
    worker *self = (worker *)arg;
    for (int i = 1; i <= self->n; i++) CHECK_EQ(put(self->queue, i), 0);
    return 0;
}

static int consumes(void *arg) {
    worker *self = (worker *)arg;
    for (int i = 0; i < self->n; i++) {
        int value = 0;
        CHECK_EQ(wio_queue_get(self->queue, &value), 0);
        self->sum += value;
        CHECK_EQ(wio_queue_task_done(self->queue), 0);
    }
    return 0;
}

TEST(QUE_07_producers_and_consumers_over_capacity_1) {
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue queue = made(kind, 1);
        worker makers[] = {{&queue, 60, 0}, {&queue, 30, 0}},
               takers[] = {{&queue, 10, 0}, {&queue, 30, 0}, {&queue, 50, 0}};
        WIO_TASK_GROUP(g) {
            for (int i = 0; i < 3; i++) wio_group_create_task(&g, consumes, &takers[i]);
            for (int i = 0; i < 2; i++) wio_group_create_task(&g, produces, &makers[i]);
        }
        CHECK_EQ(wio_group_status(&g), 0);
        CHECK_EQ(takers[0].sum + takers[1].sum + takers[2].sum, 60 * 61 / 2 + 30 * 31 / 2);
        CHECK_EQ(wio_queue_join(&queue), 0);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_08_a_cancelled_or_timed_out_getter_eats_nothing) {
    wio_queue queue = made(FIFO, 0);
    user users[] = {{&queue, 'a', 0}, {&queue, 'b', 0}};
    wio_task *tasks[2];
    int rc = 0, value = 0;
    trace_clear();
    start(tasks, gets, users, 2);
    wio_task_cancel(tasks[0]);
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    WIO_TIMEOUT(1) { rc = wio_queue_get(&queue, &value); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(put(&queue, 1), 0);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_EQ(put(&queue, 2), 0);
    CHECK_EQ(get_nowait(&queue), 2);
    CHECK_STR(trace, "!b1");
    CHECK(!queue.getters.first && !queue.getters.waiting);
    wio_queue_destroy(&queue);
}

TEST(QUE_09_a_cancelled_putters_item_never_enters) {
    wio_queue queue = made(FIFO, 1);
    user users[] = {{&queue, 'a', 1}, {&queue, 'b', 2}};
    wio_task *tasks[2];
    int rc = 0;
    trace_clear();
    CHECK_EQ(put(&queue, 0), 0);
    start(tasks, puts_one, users, 2);
    wio_task_cancel(tasks[0]);
    CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
    WIO_TIMEOUT(1) { rc = put(&queue, 9); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(get_nowait(&queue), 0);
    CHECK_EQ(wio_await(tasks[1]), 0);
    CHECK_EQ(get_nowait(&queue), 2);
    CHECK_EQ(get_nowait(&queue), -EAGAIN);
    CHECK_EQ(queue.unfinished, 2);
    wio_queue_destroy(&queue);
}

TEST(QUE_10_a_getter_cancelled_after_a_put_woke_it_loses_nothing) {
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue queue = made(kind, 0);
        user getter = {&queue, 'g', 0};
        wio_task *task;
        trace_clear();
        start(&task, gets, &getter, 1);
        CHECK_EQ(put(&queue, 1), 0);
        wio_task_cancel(task);
        CHECK_EQ(put(&queue, 2), 0);
        CHECK_EQ(wio_await(task), -ECANCELED);
        CHECK_EQ(wio_queue_size(&queue), 2);
        CHECK_EQ(get_nowait(&queue), kind == LIFO ? 2 : 1);
        CHECK_EQ(get_nowait(&queue), kind == LIFO ? 1 : 2);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_11_of_three_getters_one_is_cancelled_the_others_get_both_items) {
    for (int which = 0; which < 3; which++) {
        wio_queue queue = made(FIFO, 0);
        user users[] = {{&queue, 'a', 0}, {&queue, 'b', 0}, {&queue, 'c', 0}};
        wio_task *tasks[3];
        int sum = 0;
        trace_clear();
        start(tasks, gets, users, 3);
        CHECK_EQ(put(&queue, 1), 0);
        CHECK_EQ(put(&queue, 2), 0);
        wio_task_cancel(tasks[which]);
        for (int i = 0; i < 3; i++) {
            CHECK_EQ(wio_await(tasks[i]), i == which ? -ECANCELED : 0);
            sum += users[i].value;
        }
        CHECK_EQ(sum, 3);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_12_a_putter_cancelled_after_a_slot_was_freed_for_it) {
    for (int others = 0; others < 2; others++) {
        wio_queue queue = made(FIFO, 1);
        user users[] = {{&queue, 'a', 1}, {&queue, 'b', 2}};
        wio_task *tasks[2];
        trace_clear();
        CHECK_EQ(put(&queue, 0), 0);
        start(tasks, puts_one, users, 1 + others);
        CHECK_EQ(get_nowait(&queue), 0);
        wio_task_cancel(tasks[0]); /* QUE-13: it is off the list already */
        CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
        if (others) CHECK_EQ(wio_await(tasks[1]), 0);
        else CHECK_EQ(put_nowait(&queue, 2), 0);
        CHECK_EQ(get_nowait(&queue), 2);
        CHECK_STR(trace, others ? "!b2" : "!");
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_14_what_a_woken_task_was_given_is_its_own) {
    wio_queue queue = made(FIFO, 1);
    user getter = {&queue, 'g', 0}, putter = {&queue, 'p', 7};
    wio_task *task;
    trace_clear();
    start(&task, gets, &getter, 1);
    CHECK_EQ(put(&queue, 5), 0);
    CHECK_EQ(get_nowait(&queue), -EAGAIN);
    CHECK(wio_queue_empty(&queue) && wio_queue_full(&queue));
    CHECK_EQ(wio_queue_size(&queue), 1);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(put(&queue, 6), 0);
    start(&task, puts_one, &putter, 1);
    CHECK_EQ(get_nowait(&queue), 6);
    CHECK_EQ(put_nowait(&queue, 8), -ENOBUFS);
    CHECK(wio_queue_empty(&queue) && wio_queue_full(&queue));
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(get_nowait(&queue), 7);
    CHECK_STR(trace, "g5p7");
    wio_queue_destroy(&queue);
}

TEST(QUE_15_several_getters_get_their_items_in_order_of_arrival) {
    wio_queue queue = made(FIFO, 0);
    user users[] = {{&queue, 'a', 0}, {&queue, 'b', 0}, {&queue, 'c', 0}};
    wio_task *tasks[3];
    trace_clear();
    start(tasks, gets, users, 3);
    for (int i = 1; i <= 3; i++) CHECK_EQ(put(&queue, i), 0);
    CHECK_STR(trace, "");
    wio_yield(); /* one pass */
    CHECK_STR(trace, "a1b2c3");
    all_end(tasks, 3, 0);
    wio_queue_destroy(&queue);
}

TEST(QUE_01_a_woken_getter_takes_the_first_in_the_queues_order_when_it_runs) {
    static const int expected[KINDS] = {5, 3, 3};
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue queue = made(kind, 0);
        user getter = {&queue, 'g', 0};
        wio_task *task;
        start(&task, gets, &getter, 1);
        CHECK_EQ(put(&queue, 5), 0);
        CHECK_EQ(put(&queue, 3), 0);
        CHECK_EQ(wio_await(task), 0);
        CHECK_EQ(getter.value, expected[kind]);
        CHECK_EQ(wio_queue_size(&queue), 1);
        wio_queue_destroy(&queue);
    }
}

/* -------------------------------------------------------------------------------------------------------- Join --- */

TEST(QUE_16_task_done_more_often_than_puts) {
    wio_queue queue = made(FIFO, 0);
    CHECK_EQ(wio_queue_task_done(&queue), -EINVAL);
    CHECK_HAS(last_message(), "called more often than items were put");
    CHECK_EQ(put(&queue, 1), 0);
    CHECK_EQ(wio_queue_task_done(&queue), 0);
    CHECK_EQ(wio_queue_task_done(&queue), -EINVAL);
    wio_queue_destroy(&queue);
}

TEST(QUE_17_join_of_nothing_returns_at_once) {
    wio_queue queue = made(FIFO, 0);
    for (int i = 0; i < 2; i++) CHECK_EQ(wio_queue_join(&queue), 0);
    wio_queue_destroy(&queue);
}

TEST(QUE_18_join_waits_for_task_done_of_every_item) {
    for (int kind = 0; kind < KINDS; kind++) { /* QUE-28 */
        wio_queue queue = made(kind, 0);
        user users[] = {{&queue, 'j', 0}, {&queue, 'k', 0}};
        wio_task *tasks[2];
        trace_clear();
        for (int i = 0; i < 3; i++) CHECK_EQ(put(&queue, i), 0);
        start(tasks, joins, users, 2);
        for (int i = 0; i < 3; i++) CHECK(get_nowait(&queue) >= 0);
        for (int i = 0; i < 3; i++) {
            yields(3);
            CHECK_STR(trace, "");
            CHECK_EQ(wio_queue_task_done(&queue), 0);
        }
        wio_yield();
        CHECK_STR(trace, "j0k0");
        all_end(tasks, 2, 0);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_19_at_0_the_joiners_go_even_if_something_is_put_before_they_run) {
    wio_queue queue = made(FIFO, 0);
    user users[] = {{&queue, 'j', 0}, {&queue, 'k', 0}};
    wio_task *tasks[2];
    trace_clear();
    CHECK_EQ(put(&queue, 1), 0);
    start(tasks, joins, users, 2);
    CHECK_EQ(wio_queue_task_done(&queue), 0);
    CHECK_EQ(put(&queue, 2), 0);
    wio_task_cancel(tasks[1]); /* and a cancel takes one of them out */
    CHECK_EQ(wio_await(tasks[0]), 0);
    CHECK_EQ(wio_await(tasks[1]), -ECANCELED);
    CHECK_STR(trace, "j0!");
    wio_queue_destroy(&queue);
}

TEST(QUE_a_cancelled_joiner_leaves) {
    wio_queue queue = made(FIFO, 0);
    user joiner = {&queue, 'j', 0};
    wio_task *task;
    int rc = 0;
    CHECK_EQ(put(&queue, 1), 0);
    start(&task, joins, &joiner, 1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    WIO_TIMEOUT(1) { rc = wio_queue_join(&queue); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(!queue.joiners);
    wio_queue_destroy(&queue);
}

/* ---------------------------------------------------------------------------------------------------- Shutdown --- */

TEST(QUE_20_after_shutdown_put_fails_at_once) {
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue queue = made(kind, 1);
        wio_queue_shutdown(&queue, false);
        CHECK_EQ(put(&queue, 1), -ESHUTDOWN);
        CHECK_STR(last_message(), "shut down");
        CHECK_EQ(put_nowait(&queue, 1), -ESHUTDOWN);
        CHECK_EQ(get_nowait(&queue), -ESHUTDOWN);
        CHECK_EQ(wio_queue_size(&queue), 0);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_20_a_full_queue_that_is_shut_down_does_not_block_put) {
    wio_queue queue = made(FIFO, 1);
    CHECK_EQ(put(&queue, 1), 0);
    wio_queue_shutdown(&queue, false);
    CHECK_EQ(put(&queue, 2), -ESHUTDOWN);
    CHECK_EQ(put_nowait(&queue, 2), -ESHUTDOWN);
    wio_queue_destroy(&queue);
}

TEST(QUE_21_get_goes_on_until_the_queue_is_empty) {
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue queue = made(kind, 0);
        int value = 0;
        for (int i = 0; i < 2; i++) CHECK_EQ(put(&queue, i), 0);
        wio_queue_shutdown(&queue, false);
        CHECK_EQ(wio_queue_get(&queue, &value), 0);
        CHECK(get_nowait(&queue) >= 0);
        value = 42;
        CHECK_EQ(wio_queue_get(&queue, &value), -ESHUTDOWN);
        CHECK_EQ(value, 42);
        CHECK_EQ(get_nowait(&queue), -ESHUTDOWN);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_22_shutdown_fails_blocked_getters_and_putters) {
    for (int immediate = 0; immediate < 2; immediate++) {
        wio_queue empty = made(FIFO, 0), full = made(FIFO, 1);
        user getters[] = {{&empty, 'a', 0}, {&empty, 'b', 0}}, putters[] = {{&full, 'c', 1}, {&full, 'd', 2}};
        wio_task *tasks[4];
        trace_clear();
        CHECK_EQ(put(&full, 0), 0);
        start(tasks, gets, getters, 2);
        start(tasks + 2, puts_one, putters, 2);
        wio_queue_shutdown(&empty, immediate);
        wio_queue_shutdown(&full, immediate);
        all_end(tasks, 4, -ESHUTDOWN);
        CHECK_STR(trace, "????");
        CHECK_EQ(get_nowait(&full), immediate ? -ESHUTDOWN : 0);
        CHECK_EQ(get_nowait(&full), -ESHUTDOWN);
        wio_queue_destroy(&empty);
        wio_queue_destroy(&full);
    }
}

static int learns_why(void *arg) {
    int value, rc = wio_queue_get((wio_queue *)arg, &value);
    const wio_error *error = wio_task_error(wio_current_task());
    CHECK(error && error->code == -ESHUTDOWN && strstr(error->where, "queue.c:"));
    return rc;
}

TEST(QUE_22_the_error_names_the_place_of_the_wait) {
    wio_queue queue = made(FIFO, 0);
    wio_task *task = wio_create_task(learns_why, &queue);
    wio_yield();
    wio_queue_shutdown(&queue, false);
    CHECK_EQ(wio_await(task), -ESHUTDOWN);
    wio_queue_destroy(&queue);
}

TEST(QUE_22_a_putter_that_was_given_room_before_the_shutdown) {
    wio_queue queue = made(FIFO, 1);
    user putter = {&queue, 'p', 1};
    wio_task *task;
    CHECK_EQ(put(&queue, 0), 0);
    start(&task, puts_one, &putter, 1);
    CHECK_EQ(get_nowait(&queue), 0);
    wio_queue_shutdown(&queue, false);
    CHECK_EQ(wio_await(task), -ESHUTDOWN);
    CHECK_EQ(wio_queue_size(&queue), 0);
    CHECK_EQ(queue.unfinished, 1);
    wio_queue_destroy(&queue);
}

TEST(QUE_23_shutdown_does_not_release_join_while_items_are_unfinished) {
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue queue = made(kind, 0);
        user joiner = {&queue, 'j', 0};
        wio_task *task;
        trace_clear();
        CHECK_EQ(put(&queue, 1), 0);
        start(&task, joins, &joiner, 1);
        wio_queue_shutdown(&queue, false);
        yields(3);
        CHECK_STR(trace, "");
        CHECK_EQ(get_nowait(&queue), 1);
        yields(3);
        CHECK_STR(trace, "");
        CHECK_EQ(wio_queue_task_done(&queue), 0);
        CHECK_EQ(wio_await(task), 0);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_24_immediate_shutdown_counts_what_it_drops_as_done) {
    for (int kind = 0; kind < KINDS; kind++) {
        wio_queue queue = made(kind, 0);
        user joiner = {&queue, 'j', 0};
        wio_task *task;
        for (int i = 0; i < 3; i++) CHECK_EQ(put(&queue, i), 0);
        start(&task, joins, &joiner, 1);
        wio_queue_shutdown(&queue, true);
        CHECK_EQ(wio_queue_size(&queue), 0);
        CHECK_EQ(get_nowait(&queue), -ESHUTDOWN);
        CHECK_EQ(wio_await(task), 0);
        CHECK_EQ(wio_queue_join(&queue), 0);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_25_items_already_taken_stay_unfinished) {
    wio_queue queue = made(FIFO, 0);
    user joiner = {&queue, 'j', 0};
    wio_task *task;
    trace_clear();
    for (int i = 0; i < 3; i++) CHECK_EQ(put(&queue, i), 0);
    CHECK_EQ(get_nowait(&queue), 0);
    start(&task, joins, &joiner, 1);
    wio_queue_shutdown(&queue, true);
    yields(3);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_queue_task_done(&queue), 0);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(wio_queue_task_done(&queue), -EINVAL);
    wio_queue_destroy(&queue);
}

TEST(QUE_26_put_to_a_waiting_getter_then_shutdown_before_it_runs) {
    for (int kind = 0; kind < KINDS; kind++) {
        for (int immediate = 0; immediate < 2; immediate++) {
            wio_queue queue = made(kind, 0);
            user getter = {&queue, 'g', 9}, joiner = {&queue, 'j', 0};
            wio_task *task, *joining;
            trace_clear();
            start(&task, gets, &getter, 1);
            CHECK_EQ(put(&queue, 5), 0);
            wio_queue_shutdown(&queue, immediate);
            CHECK_EQ(get_nowait(&queue), immediate ? -ESHUTDOWN : -EAGAIN); /* the item is the getter's */
            CHECK_EQ(wio_await(task), immediate ? -ESHUTDOWN : 0);
            CHECK_EQ(getter.value, immediate ? 9 : 5);
            CHECK_EQ(queue.unfinished, !immediate);
            start(&joining, joins, &joiner, 1);
            if (!immediate) CHECK_EQ(wio_queue_task_done(&queue), 0);
            CHECK_EQ(wio_await(joining), 0);
            wio_queue_destroy(&queue);
        }
    }
}

TEST(QUE_26_and_cancelled_as_well) {
    for (int immediate = 0; immediate < 2; immediate++) {
        wio_queue queue = made(FIFO, 1);
        user getter = {&queue, 'g', 9};
        wio_task *task;
        start(&task, gets, &getter, 1);
        CHECK_EQ(put(&queue, 5), 0);
        wio_queue_shutdown(&queue, immediate);
        wio_task_cancel(task);
        CHECK_EQ(wio_await(task), -ECANCELED);
        CHECK_EQ(get_nowait(&queue), immediate ? -ESHUTDOWN : 5);
        wio_queue_destroy(&queue);
    }
}

/* Whoever would be told of the end gets the item if the one it was meant for gives up: a waits, is given the item, and is
 * cancelled; b waited before the shutdown, or c came after it. */
TEST(QUE_26_and_cancelled_while_others_wait) {
    for (int late = 0; late < 2; late++) {
        wio_task_options eager = {NULL, 0, true};
        wio_queue queue = made(FIFO, 0);
        user users[] = {{&queue, 'a', 0}, {&queue, 'b', 0}, {&queue, 'c', 0}};
        wio_task *tasks[3];
        trace_clear();
        start(tasks, gets, users, 1);
        if (!late) start(tasks + 1, gets, users + 1, 1);
        CHECK_EQ(put(&queue, 5), 0);
        wio_queue_shutdown(&queue, false);
        if (late) tasks[1] = wio_create_task_with(gets, &users[1], &eager);
        tasks[2] = wio_create_task_with(gets, &users[2], &eager);
        wio_task_cancel(tasks[0]);
        CHECK_EQ(wio_await(tasks[0]), -ECANCELED);
        CHECK_EQ(wio_await(tasks[1]) + wio_await(tasks[2]), -ESHUTDOWN); /* one of them got it */
        CHECK_EQ(users[1].value + users[2].value, 5);
        CHECK_EQ(wio_queue_size(&queue), 0);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_26_not_cancelled_the_others_are_told) {
    wio_task_options eager = {NULL, 0, true};
    wio_queue queue = made(FIFO, 0);
    user users[] = {{&queue, 'a', 0}, {&queue, 'b', 0}, {&queue, 'c', 0}};
    wio_task *tasks[3];
    trace_clear();
    start(tasks, gets, users, 2);
    CHECK_EQ(put(&queue, 5), 0);
    wio_queue_shutdown(&queue, false);
    tasks[2] = wio_create_task_with(gets, &users[2], &eager);
    wio_yield();
    CHECK_STR(trace, "a5?");
    CHECK_EQ(wio_await(tasks[0]), 0);
    CHECK_EQ(wio_await(tasks[1]), -ESHUTDOWN);
    CHECK_EQ(wio_await(tasks[2]), -ESHUTDOWN);
    wio_queue_destroy(&queue);
}

TEST(QUE_27_shutting_down_twice) {
    for (int first = 0; first < 2; first++) {
        wio_queue queue = made(FIFO, 0);
        for (int i = 0; i < 2; i++) CHECK_EQ(put(&queue, i), 0);
        wio_queue_shutdown(&queue, first);
        CHECK_EQ(wio_queue_size(&queue), first ? 0 : 2);
        wio_queue_shutdown(&queue, true);
        CHECK_EQ(wio_queue_size(&queue), 0);
        wio_queue_shutdown(&queue, false);
        CHECK_EQ(wio_queue_join(&queue), 0);
        wio_queue_destroy(&queue);
    }
}

TEST(QUE_24_items_called_done_before_they_were_taken) {
    wio_queue queue = made(FIFO, 0);
    for (int i = 0; i < 2; i++) CHECK_EQ(put(&queue, i), 0);
    CHECK_EQ(wio_queue_task_done(&queue), 0);
    wio_queue_shutdown(&queue, true);
    CHECK_EQ(queue.unfinished, 0);
    CHECK_EQ(wio_queue_join(&queue), 0);
    wio_queue_destroy(&queue);
}

/* ------------------------------------------------------------------------------------------------------ Misuse --- */

static int uses_a_queue_that_goes(void *arg) {
    wio_task **tasks = (wio_task **)arg;
    wio_queue empty = made(FIFO, 0), full = made(FIFO, 1); /* in this frame */
    user waiting[] = {{&empty, 'a', 0}, {&empty, 'b', 0}, {&full, 'c', 1}, {&full, 'd', 2}, {&full, 'j', 0}};
    static user users[5];
    memcpy(users, waiting, sizeof users);
    CHECK_EQ(put(&full, 0), 0);
    start(tasks, gets, users, 2);
    start(tasks + 2, puts_one, users + 2, 2);
    start(tasks + 4, joins, users + 4, 1);
    CHECK_EQ(put(&empty, 7), 0);    /* a was woken */
    CHECK_EQ(get_nowait(&full), 0); /* and c */
    wio_queue_destroy(&empty);
    wio_queue_destroy(&full);
    return 0;
}

TEST(QUE_destroy_fails_whoever_waits) {
    wio_task *tasks[5];
    trace_clear();
    CHECK_EQ(uses_a_queue_that_goes(tasks), 0);
    all_end(tasks, 5, -ESHUTDOWN);
    CHECK_STR(trace, "?????");
    CHECK_EQ(uses_a_queue_that_goes(tasks), 0);
    for (int i = 0; i < 5; i++) wio_task_cancel(tasks[i]);
    all_end(tasks, 5, -ECANCELED);
}

TEST(QUE_a_destroyed_queue_is_refused) {
    wio_queue queue = made(FIFO, 2);
    CHECK_EQ(put(&queue, 1), 0);
    wio_queue_destroy(&queue);
    CHECK_EQ(put(&queue, 1), -EINVAL);
    CHECK_HAS(last_message(), "wio_queue_put(): the queue was not initialised, or was destroyed before");
    CHECK_EQ(get_nowait(&queue), -EINVAL);
    CHECK_EQ(wio_queue_task_done(&queue), -EINVAL);
    CHECK_EQ(wio_queue_join(&queue), -EINVAL);
    wio_queue_shutdown(&queue, true);
    CHECK_HAS(last_message(), "wio_queue_shutdown(): the queue was not initialised");
    CHECK(wio_queue_empty(&queue) && !wio_queue_full(&queue) && wio_queue_size(&queue) == 0);
    wio_queue_destroy(&queue);
    wio_queue_destroy(NULL);
    CHECK_EQ(wio_queue_init(&queue, sizeof(int), 0), 0);
    CHECK_EQ(put(&queue, 1), 0);
    CHECK_EQ(get_nowait(&queue), 1);
    wio_queue_destroy(&queue);
}

TEST(QUE_null_and_zero) {
    wio_queue queue;
    int value = 0;
    CHECK_EQ(wio_queue_init(NULL, 1, 0), -EINVAL);
    CHECK_EQ(wio_queue_init_lifo(NULL, 1, 0), -EINVAL);
    CHECK_EQ(wio_queue_init_priority(NULL, 1, 0, by_value), -EINVAL);
    CHECK_HAS(last_message(), "wio_queue_init_priority(): the queue is NULL");
    CHECK_EQ(wio_queue_init(&queue, 0, 0), -EINVAL);
    CHECK_HAS(last_message(), "wio_queue_init(): item_size is 0");
    CHECK_EQ(wio_queue_put(&queue, &value), -EINVAL);
    CHECK_EQ(wio_queue_init_priority(&queue, 0, 0, by_value), -EINVAL);
    CHECK_EQ(wio_queue_init_priority(&queue, 1, 0, NULL), -EINVAL);
    CHECK_HAS(last_message(), "compare is NULL");
    CHECK_EQ(wio_queue_get(&queue, &value), -EINVAL);
    CHECK_EQ(wio_queue_init(&queue, sizeof value, 0), 0);
    CHECK_EQ(wio_queue_put(&queue, NULL), -EINVAL);
    CHECK_HAS(last_message(), "wio_queue_put(): the item is NULL");
    CHECK_EQ(wio_queue_get(&queue, NULL), -EINVAL);
    CHECK_EQ(wio_queue_put_nowait(&queue, NULL), -EINVAL);
    CHECK_EQ(wio_queue_get_nowait(&queue, NULL), -EINVAL);
    CHECK_EQ(wio_queue_put(NULL, &value), -EINVAL);
    CHECK_EQ(wio_queue_get(NULL, &value), -EINVAL);
    CHECK_EQ(wio_queue_task_done(NULL), -EINVAL);
    CHECK_EQ(wio_queue_join(NULL), -EINVAL);
    CHECK_HAS(last_message(), "wio_queue_join(): the queue is NULL");
    wio_queue_shutdown(NULL, false);
    CHECK(wio_queue_empty(NULL) && !wio_queue_full(NULL) && wio_queue_size(NULL) == 0);
    wio_queue_destroy(&queue);
}

TEST(QUE_items_too_large_for_memory) {
    wio_queue queue;
    char item = 0;
    CHECK_EQ(wio_queue_init(&queue, (size_t)PTRDIFF_MAX / 2 + 9, 0), 0);
    queue.count = queue.room = 1; /* as if one were in it: the next makes it grow past all memory */
    queue.items = NULL;
    CHECK_EQ(wio_queue_put(&queue, &item), -ENOMEM);
    CHECK_HAS(last_message(), "no memory for another item");
    CHECK_EQ(queue.unfinished, 0);
    queue.count = queue.room = 0;
    wio_queue_destroy(&queue);
}

TEST_OUTSIDE(QUE_outside_tasks) {
    wio_queue queue = made(FIFO, 1);
    int value = 3;
    CHECK_EQ(wio_queue_put(&queue, &value), -EPERM);
    CHECK_EQ(wio_queue_get(&queue, &value), -EPERM);
    CHECK_EQ(wio_queue_join(&queue), -EPERM);
    CHECK_EQ(wio_queue_put_nowait(&queue, &value), 0);
    CHECK_EQ(get_nowait(&queue), 3);
    CHECK_EQ(wio_queue_task_done(&queue), 0);
    wio_queue_destroy(&queue);
}

/* ------------------------------------------------------------------------------------------------------ Stress --- */

static unsigned seed;
static unsigned random_below(unsigned n) {
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % n;
}

/* Every number that went in, and no other, comes out once; in FIFO order per producer. */
static wio_queue shared;
static char state_of[200000]; /* 1: put, 2: taken */
static int next_number, put_count, taken_count;

static int random_producer(void *arg) {
    (void)arg;
    for (;;) {
        int number = next_number++, rc = 0;
        if (number >= (int)sizeof state_of) return 0;
        switch (random_below(3)) {
        case 0: rc = wio_queue_put_nowait(&shared, &number); break;
        case 1: rc = wio_queue_put(&shared, &number); break;
        case 2: WIO_TIMEOUT(random_below(4) * 0.5) { rc = wio_queue_put(&shared, &number);
            }
            break;
        }
        if (rc == 0) {
            CHECK_EQ(state_of[number] & 1, 0);
            state_of[number] |= 1;
            put_count++;
        } else if (rc == -ECANCELED || rc == -ESHUTDOWN) {
            return rc;
        }
        if (random_below(3) == 0 && (rc = wio_sleep(random_below(3) * 0.5))) return rc;
    }
}

static int random_consumer(void *arg) {
    (void)arg;
    for (;;) {
        int number = -1, rc = 0;
        switch (random_below(3)) {
        case 0: rc = wio_queue_get_nowait(&shared, &number); break;
        case 1: rc = wio_queue_get(&shared, &number); break;
        case 2: WIO_TIMEOUT(random_below(4) * 0.5) { rc = wio_queue_get(&shared, &number);
            }
            break;
        }
        if (rc == 0) {
            CHECK(number >= 0 && number < (int)sizeof state_of && !(state_of[number] & 2));
            state_of[number] |= 2; /* the putter may not have run yet to mark it */
            taken_count++;
            CHECK_EQ(wio_queue_task_done(&shared), 0);
        } else if (rc == -ECANCELED || rc == -ESHUTDOWN) {
            return rc;
        }
        if (random_below(3) == 0 && (rc = wio_sleep(random_below(3) * 0.5))) return rc;
    }
}

static void stress(int kind, size_t capacity) {
    enum { MANY = 16, STEPS = 1500 };
    wio_task *tasks[MANY];
    shared = made(kind, capacity);
    memset(state_of, 0, sizeof state_of);
    next_number = put_count = taken_count = 0;
    for (int i = 0; i < MANY; i++) tasks[i] = wio_create_task(i % 2 ? random_producer : random_consumer, NULL);
    for (int step = 0; step < STEPS; step++) {
        unsigned which = random_below(MANY);
        if (random_below(2)) wio_task_cancel(tasks[which]);
        if (random_below(2)) wio_yield();
        if (wio_task_done(tasks[which])) {
            wio_await(tasks[which]);
            tasks[which] = wio_create_task(which % 2 ? random_producer : random_consumer, NULL);
        }
        if (random_below(2)) wio_sleep(random_below(3) * 0.25);
        CHECK(!capacity || wio_queue_size(&shared) + shared.putters.woken <= capacity);
        CHECK(shared.getters.woken <= shared.count);
        CHECK_EQ(put_count, taken_count + (int)wio_queue_size(&shared));
        CHECK_EQ(shared.unfinished, wio_queue_size(&shared));
    }
    wio_queue_shutdown(&shared, false);
    for (int i = 0; i < MANY; i++) {
        int rc = wio_await(tasks[i]);
        CHECK(rc == -ESHUTDOWN || rc == -ECANCELED);
    }
    int number, last = -1;
    while ((number = get_nowait(&shared)) >= 0) {
        if (kind == PRIORITY) CHECK(number > last);
        last = number;
        CHECK_EQ(state_of[number], 1);
        state_of[number] |= 2;
        taken_count++;
    }
    CHECK_EQ(number, -ESHUTDOWN);
    for (int i = 0; i < (int)sizeof state_of; i++)
        if (state_of[i] != 0 && state_of[i] != 3) CHECK__FAIL("number %d: %d", i, state_of[i]);
    CHECK_EQ(put_count, taken_count);
    CHECK(put_count > STEPS);
    wio_queue_destroy(&shared);
}

TEST(QUE_nothing_is_lost_or_doubled_among_cancels_fifo) { seed = 1, stress(FIFO, 0), stress(FIFO, 1), stress(FIFO, 5); }
TEST(QUE_nothing_is_lost_or_doubled_among_cancels_lifo) { seed = 2, stress(LIFO, 0), stress(LIFO, 2); }
TEST(QUE_nothing_is_lost_or_doubled_among_cancels_priority) { seed = 3, stress(PRIORITY, 0), stress(PRIORITY, 3); }
