/* wio_sleep() and wio_yield(), but for the suspension itself: that stands in wait.S, and for native builds below. */
#include "core.h"

static int refused;

int wio__refused(void) { return refused; }

static wio__task *refuse(int status) {
    refused = status;
    return NULL;
}

int wio__no_task_to_yield(void) {
    wio__self("wio_yield");
    return -EPERM;
}

/* A yield is ready from the start, so nothing can abort it; what happened meanwhile counts afterwards. */
int wio__yield_interrupted(wio__task *self) { return wio__reason(self) ? wio__deliver(self) : 0; }

static bool sleep_fired(void *timer) {
    wio__wake((wio__task *)(void *)((char *)timer - offsetof(wio__task, timer)), 0);
    return true;
}

static bool sleep_abort(void *task) {
    wio__timer_stop(&((wio__task *)task)->timer);
    return true;
}

static const wio__wait sleep_wait = {.kind = "sleep", .abort = sleep_abort};

wio__task *wio__before_sleep(double seconds) {
    wio__task *self = wio__self("wio_sleep");
    if (!self) return refuse(-EPERM);
    if (isnan(seconds)) return refuse(wio__misuse(-EINVAL, "wio_sleep", "the time is not a number"));
    if (seconds <= 0) { /* a yield */
        self->wait = NULL;
        wio__queue_handle(&self->ready);
        return self;
    }
    double deadline = wio__host_now() + seconds;
    if (deadline < INFINITY) wio__timer_start(&self->timer, deadline, sleep_fired);
    wio__parked(self, &sleep_wait, NULL);
    return self;
}

int wio__slept(void) {
    wio__task *self = wio__the.current;
    if (self->wait) return wio__landed(self);
    return self->attention ? wio__yield_interrupted(self) : 0;
}

#ifdef __wasm__
_Static_assert(offsetof(wio__loop, tail) == 4 && offsetof(wio__loop, current) == 12 &&
                   offsetof(wio__task, ready) == 0 && offsetof(wio__task, attention) == 53,
               "wait.S has these offsets");
#else
int wio_yield(void) {
    wio__task *self = wio__the.current;
    if (!self) return wio__no_task_to_yield();
    wio__queue_handle(&self->ready);
    wio__context_suspend(&self->context);
    return self->attention ? wio__yield_interrupted(self) : 0;
}

int wio_sleep(double seconds) {
    wio__task *self = wio__before_sleep(seconds);
    if (!self) return wio__refused();
    wio__context_suspend(&self->context);
    return wio__slept();
}
#endif
