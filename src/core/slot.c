/* Task handles. A handle is a slot number and a generation, never a pointer: a stale or foreign one is recognised
 * instead of crashing. Slots are of chunks, which go back to malloc() when there are many and all of one are free; what is
 * kept of them then is the generations. */
#include "core.h"

enum { CHUNK = 256, CHUNKS = 4096, RETIRED = 16384, ALIGN = 16 };
#define SLOT_MASK ((UINT32_C(1) << WIO__SLOT_BITS) - 1)

static char *chunks[CHUNKS];
static uint32_t used;         /* slots handed out at least once */
static wio__task *free_first; /* last freed, first used: warm in the cache */
static wio__task *retired_first, *retired_last;
static size_t retired_count;

static wio__task *at(size_t index) {
    return (wio__task *)(void *)(chunks[index / CHUNK] + index % CHUNK * WIO__SLOT_SIZE);
}

uint32_t wio__slots_used(void) { return used; }
wio__task *wio__slot_at(size_t index) { return index < used && chunks[index / CHUNK] ? at(index) : NULL; }

#ifdef __OPTIMIZE_SIZE__
static char *chunk_new(void) { return calloc(CHUNK, WIO__SLOT_SIZE); }
#else
/* What malloc() has given stands behind the slots, which begin at a multiple of ALIGN. */
static char *chunk_new(void) {
    char *block = malloc(CHUNK * WIO__SLOT_SIZE + ALIGN + sizeof block);
    if (!block) return NULL;
    char *chunk = block + (-(uintptr_t)block & (ALIGN - 1));
    memcpy(chunk + CHUNK * WIO__SLOT_SIZE, &block, sizeof block);
    return chunk;
}
static void chunk_free(const char *chunk) {
    char *block;
    memcpy(&block, chunk + CHUNK * WIO__SLOT_SIZE, sizeof block);
    free(block);
}
#endif

static wio__task *slot_fresh(void) {
    if (used == (uint32_t)CHUNK * CHUNKS) return NULL;
    char **chunk = &chunks[used / CHUNK];
    if (!*chunk && !(*chunk = chunk_new())) return NULL;
    wio__task *task = at(used);
    task->handle = used++;
    return task;
}

wio__extra *wio__extra_of(wio__task *task, size_t name_size) {
    if (!task->extra) task->extra = calloc(1, sizeof *task->extra + name_size);
    return task->extra;
}

static void kept_free(wio__task *task) {
    if (!task->extra) return;
    for (wio__kept *gone; (gone = task->extra->kept); free(gone)) task->extra->kept = gone->next;
}

static void extra_free(wio__task *task) {
    if (!task->extra) return;
    kept_free(task);
    WIO__FOR_REPORTS(wio__canceller_drop(task->extra->cancelled_by));
    free(task->extra->import_text);
    free(task->extra);
}

/* What the task owned is freed; the slot's identity stays. The rest is cleared when it is taken again, and used. */
static void slot_empty(wio__task *task) {
    wio__note_clear(&task->note);
    extra_free(task);
    task->extra = NULL;
    task->state = WIO__FREE;
}

/* Where speed counts not by memset(), which is a call that looks at sizes: 64 bytes at a time it is stores. */
static void slot_clear(wio__task *task) {
    uint32_t handle = task->handle;
#if defined(__wasm__) && !defined(__OPTIMIZE_SIZE__)
    enum { STRETCH = 64 };
    _Static_assert(sizeof *task % STRETCH == 0, "whole stretches");
    for (char *at = (char *)task; at < (char *)(task + 1); at += STRETCH) {
        memset(at, 0, STRETCH);
        __asm__ volatile("" ::: "memory"); /* or the compiler makes one memset() of it again */
    }
    task->handle = handle;
#else
    *task = (wio__task){.handle = handle};
#endif
}

static wio__task *retired_pop(void) {
    wio__task *task = retired_first;
    retired_first = task->free_next;
    if (!retired_first) retired_last = NULL;
    retired_count--;
    slot_empty(task);
    return task;
}

static void slot_to_free(wio__task *task) {
    task->free_next = free_first;
    free_first = task;
}

/* ------------------------------------------------------------------------------------------------ Giving back --- */

/* Programs built for size keep what they have. */
#ifdef __OPTIMIZE_SIZE__
static void count_taken(const wio__task *task) { (void)task; }
static void count_freed(const wio__task *task) { (void)task; }
static wio__task *chunk_again(void) { return NULL; }
void wio__slots_drain(void) {}
#else

enum { KEPT_CHUNKS = 4 };

static uint16_t in_use[CHUNKS];       /* slots that are not free */
static uint16_t *generations[CHUNKS]; /* of a chunk that was given back */
static uint32_t freed, given_back;    /* slots, since the last look; chunks */

static uint32_t chunk_of(const wio__task *task) { return (task->handle & SLOT_MASK) / CHUNK; }
static void count_taken(const wio__task *task) { in_use[chunk_of(task)]++; }
static void count_freed(const wio__task *task) {
    in_use[chunk_of(task)]--;
    freed++;
}

/* One that was given back is made anew, and its slots are free. */
static wio__task *chunk_again(void) {
    if (!given_back) return NULL;
    uint32_t chunk = 0;
    while (!generations[chunk]) chunk++;
    if (!(chunks[chunk] = chunk_new())) return NULL;
    for (uint32_t i = CHUNK; i-- > 0;) {
        wio__task *task = at(chunk * CHUNK + i);
        task->handle = (uint32_t)generations[chunk][i] << WIO__SLOT_BITS | (chunk * CHUNK + i);
        task->state = WIO__FREE;
        slot_to_free(task);
    }
    free(generations[chunk]);
    generations[chunk] = NULL;
    given_back--;
    wio__task *first = free_first;
    free_first = first->free_next;
    return first;
}

static void note_generations(uint32_t chunk) {
    uint16_t *kept = malloc(CHUNK * sizeof *kept);
    if (!kept) return;
    for (uint32_t i = 0; i < CHUNK; i++) kept[i] = (uint16_t)(at(chunk * CHUNK + i)->handle >> WIO__SLOT_BITS);
    generations[chunk] = kept;
}

/* Looks only when a good part of the slots has been freed since the last time, so that it costs little for each. */
void wio__slots_drain(void) {
    uint32_t whole = used / CHUNK;
    if (whole - given_back <= KEPT_CHUNKS || freed < (whole - given_back) * (CHUNK / 4)) return;
    while (retired_count > RETIRED) wio__slot_free(retired_pop());
    freed = 0;
    for (uint32_t i = KEPT_CHUNKS; i < whole; i++)
        if (chunks[i] && !in_use[i]) note_generations(i);
    for (wio__task **link = &free_first; *link;) {
        if (generations[chunk_of(*link)]) *link = (*link)->free_next;
        else link = &(*link)->free_next;
    }
    for (uint32_t i = KEPT_CHUNKS; i < whole; i++) {
        if (!chunks[i] || !generations[i]) continue;
        chunk_free(chunks[i]);
        chunks[i] = NULL;
        given_back++;
    }
}
#endif

/* ------------------------------------------------------------------------------------------ Taking, freeing --- */

wio__task *wio__slot_take(void) {
    wio__task *task = free_first;
    if (task) {
        free_first = task->free_next;
        count_taken(task);
    } else if (retired_count > RETIRED) {
        task = retired_pop();
    } else if ((task = chunk_again()) || (task = slot_fresh())) {
        count_taken(task);
    } else {
        if (!retired_first) return NULL;
        task = retired_pop();
    }
    slot_clear(task);
    task->handle += 1 << WIO__SLOT_BITS; /* the next generation */
    if (task->handle >> WIO__SLOT_BITS == 0) task->handle += 1 << WIO__SLOT_BITS;
    return task;
}

void wio__slot_free(wio__task *task) {
    slot_empty(task);
    count_freed(task);
    slot_to_free(task);
}

/* One that somebody still watches is retired when the last has let go. */
void wio__slot_retire(wio__task *task) {
    kept_free(task);
    task->retired = true;
    if (task->holds) return;
    task->free_next = NULL;
    task->sibling_prev = retired_last;
    if (retired_last) retired_last->free_next = task;
    else retired_first = task;
    retired_last = task;
    retired_count++;
}

void wio__slot_recall(wio__task *task) {
    wio__task *next = task->free_next, *prev = task == retired_first ? NULL : task->sibling_prev;
    if (prev) prev->free_next = next;
    else retired_first = next;
    if (next) next->sibling_prev = prev;
    else retired_last = prev;
    retired_count--;
}

wio__task *wio__find(const wio_task *handle, const char *function) {
    uint32_t value = (uint32_t)(uintptr_t)handle;
    wio__task *task = wio__slot_at(value & SLOT_MASK);
    if (handle && task && task->state != WIO__FREE && task->handle == value) return task;
    if (function) wio__misuse(-EINVAL, function, handle ? WIO__WORD(STALE_TASK) : WIO__WORD(NULL_TASK));
    return NULL;
}
