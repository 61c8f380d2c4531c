/* wio_sleep() and wio_yield(), but for the suspension itself, which context/ puts between their parts. */
#include "core.h"

static int refused;

int wio__refused(void) { return refused; }

static wio__context *refuse(int status) {
    refused = status;
    return NULL;
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
/* Ready from the start, so it cannot be aborted; what happened meanwhile counts afterwards. */
wio__context *wio__before_yield(void) {
    wio__task *self = wio__the.current;
    if (!self) {
        wio__self("wio_yield");
        return refuse(-EPERM);
    }
    if (self->context.suspended) return &self->context;
    self->where = wio__here;
    wio__queue_handle(&self->ready);
    return &self->context;
}

int wio__yielded(void) {
    wio__task *self = wio__the.current;
    return self->attention && wio__reason(self) ? wio__deliver(self) : 0;
}

wio__context *wio__before_sleep(double seconds) {
    wio__task *self = wio__self("wio_sleep");
    if (!self) return refuse(-EPERM);
    if (self->context.suspended) return &self->context;
    if (isnan(seconds)) return refuse(wio__misuse(-EINVAL, "wio_sleep", "the time is not a number"));
    self->wait = NULL;
    if (seconds <= 0) return wio__before_yield();
    double deadline = wio__host_now() + seconds;
    if (deadline < INFINITY) wio__timer_start(&self->timer, deadline, sleep_fired);
    wio__parked(self, &sleep_wait, NULL);
    return &self->context;
}

int wio__slept(void) {
    wio__task *self = wio__the.current;
    return self->wait ? wio__landed(self) : wio__yielded(); /* sleep(0) is a yield */
}
