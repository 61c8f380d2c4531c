/* The loop: one FIFO of ready handles, run in passes. A pass runs what was ready when it began; the host gets its turn
 * when nothing is ready, and at least every 8 ms. */
#include "core.h"

#define BUDGET 0.008
enum { BUDGET_CHECK = 64 }; /* asking the host for the time costs more than a switch */

bool wio__aborted;
wio__loop wio__the = {.tail = &wio__the.first, .armed = INFINITY, .slow_step = -1};

double wio_time(void) { return wio__host_now(); }

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

static void __attribute__((noinline)) overflowed(wio__task *task) {
    wio__guard_failed(&task->context, wio__name(task), wio__context_check(&task->context));
}

static void __attribute__((noinline)) returned(wio__task *task) {
    wio__the.current = NULL;
    wio__finish(task, (int)task->context.result);
}

static void __attribute__((noinline)) call_back(wio__handle *handle) {
    wio__the.current = NULL;
    WIO__FOR_REPORTS(wio__the.blame = NULL);
    wio__context_leaf(handle->fn, handle);
}

/* True if the task's function has returned. `current` is left set: the caller knows what it was. */
static inline bool resume(wio__task *task) {
    wio__the.current = task;
    bool ended = wio__context_resume(&task->context);
    if (wio__context_check(&task->context) != WIO__GUARD_OK) overflowed(task);
    return ended;
}

static void first_step(wio__task *task, wio__task *outer) {
    if (!begin(task)) return;
    wio__loop *loop = &wio__the;
    double began = wio__watched() ? wio__step_begins(task) : -1;
    loop->current = task;
    bool ended = wio__context_start(&task->context);
    loop->current = outer;
    if (outer) wio__context_limit(&outer->context);
    if (wio__context_check(&task->context) != WIO__GUARD_OK) overflowed(task);
    if (wio__watched()) wio__step_ends(task, began, ended);
    if (ended) wio__finish(task, (int)task->context.result);
}

void wio__wake_now(wio__task *task, int status) {
    wio__task *outer = wio__the.current;
    WIO__TRACE(WIO_TRACE_WAKE, task, NULL, 0, status);
    double began = wio__watched() ? wio__step_begins(task) : -1;
    task->wake_status = status;
    task->state = WIO__READY;
    bool ended = resume(task);
    wio__the.current = outer;
    wio__context_limit(&outer->context);
    if (wio__watched()) wio__step_ends(task, began, ended);
    if (ended) wio__finish(task, (int)task->context.result);
}

void wio__step_eagerly(wio__task *task) { first_step(task, wio__the.current); }

bool wio__first_step(void *handle) {
    first_step(handle, NULL);
    return true;
}

static bool __attribute__((noinline)) time_is_up(double until) { return wio__host_now() >= until; }

/* Runs what is left of the pass, in order. False when the time is up: it goes on in the next tick. This is the hot
 * path: the queue was taken whole, so a step costs one load to find the next. */
static inline bool run_pass(double until) {
    unsigned runs = BUDGET_CHECK;
    wio__handle *handle = wio__the.pass;
    while (handle) {
        wio__handle *next = handle->next;
        wio__task *task = (wio__task *)(void *)handle;
        if (handle->fn) call_back(handle);
        else if (resume(task)) returned(task);
        handle = next;
        if (--runs) continue;
        runs = BUDGET_CHECK;
        if (time_is_up(until)) break;
    }
    wio__the.pass = handle;
    return !handle;
}

void wio__run_handle(wio__handle *handle) {
    wio__task *task = (wio__task *)(void *)handle;
    if (handle->fn) {
        call_back(handle);
        return;
    }
    double began = wio__step_begins(task);
    bool ended = resume(task);
    wio__step_ends(task, began, ended);
    if (ended) returned(task);
}

/* A pass is what is ready now; what becomes ready meanwhile comes in the next. Timers that are due now fire behind it, so
 * that, as in asyncio, what they wake comes behind what the pass has made ready. */
static void __attribute__((noinline)) take_pass(void) {
    wio__loop *loop = &wio__the;
    if (wio__timers_next() < INFINITY) wio__timers_collect(wio__host_now());
    loop->pass = loop->first;
    loop->first = NULL;
    loop->tail = &loop->first;
}

/* Called through a pointer, so that it stays a function of its own: V8 inlines what a small function calls most. */
static bool run_passes(void *until) {
    double limit = *(double *)until;
    unsigned passes = BUDGET_CHECK;
    do {
        bool fresh = !wio__the.pass;
        if (fresh) take_pass();
        if (!(wio__watched() ? wio__watched_pass(limit, fresh) : run_pass(limit))) break;
        wio__timers_fire();
        if (wio__the.stopping) wio__run_stopping();
        if (wio__the.run_over) break;
        /* A pass can be a single short step, and the time is worth asking only now and then. */
        if (--passes) continue;
        passes = BUDGET_CHECK;
        if (time_is_up(limit)) break;
    } while (wio__the.first);
    return true;
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
    double now = wio__host_now(), until = now + BUDGET;
    WIO__FOR_REPORTS(loop->now = now);
    if (now >= loop->armed) loop->armed = INFINITY; /* the host's timer has gone off */
    wio__context_leaf(run_passes, &until);
    loop->current = NULL;
    WIO__FOR_REPORTS(loop->blame = NULL);
    bool idle = !loop->first && !loop->pass && !loop->pending && wio__timers_next() == INFINITY;
    if (idle && loop->live && !loop->listening && !loop->run_over) wio__deadlock();
    loop->ticking = false;
    if ((loop->first || loop->pass) && !loop->posted) wio__request_tick();
    arm(wio__timers_next());
    if (loop->live == 0) wio__stack_drain();
    if (loop->run_over) wio__host_unblock();
}
