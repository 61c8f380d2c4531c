/* Waiting: lists of those that wait for one thing, and the two functions that all of it is built on. Primitives (sync/, io/)
 * use this. */
#ifndef WIO_WAIT_H
#define WIO_WAIT_H

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
bool wio__waiters_drop_woken(void *list); /* as many as are in front; true: one is left */

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
 * (wio_semaphore, …; of those that hold tasks up for others, src/debug/describe.c tells the state); or an object that begins
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
void wio__interrupt_at_once(wio__task *task); /* of a wait that begins */

/* -EDEADLK, with a report of the circle, if the task ends only after `self` does; otherwise 0. */
int wio__await_closes(const wio__task *self, const wio__task *task);

/* The calling task; outside tasks NULL after reporting that `function` needs one (then return -EPERM). */
wio__task *wio__self(const char *function);

#endif
