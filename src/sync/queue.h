/* The inside of queues: how items are kept, and what wio_select() needs. */
#ifndef WIO_QUEUE_H
#define WIO_QUEUE_H

#include "../core/core.h"

enum { WIO__FIFO, WIO__LIFO, WIO__PRIORITY };

/* ------------------------------------------------------------------------------------------------------- Items --- */

static inline bool wio__items_add(wio_queue *queue, const void *item); /* false without memory */
static inline void wio__items_take(wio_queue *queue, void *item);      /* the next one; there is one */
void wio__items_free(wio_queue *queue);

static inline char *wio__item_at(const wio_queue *queue, size_t index) { return queue->items + index * queue->stride; }

/* What these two do not do on the spot: memory, and other orders than first in, first out. */
bool wio__items_add_else(wio_queue *queue, const void *item);
void wio__items_take_else(wio_queue *queue, void *item);

/* A call of memcpy() takes longer than a small item. */
static inline void wio__item_copy(void *to, const void *from, size_t size) {
    enum { WORD = 4 };
    if (size > 2 * WORD || size % WORD) {
        memcpy(to, from, size);
        return;
    }
    memcpy(to, from, WORD);
    if (size > WORD) memcpy((char *)to + WORD, (const char *)from + WORD, WORD);
}

static inline bool wio__items_add(wio_queue *queue, const void *item) {
    if (queue->count == queue->room || queue->kind) return wio__items_add_else(queue, item);
    size_t at = queue->start + queue->count++; /* less than twice the room */
    wio__item_copy(wio__item_at(queue, at < queue->room ? at : at - queue->room), item, queue->item_size);
    return true;
}

static inline void wio__items_take(wio_queue *queue, void *item) {
    if (queue->kind) {
        wio__items_take_else(queue, item);
        return;
    }
    size_t first = queue->start, size = queue->item_size;
    const char *from = wio__item_at(queue, first);
    queue->count--;
    queue->start = first + 1 == queue->room ? 0 : first + 1;
    wio__item_copy(item, from, size);
}

/* Only programs with priority queues have these. The new item, or the last of all, is behind the heap's end. */
void wio__heap_added(wio_queue *queue) __attribute__((weak));
void wio__heap_took_first(wio_queue *queue) __attribute__((weak));

int wio__queue_init(wio_queue *queue, size_t item_size, size_t capacity, int kind, const char *function);

/* ----------------------------------------------------------------------------------------- Getting and putting --- */

/* What is woken by a put or a get owns an item, or room for one, from then on, but takes or fills it when it runs: so an
 * item of higher priority that comes meanwhile is the one it gets, and giving up is no more than not taking. */

/* -EINVAL, reported, if it cannot be used. */
int wio__queue_refuse(const wio_queue *queue, const void *item, const char *function);

/* Whether it would not wait. */
bool wio__queue_can_get(const wio_queue *queue);
bool wio__queue_can_put(const wio_queue *queue);

/* Then: 0, -ESHUTDOWN or -ENOMEM. */
int wio__queue_get(wio_queue *queue, void *item);
int wio__queue_put(wio_queue *queue, const void *item, const char *function);

/* Otherwise it stands in line, and when it was granted takes its part (a queue that was full has memory), or gives back. */
static inline void wio__queue_push(wio__queue_side *side, wio__waiter *waiter, wio__task *task) {
    wio__waiters_push(wio__waiters_of(&side->first), waiter, task);
    if (!side->waiting) side->waiting = waiter;
}
int wio__queue_get_granted(wio_queue *queue, wio__waiter *waiter, void *item); /* 0 or -ESHUTDOWN */
int wio__queue_put_granted(wio_queue *queue, wio__waiter *waiter, const void *item);
void wio__queue_leave(wio__waiter *waiter); /* not granted, it gives up its place */
void wio__queue_get_back(wio_queue *queue, wio__waiter *waiter);
void wio__queue_put_back(wio_queue *queue, wio__waiter *waiter);

/* The parts of wio_queue_get() and wio_queue_put(). */
int wio__get_begins(wio_queue *queue, void *item);
int wio__get_ends(void);
int wio__put_begins(wio_queue *queue, const void *item);
int wio__put_ends(void);

/* -ESHUTDOWN, noted as the error of the calling code. */
int wio__queue_is_shut_down(void);

#endif
