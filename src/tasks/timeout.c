/* Timeouts with a name: opened, moved and closed by hand. */
#include "../core/core.h"

static bool is_open(const wio_scope *scope) {
    for (wio__task *task = wio__the.all_first; scope && task; task = task->all_next)
        for (const wio_scope *each = task->scope; each; each = each->parent)
            if (each == scope) return true;
    return false;
}

int wio_timeout_open(wio_scope *timeout, double seconds) {
    const char *function = "wio_timeout_open";
    if (!timeout) return wio__misuse_null(function, "the timeout");
    if (!wio__self(function)) return -EPERM;
    if (isnan(seconds)) return wio__misuse(-EINVAL, function, "the time is not a number");
    if (is_open(timeout)) return wio__misuse(-EBUSY, function, "this timeout is open already");
    *timeout = (wio_scope){0};
    wio__scope_timeout(timeout, seconds, true);
    return 0;
}

int wio_timeout_close(wio_scope *timeout) {
    const char *function = "wio_timeout_close";
    wio__task *self = wio__self(function);
    if (!self) return -EPERM;
    const wio_scope *inner = self->scope;
    while (inner && inner != timeout && inner->kind != WIO__SCOPE_GROUP) inner = inner->parent;
    if (!timeout || inner != timeout)
        return wio__misuse(-EINVAL, function,
                           inner ? "a group inside it is still open" : "this timeout is not open in this task");
    while (self->scope != timeout) wio__scope_leave(self->scope);
    wio__scope_leave(timeout);
    return self->timed_out ? -ETIMEDOUT : 0;
}

int wio_timeout_reschedule(wio_scope *timeout, double when) {
    const char *function = "wio_timeout_reschedule";
    if (!is_open(timeout) || timeout->kind != WIO__SCOPE_TIMEOUT)
        return wio__misuse(-EINVAL, function, "this timeout is not open");
    if (isnan(when)) return wio__misuse(-EINVAL, function, "the time is not a number");
    if (timeout->struck) return wio__misuse(-ETIMEDOUT, function, "this timeout has expired already");
    wio__timer_stop(&timeout->timer);
    timeout->expired = false; /* due, but no wait has been struck yet */
    wio__scope_deadline(timeout, when);
    if (timeout->expired) wio__interrupt(timeout->task);
    return 0;
}

double wio_timeout_when(const wio_scope *timeout) {
    return is_open(timeout) && timeout->kind == WIO__SCOPE_TIMEOUT ? timeout->timer.deadline : INFINITY;
}
