/* Part of <wasyncio.h>: locks, events, conditions, barriers, queues, and waiting for whichever happens first. */
#ifndef WASYNCIO_SYNC_H
#define WASYNCIO_SYNC_H

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------------------------------------- Locks --- */

/* Lets one task in at a time, first come, first served (asyncio.Lock). Fields are private; zero-init is a free lock. No
 * clean-up is needed. */
typedef struct {
    void *first, *last;
    uint32_t owner; /* a handle; 0: free */
} wio_lock;

/* A free lock. NULL is reported. asyncio.Lock(). */
void wio_lock_init(wio_lock *lock);

/* Takes the lock, waiting in line if it is taken. 0. Waits only if it must: a free lock is given to a cancelled task too.
 * lock.acquire(). -EINVAL NULL; -EDEADLK the calling task holds it already. */
int wio_lock_acquire(wio_lock *lock);

/* Hands the lock to the first in line, or frees it. 0. Does not wait. lock.release().
 * -EPERM it is free, or another task holds it (reported); -EINVAL NULL. */
int wio_lock_release(wio_lock *lock);

/* Whether somebody holds it. lock.locked(). */
bool wio_lock_locked(const wio_lock *lock);

/* --------------------------------------------------------------------------------------------------- Events --- */

/* A flag that tasks wait for (asyncio.Event). Fields are private; zero-init is an event that is not set. */
typedef struct {
    void *first, *last;
    bool set;
} wio_event;

/* An event that is not set. NULL is reported. asyncio.Event(). */
void wio_event_init(wio_event *event);

/* Waits until the event is set; 0, at once if it is. Waits only if it must. event.wait(). -EINVAL NULL. */
int wio_event_wait(wio_event *event);

/* Sets it and wakes all that wait, in order of arrival; clears it. NULL is reported. Do not wait. event.set(), clear(). */
void wio_event_set(wio_event *event);
void wio_event_clear(wio_event *event);

/* event.is_set(). False for NULL. */
bool wio_event_is_set(const wio_event *event);

/* ----------------------------------------------------------------------------------------------- Conditions --- */

/* Waiting, with a lock held, until something may have changed (asyncio.Condition). Fields are private; zero-init is a
 * condition with a lock of its own. No clean-up is needed. */
typedef struct {
    wio_lock *lock; /* NULL: its own */
    wio_lock own;
    void *first, *last;
} wio_condition;

/* `lock` NULL: one of its own. Several conditions may share a lock; holding it is holding each of them. NULL is reported.
 * asyncio.Condition(lock). */
void wio_condition_init(wio_condition *condition, wio_lock *lock);

/* The lock's. condition.acquire(), release(), locked(). Errors as wio_lock_acquire() and wio_lock_release(). */
int wio_condition_acquire(wio_condition *condition);
int wio_condition_release(wio_condition *condition);
bool wio_condition_locked(const wio_condition *condition);

/* Lets go of the lock, waits to be notified, and takes the lock again; however it ends, the calling task holds the lock
 * then (except after -EDEADLK, if another task kept it). A cancel does not cost its place in line for the lock, and the
 * notification it no longer needs goes to the next. May return without a reason: use wio_condition_wait_for(). 0. Waits.
 * condition.wait(). -EPERM the calling task does not hold the lock; -EINVAL NULL. */
int wio_condition_wait(wio_condition *condition);

/* Waits until predicate(arg) is true, asked once before and again after each notification. 0; without the lock only if it
 * is true at once. Waits. condition.wait_for(). Errors as wio_condition_wait(). */
int wio_condition_wait_for(wio_condition *condition, bool (*predicate)(void *arg), void *arg);

/* Wakes the first n that wait (all), which go on when they get the lock; with nobody waiting it is forgotten. 0. Do not
 * wait. condition.notify(n), notify_all(). -EPERM the calling task does not hold the lock; -EINVAL NULL. */
int wio_condition_notify(wio_condition *condition, size_t n);
int wio_condition_notify_all(wio_condition *condition);

/* ------------------------------------------------------------------------------------------------- Barriers --- */

/* Holds tasks until a number of them have come (asyncio.Barrier). Fields are private; see wio_barrier_init(). */
typedef struct {
    void *first, *last;
    unsigned parties, count; /* that have come and not yet left */
    unsigned next;           /* number */
    uint8_t state;
} wio_barrier;

/* `parties` tasks pass together, round after round. 0; -EINVAL NULL or no parties. asyncio.Barrier(parties). */
int wio_barrier_init(wio_barrier *barrier, unsigned parties);

/* Waits for the others. Returns the task's number in the round, each of 0 .. parties-1 once, in order of arrival. The last
 * to come does not give up the turn. A task that is cancelled leaves, and one more has to come for it (unless the round was
 * complete before it ran); the barrier is not broken by that. Waits. barrier.wait(). -EPIPE the barrier is broken: aborted, or reset meanwhile; -EINVAL NULL. */
int wio_barrier_wait(wio_barrier *barrier);

/* Waits of this round fail with -EPIPE; the barrier is as new (and repaired, if it was aborted). Does not wait.
 * barrier.reset(). */
void wio_barrier_reset(wio_barrier *barrier);

/* All waits, and later ones, fail with -EPIPE until a reset. Does not wait. barrier.abort(). */
void wio_barrier_abort(wio_barrier *barrier);

/* barrier.parties, n_waiting (tasks that have come while it fills; 0 while they leave), broken. 0 and false for NULL. */
unsigned wio_barrier_parties(const wio_barrier *barrier);
unsigned wio_barrier_n_waiting(const wio_barrier *barrier);
bool wio_barrier_broken(const wio_barrier *barrier);

/* --------------------------------------------------------------------------------------------------- Queues --- */

/* Private, inside a queue: those that get, or those that put. */
typedef struct {
    void *first, *last; /* in line: those that were woken and have not run yet, and behind them those that wait */
    void *waiting;      /* the first of the latter */
    size_t woken;       /* of the former, those that own an item, or room for one */
} wio__queue_side;

/* Items of one size, copied in and out (asyncio.Queue, LifoQueue, PriorityQueue). Fields are private. Free its memory with
 * wio_queue_destroy(). */
typedef struct {
    char *items; /* a ring, a stack or a heap */
    size_t item_size, stride, capacity, room, start, count, unfinished;
    int (*compare)(const void *a, const void *b);
    wio__queue_side getters, putters;
    void *joiners, *joiners_last;
    uint64_t order;
    uint8_t kind;
    bool is_shutdown;
} wio_queue;

/* First in, first out. `capacity` 0: unbounded. Memory is taken when items come. 0; -EINVAL NULL or item_size 0.
 * asyncio.Queue(maxsize). */
int wio_queue_init(wio_queue *queue, size_t item_size, size_t capacity);

/* Last in, first out. asyncio.LifoQueue(maxsize). */
int wio_queue_init_lifo(wio_queue *queue, size_t item_size, size_t capacity);

/* Smallest first by compare(a, b), as of qsort(); equal ones in the order in which they were put. compare must not wait
 * (what would wait in it fails with -EPERM) nor use the queue.
 * -EINVAL also compare is NULL. asyncio.PriorityQueue(maxsize). */
int wio_queue_init_priority(wio_queue *queue, size_t item_size, size_t capacity,
                            int (*compare)(const void *a, const void *b));

/* Copies an item in, waiting in line while the queue is full. If a task waits in get(), one item is its own from here on
 * (the next by the queue's order when it runs). 0. Waits only if it must. queue.put(). -ESHUTDOWN the queue was shut down; -EINVAL NULL; -ENOMEM. */
int wio_queue_put(wio_queue *queue, const void *item);

/* Takes the next item out into `item`, waiting in line while there is none. 0. Waits only if it must. queue.get().
 * -ESHUTDOWN the queue was shut down and is empty; -EINVAL NULL. */
int wio_queue_get(wio_queue *queue, void *item);

/* The same without waiting, anywhere. queue.put_nowait(), get_nowait().
 * -ENOBUFS it is full (QueueFull); -EAGAIN it is empty (QueueEmpty); otherwise as above. */
int wio_queue_put_nowait(wio_queue *queue, const void *item);
int wio_queue_get_nowait(wio_queue *queue, void *item);

/* How many items are in it; whether a get, or a put, would have to wait now. Items and room that are another task's already
 * count as there in the first, and as gone in the others. queue.qsize(), empty(), full(). 0, true and false for NULL. */
size_t wio_queue_size(const wio_queue *queue);
bool wio_queue_empty(const wio_queue *queue);
bool wio_queue_full(const wio_queue *queue);

/* An item that was taken out has been dealt with. 0. queue.task_done().
 * -EINVAL called more often than items were put (reported), or NULL. */
int wio_queue_task_done(wio_queue *queue);

/* Waits until wio_queue_task_done() was called for every item that was put. 0. Waits only if it must. queue.join().
 * -EINVAL NULL. */
int wio_queue_join(wio_queue *queue);

/* No more puts; gets go on until the queue is empty. `immediate`: it is emptied at once, and what was in it counts as done,
 * also what a waiting task was given and has not taken yet.
 * Waiting puts fail, and waiting gets if it is empty, with -ESHUTDOWN. Again is harmless. Does not wait.
 * queue.shutdown(immediate). */
void wio_queue_shutdown(wio_queue *queue, bool immediate);

/* Frees the memory of a queue that nobody waits for any more (whoever does fails with -ESHUTDOWN). It must be initialised
 * before it is used again. NULL is ignored, and a queue that was destroyed or is all zeros. */
void wio_queue_destroy(wio_queue *queue);

/* --------------------------------------------------------------------------------------------------- Select --- */

/* One of the things that wio_select() waits for; made by WIO_CASE_…. Fields but `status` are private. */
typedef struct {
    int kind;
    void *object;
    void *item;
    double seconds;
    int status; /* of the case that happened: 0 or a result, or a negative error */
    wio__waiter waiter;
} wio_case;

/* Waits until one of the cases can happen, carries it out, and returns its index; the others are left as they were (also
 * when the caller is cancelled: neither a task nor a future is). If several can happen at once, it is the first of them,
 * without giving up the turn; WIO_CASE_TIMEOUT(0) at the end is Go's default. cases[index].status says how it went:
 * WIO_CASE_GET and WIO_CASE_PUT 0 or -ESHUTDOWN, WIO_CASE_FUTURE and WIO_CASE_TASK the result or error (a task's handle
 * stays yours), WIO_CASE_TIMEOUT 0. The cases must stay where they are meanwhile, and may be used again. Allocates nothing
 * itself. Waits only if it must. Go's select; asyncio.wait(FIRST_COMPLETED) over queue.get().
 * -EINVAL no cases, NULL, a stale handle, NaN; -EDEADLK the calling task itself; -ENOMEM for the item of a put, which did
 * not happen. */
int wio_select(wio_case *cases, size_t n);

/* -------------------------------------------------------------------------- Behind the macros: not for use --- */

enum { WIO__CASE_GET = 1, WIO__CASE_PUT, WIO__CASE_FUTURE, WIO__CASE_TASK, WIO__CASE_TIMEOUT };

typedef struct {
    wio_lock *lock;
    bool entered;
} wio__held;

bool wio__held_take(wio__held *held, wio_lock *lock);
void wio__held_give(wio__held *held);
wio_lock *wio__lock_of(wio_condition *condition);
static inline wio_case wio__case(int kind, void *object, const void *item, double seconds) {
    wio_case made = WIO__ZERO;
    made.kind = kind;
    made.object = object;
    made.item = (void *)(uintptr_t)item;
    made.seconds = seconds;
    return made;
}

#ifdef __cplusplus
}
#endif

#ifndef WIO__INSIDE
#define wio_lock_init(...) (WIO__HERE, wio_lock_init(__VA_ARGS__))
#define wio_lock_acquire(...) (WIO__HERE, wio_lock_acquire(__VA_ARGS__))
#define wio_lock_release(...) (WIO__HERE, wio_lock_release(__VA_ARGS__))
#define wio_event_init(...) (WIO__HERE, wio_event_init(__VA_ARGS__))
#define wio_event_wait(...) (WIO__HERE, wio_event_wait(__VA_ARGS__))
#define wio_condition_acquire(...) (WIO__HERE, wio_condition_acquire(__VA_ARGS__))
#define wio_condition_release(...) (WIO__HERE, wio_condition_release(__VA_ARGS__))
#define wio_condition_wait(...) (WIO__HERE, wio_condition_wait(__VA_ARGS__))
#define wio_condition_wait_for(...) (WIO__HERE, wio_condition_wait_for(__VA_ARGS__))
#define wio_condition_notify(...) (WIO__HERE, wio_condition_notify(__VA_ARGS__))
#define wio_condition_notify_all(...) (WIO__HERE, wio_condition_notify_all(__VA_ARGS__))
#define wio_barrier_init(...) (WIO__HERE, wio_barrier_init(__VA_ARGS__))
#define wio_barrier_wait(...) (WIO__HERE, wio_barrier_wait(__VA_ARGS__))
#define wio_queue_init(...) (WIO__HERE, wio_queue_init(__VA_ARGS__))
#define wio_queue_init_lifo(...) (WIO__HERE, wio_queue_init_lifo(__VA_ARGS__))
#define wio_queue_init_priority(...) (WIO__HERE, wio_queue_init_priority(__VA_ARGS__))
#define wio_queue_put(...) (WIO__HERE, wio_queue_put(__VA_ARGS__))
#define wio_queue_get(...) (WIO__HERE, wio_queue_get(__VA_ARGS__))
#define wio_queue_task_done(...) (WIO__HERE, wio_queue_task_done(__VA_ARGS__))
#define wio_queue_join(...) (WIO__HERE, wio_queue_join(__VA_ARGS__))
#define wio_select(...) (WIO__HERE, wio_select(__VA_ARGS__))
#endif

/* ---------------------------------------------------------------------------------------------------- Macros --- */

/* WIO_WITH_LOCK(&lock) { … } : holds the lock inside and releases it on every way out. If it could not be had (the task was
 * cancelled or timed out in line), the block is skipped. `async with lock`. WIO_WITH_CONDITION(&condition): its lock. */
#define WIO_WITH_LOCK(lock) WIO__HELD(WIO__CAT(wio__l, __COUNTER__), lock)
#define WIO_WITH_CONDITION(condition) WIO__HELD(WIO__CAT(wio__l, __COUNTER__), wio__lock_of(condition))

#define WIO__HELD(l, lock)                                                                                             \
    for (wio__held l WIO__CLEANUP(wio__held_give) = WIO__ZERO; !l.entered && (WIO__HERE, wio__held_take(&l, lock));)

/* Cases of wio_select(): an item taken out of a queue, an item put into one, a future or task that is done, a time. */
#define WIO_CASE_GET(queue, item) wio__case(WIO__CASE_GET, queue, item, 0)
#define WIO_CASE_PUT(queue, item) wio__case(WIO__CASE_PUT, queue, item, 0)
#define WIO_CASE_FUTURE(future) wio__case(WIO__CASE_FUTURE, future, NULL, 0)
#define WIO_CASE_TASK(task) wio__case(WIO__CASE_TASK, task, NULL, 0)
#define WIO_CASE_TIMEOUT(seconds) wio__case(WIO__CASE_TIMEOUT, NULL, NULL, seconds)

#endif
