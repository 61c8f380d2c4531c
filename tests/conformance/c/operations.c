/* Each operation of a program on wasyncio. */
#include "interpreter.h"

#include <string.h>

int function_of(frame *frame, const statement *each, int i) {
    /* Only functions behind the caller's, so that every program ends. */
    int own = frame->self->function;
    int chosen = arg(each, i) % running->functions;
    return chosen > own ? chosen : running->functions;
}

/* -------------------------------------------------------------------------------------------------- Tasks --- */

int op_sleep(frame *frame, const statement *each) {
    (void)frame;
    return wio_sleep(seconds(arg(each, 0)));
}

int op_spawn(frame *frame, const statement *each) {
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
entry *pick(frame *frame, int slot) {
    entry *found = entry_in(slot);
    return found && found->task && !found->owned && found != frame->self ? found : NULL;
}

int op_join(frame *frame, const statement *each) {
    entry *target = pick(frame, arg(each, 0));
    if (!target) return 0;
    if (target->given_back) return target->status;
    bool done = wio_task_done(target->task);
    int status = wio_await(target->task);
    if (status == -EDEADLK && !done && !target->ended) return status; /* refused, or nothing can run */
    target->given_back = true;
    if (done) target->status = status;
    return status;
}

/* It gives the handle back as well, unless the wait was cut short. Where that cannot be told (both were cancelled), the
 * handle is not used any more. */
int op_shield_task(frame *frame, const statement *each) {
    entry *target = pick(frame, arg(each, 0));
    if (!target) return 0;
    if (target->given_back) return target->status;
    bool done = wio_task_done(target->task);
    int status = wio_shield(target->task);
    if (status == -EDEADLK && !done && !target->ended) return status; /* refused, or nothing can run */
    target->given_back |= done || (target->ended && status == target->status);
    if (done) target->status = status;
    return status;
}

int op_cancel(frame *frame, const statement *each) {
    (void)frame;
    entry *target = entry_in(arg(each, 0));
    if (target && target->task && !target->given_back) wio_task_cancel(target->task);
    return 0;
}

int op_cancel_self(frame *frame, const statement *each) {
    (void)frame, (void)each;
    wio_task_cancel(wio_current_task());
    return 0;
}

int op_uncancel(frame *frame, const statement *each) {
    (void)frame, (void)each;
    return wio_uncancel();
}

int op_cancelling(frame *frame, const statement *each) {
    (void)frame, (void)each;
    return wio_cancelling();
}

int op_query(frame *frame, const statement *each) {
    (void)frame;
    entry *target = entry_in(arg(each, 0));
    if (!target || !target->task) return 0;
    if (target->given_back) return 1 + (target->status == -ECANCELED ? 2 : 0);
    return (wio_task_done(target->task) ? 1 : 0) + (wio_task_cancelled(target->task) ? 2 : 0);
}

int op_fail(frame *frame, const statement *each) {
    (void)frame;
    int kind = arg(each, 0);
    return kind == 0 ? -ECANCELED : kind == 1 ? -ETIMEDOUT : wio_fail(CODE_ERROR - kind, "the program's own");
}

/* ------------------------------------------------------------------------------------------------- Blocks --- */

int op_return(frame *frame, const statement *each) {
    frame->returned = true;
    return frame->value = arg(each, 0);
}

int op_call(frame *frame, const statement *each) {
    int function = function_of(frame, each, 0);
    if (!is_function(function)) return 0;
    int outer = frame->self->function;
    frame->self->function = function;
    int status = run_function(frame->self, function);
    frame->self->function = outer;
    return status;
}

int op_attempt(frame *frame, const statement *each) {
    int failed = run_block(frame, each->blocks[0]);
    if (failed >= 0) return 0;
    int status = run_block(frame, each->blocks[1]);
    if (status < 0) return status;
    return frame->returned || !(arg(each, 0) & 1) ? 1 : failed;
}

int op_shield(frame *frame, const statement *each) {
    int status = 0;
    WIO_SHIELD { status = run_inside(frame, each->blocks[0]); }
    return status;
}

int op_timeout(frame *frame, const statement *each) {
    int status = 0;
    WIO_TIMEOUT(seconds(arg(each, 0))) { status = run_inside(frame, each->blocks[0]); }
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

int op_wait_for(frame *frame, const statement *each) {
    return wio_wait_for(calls, &(inner_call){frame, each}, seconds(arg(each, 1)));
}

int op_repeat(frame *frame, const statement *each) {
    int status = 0;
    for (int n = arg(each, 0) % 4; n > 0 && status >= 0 && !frame->returned; n--)
        status = run_block(frame, each->blocks[0]);
    return status;
}

/* ------------------------------------------------------------------------------------------------- Groups --- */

/* The group in a register: one that has ended stays there, and takes no more tasks. */
static struct { wio_group *group; } opened[MAX_GROUPS];
static int opened_count, registers[GROUPS];

static struct {
    wio_scope scope;
    double when;
    entry *owner;
    bool open;
} bounds[MAX_GROUPS];
static int limit_count, limit_registers[TIMEOUTS];

void set_up_blocks(void) {
    opened_count = limit_count = 1; /* 0: none */
    memset(bounds, 0, sizeof bounds);
    memset(limit_registers, 0, sizeof limit_registers);
    memset(registers, 0, sizeof registers);
    memset(opened, 0, sizeof opened);
}

int op_group(frame *frame, const statement *each) {
    if (opened_count == MAX_GROUPS) return 0;
    int *slot = &registers[arg(each, 0) % GROUPS], outer = *slot, own = opened_count++;
    wio_group group = {0};
    wio_group_open(&group);
    opened[own].group = &group;
    *slot = own;
    int status = run_inside(frame, each->blocks[0]);
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

/* A timeout with a name, that anybody may move. */
int op_timeout_open(frame *frame, const statement *each) {
    if (limit_count == MAX_GROUPS) return 0;
    int *slot = &limit_registers[arg(each, 1) % TIMEOUTS], outer = *slot, own = limit_count++;
    wio_timeout_open(&bounds[own].scope, seconds(arg(each, 0)));
    bounds[own].when = wio_time() + seconds(arg(each, 0));
    bounds[own].owner = frame->self;
    bounds[own].open = true;
    *slot = own;
    int status = run_inside(frame, each->blocks[0]);
    int closed = wio_timeout_close(&bounds[own].scope);
    bounds[own].open = false;
    emit(frame->self->number, EVENT_NOTE, 1, closed == -ETIMEDOUT);
    if (*slot == own) *slot = outer;
    return status;
}

int op_reschedule(frame *frame, const statement *each) {
    int own = limit_registers[arg(each, 0) % TIMEOUTS];
    if (!bounds[own].open) return 0;
    double when = wio_time() + limit(arg(each, 1));
    if (bounds[own].owner != frame->self && (bounds[own].when <= wio_time() || when <= wio_time())) return 0; /* ZERO */
    int status = wio_timeout_reschedule(&bounds[own].scope, when);
    if (status >= 0) bounds[own].when = when;
    return status;
}

int op_spawn_in(frame *frame, const statement *each) {
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

int op_gather(frame *frame, const statement *each) {
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

/* The operations by number. */
operation *const operations[OPS] = {
    [OP_SLEEP] = op_sleep,
    [OP_SPAWN] = op_spawn,
    [OP_JOIN] = op_join,
    [OP_SHIELD_TASK] = op_shield_task,
    [OP_CANCEL] = op_cancel,
    [OP_CANCEL_SELF] = op_cancel_self,
    [OP_UNCANCEL] = op_uncancel,
    [OP_CANCELLING] = op_cancelling,
    [OP_QUERY] = op_query,
    [OP_FAIL] = op_fail,
    [OP_RETURN] = op_return,
    [OP_CALL] = op_call,
    [OP_ATTEMPT] = op_attempt,
    [OP_SHIELD] = op_shield,
    [OP_TIMEOUT] = op_timeout,
    [OP_WAIT_FOR] = op_wait_for,
    [OP_GROUP] = op_group,
    [OP_SPAWN_IN] = op_spawn_in,
    [OP_GATHER] = op_gather,
    [OP_REPEAT] = op_repeat,
    [OP_ACQUIRE] = op_acquire,
    [OP_RELEASE] = op_release,
    [OP_WITH_SEMAPHORE] = op_with_semaphore,
    [OP_SEMAPHORE_LOCKED] = op_semaphore_locked,
    [OP_WAIT] = op_wait,
    [OP_AS_COMPLETED] = op_as_completed,
    [OP_ADD_CALLBACK] = op_add_callback,
    [OP_REMOVE_CALLBACK] = op_remove_callback,
    [OP_FUTURE_AWAIT] = op_future_await,
    [OP_FUTURE_SET] = op_future_set,
    [OP_FUTURE_FAIL] = op_future_fail,
    [OP_FUTURE_CANCEL] = op_future_cancel,
    [OP_FUTURE_QUERY] = op_future_query,
    [OP_FUTURE_RENEW] = op_future_renew,
    [OP_FUTURE_CALLBACK] = op_future_callback,
    [OP_CALL_SOON] = op_call_soon,
    [OP_CALL_LATER] = op_call_later,
    [OP_CANCEL_HANDLE] = op_cancel_handle,
    [OP_CONTEXT_SET] = op_context_set,
    [OP_CONTEXT_GET] = op_context_get,
    [OP_LOCK] = op_lock,
    [OP_UNLOCK] = op_unlock,
    [OP_WITH_LOCK] = op_with_lock,
    [OP_LOCKED] = op_locked,
    [OP_EVENT_WAIT] = op_event_wait,
    [OP_EVENT_SET] = op_event_set,
    [OP_EVENT_CLEAR] = op_event_clear,
    [OP_EVENT_IS_SET] = op_event_is_set,
    [OP_CONDITION_WAIT] = op_condition_wait,
    [OP_CONDITION_WAIT_FOR] = op_condition_wait_for,
    [OP_NOTIFY] = op_notify,
    [OP_BUMP] = op_bump,
    [OP_BARRIER_WAIT] = op_barrier_wait,
    [OP_BARRIER_RESET] = op_barrier_reset,
    [OP_BARRIER_ABORT] = op_barrier_abort,
    [OP_BARRIER_QUERY] = op_barrier_query,
    [OP_PUT] = op_put,
    [OP_GET] = op_get,
    [OP_PUT_NOWAIT] = op_put_nowait,
    [OP_GET_NOWAIT] = op_get_nowait,
    [OP_TASK_DONE] = op_task_done,
    [OP_QUEUE_JOIN] = op_queue_join,
    [OP_SHUTDOWN] = op_shutdown,
    [OP_QUEUE_SIZE] = op_queue_size,
    [OP_TIMEOUT_OPEN] = op_timeout_open,
    [OP_RESCHEDULE] = op_reschedule,
    [OP_GENERATOR_OPEN] = op_generator_open,
    [OP_GENERATOR_NEXT] = op_generator_next,
    [OP_GENERATOR_CLOSE] = op_generator_close,
    [OP_GENERATOR_FOR] = op_generator_for,
    [OP_YIELD] = op_yield,
};
