// clock: virtual
// Random programs over the whole of the scheduler: tasks that wait in every way there is, cancel one another, end early or late, in
// runs that end amid all of it. Whatever they do, nobody hangs, nothing crashes, and nothing is left.
#include "tools.h"

static unsigned seed;
static unsigned below(unsigned n) {
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

enum { PLACES = 8, FUTURES = 4, DEPTH = 4 };

/* What all tasks of a program share. Handles in `places` are somebody else's: they may be stale. */
static wio_task *places[PLACES];
static wio_future futures[FUTURES];
static wio_lock lock;
static wio_event event;
static wio_semaphore semaphore;
static wio_queue queue;
static int budget; /* of statements, so that every program ends */

typedef struct {
    int depth;
} level;
static level levels[DEPTH + 1] = {{0}, {1}, {2}, {3}, {4}};

static int statements(void *arg);

static int wait_somehow(void) {
    switch (below(9)) {
    case 0: return wio_yield();
    case 1: return wio_event_wait(&event);
    case 2: return wio_future_await(&futures[below(FUTURES)]);
    case 3: {
        int rc = 0;
        WIO_WITH_LOCK(&lock) rc = wio_sleep(below(2));
        return rc;
    }
    case 4: {
        int rc = 0;
        WIO_WITH_SEMAPHORE(&semaphore) rc = wio_yield();
        return rc;
    }
    case 5: {
        int item;
        return below(2) ? wio_queue_get(&queue, &item) : wio_queue_put(&queue, &budget);
    }
    default: return wio_sleep(0.5 * below(4));
    }
}

static void callback(void *arg) {
    (void)arg;
    switch (below(6)) {
    case 0: wio_event_set(&event); break;
    case 1: wio_event_clear(&event); break;
    case 2: wio_future_set_result(&futures[below(FUTURES)], 1); break;
    case 3: wio_semaphore_release(&semaphore); break;
    case 4: wio_queue_put_nowait(&queue, &budget); break;
    default: wio_context_set(&seed, &budget);
    }
}

static void task_callback(wio_task *task, void *arg) {
    CHECK(wio_task_done(task));
    callback(arg);
}

static void future_callback(wio_future *future, void *arg) {
    CHECK(wio_future_done(future));
    callback(arg);
}

static int generates(wio_generator *generator, void *arg) {
    int rc = 0;
    for (int i = 0; i < 3 && !rc; i++) {
        if (below(2)) rc = wait_somehow();
        if (rc >= 0) rc = wio_generator_yield(generator, arg);
    }
    return rc;
}

/* Several at once, owned here. */
static int with_tasks(level *deeper) {
    wio_task *tasks[4];
    size_t n = 1 + below(4);
    int rc = 0;
    for (size_t i = 0; i < n; i++) {
        wio_task_options options = {NULL, 0, below(3) == 0};
        tasks[i] = wio_create_task_with(statements, deeper, &options);
        if (below(2)) places[below(PLACES)] = tasks[i];
        if (below(4) == 0) wio_task_add_done_callback(tasks[i], task_callback, NULL);
    }
    switch (below(4)) {
    case 0: rc = wio_wait(tasks, n, (wio_wait_mode)below(3), below(2) ? (double)below(3) : WIO_FOREVER); break;
    case 1: {
        WIO_AS_COMPLETED(it, task, tasks, n, below(2) ? (double)below(3) : WIO_FOREVER) {
            if (below(5) == 0) break;
        }
        rc = wio_as_completed_status(&it);
        break;
    }
    case 2: rc = wio_shield(tasks[0]); break;
    default: break;
    }
    for (size_t i = 0; i < n; i++) {
        if (below(3) == 0) wio_task_cancel(tasks[i]);
        if (below(3) == 0) wio_detach(tasks[i]);
        else if (below(4)) wio_await(tasks[i]); /* stale if the shield has taken it: refused */
    }
    return rc;
}

static int statement(level *deeper) {
    int rc = 0;
    switch (below(14)) {
    case 0: return with_tasks(deeper);
    case 1: return WIO_GATHER({statements, deeper}, {statements, deeper});
    case 2: {
        WIO_TASK_GROUP(g) {
            for (unsigned i = below(4); i > 0; i--) wio_group_create_task(&g, statements, deeper);
            rc = wait_somehow();
            if (below(8) == 0) wio_group_cancel(&g);
            if (below(8) == 0) wio_group_fail(&g, -EBUSY);
        }
        return wio_group_status(&g);
    }
    case 3: {
        WIO_TIMEOUT(below(3)) rc = statements(deeper);
        return rc;
    }
    case 4: {
        wio_scope timeout;
        wio_timeout_open(&timeout, below(4));
        rc = wait_somehow();
        if (below(2)) wio_timeout_reschedule(&timeout, wio_time() + below(3) - 1);
        if (rc >= 0) rc = wait_somehow();
        wio_timeout_close(&timeout);
        return rc;
    }
    case 5: {
        WIO_SHIELD rc = wio_sleep(below(2));
        return rc;
    }
    case 6: {
        WIO_ASYNC_FOR(g, level *, x, generates, deeper) {
            CHECK(x == deeper);
            if (below(4) == 0) break;
        }
        if (below(2)) wio_generator_close(&g);
        return wio_generator_status(&g);
    }
    case 7: {
        wio_handle *handle = below(2) ? wio_call_soon(callback, NULL) : wio_call_later(below(3), callback, NULL);
        if (below(3) == 0) wio_handle_cancel(handle);
        return 0;
    }
    case 8: wio_future_add_done_callback(&futures[below(FUTURES)], future_callback, NULL); return 0;
    case 9: {
        wio_future *future = &futures[below(FUTURES)];
        if (below(3) == 0) wio_future_set_error(future, wio_fail(-EIO, "chaos %d", budget));
        else if (below(2)) wio_future_cancel(future);
        else wio_future_destroy(future), wio_future_init(future);
        return 0;
    }
    case 10: callback(NULL); return 0;
    case 11: {
        wio_task *other = places[below(PLACES)];
        if (other) wio_task_cancel(other);
        if (other && below(4) == 0) return wio_shield(other);
        return 0;
    }
    case 12: return wio_wait_for(statements, deeper, below(3));
    default: return wait_somehow();
    }
}

static int statements(void *arg) {
    level *self = (level *)arg;
    int rc = 0;
    for (unsigned n = 1 + below(4); n > 0 && budget > 0; n--) {
        budget--;
        rc = self->depth < DEPTH ? statement(&levels[self->depth + 1]) : wait_somehow();
        if (rc == -ECANCELED && below(5) == 0) wio_uncancel();
        else if (rc < 0 && below(2)) return rc;
        if (below(20) == 0) return wio_add_note(wio_fail(-EPROTO, "chaos"), "at %d", budget);
    }
    return rc;
}

/* Ticks on, so that nothing is a deadlock while the program lasts; and opens whatever others wait for. */
static int opens_everything(void *arg) {
    (void)arg;
    for (int i = 0; i < 60; i++) {
        int rc = wio_sleep(0.25);
        if (rc) return rc;
        callback(NULL);
    }
    return 0;
}

static int program(void *arg) {
    wio_task *ticker = wio_create_task(opens_everything, NULL);
    int rc = statements(arg);
    if (below(2)) wio_task_cancel(ticker);
    wio_detach(ticker);
    return rc;
}

static void fresh(unsigned number) {
    seed = number * 7919u + 1;
    budget = 150;
    memset(places, 0, sizeof places);
    memset(&lock, 0, sizeof lock);
    memset(&event, 0, sizeof event);
    wio_semaphore_init(&semaphore, 1);
    wio_queue_init(&queue, sizeof(int), 2);
    for (int i = 0; i < FUTURES; i++) wio_future_init(&futures[i]);
}

static void check_left(unsigned number) {
    if (wio_all_tasks(NULL, 0)) CHECK__FAIL("program %u left a task", number);
    if (wio__left()) CHECK__FAIL("program %u left something", number);
    wio_queue_destroy(&queue);
}

/* WIO_CHAOS=20000: as many programs. */
static unsigned how_many(void) { return (unsigned)strtoul(check_env("WIO_CHAOS", "400"), NULL, 10); }

TEST_OUTSIDE(CHAOS_random_programs) {
    for (unsigned number = 0; number < how_many(); number++) {
        fresh(number);
        wio_run(program, &levels[0]);
        check_left(number);
    }
}

TEST_OUTSIDE(CHAOS_random_programs_on_one_runner) {
    for (unsigned number = 1000000; number < 1000000 + how_many() / 2; number++) {
        wio_runner runner;
        fresh(number);
        CHECK_EQ(wio_runner_open(&runner), 0);
        for (int i = 0; i < 3; i++) {
            budget = 60;
            wio_runner_run(&runner, program, &levels[0]);
        }
        CHECK_EQ(wio_runner_close(&runner), 0);
        check_left(number);
    }
}
