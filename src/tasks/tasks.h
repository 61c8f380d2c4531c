/* What tasks are to each other: done callbacks, children, generators. What is weak is linked into programs that use it alone. */
#ifndef WIO_TASKS_H
#define WIO_TASKS_H

/* A callback that comes a pass after a task or future has ended; its place in the list is that of its registration. */
typedef struct wio__watch {
    wio__waiter waiter; /* first */
    wio__handle handle;
    wio__task *task; /* NULL: a future */
    struct wio__watching *of;
} wio__watch;

/* All that one call watches, in one block: it may be left while a callback is queued already, which then finds it gone. */
typedef struct wio__watching {
    void *data;
    uint32_t n, queued;
    bool gone;
    wio__watch each[];
} wio__watching;

wio__watching *wio__watching_new(size_t n, void *data); /* room for n; NULL without memory */
wio__watch *wio__watch_task(wio__watching *all, wio__task *task, bool (*fn)(void *handle));
wio__watch *wio__watch_list(wio__watching *all, wio__waiters *list, bool (*fn)(void *handle)); /* NULL: done already */
wio__watch *wio__watch_called(void *handle); /* first thing in fn; NULL: nobody is interested any more */
void wio__watching_end(wio__watching *all);  /* no more callbacks; NULL is harmless */

/* It has ended: wakes and calls back whoever is in the list, in order. True if there was a task among them. */
bool wio__waiters_done(wio__waiters *list, int status);

/* What is left of callbacks, handles and futures when a run is over. */
void wio__done_callbacks_drop(void) __attribute__((weak));
void wio__handles_drop(void) __attribute__((weak));
void wio__futures_drop(void) __attribute__((weak));

/* Whether there are callbacks yet to come, for which the run stays. */
bool wio__run_goes_on(bool ends_now) __attribute__((weak));

/* --------------------------------------------------------------------------------------- Groups and gather --- */

void wio__children_add(wio__children *children, wio__task *child, bool (*ended)(void *));
void wio__children_remove(wio__children *children, wio__task *child);
void wio__children_cancel(wio__children *children);
/* Whether a scope around the task's wait has struck it. `now`: those that are expired do, also if the cancel is passed on and
 * a result comes back. In programs with scopes. */
bool wio__struck(const wio__task *task, bool now) __attribute__((weak));
bool wio__group_abandon(wio_scope *scope) __attribute__((weak)); /* true: its tasks have to end first */
void wio__scope_check(const wio__task *task, const wio_scope *scope) __attribute__((weak)); /* was it overwritten? */
bool wio__scopes_abandon(wio__task *task) __attribute__((weak)); /* the same, for all scopes of a task that returns */
wio__task *wio__ended_task(void *handle);                        /* first thing in `ended`: the child */

/* Only programs with generators have these. */
int wio__generator_body(void *generator) __attribute__((weak)); /* what the task of a generator runs */
bool wio__is_body(const wio__handle *handle) __attribute__((weak));
void wio__generators_over(void) __attribute__((weak));           /* the run is */
bool wio__generators_left(void) __attribute__((weak));           /* of the run, and no other tasks */
void wio__generators_close(bool ends_now) __attribute__((weak)); /* if that is so */

#endif
