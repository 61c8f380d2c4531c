/* Intrusive doubly linked lists of parked tasks: no allocation to wait, constant time to give up. */
#include "core.h"

void wio__queue_push(wio__queue *queue, wio__link *link) {
    link->list = queue;
    link->next = NULL;
    link->prev = queue->last;
    if (queue->last) queue->last->next = link;
    else queue->first = link;
    queue->last = link;
}

void wio__queue_remove(wio__link *link) {
    wio__queue *queue = link->list;
    if (!queue) return;
    if (link->prev) link->prev->next = link->next;
    else queue->first = link->next;
    if (link->next) link->next->prev = link->prev;
    else queue->last = link->prev;
    link->list = NULL;
}
