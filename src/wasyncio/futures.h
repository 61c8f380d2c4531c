/* Part of <wasyncio.h>: waiting for several tasks, done callbacks, and futures. */
#ifndef WASYNCIO_FUTURES_H
#define WASYNCIO_FUTURES_H

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------- Waiting for several --- */

/* No limit, where a function takes a time. `timeout=None`. */
#define WIO_FOREVER __builtin_inf()

/* When wio_wait() returns: all tasks have ended; any has; any has failed (else all have ended; a cancelled task has not
 * failed). asyncio.ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION. */
typedef enum { WIO_ALL_COMPLETED, WIO_FIRST_COMPLETED, WIO_FIRST_EXCEPTION } wio_wait_mode;

/* Waits for some of n tasks, at most `timeout` seconds (0 or less: polls; WIO_FOREVER). Returns how many have ended, each
 * counted once however often it is listed; wio_task_done() tells which. Cancels nothing, marks no error as seen, and all
 * handles stay yours. Waits (always at least one pass). asyncio.wait().
 * -EINVAL n is 0, NULL, a stale handle, no such mode, NaN; -EDEADLK the caller's own task; -ENOMEM. */
int wio_wait(wio_task *const *tasks, size_t n, wio_wait_mode mode, double timeout);

/* Tasks as they end: an iteration that may be broken off and taken up again. Fields are private. */
typedef struct {
    wio__timer timer;
    void *watching;
    void *first, *last; /* ended, and not yet returned */
    void *waiting;
    size_t left, running;
    int status;
    bool expired;
} wio_as_completed;

/* Begins: n tasks (each once, however often it is listed), `timeout` seconds for the whole iteration, counted from here.
 * Memory for the iteration is taken here; wio_as_completed_next() gives it back when it returns NULL, or
 * wio_as_completed_close(). Returns 0. Does not wait. asyncio.as_completed().
 * -EPERM outside a task; -EINVAL NULL, a stale handle, NaN; -ENOMEM. */
int wio_as_completed_init(wio_as_completed *iterator, wio_task *const *tasks, size_t n, double timeout);

/* The next of the tasks that has ended: one of the handles given, and still yours to await (which returns at once). NULL
 * when all have been returned, and when the wait failed: see wio_as_completed_status(). Waits if none has ended. */
wio_task *wio_as_completed_next(wio_as_completed *iterator);

/* Why wio_as_completed_next() returned NULL: 0 all were returned; -ETIMEDOUT the time was up (the rest is not cancelled);
 * -ECANCELED and so on the caller's wait failed. -EINVAL NULL. */
int wio_as_completed_status(const wio_as_completed *iterator);

/* Ends an iteration early; the tasks go on. Twice, or after the end, is harmless; while a task waits for the next, it is
 * refused and reported. Does not wait. */
void wio_as_completed_close(wio_as_completed *iterator);

/* -------------------------------------------------------------------------------------------- Done callbacks --- */

/* Called when a task has ended, outside tasks: it must not wait, and may create tasks. */
typedef void wio_done_fn(wio_task *task, void *arg);

/* Calls fn(task, arg) in the loop's next pass after the task has ended; if it has already, in the next pass. Callbacks
 * and awaiting tasks get their turn in order of registration. The handle is valid in the callback. It runs with the
 * context variables of the caller. Works anywhere in a running loop, also for a group's task. Does not wait.
 * task.add_done_callback(). -EINVAL NULL or a stale handle; -EPERM no loop; -ENOMEM. */
int wio_task_add_done_callback(wio_task *task, wio_done_fn *fn, void *arg);

/* Takes every registration of fn back; returns how many there were. One that is queued already still runs. -EINVAL NULL
 * or a stale handle. task.remove_done_callback(). */
int wio_task_remove_done_callback(wio_task *task, wio_done_fn *fn);

/* --------------------------------------------------------------------------------------------------- Futures --- */

/* A result that somebody will set (asyncio.Future). Put it into a struct of yours beside the value it stands for. Fields
 * are private; zero-init is a pending future. */
typedef struct wio_future {
    void *first, *last;
    int status;
    bool done, looked_at;
    const char *created;
} wio_future;

/* Called when a future is done, outside tasks: it must not wait, and may create tasks. */
typedef void wio_future_done_fn(wio_future *future, void *arg);

/* A pending future. loop.create_future(). */
void wio_future_init(wio_future *future);

/* Waits until it is done and returns its result, or its error with the error's message. Any number of tasks may wait, and
 * again; a done future does not give up the turn. Cancelling a task that waits here cancels the future, and with it
 * everybody's wait; WIO_SHIELD prevents it. Waits. `await future`.
 * -EINVAL NULL; -ECANCELED the future was cancelled; whatever was given to wio_future_set_error(). */
int wio_future_await(wio_future *future);

/* Makes it done with a result (0 or positive); waiting tasks resume in the next pass. Works anywhere in a loop. Returns 0.
 * -EALREADY it is done, and stays as it is; -EINVAL NULL or a negative result. future.set_result(). */
int wio_future_set_result(wio_future *future, int result);

/* Makes it done with an error (negative); the message comes from wio_fail(): wio_future_set_error(&f, wio_fail(-EIO, "…")).
 * -EALREADY it is done, and stays as it is; -EINVAL NULL or a code that is not negative. future.set_exception(). */
int wio_future_set_error(wio_future *future, int code);

/* Makes it done as cancelled. Returns 0; -EALREADY it is done; -EINVAL NULL. future.cancel(). */
int wio_future_cancel(wio_future *future);

/* future.done(), future.cancelled(). False for NULL. */
bool wio_future_done(const wio_future *future);
bool wio_future_cancelled(const wio_future *future);

/* Its result or error. -EAGAIN it is pending (reported); -EINVAL NULL. Reading it counts as having looked at a failure.
 * future.result(). */
int wio_future_status(wio_future *future);

/* The error it failed with, or NULL. Valid until wio_future_destroy() or the end of the run. future.exception(). */
const wio_error *wio_future_error(wio_future *future);

/* Makes `to` done like `from`: result, error with its message, or cancelled. -EAGAIN `from` is pending; otherwise as
 * wio_future_set_result(). asyncio.futures._copy_future_state. */
int wio_future_copy(wio_future *to, wio_future *from);

/* Calls fn(future, arg) in the pass after it is done, as wio_task_add_done_callback(); not after wio_future_destroy().
 * future.add_done_callback(), remove_done_callback(). -EINVAL NULL; -EPERM no loop; -ENOMEM. */
int wio_future_add_done_callback(wio_future *future, wio_future_done_fn *fn, void *arg);
int wio_future_remove_done_callback(wio_future *future, wio_future_done_fn *fn);

/* Frees the message of an error and reports an error that nobody has looked at; at the end of the run that happens by
 * itself. Waiting tasks fail with -ECANCELED; callbacks that were not called yet never are. NULL is ignored. Does not wait.
 * (asyncio: dropping the reference.) */
void wio_future_destroy(wio_future *future);

#ifdef __cplusplus
}
#endif

#ifndef WIO__INSIDE
#define wio_wait(...) (WIO__HERE, wio_wait(__VA_ARGS__))
#define wio_as_completed_init(...) (WIO__HERE, wio_as_completed_init(__VA_ARGS__))
#define wio_as_completed_next(...) (WIO__HERE, wio_as_completed_next(__VA_ARGS__))
#define wio_task_add_done_callback(task, ...)                                                                          \
    (WIO__HERE_FN(#__VA_ARGS__), wio_task_add_done_callback(task, __VA_ARGS__))
#define wio_future_init(...) (WIO__HERE, wio_future_init(__VA_ARGS__))
#define wio_future_await(...) (WIO__HERE, wio_future_await(__VA_ARGS__))
#define wio_future_set_result(...) (WIO__HERE, wio_future_set_result(__VA_ARGS__))
#define wio_future_set_error(...) (WIO__HERE, wio_future_set_error(__VA_ARGS__))
#define wio_future_status(...) (WIO__HERE, wio_future_status(__VA_ARGS__))
#define wio_future_add_done_callback(future, ...)                                                                      \
    (WIO__HERE_FN(#__VA_ARGS__), wio_future_add_done_callback(future, __VA_ARGS__))
#endif

/* ---------------------------------------------------------------------------------------------------- Macros --- */

/* WIO_AS_COMPLETED(it, task, tasks, n, WIO_FOREVER) { int rc = wio_await(task); … } : the body runs once for each task, as
 * they end. `it` is declared here and can be read after it: wio_as_completed_status(&it). Closes it on every way out.
 * `async for task in asyncio.as_completed(tasks)`. */
#define WIO_AS_COMPLETED(it, task, tasks, n, timeout)                                                                  \
    wio_as_completed it WIO__CLEANUP(wio_as_completed_close);                                                          \
    it.status = wio_as_completed_init(&it, tasks, n, timeout);                                                         \
    for (wio_task * task; (task = wio_as_completed_next(&it)) != NULL;)

#endif
