/* Priority queues: a binary heap. Behind each item stands a number in the order of putting, which decides between equals. */
#include "queue.h"

static size_t order_at(const wio_queue *queue) { return queue->stride - sizeof queue->order; }

static uint64_t order_of(const wio_queue *queue, const char *slot) {
    uint64_t order;
    memcpy(&order, slot + order_at(queue), sizeof order);
    return order;
}

/* The program's function must not wait, with the heap half sorted: as outside tasks, whoever tries is refused. */
static bool before(const wio_queue *queue, size_t a, size_t b) {
    const char *slot_a = wio__item_at(queue, a), *slot_b = wio__item_at(queue, b);
    wio__task *self = wio__the.current;
    wio__the.current = NULL;
    int compared = queue->compare(slot_a, slot_b);
    wio__the.current = self;
    return compared < 0 || (compared == 0 && order_of(queue, slot_a) < order_of(queue, slot_b));
}

static void swap(const wio_queue *queue, size_t a, size_t b) {
    char *slot_a = wio__item_at(queue, a), *slot_b = wio__item_at(queue, b);
    for (size_t i = 0; i < queue->stride; i++) {
        char byte = slot_a[i];
        slot_a[i] = slot_b[i];
        slot_b[i] = byte;
    }
}

void wio__heap_added(wio_queue *queue) {
    size_t at = queue->count;
    uint64_t order = queue->order++;
    memcpy(wio__item_at(queue, at) + order_at(queue), &order, sizeof order);
    while (at > 0 && before(queue, at, (at - 1) / 2)) {
        swap(queue, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

void wio__heap_took_first(wio_queue *queue) {
    size_t n = queue->count, at = 0;
    if (n) memcpy(queue->items, wio__item_at(queue, n), queue->stride);
    for (;;) {
        size_t least = at, left = 2 * at + 1;
        if (left < n && before(queue, left, least)) least = left;
        if (left + 1 < n && before(queue, left + 1, least)) least = left + 1;
        if (least == at) return;
        swap(queue, at, least);
        at = least;
    }
}

int wio_queue_init_priority(wio_queue *queue, size_t item_size, size_t capacity,
                            int (*compare)(const void *, const void *)) {
    const char *function = "wio_queue_init_priority";
    if (queue && !compare) {
        *queue = (wio_queue){0};
        return wio__misuse_null(function, "compare");
    }
    int status = wio__queue_init(queue, item_size, capacity, WIO__PRIORITY, function);
    if (status < 0) return status;
    /* compare() gets pointers into the heap, so its slots are aligned for any type. */
    enum { ALIGNMENT = _Alignof(max_align_t) };
    queue->stride = (item_size + sizeof queue->order + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    queue->compare = compare;
    return 0;
}
