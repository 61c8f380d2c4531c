/* Operations on asynchronous generators. A generator's body has a number of its own in events, like a task. */
#include "interpreter.h"

#include <string.h>

typedef struct {
    wio_generator generator;
    entry *entry;
    bool busy, ended;
} iteration;

static iteration iterations[MAX_TASKS];
static int iteration_count;
static iteration *registers_of_iterations[GENERATORS];

void set_up_generators(void) {
    iteration_count = 0;
    memset(registers_of_iterations, 0, sizeof registers_of_iterations);
}

static int body(wio_generator *generator, void *arg) {
    entry *self = arg;
    frame made = {.self = self, .generator = generator};
    emit(self->number, EVENT_START, 0, 0);
    int status = run_block(&made, running->function[self->function]);
    emit(self->number, EVENT_END, code_of(status), 0);
    return status < 0 ? status : 0;
}

static iteration *begin(frame *frame, const statement *each) {
    int function = function_of(frame, each, 0);
    entry *made = is_function(function) ? new_entry(function) : NULL;
    if (!made) return NULL;
    made->body = true;
    iteration *self = &iterations[iteration_count++];
    *self = (iteration){.entry = made};
    wio_generator_open(&self->generator, body, made);
    return self;
}

/* Its next value plus one, 0 at its end, or its error. */
static int next_of(iteration *self) {
    void *value;
    self->busy = true;
    bool more = wio_generator_next(&self->generator, &value);
    self->busy = false;
    if (more) return *(int *)value + 1;
    self->ended = true;
    return wio_generator_status(&self->generator);
}

static int end_of(iteration *self) {
    self->busy = true;
    wio_generator_close(&self->generator);
    self->busy = false;
    self->ended = true;
    return wio_generator_status(&self->generator);
}

int op_generator_open(frame *frame, const statement *each) {
    iteration *made = begin(frame, each);
    if (!made) return 0;
    registers_of_iterations[arg(each, 1) % GENERATORS] = made;
    return made->entry->number;
}

static iteration *iteration_of(const statement *each) { return registers_of_iterations[arg(each, 0) % GENERATORS]; }

int op_generator_next(frame *frame, const statement *each) {
    (void)frame;
    iteration *self = iteration_of(each);
    if (!self || self->ended) return 0;
    return self->busy ? -EBUSY : next_of(self);
}

int op_generator_close(frame *frame, const statement *each) {
    (void)frame;
    iteration *self = iteration_of(each);
    if (!self || self->ended) return 0;
    return self->busy ? -EBUSY : end_of(self);
}

int op_generator_for(frame *frame, const statement *each) {
    iteration *self = begin(frame, each);
    if (!self) return 0;
    for (int value; (value = next_of(self)) != 0;) {
        if (value < 0) return value;
        emit(frame->self->number, EVENT_NOTE, 9, value - 1);
        int status = run_inside(frame, each->blocks[0]);
        if (status >= 0 && !frame->returned) continue;
        int ended = end_of(self);
        return ended < 0 ? ended : status;
    }
    return 0;
}

int op_yield(frame *frame, const statement *each) {
    int value = arg(each, 0);
    return frame->generator ? wio_generator_yield(frame->generator, &value) : 0;
}
