/* Seeds: the tasks of a pass run in another order, the same one for the same seed on every host. Whatever the program does
 * wrong in one of these orders, it may do wrong in life. Callbacks keep their places, for asyncio promises their order. */
#include "../core/core.h"

/* PCG-RXS-M-XS (O'Neill, 2014) with 32 bits of state: a linear congruential step, and its state permuted. */
static uint32_t state;

static uint32_t next_random(void) {
    uint32_t word = state;
    state = state * 747796405u + 2891336453u;
    word = ((word >> ((word >> 28) + 4)) ^ word) * 277803737u;
    return (word >> 22) ^ word;
}

/* 0 .. n-1: the upper half of a product. The bias of n / 2^32 does not matter here. */
static uint32_t below(uint32_t n) { return (uint32_t)((uint64_t)next_random() * n >> 32); }

WIO__ENTRY(wio__seed) void wio__seed(uint32_t seed) {
    state = seed + 2891336453u;
    next_random(); /* neighbouring seeds begin alike otherwise */
    wio__the.watch |= WIO__WATCH_ORDER;
}

static bool is_task(const wio__handle *handle) {
    return !handle->fn || handle->fn == wio__first_step || (wio__is_body && wio__is_body(handle));
}

static wio__handle **handles; /* of the pass, and behind them those that are tasks */
static uint32_t room;

static bool make_room(uint32_t n) {
    if (n <= room) return true;
    wio__handle **grown = realloc(handles, 2 * n * sizeof(wio__handle *));
    if (!grown) return false; /* the order stays as it is */
    handles = grown;
    room = n;
    return true;
}

/* Fisher and Yates. */
static void shuffle(wio__handle **tasks, uint32_t n) {
    for (uint32_t i = n; i > 1; i--) {
        uint32_t j = below(i);
        wio__handle *swap = tasks[i - 1];
        tasks[i - 1] = tasks[j];
        tasks[j] = swap;
    }
}

void wio__shuffle(void) {
    uint32_t n = 0, count = 0;
    for (wio__handle *handle = wio__the.pass; handle; handle = handle->next) n++;
    if (!make_room(n)) return;
    wio__handle **tasks = handles + n;
    n = 0;
    for (wio__handle *handle = wio__the.pass; handle; handle = handle->next) {
        handles[n++] = handle;
        if (is_task(handle)) tasks[count++] = handle;
    }
    shuffle(tasks, count);
    wio__handle **link = &wio__the.pass;
    for (uint32_t i = 0; i < n; i++) {
        *link = is_task(handles[i]) ? *tasks++ : handles[i];
        link = &(*link)->next;
    }
    *link = NULL;
}
