/* Runs a program on wasyncio and notes what happens: task, statement, code, value and time of each event. */
#ifndef INTERPRETER_H
#define INTERPRETER_H

#include "program.h"

#include <wasyncio.h>

/* Events without a statement. */
enum { EVENT_START = -1, EVENT_END = -2, EVENT_RUN = -3, EVENT_NOTE = -4 };

/* Codes of events, the same in python/rules.py. */
enum {
    CODE_OK = 0,
    CODE_CANCELED = -1,
    CODE_TIMEDOUT = -2,
    CODE_BROKEN = -3,
    CODE_SHUTDOWN = -4,
    CODE_EMPTY = -5,
    CODE_FULL = -6,
    CODE_PERM = -7,
    CODE_INVAL = -8,
    CODE_DEADLK = -9,
    CODE_ALREADY = -10,
    CODE_NONE = -11,
    CODE_UNKNOWN = -12,
    CODE_BUSY = -13,
    CODE_ERROR = -1000, /* and below: the program's own */
};

enum { EVENT_SIZE = 5, MAX_EVENTS = 4096, MAX_STEPS = 20000 };
#define UNIT 0.25

/* A task as the program sees it. */
typedef struct {
    int number, function;
    wio_task *task;
    bool owned; /* by a group or a gather */
    bool body;  /* no task, but a generator's: part of who iterates */
    bool ended, given_back;
    int status;    /* how it ended: noted by a done callback that comes before whoever awaits it */
    unsigned held; /* locks, a bit for each */
} entry;

/* What a block does to the function that it is in. */
typedef struct {
    entry *self;
    bool returned;
    int value;
    wio_generator *generator; /* where its values go; NULL: nowhere */
} frame;

/* The result of a statement: a value, or a negative error. */
typedef int operation(frame *frame, const statement *each);
operation op_sleep, op_spawn, op_join, op_shield_task, op_cancel, op_cancel_self, op_uncancel, op_cancelling, op_query,
    op_fail, op_return, op_call, op_attempt, op_shield, op_timeout, op_wait_for, op_group, op_spawn_in, op_gather,
    op_repeat, op_acquire, op_release, op_with_semaphore, op_semaphore_locked, op_wait, op_as_completed,
    op_add_callback, op_remove_callback, op_future_await, op_future_set, op_future_fail, op_future_cancel,
    op_future_query, op_future_renew, op_future_callback, op_call_soon, op_call_later, op_cancel_handle, op_context_set,
    op_context_get, op_lock, op_unlock, op_with_lock, op_locked, op_event_wait, op_event_set, op_event_clear,
    op_event_is_set, op_condition_wait, op_condition_wait_for, op_notify, op_bump, op_barrier_wait, op_barrier_reset,
    op_barrier_abort, op_barrier_query, op_put, op_get, op_put_nowait, op_get_nowait, op_task_done, op_queue_join,
    op_shutdown, op_queue_size, op_timeout_open, op_reschedule, op_generator_open, op_generator_next,
    op_generator_close, op_generator_for, op_yield;

extern operation *const operations[OPS];

/* Runs a block: 0, or the error that leaves it; or frame->returned. */
int run_block(frame *frame, const statement *first);
int run_inside(frame *frame, const statement *first); /* of an operation: what is yielded in it goes nowhere */
int run_function(entry *self, int function);
int run_entry(void *entry);
void watch(entry *made);

entry *new_entry(int function);
entry *entry_in(int slot);
void put_entry(int slot, entry *made);

void emit(int task, int statement, int code, int value);
int code_of(int status);
static inline double seconds(int units) { return (units - 1) * UNIT; }
static inline double limit(int units) { return units >= FOREVER ? WIO_FOREVER : seconds(units); }

extern const program *running;
static inline int arg(const statement *each, int i) { return each->args[i]; }
entry *pick(frame *frame, int slot); /* one that the caller may wait for */
int function_of(frame *frame, const statement *each, int i);
static inline bool is_function(int function) { return function < running->functions; }

extern wio_semaphore semaphores[SEMAPHORES];
extern wio_event flags[EVENTS];
void set_up_blocks(void);
void set_up_several(void);
void set_up_generators(void);
void set_up_sync(const setup *setup);
void tear_down_several(void);
void tear_down_sync(void);
void act(int action); /* what a callback does */
int put_item(int queue, int item);
void set_future(int future, int value);

typedef struct {
    const int32_t *events;
    size_t count;
} record;

/* Runs it in the loop. The record is valid until the next call. */
record run_program(const program *program);

/* What is left of the run that must not be: 0, or a bit for each of tasks, timers and operations (left.c). */
int what_is_left(void);
bool is_hung(void);

#endif
