/* What the tests of the scheduler share: a trace of letters, and coroutines that are needed everywhere. */
#ifndef WIO_TESTS_TOOLS_H
#define WIO_TESTS_TOOLS_H

#include "check.h"

#define LONG 1000.0 /* seconds: never, but no deadlock */

/* What happened, in order. */
static char trace[256];
CHECK__UNUSED static void trace_clear(void) { trace[0] = '\0'; }
CHECK__UNUSED static void mark(char letter) {
    size_t size = strlen(trace);
    if (size + 1 < sizeof trace) trace[size] = letter, trace[size + 1] = '\0';
}

/* arg: const char *, its first letter is marked when the body runs. */
CHECK__UNUSED static int marks(void *arg) {
    mark(*(const char *)arg);
    return 0;
}

/* arg: double *, seconds. */
CHECK__UNUSED static int naps(void *arg) { return wio_sleep(*(double *)arg); }
CHECK__UNUSED static int sleeps_long(void *arg) {
    (void)arg;
    return wio_sleep(LONG);
}

/* arg: int *, what it returns. */
CHECK__UNUSED static int returns(void *arg) { return *(int *)arg; }

/* Sleeps, then marks its letter and returns its result; a failing sleep is returned and marks '!' (or `cancelled`). */
typedef struct {
    double seconds;
    int result;
    char letter, cancelled;
} job;

CHECK__UNUSED static int does(void *arg) {
    job *self = (job *)arg;
    int rc = wio_sleep(self->seconds);
    if (rc) {
        if (self->letter) mark(self->cancelled ? self->cancelled : '!');
        return rc;
    }
    if (self->letter) mark(self->letter);
    return self->result;
}

/* arg: wio_task *, returns what awaiting it gave. */
CHECK__UNUSED static int awaits(void *arg) { return wio_await((wio_task *)arg); }

CHECK__UNUSED static int yields(int n) {
    int rc = 0;
    while (n-- > 0 && !rc) rc = wio_yield();
    return rc;
}

/* Message of the calling task's last error, "" if none. */
CHECK__UNUSED static const char *last_message(void) {
    const wio_error *error = wio_task_error(wio_current_task());
    return error ? error->message : "";
}

#endif
