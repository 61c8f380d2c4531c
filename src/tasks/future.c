/* Futures: a result that somebody sets. Waiting for one is waiting for a task without the task. */
#include "future.h"
#include "../report/text.h"

/* ------------------------------------------------------------------------------------------ Errors' messages --- */

enum { RECORDS_MAX = 256 };

static wio__record *records;

static wio__record **find(const wio_future *future) {
    wio__record **at = &records;
    while (*at && (*at)->future != future) at = &(*at)->next;
    return at;
}

static void report(const wio__record *record) {
    if (record->looked_at) return;
    wio_error error = wio__note_error(&record->note, record->note.code, "(no task)");
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: a future");
    wio__report_error(&text, &error, record->created);
}

static void forget(wio__record **at) {
    wio__record *record = *at;
    if (!record) return;
    *at = record->next;
    report(record);
    wio__note_clear(&record->note);
    free(record);
}

/* Without memory the code must do; nobody is told of a failure that nobody looked at then. */
static void record_error(wio_future *future, bool looked_at) {
    wio__record *record = calloc(1, sizeof *record);
    if (!record) return;
    *record = (wio__record){.next = records, .future = future, .created = future->created, .looked_at = looked_at};
    const wio__task *self = wio__the.current;
    const wio__note *note = self ? &self->note : &wio__the.outside;
    if (note->code == future->status) wio__note_copy(&record->note, note);
    else record->note = (wio__note){.code = future->status, .where = wio__here};
    records = record;
    size_t n = 0;
    for (wio__record **at = &records; *at; at = &(*at)->next)
        if (++n > RECORDS_MAX) {
            forget(at);
            break;
        }
}

void wio__futures_drop(void) {
    while (records) forget(&records);
}

/* ---------------------------------------------------------------------------------------------------- Done --- */

void wio_future_init(wio_future *future) {
    if (!future) {
        wio__misuse_null("wio_future_init", "the future");
        return;
    }
    forget(find(future));
    *future = (wio_future){.created = wio__here};
}

static int settle(wio_future *future, int status) {
    forget(find(future)); /* of another future in the same place, which is gone */
    future->done = true;
    future->status = status;
    wio__waiters *waiters = wio__future_waiters(future);
    bool tasks = false;
    const wio__record *record = NULL;
    for (wio__waiter *each = waiters->first; each; each = each->next)
        tasks |= each->task && each->task->state == WIO__PARKED;
    if (tasks) future->looked_at = true;
    if (status < 0 && status != -ECANCELED) {
        record_error(future, tasks);
        record = *find(future);
    }
    for (wio__waiter *each = waiters->first; each && record; each = each->next)
        if (each->task && each->task->state == WIO__PARKED) wio__note_copy(&each->task->note, &record->note);
    wio__waiters_done(waiters, status);
    return 0;
}

/* -EALREADY is an answer and no misuse: a producer learns from it that nobody wants its value any more. */
static int settled(wio_future *future, const char *function) {
    if (!future) return wio__misuse_null(function, "the future");
    if (!future->done) return 0;
    wio__note_set(-EALREADY, NULL, 0);
    return -EALREADY;
}

int wio_future_set_result(wio_future *future, int result) {
    if (future && result < 0)
        return wio__misuse(-EINVAL, "wio_future_set_result", "a result is not negative; use wio_future_set_error()");
    int refused = settled(future, "wio_future_set_result");
    return refused ? refused : settle(future, result);
}

int wio_future_set_error(wio_future *future, int code) {
    if (future && code >= 0) return wio__misuse(-EINVAL, "wio_future_set_error", "an error is negative");
    int refused = settled(future, "wio_future_set_error");
    return refused ? refused : settle(future, code);
}

int wio_future_cancel(wio_future *future) {
    int refused = settled(future, "wio_future_cancel");
    return refused ? refused : settle(future, -ECANCELED);
}

bool wio_future_done(const wio_future *future) { return future && future->done; }

bool wio_future_cancelled(const wio_future *future) { return future && future->done && future->status == -ECANCELED; }

static wio__record *look(wio_future *future) {
    wio__record *record = *find(future);
    future->looked_at = true;
    if (record) record->looked_at = true;
    return record;
}

int wio_future_status(wio_future *future) {
    if (!future) return wio__misuse_null("wio_future_status", "the future");
    if (!future->done) return wio__misuse(-EAGAIN, "wio_future_status", "the future is not done yet");
    look(future);
    return future->status;
}

const wio_error *wio_future_error(wio_future *future) {
    if (!future || !future->done || future->status >= 0) return NULL;
    wio__record *record = look(future);
    static wio_error bare;
    wio_error *error = record ? &record->error : &bare;
    static const wio__note none;
    *error = wio__note_error(record ? &record->note : &none, future->status, "(no task)");
    return error;
}

int wio_future_copy(wio_future *to, wio_future *from) {
    if (!to || !from) return wio__misuse_null("wio_future_copy", "a future");
    if (!from->done) return wio__misuse(-EAGAIN, "wio_future_copy", "the future to copy is not done yet");
    int refused = settled(to, "wio_future_copy");
    if (refused) return refused;
    const wio__record *record = look(from);
    wio__task *self = wio__the.current;
    if (record) wio__note_copy(self ? &self->note : &wio__the.outside, &record->note);
    return settle(to, from->status);
}

void wio_future_destroy(wio_future *future) {
    if (!future) return;
    if (wio__future_callbacks_drop) wio__future_callbacks_drop(future);
    if (!future->done) settle(future, -ECANCELED);
    forget(find(future));
}

/* --------------------------------------------------------------------------------------------------- Waiting --- */

int wio__future_take(wio_future *future, wio__task *self) {
    const wio__record *record = look(future);
    if (record) wio__note_copy(&self->note, &record->note);
    return future->status;
}

static bool future_abort(void *task) {
    wio_future *future = ((wio__task *)task)->object;
    settle(future, -ECANCELED); /* wakes this task too, in its place among the others */
    return false;
}

static const wio__wait future_wait = {.kind = "future", .abort = future_abort, .of = WIO__OF_FUTURE};

int wio_future_await(wio_future *future) {
    if (!future) return wio__misuse_null("wio_future_await", "the future");
    wio__task *self = wio__self("wio_future_await");
    if (!self) return -EPERM;
    if (future->done) return wio__future_take(future, self);
    wio__waiters_push(wio__future_waiters(future), &self->waiter, self);
    int status = wio__park(self, &future_wait, future);
    /* From here on the future may be gone. */
    return self->aborted && status == -ECANCELED ? wio__deliver(self) : status;
}
