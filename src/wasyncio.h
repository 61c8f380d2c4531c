/* wasyncio: asyncio for C on WebAssembly. The one public header (C11 and C++17).
 *
 * A coroutine is any C function `int f(void *arg)`. Calling it is awaiting it; wio_create_task() runs it beside the
 * caller. It returns 0 or a positive result, or a negative error such as -ETIMEDOUT. Times are in seconds (double),
 * sizes in bytes. "Waits" marks what may suspend the calling task; such a call works only inside a task and otherwise
 * returns -EPERM and says so on stderr. Every call that waits can also fail with
 *   -ECANCELED  the task was cancelled (every later wait fails too: until it returns, shields, or uncancels)
 *   -ETIMEDOUT  an enclosing WIO_TIMEOUT has expired (every later wait in that block fails too)
 *   -EDEADLK    no task could ever have woken it (the run ends; a report names every wait)
 * which the list of errors of each function does not repeat.
 *
 * docs/c-reference.md has the same text with examples, docs/cancellation.md the rules behind it. */
#ifndef WASYNCIO_H
#define WASYNCIO_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------------------------------------- Types --- */

/* A coroutine. `arg` is whatever was given with it; results travel in the struct it points to. */
typedef int wio_fn(void *arg);

/* A coroutine with its argument: an entry of wio_gather(). */
typedef struct {
    wio_fn *fn;
    void *arg;
} wio_call;

/* A handle to a task (asyncio.Task). Yours from wio_create_task(): give it back once, with wio_await() or
 * wio_detach(). A group's tasks belong to the group. A handle that was given back is recognised and refused. */
typedef struct wio_task wio_task;

/* How to create a task. Zeroed fields take the default. */
typedef struct {
    const char *name;  /* copied; default "Task-<number>", as in asyncio */
    size_t stack_size; /* limit: bytes for C stack and suspended frames together, at least 512; default 64 KiB. A task
                          takes as much of it as it needs at the time, beyond about 50 bytes of each that it begins
                          with. (Built with -Os, -Oz or -g it takes all at its first step. With -Os and -Oz the default is
                          128 KiB then; with -g each has four times its size while that is at most 256 MiB for all
                          tasks; beyond 8,192 tasks the default is 16 KiB.) */
    bool eager;        /* run the first step inside the creating call (asyncio's eager_start) */
} wio_task_options;

/* What went wrong, as an exception would carry it. The strings belong to the runtime (see who returned it). */
typedef struct {
    int code;            /* negative, e.g. -ECONNREFUSED */
    const char *name;    /* "ECONNREFUSED" */
    const char *message; /* what wio_fail() or the host said, or the code's own text; never NULL */
    const char *task;    /* name of the task in which it happened; never NULL */
    const char *where;   /* "file.c:12" of the failing call, or "" */
    const char *notes;   /* lines that wio_add_note() has added, or ""; never NULL */
} wio_error;

/* ------------------------------------------------------------------------------------------------- Running --- */

/* Runs fn(arg) as the main task and the event loop until it has ended; then cancels and joins what is still running.
 * Returns what fn returned; an error that main() returns then without having called wio_task_error(NULL) is reported on stderr.
 * Waits (only in main(), never in a task). asyncio.run().
 * -EBUSY called from a task: call fn(arg) directly there; -EPERM not in main(); -EINVAL fn is NULL; -ENOMEM;
 * -EDEADLK no task could ever wake: a report with every wait's place is on stderr. */
int wio_run(wio_fn *fn, void *arg);

/* Suspends the calling task for `seconds`. 0 and negative let every ready task run once. Waits. asyncio.sleep().
 * Returns 0. -EINVAL for NaN. */
int wio_sleep(double seconds);

/* Lets every ready task run once; the host's event loop gets its turn at least every 8 ms. Returns 0. Waits.
 * asyncio.sleep(0). */
int wio_yield(void);

/* The loop's clock: seconds since an arbitrary start, never going back. Works everywhere. loop.time(). */
double wio_time(void);

/* --------------------------------------------------------------------------------------------------- Tasks --- */

/* Runs fn(arg) concurrently; its first step comes in the loop's next pass. `arg` must outlive the task.
 * Returns a handle that you must wio_await() or wio_detach(). NULL, with the reason on stderr and in
 * wio_task_error(NULL), if fn is NULL, outside a running loop, or without memory. Does not wait.
 * asyncio.create_task(). */
wio_task *wio_create_task(wio_fn *fn, void *arg);

/* The same with options (may be NULL): see wio_task_options. asyncio.create_task(c, name=…, eager_start=…). */
wio_task *wio_create_task_with(wio_fn *fn, void *arg, const wio_task_options *options);

/* Waits until the task has ended and returns what it returned; frees the handle (the last of several awaiters does).
 * If the caller is cancelled meanwhile, the awaited task is cancelled and the wait ends once that has ended.
 * Does not give up the turn if the task has ended already. `await task`.
 * -EINVAL NULL, or a handle that was awaited, detached or never came from wio_create_task(), or a group's task;
 * -EDEADLK a task awaiting itself, or one that (by awaits, groups and gathers alone) waits for the caller: refused at
 * once, with the circle in the message, and the handle stays yours; -ECANCELED the awaited task was cancelled. */
int wio_await(wio_task *task);

/* As wio_await(), but a cancel of the caller ends only the wait, at once, and leaves the task running; the handle
 * then stays yours. Waits. asyncio.shield(task). Errors as wio_await(). */
int wio_shield(wio_task *task);

/* Gives the handle back without waiting; the task runs on and is freed at its end. If it fails, that is reported
 * once on stderr. NULL is ignored; a stale handle is reported. Does not wait. (asyncio: dropping the reference.) */
void wio_detach(wio_task *task);

/* Asks the task to stop: its current wait and every later one fail with -ECANCELED. Not yet started, it never runs.
 * Ended, it is left as it is. Works on any live handle, the caller's own included; a stale one is reported. Does not
 * wait. task.cancel(). */
void wio_task_cancel(wio_task *task);

/* Takes back one request to cancel the calling task; returns how many remain (0: waits block again), -EPERM outside
 * a task. task.uncancel(). */
int wio_uncancel(void);

/* How many requests to cancel the calling task are in force (an aborting group and an expired timeout around the
 * caller count as one each, as in asyncio). -EPERM outside a task. task.cancelling(). */
int wio_cancelling(void);

/* Whether the task has ended; whether it ended by cancellation. False for a stale handle, which is reported.
 * task.done(), task.cancelled(). */
bool wio_task_done(const wio_task *task);
bool wio_task_cancelled(const wio_task *task);

/* What the task returned. -EAGAIN still running (reported); -EINVAL stale handle. Reading it counts as having looked at
 * a failure. task.result(). */
int wio_task_status(const wio_task *task);

/* Name of the task; valid as long as the handle. "(no task)" for NULL or a stale handle. task.get_name(). */
const char *wio_task_name(const wio_task *task);

/* The error the task failed with; for a running task the last one attached in it (so
 * wio_task_error(wio_current_task()) after a failed call tells why); with NULL the last error of the code outside
 * tasks. NULL if there is none. Valid until the handle is given back or the next error. task.exception(). */
const wio_error *wio_task_error(const wio_task *task);

/* Attaches a printf-style message to an error and returns the code, so: return wio_fail(-EPROTO, "page %d", id);
 * The message (511 bytes at most, the rest is cut) comes out wherever that code is reported or awaited. A code that is
 * not negative becomes -EINVAL.
 * `raise`. */
int wio_fail(int code, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* "ETIMEDOUT" and "timed out" for -ETIMEDOUT (either sign); "OK" and "success" for 0; "EUNKNOWN" and "unknown error" for a
 * code that the runtime does not know. Constants. `errno.errorcode[n]`, `os.strerror(n)`. */
const char *wio_error_name(int code);
const char *wio_error_text(int code);

/* The calling task, or NULL outside tasks. asyncio.current_task(). */
wio_task *wio_current_task(void);

/* Writes up to `max` handles of tasks that have not ended, in order of creation; returns how many there are
 * (`tasks` may be NULL with max 0). asyncio.all_tasks(). */
size_t wio_all_tasks(wio_task **tasks, size_t max);

/* Default stack size of tasks created from now on (bytes, at least 512; 0: back to the built-in default). The main task
 * of wio_run() and main() itself have 256 KiB each (-g: 1 MiB). */
void wio_set_default_stack_size(size_t bytes);

/* ------------------------------------------------------------------------------------------ Structured waits --- */

/* Runs all calls concurrently and returns when all have ended: 0, or the error that came first in time (the others
 * keep running to their end). With `statuses` (n ints, in the order of the calls) every outcome is stored and gather
 * returns 0: return_exceptions=True. If the caller is cancelled, the calls are, and gather returns -ECANCELED once
 * they have ended. Waits. asyncio.gather().
 * -EINVAL an fn or `calls` is NULL (nothing was started); -ENOMEM. */
int wio_gather(const wio_call *calls, size_t n, int *statuses);

/* A timeout around one coroutine: runs fn(arg) in the calling task; -ETIMEDOUT if that was interrupted by the limit,
 * otherwise what it returned. 0 or less: -ETIMEDOUT without starting it. Waits. -EINVAL NULL or NaN.
 * asyncio.wait_for(). */
int wio_wait_for(wio_fn *fn, void *arg, double seconds);

/* --------------------------------------------------------------------------------------------- Scopes, groups --- */

/* Private, inside those below. */
typedef struct wio__timer {
    struct wio__timer *child, *next, *prev;
    bool (*fire)(void *timer);
    double deadline;
    uint64_t order;
} wio__timer;

/* Somebody who waits for something: a parked task, or a callback. It stands in the list of what it waits for. A task that
 * selects has several and takes the first that is granted. */
typedef struct wio__waiter {
    struct wio__waiter *next, *prev;
    struct wio__task *task;
    struct wio__waiters *list; /* NULL when in none */
    bool granted;
} wio__waiter;

typedef struct wio__children {
    void *parent, *first, *last; /* in order of creation */
    size_t unfinished;
    bool (*ended)(void *child); /* called a pass after the end of each */
} wio__children;

/* A region of a task's code that cancellation and time know about. Fields are private; the macros use it. */
typedef struct wio_scope {
    wio__timer timer;
    struct wio_scope *parent;
    void *task;
    uint8_t kind;
    bool expired; /* waits inside fail */
    bool struck;  /* and one has, or the deadline came while the task waited */
    bool entered;
} wio_scope;

/* A task group (asyncio.TaskGroup). Fields are private; use WIO_TASK_GROUP or wio_group_open()/wio_group_join(). */
typedef struct wio_group {
    wio_scope scope;
    wio__children children;
    uint32_t state;
    int status;
    void *failed, *failed_last; /* ended with an error, in that order */
    bool cancelled;
    int body_status;
    const char *body_where;
    const wio_error *errors;
    size_t error_count;
    wio_error only_error; /* the first, should there be no memory for all */
    uintptr_t seal;       /* broken if the frame that it stood in was left and used again */
} wio_group;

/* Opens a group in the calling task. It must be joined before the function returns. Returns 0. Does not wait. The
 * beginning of `async with asyncio.TaskGroup()`.
 * -EPERM outside a task; -EINVAL NULL or already open. */
int wio_group_open(wio_group *group);

/* Starts fn(arg) in the group. The handle belongs to the group: do not await it; its status, name and error can
 * be read after the join (kept until 16,384 later group tasks have ended). NULL, with the reason on stderr, if the
 * group is not open, is being cancelled, or without memory. Does not wait. tg.create_task(). */
wio_task *wio_group_create_task(wio_group *group, wio_fn *fn, void *arg);
wio_task *wio_group_create_task_with(wio_group *group, wio_fn *fn, void *arg, const wio_task_options *options);

/* Waits until every task of the group has ended. Returns 0 or the first error; the first failure cancels the others
 * and the parent's current wait. -ECANCELED if the parent was cancelled and no task failed; -EINVAL not open. Waits. The
 * end of `async with`. */
int wio_group_join(wio_group *group);

/* Stops the group: cancels its tasks and the parent's waits inside it; the join then returns 0 unless a task
 * failed. Does not wait. tg.cancel() of Python 3.15. */
void wio_group_cancel(wio_group *group);

/* The body has failed: records `code` (negative) as one of the group's errors and cancels its tasks. Returns code, so:
 * return wio_group_fail(&g, rc); An exception leaving the body of `async with`. Does not wait. */
int wio_group_fail(wio_group *group, int code);

/* After the join: what it returned. -EAGAIN not joined yet; -EINVAL NULL. */
int wio_group_status(const wio_group *group);

/* After the join: all errors in order of failure (ExceptionGroup.exceptions). Returns their number and, if `errors`
 * is not NULL, the array, owned by the runtime: valid until the calling task ends (of its 16 latest failed groups). */
size_t wio_group_errors(const wio_group *group, const wio_error **errors);

/* Whether the WIO_TIMEOUT block that the calling task left last had expired. timeout.expired(). */
bool wio_timeout_expired(void);

/* ---------------------------------------------------------------------------------------------- Semaphores --- */

/* Limits how many tasks are inside at a time; hands over first come, first served. Fields are private; zero-init is
 * a semaphore of 0. No clean-up is needed. */
typedef struct {
    unsigned value, bound, granted; /* granted: have a permit and have not run yet */
    bool bounded;
    void *first, *last;
} wio_semaphore;

/* asyncio.Semaphore(value) and asyncio.BoundedSemaphore(value), whose value can never rise above the initial one. */
void wio_semaphore_init(wio_semaphore *semaphore, unsigned value);
void wio_semaphore_init_bounded(wio_semaphore *semaphore, unsigned value);

/* Takes a permit, waiting in line if there is none. 0; -EINVAL NULL. Waits only if it must: a free permit is given to a
 * cancelled task too. semaphore.acquire(). */
int wio_semaphore_acquire(wio_semaphore *semaphore);

/* Gives a permit to the first waiter, or back. Any code may call it, any number of times; on a bounded semaphore one
 * release too many is reported and changes nothing. NULL is reported. Does not wait. semaphore.release(). */
void wio_semaphore_release(wio_semaphore *semaphore);

/* Whether an acquire would wait now. semaphore.locked(). */
bool wio_semaphore_locked(const wio_semaphore *semaphore);

/* --------------------------------------------------------------------------------------------------- Fetch --- */

/* A header of a request. */
typedef struct {
    const char *name;
    const char *value;
} wio_header;

/* Zeroed fields take the default. Everything is copied before wio_fetch() waits. */
typedef struct {
    const char *method;        /* default "GET", or "POST" with a body */
    const wio_header *headers; /* ends with an entry whose name is NULL */
    const void *body;          /* bytes to send */
    size_t body_size;          /* 0 with a body: it is a NUL-terminated string */
} wio_fetch_options;

/* The answer to a request; free it with wio_response_close(). */
typedef struct wio_response wio_response;

/* Sends a request with the host's fetch and waits for status and headers; the body follows with read or text.
 * Any HTTP status is a success. On success *response is yours to close; on failure it is NULL. `options` may be NULL.
 * A cancel aborts the request: the server sees the connection close. Waits. session.get(url).
 * -EINVAL NULL, or a URL, method or header the host refuses; -ECONNREFUSED, -ECONNRESET, -EHOSTUNREACH (no such host, or no
 * network: what browsers tell, too), -ETIMEDOUT (its own limits) where the host tells, otherwise -EIO; -ENOMEM.
 * wio_task_error(wio_current_task()) has the host's words. */
int wio_fetch(const char *url, const wio_fetch_options *options, wio_response **response);

/* HTTP status, e.g. 200. -EINVAL NULL. `response.status`. */
int wio_response_status(const wio_response *response);

/* A response header by name, any case; several of one name come joined by ", ". NULL if absent. Valid until close.
 * `response.headers.get(name)`. */
const char *wio_response_header(const wio_response *response, const char *name);

/* The URL that answered, after redirects. Valid until close. `response.url`. */
const char *wio_response_url(const wio_response *response);

/* Reads the next bytes of the body into `buffer`: how many (1..size), 0 at the end, or a negative error. The host is
 * asked for more only on demand. Waits. `await response.content.read(size)`.
 * -ECONNRESET, -EIO or, in a browser that is offline, -EHOSTUNREACH the connection broke; -EINVAL NULL, size 0, or two
 * tasks reading at once; -ECONNABORTED another task closed the response meanwhile. */
long wio_response_read(wio_response *response, void *buffer, size_t size);

/* Reads the rest of the body as a NUL-terminated string that the caller frees, in UTF-8, whatever charset its Content-Type
 * names (none: as it comes). Returns its length. Waits. `await response.text()`.
 * -EILSEQ it is not in that charset; -ENOTSUP the host does not know that charset; -ENOMEM; otherwise the errors of
 * wio_response_read(), with *text NULL. */
int wio_response_text(wio_response *response, char **text);

/* Frees the response; a body not read to its end is aborted and the server sees the connection close. NULL is fine.
 * A response that was closed before is reported, as far as its memory has no other user. Does not wait.
 * `response.close()`. */
void wio_response_close(wio_response *response);

/* ------------------------------------------------------------------------------------------- JavaScript --- */

/* Bytes for WIO_EXPORT: as a parameter a Uint8Array of the caller, valid during the call; as a result `data` must come
 * from malloc() and is freed by the runtime. */
typedef struct {
    void *data;
    size_t size;
} wio_bytes;

/* Private: an export, and what the tasks of its calls run. */
typedef struct {
    const char *name;
    int (*body)(void *call);
} wio__entry;

/* -------------------------------------------------------------------------- Behind the macros: not for use --- */

extern const char *wio__here; /* place of the call being made: "file.c:12" and, behind a newline, what is created */
/* A function, because two assignments in one expression (two calls in an initializer) would be warned about. */
static inline void wio__at(const char *place) { wio__here = place; }

typedef struct {
    wio_semaphore *semaphore;
    bool entered;
} wio__permit;

bool wio__scope_timeout(wio_scope *scope, double seconds, bool relative);
bool wio__scope_shield(wio_scope *scope);
void wio__scope_leave(wio_scope *scope);
void wio__group_enter(wio_group *group);
bool wio__group_once(wio_group *group);
void wio__group_leave(wio_group **group);
bool wio__permit_take(wio__permit *permit, wio_semaphore *semaphore);
void wio__permit_give(wio__permit *permit);
int wio__gather_each(wio_fn *fn, void *array, size_t size, size_t n);

#ifdef __cplusplus
}
#define WIO__ZERO                                                                                                      \
    {}
#define WIO__EXTERN_C extern "C"
#else
#define WIO__ZERO                                                                                                      \
    { 0 }
#define WIO__EXTERN_C
#endif

#define WIO__STR_(x) #x
#define WIO__STR(x) WIO__STR_(x)
#define WIO__CAT_(a, b) a##b
#define WIO__CAT(a, b) WIO__CAT_(a, b)
#define WIO__PLACE __FILE__ ":" WIO__STR(__LINE__)
#define WIO__HERE wio__at(WIO__PLACE)
#define WIO__HERE_FN(fn) wio__at(WIO__PLACE "\n" fn)
#define WIO__CLEANUP(fn) __attribute__((cleanup(fn), unused))

/* Each call that waits or creates notes its place first, for reports and the task tree. */
#ifndef WIO__INSIDE
#define wio_run(...) (WIO__HERE_FN(#__VA_ARGS__), wio_run(__VA_ARGS__))
#define wio_sleep(...) (WIO__HERE, wio_sleep(__VA_ARGS__))
#define wio_yield() (WIO__HERE, wio_yield())
#define wio_create_task(...) (WIO__HERE_FN(#__VA_ARGS__), wio_create_task(__VA_ARGS__))
#define wio_create_task_with(...) (WIO__HERE_FN(#__VA_ARGS__), wio_create_task_with(__VA_ARGS__))
#define wio_await(...) (WIO__HERE, wio_await(__VA_ARGS__))
#define wio_shield(...) (WIO__HERE, wio_shield(__VA_ARGS__))
#define wio_task_cancel(...) (WIO__HERE, wio_task_cancel(__VA_ARGS__))
#define wio_detach(...) (WIO__HERE, wio_detach(__VA_ARGS__))
#define wio_task_status(...) (WIO__HERE, wio_task_status(__VA_ARGS__))
#define wio_fail(...) (WIO__HERE, wio_fail(__VA_ARGS__))
#define wio_gather(...) (WIO__HERE_FN("gather"), wio_gather(__VA_ARGS__))
#define wio_wait_for(...) (WIO__HERE_FN(#__VA_ARGS__), wio_wait_for(__VA_ARGS__))
#define wio_group_open(...) (WIO__HERE, wio_group_open(__VA_ARGS__))
#define wio_group_create_task(g, ...) (WIO__HERE_FN(#__VA_ARGS__), wio_group_create_task(g, __VA_ARGS__))
#define wio_group_create_task_with(g, ...) (WIO__HERE_FN(#__VA_ARGS__), wio_group_create_task_with(g, __VA_ARGS__))
#define wio_group_join(...) (WIO__HERE, wio_group_join(__VA_ARGS__))
#define wio_group_cancel(...) (WIO__HERE, wio_group_cancel(__VA_ARGS__))
#define wio_group_fail(...) (WIO__HERE, wio_group_fail(__VA_ARGS__))
#define wio_semaphore_init(...) (WIO__HERE, wio_semaphore_init(__VA_ARGS__))
#define wio_semaphore_init_bounded(...) (WIO__HERE, wio_semaphore_init_bounded(__VA_ARGS__))
#define wio_semaphore_acquire(...) (WIO__HERE, wio_semaphore_acquire(__VA_ARGS__))
#define wio_semaphore_release(...) (WIO__HERE, wio_semaphore_release(__VA_ARGS__))
#define wio_fetch(...) (WIO__HERE, wio_fetch(__VA_ARGS__))
#define wio_response_read(...) (WIO__HERE, wio_response_read(__VA_ARGS__))
#define wio_response_text(...) (WIO__HERE, wio_response_text(__VA_ARGS__))
#define wio_response_close(...) (WIO__HERE, wio_response_close(__VA_ARGS__))
#endif

/* ---------------------------------------------------------------------------------------------------- Macros --- */

/* WIO_GATHER({f, &a}, {g, &b}): wio_gather() over the calls written out, without statuses. asyncio.gather(). */
#ifdef __cplusplus
template <size_t n> static inline int wio__gather_calls(const wio_call (&calls)[n]) {
    return (wio_gather)(calls, n, nullptr);
}
#define WIO_GATHER(...) (WIO__HERE_FN("gather"), wio__gather_calls({__VA_ARGS__}))
#else
#define WIO_GATHER(...)                                                                                                \
    wio_gather((const wio_call[]){__VA_ARGS__}, sizeof((const wio_call[]){__VA_ARGS__}) / sizeof(wio_call), NULL)
#endif

/* WIO_GATHER_EACH(f, array): gathers f(&array[i]) for every element of an array (not of a pointer).
 * `asyncio.gather(*map(f, array))`. */
#define WIO_GATHER_EACH(fn, array)                                                                                     \
    (WIO__HERE_FN(#fn), wio__gather_each(fn, array, sizeof((array)[0]), sizeof(array) / sizeof((array)[0])))

/* WIO_TASK_GROUP(g) { wio_group_create_task(&g, f, &a); } joins at the closing brace and on every other way out of
 * the block, return and break included. `g` is declared here and can be read after it: wio_group_status(&g).
 * `async with asyncio.TaskGroup() as g`. */
#define WIO_TASK_GROUP(g)                                                                                              \
    wio_group g;                                                                                                       \
    WIO__HERE;                                                                                                         \
    wio__group_enter(&g);                                                                                              \
    for (wio_group * WIO__CAT(wio__g, __LINE__) WIO__CLEANUP(wio__group_leave) = &g;                                   \
         wio__group_once(WIO__CAT(wio__g, __LINE__));)

/* WIO_TIMEOUT(2.5) { … } : waits inside fail with -ETIMEDOUT once 2.5 s have passed (0 or less: the first one does;
 * INFINITY: never; NaN is reported and taken as 0). Nested, the earlier deadline wins. wio_timeout_expired() after it
 * tells. asyncio.timeout(). WIO_TIMEOUT_AT takes a time of wio_time(): asyncio.timeout_at(). */
#define WIO_TIMEOUT(seconds) WIO__SCOPE(WIO__CAT(wio__s, __COUNTER__), wio__scope_timeout, seconds, true)
#define WIO_TIMEOUT_AT(when) WIO__SCOPE(WIO__CAT(wio__s, __COUNTER__), wio__scope_timeout, when, false)

/* WIO_SHIELD { … } : waits inside are not touched by cancels and timeouts from outside; for clean-up. asyncio.shield(),
 * for a stretch of code. */
#define WIO_SHIELD WIO__SHIELD(WIO__CAT(wio__s, __COUNTER__))

/* WIO_WITH_SEMAPHORE(&s) { … } : holds a permit inside and gives it back on every way out. If the permit could not
 * be had (the task was cancelled or timed out in line), the block is skipped. `async with semaphore`. */
#define WIO_WITH_SEMAPHORE(semaphore) WIO__PERMIT(WIO__CAT(wio__s, __COUNTER__), semaphore)

#define WIO__SCOPE(s, enter, seconds, relative)                                                                        \
    for (wio_scope s WIO__CLEANUP(wio__scope_leave) = WIO__ZERO;                                                       \
         !s.entered && (WIO__HERE, enter(&s, seconds, relative));)
#define WIO__SHIELD(s)                                                                                                 \
    for (wio_scope s WIO__CLEANUP(wio__scope_leave) = WIO__ZERO; !s.entered && (WIO__HERE, wio__scope_shield(&s));)
#define WIO__PERMIT(s, semaphore)                                                                                      \
    for (wio__permit s WIO__CLEANUP(wio__permit_give) = WIO__ZERO;                                                     \
         !s.entered && (WIO__HERE, wio__permit_take(&s, semaphore));)

/* ------------------------------------------------------------------------------------------------ JavaScript --- */

/* WIO_EXPORT(int, add_later, (int a, int b)) { … } : `await app.exports.add_later(1, 2, {signal})` runs the body as a
 * task of its own; any number at once. Parameters: bool, integers up to 64 bits (long long is a BigInt), float, double,
 * `const char *` (a string), wio_bytes or `const void *, size_t` (a Uint8Array). Results: the same, and void. A negative
 * `int`, `long` or `ssize_t` rejects the promise with code, name, message and task tree; other types are values. A
 * `const char *` result is copied at once, a `char *` result as well and then freed. */
#define WIO_EXPORT(type, name, parameters)                                                                             \
    WIO__DECLARE(export, type, name, parameters)                                                                       \
    WIO__CALLABLE(name)                                                                                                \
    WIO__EXTERN_C WIO__EXPORTED(name)                                                                                  \
    type name parameters;                                                                                              \
    WIO__EXTERN_C type name parameters

/* WIO_IMPORT(int, ask, (const char *question)); : a C function carried out by `load(…, {imports: {ask: async (q) => 42}})`.
 * Suspends only the calling task while the promise is pending; a JS function that returns no promise works anywhere.
 * A rejection arrives as a negative result (-EIO, -ECANCELED for AbortError, -ETIMEDOUT for TimeoutError, or the error's
 * own wasyncio code), NULL, NaN or zeroes, with its message in wio_task_error(wio_current_task()). A `const char *`
 * result is valid until the task's next import call or its end; a `char *` result is yours to free. */
#define WIO_IMPORT(type, name, parameters)                                                                             \
    WIO__DECLARE(import, type, name, parameters)                                                                       \
    WIO__EXTERN_C WIO__IMPORTED(name)                                                                                  \
    type name parameters

#ifdef __wasm__
#define WIO__DECLARE(kind, type, name, parameters)                                                                     \
    __asm__(".section .custom_section.wasyncio,\"\",@\n.ascii \"" #kind "\t" #type "\t" #name "\t" #parameters         \
            "\\n\"\n.text\n");
#define WIO__EXPORTED(name) __attribute__((export_name(#name), used))
/* What the task of a call runs. No macro can call a function of any signature; the build writes this one's body anew: it
 * takes the arguments out of `call`, calls the export and puts the result there (emsdk-config/calls.js). */
#define WIO__CALLABLE(name)                                                                                            \
    WIO__EXTERN_C WIO__EXPORTED(wio__body_##name) __attribute__((noinline)) int wio__body_##name(void *call);          \
    WIO__EXTERN_C int wio__body_##name(void *call) { return call != 0; }                                               \
    WIO__EXTERN_C WIO__EXPORTED(wio__entry_##name) const wio__entry *wio__entry_##name(void);                          \
    WIO__EXTERN_C const wio__entry *wio__entry_##name(void) {                                                          \
        static const wio__entry entry = {#name, wio__body_##name};                                                     \
        return &entry;                                                                                                 \
    }
#define WIO__IMPORTED(name) __attribute__((import_module("wasyncio_import"), import_name(#name)))
#else
#define WIO__DECLARE(kind, type, name, parameters)
#define WIO__EXPORTED(name)
#define WIO__CALLABLE(name)
#define WIO__IMPORTED(name)
#endif

/* The rest of the header, by area. */
#include "wasyncio/futures.h"
#include "wasyncio/loop.h"
#include "wasyncio/sync.h"
#include "wasyncio/executor.h"
#include "wasyncio/debug.h"
#include "wasyncio/streams.h"
#include "wasyncio/websocket.h"
#include "wasyncio/serve.h"
#include "wasyncio/json.h"

#include "wasyncio/http.h"

#endif
