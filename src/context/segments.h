/* Where a stack is in pieces. */
#ifndef WIO_SEGMENTS_H
#define WIO_SEGMENTS_H

#include "context.h"

/* A wio__stack_end of the first segment has nothing below it. */
typedef struct {
    wio__pool *pool; /* where its block is from */
    void *block;
    uintptr_t stack_pointer, limit; /* of the segment before */
    wio__stack_end end;
} wio__segment;

static inline wio__segment *wio__segment_at(uintptr_t limit) {
    return (wio__segment *)(limit - offsetof(wio__segment, end.top));
}

/* The word behind a save area is its size. */
#define WIO__OWNED ((uintptr_t)1 << 31) /* in it: the area is not part of the context's first block */
static inline uintptr_t *wio__area_size(uintptr_t saved_limit) { return (uintptr_t *)saved_limit; }

static inline void wio__area_give(uintptr_t saved_limit) {
    uintptr_t owned = *wio__area_size(saved_limit), size = owned & ~WIO__OWNED;
    if (owned & WIO__OWNED) wio__stack_give((char *)(saved_limit - size), size + sizeof(uintptr_t));
}

#endif
