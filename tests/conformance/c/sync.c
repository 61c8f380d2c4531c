/* Operations on semaphores, locks, events, conditions, barriers and queues. */
#include "interpreter.h"

#include <string.h>

/* --------------------------------------------------------------------------------------------- Semaphores --- */

wio_semaphore semaphores[SEMAPHORES];
static wio_semaphore *semaphore_of(const statement *each) { return &semaphores[arg(each, 0) % SEMAPHORES]; }

int op_acquire(frame *frame, const statement *each) {
    (void)frame;
    return wio_semaphore_acquire(semaphore_of(each));
}

int op_release(frame *frame, const statement *each) {
    (void)frame;
    wio_semaphore_release(semaphore_of(each));
    return 0;
}

int op_with_semaphore(frame *frame, const statement *each) {
    wio_semaphore *semaphore = semaphore_of(each);
    int status = wio_semaphore_acquire(semaphore);
    if (status < 0) return status;
    status = run_inside(frame, each->blocks[0]);
    wio_semaphore_release(semaphore);
    return status;
}

int op_semaphore_locked(frame *frame, const statement *each) {
    (void)frame;
    return wio_semaphore_locked(semaphore_of(each));
}

/* -------------------------------------------------------------------------------------------------- Locks --- */

static wio_lock locks[LOCKS];
static wio_condition conditions[CONDITIONS];
static int bumps[CONDITIONS];

/* Lock 2 is reached through condition 1, whose own it is. */
static int take(int which) {
    return which < 2 ? wio_lock_acquire(&locks[which]) : wio_condition_acquire(&conditions[1]);
}

static int give(int which) {
    return which < 2 ? wio_lock_release(&locks[which]) : wio_condition_release(&conditions[1]);
}

/* To take a lock again is refused with the code of a deadlock, which ends a trace: another stands for it. */
static int lock(frame *frame, int which) {
    bool again = frame->self->held >> which & 1;
    int status = take(which);
    if (again) return status == -EDEADLK ? -EINVAL : CODE_UNKNOWN;
    if (status >= 0) frame->self->held |= 1u << which;
    return status;
}

static int unlock(frame *frame, int which) {
    int status = give(which);
    if (status >= 0) frame->self->held &= ~(1u << which);
    return status;
}

int op_lock(frame *frame, const statement *each) { return lock(frame, arg(each, 0) % LOCKS); }

int op_unlock(frame *frame, const statement *each) { return unlock(frame, arg(each, 0) % LOCKS); }

int op_with_lock(frame *frame, const statement *each) {
    int which = arg(each, 0) % LOCKS;
    int status = lock(frame, which);
    if (status < 0) return status;
    status = run_inside(frame, each->blocks[0]);
    unlock(frame, which);
    return status;
}

int op_locked(frame *frame, const statement *each) {
    (void)frame;
    int which = arg(each, 0) % LOCKS;
    return which < 2 ? wio_lock_locked(&locks[which]) : wio_condition_locked(&conditions[1]);
}

/* ------------------------------------------------------------------------------------------------- Events --- */

wio_event flags[EVENTS];
static wio_event *event_of(const statement *each) { return &flags[arg(each, 0) % EVENTS]; }

int op_event_wait(frame *frame, const statement *each) {
    (void)frame;
    return wio_event_wait(event_of(each));
}

int op_event_set(frame *frame, const statement *each) {
    (void)frame;
    wio_event_set(event_of(each));
    return 0;
}

int op_event_clear(frame *frame, const statement *each) {
    (void)frame;
    wio_event_clear(event_of(each));
    return 0;
}

int op_event_is_set(frame *frame, const statement *each) {
    (void)frame;
    return wio_event_is_set(event_of(each));
}

/* --------------------------------------------------------------------------------------------- Conditions --- */

int op_condition_wait(frame *frame, const statement *each) {
    (void)frame;
    return wio_condition_wait(&conditions[arg(each, 0) % CONDITIONS]);
}

typedef struct {
    int which, least;
} wanted;

static bool enough(void *arg) {
    const wanted *self = arg;
    return bumps[self->which] >= self->least;
}

int op_condition_wait_for(frame *frame, const statement *each) {
    (void)frame;
    wanted self = {arg(each, 0) % CONDITIONS, arg(each, 1)};
    return wio_condition_wait_for(&conditions[self.which], enough, &self);
}

int op_notify(frame *frame, const statement *each) {
    (void)frame;
    wio_condition *condition = &conditions[arg(each, 0) % CONDITIONS];
    int n = arg(each, 1);
    return n >= FOREVER ? wio_condition_notify_all(condition) : wio_condition_notify(condition, (size_t)n);
}

int op_bump(frame *frame, const statement *each) {
    (void)frame;
    return ++bumps[arg(each, 0) % CONDITIONS];
}

/* ------------------------------------------------------------------------------------------------ Barrier --- */

static wio_barrier barrier;
static bool uncertain; /* after a cancelled arrival asyncio numbers two tasks alike */

int op_barrier_wait(frame *frame, const statement *each) {
    (void)frame, (void)each;
    int status = wio_barrier_wait(&barrier);
    uncertain |= status == -ECANCELED || status == -ETIMEDOUT;
    return status > 0 && uncertain ? 0 : status;
}

int op_barrier_reset(frame *frame, const statement *each) {
    (void)frame, (void)each;
    wio_barrier_reset(&barrier);
    return 0;
}

int op_barrier_abort(frame *frame, const statement *each) {
    (void)frame, (void)each;
    wio_barrier_abort(&barrier);
    return 0;
}

int op_barrier_query(frame *frame, const statement *each) {
    (void)frame, (void)each;
    return (int)wio_barrier_n_waiting(&barrier) * 2 + wio_barrier_broken(&barrier);
}

/* ------------------------------------------------------------------------------------------------- Queues --- */

static wio_queue queues[QUEUES];
static wio_queue *queue_of(const statement *each) { return &queues[arg(each, 0) % QUEUES]; }

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

int put_item(int queue, int item) { return wio_queue_put_nowait(&queues[queue], &item); }

int op_put(frame *frame, const statement *each) {
    (void)frame;
    int item = arg(each, 1);
    return wio_queue_put(queue_of(each), &item);
}

int op_get(frame *frame, const statement *each) {
    (void)frame;
    int item = 0, status = wio_queue_get(queue_of(each), &item);
    return status < 0 ? status : item;
}

int op_put_nowait(frame *frame, const statement *each) {
    (void)frame;
    return put_item(arg(each, 0) % QUEUES, arg(each, 1));
}

int op_get_nowait(frame *frame, const statement *each) {
    (void)frame;
    int item = 0, status = wio_queue_get_nowait(queue_of(each), &item);
    return status < 0 ? status : item;
}

int op_task_done(frame *frame, const statement *each) {
    (void)frame;
    return wio_queue_task_done(queue_of(each));
}

int op_queue_join(frame *frame, const statement *each) {
    (void)frame;
    return wio_queue_join(queue_of(each));
}

int op_shutdown(frame *frame, const statement *each) {
    (void)frame;
    wio_queue_shutdown(queue_of(each), arg(each, 1) & 1);
    return 0;
}

int op_queue_size(frame *frame, const statement *each) {
    (void)frame;
    return (int)wio_queue_size(queue_of(each));
}

void set_up_sync(const setup *setup) {
    for (int i = 0; i < SEMAPHORES; i++)
        (setup->semaphores[i][1] ? wio_semaphore_init_bounded : wio_semaphore_init)(&semaphores[i],
                                                                                    setup->semaphores[i][0]);
    for (int i = 0; i < LOCKS; i++) wio_lock_init(&locks[i]);
    for (int i = 0; i < EVENTS; i++) wio_event_init(&flags[i]);
    wio_condition_init(&conditions[0], &locks[0]);
    wio_condition_init(&conditions[1], NULL);
    memset(bumps, 0, sizeof bumps);
    uncertain = false;
    wio_barrier_init(&barrier, setup->parties);
    for (int i = 0; i < QUEUES; i++) {
        size_t capacity = setup->queues[i][1];
        if (setup->queues[i][0] == 0) wio_queue_init(&queues[i], sizeof(int), capacity);
        else if (setup->queues[i][0] == 1) wio_queue_init_lifo(&queues[i], sizeof(int), capacity);
        else wio_queue_init_priority(&queues[i], sizeof(int), capacity, compare);
    }
}

void tear_down_sync(void) {
    for (int i = 0; i < QUEUES; i++) wio_queue_destroy(&queues[i]);
}
