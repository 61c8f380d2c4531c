/* Part of <wasyncio.h>: seeing what a program does: the task tree, the state of primitives, debug mode, traces. */
#ifndef WASYNCIO_DEBUG_H
#define WASYNCIO_DEBUG_H

#ifdef __cplusplus
extern "C" {
#endif

/* --------------------------------------------------------------------------------------------- Introspection --- */

/* Prints the tree of live tasks. A task that nobody awaits stands at the left, what it awaits (by await, shield, gather, a
 * group's end, wait, as_completed) below it, as often as it is awaited; a line says its name, coroutine, state, what it waits
 * for and where, since when, its age, where it was created, and who cancelled it. Cycles of waits stand at the end, each as
 * one line. `stream` NULL: stderr. Works anywhere. `python -m asyncio pstree`. */
void wio_print_tasks(FILE *stream);

/* The same as a table, one row for each task and each that awaits it: `python -m asyncio ps`. */
void wio_print_task_table(FILE *stream);

/* Prints who awaits the task (NULL: the calling one): its line, and below it, indented, each task that awaits it, and so on.
 * Returns 0. `stream` NULL: stderr. Does not wait. asyncio.print_call_graph().
 * -EPERM NULL outside a task; -EINVAL a stale handle. */
int wio_print_call_graph(const wio_task *task, FILE *stream);

/* Describes a primitive: "locked by 'main', 2 in line". One function for each type, by WIO_DESCRIBE(&lock, text, size).
 * Writes at most `size` bytes with the NUL, cut if need be, and returns how long the whole is. repr(lock). */
typedef enum {
    WIO_A_SEMAPHORE,
    WIO_A_LOCK,
    WIO_AN_EVENT,
    WIO_A_CONDITION,
    WIO_A_BARRIER,
    WIO_A_QUEUE,
    WIO_A_FUTURE,
    WIO_A_TIMEOUT
} wio_type;
size_t wio_describe(wio_type type, const void *object, char *text, size_t size);

/* ------------------------------------------------------------------------------------------------ Debug mode --- */

/* Debug mode. A step or callback that held the loop for at least `slow_step` seconds is reported on stderr with its task and
 * place, and at the end of a run what was left open: tasks neither awaited nor detached, queues not destroyed, generators and
 * responses not closed, each with the place where it was made. Negative turns it off, as it is at the start unless the
 * environment has WASYNCIODEBUG=1 (then it is 0.1, asyncio's slow_callback_duration); this call beats that. Does not wait.
 * loop.set_debug(), loop.slow_callback_duration. */
void wio_set_debug(double slow_step);

/* ---------------------------------------------------------------------------------------------------- Traces --- */

/* What has happened. */
typedef enum {
    WIO_TRACE_CREATED = 1, /* a task: text its name, what its coroutine, by its creator, object its group */
    WIO_TRACE_RUN,         /* a step begins; an eager one inside its creator's */
    WIO_TRACE_PAUSE,       /* the step has ended, but not the task. Without a WIO_TRACE_WAIT in it, it was a yield */
    WIO_TRACE_WAIT,        /* begins to wait: what for, object which, until the deadline of a sleep */
    WIO_TRACE_AWAITS,      /* behind it, once for each task that it waits for: by */
    WIO_TRACE_WAKE,        /* its wait has ended with `value`, through by; it runs in the next pass */
    WIO_TRACE_CANCEL,      /* it is asked to stop, by */
    WIO_TRACE_END,         /* it has ended with `value`; text is the error's message */
    WIO_TRACE_ENTER,       /* it enters a scope: what "timeout", "shield" or "group"; until the deadline */
    WIO_TRACE_EXPIRED,     /* the timeout strikes */
    WIO_TRACE_LEAVE,       /* it has left the scope */
    WIO_TRACE_CHANGED, /* a semaphore, lock, queue: value free permits, 1 if free, or items; limit; waiting in line */
    WIO_TRACE_STARTED, /* an operation of the host is asked for: what, text its URL or name, object its number; value 1:
                          it waits for a permit of its session, and is given to the host when it is "sent" */
    WIO_TRACE_PHASE, /* it goes on: what "sent", "connected", "sending", "answered", "body", "end", "failed", "aborted",
                          "closed"; value a status or bytes */
    WIO_TRACE_LOST,  /* no memory: `value` events are missing here */
    WIO_TRACE_MADE   /* a semaphore, lock, queue, … begins, as WIO_TRACE_CHANGED: where is its wio_…_init() */
} wio_trace_kind;

/* One event. Strings are valid during the call. Objects and tasks have numbers, in order of appearance, so that the same
 * program on the virtual clock gives the same trace on every host. */
typedef struct {
    wio_trace_kind kind;
    unsigned task;   /* its number; 0: none */
    unsigned by;     /* number of the task behind it; 0: the host, a timer, main() */
    unsigned object; /* number of the object; 0: none */
    int value, limit, waiting;
    double time;      /* of the loop's clock */
    double until;     /* 0: no deadline */
    const char *what; /* "" or a constant: see the kind */
    const char *text;
    const char *where; /* "file.c:12", or "" */
} wio_trace_event;

/* Is given every event, in order. Must not wait or call wasyncio. */
typedef void wio_trace_fn(const wio_trace_event *event, void *data);

/* Calls sink(event, data) for everything that happens from now on, as it happens; tasks that are alive come first, as if just
 * created. NULL ends it. The sink runs on the stack of whoever caused the event. Works anywhere. Does not wait.
 * (asyncio has no such thing.) */
void wio_trace(wio_trace_fn *sink, void *data);

#ifdef __cplusplus
}
#endif

/* ---------------------------------------------------------------------------------------------------- Macros --- */

/* WIO_DESCRIBE(&lock, text, size): wio_describe() by the type of the pointer. C only; C++ names the type. */
#ifndef __cplusplus
#define WIO_DESCRIBE(object, text, size)                                                                               \
    wio_describe(_Generic((object), wio_semaphore *                                                                    \
                          : WIO_A_SEMAPHORE, wio_lock *                                                                \
                          : WIO_A_LOCK, wio_event *                                                                    \
                          : WIO_AN_EVENT, wio_condition *                                                              \
                          : WIO_A_CONDITION, wio_barrier *                                                             \
                          : WIO_A_BARRIER, wio_queue *                                                                 \
                          : WIO_A_QUEUE, wio_future *                                                                  \
                          : WIO_A_FUTURE, wio_scope *                                                                  \
                          : WIO_A_TIMEOUT),                                                                            \
                 object, text, size)
#endif

#endif
