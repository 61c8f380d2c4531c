/* wio_sleep() and wio_yield(), but for the suspension itself: that stands in wait.S, and for native builds below. */
#include "core.h"

/* Outside tasks; or a reason to fail may have come up. A yield is ready from the start, so nothing can abort it; what
 * happened meanwhile counts afterwards. */
int wio__yield_unusual(void *unused) {
    (void)unused;
    wio__task *self = wio__self("wio_yield");
    if (!self) return -EPERM;
    if (!wio__reason(self)) return 0;
    if (wio__waited_in_vain) wio__waited_in_vain(self);
    return wio__deliver(self);
}

static bool sleep_fired(void *timer) {
    wio__wake((wio__task *)(void *)((char *)timer - offsetof(wio__task, timer)), 0);
    return true;
}

static bool sleep_abort(void *task) {
    wio__timer_stop(&((wio__task *)task)->timer);
    return true;
}

const wio__wait wio__sleep_wait = {.kind = "sleep", .abort = sleep_abort};

int wio__before_sleep(double seconds) {
    wio__task *self = wio__self("wio_sleep");
    if (!self) return -EPERM;
    if (isnan(seconds)) return wio__misuse(-EINVAL, "wio_sleep", WIO__WORD(NO_NUMBER));
    if (seconds <= 0) { /* a yield */
        self->wait = NULL;
        wio__queue_handle(&self->ready);
        return 0;
    }
    double deadline = wio__host_now() + seconds;
    if (deadline < INFINITY) wio__timer_start(&self->timer, deadline, sleep_fired);
    wio__parked(self, &wio__sleep_wait, NULL);
    return 0;
}

int wio__slept(void) {
    wio__task *self = wio__the.current;
    if (self->wait) return wio__landed(self);
    return self->attention ? wio__yield_unusual(NULL) : 0;
}

#ifdef __wasm__
_Static_assert(offsetof(wio__loop, tail) == 4 && offsetof(wio__loop, current) == 12 &&
                   offsetof(wio__task, ready) == 0 && offsetof(wio__task, attention) == 49,
               "wait.S has these offsets");
#else
int wio_yield(void) {
    wio__task *self = wio__the.current;
    if (!self) return wio__yield_unusual(NULL);
    wio__queue_handle(&self->ready);
    wio__context_suspend(&self->context);
    return self->attention ? wio__yield_unusual(NULL) : 0;
}

int wio_sleep(double seconds) {
    int refused = wio__before_sleep(seconds);
    if (refused) return refused;
    wio__context_suspend(&wio__the.current->context);
    return wio__slept();
}
#endif
