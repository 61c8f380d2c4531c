/* The loop: one FIFO of ready handles, run in passes. A pass runs what was ready when it began; the host gets its turn
 * when nothing is ready, and at least every 8 ms. */
#include "core.h"

#define BUDGET 0.008

bool wio__aborted;
wio__loop wio__the = {.tail = &wio__the.first, .armed = INFINITY, .slow_step = -1};

double wio_time(void) { return wio__host_now(); }

void wio__request_tick(void) {
    wio__the.posted = true;
    wio__host_post();
}

#ifdef WIO__STACKS_MAY_GROW
/* With -g stacks do not grow: each is one region for C stack and saved frames, which meet before a growing stack of that size is
 * full, and there are more and larger frames. So it has four times what was asked for, while that is not much for all of them. */
static void *region_take(size_t *size) {
    enum { ROOMIER = 4, FOR_ALL = 256 << 20 };
    if (wio__the.live <= FOR_ALL / ROOMIER / *size) {
        void *region = wio__stack_take(ROOMIER * *size);
        if (region) *size *= ROOMIER;
        if (region) return region;
    }
    return wio__stack_take(*size);
}
#else
#define region_take(size) wio__stack_take(*(size))
#endif

/* The first step needs a stack. False: it has ended without one. */
static bool begin(wio__task *task) {
    task->ready.fn = NULL;
    int status = -ENOMEM;
    size_t size = task->context.size;
    void *block = NULL;
    if (task->cancels) { /* cancelled before its first step: no statement of it runs */
        task->undelivered = false;
        status = -ECANCELED;
    } else {
        block = wio__stack_grows() ? wio__stack_begin(task) : region_take(&size);
    }
    size_t block_size = wio__stack_grows() ? WIO__STACK_BEGIN : size;
    if (block && wio__context_init(&task->context, block, block_size, size, task->context.fn, task->context.arg)) {
        task->state = WIO__READY;
        return true;
    }
    if (block && !wio__stack_grows()) wio__stack_give(block, size);
    wio__finish(task, status);
    return false;
}

static void call_back(wio__handle *handle) {
    wio__the.current = NULL;
    WIO__FOR_REPORTS(wio__the.blame = NULL);
    wio__context_leaf(handle->fn, handle);
}

/* What follows a step: did the stack overflow, has the function returned? */
static void left_off(wio__task *task) {
    int guard = wio__context_check(&task->context);
    if (guard != WIO__GUARD_OK) wio__guard_failed(&task->context, task, guard);
    if (!task->context.fn) wio__finish(task, (int)task->context.result);
}

/* The way that asks everything: first steps, those from within another task (`outer`), and when steps are watched all. */
static void step(wio__task *task, wio__task *outer, bool again) {
    double began = wio__watched() ? wio__step_begins(task) : -1;
    wio__the.current = task;
    uintptr_t stack = wio__context_outer(), limit = wio__stack_limit();
    uintptr_t saved_end = wio__saved_end(), saved_limit = wio__saved_limit();
    wio__context_enter(&task->context, again);
    wio__context_leave(stack, limit);
    wio__set_saved_end(saved_end);
    if (wio__stack_grows()) wio__set_saved_limit(saved_limit);
    wio__the.current = outer;
    if (wio__watched()) wio__step_ends(task, began, !task->context.fn);
    left_off(task);
}

static void first_step(wio__task *task, wio__task *outer) {
    if (begin(task)) step(task, outer, false);
}

void wio__wake_now(wio__task *task, int status) {
    WIO__TRACE(WIO_TRACE_WAKE, task, NULL, 0, status);
    task->wake_status = status;
    task->state = WIO__READY;
    step(task, wio__the.current, true);
}

void wio__step(wio__task *task) { step(task, wio__the.current, true); }

void wio__step_eagerly(wio__task *task) { first_step(task, wio__the.current); }

bool wio__first_step(void *handle) {
    first_step(handle, NULL);
    return true;
}

/* What is ready becomes a pass; the queue is empty. */
static inline wio__handle *take_ready(void) {
    wio__loop *loop = &wio__the;
    *loop->tail = NULL;
    wio__handle *first = loop->first;
    loop->first = NULL;
    loop->tail = &loop->first;
    return first;
}

/* Runs what is left of the pass, in order, and the next ones as long as there is nothing to do between them, but at most
 * *left steps. True if it has met what is left to run_unusual(). This is the hot path: the queue was taken whole, so a step
 * costs one load to find the next. It must stay so small that V8 inlines a task's function into it
 * (--trace-wasm-inlining), and should call nothing else, so that registers live. And it must return now and then: V8
 * replaces a function by its optimized code when it is called. */
static bool run_steps(void *left) {
    wio__loop *loop = &wio__the;
    unsigned steps = *(unsigned *)left;
    wio__handle *handle = loop->pass;
    uintptr_t outer = wio__context_outer();
    bool met = true;
    do {
        wio__handle *next = handle->next;
        wio__task *task = (wio__task *)(void *)handle;
        if (handle->fn || (loop->current = task, wio__context_resume(&task->context))) {
            WIO__RARE();
            goto out;
        }
        handle = next;
        if (!handle && !loop->timers && !loop->stopping && !loop->watch) handle = take_ready();
    } while (--steps && handle);
    met = false;
out:
    wio__context_leave(outer, 0);
    *(unsigned *)left = steps;
    loop->pass = handle;
    return met;
}

/* What run_steps() has met: a callback, or a task that has left off. */
static void run_unusual(void) {
    wio__handle *handle = wio__the.pass;
    wio__the.pass = handle->next;
    if (handle->fn) {
        call_back(handle);
        return;
    }
    wio__the.current = NULL;
    left_off((wio__task *)(void *)handle);
}

void wio__run_handle(wio__handle *handle) {
    if (handle->fn) call_back(handle);
    else step((wio__task *)(void *)handle, NULL, true);
}

/* A pass is what is ready now; what becomes ready meanwhile comes in the next. Timers that are due now fire behind it, so
 * that, as in asyncio, what they wake comes behind what the pass has made ready. */
static void begin_pass(void) {
    if (wio__the.timers) wio__timers_collect(wio__host_now());
    wio__the.pass = take_ready();
}

static void end_pass(void) {
    wio__timers_fire();
    if (wio__the.stopping) wio__run_stopping();
}

/* How many steps it takes until the time is worth asking, which costs as much as many short ones. */
static unsigned stretch = 64;

/* The virtual clock stands still while anything is ready, so there a tick has so many stretches instead. What happens does
 * not depend on where a tick ends. */
static void run_passes(double now) {
    enum { STRETCH_MAX = 512, STILL_MAX = 64 };
    wio__loop *loop = &wio__the;
    double until = now + BUDGET, asked = now;
    unsigned still = 0, left = stretch;
    do {
        bool fresh = !loop->pass;
        if (fresh) begin_pass();
        if (wio__watched()) {
            if (!wio__watched_pass(until, fresh, &left)) break;
        } else if (loop->pass && wio__context_leaf(run_steps, &left)) {
            do run_unusual();
            while (--left && loop->pass && loop->pass->fn);
        }
        if (!loop->pass) end_pass();
        if (loop->run_over) break;
        if (left) continue;
        now = wio__host_now();
        if (now >= until || (now == asked && ++still == STILL_MAX)) break;
        if (now - asked > BUDGET / 16) stretch = stretch / 8 | 1;
        else if (now > asked && stretch < STRETCH_MAX) stretch *= 2;
        asked = now;
        left = stretch;
    } while (loop->first || loop->pass);
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
    WIO__FOR_REPORTS(loop->now = wio__moment(now));
    if (now >= loop->armed) loop->armed = INFINITY; /* the host's timer has gone off */
    run_passes(now);
    loop->current = NULL;
    WIO__FOR_REPORTS(loop->blame = NULL);
    bool idle = !loop->first && !loop->pass && !loop->pending && wio__timers_next() == INFINITY;
    if (idle && loop->live && !loop->listening && !loop->run_over) wio__deadlock();
    loop->ticking = false;
    if ((loop->first || loop->pass) && !loop->posted) wio__request_tick();
    arm(wio__timers_next());
    if (loop->live == 0) wio__stack_drain(), wio__slots_drain();
    if (loop->run_over) wio__host_unblock();
}
