/* Regions for task stacks, from free lists by size. Wasm memory never shrinks and a region cannot be freed while its
 * task runs on it, so they are kept until no task is alive. */
#include "core.h"
#include "text.h"

typedef struct region {
    struct region *next;
} region;

typedef struct slab {
    struct slab *next;
} slab;

typedef struct pool {
    struct pool *next;
    size_t size;
    region *free;
    slab *slabs;
    size_t used;
} pool;

static pool *pools;

enum { ALIGN = 16, CACHE_LINE = 64, PAGE = 4096, SLAB_MIN = 64 * 1024, SLAB_MAX = 1024 * 1024 };

static pool *pool_of(size_t size) {
    for (pool **at = &pools; *at; at = &(*at)->next) {
        pool *found = *at;
        if (found->size != size) continue;
        *at = found->next; /* to the front: the next request is likely for the same size */
        found->next = pools;
        return pools = found;
    }
    pool *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return NULL;
    fresh->size = size;
    fresh->next = pools;
    return pools = fresh;
}

/* Cuts a slab into regions, of which each ends where the next begins: the top of one stack and the saved frames of
 * its neighbour share a page, so a shallow task touches one page and not two. */
static bool pool_grow(pool *grown) {
    size_t bytes = grown->size * 16;
    if (bytes < SLAB_MIN) bytes = SLAB_MIN;
    if (bytes > SLAB_MAX) bytes = SLAB_MAX;
    size_t count = bytes / grown->size;
    if (count == 0) count = 1;
    slab *fresh = malloc(ALIGN + count * grown->size + ALIGN);
    if (!fresh) return false;
    fresh->next = grown->slabs;
    grown->slabs = fresh;
    char *base = (char *)(((uintptr_t)(fresh + 1) + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1));
    for (size_t i = count; i-- > 0;) {
        region *each = (region *)(void *)(base + i * grown->size);
        each->next = grown->free;
        grown->free = each;
    }
    return true;
}

/* An odd number of cache lines: with stacks a power of two apart, the few bytes that a switch touches in each would
 * all compete for one set of the cache (measured: a third of a switch). */
static size_t region_size(size_t size) {
    if (size < PAGE) return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    return ((size + CACHE_LINE - 1) / CACHE_LINE | 1) * CACHE_LINE;
}

void *wio__stack_take(size_t *size) {
    *size = region_size(*size);
    pool *from = pool_of(*size);
    if (!from || (!from->free && !pool_grow(from))) return NULL;
    region *taken = from->free;
    from->free = taken->next;
    from->used++;
    return taken;
}

void wio__stack_give(void *stack, size_t size) {
    pool *to = pool_of(size);
    region *given = stack;
    given->next = to->free;
    to->free = given;
    to->used--;
}

void wio__stack_drain(void) {
    for (pool **at = &pools; *at;) {
        pool *drained = *at;
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

void wio__guard_failed(const wio__context *context, const char *name, int what) {
    wio__the.dead = true;
    wio__text text = {0};
    wio__text_add(&text, "task '");
    wio__text_add(&text, name);
    wio__text_add(&text, "' overflowed its stack of ");
    wio__text_number(&text, (long)context->size);
    wio__text_add(&text, what == WIO__GUARD_SAVED ? " bytes (its suspended frames met its C stack)"
                                                  : " bytes (its C stack ran over the lower end)");
    wio__text_add(&text, ". Raise it: wio_create_task_with(fn, arg, &(wio_task_options){.stack_size = ");
    wio__text_number(&text, (long)context->size * 2);
    wio__text_add(&text, "}), or wio_set_default_stack_size() for all tasks.");
    wio__host_fault(text.buffer, text.size);
}
