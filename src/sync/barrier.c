/* Barriers: the last to come lets the round through. Who comes before the last of it has left waits for the next round;
 * so the list holds either this round's tasks, while it fills, or those. */
#include "../core/core.h"

enum { FILLING, DRAINING, RESETTING, BROKEN };

static wio__waiters *line_of(wio_barrier *barrier) { return wio__waiters_of(&barrier->first); }

int wio_barrier_init(wio_barrier *barrier, unsigned parties) {
    if (!barrier) return wio__misuse_null("wio_barrier_init", "the barrier");
    *barrier = (wio_barrier){.parties = parties};
    return parties ? 0 : wio__misuse(-EINVAL, "wio_barrier_init", "a barrier needs at least one party");
}

/* Numbered in order of arrival. */
static void wake_all(wio_barrier *barrier) {
    for (int i = 0; wio__waiters_grant(line_of(barrier), i);) i++;
}

static bool barrier_abort(void *task) {
    wio__waiters_remove(&((wio__task *)task)->waiter);
    return true;
}

static const wio__wait barrier_wait = {.kind = "barrier", .abort = barrier_abort, .of = WIO__OF_BARRIER};

static int wait_in_line(wio_barrier *barrier, wio__task *self, const char *here) {
    wio__here = here;
    wio__waiters_push(line_of(barrier), &self->waiter, self);
    int status = wio__park(self, &barrier_wait, barrier);
    wio__here = here;
    return status;
}

static int is_broken(void) {
    static const char message[] = "the barrier is broken";
    wio__note_set(-EPIPE, message, sizeof message - 1);
    return -EPIPE;
}

/* A task that was cancelled counts until it has run: it had come. */
static void leave(wio_barrier *barrier) {
    if (--barrier->count || barrier->state == FILLING || barrier->state == BROKEN) return;
    barrier->state = FILLING;
    wake_all(barrier);
}

int wio_barrier_wait(wio_barrier *barrier) {
    if (!barrier) return wio__misuse_null("wio_barrier_wait", "the barrier");
    if (!barrier->parties) return wio__misuse(-EINVAL, "wio_barrier_wait", "the barrier was not initialised");
    wio__task *self = wio__self("wio_barrier_wait");
    if (!self) return -EPERM;
    const char *here = wio__here;
    while (barrier->state == DRAINING || barrier->state == RESETTING) {
        int status = wait_in_line(barrier, self, here);
        if (status < 0) return status;
    }
    if (barrier->state == BROKEN) return is_broken();
    int status = (int)barrier->count++;
    WIO__CHANGED(barrier, WIO__OF_BARRIER);
    if (barrier->count == barrier->parties) {
        barrier->state = DRAINING;
        wake_all(barrier);
    } else {
        status = wait_in_line(barrier, self, here);
        if (status >= 0 && barrier->state != DRAINING) status = is_broken();
    }
    leave(barrier);
    return status;
}

void wio_barrier_reset(wio_barrier *barrier) {
    if (!barrier) {
        wio__misuse_null("wio_barrier_reset", "the barrier");
    } else if (!barrier->count) {
        barrier->state = FILLING;
    } else {
        if (barrier->state == FILLING) wake_all(barrier);
        barrier->state = RESETTING;
    }
}

void wio_barrier_abort(wio_barrier *barrier) {
    if (!barrier) {
        wio__misuse_null("wio_barrier_abort", "the barrier");
        return;
    }
    barrier->state = BROKEN;
    wake_all(barrier);
}

unsigned wio_barrier_parties(const wio_barrier *barrier) { return barrier ? barrier->parties : 0; }

unsigned wio_barrier_n_waiting(const wio_barrier *barrier) {
    return barrier && barrier->state == FILLING ? barrier->count : 0;
}

bool wio_barrier_broken(const wio_barrier *barrier) { return barrier && barrier->state == BROKEN; }
