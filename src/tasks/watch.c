/* Done callbacks: what happens a pass after a task has ended, and how not to hear of it any more. */
#include "../core/core.h"

wio__watching *wio__watching_new(size_t n, void *data) {
    if (n > (SIZE_MAX - sizeof(wio__watching)) / sizeof(wio__watch)) return NULL;
    wio__watching *all = malloc(sizeof *all + n * sizeof(wio__watch));
    if (all) *all = (wio__watching){.data = data};
    return all;
}

static void queue(wio__watch *watch) {
    watch->of->queued++;
    wio__ready(&watch->handle);
}

wio__watch *wio__watch_list(wio__watching *all, wio__waiters *list, bool (*fn)(void *)) {
    wio__watch *watch = &all->each[all->n++];
    *watch = (wio__watch){.handle.fn = fn, .of = all};
    if (list) wio__waiters_push(list, &watch->waiter, NULL);
    else queue(watch);
    return watch;
}

wio__watch *wio__watch_task(wio__watching *all, wio__task *task, bool (*fn)(void *)) {
    if (task->retired && !task->holds) wio__slot_recall(task);
    wio__hold(task);
    wio__watch *watch = wio__watch_list(all, task->state == WIO__DONE ? NULL : &task->awaiters, fn);
    watch->task = task;
    return watch;
}

wio__watch *wio__watch_called(void *handle) {
    wio__watch *watch = (wio__watch *)(void *)((char *)handle - offsetof(wio__watch, handle));
    wio__watching *all = watch->of;
    all->queued--;
    if (!all->gone) {
        WIO__FOR_REPORTS(wio__the.blame = watch->task);
        return watch;
    }
    if (all->queued == 0) free(all);
    return NULL;
}

void wio__watching_end(wio__watching *all) {
    if (!all) return;
    for (uint32_t i = 0; i < all->n; i++) {
        wio__waiters_remove(&all->each[i].waiter);
        if (all->each[i].task) wio__unhold(all->each[i].task);
    }
    all->gone = true;
    if (all->queued == 0) free(all);
}

bool wio__waiters_done(wio__waiters *list, int status) {
    bool any = false;
    for (wio__waiter *first; (first = list->first);) {
        wio__waiters_remove(first);
        /* A task that selects may have been granted something else. */
        first->granted = first->task && first->task->state == WIO__PARKED;
        any |= first->granted;
        if (first->task) wio__wake(first->task, status);
        else queue((wio__watch *)(void *)first);
    }
    return any;
}
