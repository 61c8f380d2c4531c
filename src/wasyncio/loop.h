/* Part of <wasyncio.h>: callbacks, context variables, timeouts by hand, generators, the runner, and notes on errors. */
#ifndef WASYNCIO_LOOP_H
#define WASYNCIO_LOOP_H

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------ Callbacks --- */

/* A function that the loop calls, outside tasks: it must not wait, and may create tasks. It sees the context variables of
 * the moment at which it was scheduled. */
typedef void wio_callback(void *arg);

/* A scheduled call (asyncio.Handle, TimerHandle). Nothing needs to be given back: it becomes stale when it has run, was
 * cancelled, or the run has ended. */
typedef struct wio_handle wio_handle;

/* Calls fn(arg) in the loop's next pass; in order. Works in tasks, callbacks and plain exports. `arg` must outlive the
 * call. NULL, with the reason on stderr, if fn is NULL, no loop runs, or without memory. Does not wait.
 * loop.call_soon(). */
wio_handle *wio_call_soon(wio_callback *fn, void *arg);

/* Calls fn(arg) after `seconds`, or when wio_time() is `when`; a time in the past: in the next pass, after what is ready.
 * Equal times: in the order of these calls. NULL also for NaN. loop.call_later(), call_at(). */
wio_handle *wio_call_later(double seconds, wio_callback *fn, void *arg);
wio_handle *wio_call_at(double when, wio_callback *fn, void *arg);

/* The call is not made. True if that was in time; false for a handle that is stale or NULL. Does not wait.
 * handle.cancel(). */
bool wio_handle_cancel(wio_handle *handle);

/* When a timed call is due, in wio_time(); NaN for others and for a stale handle. handle.when(). */
double wio_handle_when(const wio_handle *handle);

/* -------------------------------------------------------------------------------------- Context variables --- */

/* A variable is named by the address of anything static, such as `static char user;`. A task sees the values of the
 * moment of its creation, and changes its own copy (contextvars.ContextVar). */

/* Sets a variable in the calling task or callback, or, in main(), for the runs that follow. The value is yours: keep what it
 * points to as long as tasks may look. 0; -EINVAL key is NULL; -ENOMEM. Does not wait. var.set(value). */
int wio_context_set(const void *key, void *value);

/* Its value; NULL if it was never set. var.get(None). */
void *wio_context_get(const void *key);

/* -------------------------------------------------------------------------------------------- Timeouts by hand --- */

/* WIO_TIMEOUT with a name, for limits that move. Opens it in the calling task; it must be closed before the function
 * returns, in the reverse order of opening. Returns 0. Does not wait. asyncio.timeout().
 * -EPERM outside a task; -EINVAL NULL or NaN; -EBUSY it is open already. */
int wio_timeout_open(wio_scope *timeout, double seconds);

/* Closes it. Returns 0, or -ETIMEDOUT if it has expired and struck a wait. -EINVAL not open in this task. Does not wait. */
int wio_timeout_close(wio_scope *timeout);

/* Moves the deadline to `when` of wio_time() (WIO_FOREVER: none; a time in the past strikes at the next wait). 0.
 * -EINVAL not open, or NaN; -ETIMEDOUT it has expired already. timeout.reschedule(). */
int wio_timeout_reschedule(wio_scope *timeout, double when);

/* The deadline in wio_time(); WIO_FOREVER if there is none. timeout.when(). */
double wio_timeout_when(const wio_scope *timeout);

/* ------------------------------------------------------------------------------------------------ Generators --- */

/* An asynchronous generator: a coroutine that hands out values one by one. Fields are private. */
typedef struct wio_generator {
    wio_task *task;
    void *producer, *consumer;
    void *value;
    int (*fn)(struct wio_generator *generator, void *arg);
    void *arg;
    const char *created;
    int status;
    uint8_t state;
} wio_generator;

/* Its body. It runs only while somebody asks for the next value, as a task of its own. Returns 0 or a negative error. */
typedef int wio_generator_fn(wio_generator *generator, void *arg);

/* Inside the body: hands a value (the address of it, valid until the next one is asked for) to whoever iterates, and goes
 * on when the next is wanted. 0. Waits. `yield value`. -ECANCELED the iteration was broken off: clean up and return;
 * -EPERM not in the body of this generator. */
int wio_generator_yield(wio_generator *generator, const void *value);

/* Prepares an iteration; the body has not begun. Returns 0. -EINVAL NULL. */
int wio_generator_open(wio_generator *generator, wio_generator_fn *fn, void *arg);

/* Runs the body up to its next value; true if there is one. False at the end, and on an error of the body or of the wait:
 * see wio_generator_status(). If the caller is cancelled, the body is. Waits if the body does. `await anext(generator)`. */
bool wio_generator_next(wio_generator *generator, void **value);

/* 0, or the error with which the iteration ended. -EINVAL NULL. */
int wio_generator_status(const wio_generator *generator);

/* Breaks the iteration off: the body's yields fail with -ECANCELED, shielded or not, and its end is waited for. Twice, or
 * after the end, is harmless; while another task asks for the next value it is refused and reported, and so is a next
 * value then (-EBUSY). Waits. generator.aclose(). */
void wio_generator_close(wio_generator *generator);

/* ------------------------------------------------------------------------------------------------- The runner --- */

/* Several runs on one loop (asyncio.Runner): tasks that are left when a run ends stay, and go on in the next. Fields are
 * private. */
typedef struct {
    uint8_t state;
    void *vars;
} wio_runner;

/* Opens a runner, in main(), which must close it before it returns. Returns 0. asyncio.Runner().
 * -EPERM not in main(); -EINVAL NULL; -EBUSY a runner is open. */
int wio_runner_open(wio_runner *runner);

/* Runs fn(arg) as the main task until it has ended, and returns what it returned. Context variables set by one run are seen
 * by the next. fn NULL goes on with a main task that wio_stop() has left. Waits (only in main()). runner.run().
 * -EPERM not in main(), or the runner is not open; -EBUSY in a run; -EINVAL NULL; -EINTR wio_stop() was called before fn
 * had ended; -EDEADLK as wio_run(); -ENOMEM. */
int wio_runner_run(wio_runner *runner, wio_fn *fn, void *arg);

/* Cancels and joins what is left, and closes the runner. Returns 0; twice is harmless. Waits (only in main()).
 * runner.close(). -EPERM not in main(); -EBUSY in a run; -EINVAL NULL. */
int wio_runner_close(wio_runner *runner);

/* Stops the loop when what is ready in this pass has run: the run returns -EINTR. Does not wait. loop.stop().
 * Outside a run it is reported. */
void wio_stop(void);

/* ---------------------------------------------------------------------------------------------------- Notes --- */

/* Adds a line to the error that the calling task has just got (or made by wio_fail()), if it is this code; returns the code,
 * so: return wio_add_note(rc, "while reading %s", name); The line (511 bytes at most) stands in wio_error.notes wherever
 * the error is reported or awaited. error.add_note(). */
int wio_add_note(int code, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#ifdef __cplusplus
}
#endif

#ifndef WIO__INSIDE
#define wio_call_soon(...) (WIO__HERE_FN(#__VA_ARGS__), wio_call_soon(__VA_ARGS__))
#define wio_call_later(seconds, ...) (WIO__HERE_FN(#__VA_ARGS__), wio_call_later(seconds, __VA_ARGS__))
#define wio_call_at(when, ...) (WIO__HERE_FN(#__VA_ARGS__), wio_call_at(when, __VA_ARGS__))
#define wio_timeout_open(...) (WIO__HERE, wio_timeout_open(__VA_ARGS__))
#define wio_generator_open(g, ...) (WIO__HERE_FN(#__VA_ARGS__), wio_generator_open(g, __VA_ARGS__))
#define wio_generator_yield(...) (WIO__HERE, wio_generator_yield(__VA_ARGS__))
#define wio_generator_next(...) (WIO__HERE, wio_generator_next(__VA_ARGS__))
#define wio_runner_open(...) (WIO__HERE, wio_runner_open(__VA_ARGS__))
#define wio_runner_run(r, ...) (WIO__HERE_FN(#__VA_ARGS__), wio_runner_run(r, __VA_ARGS__))
#define wio_runner_close(...) (WIO__HERE, wio_runner_close(__VA_ARGS__))
#define wio_stop() (WIO__HERE, wio_stop())
#define wio_add_note(...) (WIO__HERE, wio_add_note(__VA_ARGS__))
#endif

/* ---------------------------------------------------------------------------------------------------- Macros --- */

/* WIO_ASYNC_FOR(g, int *, x, ticker, &arg) { use(*x); } : the body runs once for each value that ticker(&g, &arg) hands out.
 * `g` is declared here and can be read after it: wio_generator_status(&g). Closes the generator on every way out of the block
 * around the loop, if wio_generator_close(&g) does not do it sooner.
 * `async for x in ticker(arg)`. */
#define WIO_ASYNC_FOR(g, type, x, fn, arg)                                                                             \
    wio_generator g WIO__CLEANUP(wio_generator_close);                                                                 \
    wio_generator_open(&g, fn, arg);                                                                                   \
    for (type x; wio_generator_next(&g, (void **)(void *)&x);)

#endif
