/* call_soon, call_later, call_at: functions of the program that the loop calls. */
#include "called.h"
#include "ids.h"

typedef struct scheduled {
    wio__timer timer; /* first */
    wio__handle handle;
    struct scheduled *next, *prev;
    wio_callback *fn;
    void *arg;
    wio__vars *vars;
    const char *where;
    uint32_t id;
    bool timed, cancelled;
} scheduled;

static wio__ids ids;
static scheduled *all;

static scheduled *find(const wio_handle *handle) {
    return handle ? wio__ids_find(&ids, (uint32_t)(uintptr_t)handle) : NULL;
}

/* The handle is stale from here on. */
static void retire(scheduled *call) {
    wio__ids_give(&ids, call->id);
    if (call->prev) call->prev->next = call->next;
    else all = call->next;
    if (call->next) call->next->prev = call->prev;
}

static void run(scheduled *call) {
    retire(call);
    wio__vars *before = wio__called_in(call->vars, call->where);
    call->fn(call->arg);
    wio__called_out(before);
    free(call);
}

static bool soon(void *handle) {
    scheduled *call = (scheduled *)(void *)((char *)handle - offsetof(scheduled, handle));
    if (call->cancelled) free(call);
    else run(call);
    return true;
}

static bool later(void *timer) {
    run(timer);
    return true;
}

static scheduled *schedule(wio_callback *fn, void *arg, double when, const char *function) {
    if (!fn) {
        wio__misuse_null(function, "fn");
        return NULL;
    }
    if (isnan(when)) {
        wio__misuse(-EINVAL, function, "the time is not a number");
        return NULL;
    }
    if (!wio__loop_runs(function)) return NULL;
    scheduled *call = malloc(sizeof *call);
    uint32_t id = call ? wio__ids_take(&ids, call) : 0;
    if (!id) {
        free(call);
        wio__misuse(-ENOMEM, function, "no memory for another callback");
        return NULL;
    }
    const wio__task *self = wio__the.current;
    *call = (scheduled){.handle.fn = soon, .next = all, .fn = fn, .arg = arg, .id = id, .where = wio__here};
    call->vars = wio__vars_share(self ? self->vars : wio__the.vars);
    if (all) all->prev = call;
    return all = call;
}

static wio_handle *handle_of(const scheduled *call) { return call ? (wio_handle *)(uintptr_t)call->id : NULL; }

wio_handle *wio_call_soon(wio_callback *fn, void *arg) {
    scheduled *call = schedule(fn, arg, 0, "wio_call_soon");
    if (call) wio__ready(&call->handle);
    return handle_of(call);
}

static wio_handle *at(double when, wio_callback *fn, void *arg, const char *function) {
    scheduled *call = schedule(fn, arg, when, function);
    if (!call) return NULL;
    call->timed = true;
    call->timer.deadline = when;
    if (when < INFINITY) wio__timer_start(&call->timer, when, later);
    if (!wio__the.ticking) wio__request_tick(); /* from a plain export: the host's timer is armed by a tick */
    return handle_of(call);
}

wio_handle *wio_call_later(double seconds, wio_callback *fn, void *arg) {
    return at(seconds + wio__host_now(), fn, arg, "wio_call_later");
}

wio_handle *wio_call_at(double when, wio_callback *fn, void *arg) { return at(when, fn, arg, "wio_call_at"); }

static void cancel(scheduled *call) {
    retire(call);
    wio__vars_drop(call->vars);
    call->cancelled = true;
    wio__timer_stop(&call->timer);
    if (call->timed) free(call); /* the others are in the queue, which frees them */
}

bool wio_handle_cancel(wio_handle *handle) {
    scheduled *call = find(handle);
    if (call) cancel(call);
    return call != NULL;
}

double wio_handle_when(const wio_handle *handle) {
    const scheduled *call = find(handle);
    return call && call->timed ? call->timer.deadline : (double)NAN;
}

void wio__handles_drop(void) {
    while (all) cancel(all);
}
