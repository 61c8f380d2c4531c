/* The scheduler's inside. Everything that waits is wio__park() and wio__wake(); everything that limits a wait is a
 * scope; everything that runs is a handle in one FIFO queue. Primitives (sync/, io/) use the first three sections. */
#ifndef WIO_CORE_H
#define WIO_CORE_H

#define WIO__INSIDE /* the macros that note the place are for callers; here the functions themselves are meant */
#include "../context/context.h"
#include "../host/host.h"
#include "../wasyncio.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#undef WIO__HERE
#define WIO__HERE ((void)0)

typedef struct wio__task wio__task;

/* ------------------------------------------------------------------------------------------ Queues and lists --- */

/* Something to run in a pass: a task (fn NULL) or a callback. In at most one queue at a time. */
typedef struct wio__handle {
    struct wio__handle *next;
    bool (*fn)(void *handle); /* the result is of no interest */
} wio__handle;

/* A place in a doubly linked list of parked tasks; `list` is NULL when in none. */
typedef struct wio__link {
    struct wio__link *next, *prev;
    struct wio__queue *list;
} wio__link;

typedef struct wio__queue {
    wio__link *first, *last;
} wio__queue;

void wio__queue_push(wio__queue *queue, wio__link *link);
void wio__queue_remove(wio__link *link); /* harmless when in no list */

/* ------------------------------------------------------------------------------------------- Park and wake --- */

/* How a primitive waits; one static constant each. */
typedef struct wio__wait {
    const char *kind; /* "sleep": for reports */
    /* A cancel or timeout strikes. True: the task was taken out of every queue and its wait ends now. False: the wait
     * will end by itself, the primitive having passed the cancel on. Called at most once a wait; must not suspend. */
    bool (*abort)(void *task);
    /* The wait was granted, but the task was cancelled before it ran: give back what was handed over. May be NULL. */
    bool (*undo)(void *task);
    bool of_task;      /* what it waits for is a task: reports name it */
    bool keeps_result; /* no undo: the result arrives all the same, the next wait fails */
} wio__wait;

enum { WIO__ABORTED = INT_MIN };

/* Suspends the calling task until wio__wake(); returns the status given there, or -ECANCELED or -ETIMEDOUT if the
 * wait was aborted. Allocates nothing. Put the task into your queue first. If a cancel is pending, abort is called at
 * once and the others get one pass. */
int wio__park(wio__task *self, const wio__wait *wait, void *object);

/* wio_yield() and wio_sleep() in parts, for wait.S: the sleeper after all checks (NULL: refused), and the result. */
int wio__no_task_to_yield(void);
int wio__yield_interrupted(wio__task *self);
wio__task *wio__before_sleep(double seconds);
int wio__refused(void);
int wio__slept(void);

/* wio__park() up to the suspension, and after it. */
void wio__parked(wio__task *self, const wio__wait *wait, void *object);
int wio__landed(wio__task *self);

/* Ends the wait of a parked task: it is queued and runs in the next pass. */
void wio__wake(wio__task *task, int status);

/* Why the task's waits must fail now: 0, -ETIMEDOUT, -ECANCELED or -EDEADLK. */
int wio__reason(const wio__task *task);

/* The same, marked as delivered, and noted as the task's last error; for a wait that ended by being aborted. */
int wio__deliver(wio__task *task);

/* Something may have become a reason: abort the task's wait if so. */
void wio__interrupt(wio__task *task);

/* The calling task; outside tasks NULL after reporting that `function` needs one (then return -EPERM). */
wio__task *wio__self(const char *function);

/* ------------------------------------------------------------------------------------------------- Errors --- */

/* Reports a misuse on stderr, notes it as the caller's last error and returns `code`. */
int wio__misuse(int code, const char *function, const char *text);
int wio__misuse_null(const char *function, const char *what);

/* The last error of a task, or of a task that has ended: message and task name in one block. */
typedef struct wio__note {
    int code;
    const char *where;
    char *text; /* "task\0message", or NULL: the code's own text */
} wio__note;

/* In files whose errors have names in more_errors.c: links those. */
#define WIO__MORE_ERRORS                                                                                               \
    const char *wio__more_error(int code);                                                                             \
    __attribute__((used)) static const char *(*const more_errors)(int) = wio__more_error;

/* Notes an error in the calling task (or outside tasks); the message is copied and may be NULL. */
void wio__note_set(int code, const char *message, size_t size);
void wio__note_move(wio__note *to, wio__note *from);
void wio__note_copy(wio__note *to, const wio__note *from);
void wio__note_clear(wio__note *note);
wio_error wio__note_error(const wio__note *note, int code, const char *task_name);

/* ------------------------------------------------------------------------------------------------- Timers --- */

void wio__timer_start(wio__timer *timer, double deadline, bool (*fire)(void *));
void wio__timer_stop(wio__timer *timer); /* harmless when not armed */

/* ------------------------------------------------------------------------------------------------ The task --- */

enum { WIO__FREE, WIO__NEW, WIO__READY, WIO__RUNNING, WIO__PARKED, WIO__ENDING, WIO__DONE };
enum { WIO__SCOPE_TIMEOUT = 1, WIO__SCOPE_SHIELD, WIO__SCOPE_GROUP };

struct wio__task {
    wio__handle ready;    /* first: a handle with fn NULL is a task */
    wio__context context; /* its stack */
    const wio__wait *wait;
    void *object; /* what it waits for */
    int wake_status;
    uint8_t state;
    bool attention; /* there may be a reason to fail its waits */
    bool aborted;   /* its current wait was told */
    bool doomed;    /* a deadlock was found: its waits fail, shielded or not */
    bool undelivered;
    bool detached;
    bool given_back; /* awaited, while others still wait for it */
    bool looked_at;  /* somebody has seen how it ended */
    bool retired;    /* a group's, ended: readable until the slot is needed */
    bool timed_out;  /* the timeout left last had expired */
    wio__link link;  /* in the queue of what it waits for */
    wio__timer timer;
    wio_scope *scope; /* innermost */
    unsigned cancels;
    wio__task *interrupt_next;

    wio_fn *fn;
    void *arg;
    size_t stack_size;
    int status;
    wio__note note;
    wio_error error; /* what wio_task_error() points to */
    wio__queue awaiters;
    unsigned awaiter_count;

    /* The group or gather that owns it is told by `ended`, a pass after the end, as a done callback is. */
    wio__handle ended;
    wio__children *owner;
    size_t index;
    wio__task *sibling_next, *sibling_prev;
    wio__task *failed_next;

    wio__task *all_next, *all_prev; /* tasks that have not ended, in order of creation */
    wio__task *free_next;
    uint32_t slot, generation;
    uint32_t number;
    uint32_t run; /* the wio_run() it belongs to; 0: a call from JavaScript */
    uint32_t call;
    uint32_t creator;    /* handle */
    const char *where;   /* of its current wait */
    const char *created; /* place, and behind a newline the expression */
    char *name;
    char number_name[16];
    void *kept;        /* blocks it owns: group errors */
    char *import_text; /* result of its last import call */
    void *import_op;   /* the import call it waits in */
};

static inline wio_task *wio__handle_of(const wio__task *task) {
    return task ? (wio_task *)(uintptr_t)(task->generation << 20 | task->slot) : NULL;
}

/* The task behind a handle; NULL if it is stale, after reporting it for `function` (unless NULL). */
wio__task *wio__find(const wio_task *handle, const char *function);

wio__task *wio__slot_take(void);
void wio__slot_free(wio__task *task);   /* the handle is stale from now on */
void wio__slot_retire(wio__task *task); /* the handle can be read for a while */
wio__task *wio__slot_at(size_t index);  /* any slot ever used; NULL past the last */

wio__task *wio__task_new(wio_fn *fn, void *arg, const wio_task_options *options, const char *function);
void wio__task_start(wio__task *task, bool eager);
void wio__task_release(wio__task *task); /* done and unowned: report, then free */
void wio__finish(wio__task *task, int status);
void wio__cancel(wio__task *task);
void wio__report_failure(wio__task *task);
void wio__kept_free(wio__task *task);
const char *wio__name(const wio__task *task);

/* ---------------------------------------------------------------------------------------- Groups and gather --- */

void wio__children_add(wio__children *children, wio__task *child, bool (*ended)(void *));
void wio__children_remove(wio__children *children, wio__task *child);
void wio__children_cancel(wio__children *children);
void wio__group_abandon(wio_scope *scope, wio__task *parent);
static inline wio__task *wio__ended_task(void *handle) {
    return (wio__task *)(void *)((char *)handle - offsetof(wio__task, ended));
}

/* -------------------------------------------------------------------------------------------------- Stacks --- */

void *wio__stack_take(size_t *size); /* rounds size up; NULL without memory */
void wio__stack_give(void *region, size_t size);
void wio__stack_drain(void); /* give free regions back to malloc */

/* -------------------------------------------------------------------------------------------------- The loop --- */

typedef struct wio__loop {
    wio__handle *first, **tail; /* ready, in order; where the next one is linked in */
    wio__handle *pass;          /* what is left of the pass that the last tick broke off */
    wio__task *current;         /* NULL outside tasks */
    uint32_t host_depth;        /* JavaScript was called by a task and has called in again */
    bool ticking, posted, listening, on_main, dead;
    double armed;
    size_t live;      /* tasks that have not ended */
    size_t pending;   /* host operations under way */
    double slow_step; /* debug: seconds; negative: off */
    wio__task *all_first, *all_last;
    wio__note outside; /* last error outside tasks */
    wio_error outside_error;
    uint32_t next_number;
    uint32_t run;
    wio__task *main;
    size_t run_live;
    bool run_ending, run_deadlocked;
    int run_status;
} wio__loop;

extern wio__loop wio__the;
extern bool wio__aborted; /* abort() was called */

void wio__request_tick(void); /* the host must call wio__tick(): something is ready */
static inline void wio__queue_handle(wio__handle *handle) {
    handle->next = NULL;
    *wio__the.tail = handle;
    wio__the.tail = &handle->next;
}
static inline void wio__ready(wio__handle *handle) {
    wio__queue_handle(handle);
    if (!wio__the.ticking && !wio__the.posted) wio__request_tick();
}
void wio__step_eagerly(wio__task *task);
bool wio__first_step(void *handle);
void wio__run_task_ended(wio__task *task);
void wio__call_ended(wio__task *task) __attribute__((weak)); /* only programs with exports have it */
void wio__deadlock(void);
void wio__report_slow(const wio__task *task, double seconds);
void wio__report_deadlock(void);
bool wio__timers_fire(double now);
double wio__timers_next(void); /* INFINITY: none */
void wio__guard_failed(const wio__context *context, const char *name, int what);

#endif
