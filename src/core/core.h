/* The scheduler's inside. Everything that waits is wio__park() and wio__wake(); everything that limits a wait is a
 * scope; everything that runs is a handle in one FIFO queue. */
#ifndef WIO_CORE_H
#define WIO_CORE_H

#define WIO__INSIDE /* the macros that note the place are for callers; here the functions themselves are meant */
#include "../context/context.h"
#include "../host/host.h"
#include "../wasyncio.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#undef WIO__HERE
#define WIO__HERE ((void)0)

typedef struct wio__task wio__task;

/* Each needs those before it. */
// clang-format off
#include "wait.h"
#include "timer.h"
#include "../report/note.h"
#include "task.h"
#include "loop.h"
#include "../tasks/tasks.h"
#include "../debug/watch.h"
// clang-format on

/* wio__wake() of a task that is known to be parked. */
static inline void wio__wake_parked(wio__task *task, int status) {
    WIO__TRACE(WIO_TRACE_WAKE, task, NULL, 0, status);
    task->wake_status = status;
    task->state = WIO__READY;
    wio__ready(&task->ready);
}

/* wio__waiters_grant() on the spot, for the hottest. */
static inline wio__waiter *wio__waiters_grants(wio__waiters *list, int status) {
    wio__waiter *first = list->first;
    if (!first) return NULL;
    if (first->task->state != WIO__PARKED) {
        WIO__RARE();
        if (!wio__context_leaf(wio__waiters_drop_woken, list)) return NULL;
        first = list->first;
    }
    list->first = first->next;
    if (list->first) list->first->prev = NULL;
    else list->last = NULL;
    first->list = NULL;
    first->granted = true;
    wio__wake_parked(first->task, status);
    return first;
}

/* wio__parked() on the spot, for the hottest. */
static inline void wio__parks(wio__task *self, const wio__wait *wait, void *object) {
    self->wait = wait;
    self->object = object;
    self->where = wio__here;
    WIO__FOR_REPORTS(self->since = wio__the.now);
    self->state = WIO__PARKED;
    self->aborted = false;
    WIO__TRACE(WIO_TRACE_WAIT, self, object, wait->of, 0);
    if (self->attention) {
        WIO__RARE();
        wio__interrupt_at_once(self);
    }
}

#endif
