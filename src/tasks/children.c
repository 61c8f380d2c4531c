/* The tasks that a group or a gather owns, in order of creation. */
#include "../core/core.h"

void wio__children_add(wio__children *children, wio__task *child, bool (*ended)(void *)) {
    child->owner = children;
    children->ended = ended;
    child->sibling_prev = children->last;
    child->sibling_next = NULL;
    if (child->sibling_prev) child->sibling_prev->sibling_next = child;
    else children->first = child;
    children->last = child;
    children->unfinished++;
}

wio__task *wio__ended_task(void *handle) {
    wio__task *task = handle;
    WIO__FOR_REPORTS(wio__the.blame = task);
    return task;
}

void wio__children_remove(wio__children *children, wio__task *child) {
    if (child->sibling_prev) child->sibling_prev->sibling_next = child->sibling_next;
    else children->first = child->sibling_next;
    if (child->sibling_next) child->sibling_next->sibling_prev = child->sibling_prev;
    else children->last = child->sibling_prev;
    children->unfinished--;
}

void wio__children_cancel(wio__children *children) {
    for (wio__task *child = children->first; child; child = child->sibling_next)
        if (child->state != WIO__DONE) wio__cancel(child);
}
