/* Conditions: a wait lets go of the lock, waits to be notified, and takes the lock back, shielded, however it ended. */
#include "lock.h"

static wio__waiters *line_of(wio_condition *condition) { return wio__waiters_of(&condition->first); }

wio_lock *wio__lock_of(wio_condition *condition) {
    if (!condition) return NULL;
    return condition->lock ? condition->lock : &condition->own;
}

void wio_condition_init(wio_condition *condition, wio_lock *lock) {
    if (condition) *condition = (wio_condition){.lock = lock};
    else wio__misuse_null("wio_condition_init", "the condition");
}

static int refuse_null(const char *function) { return wio__misuse_null(function, "the condition"); }

int wio_condition_acquire(wio_condition *condition) {
    if (!condition) return refuse_null("wio_condition_acquire");
    return wio__lock_acquire(wio__lock_of(condition), "wio_condition_acquire");
}

int wio_condition_release(wio_condition *condition) {
    if (!condition) return refuse_null("wio_condition_release");
    return wio__lock_release(wio__lock_of(condition), "wio_condition_release");
}

bool wio_condition_locked(const wio_condition *condition) {
    return wio_lock_locked(wio__lock_of((wio_condition *)(uintptr_t)condition));
}

static void notify(wio_condition *condition, size_t n) {
    while (n-- && wio__waiters_grant(line_of(condition), 0)) continue;
}

static bool condition_abort(void *task) {
    wio__waiters_remove(&((wio__task *)task)->waiter);
    return true;
}

static const wio__wait condition_wait = {.kind = "condition", .abort = condition_abort, .of = WIO__OF_CONDITION};

/* However often the task is cancelled meanwhile, it keeps its place in line. Returns what the wait for the lock says
 * about the whole: 0, or why it must fail now. Only after a deadlock the lock cannot be had. */
static int retake(wio_lock *lock, wio__task *self) {
    if (!lock->owner) return wio__lock_take(lock, self);
    wio__here = self->where;
    wio_scope shield = {0};
    wio__scope_shield(&shield);
    int status = wio__lock_take(lock, self);
    wio__scope_leave(&shield);
    return status == 0 && wio__reason(self) ? wio__deliver(self) : status;
}

static int wait(wio_condition *condition, wio__task *self, const char *function) {
    wio_lock *lock = wio__lock_of(condition);
    if (!wio__lock_is_mine(lock)) return wio__misuse(-EPERM, function, "the calling task does not hold the lock");
    wio__lock_hand_over(lock);
    wio__waiters_push(line_of(condition), &self->waiter, self);
    int status = wio__park(self, &condition_wait, condition), after = retake(lock, self);
    if (after < 0) status = after;
    /* It may have been notified before, so the next one is; like asyncio, without asking whether it was. */
    if (status < 0) notify(condition, 1);
    return status;
}

int wio_condition_wait(wio_condition *condition) {
    if (!condition) return refuse_null("wio_condition_wait");
    wio__task *self = wio__self("wio_condition_wait");
    return self ? wait(condition, self, "wio_condition_wait") : -EPERM;
}

int wio_condition_wait_for(wio_condition *condition, bool (*predicate)(void *), void *arg) {
    if (!condition) return refuse_null("wio_condition_wait_for");
    if (!predicate) return wio__misuse_null("wio_condition_wait_for", "the predicate");
    wio__task *self = wio__self("wio_condition_wait_for");
    if (!self) return -EPERM;
    const char *here = wio__here;
    int status = 0;
    while (status == 0 && !predicate(arg)) {
        wio__here = here;
        status = wait(condition, self, "wio_condition_wait_for");
    }
    return status;
}

static int notify_some(wio_condition *condition, size_t n, const char *function) {
    if (!condition) return refuse_null(function);
    if (!wio__lock_is_mine(wio__lock_of(condition)))
        return wio__misuse(-EPERM, function, "the calling task does not hold the lock");
    notify(condition, n);
    return 0;
}

int wio_condition_notify(wio_condition *condition, size_t n) {
    return notify_some(condition, n, "wio_condition_notify");
}

int wio_condition_notify_all(wio_condition *condition) {
    return notify_some(condition, SIZE_MAX, "wio_condition_notify_all");
}
