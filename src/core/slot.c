/* Task handles. A handle is a slot number and a generation, never a pointer: a stale or foreign one is recognised
 * instead of crashing. Slots are never given back to malloc. */
#include "core.h"

enum { CHUNK = 256, CHUNKS = 4096, RETIRED = 16384 };

static wio__task *chunks[CHUNKS];
static uint32_t used;         /* slots handed out at least once */
static wio__task *free_first; /* last freed, first used: warm in the cache */
static wio__task *retired_first, *retired_last;
static size_t retired_count;

wio__task *wio__slot_at(size_t index) { return index < used ? &chunks[index / CHUNK][index % CHUNK] : NULL; }

static wio__task *slot_fresh(void) {
    if (used == (uint32_t)CHUNK * CHUNKS) return NULL;
    wio__task **chunk = &chunks[used / CHUNK];
    if (!*chunk && !(*chunk = calloc(CHUNK, sizeof **chunk))) return NULL;
    wio__task *task = &(*chunk)[used % CHUNK];
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
    WIO__FOR_REPORTS(free(task->extra->cancelled_by));
    free(task->extra->import_text);
    free(task->extra);
}

/* Everything but the identity of the slot starts afresh. */
static void slot_reset(wio__task *task) {
    uint32_t handle = task->handle;
    wio__note_clear(&task->note);
    extra_free(task);
    *task = (wio__task){.handle = handle};
}

static wio__task *retired_pop(void) {
    wio__task *task = retired_first;
    retired_first = task->free_next;
    if (!retired_first) retired_last = NULL;
    retired_count--;
    slot_reset(task);
    return task;
}

wio__task *wio__slot_take(void) {
    wio__task *task = free_first;
    if (task) free_first = task->free_next;
    else if (retired_count > RETIRED) task = retired_pop();
    else if (!(task = slot_fresh())) {
        if (!retired_first) return NULL;
        task = retired_pop();
    }
    task->free_next = NULL;
    task->handle += 1 << WIO__SLOT_BITS; /* the next generation */
    if (task->handle >> WIO__SLOT_BITS == 0) task->handle += 1 << WIO__SLOT_BITS;
    return task;
}

void wio__slot_free(wio__task *task) {
    slot_reset(task);
    task->free_next = free_first;
    free_first = task;
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
    wio__task *task = wio__slot_at(value & ((1 << WIO__SLOT_BITS) - 1));
    if (handle && task && task->state != WIO__FREE && task->handle == value) return task;
    if (function)
        wio__misuse(-EINVAL, function,
                    handle ? "this handle is no longer valid (awaited or detached before?) or was never a task"
                           : "the task is NULL");
    return NULL;
}
