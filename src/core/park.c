/* The one suspension primitive, and what a cancel or a timeout does to it. */
#include "core.h"

int wio__reason(const wio__task *task) {
    if (task->doomed) return -EDEADLK;
    int reason = 0;
    for (const wio_scope *scope = task->scope; scope; scope = scope->parent) {
        if (scope->kind == WIO__SCOPE_SHIELD) return reason;
        if (!scope->expired) continue;
        if (scope->kind == WIO__SCOPE_GROUP) return -ECANCELED;
        reason = -ETIMEDOUT;
    }
    return task->cancels ? -ECANCELED : reason; /* when both meet, the cancel wins */
}

int wio__deliver(wio__task *task) {
    int reason = wio__reason(task);
    if (reason == 0) reason = -ECANCELED;
    if (wio__struck) wio__struck(task, true);
    if (reason != -ETIMEDOUT) task->undelivered = false;
    wio__note_clear(&task->note);
    task->note.code = reason;
    task->note.where = task->where;
    return reason;
}

/* Rare: a reason was there or came while the task waited. */
static WIO__APART int landed_late(wio__task *task, const wio__wait *wait, int status) {
    if (task->aborted) return status == WIO__ABORTED ? wio__deliver(task) : status;
    /* Granted, and cancelled before it ran, or a timeout went off before it ran: that wins. One that is only due does not. */
    int reason = wio__reason(task);
    if (wait->keeps_result || reason == 0 || (reason == -ETIMEDOUT && !(wio__struck && wio__struck(task, false))))
        return status;
    if (wait->undo) wio__context_leaf(wait->undo, task);
    return wio__deliver(task);
}

int wio__landed(wio__task *task) {
    const wio__wait *wait = task->wait;
    task->wait = NULL;
    int status = task->wake_status;
    if (!task->attention) return status;
    WIO__RARE();
    return landed_late(task, wait, status);
}

void wio__interrupt_at_once(wio__task *task) {
    wio__interrupt(task);
    if (wio__waited_in_vain && task->aborted) wio__waited_in_vain(task);
}

void wio__parked(wio__task *self, const wio__wait *wait, void *object) { wio__parks(self, wait, object); }

#ifndef __wasm__ /* there it is in wait.S */
int wio__park(wio__task *self, const wio__wait *wait, void *object) {
    wio__parked(self, wait, object);
    wio__context_suspend(&self->context);
    return wio__landed(self);
}
#endif

void wio__wake(wio__task *task, int status) {
    if (task->state != WIO__PARKED) return;
    WIO__TRACE(WIO_TRACE_WAKE, task, NULL, 0, status);
    task->wake_status = status;
    task->state = WIO__READY;
    wio__ready(&task->ready);
}

/* Passing a cancel on may reach a chain of any length, so it is a loop and not a recursion: each wait's abort() puts
 * the tasks that it cancels in front, in order, as the recursion would. */
static wio__task *interrupts, **cursor;

void wio__interrupt(wio__task *task) {
    task->attention = true;
    if (task->state != WIO__PARKED || task->aborted || !wio__reason(task)) return;
    task->aborted = true;
    if (wio__struck) wio__struck(task, true);
    bool nested = cursor != NULL;
    if (!nested) cursor = &interrupts;
    task->interrupt_next = *cursor;
    *cursor = task;
    cursor = &task->interrupt_next;
    if (nested) return;
    while (interrupts) {
        wio__task *each = interrupts;
        interrupts = each->interrupt_next;
        cursor = &interrupts;
        if (wio__context_leaf(each->wait->abort, each)) wio__wake(each, WIO__ABORTED);
    }
    cursor = NULL;
}
