/* Beginning and end of a context: nothing is switched here. The switches are in asyncify.S. */
#ifdef __wasm__
#include "segments.h"

_Static_assert(offsetof(wio__context, limit) == 4 && offsetof(wio__context, saved_end) == 8 &&
                   offsetof(wio__context, saved_limit) == 12 && offsetof(wio__context, fn) == 16 &&
                   offsetof(wio__context, result) == 20 &&
                   offsetof(wio__stack_end, top) - offsetof(wio__stack_end, canary) == 4,
               "asyncify.S has these offsets");

wio__context *wio__stack_over;
int wio__stack_over_why;

#ifdef WIO__STACKS_MAY_GROW
enum { SAVED_PART = 8, SAVED_MAX = 1024 };
#endif

/* [saved frames grow up | end | C stack grows down]; where stacks do not grow [end | saved frames grow up, C stack down],
 * so that no guess about their proportion is needed. */
bool wio__context_init(wio__context *context, void *block, size_t block_size, size_t size, int (*fn)(void *),
                       void *arg) {
    uintptr_t at = (uintptr_t)block, top = at + block_size;
    size_t saved = 0;
#ifdef WIO__STACKS_MAY_GROW
    if (wio__stack_grows()) saved = block_size / SAVED_PART & ~(size_t)3;
    if (saved && saved < WIO__SAVED_MIN) saved = WIO__SAVED_MIN;
    if (saved > SAVED_MAX) saved = SAVED_MAX;
#endif
    wio__stack_end *end = (wio__stack_end *)(at + saved);
    *end = (wio__stack_end){.saved_size = saved, .floor = top - size, .context = context, .canary = WIO__CANARY};
    *context = (wio__context){.stack_pointer = top,
                              .limit = (uintptr_t)&end->top,
                              .saved_end = saved ? at : (uintptr_t)(end + 1),
                              .saved_limit = wio__stack_grows() ? (uintptr_t)end : UINTPTR_MAX,
                              .fn = fn,
                              .arg = arg,
                              .size = size};
    return true;
}

size_t wio__stack_room(void) {
    uintptr_t limit = wio__stack_limit();
    if (limit == 0) return SIZE_MAX;
    return wio__context_outer() - (wio__stack_grows() ? wio__stack_end_at(limit)->floor : limit);
}

void wio__context_keep(wio__context *context, const void *address) {
    wio__pool *pool;
    wio__segment *kept = wio__stack_grows() ? wio__stack_take_at(address, &pool) : NULL;
    if (!kept) return;
    *kept = (wio__segment){.pool = pool, .block = kept, .limit = context->limit, .end = {.canary = WIO__CANARY}};
    context->limit = (uintptr_t)&kept->end.top;
}

void wio__context_free(wio__context *context) {
    if (wio__stack_grows()) {
        wio__area_give(context->saved_limit);
        while (wio__stack_end_of(context)->saved_size == 0) {
            const wio__segment *kept = wio__segment_at(context->limit);
            context->limit = kept->limit;
            wio__pool_give(kept->pool, kept->block);
        }
    }
    context->limit = 0;
}
#endif
