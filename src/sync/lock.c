/* Locks: a released lock belongs to the first in line at once; one who was cancelled after that passes it on. */
#include "lock.h"

static wio__waiters *line_of(wio_lock *lock) { return wio__waiters_of(&lock->first); }

void wio_lock_init(wio_lock *lock) {
    if (!lock) {
        wio__misuse_null("wio_lock_init", "the lock");
        return;
    }
    *lock = (wio_lock){0};
    WIO__BEGUN(lock, WIO__OF_LOCK);
}

void wio__lock_hand_over(wio_lock *lock) {
    wio__waiter *next = wio__waiters_grant(line_of(lock), 0);
    lock->owner = next ? wio__owner_of(next->task) : 0;
    WIO__CHANGED(lock, WIO__OF_LOCK);
}

static bool lock_abort(void *task) {
    wio__waiters_remove(&((wio__task *)task)->waiter);
    return true;
}

static bool lock_undo(void *task) {
    wio__lock_hand_over(((wio__task *)task)->object);
    return true;
}

static const wio__wait lock_wait = {.kind = "lock", .abort = lock_abort, .undo = lock_undo, .of = WIO__OF_LOCK};

int wio__lock_take(wio_lock *lock, wio__task *self) {
    if (!lock->owner) {
        lock->owner = wio__owner_of(self);
        WIO__CHANGED(lock, WIO__OF_LOCK);
        return 0;
    }
    wio__waiters_push(line_of(lock), &self->waiter, self);
    WIO__CHANGED(lock, WIO__OF_LOCK);
    return wio__park(self, &lock_wait, lock);
}

int wio__lock_acquire(wio_lock *lock, const char *function) {
    wio__task *self = wio__self(function);
    if (!self) return -EPERM;
    if (!wio__lock_is_mine(lock)) return wio__lock_take(lock, self);
    return wio__misuse(-EDEADLK, function, "the calling task holds this lock already");
}

static int refuse_release(const wio_lock *lock, const char *function) {
    if (!lock->owner) return wio__misuse(-EPERM, function, "nobody holds this lock");
    const wio__task *owner = wio__find((wio_task *)(uintptr_t)lock->owner, NULL);
    if (!owner || owner->state == WIO__DONE)
        return wio__misuse(-EPERM, function, "this lock is held by a task that has ended");
    enum { SHOWN = 200 };
    char text[SHOWN + 40] = "this lock is held by task '";
    strncat(text, wio__name(owner), SHOWN);
    strcat(text, "'");
    return wio__misuse(-EPERM, function, text);
}

int wio__lock_release(wio_lock *lock, const char *function) {
    if (!wio__lock_is_mine(lock)) return refuse_release(lock, function);
    wio__lock_hand_over(lock);
    return 0;
}

int wio_lock_acquire(wio_lock *lock) {
    return lock ? wio__lock_acquire(lock, "wio_lock_acquire") : wio__misuse_null("wio_lock_acquire", "the lock");
}

int wio_lock_release(wio_lock *lock) {
    return lock ? wio__lock_release(lock, "wio_lock_release") : wio__misuse_null("wio_lock_release", "the lock");
}

bool wio_lock_locked(const wio_lock *lock) { return lock && lock->owner; }

bool wio__held_take(wio__held *held, wio_lock *lock) {
    held->entered = true;
    if (wio_lock_acquire(lock) < 0) return false;
    held->lock = lock;
    return true;
}

void wio__held_give(wio__held *held) {
    if (!held->lock) return;
    /* After a deadlock a condition may have come back without the lock; that was reported. */
    if (wio__the.current && wio__the.current->doomed && !wio__lock_is_mine(held->lock)) return;
    wio_lock_release(held->lock);
}
