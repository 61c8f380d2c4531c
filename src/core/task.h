/* The task, its slot and its handle. */
#ifndef WIO_TASK_H
#define WIO_TASK_H

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
    unsigned in_vain;         /* waits that failed at once, once the five bits in the task are full */
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
    bool given_back : 1;  /* awaited, while others still wait for it */
    bool looked_at : 1;   /* somebody has seen how it ended */
    bool retired : 1;     /* a group's, ended: readable until the slot is needed */
    bool is_main : 1;     /* of a runner: leaves its context variables to the next */
    bool listed : 1;      /* while a list of handles is searched for duplicates */
    bool timed_out : 1;   /* the timeout left last had expired */
    bool generates : 1;   /* the body of a generator */
    bool called : 1;      /* by JavaScript: `call` counts */
    uint16_t in_vain : 5; /* waits that failed at once, as far as it can count (src/report/in_vain.c) */
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

/* Of main() and of the main task. */
enum { WIO__MAIN_STACK = 256 * 1024 };

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

#endif
