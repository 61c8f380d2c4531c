/* Debug mode: what nobody has given back when a run is over. A table of what is open, by address. */
#include "../report/text.h"

typedef struct {
    const void *object; /* NULL: free, or given back */
    const char *kind, *where;
    uint32_t run, order;
    bool used;
} open_object;

static open_object *table;
static uint32_t room, used, next_order;

static open_object *place_of(open_object *in, uint32_t size, const void *object) {
    uint32_t at = ((uint32_t)((uintptr_t)object >> 2) * 2654435761u) & (size - 1);
    while (in[at].used && in[at].object != object) at = (at + 1) & (size - 1);
    return &in[at];
}

/* Twice as large, or as large, without those that were given back. */
static bool make_room(void) {
    if (used * 2 < room) return true;
    uint32_t left = 0;
    for (uint32_t i = 0; i < room; i++) left += table[i].object != NULL;
    uint32_t size = room ? (left * 4 >= room ? room * 2 : room) : 64;
    open_object *fresh = calloc(size, sizeof *fresh);
    if (!fresh) return false;
    for (uint32_t i = 0; i < room; i++)
        if (table[i].object) *place_of(fresh, size, table[i].object) = table[i];
    free(table);
    table = fresh;
    room = size;
    used = left;
    return true;
}

void wio__made(const char *kind, const void *object, const char *where) {
    if (!make_room()) return;
    open_object *at = place_of(table, room, object);
    if (!at->used) used++;
    *at = (open_object){.object = object,
                        .kind = kind,
                        .where = where,
                        .run = wio__the.on_main ? (uint32_t)WIO__RUN_OF_MAIN : wio__the.run,
                        .order = next_order++,
                        .used = true};
}

void wio__gone(const void *object) {
    if (!room) return;
    open_object *at = place_of(table, room, object);
    if (at->used) at->object = NULL;
}

static void report(const char *what, const char *name, const char *fault, const char *where) {
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: ");
    wio__text_add(&text, what);
    if (name) {
        wio__text_add(&text, " '");
        wio__text_add(&text, name);
        wio__text_add(&text, "'");
    }
    wio__text_add(&text, fault);
    if (where) {
        wio__text_add(&text, "; made at ");
        wio__text_place(&text, where);
    }
    wio__text_add(&text, "\n");
    wio__text_flush(&text);
}

/* The oldest that this run has left open; it is told of once. */
static bool report_oldest(uint32_t run) {
    open_object *oldest = NULL;
    for (uint32_t i = 0; i < room; i++)
        if (table[i].object && table[i].run == run && (!oldest || table[i].order < oldest->order)) oldest = &table[i];
    if (!oldest) return false;
    oldest->object = NULL;
    report(oldest->kind, NULL, " was never given back", oldest->where);
    return true;
}

void wio__run_checked(uint32_t run) {
    if (!(wio__the.watch & WIO__WATCH_DEBUG)) return;
    for (uint32_t i = 0; i < wio__slots_used(); i++) {
        const wio__task *task = wio__slot_at(i);
        if (task && task->state == WIO__DONE && task->run == run && !task->retired && task != wio__the.main)
            report(task->generates ? "generator" : "task", wio__name(task),
                   task->generates ? " was not closed" : " was neither awaited nor detached", task->created);
    }
    while (report_oldest(run)) {
    }
}
