/* Each operation of a program on wasyncio. */
#include "interpreter.h"

#include <string.h>

static int arg(const statement *each, int i) { return each->args[i]; }
static int function_of(frame *frame, const statement *each, int i) {
    /* Only functions behind the caller's, so that every program ends. */
    int own = frame->self->function;
    int chosen = arg(each, i) % running->functions;
    return chosen > own ? chosen : running->functions;
}

/* A function that does nothing, for numbers that are no function. */
static bool is_function(int function) { return function < running->functions; }

/* -------------------------------------------------------------------------------------------------- Tasks --- */

static int op_sleep(frame *frame, const statement *each) {
    (void)frame;
    return wio_sleep(seconds(arg(each, 0)));
}

static int op_spawn(frame *frame, const statement *each) {
    int function = function_of(frame, each, 0);
    entry *made = is_function(function) ? new_entry(function) : NULL;
    if (!made) return 0;
    put_entry(arg(each, 1), made);
    bool eager = arg(each, 2) & 1;
    wio_task *task = wio_create_task_with(run_entry, made, &(wio_task_options){.eager = eager});
    if (!made->task) {
        made->task = task;
        watch(made);
    }
    return made->number;
}

/* The task in a slot, unless there is none or the caller must not wait for it. */
static entry *pick(frame *frame, const statement *each, int i) {
    entry *found = entry_in(arg(each, i));
    return found && found->task && !found->owned && found != frame->self ? found : NULL;
}

static int op_join(frame *frame, const statement *each) {
    entry *target = pick(frame, each, 0);
    if (!target) return 0;
    if (target->given_back) return target->status;
    bool done = wio_task_done(target->task);
    int status = wio_await(target->task);
    if (status == -EDEADLK) return status;
    target->given_back = true;
    if (done) target->status = status;
    return status;
}

/* It gives the handle back as well, unless the wait was cut short: then the handle is still known. */
static int op_shield_task(frame *frame, const statement *each) {
    entry *target = pick(frame, each, 0);
    if (!target) return 0;
    if (target->given_back) return target->status;
    bool done = wio_task_done(target->task);
    int status = wio_shield(target->task);
    if (status == -EDEADLK) return status;
    target->given_back |= done || (target->ended && !wio_task_done(target->task));
    if (done) target->status = status;
    return status;
}

static int op_cancel(frame *frame, const statement *each) {
    (void)frame;
    entry *target = entry_in(arg(each, 0));
    if (target && target->task && !target->given_back) wio_task_cancel(target->task);
    return 0;
}

static int op_cancel_self(frame *frame, const statement *each) {
    (void)frame, (void)each;
    wio_task_cancel(wio_current_task());
    return 0;
}

static int op_uncancel(frame *frame, const statement *each) {
    (void)frame, (void)each;
    return wio_uncancel();
}

static int op_cancelling(frame *frame, const statement *each) {
    (void)frame, (void)each;
    return wio_cancelling();
}

static int op_query(frame *frame, const statement *each) {
    (void)frame;
    entry *target = entry_in(arg(each, 0));
    if (!target || !target->task) return 0;
    if (target->given_back) return 1 + (target->status == -ECANCELED ? 2 : 0);
    return (wio_task_done(target->task) ? 1 : 0) + (wio_task_cancelled(target->task) ? 2 : 0);
}

static int op_fail(frame *frame, const statement *each) {
    (void)frame;
    int kind = arg(each, 0);
    return kind == 0 ? -ECANCELED : kind == 1 ? -ETIMEDOUT : wio_fail(CODE_ERROR - kind, "the program's own");
}

/* ------------------------------------------------------------------------------------------------- Blocks --- */

static int op_return(frame *frame, const statement *each) {
    frame->returned = true;
    return frame->value = arg(each, 0);
}

static int op_call(frame *frame, const statement *each) {
    int function = function_of(frame, each, 0);
    if (!is_function(function)) return 0;
    int outer = frame->self->function;
    frame->self->function = function;
    int status = run_function(frame->self, function);
    frame->self->function = outer;
    return status;
}

static int op_attempt(frame *frame, const statement *each) {
    int failed = run_block(frame, each->blocks[0]);
    if (failed >= 0) return 0;
    int status = run_block(frame, each->blocks[1]);
    if (status < 0) return status;
    return frame->returned || !(arg(each, 0) & 1) ? 1 : failed;
}

static int op_shield(frame *frame, const statement *each) {
    int status = 0;
    WIO_SHIELD { status = run_block(frame, each->blocks[0]); }
    return status;
}

static int op_timeout(frame *frame, const statement *each) {
    int status = 0;
    WIO_TIMEOUT(seconds(arg(each, 0))) { status = run_block(frame, each->blocks[0]); }
    emit(frame->self->number, EVENT_NOTE, 1, wio_timeout_expired());
    return status;
}

typedef struct {
    frame *frame;
    const statement *each;
} inner_call;

static int calls(void *arg) {
    inner_call *call = arg;
    return op_call(call->frame, call->each);
}

static int op_wait_for(frame *frame, const statement *each) {
    return wio_wait_for(calls, &(inner_call){frame, each}, seconds(arg(each, 1)));
}

static int op_repeat(frame *frame, const statement *each) {
    int status = 0;
    for (int n = arg(each, 0) % 4; n > 0 && status >= 0 && !frame->returned; n--) status = run_block(frame, each->blocks[0]);
    return status;
}

/* ------------------------------------------------------------------------------------------------- Groups --- */

/* The group in a register: one that has ended stays there, and takes no more tasks. */
static struct {
    wio_group *group;
} opened[MAX_GROUPS];
static int opened_count, registers[GROUPS];

void forget_groups(void) {
    opened_count = 1; /* 0: none */
    memset(registers, 0, sizeof registers);
    memset(opened, 0, sizeof opened);
}

static int op_group(frame *frame, const statement *each) {
    if (opened_count == MAX_GROUPS) return 0;
    int *slot = &registers[arg(each, 0) % GROUPS], outer = *slot, own = opened_count++;
    wio_group group = {0};
    wio_group_open(&group);
    opened[own].group = &group;
    *slot = own;
    int status = run_block(frame, each->blocks[0]);
    if (status < 0) wio_group_fail(&group, status);
    int joined = wio_group_join(&group);
    const wio_error *errors;
    size_t n = wio_group_errors(&group, &errors);
    if (n) emit(frame->self->number, EVENT_NOTE, 2, (int)n);
    for (size_t i = 0; i < n; i++) emit(frame->self->number, EVENT_NOTE, 3, code_of(errors[i].code));
    opened[own].group = NULL;
    if (*slot == own) *slot = outer;
    return joined < 0 ? joined : status;
}

static int op_spawn_in(frame *frame, const statement *each) {
    wio_group *group = opened[registers[arg(each, 0) % GROUPS]].group;
    int function = function_of(frame, each, 1);
    entry *made = group && is_function(function) ? new_entry(function) : NULL;
    if (!made) return 0;
    made->owned = true;
    made->task = wio_group_create_task_with(group, run_entry, made, &(wio_task_options){.eager = arg(each, 3) & 1});
    if (!made->task) return 0;
    put_entry(arg(each, 2), made);
    return made->number;
}

/* ------------------------------------------------------------------------------------------------- Gather --- */

static int op_gather(frame *frame, const statement *each) {
    wio_call list[MAX_ARGS];
    int statuses[MAX_ARGS];
    size_t n = 0;
    for (int i = 1; i < each->count; i++) {
        int function = function_of(frame, each, i);
        entry *made = is_function(function) ? new_entry(function) : NULL;
        if (!made) continue;
        made->owned = true;
        list[n++] = (wio_call){run_entry, made};
    }
    if (!n) return 0;
    bool every = arg(each, 0) & 1;
    int status = wio_gather(list, n, every ? statuses : NULL);
    if (every && status >= 0)
        for (size_t i = 0; i < n; i++)
            emit(frame->self->number, EVENT_NOTE, 4, statuses[i] < 0 ? code_of(statuses[i]) : statuses[i]);
    return status;
}

/* --------------------------------------------------------------------------------------------- Semaphores --- */

wio_semaphore semaphores[SEMAPHORES];
static wio_semaphore *semaphore_of(const statement *each) { return &semaphores[arg(each, 0) % SEMAPHORES]; }

static int op_acquire(frame *frame, const statement *each) {
    (void)frame;
    return wio_semaphore_acquire(semaphore_of(each));
}

static int op_release(frame *frame, const statement *each) {
    (void)frame;
    wio_semaphore_release(semaphore_of(each));
    return 0;
}

static int op_with_semaphore(frame *frame, const statement *each) {
    wio_semaphore *semaphore = semaphore_of(each);
    int status = wio_semaphore_acquire(semaphore);
    if (status < 0) return status;
    status = run_block(frame, each->blocks[0]);
    wio_semaphore_release(semaphore);
    return status;
}

static int op_semaphore_locked(frame *frame, const statement *each) {
    (void)frame;
    return wio_semaphore_locked(semaphore_of(each));
}

operation *const operations[OPS] = {
    op_sleep,      op_spawn,     op_join,    op_shield_task, op_cancel,  op_cancel_self, op_uncancel,
    op_cancelling, op_query,     op_fail,    op_return,      op_call,    op_attempt,     op_shield,
    op_timeout,    op_wait_for,  op_group,   op_spawn_in,    op_gather,  op_repeat,      op_acquire,
    op_release,    op_with_semaphore,        op_semaphore_locked,
};
