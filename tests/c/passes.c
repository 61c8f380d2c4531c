// clock: virtual
// How many passes of the loop lie between an event and the moment at which what waits for it goes on: asyncio's numbers, which
// no document of Python fixes but which traces of both must share. A coroutine that is spawned, and not awaited in place,
// takes one more for its first step, as a task does in asyncio.
#include "tools.h"

/* A waiter marks `flag` when it goes on; the test does the event and asks how many passes that took. */
static bool flag;
static int passes(void) {
    for (int n = 1; n <= 10; n++) {
        wio_yield();
        if (flag) return n;
    }
    return -1;
}

static int zero;
static int goes_on(int rc) {
    flag = true;
    return rc;
}

/* Starts a waiter and lets it begin to wait. */
static wio_task *begin(wio_fn *fn, void *arg) {
    wio_task *task = wio_create_task(fn, arg);
    yields(4);
    flag = false;
    return task;
}

static void end(wio_task *task, int expected) { CHECK_EQ(wio_await(task), expected); }

/* How many passes an action of the caller itself takes. */
static int turns;
static int counts_turns(void *arg) {
    (void)arg;
    turns = 0;
    while (!wio_yield()) turns++;
    return 0;
}
#define TURNS(action)                                                                                                  \
    do {                                                                                                               \
        wio_task *counter = wio_create_task(counts_turns, NULL);                                                       \
        wio_yield(); /* it counts from here, one a pass, before us */                                                  \
        turns = 0;                                                                                                     \
        action;                                                                                                        \
        int so_far = turns;                                                                                            \
        wio_task_cancel(counter);                                                                                      \
        CHECK_EQ(wio_await(counter), 0);                                                                              \
        turns = so_far;                                                                                                \
    } while (0)

/* ----------------------------------------------------------------------------------------------------- None --- */

static int waits_not(void *arg) { return *(int *)arg; }

TEST(PASS_0_what_is_there_already) {
    wio_semaphore semaphore;
    wio_lock lock = WIO__ZERO;
    wio_event event = WIO__ZERO;
    wio_future future = WIO__ZERO;
    wio_semaphore_init(&semaphore, 1);
    wio_event_set(&event);
    wio_future_set_result(&future, 0);
    wio_task *ended = wio_create_task(returns, &zero), *other = wio_create_task(returns, &zero);
    yields(3);
    TURNS(CHECK_EQ(wio_semaphore_acquire(&semaphore), 0));
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_lock_acquire(&lock), 0));
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_event_wait(&event), 0));
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_future_await(&future), 0));
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_await(ended), 0));
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_shield(other), 0));
    CHECK_EQ(turns, 0);
    wio_lock_release(&lock);
    wio_semaphore_release(&semaphore);
}

TEST(PASS_0_queues_and_barriers) {
    wio_queue queue;
    wio_barrier barrier;
    int item = 5;
    CHECK_EQ(wio_queue_init(&queue, sizeof item, 2), 0);
    CHECK_EQ(wio_barrier_init(&barrier, 1), 0);
    TURNS(CHECK_EQ(wio_queue_join(&queue), 0));
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_queue_put(&queue, &item), 0));
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_queue_get(&queue, &item), 0));
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_barrier_wait(&barrier), 0));
    CHECK_EQ(turns, 0);
    wio_queue_destroy(&queue);
}

TEST(PASS_0_empty_blocks_and_calls_that_do_not_wait) {
    TURNS(WIO_TASK_GROUP(g){});
    CHECK_EQ(turns, 0);
    TURNS(WIO_TIMEOUT(1){});
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_gather(NULL, 0, NULL), 0));
    CHECK_EQ(turns, 0);
    TURNS(CHECK_EQ(wio_wait_for(waits_not, &zero, 1), 0));
    CHECK_EQ(turns, 0);
}

/* ------------------------------------------------------------------------------------------------------ One --- */

TEST(PASS_1_yield_and_sleep_of_nothing) {
    TURNS(wio_yield());
    CHECK_EQ(turns, 1);
    TURNS(wio_sleep(0));
    CHECK_EQ(turns, 1);
    TURNS(wio_sleep(-5));
    CHECK_EQ(turns, 1);
}

static int on_future(void *arg) { return goes_on(wio_future_await((wio_future *)arg)); }
static int on_lock(void *arg) { return goes_on(wio_lock_acquire((wio_lock *)arg)) + wio_lock_release((wio_lock *)arg); }
static int on_event(void *arg) { return goes_on(wio_event_wait((wio_event *)arg)); }
static int on_semaphore(void *arg) { return goes_on(wio_semaphore_acquire((wio_semaphore *)arg)); }
static int within(void *arg) { return wio_future_await((wio_future *)arg); }
static int on_wait_for(void *arg) { return goes_on(wio_wait_for(within, arg, 100)); }

TEST(PASS_1_future_lock_event_semaphore_wait_for) {
    wio_future future = WIO__ZERO, other = WIO__ZERO;
    wio_task *task = begin(on_future, &future);
    wio_future_set_result(&future, 0);
    CHECK_EQ(passes(), 1);
    end(task, 0);
    wio_lock lock = WIO__ZERO;
    wio_lock_acquire(&lock);
    task = begin(on_lock, &lock);
    wio_lock_release(&lock);
    CHECK_EQ(passes(), 1);
    end(task, 0);
    wio_event event = WIO__ZERO;
    task = begin(on_event, &event);
    wio_event_set(&event);
    CHECK_EQ(passes(), 1);
    end(task, 0);
    wio_semaphore semaphore = WIO__ZERO;
    task = begin(on_semaphore, &semaphore);
    wio_semaphore_release(&semaphore);
    CHECK_EQ(passes(), 1);
    end(task, 0);
    task = begin(on_wait_for, &other);
    wio_future_set_result(&other, 0);
    CHECK_EQ(passes(), 1);
    end(task, 0);
}

static int taken;
static int on_get(void *arg) { return goes_on(wio_queue_get((wio_queue *)arg, &taken)); }
static int on_put(void *arg) { return goes_on(wio_queue_put((wio_queue *)arg, &zero)); }
static int on_join(void *arg) { return goes_on(wio_queue_join((wio_queue *)arg)); }

TEST(PASS_1_queue) {
    wio_queue queue;
    CHECK_EQ(wio_queue_init(&queue, sizeof(int), 1), 0);
    wio_task *task = begin(on_get, &queue);
    CHECK_EQ(wio_queue_put(&queue, &zero), 0);
    CHECK_EQ(passes(), 1);
    end(task, 0);
    CHECK_EQ(wio_queue_put(&queue, &zero), 0);
    task = begin(on_put, &queue);
    CHECK_EQ(wio_queue_get(&queue, &taken), 0);
    CHECK_EQ(passes(), 1);
    end(task, 0);
    task = begin(on_join, &queue);
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_queue_task_done(&queue), 0);
    CHECK_EQ(passes(), 1);
    end(task, 0);
    wio_queue_destroy(&queue);
}

static int ends_when_cancelled(void *arg) {
    (void)arg;
    return wio_sleep(LONG);
}

TEST(PASS_1_cancel_of_a_sleeper_and_of_what_has_not_started) {
    wio_task *task = begin(ends_when_cancelled, NULL);
    wio_task_cancel(task);
    CHECK(!wio_task_done(task));
    wio_yield();
    CHECK(wio_task_done(task));
    end(task, -ECANCELED);
    task = wio_create_task(ends_when_cancelled, NULL);
    wio_task_cancel(task);
    CHECK(!wio_task_done(task));
    wio_yield();
    CHECK(wio_task_done(task));
    end(task, -ECANCELED);
}

static int fails_at_once_by_level(void *arg) {
    (void)arg;
    wio_task_cancel(wio_current_task());
    int rc = wio_sleep(LONG);
    TURNS(CHECK_EQ(wio_sleep(LONG), -ECANCELED)); /* LEVEL: fails at once, and gives up the turn */
    return goes_on(rc);
}

TEST(PASS_1_a_wait_that_fails_at_once_gives_up_the_turn) {
    end(wio_create_task(fails_at_once_by_level, NULL), -ECANCELED);
    CHECK_EQ(turns, 1);
}

/* ------------------------------------------------------------------------------------------------------ Two --- */

static int on_task(void *arg) { return goes_on(wio_await((wio_task *)arg)); }
static int on_shield(void *arg) { return goes_on(wio_shield((wio_task *)arg)); }
static int on_wait(void *arg) {
    wio_task *task = (wio_task *)arg;
    return goes_on(wio_wait(&task, 1, WIO_ALL_COMPLETED, WIO_FOREVER));
}
static int on_as_completed(void *arg) {
    wio_task *task = (wio_task *)arg;
    WIO_AS_COMPLETED(it, each, &task, 1, WIO_FOREVER) flag = true;
    return it.status;
}

TEST(PASS_2_await_of_a_task_whose_future_is_set) {
    wio_future future = WIO__ZERO;
    wio_task *task = begin(on_task, wio_create_task(within, &future));
    wio_future_set_result(&future, 0);
    CHECK_EQ(passes(), 2);
    end(task, 0);
}

/* asyncio's two count from a future, ours from a task's end, which comes one pass after its own future was set. */
TEST(PASS_2_shield_wait_and_as_completed_from_a_tasks_end) {
    wio_fn *fns[] = {on_shield, on_wait, on_as_completed};
    for (int i = 0; i < 3; i++) {
        wio_future future = WIO__ZERO;
        wio_task *inner = wio_create_task(within, &future), *task = begin(fns[i], inner);
        wio_future_set_result(&future, 0);
        CHECK_EQ(passes(), 1 + 2);
        end(task, i == 1);
        if (i > 0) end(inner, 0);
    }
}

TEST(PASS_2_await_of_a_fresh_task) {
    TURNS(CHECK_EQ(wio_await(wio_create_task(returns, &zero)), 0));
    CHECK_EQ(turns, 2);
}

TEST(PASS_2_wait_over_what_has_ended_and_with_no_time) {
    wio_task *tasks[] = {wio_create_task(returns, &zero), wio_create_task(sleeps_long, NULL)};
    yields(3);
    TURNS(CHECK_EQ(wio_wait(tasks, 1, WIO_ALL_COMPLETED, WIO_FOREVER), 1));
    CHECK_EQ(turns, 2);
    TURNS(CHECK_EQ(wio_wait(tasks, 1, WIO_ALL_COMPLETED, 0), 1));
    CHECK_EQ(turns, 2);
    TURNS(CHECK_EQ(wio_wait(tasks, 2, WIO_ALL_COMPLETED, 0), 1));
    CHECK_EQ(turns, 2);
    wio_task_cancel(tasks[1]);
    end(tasks[0], 0);
    end(tasks[1], -ECANCELED);
}

/* ---------------------------------------------------------------------------------------------------- Three --- */

static int on_gather(void *arg) { return goes_on(WIO_GATHER({within, arg})); }
static int on_group(void *arg) {
    WIO_TASK_GROUP(g) { wio_group_create_task(&g, within, arg); }
    return goes_on(wio_group_status(&g));
}

TEST(PASS_3_gather_and_group_over_a_task_whose_future_is_set) {
    wio_fn *fns[] = {on_gather, on_group};
    for (int i = 0; i < 2; i++) {
        wio_future future = WIO__ZERO;
        wio_task *task = begin(fns[i], &future);
        wio_future_set_result(&future, 0);
        CHECK_EQ(passes(), 3);
        end(task, 0);
    }
}

TEST(PASS_3_gather_and_group_of_one_that_returns_at_once) {
    TURNS(CHECK_EQ(WIO_GATHER({returns, &zero}), 0));
    CHECK_EQ(turns, 3);
    TURNS(WIO_TASK_GROUP(g) { wio_group_create_task(&g, returns, &zero); });
    CHECK_EQ(turns, 3);
}

static int gathers_two(void *arg) {
    (void)arg;
    return goes_on(WIO_GATHER({sleeps_long, NULL}, {sleeps_long, NULL}));
}
static int groups_two(void *arg) {
    (void)arg;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, sleeps_long, NULL);
        wio_group_create_task(&g, sleeps_long, NULL);
    }
    return goes_on(wio_group_status(&g));
}

TEST(PASS_3_cancel_of_a_task_in_gather) {
    wio_task *task = begin(gathers_two, NULL);
    wio_task_cancel(task);
    CHECK_EQ(passes(), 3);
    end(task, -ECANCELED);
}

/* ----------------------------------------------------------------------------------------------------- Four --- */

TEST(PASS_4_cancel_of_a_task_at_the_end_of_a_group) {
    wio_task *task = begin(groups_two, NULL);
    wio_task_cancel(task);
    CHECK_EQ(passes(), 4);
    end(task, -ECANCELED);
}

/* --------------------------------------------------------------------------------------------------- Timers --- */

static void sets(void *arg) { wio_future_set_result((wio_future *)arg, 0); }

TEST(PASS_a_timer_that_is_due_fires_behind_the_pass_and_the_sleeper_runs_in_the_next) {
    wio_future future = WIO__ZERO;
    wio_task *task = begin(on_future, &future);
    wio_call_later(-1, sets, &future);
    CHECK_EQ(passes(), 3); /* fires behind us in the first, and the waiter runs behind us in the second */
    end(task, 0);
}

static void callback(wio_future *future, void *arg) {
    (void)future, (void)arg;
    flag = true;
}

TEST(PASS_1_a_done_callback_and_a_call_soon) {
    wio_future future = WIO__ZERO, other = WIO__ZERO;
    flag = false;
    wio_future_add_done_callback(&future, callback, NULL);
    wio_future_set_result(&future, 0);
    CHECK_EQ(passes(), 1);
    wio_task *task = begin(on_future, &other);
    wio_call_soon(sets, &other);
    CHECK_EQ(passes(), 2);
    end(task, 0);
}
