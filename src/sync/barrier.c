/* Barriers: the last to come lets the round through. Who comes before the last of it has left waits for the next round;
 * so the list holds either this round's tasks, while it fills, or those. */
#include "../core/core.h"

enum { FILLING, DRAINING, RESETTING, BROKEN };

static wio__waiters *line_of(wio_barrier *barrier) { return wio__waiters_of(&barrier->first); }

int wio_barrier_init(wio_barrier *barrier, unsigned parties) {
    if (!barrier) return wio__misuse_null("wio_barrier_init", "the barrier");
    *barrier = (wio_barrier){.parties = parties};
    if (!parties) return wio__misuse(-EINVAL, "wio_barrier_init", "a barrier needs at least one party");
    WIO__BEGUN(barrier, WIO__OF_BARRIER);
    return 0;
}

enum { LOOK_AGAIN = INT_MAX };

/* Numbers them in their order; returns how many there were. */
static unsigned wake_all(wio_barrier *barrier) {
    unsigned n = 0;
    while (wio__waiters_grant(line_of(barrier), (int)n)) n++;
    return n;
}

static bool barrier_abort(void *task) {
    wio__waiters_remove(&((wio__task *)task)->waiter);
    return true;
}

static const wio__wait barrier_wait = {.kind = "barrier", .abort = barrier_abort, .of = WIO__OF_BARRIER};

/* Who gives up makes the next one look again, to no purpose but order: it then stands at the end, as in asyncio, whose
 * condition passes on what might have been a notification. */
static int wait_in_line(wio_barrier *barrier, wio__task *self, const char *here) {
    wio__here = here;
    wio__waiters_push(line_of(barrier), &self->waiter, self);
    int status = wio__park(self, &barrier_wait, barrier);
    wio__here = here;
    if (status < 0) wio__waiters_grant(line_of(barrier), LOOK_AGAIN);
    return status;
}

static int is_broken(void) {
    static const char message[] = "the barrier is broken";
    wio__note_set(-EPIPE, message, sizeof message - 1);
    return -EPIPE;
}

/* A task that was cancelled counts until it has run: it had come. */
static void leave(wio_barrier *barrier) {
    if (--barrier->count == 0) {
        if (barrier->state != BROKEN) barrier->state = FILLING;
        wake_all(barrier);
    }
    if (barrier->count == 0 || barrier->state == FILLING) WIO__CHANGED(barrier, WIO__OF_BARRIER);
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
        barrier->next = wake_all(barrier);
    } else {
        do status = wait_in_line(barrier, self, here);
        while (status >= 0 && barrier->state == FILLING);
        if (status >= 0 && barrier->state != DRAINING) status = is_broken();
        if (status == LOOK_AGAIN) status = (int)barrier->next++; /* it was not in line */
    }
    leave(barrier);
    return status;
}

void wio_barrier_reset(wio_barrier *barrier) {
    if (!barrier) {
        wio__misuse_null("wio_barrier_reset", "the barrier");
    } else {
        barrier->state = barrier->count ? RESETTING : FILLING;
        wake_all(barrier);
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
