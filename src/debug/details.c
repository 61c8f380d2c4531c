/* What app.tasks() tells beyond the list of entry.c. */
#ifdef __wasm__
#include "graph.h"
#include "development.h"

typedef struct {
    double age, waiting;
    const char *object, *cancelled_by;
} details;

/* Without malloc: it is read after crashes too. Valid until the next call. */
WIO__ENTRY(wio__task_details) const details *wio__task_details(const wio__task *task) {
    static wio__text text;
    static details found;
    double now = wio_time();
    bool waits = task->state == WIO__PARKED;
    const char *object = waits ? wio__object_name(task) : NULL;
    text = (wio__text){0};
    if (waits && !object && wio__describe(&text, task->object, task->wait->of)) {
        text.buffer[text.size] = '\0';
        object = text.buffer;
    }
    found = (details){.age = wio__age(now, task->born),
                      .waiting = waits ? wio__age(now, task->since) : 0,
                      .object = object,
                      .cancelled_by = task->cancels && task->extra ? task->extra->cancelled_by : NULL};
    return &found;
}

/* The ids of the tasks that it waits for, one by one, then 0. The first call for a task begins, NULL goes on. */
WIO__ENTRY(wio__task_awaits) uint32_t wio__task_awaits(const wio__task *task) {
    static wio__edges edges;
    if (task) edges = wio__edges_of(task);
    const wio__task *next = wio__edges_next(&edges);
    return next ? next->number : 0;
}

WIO__ENTRY(wio__now) double wio__now(void) { return wio_time(); }

/* A task by its number, cancelled from outside the program; false: it is not alive. */
WIO__ENTRY(wio__task_cancel) bool wio__task_cancel(uint32_t number) {
    for (wio__task *task = wio__the.all_first; task; task = task->all_next)
        if (task->number == number) return wio__cancel(task), true;
    return false;
}

/* SIGQUIT, and `wasyncio run --ps`: the tree, to the log. */
WIO__ENTRY(wio__print) void wio__print(void) {
    wio__text text = {0};
    wio__tree(&text, 0, true);
    wio__text_flush(&text);
}
#endif
