/* Tasks: creation, the first step, the end, and waiting for it. */
#include "core.h"

enum { STACK_MIN = 512, STACK_CROWDED = 16 * 1024, CROWD = 8192, ALIGN = 16 };

/* Built for size, where saved frames take room from the C stack, it has as much more for them: then all fits that fits in a stack
 * which grows. */
#if defined(__wasm__) && defined(__OPTIMIZE_SIZE__)
enum { STACK_DEFAULT = 128 * 1024 };
#else
enum { STACK_DEFAULT = 64 * 1024 };
#endif

static size_t default_stack_size;

void wio_set_default_stack_size(size_t bytes) { default_stack_size = bytes; }

static size_t stack_size(size_t asked) {
    if (!asked) asked = default_stack_size;
    if (!asked) return !wio__stack_grows() && wio__the.live > CROWD ? STACK_CROWDED : STACK_DEFAULT;
    return asked < STACK_MIN ? STACK_MIN : (asked + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static bool copy_name(wio__task *task, const char *name) {
    size_t size = strlen(name) + 1;
    wio__extra *extra = wio__extra_of(task, size);
    if (extra) extra->name = memcpy(extra + 1, name, size);
    return extra;
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

uint32_t wio__run_of_new(void) {
    const wio__loop *loop = &wio__the;
    return loop->current ? loop->current->run : loop->calling ? loop->run : 0;
}

wio__task *wio__task_new(wio_fn *fn, void *arg, const wio_task_options *options, uint32_t run, const char *function) {
    if (!fn) {
        wio__misuse_null(function, "fn");
        return NULL;
    }
    wio__task *task = wio__slot_take();
    if (!task || (options && options->name && !copy_name(task, options->name))) {
        if (task) wio__slot_free(task);
        wio__misuse(-ENOMEM, function, WIO__WORD(NO_MEMORY_FOR_TASK));
        return NULL;
    }
    wio__task *creator = wio__the.current;
    if (wio__note_canceller && !wio__the.ticking && !wio__the.posted) wio__the.now = wio__moment(wio__host_now());
    WIO__FOR_REPORTS(task->born = wio__the.now);
    task->generates = wio__generator_body && fn == wio__generator_body;
    task->context.fn = fn;
    task->context.arg = arg;
    task->context.size = stack_size(options ? options->stack_size : 0);
    task->number = ++wio__the.next_number;
    task->created = wio__here;
    task->creator = (uint32_t)(uintptr_t)wio__handle_of(creator);
    task->run = run;
    task->vars = wio__vars_share(creator ? creator->vars : wio__the.vars);
    task->state = WIO__NEW;
    all_add(task);
    return task;
}

void wio__task_start(wio__task *task, bool eager) {
    WIO__TRACE(WIO_TRACE_CREATED, task, NULL, 0, 0);
    if (task->run && wio__the.run_ending) wio__cancel(task); /* born into a run that ends: never starts */
    task->ready.fn = wio__first_step;
    if (eager) wio__step_eagerly(task);
    else wio__ready(&task->ready);
}

wio_task *wio_create_task_with(wio_fn *fn, void *arg, const wio_task_options *options) {
    if (!wio__the.calling && !wio__self("wio_create_task")) return NULL;
    wio__task *task = wio__task_new(fn, arg, options, wio__run_of_new(), "wio_create_task");
    if (!task) return NULL;
    wio__task_start(task, options && options->eager);
    return wio__handle_of(task);
}

wio_task *wio_create_task(wio_fn *fn, void *arg) { return wio_create_task_with(fn, arg, NULL); }

/* -------------------------------------------------------------------------------------------------- The end --- */

static void stack_release(wio__task *task) {
    wio__context *context = &task->context;
    if (!context->limit) return;
    void *region = wio__stack_end_of(context); /* if it is one */
    size_t size = context->size;
    wio__context_free(context);
    if (!wio__stack_grows()) wio__stack_give(region, size);
}

void wio__finish(wio__task *task, int status) {
    if (task->scope && wio__scopes_abandon) {
        task->state = WIO__ENDING;
        task->status = status;
        for (const wio_scope *scope = task->scope; scope; scope = scope->parent) {
            if (wio__scope_check) wio__scope_check(task, scope);
            wio__context_keep(&task->context, scope); /* the frames it is in have been left */
        }
        if (wio__scopes_abandon(task)) return;
    }
    /* Cancelled and never told: the value is dropped. An error is not. */
    if (task->undelivered && task->cancels && status >= 0) status = -ECANCELED;
    task->status = status;
    task->state = WIO__DONE;
    WIO__FOR_REPORTS(wio__the.blame = task);
    if (status < 0 && task->note.code != status) {
        wio__note_clear(&task->note);
        task->note.code = status;
        task->note.where = task->where;
    }
    WIO__TRACE(WIO_TRACE_END, task, NULL, 0, status);
    stack_release(task);
    all_remove(task);
    if (task->owner) {
        task->ready.fn = task->owner->ended;
        wio__ready(&task->ready);
    }
    if (wio__waiters_done(&task->awaiters, 0)) task->looked_at = true;
    if (wio__call_ended && task->called) wio__call_ended(task);
    wio__run_task_ended(task);
    if (task->is_main && task == wio__the.main) wio__the.main_vars = task->vars;
    else wio__vars_drop(task->vars);
    task->vars = NULL;
    if (task->detached && !task->owner && !task->holds) wio__task_release(task);
}

void wio__task_release(wio__task *task) {
    wio__report_failure(task);
    wio__slot_free(task);
}

void wio__unhold(wio__task *task) {
    if (--task->holds || task->state != WIO__DONE) return;
    if (task->retired) wio__slot_retire(task);
    else if (task->owner) return;
    else if (task->detached || task->given_back) wio__task_release(task);
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
    if (task->state == WIO__DONE && !task->holds) wio__task_release(task);
}
