/* How a queue keeps its items: a ring, of which a stack and a heap use the beginning. */
#include "queue.h"

static bool grow(wio_queue *queue) {
    enum { FIRST = 64 }; /* bytes */
    size_t room = queue->room ? queue->room * 2 : FIRST / queue->stride + 1;
    if (queue->capacity && room > queue->capacity) room = queue->capacity;
    if (room > (size_t)PTRDIFF_MAX / queue->stride) return false;
    char *items = malloc(room * queue->stride);
    if (!items) return false;
    if (queue->items) {
        size_t behind = queue->room - queue->start, first = queue->count < behind ? queue->count : behind;
        memcpy(items, wio__item_at(queue, queue->start), first * queue->stride);
        memcpy(items + first * queue->stride, queue->items, (queue->count - first) * queue->stride);
    }
    free(queue->items);
    queue->items = items;
    queue->room = room;
    queue->start = 0;
    return true;
}

bool wio__items_add_else(wio_queue *queue, const void *item) {
    if (queue->count == queue->room && !grow(queue)) return false;
    if (queue->kind == WIO__FIFO) return wio__items_add(queue, item);
    wio__item_copy(wio__item_at(queue, queue->count), item, queue->item_size);
    if (queue->kind == WIO__PRIORITY) wio__heap_added(queue);
    queue->count++;
    return true;
}

void wio__items_take_else(wio_queue *queue, void *item) {
    size_t last = --queue->count;
    wio__item_copy(item, wio__item_at(queue, queue->kind == WIO__LIFO ? last : 0), queue->item_size);
    if (queue->kind == WIO__PRIORITY) wio__heap_took_first(queue);
}

void wio__items_free(wio_queue *queue) {
    free(queue->items);
    *queue = (wio_queue){0};
}
