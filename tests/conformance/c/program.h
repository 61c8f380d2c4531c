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
} setup;

typedef struct {
    setup setup;
    int functions;
    const statement *function[MAX_FUNCTIONS];
} program;

/* Any bytes are a program: what is missing is 0, what is too large is cut. Valid until the next call. */
const program *decode(const uint8_t *bytes, size_t size);

#endif
