/* Failures that nobody looked at, and overflows: told in words where these are linked, otherwise by the host. */
#include "../core/core.h"

void wio__report_failure(wio__task *task) {
    if (task->looked_at || task->status >= 0 || task->status == -ECANCELED) return;
    task->looked_at = true;
    if (wio__tell_failure) {
        wio__tell_failure(task);
        return;
    }
    const wio__note *note = task->note.code == task->status ? &task->note : &(wio__note){0};
    const char *message = note->text;
    while (message && *message++) {
    } /* behind the task's name; strlen() would have to be linked */
    wio__host_report(WIO__REPORT_FAILURE, task->status, task->number, wio__given_name(task), message, note->where,
                     task->created);
}

void wio__guard_failed(const wio__context *context, const wio__task *task, int what) {
    wio__the.dead = true;
    if (wio__tell_overflow) wio__tell_overflow(context, task, what);
    else
        wio__host_report(what == WIO__GUARD_SAVED ? WIO__REPORT_SAVED : WIO__REPORT_STACK, (int)context->size,
                         task ? task->number : 0, task ? wio__given_name(task) : NULL, NULL, NULL, NULL);
}
