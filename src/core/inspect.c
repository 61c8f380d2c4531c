/* Reading tasks from outside: state, result, name, error, list. */
#include "core.h"

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

const char *wio__name(const wio__task *constant) {
    wio__task *task = (wio__task *)constant;
    if (!task) return "(no task)";
    if (task->name) return task->name;
    if (task->number_name[0]) return task->number_name;
    char digits[12], *at = digits + sizeof digits;
    *--at = '\0';
    for (uint32_t rest = task->number; rest || !*at; rest /= 10) *--at = (char)('0' + rest % 10);
    memcpy(task->number_name, "Task-", 5);
    memcpy(task->number_name + 5, at, (size_t)(digits + sizeof digits - at));
    return task->number_name;
}

const char *wio_task_name(const wio_task *handle) {
    return handle ? wio__name(wio__find(handle, "wio_task_name")) : "(no task)";
}

const wio_error *wio_task_error(const wio_task *handle) {
    wio__loop *loop = &wio__the;
    if (!handle) {
        if (!loop->outside.code) return NULL;
        loop->outside_error = wio__note_error(&loop->outside, loop->outside.code, "(no task)");
        return &loop->outside_error;
    }
    wio__task *task = wio__find(handle, "wio_task_error");
    if (!task) return NULL;
    int code = task->state == WIO__DONE ? task->status : task->note.code;
    if (task->state == WIO__DONE) task->looked_at = true;
    if (code >= 0) return NULL;
    task->error = wio__note_error(&task->note, code, wio__name(task));
    return &task->error;
}

wio_task *wio_current_task(void) { return wio__handle_of(wio__the.current); }

size_t wio_all_tasks(wio_task **tasks, size_t max) {
    size_t n = 0;
    for (wio__task *task = wio__the.all_first; task; task = task->all_next, n++)
        if (tasks && n < max) tasks[n] = wio__handle_of(task);
    return n;
}
