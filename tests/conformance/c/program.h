/* A program as data: see lib/ops.js. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MAX_STATEMENTS = 512,
    MAX_FUNCTIONS = 16,
    MAX_ARGS = 8,
    MAX_TASKS = 64,
    MAX_DEPTH = 8,
    SLOTS = 8,
    GROUPS = 4,
    MAX_GROUPS = 1024,
    SEMAPHORES = 2,
    QUEUES = 2,
    LOCKS = 3, /* the last is that of condition 1; condition 0 has lock 0 */
    EVENTS = 2,
    CONDITIONS = 2,
    FUTURES = 3,
    MAX_FUTURES = 64,
    HANDLES = 3,
    VARIABLES = 2,
    TIMEOUTS = 2,
    GENERATORS = 2,
    FOREVER = 9, /* units of time */
};

/* In the order of OPS in lib/ops.js. */
enum op {
    OP_SLEEP,
    OP_SPAWN,
    OP_JOIN,
    OP_SHIELD_TASK,
    OP_CANCEL,
    OP_CANCEL_SELF,
    OP_UNCANCEL,
    OP_CANCELLING,
    OP_QUERY,
    OP_FAIL,
    OP_RETURN,
    OP_CALL,
    OP_ATTEMPT,
    OP_SHIELD,
    OP_TIMEOUT,
    OP_WAIT_FOR,
    OP_GROUP,
    OP_SPAWN_IN,
    OP_GATHER,
    OP_REPEAT,
    OP_ACQUIRE,
    OP_RELEASE,
    OP_WITH_SEMAPHORE,
    OP_SEMAPHORE_LOCKED,
    OP_WAIT,
    OP_AS_COMPLETED,
    OP_ADD_CALLBACK,
    OP_REMOVE_CALLBACK,
    OP_FUTURE_AWAIT,
    OP_FUTURE_SET,
    OP_FUTURE_FAIL,
    OP_FUTURE_CANCEL,
    OP_FUTURE_QUERY,
    OP_FUTURE_RENEW,
    OP_FUTURE_CALLBACK,
    OP_CALL_SOON,
    OP_CALL_LATER,
    OP_CANCEL_HANDLE,
    OP_CONTEXT_SET,
    OP_CONTEXT_GET,
    OP_LOCK,
    OP_UNLOCK,
    OP_WITH_LOCK,
    OP_LOCKED,
    OP_EVENT_WAIT,
    OP_EVENT_SET,
    OP_EVENT_CLEAR,
    OP_EVENT_IS_SET,
    OP_CONDITION_WAIT,
    OP_CONDITION_WAIT_FOR,
    OP_NOTIFY,
    OP_BUMP,
    OP_BARRIER_WAIT,
    OP_BARRIER_RESET,
    OP_BARRIER_ABORT,
    OP_BARRIER_QUERY,
    OP_PUT,
    OP_GET,
    OP_PUT_NOWAIT,
    OP_GET_NOWAIT,
    OP_TASK_DONE,
    OP_QUEUE_JOIN,
    OP_SHUTDOWN,
    OP_QUEUE_SIZE,
    OP_TIMEOUT_OPEN,
    OP_RESCHEDULE,
    OP_GENERATOR_OPEN,
    OP_GENERATOR_NEXT,
    OP_GENERATOR_CLOSE,
    OP_GENERATOR_FOR,
    OP_YIELD,
    OPS
};

typedef struct statement statement;
struct statement {
    const statement *next;
    const statement *blocks[2];
    int16_t number;
    uint8_t op, catches, count;
    uint8_t args[MAX_ARGS];
};

typedef struct {
    uint8_t semaphores[SEMAPHORES][2]; /* value, bounded */
    uint8_t parties;
    uint8_t queues[QUEUES][2]; /* 0 first in first out, 1 last in first out, 2 smallest first; capacity */
} setup;

typedef struct {
    setup setup;
    int functions;
    const statement *function[MAX_FUNCTIONS];
} program;

/* Any bytes are a program: what is missing is 0, what is too large is cut. Valid until the next call. */
const program *decode(const uint8_t *bytes, size_t size);

#endif
