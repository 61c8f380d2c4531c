/* Cancelling tasks. Level-triggered: a request holds until the task ends or takes it back. */
#include "core.h"

void wio__cancel(wio__task *task) {
    if (task->state == WIO__DONE || task->state == WIO__ENDING) {
        task->looked_at = true; /* whoever cancels a failed task does not want to hear of it */
        return;
    }
    if (wio__note_canceller) wio__note_canceller(task);
    WIO__TRACE(WIO_TRACE_CANCEL, task, NULL, 0, 0);
    if (task->cancels < WIO__CANCELS_MAX) task->cancels++;
    task->undelivered = true;
    wio__interrupt(task);
}

void wio_task_cancel(wio_task *handle) {
    wio__task *task = wio__find(handle, "wio_task_cancel");
    if (task) wio__cancel(task);
}

int wio_uncancel(void) {
    wio__task *self = wio__self("wio_uncancel");
    if (!self) return -EPERM;
    if (self->cancels && --self->cancels == 0) self->undelivered = false;
    self->in_vain = 0;
    return (int)self->cancels;
}

int wio_cancelling(void) {
    wio__task *self = wio__self("wio_cancelling");
    if (!self) return -EPERM;
    int count = (int)self->cancels;
    for (wio_scope *scope = self->scope; scope; scope = scope->parent)
        count += scope->kind == WIO__SCOPE_GROUP ? scope->expired : scope->struck;
    return count;
}
