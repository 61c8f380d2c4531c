/* The program's own done callbacks, of tasks and of futures. */
#include "../core/called.h"
#include "future.h"

typedef struct registration {
    struct registration *next, *prev;
    wio__watching *watching;
    wio_done_fn *task_fn;
    wio_future_done_fn *future_fn;
    void *target, *arg; /* a handle, or the future */
    wio__vars *vars;
    const char *where;
} registration;

static registration *all;

static void take_out(registration *gone) {
    if (gone->prev) gone->prev->next = gone->next;
    else all = gone->next;
    if (gone->next) gone->next->prev = gone->prev;
}

static void drop(registration *gone) {
    take_out(gone);
    wio__vars_drop(gone->vars);
    wio__watching_end(gone->watching);
    free(gone);
}

static bool called(void *handle) {
    wio__watch *watch = wio__watch_called(handle);
    if (!watch) return true;
    registration *call = watch->of->data;
    take_out(call); /* the callback may destroy the future */
    wio__vars *before = wio__called_in(call->vars, call->where);
    if (call->task_fn) call->task_fn(call->target, call->arg);
    else call->future_fn(call->target, call->arg);
    wio__called_out(before);
    wio__watching_end(call->watching);
    free(call);
    return true;
}

/* NULL without memory, which is noted. */
static registration *add(void *target, void *arg) {
    registration *fresh = malloc(sizeof *fresh);
    wio__watching *watching = fresh ? wio__watching_new(1, fresh) : NULL;
    if (!watching) {
        free(fresh);
        wio__note_set(-ENOMEM, NULL, 0);
        return NULL;
    }
    const wio__task *self = wio__the.current;
    *fresh = (registration){.next = all, .watching = watching, .target = target, .arg = arg, .where = wio__here};
    fresh->vars = wio__vars_share(self ? self->vars : wio__the.vars);
    if (all) all->prev = fresh;
    return all = fresh;
}

int wio_task_add_done_callback(wio_task *handle, wio_done_fn *fn, void *arg) {
    const char *function = "wio_task_add_done_callback";
    if (!fn) return wio__misuse_null(function, "fn");
    wio__task *task = wio__find(handle, function);
    if (!task) return -EINVAL;
    if (!wio__loop_runs(function)) return -EPERM;
    registration *call = add(handle, arg);
    if (!call) return -ENOMEM;
    call->task_fn = fn;
    wio__watch_task(call->watching, task, called);
    return 0;
}

int wio_future_add_done_callback(wio_future *future, wio_future_done_fn *fn, void *arg) {
    const char *function = "wio_future_add_done_callback";
    if (!future || !fn) return wio__misuse_null(function, future ? "fn" : "the future");
    if (!wio__loop_runs(function)) return -EPERM;
    registration *call = add(future, arg);
    if (!call) return -ENOMEM;
    call->future_fn = fn;
    wio__watch_list(call->watching, future->done ? NULL : wio__future_waiters(future), called);
    return 0;
}

static int remove_all(wio__waiters *list, wio_done_fn *task_fn, wio_future_done_fn *future_fn) {
    int count = 0;
    for (wio__waiter *each = list->first, *next; each; each = next) {
        next = each->next;
        wio__watch *watch = (wio__watch *)(void *)each;
        if (each->task || watch->handle.fn != called) continue;
        registration *call = watch->of->data;
        if (call->task_fn != task_fn || call->future_fn != future_fn) continue;
        drop(call);
        count++;
    }
    return count;
}

int wio_task_remove_done_callback(wio_task *handle, wio_done_fn *fn) {
    const char *function = "wio_task_remove_done_callback";
    if (!fn) return wio__misuse_null(function, "fn");
    wio__task *task = wio__find(handle, function);
    if (!task) return -EINVAL;
    return remove_all(&task->awaiters, fn, NULL);
}

int wio_future_remove_done_callback(wio_future *future, wio_future_done_fn *fn) {
    const char *function = "wio_future_remove_done_callback";
    if (!future || !fn) return wio__misuse_null(function, future ? "fn" : "the future");
    return remove_all(wio__future_waiters(future), NULL, fn);
}

void wio__done_callbacks_drop(void) {
    while (all) drop(all);
}

void wio__future_callbacks_drop(const wio_future *future) {
    for (registration *each = all, *next; each; each = next) {
        next = each->next;
        if (each->future_fn && each->target == future) drop(each);
    }
}
