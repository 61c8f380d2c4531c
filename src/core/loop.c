/* The loop: one FIFO of ready handles, run in passes. A pass runs what was ready when it began; the host gets its turn
 * when nothing is ready, and at least every 8 ms. */
#include "core.h"

#define BUDGET 0.008
enum { BUDGET_CHECK = 64 }; /* asking the host for the time costs more than a switch */

wio__loop wio__the = {.tail = &wio__the.first, .armed = INFINITY, .slow_step = -1};

double wio_time(void) { return wio__host_now(); }

void wio_set_debug(double slow_step) { wio__the.slow_step = slow_step >= 0 ? slow_step : -1; }

void wio__request_tick(void) {
    wio__the.posted = true;
    wio__host_post();
}

/* The first step needs a stack. False: it has ended without one. */
static bool begin(wio__task *task) {
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

/* True if the task's function has returned. `current` is left set: the caller knows what it was. */
static inline bool enter(wio__task *task) {
    wio__the.current = task;
    bool ended = wio__context_enter(&task->context);
    int guard = wio__context_check(&task->context);
    if (guard != WIO__GUARD_OK) wio__guard_failed(&task->context, wio__name(task), guard);
    return ended;
}

static bool enter_watched(wio__task *task) {
    double began = wio_time();
    bool ended = enter(task);
    wio__report_slow(task, wio_time() - began);
    return ended;
}

void wio__step(wio__task *task) {
    wio__loop *loop = &wio__the;
    if (task->state == WIO__NEW && !begin(task)) return;
    wio__task *outer = loop->current;
    bool ended = loop->slow_step >= 0 ? enter_watched(task) : enter(task);
    loop->current = outer;
    if (ended) wio__finish(task, (int)task->context.result);
}

/* As wio__step(), for what the queue holds; this is the hot path. */
static inline void run(wio__handle *handle, bool watched) {
    wio__loop *loop = &wio__the;
    wio__task *task = (wio__task *)(void *)handle;
    if (handle->fn) {
        loop->current = NULL;
        wio__context_leaf(handle->fn, handle);
        return;
    }
    if (task->state == WIO__NEW) {
        loop->current = NULL;
        if (!begin(task)) return;
    }
    if (!(watched ? enter_watched(task) : enter(task))) return;
    loop->current = NULL;
    wio__finish(task, (int)task->context.result);
}

/* Runs the queue up to the end of the pass. False when the time is up: the pass goes on in the next tick. */
static bool run_pass(double until) {
    wio__loop *loop = &wio__the;
    bool watched = loop->slow_step >= 0;
    for (unsigned runs = BUDGET_CHECK; loop->pass_last;) {
        wio__handle *handle = loop->first;
        loop->first = handle->next;
        if (!loop->first) loop->tail = &loop->first;
        if (handle == loop->pass_last) loop->pass_last = NULL;
        run(handle, watched);
        if (--runs) continue;
        if (wio__host_now() >= until) return false;
        runs = BUDGET_CHECK;
    }
    return true;
}

static void arm(double deadline) {
    if (deadline == wio__the.armed) return;
    wio__the.armed = deadline;
    wio__host_arm(deadline);
}

/* A timer that fired without waking anybody leaves the loop idle again: look once more. */
static void run_passes(void) {
    wio__loop *loop = &wio__the;
    double until = wio__host_now() + BUDGET;
    unsigned passes = 0;
    do {
        if (!loop->pass_last) {
            if (wio__timers_next() < INFINITY) wio__timers_fire(wio__host_now());
            loop->pass_last = loop->first ? wio__handle_at(loop->tail) : NULL;
        }
        /* A pass can be a single short step, and the time is worth asking only now and then. */
        if (!run_pass(until)) break;
        if (++passes % BUDGET_CHECK == 0 && wio__host_now() >= until) break;
    } while (loop->first);
    loop->current = NULL;
}

WIO__ENTRY(wio__tick) void wio__tick(void) {
    wio__loop *loop = &wio__the;
    if (loop->ticking || loop->dead) return; /* called from inside a task: what was woken is queued, this tick goes on */
    loop->ticking = true;
    loop->posted = false;
    if (wio__host_now() >= loop->armed) loop->armed = INFINITY; /* the host's timer has gone off */
    run_passes();
    if (!loop->dead && !loop->first && wio__timers_next() == INFINITY && !loop->pending && loop->live &&
        !loop->listening)
        wio__deadlock();
    loop->ticking = false;
    if (loop->dead) return;
    if (loop->first && !loop->posted) wio__request_tick();
    arm(wio__timers_next());
    if (loop->live == 0) wio__stack_drain();
    if (loop->run && loop->run_live == 0) wio__host_unblock();
}
