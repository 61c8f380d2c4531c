/* Queues: tasks that get wait on one side, those that put on the other; an item and room for one are handed over. */
#include "queue.h"

/* ------------------------------------------------------------------------------------------------- The two sides --- */

/* Why a task was woken: it owns something, or the queue was shut down and it may have to give up. */
enum { OWNS, LOOK_AGAIN };

static wio__waiters *line_of(wio__queue_side *side) { return wio__waiters_of(&side->first); }

static wio__waiter *waiting_in(const wio__queue_side *side) { return side->waiting; }

/* A line is the first thing in its side. */
void wio__queue_leave(wio__waiter *waiter) {
    wio__queue_side *side = (wio__queue_side *)(void *)waiter->list;
    if (!side) return;
    if (side->waiting == waiter) side->waiting = waiter->next;
    wio__waiters_remove(waiter);
}

/* Whoever was granted something else meanwhile is dropped. */
static bool drop_woken(void *queue_side) {
    wio__queue_side *side = queue_side;
    while (side->waiting && waiting_in(side)->task->state != WIO__PARKED) wio__queue_leave(side->waiting);
    return side->waiting;
}

/* Until it runs it stays in line, where a shutdown finds it. */
static inline bool wake_first(wio__queue_side *side, int why) {
    wio__waiter *first = waiting_in(side);
    if (!first) return false;
    if (first->task->state != WIO__PARKED) {
        WIO__RARE();
        if (!wio__context_leaf(drop_woken, side)) return false;
        first = waiting_in(side);
    }
    side->waiting = first->next;
    side->woken += why == OWNS;
    first->granted = true;
    wio__wake_parked(first->task, why);
    return true;
}

static inline bool has_run(wio__queue_side *side, wio__waiter *waiter) {
    bool owned = waiter->task->wake_status == OWNS;
    wio__waiters_remove(waiter);
    side->woken -= owned;
    return owned;
}

static void fail_woken(wio__queue_side *side) {
    for (wio__waiter *first; (first = line_of(side)->first) != side->waiting;) {
        has_run(side, first);
        first->task->wake_status = -ESHUTDOWN;
    }
}

static bool fail_waiting(void *queue_side) {
    wio__queue_side *side = queue_side;
    while (drop_woken(side)) {
        wio__waiter *first = waiting_in(side);
        wio__queue_leave(first);
        first->granted = true;
        wio__wake_parked(first->task, -ESHUTDOWN);
    }
    return true;
}

static bool has_item(const wio_queue *queue) { return queue->count > queue->getters.woken; }
static bool has_room(const wio_queue *queue) {
    return !queue->capacity || queue->count + queue->putters.woken < queue->capacity;
}

static inline void serve_getters(wio_queue *queue) {
    if (queue->getters.waiting && has_item(queue)) wake_first(&queue->getters, OWNS);
}
static inline void serve_putters(wio_queue *queue) {
    if (queue->putters.waiting && has_room(queue)) wake_first(&queue->putters, OWNS);
}

/* -------------------------------------------------------------------------------------------- Getting and putting --- */

int wio__queue_is_shut_down(void) {
    wio__note_set(-ESHUTDOWN, NULL, 0);
    return -ESHUTDOWN;
}

static bool usable(const wio_queue *queue, const void *item) { return queue && queue->item_size && item; }

static int refuse(const wio_queue *queue, const char *function) {
    if (!queue) return wio__misuse_null(function, "the queue");
    if (queue->item_size) return wio__misuse_null(function, "the item");
    return wio__misuse(-EINVAL, function, "the queue was not initialised, or was destroyed before");
}

int wio__queue_refuse(const wio_queue *queue, const void *item, const char *function) {
    return usable(queue, item) ? 0 : refuse(queue, function);
}

/* While the last items of a queue that was shut down are others' already, they may still be given back. */
bool wio__queue_can_get(const wio_queue *queue) { return has_item(queue) || (queue->is_shutdown && !queue->count); }
bool wio__queue_can_put(const wio_queue *queue) { return queue->is_shutdown || has_room(queue); }

static WIO__HOT void take(wio_queue *queue, void *item) {
    wio__items_take(queue, item);
    if (queue->is_shutdown && !queue->count) {
        WIO__RARE();
        wio__context_leaf(fail_waiting, &queue->getters);
    }
    serve_putters(queue);
    WIO__CHANGED(queue, WIO__OF_QUEUE);
}

static WIO__HOT int add(wio_queue *queue, const void *item, const char *function) {
    if (!wio__items_add(queue, item)) {
        WIO__RARE();
        return wio__misuse(-ENOMEM, function, "no memory for another item");
    }
    queue->unfinished++;
    serve_getters(queue);
    WIO__CHANGED(queue, WIO__OF_QUEUE);
    return 0;
}

int wio__queue_get(wio_queue *queue, void *item) {
    if (!has_item(queue)) return wio__queue_is_shut_down();
    take(queue, item);
    return 0;
}

int wio__queue_put(wio_queue *queue, const void *item, const char *function) {
    return queue->is_shutdown ? wio__queue_is_shut_down() : add(queue, item, function);
}

int wio__queue_get_granted(wio_queue *queue, wio__waiter *waiter, void *item) {
    if (!has_run(&queue->getters, waiter)) return wio__queue_get(queue, item);
    take(queue, item);
    return 0;
}

int wio__queue_put_granted(wio_queue *queue, wio__waiter *waiter, const void *item) {
    has_run(&queue->putters, waiter);
    return add(queue, item, "wio_queue_put");
}

/* One that a shutdown has failed meanwhile is in no list any more. */
void wio__queue_get_back(wio_queue *queue, wio__waiter *waiter) {
    if (!waiter->list) return;
    has_run(&queue->getters, waiter);
    serve_getters(queue);
}

void wio__queue_put_back(wio_queue *queue, wio__waiter *waiter) {
    if (!waiter->list) return;
    has_run(&queue->putters, waiter);
    serve_putters(queue);
}

/* ----------------------------------------------------------------------------------------------------- Waiting --- */

static bool queue_abort(void *task) {
    wio__queue_leave(&((wio__task *)task)->waiter);
    return true;
}

static bool join_abort(void *task) {
    wio__waiters_remove(&((wio__task *)task)->waiter);
    return true;
}

static bool get_undo(void *task) {
    wio__task *self = task;
    wio__queue_get_back(self->object, &self->waiter);
    return true;
}

static bool put_undo(void *task) {
    wio__task *self = task;
    wio__queue_put_back(self->object, &self->waiter);
    return true;
}

static const wio__wait get_wait = {.kind = "queue get", .abort = queue_abort, .undo = get_undo, .of = WIO__OF_QUEUE};
static const wio__wait put_wait = {.kind = "queue put", .abort = queue_abort, .undo = put_undo, .of = WIO__OF_QUEUE};
static const wio__wait join_wait = {.kind = "queue join", .abort = join_abort, .of = WIO__OF_QUEUE};

static void line_up(wio__queue_side *side, wio__task *self, wio_queue *queue) {
    wio__queue_push(side, &self->waiter, self);
    WIO__CHANGED(queue, WIO__OF_QUEUE);
}

/* What a wait that has come to that status returns. */
static int waited(wio__task *self, int status) {
    wio__here = self->where;
    if (status != -ESHUTDOWN) return status;
    WIO__RARE();
    return wio__queue_is_shut_down();
}

static WIO__APART int refused(const wio_queue *queue, const void *item, const char *function) {
    if (!usable(queue, item)) return refuse(queue, function);
    return wio__self(function) ? 0 : -EPERM;
}

int wio__get_begins(wio_queue *queue, void *item) {
    wio__task *self = wio__the.current;
    if (!self || !usable(queue, item)) {
        WIO__RARE();
        return refused(queue, item, "wio_queue_get");
    }
    if (has_item(queue)) {
        take(queue, item);
        return 0;
    }
    if (wio__queue_can_get(queue)) {
        WIO__RARE();
        return wio__queue_is_shut_down();
    }
    self->item = item;
    line_up(&queue->getters, self, queue);
    wio__parks(self, &get_wait, queue);
    return WIO__HAS_PARKED;
}

int wio__get_ends(void) {
    wio__task *self = wio__the.current;
    int status = waited(self, wio__landed(self));
    return status < 0 ? status : wio__queue_get_granted(self->object, &self->waiter, self->item);
}

WIO__WAIT(wio_queue_get, (wio_queue * queue, void *item), wio__get_begins(queue, item), wio__get_ends())

int wio__put_begins(wio_queue *queue, const void *item) {
    wio__task *self = wio__the.current;
    if (!self || !usable(queue, item)) {
        WIO__RARE();
        return refused(queue, item, "wio_queue_put");
    }
    if (queue->is_shutdown) {
        WIO__RARE();
        return wio__queue_is_shut_down();
    }
    if (has_room(queue)) return add(queue, item, "wio_queue_put");
    self->item = (void *)(uintptr_t)item; /* it is only read */
    line_up(&queue->putters, self, queue);
    wio__parks(self, &put_wait, queue);
    return WIO__HAS_PARKED;
}

int wio__put_ends(void) {
    wio__task *self = wio__the.current;
    int status = waited(self, wio__landed(self));
    return status < 0 ? status : wio__queue_put_granted(self->object, &self->waiter, self->item);
}

WIO__WAIT(wio_queue_put, (wio_queue * queue, const void *item), wio__put_begins(queue, item), wio__put_ends())

int wio_queue_get_nowait(wio_queue *queue, void *item) {
    int status = wio__queue_refuse(queue, item, "wio_queue_get_nowait");
    if (status < 0) return status;
    if (wio__queue_can_get(queue)) return wio__queue_get(queue, item);
    wio__note_set(-EAGAIN, NULL, 0);
    return -EAGAIN;
}

int wio_queue_put_nowait(wio_queue *queue, const void *item) {
    int status = wio__queue_refuse(queue, item, "wio_queue_put_nowait");
    if (status < 0) return status;
    if (wio__queue_can_put(queue)) return wio__queue_put(queue, item, "wio_queue_put_nowait");
    wio__note_set(-ENOBUFS, NULL, 0);
    return -ENOBUFS;
}

/* ------------------------------------------------------------------------------------------------ Task accounting --- */

static wio__waiters *joiners_of(wio_queue *queue) { return wio__waiters_of(&queue->joiners); }

static void are_done(wio_queue *queue, size_t n) {
    queue->unfinished -= n;
    if (queue->unfinished) return;
    while (wio__waiters_grant(joiners_of(queue), 0)) continue;
}

int wio_queue_task_done(wio_queue *queue) {
    int status = wio__queue_refuse(queue, "", "wio_queue_task_done");
    if (status < 0) return status;
    if (!queue->unfinished) return wio__misuse(-EINVAL, "wio_queue_task_done", "called more often than items were put");
    are_done(queue, 1);
    return 0;
}

int wio_queue_join(wio_queue *queue) {
    int status = wio__queue_refuse(queue, "", "wio_queue_join");
    if (status < 0) return status;
    wio__task *self = wio__self("wio_queue_join");
    if (!self) return -EPERM;
    if (!queue->unfinished) return 0;
    wio__waiters_push(joiners_of(queue), &self->waiter, self);
    WIO__CHANGED(queue, WIO__OF_QUEUE);
    return waited(self, wio__park(self, &join_wait, queue));
}

/* -------------------------------------------------------------------------------------------- Beginning and end --- */

int wio__queue_init(wio_queue *queue, size_t item_size, size_t capacity, int kind, const char *function) {
    if (!queue) return wio__misuse_null(function, "the queue");
    *queue = (wio_queue){.item_size = item_size, .stride = item_size, .capacity = capacity, .kind = (uint8_t)kind};
    if (!item_size) return wio__misuse(-EINVAL, function, "item_size is 0");
    WIO__MADE("queue", queue);
    WIO__BEGUN(queue, WIO__OF_QUEUE);
    return 0;
}

int wio_queue_init(wio_queue *queue, size_t item_size, size_t capacity) {
    return wio__queue_init(queue, item_size, capacity, WIO__FIFO, "wio_queue_init");
}

int wio_queue_init_lifo(wio_queue *queue, size_t item_size, size_t capacity) {
    return wio__queue_init(queue, item_size, capacity, WIO__LIFO, "wio_queue_init_lifo");
}

void wio_queue_shutdown(wio_queue *queue, bool immediate) {
    if (wio__queue_refuse(queue, "", "wio_queue_shutdown") < 0) return;
    queue->is_shutdown = true;
    if (immediate) {
        /* Items that were handed over, but not yet taken, are among them. */
        size_t dropped = queue->count < queue->unfinished ? queue->count : queue->unfinished;
        queue->count = queue->start = 0;
        fail_woken(&queue->getters);
        are_done(queue, dropped);
    }
    if (!queue->count) fail_waiting(&queue->getters);
    while (wake_first(&queue->getters, LOOK_AGAIN)) continue;
    fail_waiting(&queue->putters);
    fail_woken(&queue->putters);
}

void wio_queue_destroy(wio_queue *queue) {
    if (!queue || !queue->item_size) return;
    wio_queue_shutdown(queue, true);
    while (wio__waiters_grant(joiners_of(queue), -ESHUTDOWN)) continue;
    wio__items_free(queue);
    WIO__GONE(queue);
}

size_t wio_queue_size(const wio_queue *queue) { return queue ? queue->count : 0; }
bool wio_queue_empty(const wio_queue *queue) { return !queue || !has_item(queue); }
bool wio_queue_full(const wio_queue *queue) { return queue && !has_room(queue); }
