/* Tasks: creation, the first step, the end, and waiting for it. */
#include "core.h"

enum { STACK_MIN = 512, STACK_DEFAULT = 64 * 1024, STACK_CROWDED = 16 * 1024, CROWD = 8192 };

static size_t default_stack_size;

void wio_set_default_stack_size(size_t bytes) { default_stack_size = bytes && bytes < STACK_MIN ? STACK_MIN : bytes; }

static size_t stack_size(size_t asked) {
    if (asked) return asked < STACK_MIN ? STACK_MIN : asked;
    if (default_stack_size) return default_stack_size;
    return wio__the.live > CROWD ? STACK_CROWDED : STACK_DEFAULT;
}

static char *copy_name(const char *name) {
    size_t size = strlen(name) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, name, size) : NULL;
}

static void all_add(wio__task *task) {
    wio__loop *loop = &wio__the;
    task->all_prev = loop->all_last;
    if (loop->all_last) loop->all_last->all_next = task;
    else loop->all_first = task;
    loop->all_last = task;
    loop->live++;
    if (task->run) loop->run_live++;
}

static void all_remove(wio__task *task) {
    wio__loop *loop = &wio__the;
    if (task->all_prev) task->all_prev->all_next = task->all_next;
    else loop->all_first = task->all_next;
    if (task->all_next) task->all_next->all_prev = task->all_prev;
    else loop->all_last = task->all_prev;
    loop->live--;
    if (task->run) loop->run_live--;
}

wio__task *wio__task_new(wio_fn *fn, void *arg, const wio_task_options *options, const char *function) {
    if (!fn) {
        wio__misuse_null(function, "fn");
        return NULL;
    }
    wio__task *task = wio__slot_take();
    char *name = task && options && options->name ? copy_name(options->name) : NULL;
    if (!task || (options && options->name && !name)) {
        if (task) wio__slot_free(task);
        wio__misuse(-ENOMEM, function, "no memory for another task");
        return NULL;
    }
    wio__task *creator = wio__the.current;
    task->fn = fn;
    task->arg = arg;
    task->name = name;
    task->stack_size = stack_size(options ? options->stack_size : 0);
    task->number = ++wio__the.next_number;
    task->created = wio__here;
    task->creator = (uint32_t)(uintptr_t)wio__handle_of(creator);
    task->run = creator ? creator->run : 0;
    task->state = WIO__NEW;
    all_add(task);
    return task;
}

void wio__task_start(wio__task *task, bool eager) {
    if (task->run && wio__the.run_ending) wio__cancel(task); /* born into a run that ends: never starts */
    task->ready.fn = wio__first_step;
    if (eager) wio__step_eagerly(task);
    else wio__ready(&task->ready);
}

wio_task *wio_create_task_with(wio_fn *fn, void *arg, const wio_task_options *options) {
    if (!wio__self("wio_create_task")) return NULL;
    wio__task *task = wio__task_new(fn, arg, options, "wio_create_task");
    if (!task) return NULL;
    wio__task_start(task, options && options->eager);
    return wio__handle_of(task);
}

wio_task *wio_create_task(wio_fn *fn, void *arg) { return wio_create_task_with(fn, arg, NULL); }

/* -------------------------------------------------------------------------------------------------- The end --- */

static void stack_release(wio__task *task) {
    char *region = task->context.region;
    if (!region) return;
    wio__context_free(&task->context);
    wio__stack_give(region, task->stack_size);
}

void wio__finish(wio__task *task, int status) {
    if (task->scope) {
        /* Left with a group still open: its tasks may point into this stack, so it stays until they have ended. */
        task->state = WIO__ENDING;
        task->status = status;
        wio__group_abandon(task->scope, task);
        if (task->scope) return;
    }
    /* Cancelled and never told: the value is dropped. An error is not. */
    if (task->undelivered && task->cancels && status >= 0) status = -ECANCELED;
    task->status = status;
    task->state = WIO__DONE;
    free(task->import_text);
    task->import_text = NULL;
    if (status < 0 && task->note.code != status) {
        wio__note_clear(&task->note);
        task->note.code = status;
        task->note.where = task->where;
    }
    stack_release(task);
    all_remove(task);
    if (task->owner) wio__ready(&task->ended);
    while (task->awaiters.first) {
        wio__task *awaiter = (wio__task *)(void *)((char *)task->awaiters.first - offsetof(wio__task, link));
        wio__queue_remove(&awaiter->link);
        task->looked_at = true;
        wio__wake(awaiter, 0);
    }
    if (task->call) wio__call_ended(task);
    wio__run_task_ended(task);
    if (task->detached && !task->owner && !task->awaiter_count) wio__task_release(task);
}

void wio__task_release(wio__task *task) {
    wio__report_failure(task);
    wio__slot_free(task);
}

void wio_detach(wio_task *handle) {
    if (!handle) return;
    wio__task *task = wio__find(handle, "wio_detach");
    if (!task) return;
    if (task->owner || task->detached) {
        wio__misuse(-EINVAL, "wio_detach",
                    task->owner ? "this task belongs to a group or gather" : "this task was detached before");
        return;
    }
    task->detached = true;
    if (task->state == WIO__DONE && !task->awaiter_count) wio__task_release(task);
}

/* ------------------------------------------------------------------------------------------ Waiting for it --- */

static bool await_abort(void *task) {
    wio__task *self = task;
    wio__cancel(self->object);
    return false; /* ends when the awaited task has ended */
}

static bool shield_abort(void *task) {
    wio__queue_remove(&((wio__task *)task)->link);
    return true;
}

static const wio__wait await_wait = {.kind = "task", .abort = await_abort, .of_task = true};
static const wio__wait shield_wait = {.kind = "task (shielded)", .abort = shield_abort, .of_task = true};

static wio__task *awaitable(wio_task *handle, const char *function) {
    wio__task *task = wio__find(handle, function);
    if (!task) return NULL;
    if (task->owner || task->detached) {
        wio__misuse(-EINVAL, function,
                    task->detached ? "this task was detached; it cannot be awaited any more"
                                   : "this task belongs to a group; wio_group_join() waits for it");
        return NULL;
    }
    return task;
}

static int await(wio_task *handle, const wio__wait *wait, const char *function) {
    wio__task *self = wio__self(function);
    if (!self) return -EPERM;
    wio__task *task = awaitable(handle, function);
    if (!task) return -EINVAL;
    if (task == self) return wio__misuse(-EDEADLK, function, "a task cannot await itself");
    bool interrupted = false;
    int reason = 0;
    if (task->state != WIO__DONE) {
        task->awaiter_count++;
        wio__queue_push(&task->awaiters, &self->link);
        reason = wio__park(self, wait, task);
        interrupted = self->aborted;
        if (interrupted) self->undelivered = false; /* it was: to the awaited task */
        task->awaiter_count--;
        if (task->state != WIO__DONE) return reason; /* shielded, or a deadlock: the handle stays the caller's */
        if (reason < 0 && wait == &shield_wait) {    /* although it has ended meanwhile */
            if ((task->detached || task->given_back) && !task->awaiter_count) wio__task_release(task);
            return reason;
        }
    }
    int status = task->status;
    task->looked_at = true;
    if (reason < 0) status = reason;
    else if (interrupted && status == -ECANCELED) status = wio__deliver(self);
    else if (status < 0 && task->awaiter_count) wio__note_copy(&self->note, &task->note); /* the others want it too */
    else if (status < 0) wio__note_move(&self->note, &task->note);
    if (task->awaiter_count == 0) wio__slot_free(task);
    else task->given_back = true; /* the last awaiter frees it */
    return status;
}

int wio_await(wio_task *task) { return await(task, &await_wait, "wio_await"); }

int wio_shield(wio_task *task) { return await(task, &shield_wait, "wio_shield"); }
