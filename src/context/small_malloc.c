/* malloc() of programs built for size: a quarter of emmalloc's code. Chunks know their neighbours, so what is freed grows
 * together at once; free ones stand in lists by size, two to a power of two, and a bit for each list says where to look.
 * Only the list that may have too small ones is searched. Without it the linker would take emmalloc (-Os, -Oz) or dlmalloc. */
#ifdef __wasm__
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__OPTIMIZE_SIZE__) && !defined(__wasm_atomics__) /* threads need locks: dlmalloc has them */

/* What malloc() returns begins behind `head`, at a multiple of 16, and goes on to the next chunk's head. A free chunk has
 * its links there, and its size once more in its last word, where the chunk behind it finds it. */
typedef struct chunk {
    uint32_t head; /* size, a multiple of 16, and flags */
    struct chunk *next, **link;
} chunk;

enum { USED = 1, BEFORE_USED = 2, FLAGS = 3, ALIGN = 16, HEAD = 4, PAGE = 65536 };

static chunk *bins[64];
static uint64_t filled; /* which have chunks, or had some */
static char *heap_end;  /* of the region that grows: a used chunk of no size */

extern char __heap_base;

/* Memory grows geometrically: by pages it cost 19-27 us a task on Node 20, against 1.3 us. */
void *sbrk(intptr_t more) {
    static uintptr_t end;
    if (!end) end = ((uintptr_t)&__heap_base + ALIGN - 1) & -(uintptr_t)ALIGN;
    uintptr_t begin = end;
    size_t pages = __builtin_wasm_memory_size(0);
    if (more > 0 && (uintptr_t)more > -(uintptr_t)ALIGN - begin) return (void *)-1;
    size_t needed = (begin + (uintptr_t)more + PAGE - 1) / PAGE;
    if (needed > pages) {
        needed -= pages;
        size_t step = pages / 4 < 4096 ? pages / 4 : 4096;
        if ((step <= needed || __builtin_wasm_memory_grow(0, step) == SIZE_MAX) &&
            __builtin_wasm_memory_grow(0, needed) == SIZE_MAX)
            return (void *)-1;
    }
    end = begin + (uintptr_t)more;
    return (void *)begin;
}

static chunk *behind(chunk *of, uint32_t size) { return (chunk *)(void *)((char *)of + size); }
static chunk *chunk_of(void *block) { return (chunk *)(void *)((char *)block - HEAD); }
static uint32_t size_of(const chunk *each) { return each->head & ~(uint32_t)FLAGS; }

static unsigned bin_of(uint32_t size) {
    unsigned top = 31 - (unsigned)__builtin_clz(size);
    return top * 2 + (size >> (top - 1) & 1);
}

static void put(chunk *each, uint32_t size) {
    chunk *next = behind(each, size);
    each->head = size | BEFORE_USED; /* two free neighbours are one */
    ((uint32_t *)(void *)next)[-1] = size;
    next->head &= ~(uint32_t)BEFORE_USED;
    unsigned bin = bin_of(size);
    filled |= (uint64_t)1 << bin;
    each->link = &bins[bin];
    each->next = bins[bin];
    if (each->next) each->next->link = &each->next;
    bins[bin] = each;
}

static void take(chunk *each) {
    *each->link = each->next;
    if (each->next) each->next->link = each->link;
}

void free(void *block) {
    if (!block) return;
    chunk *each = chunk_of(block);
    uint32_t size = size_of(each);
    chunk *next = behind(each, size);
    if (!(next->head & USED)) {
        take(next);
        size += size_of(next);
    }
    if (!(each->head & BEFORE_USED)) {
        uint32_t before = ((uint32_t *)(void *)each)[-1];
        each = (chunk *)(void *)((char *)each - before);
        take(each);
        size += before;
    }
    put(each, size);
}

static bool grow(uint32_t size) {
    size = (size + 2 * ALIGN + PAGE - 1) & -(uint32_t)PAGE;
    char *region = sbrk((intptr_t)size);
    if (region == (void *)-1) return false;
    chunk *first = chunk_of(heap_end);
    if (region != heap_end) { /* the first region, or the program has called sbrk() */
        uint32_t odd = (uintptr_t)region & (ALIGN - 1);
        region += ALIGN - odd;
        size -= odd ? 2 * ALIGN : ALIGN;
        first = chunk_of(region);
        first->head = BEFORE_USED;
    }
    heap_end = region + size;
    chunk_of(heap_end)->head = USED;
    first->head = size | USED | (first->head & BEFORE_USED);
    free((char *)first + HEAD);
    return true;
}

static chunk *find(uint32_t size) {
    unsigned bin = bin_of(size);
    chunk *each = bins[bin];
    while (each && each->head < size) each = each->next;
    for (uint64_t larger = filled >> bin >> 1; !each && larger; larger >>= 1) {
        unsigned skipped = (unsigned)__builtin_ctzll(larger);
        larger >>= skipped;
        bin += skipped + 1;
        each = bins[bin];
    }
    return each;
}

/* The chunk becomes that small, if what is left is a chunk. */
static void shrink(chunk *each, uint32_t size) {
    uint32_t rest = size_of(each) - size;
    if (rest < ALIGN) return;
    each->head -= rest;
    chunk *next = behind(each, size);
    next->head = rest | USED | BEFORE_USED;
    free((char *)next + HEAD);
}

static uint32_t rounded(size_t size) {
    return size > ALIGN - HEAD ? (uint32_t)((size + HEAD + ALIGN - 1) & -(size_t)ALIGN) : ALIGN;
}

void *malloc(size_t size) {
    if (size > SIZE_MAX - 2 * (size_t)PAGE) return NULL;
    uint32_t whole = rounded(size);
    chunk *found;
    while (!(found = find(whole)))
        if (!grow(whole)) return NULL;
    take(found);
    found->head |= USED;
    behind(found, size_of(found))->head |= BEFORE_USED;
    shrink(found, whole);
    return (char *)found + HEAD;
}

void *calloc(size_t count, size_t size) {
    if (__builtin_mul_overflow(count, size, &size)) return NULL;
    void *block = malloc(size);
    return block ? memset(block, 0, size) : NULL;
}

size_t malloc_usable_size(void *block) { return block ? size_of(chunk_of(block)) - HEAD : 0; }

void *realloc(void *block, size_t size) {
    if (!block) return malloc(size);
    if (size > SIZE_MAX - 2 * (size_t)PAGE) return NULL;
    chunk *each = chunk_of(block), *next = behind(each, size_of(each));
    uint32_t whole = rounded(size);
    if (size_of(each) < whole && !(next->head & USED) && size_of(each) + size_of(next) >= whole) {
        take(next);
        each->head += size_of(next);
        behind(each, size_of(each))->head |= BEFORE_USED;
    }
    if (size_of(each) >= whole) {
        shrink(each, whole);
        return block;
    }
    void *moved = malloc(size);
    if (!moved) return NULL;
    memcpy(moved, block, size_of(each) - HEAD);
    free(block);
    return moved;
}

void *memalign(size_t alignment, size_t size) {
    if (alignment <= ALIGN) return malloc(size);
    if (size > SIZE_MAX - 2 * (size_t)PAGE - alignment) return NULL;
    char *block = malloc(size + alignment);
    if (!block) return NULL;
    chunk *each = chunk_of(block);
    uint32_t before = (uint32_t)(-(uintptr_t)block & (alignment - 1));
    if (before) {
        chunk *aligned = behind(each, before);
        aligned->head = (size_of(each) - before) | USED | BEFORE_USED;
        each->head -= size_of(aligned);
        free(block);
        each = aligned;
    }
    shrink(each, rounded(size));
    return (char *)each + HEAD;
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **to, size_t alignment, size_t size) {
    if (alignment & (alignment - 1) || alignment < sizeof(void *)) return EINVAL;
    *to = memalign(alignment, size);
    return *to ? 0 : ENOMEM;
}
#endif
#endif
