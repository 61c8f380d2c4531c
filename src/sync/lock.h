/* What a condition needs of its lock. */
#ifndef WIO_LOCK_H
#define WIO_LOCK_H

#include "../core/core.h"

static inline uint32_t wio__owner_of(const wio__task *task) { return (uint32_t)(uintptr_t)wio__handle_of(task); }

/* Whether the calling code is the task that holds it. */
static inline bool wio__lock_is_mine(const wio_lock *lock) {
    return lock->owner && lock->owner == wio__owner_of(wio__the.current);
}

/* Takes it, waiting in line; the caller knows that it does not hold it. */
int wio__lock_take(wio_lock *lock, wio__task *self);

/* To the first in line, or free. */
void wio__lock_hand_over(wio_lock *lock);

/* wio_lock_acquire() and wio_lock_release() under another name. */
int wio__lock_acquire(wio_lock *lock, const char *function);
int wio__lock_release(wio_lock *lock, const char *function);

#endif
