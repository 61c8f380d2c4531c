/* Calls of WIO_EXPORT coroutines from JavaScript, each a task of its own. Linked only into programs that have any. They cross
 * the border in memory: JavaScript writes a record for each, hands over a list of them once a turn, and finds in another,
 * after the tick, which have ended, and with what. */
#ifdef __wasm__
#include "core.h"

/* What JavaScript wants to know when the export returns (src/js/interop/calls.js). */
enum {
    WIO__RESULT_VALUE,
    WIO__RESULT_STATUS, /* an integer, negative if the call has failed */
    WIO__RESULT_READ,   /* it is read at once; NULL with an error behind it is a failure */
};

/* It is JavaScript's memory. src/js/interop/calls.js and emsdk-config/calls.js know the offsets. */
typedef struct wio__call {
    struct wio__call *next;        /* 0: of those that have ended */
    uint32_t number;               /* 4: JavaScript's */
    wio_task *task;                /* 8 */
    uint32_t kind;                 /* 12: WIO__RESULT_… */
    const wio__entry *entry;       /* 16: what was called */
    uint32_t state;                /* 20: WIO__CALL_… */
    struct wio__call *following;   /* 24: what was called after it */
    uint32_t serial;               /* 28: which of all calls */
    _Alignas(8) uint64_t values[]; /* 32: the arguments; in the end the result */
} wio__call;

_Static_assert(offsetof(wio__call, values) == 32, "calls.js, here and there, have this offset");

/* JavaScript looks at the calls of a turn one after the other, when the turn is over. */
enum {
    WIO__CALL_UNDER_WAY,
    WIO__CALL_ENDED,  /* it will find the result in the record */
    WIO__CALL_PICKED, /* it has looked already, and wants to be told */
};

static wio__call *ended, **ended_tail = &ended;
static uint32_t serials, newest;

/* One that has ended after a call which was made later must be told, too, as promises are to be settled in that order. */
static bool is_found(wio__call *call) {
    if (ended || call->state == WIO__CALL_PICKED || (int32_t)(call->serial - newest) <= 0) return false;
    newest = call->serial;
    call->state = WIO__CALL_ENDED;
    return true;
}

static void begin(wio__call *call) {
    wio__task *task = wio__task_new(call->entry->body, call, NULL, 0, "WIO_EXPORT");
    call->task = wio__handle_of(task);
    call->serial = ++serials;
    if (!task) {
        is_found(call);
        wio__host_settle((uint32_t)(uintptr_t)call, -ENOMEM, NULL);
        return;
    }
    task->call = call;
    task->called = true;
    task->detached = true;
    wio__task_start(task, false);
}

/* A task for each call in the list. `tick`: and they run, as far as they come. */
WIO__ENTRY(wio__calls_begin) void wio__calls_begin(wio__call *first, bool tick) {
    wio__here = NULL;
    if (tick) wio__the.posted = true; /* nothing needs to be asked for */
    for (wio__call *next; first; first = next) {
        next = first->following; /* the record may be used again as soon as the call has failed */
        begin(first);
    }
    if (tick) wio__tick();
}

/* From the body, when the export has returned a 32-bit integer, an address or nothing: what the task returns. */
WIO__ENTRY(wio__call_returned) int wio__call_returned(wio__call *call, uint32_t value) {
    call->values[0] = value;
    if (call->kind == WIO__RESULT_READ && !wio__host_returned(call->number, value))
        return wio__the.current ? wio__the.current->note.code : 0;
    return call->kind == WIO__RESULT_STATUS && (int)value < 0 ? (int)value : 0;
}

/* The name outlives the call: others may still read how the task ended. */
const char *wio__call_name(const wio__task *task) {
    const wio__entry *entry =
        task->state == WIO__DONE ? (const wio__entry *)(const void *)task->call : task->call->entry;
    return entry->name;
}

void wio__call_ended(wio__task *task) {
    wio__call *call = task->call;
    task->call = (wio__call *)(uintptr_t)call->entry;
    task->looked_at = true;
    if (task->status < 0) {
        wio_error error = wio__note_error(&task->note, task->status, wio__name(task));
        is_found(call);
        wio__host_settle((uint32_t)(uintptr_t)call, task->status, &error);
        return;
    }
    if (is_found(call)) return;
    call->next = NULL;
    *ended_tail = call;
    ended_tail = &call->next;
}

/* All that have ended well since this was last called and are not found anyway, in order. */
WIO__ENTRY(wio__calls_ended) wio__call *wio__calls_ended(void) {
    wio__call *first = ended;
    ended = NULL;
    ended_tail = &ended;
    return first;
}

WIO__ENTRY(wio__call_cancel) void wio__call_cancel(const wio__call *call) {
    wio__task *task = wio__find(call->task, NULL);
    if (task) wio__cancel(task);
}
#endif
