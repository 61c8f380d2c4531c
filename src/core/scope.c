/* Scopes: timeouts and shields around a stretch of a task's code. (A group is a scope too: group.c.) */
#include "core.h"

static void scope_enter(wio_scope *scope, wio__task *self, int kind) {
    scope->kind = (uint8_t)kind;
    scope->task = self;
    scope->parent = self->scope;
    self->scope = scope;
}

static void traced_enter(const wio_scope *scope) { WIO__TRACE(WIO_TRACE_ENTER, scope->task, scope, WIO__OF_SCOPE, 0); }

bool wio__struck(const wio__task *task, bool now) {
    bool any = false;
    for (wio_scope *scope = task->scope; scope && scope->kind != WIO__SCOPE_SHIELD; scope = scope->parent)
        any |= scope->struck |= scope->expired & now;
    return any;
}

static bool timeout_fired(void *timer) {
    wio_scope *scope = (wio_scope *)(void *)((char *)timer - offsetof(wio_scope, timer));
    if (!scope->expired) WIO__TRACE(WIO_TRACE_EXPIRED, scope->task, scope, WIO__OF_SCOPE, 0);
    scope->expired = scope->struck = true;
    wio__interrupt(scope->task);
    return true;
}

/* A time in the past strikes at the first wait. */
void wio__scope_deadline(wio_scope *scope, double deadline) {
    scope->timer.deadline = deadline;
    if (deadline <= wio__host_now()) {
        scope->expired = true;
    } else if (deadline < INFINITY) {
        wio__timer_start(&scope->timer, deadline, timeout_fired);
        scope->timer.order |= WIO__TIMER_OF_SCOPE;
    }
}

bool wio__scope_timeout(wio_scope *scope, double seconds, bool relative) {
    scope->entered = true;
    wio__task *self = wio__self(relative ? "WIO_TIMEOUT" : "WIO_TIMEOUT_AT");
    if (!self) return true; /* the block runs; whatever waits in it says the same */
    if (isnan(seconds)) {
        wio__misuse(-EINVAL, relative ? "WIO_TIMEOUT" : "WIO_TIMEOUT_AT", "the time is not a number; taken as 0");
        seconds = 0;
    }
    scope_enter(scope, self, WIO__SCOPE_TIMEOUT);
    wio__scope_deadline(scope, relative ? wio__host_now() + seconds : seconds);
    if (scope->expired) self->attention = true;
    traced_enter(scope);
    return true;
}

bool wio__scope_shield(wio_scope *scope) {
    scope->entered = true;
    wio__task *self = wio__self("WIO_SHIELD");
    if (!self) return true;
    scope_enter(scope, self, WIO__SCOPE_SHIELD);
    traced_enter(scope);
    return true;
}

void wio__scope_leave(wio_scope *scope) {
    wio__task *self = scope->task;
    if (!self) return;
    if (scope->kind != WIO__SCOPE_GROUP) WIO__TRACE(WIO_TRACE_LEAVE, self, scope, WIO__OF_SCOPE, 0);
    scope->task = NULL;
    wio__timer_stop(&scope->timer);
    if (scope->kind == WIO__SCOPE_TIMEOUT) self->timed_out = scope->struck; /* left without a wait: not timed out */
    self->scope = scope->parent;
    bool attention = self->cancels > 0 || self->doomed;
    for (wio_scope *outer = self->scope; outer && !attention; outer = outer->parent) attention = outer->expired;
    self->attention = attention;
    if (!attention) self->in_vain = 0;
}

/* The task has returned with a scope still open. Nothing may outlive the frame it points into: timers are stopped, and a
 * group's tasks end first, for which the stack stays. */
bool wio__scopes_abandon(wio__task *task) {
    for (wio_scope *scope; (scope = task->scope); task->scope = scope->parent) {
        wio__timer_stop(&scope->timer);
        if (scope->kind == WIO__SCOPE_GROUP && wio__group_abandon(scope)) return true;
    }
    return false;
}

bool wio_timeout_expired(void) { return wio__the.current && wio__the.current->timed_out; }

int wio_wait_for(wio_fn *fn, void *arg, double seconds) {
    wio__task *self = wio__self("wio_wait_for");
    if (!self) return -EPERM;
    if (!fn) return wio__misuse_null("wio_wait_for", "fn");
    if (isnan(seconds)) return wio__misuse(-EINVAL, "wio_wait_for", "the time is not a number");
    int status = -ETIMEDOUT;
    if (seconds > 0) {
        WIO_TIMEOUT(seconds) { status = fn(arg); }
    }
    if (status == -ETIMEDOUT) wio__note_set(-ETIMEDOUT, NULL, 0);
    return status;
}
