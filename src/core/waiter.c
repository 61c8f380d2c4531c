/* Who waits for something: intrusive lists, so that waiting allocates nothing and giving up takes constant time. */
#include "core.h"

void wio__waiters_push(wio__waiters *list, wio__waiter *waiter, wio__task *task) {
    waiter->task = task;
    waiter->granted = false;
    waiter->list = list;
    waiter->next = NULL;
    waiter->prev = list->last;
    if (list->last) list->last->next = waiter;
    else list->first = waiter;
    list->last = waiter;
}

void wio__waiters_remove(wio__waiter *waiter) {
    wio__waiters *list = waiter->list;
    if (!list) return;
    if (waiter->prev) waiter->prev->next = waiter->next;
    else list->first = waiter->next;
    if (waiter->next) waiter->next->prev = waiter->prev;
    else list->last = waiter->prev;
    waiter->list = NULL;
}

bool wio__waiters_drop_woken(void *waiters) {
    wio__waiters *list = waiters;
    while (list->first && list->first->task->state != WIO__PARKED) wio__waiters_remove(list->first);
    return list->first;
}

wio__waiter *wio__waiters_grant(wio__waiters *list, int status) { return wio__waiters_grants(list, status); }
