/* What the parts for development share: none of it is linked into programs for size that do not ask for it. */
#ifndef WIO_DEVELOPMENT_H
#define WIO_DEVELOPMENT_H

#include "../report/text.h"

/* Events go to the host as well. */
void wio__trace_host(void (*sink)(const wio_trace_event *event));

/* "file.c:12" of a noted place, and "fetch_page" behind it; cut to the size. */
void wio__place_copy(char *to, size_t size, const char *place);
void wio__what_copy(char *to, size_t size, const char *place);

/* Fills in `what`, `value`, `limit` and `waiting` of a semaphore, lock, queue, … */
void wio__count(const void *object, int of, wio_trace_event *event);

/* The URL, or whatever the object of a wait is called; NULL: it has no name. */
const char *wio__object_name(const wio__task *task);

/* Who holds a wio_lock; NULL: nobody, or a task that has ended. */
const wio__task *wio__lock_holder(const void *lock);

/* What stands behind a task's line: the state of what it waits for; with `more` also since when, its age, where it was
 * created, and who cancelled it. */
void wio__report_details(wio__text *text, const wio__task *task, bool more);

/* "0 of 10 free, 3 in line"; nothing for kinds that have no state. */
bool wio__describe(wio__text *text, const void *object, int of);

#endif
