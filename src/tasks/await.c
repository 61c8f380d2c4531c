/* Waiting for one task: wio_await(), which passes a cancel on, and wio_shield(), which does not. */
#include "../report/text.h"

WIO__TELLS

static wio__task *awaitable(wio_task *handle, const wio__task *self, const char *function, int *status) {
    *status = -EINVAL;
    wio__task *task = wio__find(handle, function);
    if (!task) return NULL;
    const char *problem = task->detached ? "this task was detached; it cannot be awaited any more"
                          : task->owner  ? "this task belongs to a group; wio_group_join() waits for it"
                                         : NULL;
    if (task == self) *status = wio__misuse(-EDEADLK, function, "a task cannot await itself");
    else if (problem) wio__misuse(-EINVAL, function, problem);
    else return task;
    return NULL;
}

/* What it returned, with its error's words; the handle is given back, which the last reader frees. */
static int take_status(wio__task *self, wio__task *task) {
    int status = task->status;
    task->looked_at = true;
    if (status < 0 && task->holds) wio__note_copy(&self->note, &task->note); /* the others want it too */
    else if (status < 0) wio__note_move(&self->note, &task->note);
    if (task->holds == 0) wio__slot_free(task);
    else task->given_back = true;
    return status;
}

/* ------------------------------------------------------------------------------------------------------ await --- */

static bool await_abort(void *task) {
    wio__task *self = task;
    wio__cancel(self->object);
    return false; /* ends when the awaited task has ended */
}

/* Only then can it be that it waits for the one that is about to await it. */
static bool waits_for_tasks(const wio__task *task) {
    if (task->state != WIO__PARKED) return false;
    int of = task->wait->of;
    return of == WIO__OF_TASK || of == WIO__OF_GROUP || of == WIO__OF_GATHER;
}

static const wio__wait await_wait = {.kind = "task", .abort = await_abort, .of = WIO__OF_TASK};

int wio_await(wio_task *handle) {
    wio__task *self = wio__self("wio_await");
    if (!self) return -EPERM;
    int reason;
    wio__task *task = awaitable(handle, self, "wio_await", &reason);
    if (!task) return reason;
    if (task->state == WIO__DONE) return take_status(self, task);
    if (waits_for_tasks(task) && (reason = wio__await_closes(self, task)) < 0) return reason;
    wio__hold(task);
    wio__waiters_push(&task->awaiters, &self->waiter, self);
    reason = wio__park(self, &await_wait, task);
    bool interrupted = self->aborted;
    if (interrupted) self->undelivered = false; /* it was: to the awaited task */
    task->holds--;
    if (task->state != WIO__DONE) return reason; /* a deadlock: the handle stays the caller's */
    int status = take_status(self, task);
    if (reason < 0) return reason;
    return interrupted && status == -ECANCELED ? wio__deliver(self) : status;
}

/* ----------------------------------------------------------------------------------------------------- shield --- */

/* asyncio's shield is a future of its own, which the task's done callback settles: one pass more than an await. */
static bool shield_called(void *handle) {
    wio__watch *watch = wio__watch_called(handle);
    if (watch) wio__wake(watch->of->data, 0);
    return true;
}

static bool shield_abort(void *task) {
    wio__watching_end(((wio__task *)task)->object);
    return true;
}

static bool shield_undo(void *task) { return shield_abort(task); }

static const wio__wait shield_wait = {
    .kind = "task (shielded)", .abort = shield_abort, .undo = shield_undo, .of = WIO__OF_WATCHING};

int wio_shield(wio_task *handle) {
    wio__task *self = wio__self("wio_shield");
    if (!self) return -EPERM;
    int reason;
    wio__task *task = awaitable(handle, self, "wio_shield", &reason);
    if (!task) return reason;
    if (task->state == WIO__DONE) return take_status(self, task);
    wio__watching *watching = wio__watching_new(1, self);
    if (!watching) return wio__misuse(-ENOMEM, "wio_shield", "no memory to wait");
    wio__watch_task(watching, task, shield_called);
    reason = wio__park(self, &shield_wait, watching);
    if (reason < 0) return reason; /* the handle stays the caller's */
    wio__hold(task);
    wio__watching_end(watching);
    task->holds--;
    return take_status(self, task);
}
