/* Debug mode: steps and callbacks that held the loop too long; and the pass in which each step is watched. */
#include "../report/text.h"

void wio_set_debug(double slow_step) {
    wio__loop *loop = &wio__the;
    loop->slow_step = slow_step >= 0 ? slow_step : -1;
    if (loop->slow_step >= 0) loop->watch |= WIO__WATCH_DEBUG;
    else loop->watch &= (uint8_t)~WIO__WATCH_DEBUG;
}

/* Debug mode from outside, before the program says otherwise: WASYNCIODEBUG, or an option of load(). */
WIO__ENTRY(wio__debug) void wio__debug(double slow_step) { wio_set_debug(slow_step); }

/* -------------------------------------------------------------------------------------------------- Slow steps --- */

static void held(wio__text *text, double seconds) {
    wio__text_add(text, " held the loop for ");
    wio__text_number(text, (long)(seconds * 1000));
    wio__text_add(text, " ms");
}

/* The step itself may have turned it off. */
static bool is_slow(double seconds) { return wio__the.slow_step >= 0 && seconds >= wio__the.slow_step; }

static void report_step(const wio__task *task, double seconds) {
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: task '");
    wio__text_add(&text, wio__name(task));
    wio__text_add(&text, "'");
    if (wio__text_what(&text, " (", task->created)) wio__text_add(&text, ")");
    held(&text, seconds);
    if (task->where) {
        bool waits = task->state == WIO__PARKED || task->state == WIO__READY;
        wio__text_add(&text, waits ? ", until it waited at " : ", after it had waited at ");
        wio__text_place(&text, task->where);
    } else if (task->created) {
        wio__text_add(&text, "; created at ");
        wio__text_place(&text, task->created);
    }
    wio__text_add(&text, "\n");
    wio__text_flush(&text);
}

static void report_callback(const char *place, double seconds) {
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: a callback");
    if (wio__text_what(&text, " (", place)) wio__text_add(&text, ")");
    held(&text, seconds);
    if (place) {
        wio__text_add(&text, ", scheduled at ");
        wio__text_place(&text, place);
    }
    wio__text_add(&text, "\n");
    wio__text_flush(&text);
}

/* ------------------------------------------------------------------------------------------------ Watched steps --- */

double wio__step_begins(const wio__task *task) {
    WIO__TRACE(WIO_TRACE_RUN, task, NULL, 0, 0);
    return wio__the.watch & WIO__WATCH_DEBUG ? wio_time() : -1;
}

void wio__step_ends(wio__task *task, double began, bool ended) {
    if (task->state == WIO__READY && !ended) task->where = wio__here; /* a yield does not note its place */
    if (!ended) WIO__TRACE(WIO_TRACE_PAUSE, task, NULL, 0, 0);
    if (began < 0 || wio__the.slow_step < 0) return;
    double seconds = wio_time() - began;
    if (is_slow(seconds)) report_step(task, seconds);
}

/* A callback of the program, of which there is one at a time. */
static double call_began = -1;
static const char *call_where;

void wio__call_begins(const char *where) {
    call_where = where;
    call_began = wio__the.watch & WIO__WATCH_DEBUG ? wio_time() : -1;
}

void wio__call_ends(void) {
    if (call_began < 0) return;
    double seconds = wio_time() - call_began;
    call_began = -1;
    if (is_slow(seconds)) report_callback(call_where, seconds);
}

bool wio__watched_pass(double until, bool fresh, unsigned *left) {
    if (fresh && wio__shuffle && wio__the.watch & WIO__WATCH_ORDER) wio__shuffle();
    while (wio__the.pass && *left) {
        wio__handle *handle = wio__the.pass;
        wio__the.pass = handle->next;
        wio__run_handle(handle);
        --*left;
        if (wio_time() >= until) break;
    }
    return !wio__the.pass || !*left;
}
