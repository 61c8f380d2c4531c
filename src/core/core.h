/* The scheduler's inside. Everything that waits is wio__park() and wio__wake(); everything that limits a wait is a
 * scope; everything that runs is a handle in one FIFO queue. Primitives (sync/, io/) use the first three sections. */
#ifndef WIO_CORE_H
#define WIO_CORE_H

#define WIO__INSIDE /* the macros that note the place are for callers; here the functions themselves are meant */
#include "../context/context.h"
#include "../host/host.h"
#include "../wasyncio.h"
#include "words.h"

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

/* Those that wait for one thing. A waiter whose task is NULL is a callback, and begins a wio__watch. */
typedef struct wio__waiters {
    wio__waiter *first, *last;
} wio__waiters;

/* The lists inside public structures, which have two pointers in their place. */
static inline wio__waiters *wio__waiters_of(void **first) { return (wio__waiters *)(void *)first; }

void wio__waiters_push(wio__waiters *list, wio__waiter *waiter, wio__task *task);
void wio__waiters_remove(wio__waiter *waiter); /* harmless when in no list */

/* Takes the first that still waits out of the list and ends its wait with that status; NULL if there is none. Whoever was
 * granted something else meanwhile is dropped from the list. For lists of tasks alone. */
wio__waiter *wio__waiters_grant(wio__waiters *list, int status);

/* ------------------------------------------------------------------------------------------- Park and wake --- */

/* How a primitive waits; one static constant each. */
typedef struct wio__wait {
    const char *kind; /* "sleep": for reports */
    /* A cancel or timeout strikes. True: the task was taken out of every queue and its wait ends now. False: the wait
     * will end by itself, the primitive having passed the cancel on. Called at most once a wait; must not suspend. */
    bool (*abort)(void *task);
    /* The wait was granted, but the task was cancelled before it ran: give back what was handed over. May be NULL. */
    bool (*undo)(void *task);
    uint8_t of;        /* what the object is: reports follow it, traces number it */
    bool keeps_result; /* no undo: the result arrives all the same, the next wait fails */
} wio__wait;

/* What a task waits for: nothing that leads further; a task; several (wio__watching); children; or a public structure
 * (wio_semaphore, …; of those that hold tasks up for others, src/core/describe.c tells the state); or an object that begins
 * with a pointer to its name, such as a request with its URL. */
enum {
    WIO__OF_OTHER,
    WIO__OF_TASK,
    WIO__OF_WATCHING,
    WIO__OF_GROUP,  /* its children */
    WIO__OF_GATHER, /* its children */
    WIO__OF_SEMAPHORE,
    WIO__OF_LOCK,
    WIO__OF_EVENT,
    WIO__OF_CONDITION,
    WIO__OF_BARRIER,
    WIO__OF_QUEUE,
    WIO__OF_FUTURE,
    WIO__OF_NAMED,
    WIO__OF_SCOPE /* nobody waits for one, but traces number it */
};

enum { WIO__ABORTED = INT_MIN };

/* Suspends the calling task until wio__wake(); returns the status given there, or -ECANCELED or -ETIMEDOUT if the
 * wait was aborted. Allocates nothing. Put the task into your queue first. If a cancel is pending, abort is called at
 * once and the others get one pass. */
int wio__park(wio__task *self, const wio__wait *wait, void *object);

/* wio_yield() and wio_sleep() in parts, for wait.S: a yield that is not the common case; a sleep until it suspends (0, or
 * why it was refused), and its result. */
int wio__yield_unusual(void *unused);
int wio__before_sleep(double seconds);
int wio__slept(void);

extern const wio__wait wio__sleep_wait;

/* wio__park() up to the suspension, and after it. */
void wio__parked(wio__task *self, const wio__wait *wait, void *object);
int wio__landed(wio__task *self);

/* A wait in two parts, so that it needs no frame of its own to be saved and restored: the first returns its result, or
 * WIO__HAS_PARKED after wio__parked(); the second calls wio__landed() for the current task. An assembly file (wait.inc) puts them
 * together; for native builds WIO__WAIT() does. */
enum { WIO__HAS_PARKED = 1 };
#ifdef __wasm__
#define WIO__WAIT(name, parameters, begins, ends)
#else
#define WIO__WAIT(name, parameters, begins, ends)                                                                      \
    int name parameters {                                                                                              \
        int status = begins;                                                                                           \
        if (status != WIO__HAS_PARKED) return status;                                                                  \
        wio__context_suspend(&wio__the.current->context);                                                              \
        return ends;                                                                                                   \
    }
#endif

/* Ends the wait of a parked task: it is queued and runs in the next pass. */
void wio__wake(wio__task *task, int status);

/* Why the task's waits must fail now: 0, -ETIMEDOUT, -ECANCELED or -EDEADLK. */
int wio__reason(const wio__task *task);

/* The same, marked as delivered, and noted as the task's last error; for a wait that ended by being aborted. */
int wio__deliver(wio__task *task);

/* Something may have become a reason: abort the task's wait if so. */
void wio__interrupt(wio__task *task);

/* -EDEADLK, with a report of the circle, if the task ends only after `self` does; otherwise 0. */
int wio__await_closes(const wio__task *self, const wio__task *task);

/* The calling task; outside tasks NULL after reporting that `function` needs one (then return -EPERM). */
wio__task *wio__self(const char *function);

/* -------------------------------------------------------------------------------------- Context variables --- */

/* The values that a task, or a callback, sees; NULL: none was ever set. Shared until somebody changes one (vars.c). */
typedef struct wio__vars wio__vars;

static inline wio__vars *wio__vars_share(wio__vars *vars) {
    if (vars) ++*(uint32_t *)(void *)vars;
    return vars;
}
static inline void wio__vars_drop(wio__vars *vars) {
    if (vars && --*(uint32_t *)(void *)vars == 0) free(vars);
}

#ifdef __wasm_atomics__
void wio__thread_sees(wio__vars *vars); /* in a thread: these, until it sets one */
#endif

/* ------------------------------------------------------------------------------------------------- Errors --- */

/* Reports a misuse on stderr, notes it as the caller's last error and returns `code`; `text` may be a WIO__WORD(). */
int wio__misuse(int code, const char *function, const char *text);
int wio__misuse_null(const char *function, const char *what);

/* Misuse, deadlocks, failures and overflows in words. Programs built for size have these only if they read errors or reports
 * themselves; otherwise the host says it (wio__host_report). */
__attribute__((weak)) void wio__tell_misuse(int code, const char *function, const char *text, bool is_null);
__attribute__((weak)) void wio__tell_deadlock(void);
__attribute__((weak)) void wio__tell_failure(const wio__task *task);
__attribute__((weak)) void wio__tell_overflow(const wio__context *context, const wio__task *task, int what);

/* The last error of a task, or of a task that has ended: message and task name in one block. */
typedef struct wio__note {
    int code;
    const char *where;
    char *text; /* "task\0message\0notes", or NULL: the code's own text */
} wio__note;

/* In files whose errors have their names in more_errors.c: links those. */
#define WIO__MORE_ERRORS                                                                                               \
    const char *wio__more_error(int code);                                                                             \
    __attribute__((used)) static const char *(*const more_errors)(int) = wio__more_error;

/* Notes an error in the calling task (or outside tasks); the message is copied and may be NULL. */
void wio__note_set(int code, const char *message, size_t size);
wio__note *wio__note_code(int code); /* without a message */
void wio__note_move(wio__note *to, wio__note *from);
void wio__note_copy(wio__note *to, const wio__note *from);
void wio__note_clear(wio__note *note);
bool wio__note_add(wio__note *note, const char *line, size_t size); /* a line of notes; false without memory */
wio_error wio__note_error(const wio__note *note, int code, const char *task_name);

/* ------------------------------------------------------------------------------------------------- Timers --- */

void wio__scope_deadline(wio_scope *scope, double deadline); /* arms its timer */

enum { WIO__TIMER_OF_SCOPE = 1 }; /* a bit of `order`: the timer begins a scope, which expires when the timer is due */

void wio__timer_start(wio__timer *timer, double deadline, bool (*fire)(void *));
void wio__timer_stop(wio__timer *timer); /* harmless when not armed */
void wio__timers_collect(double now);    /* those that are due now, and no later one, fire in wio__timers_fire() */
void wio__timers_fire(void);
double wio__timers_next(void); /* INFINITY: none */

/* ------------------------------------------------------------------------------------------------ The task --- */

enum { WIO__FREE, WIO__NEW, WIO__READY, WIO__RUNNING, WIO__PARKED, WIO__ENDING, WIO__DONE };
enum { WIO__SCOPE_TIMEOUT = 1, WIO__SCOPE_SHIELD, WIO__SCOPE_GROUP };

/* A block that a task owns, in front of its contents. */
typedef struct wio__kept {
    struct wio__kept *next;
} wio__kept;

/* What few tasks have: allocated when first needed, freed with the slot. */
typedef struct wio__extra {
    const char *name;         /* behind this structure, in the same block, or `number_name` */
    const char *cancelled_by; /* "'main' at a.c:12": who cancelled it first, in words that others may share */
    wio__kept *kept;          /* blocks it owns: group errors */
    char *import_text;        /* result of its last import call */
    void *import_op;          /* the import call it waits in */
    wio_error error;          /* what wio_task_error() points to */
    char number_name[16];
} wio__extra;

/* A million of these are to be alive at a time. What every step touches stands in front. */
struct wio__task {
    wio__handle ready;    /* first: a handle with fn NULL is a task; at the end it carries the owner's `ended` */
    wio__context context; /* its stack */
    const wio__wait *wait;
    void *object; /* what it waits for */
    union {
        int wake_status; /* of a wait */
        int status;      /* of the task: once it is WIO__ENDING or WIO__DONE */
    };
    uint8_t state;
    bool attention; /* there may be a reason to fail its waits */
    bool aborted;   /* its current wait was told */
    uint8_t mark;   /* of walks over all tasks */
    uint16_t cancels;
    bool doomed : 1; /* a deadlock was found: its waits fail, shielded or not */
    bool undelivered : 1;
    bool detached : 1;
    bool given_back : 1; /* awaited, while others still wait for it */
    bool looked_at : 1;  /* somebody has seen how it ended */
    bool retired : 1;    /* a group's, ended: readable until the slot is needed */
    bool is_main : 1;    /* of a runner: leaves its context variables to the next */
    bool listed : 1;     /* while a list of handles is searched for duplicates */
    bool timed_out : 1;  /* the timeout left last had expired */
    bool generates : 1;  /* the body of a generator */
    bool called : 1;     /* by JavaScript: `call` counts */
    union {
        struct {
            wio__waiter waiter; /* in the list of what it waits for */
            void *item;         /* where a queue's item comes from, or goes to */
        };
        wio__timer timer; /* of a sleep: in no list, and when it is not armed `fire` is NULL, which is `list` */
    };
    wio_scope *scope; /* innermost */
    union {           /* where it is linked in at such a time */
        wio__task *interrupt_next;
        wio__task *failed_next;
        wio__task *free_next;
    };
    wio__note note;
    wio__waiters awaiters; /* tasks and callbacks, in order of registration */
    unsigned holds;        /* who still wants to read how it ended: the last one frees the handle */

    /* The group or gather that owns it is told by its `ended`, a pass after the end, before all other callbacks. */
    wio__children *owner;
    wio__task *sibling_next, *sibling_prev;
    union {
        uint32_t index;         /* in a gather */
        struct wio__call *call; /* from JavaScript: nobody owns it */
    };

    wio__task *all_next, *all_prev; /* tasks that have not ended, in order of creation */
    wio__vars *vars;
    uint32_t handle; /* generation and slot */
    uint32_t number;
    uint32_t run;         /* the wio_run() it belongs to; 0: a call from JavaScript */
    uint32_t creator;     /* handle */
    const char *where;    /* of its current wait */
    const char *created;  /* place, and behind a newline the expression */
    uint32_t born, since; /* when it was created, and when its current wait began: milliseconds, see wio__age() */
    wio__extra *extra;
#ifdef WIO__STACKS_MAY_GROW
    /* The beginning of its stack, so that a task is one piece of memory. With 320 bytes, an odd number of cache lines, the
     * few bytes that a switch touches in each of many tasks are spread over the cache. */
    _Alignas(16) char stack_begin[];
#endif
};

#ifdef WIO__STACKS_MAY_GROW
enum { WIO__SLOT_SIZE = 304, WIO__STACK_BEGIN = WIO__SLOT_SIZE - sizeof(wio__task) };
static inline void *wio__stack_begin(wio__task *task) { return task->stack_begin; }
#else
enum { WIO__SLOT_SIZE = sizeof(wio__task), WIO__STACK_BEGIN = 0 };
static inline void *wio__stack_begin(wio__task *task) { return (void)task, (void *)0; }
#endif

_Static_assert(offsetof(wio__timer, fire) == offsetof(wio__waiter, list), "a task's timer and waiter share NULL");

enum { WIO__SLOT_BITS = 20, WIO__CANCELS_MAX = UINT16_MAX };

static inline wio_task *wio__handle_of(const wio__task *task) {
    return task ? (wio_task *)(uintptr_t)task->handle : NULL;
}

/* Room for a name of that size behind it if it has none yet; NULL without memory. */
wio__extra *wio__extra_of(wio__task *task, size_t name_size);

/* The task behind a handle; NULL if it is stale, after reporting it for `function` (unless NULL). */
wio__task *wio__find(const wio_task *handle, const char *function);

wio__task *wio__slot_take(void);
void wio__slot_free(wio__task *task);   /* the handle is stale from now on */
void wio__slot_retire(wio__task *task); /* the handle can be read for a while */
void wio__slot_recall(wio__task *task); /* it was retired, and is to be kept again: hold it */
wio__task *wio__slot_at(size_t index);  /* any slot ever used; NULL: it is none, or its memory was given back */
uint32_t wio__slots_used(void);
void wio__slots_drain(void); /* when no task is alive: memory that many have left behind goes back to malloc */

wio__task *wio__task_new(wio_fn *fn, void *arg, const wio_task_options *options, uint32_t run, const char *function);
uint32_t wio__run_of_new(void); /* the run that a task created here belongs to */
void wio__task_start(wio__task *task, bool eager);
void wio__task_release(wio__task *task); /* done and unowned: report, then free */
void wio__finish(wio__task *task, int status);
void wio__cancel(wio__task *task);
void wio__report_failure(wio__task *task);

/* Keeps the handle readable beyond the end, for one more reader; the last to let go frees it if nobody owns it. */
static inline void wio__hold(wio__task *task) { task->holds++; }
void wio__unhold(wio__task *task);
const char *wio__name(const wio__task *task);              /* a default name is valid until the fourth next call */
const char *wio__number_name(uint32_t number, char *name); /* "Task-7", for which name has room */

/* Times for reports, to the tick: a moment in milliseconds, which comes round after 49 days; and the seconds since one. */
static inline uint32_t wio__moment(double time) { return (uint32_t)(uint64_t)(time * 1000 + 0.5); }
static inline double wio__age(double now, uint32_t moment) { return (wio__moment(now) - moment) / 1000.0; }

/* -------------------------------------------------------------------------------------------- Done callbacks --- */

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

/* ---------------------------------------------------------------------------------------- Groups and gather --- */

void wio__children_add(wio__children *children, wio__task *child, bool (*ended)(void *));
void wio__children_remove(wio__children *children, wio__task *child);
void wio__children_cancel(wio__children *children);
/* Whether a scope around the task's wait has struck it. `now`: those that are expired do, also if the cancel is passed on and
 * a result comes back. In programs with scopes. */
bool wio__struck(const wio__task *task, bool now) __attribute__((weak));
bool wio__group_abandon(wio_scope *scope) __attribute__((weak)); /* true: its tasks have to end first */
bool wio__scopes_abandon(wio__task *task) __attribute__((weak)); /* the same, for all scopes of a task that returns */
wio__task *wio__ended_task(void *handle);                        /* first thing in `ended`: the child */

/* -------------------------------------------------------------------------------------------------- The loop --- */

typedef struct wio__loop {
    wio__handle *first, **tail; /* ready, in order, the last's next unset; where one is linked in */
    wio__handle *pass;          /* what is left of the pass that the last tick broke off */
    wio__task *current;         /* NULL outside tasks */
    uint32_t host_depth;        /* JavaScript was called by a task and has called in again */
    bool ticking, posted, listening, on_main, dead;
    bool calling;  /* a callback of the program runs */
    bool stopping; /* when this pass is over: the main task has ended, or wio_stop() was called */
    bool run_over; /* and nothing of the run is left to wait for: main() goes on */
    size_t timers; /* armed, or due in this pass */
    double armed;
    uint32_t now;     /* of the latest tick: wio__moment() */
    size_t live;      /* tasks that have not ended */
    size_t pending;   /* host operations under way */
    double slow_step; /* debug: seconds; negative: off */
    wio__task *all_first, *all_last;
    wio__vars *vars;   /* outside tasks: of main(), or of the callback that runs */
    wio__note outside; /* last error outside tasks */
    wio_error outside_error;
    uint32_t next_number;
    uint32_t run;
    wio__task *main;
    wio__vars *main_vars; /* of a runner's main task that has ended */
    size_t run_live;
    bool run_ending, run_deadlocked;
    bool run_busy;  /* main() waits for it */
    bool run_keeps; /* a runner's: tasks that are left stay */
    int run_status;
    uint8_t watch;          /* WIO__WATCH_… */
    wio__task *blame;       /* outside tasks: whose end, or what it led to, is being dealt with; NULL: nobody's */
    const char *no_waiting; /* why code outside tasks cannot wait, if that is special: a job */
} wio__loop;

extern wio__loop wio__the;
extern bool wio__aborted; /* abort() was called */

void wio__request_tick(void); /* the host must call wio__tick(): something is ready */
static inline void wio__queue_handle(wio__handle *handle) {
    *wio__the.tail = handle;
    wio__the.tail = &handle->next;
}
static inline void wio__ready(wio__handle *handle) {
    wio__queue_handle(handle);
    if (!wio__the.ticking && !wio__the.posted) {
        WIO__RARE();
        wio__request_tick();
    }
}
void wio__step(wio__task *task); /* of one that was queued, and is its turn's */
void wio__step_eagerly(wio__task *task);
void wio__wake_now(wio__task *task, int status); /* ends a parked task's wait and runs it inside the calling one */
bool wio__first_step(void *handle);
void wio__run_task_ended(wio__task *task);
void wio__run_stopping(void);
int wio__run_refused(const char *function); /* not in main(), or already in a run: reported */
uint32_t wio__run_number(void);
wio__task *wio__run_main(wio_fn *fn, void *arg, uint32_t run, const char *function);
int wio__run_block(void); /* main() waits until the run is over; what its main task returned */
void wio__run_clear(void);
void wio__runner_abandon(void) __attribute__((weak)); /* main() has returned: if a runner is open, its tasks end */
void wio__call_ended(wio__task *task) __attribute__((weak)); /* only programs with exports have these two */
const char *wio__call_name(const wio__task *task) __attribute__((weak));

/* NULL: nobody has given it one, and it is called after its number. */
static inline const char *wio__given_name(const wio__task *task) {
    if (task->extra && task->extra->name) return task->extra->name;
    return wio__call_name && task->called ? wio__call_name(task) : NULL;
}

void wio__run_over(void) __attribute__((weak)); /* only programs with executors have it */
void wio__deadlock(void);
bool wio__run_goes_on(bool ends_now) __attribute__((weak)); /* only programs with callbacks have it */
void wio__done_callbacks_drop(void) __attribute__((weak));  /* these three only if the program has such */
void wio__handles_drop(void) __attribute__((weak));
void wio__futures_drop(void) __attribute__((weak));
size_t wio__left(void); /* tasks, timers and host operations that there are; for tests */
/* The stack of a task, or of main() (NULL), has overflowed. */
void wio__guard_failed(const wio__context *context, const wio__task *task, int what);

void wio__sleeps_block(void) __attribute__((weak)); /* linked: libc's sleeps hold all tasks up */

/* ------------------------------------------------------------------------------------------------- Watching --- */

/* Debug mode, traces and seeds. What they do stands in files of their own, which programs built for size leave out unless
 * they name one (`development` in emsdk-config/flags.js): so all of it is weak, and the first question is whether it is
 * there. A pass in which anything is watched is run by wio__watched_pass(); the other pays for nothing. */
enum { WIO__WATCH_DEBUG = 1, WIO__WATCH_TRACE = 2, WIO__WATCH_ORDER = 4 };

#define WIO__WEAK __attribute__((weak))

/* At most *left steps; false: there is no time left. */
WIO__WEAK bool wio__watched_pass(double until, bool fresh, unsigned *left);
WIO__WEAK double wio__step_begins(const wio__task *task); /* for wio__step_ends() */
WIO__WEAK void wio__step_ends(wio__task *task, double began, bool ended);
static inline bool wio__watched(void) { return wio__watched_pass && wio__the.watch; }

/* Something has happened (WIO_TRACE_…) to a task (NULL: none) or an object (of a WIO__OF_… kind). */
WIO__WEAK void wio__traced(int kind, const wio__task *task, const void *object, int of, int value);
/* The same of an operation of the host (src/io/op.h). */
WIO__WEAK void wio__traced_op(int kind, uint32_t id, const char *what, const char *text, int value);
#define WIO__TRACE(...)                                                                                                \
    do {                                                                                                               \
        if (wio__traced && wio__the.watch & WIO__WATCH_TRACE) {                                                        \
            WIO__RARE();                                                                                               \
            wio__traced(__VA_ARGS__);                                                                                  \
        }                                                                                                              \
    } while (0)

#define WIO__TRACE_OP(...)                                                                                             \
    do {                                                                                                               \
        if (wio__traced_op && wio__the.watch & WIO__WATCH_TRACE) wio__traced_op(__VA_ARGS__);                          \
    } while (0)

/* wio__wake() of a task that is known to be parked. */
static inline void wio__wake_parked(wio__task *task, int status) {
    WIO__TRACE(WIO_TRACE_WAKE, task, NULL, 0, status);
    task->wake_status = status;
    task->state = WIO__READY;
    wio__ready(&task->ready);
}

/* The state of a semaphore, lock, queue, … has changed. */
#define WIO__CHANGED(object, of) WIO__TRACE(WIO_TRACE_CHANGED, NULL, object, of, 0)

/* It begins here, whatever has stood at its address before. */
#define WIO__BEGUN(object, of) WIO__TRACE(WIO_TRACE_MADE, NULL, object, of, 0)

/* An object begins, or ends, that somebody must give back: debug mode tells if nobody does. */
WIO__WEAK void wio__made(const char *kind, const void *object, const char *where);
WIO__WEAK void wio__gone(const void *object);
#define WIO__MADE(kind, object)                                                                                        \
    do {                                                                                                               \
        if (wio__made && wio__the.watch & WIO__WATCH_DEBUG) wio__made(kind, object, wio__here);                        \
    } while (0)
#define WIO__GONE(object)                                                                                              \
    do {                                                                                                               \
        if (wio__gone) wio__gone(object);                                                                              \
    } while (0)

WIO__WEAK void wio__shuffle(void);                  /* the pass, by the seed */
WIO__WEAK void wio__call_begins(const char *where); /* a callback of the program, scheduled there */
WIO__WEAK void wio__call_ends(void);
/* In words, in task->cancelled_by. What reports need besides is noted only where reports can be made. */
WIO__WEAK void wio__note_canceller(wio__task *task);
WIO__WEAK void wio__canceller_drop(const char *cancelled_by);
#define WIO__FOR_REPORTS(statement)                                                                                    \
    do {                                                                                                               \
        if (wio__note_canceller) statement;                                                                            \
    } while (0)

/* wio__parked() on the spot. */
static inline void wio__parks(wio__task *self, const wio__wait *wait, void *object) {
    self->wait = wait;
    self->object = object;
    self->where = wio__here;
    WIO__FOR_REPORTS(self->since = wio__the.now);
    self->state = WIO__PARKED;
    self->aborted = false;
    WIO__TRACE(WIO_TRACE_WAIT, self, object, wait->of, 0);
    if (self->attention) {
        WIO__RARE();
        wio__interrupt(self);
    }
}

/* Only programs with generators have these. */
int wio__generator_body(void *generator) __attribute__((weak)); /* what the task of a generator runs */
bool wio__is_body(const wio__handle *handle) __attribute__((weak));
void wio__generators_over(void) __attribute__((weak));           /* the run is */
bool wio__generators_left(void) __attribute__((weak));           /* of the run, and no other tasks */
void wio__generators_close(bool ends_now) __attribute__((weak)); /* if that is so */

/* A run is over, or main() itself: what was left open? */
enum { WIO__RUN_OF_MAIN = -1 };
WIO__WEAK void wio__run_checked(uint32_t run);

/* Runs a handle of the pass, for wio__watched_pass(). */
void wio__run_handle(wio__handle *handle);

#endif
