/* malloc() and its like under a load of all sizes, each block filled and looked at again: 0 if nothing was wrong. */
#include "wasyncio.h"
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 1000, STEPS = 200000, PAGE = 65536 };

static struct {
    unsigned char *bytes;
    size_t size;
} blocks[BLOCKS];

static unsigned seed = 12345;
static unsigned next(unsigned below) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}
static size_t any_size(void) { return 1 + next(next(50) ? 300 : 70000); }

static int is_whole(unsigned k, size_t size) {
    for (size_t i = 0; i < size; i += size / 7 + 1)
        if (blocks[k].bytes[i] != (unsigned char)(k + i)) return 0;
    return 1;
}

static int resize(unsigned k) {
    size_t size = any_size(), kept = size < blocks[k].size ? size : blocks[k].size;
    blocks[k].bytes = realloc(blocks[k].bytes, size);
    blocks[k].size = size;
    return blocks[k].bytes && is_whole(k, kept);
}

static int make(unsigned k) {
    size_t size = any_size(), alignment = _Alignof(max_align_t);
    unsigned how = next(10);
    if (how == 0) alignment = 16u << next(8);
    unsigned char *bytes = how == 0 ? memalign(alignment, size) : how == 1 ? calloc(size, 1) : malloc(size);
    if (!bytes || (uintptr_t)bytes % alignment || malloc_usable_size(bytes) < size) return 0;
    for (size_t i = 0; how == 1 && i < size; i++)
        if (bytes[i]) return 0;
    blocks[k].bytes = bytes;
    blocks[k].size = size;
    return 1;
}

WIO_EXPORT(int, heap, (int own_sbrk)) {
    for (int step = 0; step < STEPS; step++) {
        unsigned k = next(BLOCKS);
        if (blocks[k].bytes && !is_whole(k, blocks[k].size)) return -1;
        if (blocks[k].bytes && next(3)) {
            free(blocks[k].bytes);
            blocks[k].bytes = NULL;
            continue;
        }
        if (!(blocks[k].bytes ? resize(k) : make(k))) return -2;
        for (size_t i = 0; i < blocks[k].size; i++) blocks[k].bytes[i] = (unsigned char)(k + i);
        if (own_sbrk && step % 50000 == 0) memset(sbrk(5), 0xff, 5); /* the heap goes on behind it */
    }
    for (int k = 0; k < BLOCKS; k++) free(blocks[k].bytes), blocks[k].bytes = NULL;
    size_t pages = __builtin_wasm_memory_size(0);
    void *volatile half = malloc(pages * PAGE / 3), *volatile too_much = malloc(SIZE_MAX - 5), *volatile too_many = calloc(PAGE, PAGE + 1);
    if (!half || too_much || too_many) return -3;
    free(half);
    return __builtin_wasm_memory_size(0) == pages || own_sbrk ? 0 : -4; /* what was freed has grown together */
}
