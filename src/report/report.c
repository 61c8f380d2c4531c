/* What the runtime tells people by itself: a deadlock, and a failure nobody looked at. */
#include "text.h"

static const char *const state_names[] = {"free", "not started", "ready", "running", "waiting", "ending", "done"};

/* The task that this one waits for, if it is one. */
static const wio__task *awaited_by(const wio__task *task) {
    if (task->wait->of == WIO__OF_TASK) return task->object;
    if (task->wait->of != WIO__OF_WATCHING) return NULL;
    const wio__watching *all = task->object;
    return all->n == 1 ? all->each[0].task : NULL;
}

void wio__report_task(wio__text *text, const wio__task *task) {
    wio__text_add(text, wio__name(task));
    wio__text_what(text, " ", task->created);
    if (task->cancels && task->state != WIO__DONE) wio__text_add(text, " (cancelling)");
    wio__text_add(text, ": ");
    if (task->state != WIO__PARKED) {
        wio__text_add(text, task == wio__the.current ? "running" : state_names[task->state]);
    } else {
        wio__text_add(text, "waits for ");
        wio__text_add(text, task->wait->kind);
        const wio__task *awaited = awaited_by(task);
        if (awaited) {
            wio__text_add(text, " ");
            wio__text_add(text, wio__name(awaited));
        }
    }
    if (task->where && task->state != WIO__NEW) {
        wio__text_add(text, " at ");
        wio__text_place(text, task->where);
    } else if (task->state == WIO__NEW && task->created) {
        wio__text_add(text, ", created at ");
        wio__text_place(text, task->created);
    }
}

/* As a tree if what draws it is linked: programs for size have a list. */
void wio__tell_deadlock(void) {
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: deadlock: no task can ever wake (nothing is ready, no timer, no request)\n");
    if (wio__tree) {
        wio__tree(&text, 1, false);
    } else {
        for (wio__task *task = wio__the.all_first; task; task = task->all_next) {
            wio__text_add(&text, "  ");
            wio__report_task(&text, task);
            wio__text_add(&text, "\n");
        }
    }
    wio__text_flush(&text);
}

void wio__report_error(wio__text *text, const wio_error *error, const char *created) {
    wio__text_add(text, " failed and nobody looked: ");
    wio__text_add(text, error->name);
    wio__text_add(text, ": ");
    wio__text_add(text, error->message);
    if (error->where[0]) {
        wio__text_add(text, " at ");
        wio__text_place(text, error->where);
    }
    if (created) {
        wio__text_add(text, "; created at ");
        wio__text_place(text, created);
    }
    wio__text_add(text, "\n");
    if (wio__report_notes) wio__report_notes(text, error->notes);
    wio__text_flush(text);
}

void wio__tell_failure(const wio__task *task) {
    wio_error error = wio__note_error(&task->note, task->status, wio__name(task));
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: task '");
    wio__text_add(&text, wio__name(task));
    wio__text_add(&text, "'");
    wio__report_error(&text, &error, task->created);
}

/* The error of the last run is what main() returned, though nobody has asked for its words. (What a deadlock has to say was
 * said.) A traceback in Python. */
void wio__tell_main(int status) {
    const wio__loop *loop = &wio__the;
    if (status >= 0 || status == -ECANCELED || status == -EDEADLK) return;
    if (loop->run_status != status || loop->outside.code != status || loop->outside_seen == loop->next_number) return;
    wio_error error = wio__note_error(&loop->outside, status, "(no task)");
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: main()");
    wio__report_error(&text, &error, NULL);
}

static const char *const how[] = {
    [WIO__GUARD_STACK] = " bytes (its C stack ran over the lower end)",
    [WIO__GUARD_SAVED] = " bytes (its suspended frames met its C stack)",
};

void wio__tell_overflow(const wio__context *context, const wio__task *task, int what) {
    wio__text text = {0};
    wio__text_add(&text, "task '");
    wio__text_add(&text, task ? wio__name(task) : "main()");
    if (wio__no_stack_memory && what == WIO__GUARD_MEMORY) {
        wio__text_add(&text, wio__no_stack_memory);
    } else {
        wio__text_add(&text, "' overflowed its stack of ");
        wio__text_number(&text, (long)context->size);
        wio__text_add(&text, how[what]);
        wio__text_add(&text, ". Raise it: wio_create_task_with(fn, arg, &(wio_task_options){.stack_size = ");
        wio__text_number(&text, (long)context->size * 2);
        wio__text_add(&text, "}), or wio_set_default_stack_size() for all tasks.");
    }
    wio__host_fault(text.buffer, text.size);
}
