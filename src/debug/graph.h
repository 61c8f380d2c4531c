/* Who awaits whom. */
#ifndef WIO_GRAPH_H
#define WIO_GRAPH_H

#include "../report/text.h"

/* An iteration over the tasks that a task waits for. */
typedef struct wio__edges {
    const wio__task *of, *child;
    uint32_t index;
    bool locks; /* the holder of a lock counts too */
} wio__edges;

wio__edges wio__edges_of(const wio__task *task);
const wio__task *wio__edges_next(wio__edges *edges); /* NULL: no more */

/* The group that children belong to; NULL if it is a gather. */
const wio_group *wio__group_of(const wio__children *children);

/* The next task that awaits it, in order of creation. `after` NULL: the first. */
const wio__task *wio__next_awaiter(const wio__task *task, const wio__task *after);

/* The task's line, and below it those of all that await it, and of those that await them. */
void wio__awaiters(wio__text *text, const wio__task *task);

/* One line for each cycle of waits. Returns how many there are. */
size_t wio__cycles(wio__text *text, int depth);

#endif
