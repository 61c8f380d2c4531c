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
    CODE_ERROR = -1000, /* and below: the program's own */
};

enum { EVENT_SIZE = 5, MAX_EVENTS = 4096 };
#define UNIT 0.25

/* A task as the program sees it. */
typedef struct {
    int number, function;
    wio_task *task;
    bool owned; /* by a group or a gather */
    bool ended, given_back;
    int status; /* how it ended: noted by a done callback that comes before whoever awaits it */
} entry;

/* What a block does to the function that it is in. */
typedef struct {
    entry *self;
    bool returned;
    int value;
} frame;

/* The result of a statement: a value, or a negative error. */
typedef int operation(frame *frame, const statement *each);
extern operation *const operations[OPS];

/* Runs a block: 0, or the error that leaves it; or frame->returned. */
int run_block(frame *frame, const statement *first);
int run_function(entry *self, int function);
int run_entry(void *entry);
void watch(entry *made);

entry *new_entry(int function);
entry *entry_in(int slot);
void put_entry(int slot, entry *made);

void emit(int task, int statement, int code, int value);
int code_of(int status);
static inline double seconds(int units) { return (units - 1) * UNIT; }

extern const program *running;
void forget_groups(void);
extern wio_semaphore semaphores[SEMAPHORES];

typedef struct {
    const int32_t *events;
    size_t count;
} trace;

/* Runs it in the loop. The trace is valid until the next call. */
trace run_program(const program *program);

/* What is left of the run that must not be: 0, or a bit for each of tasks, timers and operations (left.c). */
int what_is_left(void);

#endif
