#ifndef WIO_FUTURE_H
#define WIO_FUTURE_H

#include "../core/core.h"

/* The message of a future's error, apart from the future, which may be gone when somebody asks. */
typedef struct wio__record {
    struct wio__record *next;
    const wio_future *future;
    wio__note note;
    const char *created;
    wio_error error;
    bool looked_at;
} wio__record;

static inline wio__waiters *wio__future_waiters(wio_future *future) { return wio__waiters_of(&future->first); }

/* The result or error for a task that takes it: the error's words become its last error. */
int wio__future_take(wio_future *future, wio__task *self);

/* Its callbacks that have not been called are not: it is about to go. Only if the program has any. */
void wio__future_callbacks_drop(const wio_future *future) __attribute__((weak));

#endif
