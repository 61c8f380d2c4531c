/* Part of <wasyncio.h>: plain C functions run in workers. */
#ifndef WASYNCIO_EXECUTOR_H
#define WASYNCIO_EXECUTOR_H

#ifdef __cplusplus
extern "C" {
#endif

/* ----------------------------------------------------------------------------------------------- Executors --- */

/* What an executor runs: a plain C function that computes. It is called in a worker (a Web Worker or a thread of Node),
 * in another instance of this module with a memory of its own: pointers to anything but functions and constants mean
 * nothing there, and global variables are those that the worker's earlier jobs have left, at first as the program
 * starts with them (constructors have run, main() has not). `in` is a copy of the caller's bytes, aligned for any type.
 * `out` has room for `out_size` bytes, all zero; they are copied back if the job succeeds. Returns 0 or a positive
 * result, or a negative error, with wio_fail() for words.
 * In a job whatever waits fails with -EPERM, functions of WIO_IMPORT too. printf() and getenv() work as in the program.
 * It is no wio_fn: what a coroutine's argument points to would not be there. For that there is wio_to_thread(). */
typedef int wio_job(const void *in, size_t in_size, void *out, size_t out_size);

/* A handle to a pool of workers (concurrent.futures.ProcessPoolExecutor), from wio_executor_create(). A handle that was
 * shut down is recognised and refused. */
typedef struct wio_executor wio_executor;

/* How to make an executor. Zeroed fields take the default. */
typedef struct {
    unsigned workers;   /* at most this many jobs at a time; default: what the machine has processors, at most 1,024 */
    size_t queue_limit; /* at most this many more wait for a worker, first come first served; default: any number */
    size_t stack_size;  /* bytes of C stack of a job, at least 512; default 256 KiB */
} wio_executor_options;

/* Makes an executor. Its workers start when jobs first need them, and stay; idle ones do not keep Node alive. Each has a
 * memory of its own, of the size that the program starts with (16 MB). They end with wio_executor_shutdown(), or with
 * the app. `options` may be NULL. Returns NULL, with the reason on stderr and in wio_task_error(), if there are no
 * workers on this host, more than 1,024 were asked for, in a job, or without memory. Works everywhere else, in main()
 * too. Does not wait. ProcessPoolExecutor(max_workers=…). */
wio_executor *wio_executor_create(const wio_executor_options *options);

/* Runs fn(in, in_size, out, out_size) in a worker and returns what it returned, while the other tasks go on. `in` is
 * copied before the call waits, and nothing is written to `out` after it has returned; both may be NULL if their size is
 * 0. `executor` NULL: the default one, made on first use with the default options, gone at the end of the run (used by
 * exports only: with the app). Waits.
 * loop.run_in_executor(executor, fn, *args); each call is awaited at once: gather several, or use wio_executor_map().
 * If the caller is cancelled or its time is up, a job that runs is stopped there and then, whatever it is doing: its
 * worker is ended, and replaced when one is needed. A job that still stands in the queue never runs.
 * Negative results of the job come back as they are, with the message of its wio_fail() and the worker's name in
 * wio_task_error(wio_current_task()). On a failure what `out` holds is unspecified. Besides:
 * -EINVAL fn is NULL, or a buffer that has a size, or the executor was shut down; -EAGAIN the queue is full; -EFAULT the
 * job has crashed, or called exit() or abort(): only this call fails, and the worker is replaced; -EOVERFLOW its stack is
 * too small; -EMSGSIZE it wrote more than out_size bytes to `out` (by convention also what a job returns whose output
 * does not fit); -EIO the worker did not start; -ENOTSUP there are no workers on this host; -ENOMEM here or in the
 * worker; -ECANCELED also if the executor is shut down meanwhile. */
int wio_run_in_executor(wio_executor *executor, wio_job *fn, const void *in, size_t in_size, void *out,
                        size_t out_size);

/* Runs the job once for each of `count` elements: fn(&in[i], in_size, &out[i], out_size), where `in` and `out` are arrays
 * with elements of these sizes. They go to the workers in chunks of `chunk` elements (0: four chunks for each worker),
 * two chunks a worker at a time, so a queue limit stops it only if others have filled the queue. Waits for all.
 * executor.map(fn, array, chunksize=…).
 * Returns 0, or the first error in time: the chunks that run are then stopped, and what `out` holds is unspecified. With
 * `statuses` (count ints) every job's result is stored and wio_executor_map() returns 0; a crash is then the result of
 * each element of its chunk. Cancel, timeout and errors as wio_run_in_executor(); -EINVAL also if the sizes of the arrays
 * overflow. */
int wio_executor_map(wio_executor *executor, wio_job *fn, const void *in, size_t in_size, void *out, size_t out_size,
                     size_t count, size_t chunk, int *statuses);

/* Ends the executor: further calls with it are refused, those under way are waited for, or stopped if `cancel` (they
 * return -ECANCELED); then its workers end. NULL is the default executor, which the rest of the run then refuses. Returns
 * 0. Waits only if it must; without anything under way it works outside tasks too. If the caller is cancelled, what is
 * under way is stopped and the executor is gone all the same. executor.shutdown(cancel_futures=…),
 * loop.shutdown_default_executor().
 * -EINVAL it was shut down already, or never was an executor; -EPERM it would have to wait, outside a task. */
int wio_executor_shutdown(wio_executor *executor, bool cancel);

/* ------------------------------------------------------------------------------------------------- Threads --- */

/* Runs fn(arg) in a thread, on the program's own heap, and returns what it returned, while the other tasks go on. Only in
 * programs built with `wasyncio build --threads`, whose memory is shared: such a page must be cross-origin isolated (it is served
 * with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp); Node needs nothing. Waits.
 * asyncio.to_thread(fn, arg).
 * At most as many run at a time as the machine has processors and 4 more, but no more than 32; the rest wait in line, first come
 * first served. Threads are kept, each with 256 KiB of stack, and end with the app; they do not keep Node alive.
 * fn is plain C, as in any program with threads: what others use at the same time needs atomics or a pthread_mutex_t, which is
 * better not held for long: where a task meets a lock, it spins and all tasks wait. malloc(), printf(), errno, thread-local variables and
 * libc's sleeps work. pthread_create() fails with ENOTSUP.
 * Of wasyncio, fn may call wio_fail(), whose words the caller finds as usual, wio_thread_cancelled(), wio_time(),
 * wio_error_name(), and wio_context_get() and wio_context_set() on a copy of the caller's context variables. Everything
 * else says so on stderr and does nothing: it returns -EPERM, or NULL, false or 0. JavaScript functions (WIO_IMPORT) fail
 * likewise.
 * A thread cannot be stopped, since it may hold a lock. If the caller is cancelled or its time is up, a call that waits in line
 * is given up; one that runs is waited for, with wio_thread_cancelled() true from then on, and its result is returned: the
 * caller's next wait fails. (asyncio lets the thread run on alone, with arguments that Python keeps alive.)
 * A crash in a thread, exit() and abort() end the app, as in any program with threads.
 * Negative results of fn come back as they are. Besides: -ENOTSUP built without --threads; -EINVAL fn is NULL; -EIO the worker
 * did not start; -ENOMEM. */
int wio_to_thread(wio_fn *fn, void *arg);

/* In a function that wio_to_thread() runs: whether its caller was cancelled, or its time is up, so that the result is of no
 * interest. false elsewhere. Does not wait. (threading.Event, as asyncio programs pass one.) */
bool wio_thread_cancelled(void);

#ifdef __cplusplus
}
#endif

#ifndef WIO__INSIDE
#define wio_executor_create(...) (WIO__HERE, wio_executor_create(__VA_ARGS__))
#define wio_run_in_executor(...) (WIO__HERE, wio_run_in_executor(__VA_ARGS__))
#define wio_executor_map(...) (WIO__HERE, wio_executor_map(__VA_ARGS__))
#define wio_executor_shutdown(...) (WIO__HERE, wio_executor_shutdown(__VA_ARGS__))
#define wio_to_thread(...) (WIO__HERE, wio_to_thread(__VA_ARGS__))
#endif

/* ---------------------------------------------------------------------------------------------------- Macros --- */

/* WIO_EXECUTOR_MAP(executor, fn, in, out): wio_executor_map() over every element of the array `in` (not a pointer), with
 * the results in the array `out`, which has at least as many; chunks of the default size. `list(executor.map(fn, array))`. */
#define WIO_EXECUTOR_MAP(executor, fn, in, out)                                                                        \
    wio_executor_map(executor, fn, in, sizeof((in)[0]), out, sizeof((out)[0]), sizeof(in) / sizeof((in)[0]), 0, NULL)

#endif
