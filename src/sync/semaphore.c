/* Semaphores: a released permit goes to the first in line at once; a waiter cancelled after that passes it on. */
#include "../core/core.h"

static wio__waiters *line_of(wio_semaphore *semaphore) { return wio__waiters_of(&semaphore->first); }

static void begin(wio_semaphore *semaphore, wio_semaphore as, const char *function) {
    if (!semaphore) {
        wio__misuse_null(function, "the semaphore");
        return;
    }
    *semaphore = as;
    WIO__BEGUN(semaphore, WIO__OF_SEMAPHORE);
}

void wio_semaphore_init(wio_semaphore *semaphore, unsigned value) {
    begin(semaphore, (wio_semaphore){.value = value}, "wio_semaphore_init");
}

void wio_semaphore_init_bounded(wio_semaphore *semaphore, unsigned value) {
    begin(semaphore, (wio_semaphore){.value = value, .bound = value, .bounded = true}, "wio_semaphore_init_bounded");
}

static WIO__HOT void hand_over(wio_semaphore *semaphore) {
    if (wio__waiters_grants(line_of(semaphore), 0)) semaphore->granted++;
    else semaphore->value++;
    WIO__CHANGED(semaphore, WIO__OF_SEMAPHORE);
}

/* Who came while somebody was on the way queued behind him although there was a permit (SEM-04, SEM-07). */
static bool let_in(void *object) {
    wio_semaphore *semaphore = object;
    while (semaphore->value && semaphore->first) {
        semaphore->value--;
        hand_over(semaphore);
    }
    return true;
}

static bool acquire_abort(void *task) {
    wio__task *self = task;
    wio__waiters_remove(&self->waiter);
    WIO__CHANGED(self->object, WIO__OF_SEMAPHORE);
    return true;
}

static bool acquire_undo(void *task) {
    hand_over(((wio__task *)task)->object);
    return true;
}

static const wio__wait acquire_wait = {
    .kind = "semaphore", .abort = acquire_abort, .undo = acquire_undo, .of = WIO__OF_SEMAPHORE};

int wio__acquire_begins(wio_semaphore *semaphore);
int wio__acquire_ends(void);

int wio__acquire_begins(wio_semaphore *semaphore) {
    wio__task *self = wio__the.current;
    if (!self || !semaphore) {
        WIO__RARE();
        if (!semaphore) return wio__misuse_null("wio_semaphore_acquire", "the semaphore");
        return wio__self("wio_semaphore_acquire") ? 0 : -EPERM;
    }
    if (!wio_semaphore_locked(semaphore)) {
        semaphore->value--;
        WIO__CHANGED(semaphore, WIO__OF_SEMAPHORE);
        return 0;
    }
    wio__waiters_push(line_of(semaphore), &self->waiter, self);
    WIO__CHANGED(semaphore, WIO__OF_SEMAPHORE);
    wio__parked(self, &acquire_wait, semaphore);
    return WIO__HAS_PARKED;
}

int wio__acquire_ends(void) {
    wio__task *self = wio__the.current;
    wio_semaphore *semaphore = self->object;
    int status = wio__landed(self);
    if (self->waiter.granted) semaphore->granted--;
    if (semaphore->value && semaphore->first) {
        WIO__RARE();
        wio__context_leaf(let_in, semaphore);
    }
    return status;
}

WIO__WAIT(wio_semaphore_acquire, (wio_semaphore * semaphore), wio__acquire_begins(semaphore), wio__acquire_ends())

void wio_semaphore_release(wio_semaphore *semaphore) {
    if (!semaphore) {
        wio__misuse_null("wio_semaphore_release", "the semaphore");
    } else if (semaphore->bounded && semaphore->value >= semaphore->bound) {
        wio__misuse(-EINVAL, "wio_semaphore_release", "released more often than acquired (bounded semaphore)");
    } else {
        hand_over(semaphore);
    }
}

bool wio_semaphore_locked(const wio_semaphore *semaphore) {
    return semaphore && (semaphore->value == 0 || semaphore->first || semaphore->granted);
}

bool wio__permit_take(wio__permit *permit, wio_semaphore *semaphore) {
    permit->entered = true;
    if (wio_semaphore_acquire(semaphore) < 0) return false;
    permit->semaphore = semaphore;
    return true;
}

void wio__permit_give(wio__permit *permit) {
    if (permit->semaphore) wio_semaphore_release(permit->semaphore);
}
