/* The frame of the interpreter: tasks, blocks, events. The operations are in operations.c. */
#include "interpreter.h"

#include <math.h>
#include <string.h>

const program *running;
static int32_t events[MAX_EVENTS * EVENT_SIZE];
static size_t event_count;
static double began, hung_at;
static int steps; /* a fuzzer's programs may nest loops: there is an end to it */
static bool over; /* a deadlock was found: what follows has no counterpart */

static entry entries[MAX_TASKS];
static int entry_count;
static entry *slots[SLOTS];

static void note(int task, int statement, int code, int value) {
    if (event_count == MAX_EVENTS) return;
    int32_t *event = &events[event_count++ * EVENT_SIZE];
    event[0] = task;
    event[1] = statement;
    event[2] = code;
    event[3] = value;
    event[4] = (int32_t)lround(((over ? hung_at : wio_time()) - began) / UNIT);
}

void emit(int task, int statement, int code, int value) {
    if (!over && is_hung()) {
        over = true;
        hung_at = wio_time();
    }
    if (!over) note(task, statement, code, value);
}

static const struct {
    int status, code;
} codes[] = {
    {-ECANCELED, CODE_CANCELED}, {-ETIMEDOUT, CODE_TIMEDOUT}, {-EPIPE, CODE_BROKEN}, {-ESHUTDOWN, CODE_SHUTDOWN},
    {-EAGAIN, CODE_EMPTY},       {-ENOBUFS, CODE_FULL},       {-EPERM, CODE_PERM},   {-EINVAL, CODE_INVAL},
    {-EDEADLK, CODE_DEADLK},     {-EALREADY, CODE_ALREADY},   {-EBUSY, CODE_BUSY},
};

int code_of(int status) {
    if (status >= 0) return CODE_OK;
    if (status <= CODE_ERROR) return status;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].status == status) return codes[i].code;
    return CODE_UNKNOWN;
}

/* -------------------------------------------------------------------------------------------------- Tasks --- */

entry *new_entry(int function) {
    if (entry_count == MAX_TASKS) return NULL;
    entry *made = &entries[entry_count];
    *made = (entry){.number = entry_count++, .function = function};
    return made;
}

entry *entry_in(int slot) { return slots[slot % SLOTS]; }
void put_entry(int slot, entry *made) { slots[slot % SLOTS] = made; }

/* -------------------------------------------------------------------------------------------------- Blocks --- */

/* What a generator's body does not do: in asyncio it is no task of its own. */
static const bool for_tasks[OPS] = {
    [OP_JOIN] = true,
    [OP_SHIELD_TASK] = true,
    [OP_SHIELD] = true,
    [OP_GATHER] = true,
    [OP_CANCEL] = true,
    [OP_RESCHEDULE] = true,
    [OP_ADD_CALLBACK] = true,
    [OP_REMOVE_CALLBACK] = true,
    [OP_CANCEL_SELF] = true,
    [OP_UNCANCEL] = true,
    [OP_CANCELLING] = true,
    [OP_WAIT] = true,
    [OP_AS_COMPLETED] = true,
    [OP_LOCK] = true,
    [OP_UNLOCK] = true,
    [OP_WITH_LOCK] = true,
    [OP_NOTIFY] = true,
    [OP_CONDITION_WAIT] = true,
    [OP_CONDITION_WAIT_FOR] = true,
    [OP_GENERATOR_NEXT] = true,
    [OP_GENERATOR_CLOSE] = true,
};

int run_block(frame *frame, const statement *first) {
    for (const statement *each = first; each; each = each->next) {
        if (++steps > MAX_STEPS) return CODE_ERROR;
        int result = frame->self->body && for_tasks[each->op] ? 0 : operations[each->op](frame, each);
        if (each->op == OP_REPEAT) {
            if (result < 0) return result;
            if (frame->returned) return 0;
            continue;
        }
        emit(frame->self->number, each->number, code_of(result), result < 0 ? 0 : result);
        if (result < 0) frame->returned = false; /* as an exception replaces a return */
        if (result < 0 && !each->catches) return result;
        if (frame->returned) return 0;
    }
    return 0;
}

int run_inside(frame *frame, const statement *first) {
    wio_generator *generator = frame->generator;
    frame->generator = NULL;
    int status = run_block(frame, first);
    frame->generator = generator;
    return status;
}

int run_function(entry *self, int function) {
    frame made = {.self = self};
    int status = run_block(&made, running->function[function]);
    return status < 0 ? status : made.returned ? made.value : 0;
}

static void ended(wio_task *task, void *arg) {
    entry *self = arg;
    self->ended = true;
    self->status = wio_task_status(task);
}

/* OWN: a handle is given back when the task is awaited, but the program may ask again. */
void watch(entry *made) { wio_task_add_done_callback(made->task, ended, made); }

int run_entry(void *arg) {
    entry *self = arg;
    if (!self->task && !self->owned) { /* an eager task's creator does not have it yet */
        self->task = wio_current_task();
        watch(self);
    }
    emit(self->number, EVENT_START, 0, 0);
    int status = run_function(self, self->function);
    emit(self->number, EVENT_END, code_of(status), status < 0 ? 0 : status);
    return status;
}

/* ---------------------------------------------------------------------------------------------- Programs --- */

record run_program(const program *program) {
    running = program;
    event_count = 0;
    entry_count = steps = 0;
    over = false;
    memset(slots, 0, sizeof slots);
    began = wio_time();
    set_up_blocks();
    set_up_several();
    set_up_generators();
    set_up_sync(&program->setup);
    if (program->functions) {
        int status = wio_run(run_entry, new_entry(0));
        if (status == -EDEADLK) {
            note(0, EVENT_RUN, CODE_DEADLK, 0);
        } else {
            emit(0, EVENT_RUN, code_of(status), status < 0 ? 0 : status);
        }
    }
    tear_down_several();
    tear_down_sync();
    return (record){.events = events, .count = event_count};
}
