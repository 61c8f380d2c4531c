/* Calls of WIO_EXPORT coroutines from JavaScript, each a task of its own. Linked only into programs that have any. */
#ifdef __wasm__
#include "core.h"

static int body(void *call) { return wio__host_invoke((uint32_t)(uintptr_t)call); }

/* The handle of the new task, 0 without memory. `name` is copied. */
WIO__ENTRY(wio__call) wio_task *wio__call(uint32_t call, const char *name) {
    wio__here = NULL;
    wio__task *task = wio__task_new(body, (void *)(uintptr_t)call, &(wio_task_options){.name = name}, 0, "WIO_EXPORT");
    if (!task) return NULL;
    task->call = call;
    task->detached = true;
    wio__task_start(task, false);
    return wio__handle_of(task);
}

void wio__call_ended(wio__task *task) {
    task->looked_at = true;
    wio_error error = wio__note_error(&task->note, task->status, wio__name(task));
    wio__host_settle(task->call, task->status, task->status < 0 ? &error : NULL);
}

WIO__ENTRY(wio__call_cancel) void wio__call_cancel(wio_task *handle) {
    wio__task *task = wio__find(handle, NULL);
    if (task) wio__cancel(task);
}

/* The error of the calling task, for an export that returned NULL. */
WIO__ENTRY(wio__call_error) int wio__call_error(void) { return wio__the.current ? wio__the.current->note.code : 0; }
#endif
