/* Stacks that grow. WebAssembly passes arguments in its own locals and never by their place on the C stack, so a stack may be
 * in pieces. Where a function finds that its frame does not fit, emsdk-config/segments.js has it call wio__stack_more(), and
 * wio__stack_less() at its end. A segment lives as long as that call: a task that has printed something holds no more
 * afterwards than before. Frames that Asyncify saves have an area of their own, in one piece, which a larger one replaces
 * when it is full (wio__save_room(), put in by switch.js). */
#ifdef __wasm__
#include "segments.h"

#ifdef WIO__STACKS_MAY_GROW
#include <string.h>

#define CALLED_BY_PASSES(name) __attribute__((export_name(#name), used))

void wio__set_stack(uintptr_t stack_pointer, uintptr_t limit);

/* ALL and STAYS are bits of sizes, which are multiples of four. */
enum { ALL = 1, STAYS = 2, SEGMENT_MIN = 1024, SEGMENT_CLASSES = 64 * 1024, AREA_MIN = 128 };

const char wio__no_stack_memory[] = "' found no memory for more stack: all that WebAssembly or the host has is in use";

/* For what is done here, since it is done where there is no room. The functions that change stacks have no frames. */
static _Alignas(16) char spare[1024];
static inline void enter_spare(void) { wio__set_stack((uintptr_t)(spare + sizeof spare), 0); }

static _Noreturn __attribute__((noinline)) void over(wio__context *context, int why) {
    wio__stack_over = context;
    wio__stack_over_why = why;
    __builtin_trap();
}

/* --------------------------------------------------------------------------------------------------- Segments --- */

/* A few sizes, so that what is given back fits again. */
static size_t class_of(size_t size) {
    size_t class = SEGMENT_MIN;
    while (class < size && class < SEGMENT_CLASSES) class *= 4;
    return class < size ? size : class;
}

/* Goes to a new segment with room for a frame of that size. With ALL in it: for a function that takes memory from its stack
 * while it runs (alloca(), arrays of variable length); it must have all that is left, since it cannot call itself in its
 * middle. False: it is on a last segment already. With STAYS: the function does not call itself, but goes on there, and looks
 * whether it is at the segment's top before it returns. */
CALLED_BY_PASSES(wio__stack_more) bool wio__stack_more(size_t needed) {
    uintptr_t stack_pointer = wio__context_outer(), limit = wio__stack_limit();
    if (limit == 0 && needed & ALL) return false;
    if (limit == 0) over(NULL, WIO__GUARD_STACK);
    const wio__stack_end *end = wio__stack_end_at(limit);
    wio__context *context = end->context;
    bool last = !wio__stack_grows() || end->floor == limit;
    size_t left = last ? stack_pointer - limit : stack_pointer - end->floor;
    if (needed > left) over(context, WIO__GUARD_STACK);
    if (last) return false; /* only if ALL */
    size_t wanted = (context->size - left) * 2;
    if (wanted < context->size / 64) wanted = context->size / 64;
    if (wanted > left || needed & ALL) wanted = left + sizeof(wio__segment);
    if (wanted < needed + sizeof(wio__segment)) wanted = needed + sizeof(wio__segment);
    enter_spare();
    wio__pool *pool = wio__pool_of(class_of(wanted));
    void *block = pool ? wio__pool_take(pool) : NULL;
    if (!block) over(context, WIO__GUARD_MEMORY);
    uintptr_t top = (uintptr_t)block + pool->size, floor = top - left;
    wio__segment *fresh = block;
    if (floor > (uintptr_t)(fresh + 1) && floor < top) fresh = wio__segment_at(floor);
    fresh->pool = pool;
    fresh->block = block;
    fresh->stack_pointer = stack_pointer;
    fresh->limit = limit;
    fresh->end.saved_size = 0;
    fresh->end.floor = floor;
    fresh->end.context = context;
    fresh->end.canary = WIO__CANARY;
    fresh->end.top = needed & STAYS ? top : 0;
    context->limit = (uintptr_t)&fresh->end.top;
    wio__set_stack(top, context->limit);
    return true;
}

CALLED_BY_PASSES(wio__stack_less) void wio__stack_less(void) {
    wio__segment *last = wio__segment_at(wio__stack_limit());
    uintptr_t stack_pointer = last->stack_pointer, limit = last->limit;
    if (last->end.canary != WIO__CANARY) over(last->end.context, WIO__GUARD_STACK);
    last->end.context->limit = limit;
    wio__pool_give(last->pool, last->block);
    wio__set_stack(stack_pointer, limit);
}

/* In the middle of a function there was no room. */
CALLED_BY_PASSES(wio__stack_ends) void wio__stack_ends(void) {
    uintptr_t limit = wio__stack_limit();
    over(limit ? wio__stack_end_at(limit)->context : NULL, WIO__GUARD_STACK);
}

/* ------------------------------------------------------------------------------------------------ Saved frames --- */

/* A larger area, with the frames that have been saved so far. */
static __attribute__((noinline)) uintptr_t larger(uintptr_t stack_pointer, uintptr_t limit, uintptr_t end,
                                                  size_t more) {
    const wio__stack_end *stack_end = wio__stack_end_at(limit);
    wio__context *context = stack_end->context;
    uintptr_t old = wio__saved_limit(), begin = old - (*wio__area_size(old) & ~WIO__OWNED);
    size_t used = end - begin, size = AREA_MIN;
    if (used + more > stack_pointer - stack_end->floor) over(context, WIO__GUARD_SAVED);
    while (size < used + more + sizeof(uintptr_t)) size *= 2;
    char *area = wio__stack_take(size);
    if (!area) over(context, WIO__GUARD_MEMORY);
    memcpy(area, (const void *)begin, used);
    wio__area_give(old);
    context->saved_limit = (uintptr_t)area + size - sizeof(uintptr_t);
    *wio__area_size(context->saved_limit) = (size - sizeof(uintptr_t)) | WIO__OWNED;
    wio__set_saved_limit(context->saved_limit);
    return (uintptr_t)area + used;
}

static __attribute__((noinline)) uintptr_t make_room(uintptr_t end, size_t size) {
    uintptr_t stack_pointer = wio__context_outer(), limit = wio__stack_limit();
    enter_spare();
    end = larger(stack_pointer, limit, end, size);
    wio__set_stack(stack_pointer, limit);
    return end;
}

/* Where a frame of that size is to be saved. */
CALLED_BY_PASSES(wio__save_room) uintptr_t wio__save_room(size_t size) {
    uintptr_t end = wio__saved_end();
    if (end + size > wio__saved_limit()) {
        WIO__RARE();
        end = make_room(end, size);
    }
    wio__set_saved_end(end + size);
    return end;
}
#endif
#endif
