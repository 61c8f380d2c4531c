/* Memory for stacks, from free lists by size: taking and giving back costs a few instructions, and what is given back is
 * taken again first, while it is in the cache. It stays here until nothing of its size is in use. */
#include "context.h"

#include <stdlib.h>

typedef struct wio__slab {
    struct wio__slab *next;
} slab;

static wio__pool *pools;

enum { ALIGN = 16, CACHE_LINE = 64, PAGE = 4096, SLAB_MIN = 32 * 1024, SLAB_MAX = 1024 * 1024 };

/* An odd number of cache lines: with stacks a power of two apart, the few bytes that a switch touches in each would
 * all compete for one set of the cache (measured: a third of a switch). */
static size_t rounded(size_t size) {
    if (size < PAGE) return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    return ((size + CACHE_LINE - 1) / CACHE_LINE | 1) * CACHE_LINE;
}

wio__pool *wio__pool_of(size_t asked) {
    size_t size = rounded(asked);
    for (wio__pool **at = &pools; *at; at = &(*at)->next) {
        wio__pool *found = *at;
        if (found->size != size) continue;
        *at = found->next; /* to the front: the next request is likely for the same size */
        found->next = pools;
        return pools = found;
    }
    wio__pool *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return NULL;
    fresh->size = size;
    fresh->next = pools;
    return pools = fresh;
}

/* A slab is cut into regions, of which each ends where the next begins: the top of one stack and the bottom of its neighbour
 * share a page, so a shallow task touches one page and not two. Slabs double. */
static bool grow(wio__pool *pool) {
    size_t bytes = pool->size * pool->slab_count * 2;
    if (bytes < SLAB_MIN) bytes = SLAB_MIN;
    if (bytes > SLAB_MAX) bytes = SLAB_MAX;
    size_t count = bytes / pool->size;
    if (count == 0) count = 1;
    slab *fresh = malloc(ALIGN + count * pool->size + ALIGN);
    if (!fresh) return false;
    fresh->next = pool->slabs;
    pool->slabs = fresh;
    pool->fresh = (char *)(((uintptr_t)(fresh + 1) + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1));
    pool->fresh_count = pool->slab_count = count;
    return true;
}

void *wio__pool_take(wio__pool *pool) {
    void *taken = pool->free;
    if (taken) {
        pool->free = *(void **)taken;
    } else {
        if (!pool->fresh_count && !grow(pool)) return NULL;
        taken = pool->fresh;
        pool->fresh += pool->size;
        pool->fresh_count--;
    }
    pool->used++;
    return taken;
}

void *wio__stack_take(size_t size) {
    wio__pool *pool = wio__pool_of(size);
    return pool ? wio__pool_take(pool) : NULL;
}

void wio__stack_give(void *region, size_t size) { wio__pool_give(wio__pool_of(size), region); }

void *wio__stack_take_at(const void *address, wio__pool **pool) {
    for (wio__pool *each = pools; each; each = each->next)
        for (void **at = &each->free; *at; at = *at) {
            void *found = *at;
            if ((uintptr_t)address - (uintptr_t)found >= each->size) continue;
            *at = *(void **)found;
            each->used++;
            *pool = each;
            return found;
        }
    return NULL;
}

void wio__stack_drain(void) {
    for (wio__pool **at = &pools; *at;) {
        wio__pool *drained = *at;
        if (drained->used) {
            at = &drained->next;
            continue;
        }
        while (drained->slabs) {
            slab *gone = drained->slabs;
            drained->slabs = gone->next;
            free(gone);
        }
        *at = drained->next;
        free(drained);
    }
}
