/* An await that closes a circle of tasks of which each ends only after the next: by awaits, and by waiting for the members of a
 * group or gather. Nobody could break it, since a cancel would only go round; so it is refused. What a cancel ends (a shield,
 * wio_wait()) and what somebody else may give (a lock, a future) is no such thing. */
#include "../report/text.h"

enum { LONGEST = 64, STEPS = 1000 }; /* what is longer, or too tangled, is found when nothing else can run */

typedef struct {
    const wio__task *at[LONGEST]; /* each ends only after the one before it */
    int size, steps;
} path;

static bool ends_after(const wio__task *task, const wio__task *other) {
    if (!task || task->state != WIO__PARKED) return false;
    int of = task->wait->of;
    if (of == WIO__OF_TASK) return task->object == other;
    return (of == WIO__OF_GROUP || of == WIO__OF_GATHER) && task->object == other->owner;
}

static bool leads_to(path *way, const wio__task *task);

static bool step_to(path *way, const wio__task *next, const wio__task *task) {
    if (!ends_after(next, way->at[way->size - 1])) return false;
    way->at[way->size++] = next;
    if (next == task || leads_to(way, task)) return true;
    way->size--;
    return false;
}

/* From the path's end on, backwards: who waits for whom is short, and mostly nobody does. */
static bool leads_to(path *way, const wio__task *task) {
    const wio__task *last = way->at[way->size - 1];
    if (way->size == LONGEST || ++way->steps > STEPS) return false;
    if (step_to(way, task, task)) return true;
    if (last->owner && step_to(way, last->owner->parent, task)) return true;
    for (const wio__waiter *each = last->awaiters.first; each; each = each->next)
        if (each->task && step_to(way, each->task, task)) return true;
    return false;
}

static void tell(char *to, const path *way) {
    enum { SHOWN = 6, NAME = 40 };
    size_t at = 0;
    for (int i = way->size; i >= 0; i--) {
        if (way->size > SHOWN && i > 2 && i < way->size - 2) continue;
        const char *name = wio__name(way->at[i % way->size]), *before = at ? " → " : "they would wait in a circle: ";
        if (way->size > SHOWN && i == 2) before = " → … → ";
        size_t length = strlen(name) < NAME ? strlen(name) : NAME;
        memcpy(to + at, before, strlen(before));
        at += strlen(before);
        memcpy(to + at, name, length);
        at += length;
    }
    to[at] = '\0';
}

int wio__await_closes(const wio__task *self, const wio__task *task) {
    path way = {.at = {self}, .size = 1};
    char words[400];
    if (!leads_to(&way, task)) return 0;
    tell(words, &way);
    return wio__misuse(-EDEADLK, "wio_await", words);
}
