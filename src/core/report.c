/* What the runtime tells people: the task tree, a deadlock, a failure nobody looked at, a step that took too long. */
#include "text.h"

static const char *const state_names[] = {"free", "not started", "ready", "running", "waiting", "ending", "done"};

/* The task that this one waits for, if it is one. */
static const wio__task *awaited_by(const wio__task *task) {
    if (task->wait->of == WIO__OF_TASK) return task->object;
    if (task->wait->of != WIO__OF_WATCHING) return NULL;
    const wio__watching *all = task->object;
    return all->n == 1 ? all->each[0].task : NULL;
}

static void line(wio__text *text, const wio__task *task, int depth) {
    for (int i = 0; i < depth; i++) wio__text_add(text, "  ");
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
    wio__text_add(text, "\n");
}

/* Who made whom, as the tree; tasks whose maker has ended stand at the left. */
static bool is_root(const wio__task *task) {
    wio__task *creator = wio__find((wio_task *)(uintptr_t)task->creator, NULL);
    return !creator || creator->state == WIO__DONE;
}

void wio__report_tree(wio__text *text, const wio__task *of, int depth) {
    enum { DEEP = 20, MANY = 1000 };
    int shown = 0;
    for (wio__task *task = wio__the.all_first; task; task = task->all_next) {
        bool here = of ? task->creator == (uint32_t)(uintptr_t)wio__handle_of(of) : is_root(task);
        if (!here || depth > DEEP) continue;
        if (++shown > MANY) continue;
        line(text, task, depth);
        wio__report_tree(text, task, depth + 1);
    }
    if (shown > MANY) {
        wio__text_add(text, "  … and ");
        wio__text_number(text, shown - MANY);
        wio__text_add(text, " more\n");
    }
}

void wio__report_deadlock(void) {
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: deadlock: no task can ever wake (nothing is ready, no timer, no request)\n");
    wio__report_tree(&text, NULL, 1);
    wio__text_flush(&text);
}

void wio__report_failure(wio__task *task) {
    if (task->looked_at || task->status >= 0 || task->status == -ECANCELED) return;
    task->looked_at = true;
    wio_error error = wio__note_error(&task->note, task->status, wio__name(task));
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: task '");
    wio__text_add(&text, wio__name(task));
    wio__text_add(&text, "' failed and nobody looked: ");
    wio__text_add(&text, error.name);
    wio__text_add(&text, ": ");
    wio__text_add(&text, error.message);
    if (error.where[0]) {
        wio__text_add(&text, " at ");
        wio__text_place(&text, error.where);
    }
    if (task->created) {
        wio__text_add(&text, "; created at ");
        wio__text_place(&text, task->created);
    }
    wio__text_add(&text, "\n");
    for (const char *at = error.notes; *at; at += *at == '\n') {
        size_t size = strcspn(at, "\n");
        wio__text_add(&text, "  ");
        wio__text_add_size(&text, at, size);
        wio__text_add(&text, "\n");
        at += size;
    }
    wio__text_flush(&text);
}

void wio__report_slow(const wio__task *task, double seconds) {
    if (!wio__the.debug || seconds < wio__the.slow_step) return; /* the step itself may have turned it off */
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: task '");
    wio__text_add(&text, wio__name(task));
    wio__text_add(&text, "'");
    if (wio__text_what(&text, " (", task->created)) wio__text_add(&text, ")");
    wio__text_add(&text, " held the loop for ");
    wio__text_number(&text, (long)(seconds * 1000));
    wio__text_add(&text, " ms");
    if (task->where) {
        wio__text_add(&text, task->state == WIO__PARKED || task->state == WIO__READY ? ", until it waited at "
                                                                                     : ", after it had waited at ");
        wio__text_place(&text, task->where);
    }
    wio__text_add(&text, "\n");
    wio__text_flush(&text);
}
