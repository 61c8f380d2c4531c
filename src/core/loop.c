/* The loop: one FIFO of ready handles, run in passes. A pass runs what was ready when it began; the host gets its turn
 * when nothing is ready, and at least every 8 ms. */
#include "core.h"

#define BUDGET 0.008
enum { BUDGET_CHECK = 64 }; /* asking the host for the time costs more than a switch */

bool wio__aborted;
wio__loop wio__the = {.tail = &wio__the.first, .armed = INFINITY, .slow_step = -1};

double wio_time(void) { return wio__host_now(); }

void wio_set_debug(double slow_step) { wio__the.slow_step = slow_step >= 0 ? slow_step : -1; }

void wio__request_tick(void) {
    wio__the.posted = true;
    wio__host_post();
}

/* The first step needs a stack. False: it has ended without one. */
static bool begin(wio__task *task) {
    task->ready.fn = NULL;
    int status = -ENOMEM;
    void *region = NULL;
    if (task->cancels) { /* cancelled before its first step: no statement of it runs */
        task->undelivered = false;
        status = -ECANCELED;
    } else {
        region = wio__stack_take(&task->stack_size);
    }
    if (region && wio__context_init(&task->context, region, task->stack_size, task->fn, task->arg)) {
        task->state = WIO__READY;
        return true;
    }
    if (region) wio__stack_give(region, task->stack_size);
    wio__finish(task, status);
    return false;
}

/* What follows a step: did the stack overflow, has the function returned? */
static void left_off(wio__task *task, wio__task *outer) {
    int guard = wio__context_check(&task->context);
    if (guard != WIO__GUARD_OK) wio__guard_failed(&task->context, wio__name(task), guard);
    wio__the.current = outer;
    if (!task->context.fn) wio__finish(task, (int)task->context.result);
}

/* All that the hot path leaves to others: a callback's turn, and the steps after which there is more to do. */
static bool unusual(void *ready) {
    wio__handle *handle = ready;
    if (handle->fn) {
        wio__the.current = NULL;
        wio__context_leaf(handle->fn, handle);
    } else {
        left_off(ready, NULL);
    }
    return true;
}

/* The way that asks everything: first steps, those from within another task (`outer`), and in debug mode all. */
static void step(wio__task *task, wio__task *outer) {
    double began = wio__the.slow_step >= 0 ? wio_time() : -1;
    wio__the.current = task;
    wio__context_enter(&task->context);
    if (began >= 0 && wio__the.slow_step >= 0) {
        if (task->state == WIO__READY && task->context.fn) task->where = wio__here; /* a yield does not note its place */
        wio__report_slow(task, wio_time() - began);
    }
    if (outer) wio__context_limit(&outer->context);
    left_off(task, outer);
}

static void first_step(wio__task *task, wio__task *outer) {
    if (begin(task)) step(task, outer);
}

void wio__wake_now(wio__task *task, int status) {
    task->wake_status = status;
    task->state = WIO__READY;
    step(task, wio__the.current);
}

void wio__step_eagerly(wio__task *task) { first_step(task, wio__the.current); }

bool wio__first_step(void *handle) {
    first_step(handle, NULL);
    return true;
}

static bool time_is_up(void *until) { return wio__host_now() >= *(double *)until; }

/* Runs what is left of the pass, in order. False when the time is up: it goes on in the next tick. This is the hot
 * path: the queue was taken whole, so a step costs one load to find the next. It must stay so small that V8 inlines
 * a task's function into it, hence the detour by which wasm-opt does not inline what is seldom. */
static bool run_pass(void *until) {
    unsigned runs = BUDGET_CHECK;
    wio__handle *handle = wio__the.pass;
    while (handle) {
        wio__handle *next = handle->next;
        wio__task *task = (wio__task *)(void *)handle;
        if (handle->fn || (wio__the.current = task, wio__context_resume(&task->context)))
            wio__context_leaf(unusual, handle);
        handle = next;
        if (--runs) continue;
        runs = BUDGET_CHECK;
        if (wio__context_leaf(time_is_up, until)) break;
    }
    wio__the.pass = handle;
    return !handle;
}

/* The same in debug mode, each step timed. */
static bool run_pass_watched(void *until) {
    while (wio__the.pass) {
        wio__handle *handle = wio__the.pass;
        wio__the.pass = handle->next;
        if (handle->fn) unusual(handle);
        else step((wio__task *)(void *)handle, NULL);
        if (time_is_up(until)) break;
    }
    return !wio__the.pass;
}

/* A pass is what is ready now; what becomes ready meanwhile comes in the next. Timers that are due now fire behind it, so
 * that, as in asyncio, what they wake comes behind what the pass has made ready. */
static void __attribute__((noinline)) take_pass(void) {
    wio__loop *loop = &wio__the;
    if (wio__timers_next() < INFINITY) wio__timers_collect(wio__host_now());
    *loop->tail = NULL;
    loop->pass = loop->first;
    loop->first = NULL;
    loop->tail = &loop->first;
}

static void run_passes(double until) {
    unsigned passes = BUDGET_CHECK;
    do {
        if (!wio__the.pass) take_pass();
        if (!wio__context_leaf(wio__the.slow_step >= 0 ? run_pass_watched : run_pass, &until)) break;
        wio__timers_fire();
        if (wio__the.stopping) wio__run_stopping();
        if (wio__the.run_over) break;
        /* A pass can be a single short step, and the time is worth asking only now and then. */
        if (--passes) continue;
        passes = BUDGET_CHECK;
        if (time_is_up(&until)) break;
    } while (wio__the.first);
}

static void arm(double deadline) {
    if (deadline == wio__the.armed) return;
    wio__the.armed = deadline;
    wio__host_arm(deadline);
}

WIO__ENTRY(wio__tick) void wio__tick(void) {
    wio__loop *loop = &wio__the;
    if (loop->ticking || loop->dead)
        return; /* called from inside a task: what was woken is queued, this tick goes on */
    loop->ticking = true;
    loop->posted = false;
    double now = wio__host_now();
    if (now >= loop->armed) loop->armed = INFINITY; /* the host's timer has gone off */
    run_passes(now + BUDGET);
    loop->current = NULL;
    bool idle = !loop->first && !loop->pass && !loop->pending && wio__timers_next() == INFINITY;
    if (idle && loop->live && !loop->listening) wio__deadlock();
    loop->ticking = false;
    if ((loop->first || loop->pass) && !loop->posted) wio__request_tick();
    arm(wio__timers_next());
    if (loop->live == 0) wio__stack_drain();
    if (loop->run_over) wio__host_unblock();
}
