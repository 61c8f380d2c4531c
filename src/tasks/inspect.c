/* Reading tasks from outside: state, result, name, error, list. */
#include "../core/core.h"

bool wio_task_done(const wio_task *handle) {
    wio__task *task = wio__find(handle, "wio_task_done");
    return task && task->state == WIO__DONE;
}

bool wio_task_cancelled(const wio_task *handle) {
    wio__task *task = wio__find(handle, "wio_task_cancelled");
    return task && task->state == WIO__DONE && task->status == -ECANCELED;
}

int wio_task_status(const wio_task *handle) {
    wio__task *task = wio__find(handle, "wio_task_status");
    if (!task) return -EINVAL;
    if (task->state != WIO__DONE) return wio__misuse(-EAGAIN, "wio_task_status", "the task has not ended yet");
    task->looked_at = true;
    return task->status;
}

/* The same, valid as long as the handle. */
static const char *kept_name(wio__task *task) {
    wio__extra *extra = task ? wio__extra_of(task, 0) : NULL;
    if (!extra) return wio__name(task);
    if (!extra->name && wio__call_name && task->called) return wio__name(task);
    if (!extra->name) extra->name = wio__number_name(task->number, extra->number_name);
    return extra->name;
}

const char *wio_task_name(const wio_task *handle) {
    return handle ? kept_name(wio__find(handle, "wio_task_name")) : "(no task)";
}

const wio_error *wio_task_error(const wio_task *handle) {
    static wio_error without_memory;
    wio__loop *loop = &wio__the;
    if (!handle) {
        if (!loop->outside.code) return NULL;
        loop->outside_seen = loop->next_number;
        loop->outside_error = wio__note_error(&loop->outside, loop->outside.code, "(no task)");
        return &loop->outside_error;
    }
    wio__task *task = wio__find(handle, "wio_task_error");
    if (!task) return NULL;
    int code = task->state == WIO__DONE ? task->status : task->note.code;
    if (task->state == WIO__DONE) task->looked_at = true;
    if (code >= 0) return NULL;
    wio_error *error = task->extra || wio__extra_of(task, 0) ? &task->extra->error : &without_memory;
    *error = wio__note_error(&task->note, code, kept_name(task));
    return error;
}

wio_task *wio_current_task(void) { return wio__handle_of(wio__the.current); }

size_t wio_all_tasks(wio_task **tasks, size_t max) {
    size_t n = 0;
    for (wio__task *task = wio__the.all_first; task; task = task->all_next, n++)
        if (tasks && n < max) tasks[n] = wio__handle_of(task);
    return n;
}
