/* Who awaits whom: as a tree, as cycles. Neither recursive (a chain of awaits may be of any length, and this may run on a
 * small stack) nor in need of memory to say something: without it, it goes less deep. */
#include "graph.h"

#include "development.h"

enum { MANY = 1000, INDENTED = 40 };

/* ------------------------------------------------------------------------------------------------------- Edges --- */

static bool is_group_of(const wio_scope *scope, const wio__children *children) {
    return scope->kind == WIO__SCOPE_GROUP && &((const wio_group *)(const void *)scope)->children == children;
}

const wio_group *wio__group_of(const wio__children *children) {
    const wio__task *parent = children->parent;
    const wio_group *group = (const wio_group *)(const void *)((const char *)children - offsetof(wio_group, children));
    for (const wio_scope *scope = parent->scope; scope; scope = scope->parent)
        if (is_group_of(scope, children)) return group;
    bool joins = parent->state == WIO__PARKED && parent->wait->of == WIO__OF_GROUP && parent->object == children;
    return joins ? group : NULL;
}

wio__edges wio__edges_of(const wio__task *task) { return (wio__edges){.of = task}; }

const wio__task *wio__edges_next(wio__edges *edges) {
    const wio__task *task = edges->of, *next;
    if (task->state != WIO__PARKED) return NULL;
    void *object = task->object;
    switch (task->wait->of) {
    case WIO__OF_TASK: return edges->index++ ? NULL : object;
    case WIO__OF_WATCHING:
        for (const wio__watching *all = object; edges->index < all->n;) {
            next = all->each[edges->index++].task;
            if (next && next->state != WIO__DONE) return next;
        }
        return NULL;
    case WIO__OF_GROUP:
    case WIO__OF_GATHER:
        if (edges->index && !edges->child) return NULL;
        do {
            next = edges->index++ ? edges->child->sibling_next : ((const wio__children *)object)->first;
            edges->child = next;
        } while (next && next->state == WIO__DONE);
        return next;
    case WIO__OF_LOCK: return edges->locks && !edges->index++ ? wio__lock_holder(object) : NULL;
    default: return NULL;
    }
}

/* ------------------------------------------------------------------------------------------------------ A walk --- */

/* The path from a root to where the walk stands. */
static wio__edges *path;
static uint32_t depth, room;

static bool enter(const wio__task *task, bool locks) {
    if (depth == room) {
        uint32_t more = room ? room * 2 : 64;
        wio__edges *grown = realloc(path, more * sizeof *path);
        if (!grown) return false;
        path = grown;
        room = more;
    }
    path[depth] = wio__edges_of(task);
    path[depth++].locks = locks;
    return true;
}

static void walk_begin(void) { depth = 0; }

static void walk_end(void) {
    free(path);
    path = NULL;
    depth = room = 0;
}

enum { UNSEEN, AWAITED, ON_PATH, SEEN };

static void marks_clear(void) {
    for (wio__task *task = wio__the.all_first; task; task = task->all_next) task->mark = UNSEEN;
}

static void mark(const wio__task *task, int as) { ((wio__task *)task)->mark = (uint8_t)as; }

/* ----------------------------------------------------------------------------------------------------- A tree --- */

static void indent(wio__text *text, uint32_t by) {
    for (uint32_t i = 0; i < by && i < INDENTED; i++) wio__text_add(text, "  ");
    if (by <= INDENTED) return;
    wio__text_add(text, "[");
    wio__text_number(text, (long)by);
    wio__text_add(text, "] ");
}

static void line(wio__text *text, const wio__task *task, uint32_t by, bool more) {
    indent(text, by);
    wio__report_task(text, task);
    wio__report_details(text, task, more);
    bool again = task->mark == SEEN && task->state == WIO__PARKED;
    wio__edges edges = wio__edges_of(task);
    if (again && wio__edges_next(&edges)) wio__text_add(text, " (what it awaits stands above)");
    wio__text_add(text, "\n");
}

static void subtree(wio__text *text, const wio__task *root, uint32_t by, bool more) {
    walk_begin();
    line(text, root, by, more);
    mark(root, SEEN);
    if (!enter(root, false)) return;
    while (depth) {
        wio__edges *top = &path[depth - 1];
        const wio__task *next = wio__edges_next(top);
        if (!next) {
            depth--;
            continue;
        }
        if (top->index > MANY) { /* a gather of 10,000 */
            size_t left = 1;
            while (wio__edges_next(top)) left++;
            indent(text, by + depth);
            wio__text_add(text, "… and ");
            wio__text_number(text, (long)left);
            wio__text_add(text, " more\n");
            continue;
        }
        line(text, next, by + depth, more);
        if (next->mark == SEEN) continue; /* and below it the same again */
        mark(next, SEEN);
        enter(next, false);
    }
}

void wio__tree(wio__text *text, int by, bool more) {
    marks_clear();
    for (wio__task *task = wio__the.all_first; task; task = task->all_next) {
        wio__edges edges = wio__edges_of(task);
        for (const wio__task *next; (next = wio__edges_next(&edges));)
            if (next != task) mark(next, AWAITED);
    }
    for (wio__task *task = wio__the.all_first; task; task = task->all_next)
        if (task->mark == UNSEEN) subtree(text, task, (uint32_t)by, more);
    for (wio__task *task = wio__the.all_first; task; task = task->all_next)
        if (task->mark == AWAITED) subtree(text, task, (uint32_t)by, more); /* awaited in a circle */
    walk_end();
    wio__cycles(text, by);
}

/* ------------------------------------------------------------------------------------------------------ Cycles --- */

static void cycle_line(wio__text *text, int by, const wio__task *again) {
    uint32_t first = depth;
    while (path[--first].of != again) {
    }
    indent(text, (uint32_t)by);
    wio__text_add(text, "a cycle of waits, which can never end: ");
    for (uint32_t i = first; i < depth; i++) {
        wio__text_add(text, wio__name(path[i].of));
        wio__text_add(text, " → ");
    }
    wio__text_add(text, wio__name(again));
    wio__text_add(text, "\n");
}

size_t wio__cycles(wio__text *text, int by) {
    size_t found = 0;
    marks_clear();
    for (wio__task *task = wio__the.all_first; task; task = task->all_next) {
        if (task->mark != UNSEEN) continue;
        walk_begin();
        mark(task, ON_PATH);
        if (!enter(task, true)) break;
        while (depth) {
            const wio__task *next = wio__edges_next(&path[depth - 1]);
            if (!next) mark(path[--depth].of, SEEN);
            else if (next->mark == ON_PATH) found++, cycle_line(text, by, next);
            else if (next->mark == UNSEEN && enter(next, true)) mark(next, ON_PATH);
        }
    }
    walk_end();
    return found;
}

/* --------------------------------------------------------------------------------------------- Who awaits it? --- */

static bool awaits(const wio__task *task, const wio__task *awaited) {
    wio__edges edges = wio__edges_of(task);
    for (const wio__task *next; (next = wio__edges_next(&edges));)
        if (next == awaited) return true;
    return false;
}

const wio__task *wio__next_awaiter(const wio__task *task, const wio__task *after) {
    const wio__task *next = after ? after->all_next : wio__the.all_first;
    while (next && !awaits(next, task)) next = next->all_next;
    return next;
}

void wio__awaiters(wio__text *text, const wio__task *task) {
    enum { DEEP = 64 };
    const wio__task *at[DEEP], *awaiter[DEEP];
    int level = 0;
    marks_clear();
    line(text, task, 0, true);
    mark(task, SEEN);
    at[0] = task;
    awaiter[0] = NULL;
    while (level >= 0) {
        const wio__task *next = wio__next_awaiter(at[level], awaiter[level]);
        awaiter[level] = next;
        if (!next) {
            level--;
            continue;
        }
        indent(text, (uint32_t)level + 1);
        wio__text_add(text, "awaited by ");
        line(text, next, 0, true);
        if (next->mark == SEEN || level + 1 == DEEP) continue;
        mark(next, SEEN);
        at[++level] = next;
        awaiter[level] = NULL;
    }
}
