/* The loop: one FIFO of ready handles, run in passes. A pass runs what was ready when it began; the host gets its turn
 * when nothing is ready, and at least every 8 ms. */
#include "core.h"

#define BUDGET 0.008
enum { BUDGET_CHECK = 64 }; /* asking the host for the time costs more than a switch */

wio__loop wio__the = {.armed = INFINITY, .slow_step = -1};

double wio_time(void) { return wio__host_now(); }

void wio_set_debug(double slow_step) { wio__the.slow_step = slow_step >= 0 ? slow_step : -1; }

void wio__request_tick(void) {
    if (wio__the.ticking || wio__the.posted) return;
    wio__the.posted = true;
    wio__host_post();
}

void wio__ready(wio__handle *handle) {
    wio__loop *loop = &wio__the;
    handle->next = NULL;
    if (loop->last) loop->last->next = handle;
    else loop->first = handle;
    loop->last = handle;
    loop->ready_count++;
    wio__request_tick();
}

static void run_first(void) {
    wio__loop *loop = &wio__the;
    wio__handle *handle = loop->first;
    loop->first = handle->next;
    if (!loop->first) loop->last = NULL;
    loop->ready_count--;
    if (handle->fn) wio__context_leaf(handle->fn, handle);
    else wio__step((wio__task *)(void *)handle);
}

/* False when the time is up. */
static bool run_pass(double until) {
    wio__loop *loop = &wio__the;
    static unsigned runs;
    while (loop->pass_left) {
        loop->pass_left--;
        run_first();
        if (loop->dead) return false;
        if (++runs % BUDGET_CHECK == 0 && wio__host_now() >= until) return false;
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
    do {
        if (loop->pass_left == 0) {
            if (wio__timers_next() < INFINITY) wio__timers_fire(wio__host_now());
            loop->pass_left = loop->ready_count;
        }
        if (!run_pass(until)) return;
    } while (loop->first);
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
    if (loop->first) wio__request_tick();
    arm(wio__timers_next());
    if (loop->live == 0) wio__stack_drain();
    if (loop->run && loop->run_live == 0) wio__host_unblock();
}

static bool sleep_fired(void *timer) {
    wio__wake((wio__task *)(void *)((char *)timer - offsetof(wio__task, timer)), 0);
    return true;
}

static bool sleep_abort(void *task) {
    wio__timer_stop(&((wio__task *)task)->timer);
    return true;
}

static const wio__wait sleep_wait = {.kind = "sleep", .abort = sleep_abort};

int wio_sleep(double seconds) {
    wio__task *self = wio__self("wio_sleep");
    if (!self) return -EPERM;
    if (isnan(seconds)) return wio__misuse(-EINVAL, "wio_sleep", "the time is not a number");
    if (seconds <= 0) return wio_yield();
    double deadline = wio__host_now() + seconds;
    if (deadline < INFINITY) wio__timer_start(&self->timer, deadline, sleep_fired);
    return wio__park(self, &sleep_wait, NULL);
}

static bool yield_abort(void *task) {
    (void)task;
    return false; /* it is queued already */
}

static const wio__wait yield_wait = {.kind = "yield", .abort = yield_abort};

int wio_yield(void) {
    wio__task *self = wio__the.current;
    if (!self || wio__the.host_depth) return wio__self("wio_yield") ? 0 : -EPERM;
    self->wait = &yield_wait;
    self->where = wio__here;
    self->aborted = false;
    self->wake_status = 0;
    self->state = WIO__READY;
    wio__ready(&self->ready);
    wio__context_suspend(&self->context);
    if (!self->attention) return 0;
    return wio__reason(self) ? wio__deliver(self) : 0;
}
