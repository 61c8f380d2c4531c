/* Operations: waiting for several tasks, done callbacks, futures, scheduled calls, context variables. */
#include "interpreter.h"

#include <string.h>

/* ------------------------------------------------------------------------------------------------ Several --- */

/* The tasks in the slots that the caller may wait for. Also where each stands, for the answer. */
static size_t pick_all(frame *frame, const statement *each, int from, wio_task **tasks, entry **picked) {
    size_t n = 0;
    for (int i = from; i < each->count; i++) {
        entry *found = pick(frame, arg(each, i));
        if (!found || found->given_back) continue;
        picked[n] = found;
        tasks[n++] = found->task;
    }
    return n;
}

int op_wait(frame *frame, const statement *each) {
    wio_task *tasks[MAX_ARGS];
    entry *picked[MAX_ARGS];
    size_t n = pick_all(frame, each, 2, tasks, picked);
    if (!n) return 0;
    int status = wio_wait(tasks, n, (wio_wait_mode)(arg(each, 0) % 3), limit(arg(each, 1)));
    if (status < 0) return status;
    int done = 0;
    for (size_t i = 0; i < n; i++) done |= (picked[i]->given_back || wio_task_done(tasks[i])) << i;
    return status << MAX_ARGS | done;
}

int op_as_completed(frame *frame, const statement *each) {
    wio_task *tasks[MAX_ARGS];
    entry *picked[MAX_ARGS];
    size_t n = pick_all(frame, each, 1, tasks, picked);
    int status = 0;
    WIO_AS_COMPLETED(iterator, task, tasks, n, limit(arg(each, 0))) {
        for (size_t i = 0; i < n; i++)
            if (tasks[i] == task) {
                emit(frame->self->number, EVENT_NOTE, 5, picked[i]->number);
                break;
            }
        status = run_inside(frame, each->blocks[0]);
        if (status < 0 || frame->returned) return status;
    }
    return wio_as_completed_status(&iterator);
}

/* -------------------------------------------------------------------------------------------- Context variables --- */

static const char variables[VARIABLES];
static int values[256]; /* each is its own index */

int op_context_set(frame *frame, const statement *each) {
    (void)frame;
    return wio_context_set(&variables[arg(each, 0) % VARIABLES], &values[arg(each, 1)]);
}

static int context(int which) {
    const int *value = wio_context_get(&variables[which % VARIABLES]);
    return value ? (int)(value - values) : 0;
}

int op_context_get(frame *frame, const statement *each) {
    (void)frame;
    return context(arg(each, 0));
}

/* ----------------------------------------------------------------------------------------------- Callbacks --- */

enum { ACTIONS = 6, NOBODY = -1 };

void act(int action) {
    emit(NOBODY, EVENT_NOTE, 6, action * 1000 + context(0));
    entry *first = entry_in(0);
    if (action == 1) wio_semaphore_release(&semaphores[0]);
    if (action == 2 && first && first->task && !first->given_back) wio_task_cancel(first->task);
    if (action == 3) wio_event_set(&flags[0]);
    if (action == 4) set_future(0, 7);
    if (action == 5) put_item(0, 8);
}

/* For each action a function of its own, since that is what a callback is removed by. */
#define FOR_EACH_ACTION(do)                                                                                            \
    do (0) do(1) do(2) do(3) do(4) do(5)
#define TASK_CALLBACK(n)                                                                                               \
    static void task_called_##n(wio_task *task, void *arg) {                                                           \
        (void)task;                                                                                                    \
        emit(NOBODY, EVENT_NOTE, 7, ((entry *)arg)->number);                                                           \
        act(n);                                                                                                        \
    }
#define FUTURE_CALLBACK(n)                                                                                             \
    static void future_called_##n(wio_future *future, void *arg) {                                                     \
        (void)arg;                                                                                                     \
        emit(NOBODY, EVENT_NOTE, 8, wio_future_cancelled(future));                                                     \
        act(n);                                                                                                        \
    }
#define CALL(n)                                                                                                        \
    static void called_##n(void *arg) {                                                                                \
        (void)arg;                                                                                                     \
        act(n);                                                                                                        \
    }
FOR_EACH_ACTION(TASK_CALLBACK)
FOR_EACH_ACTION(FUTURE_CALLBACK)
FOR_EACH_ACTION(CALL)
#define NAME_TASK(n) task_called_##n,
#define NAME_FUTURE(n) future_called_##n,
#define NAME_CALL(n) called_##n,
static wio_done_fn *const task_called[ACTIONS] = {FOR_EACH_ACTION(NAME_TASK)};
static wio_future_done_fn *const future_called[ACTIONS] = {FOR_EACH_ACTION(NAME_FUTURE)};
static wio_callback *const called[ACTIONS] = {FOR_EACH_ACTION(NAME_CALL)};

int op_add_callback(frame *frame, const statement *each) {
    entry *target = pick(frame, arg(each, 0));
    if (!target || target->given_back) return 0;
    return wio_task_add_done_callback(target->task, task_called[arg(each, 1) % ACTIONS], target);
}

int op_remove_callback(frame *frame, const statement *each) {
    entry *target = pick(frame, arg(each, 0));
    if (!target || target->given_back) return 0;
    return wio_task_remove_done_callback(target->task, task_called[arg(each, 1) % ACTIONS]);
}

/* --------------------------------------------------------------------------------------------- Scheduled calls --- */

static wio_handle *handles[HANDLES];

int op_call_soon(frame *frame, const statement *each) {
    (void)frame;
    handles[arg(each, 1) % HANDLES] = wio_call_soon(called[arg(each, 0) % ACTIONS], NULL);
    return 0;
}

int op_call_later(frame *frame, const statement *each) {
    (void)frame;
    handles[arg(each, 2) % HANDLES] = wio_call_later(seconds(arg(each, 0)), called[arg(each, 1) % ACTIONS], NULL);
    return 0;
}

int op_cancel_handle(frame *frame, const statement *each) {
    (void)frame;
    wio_handle_cancel(handles[arg(each, 0) % HANDLES]);
    return 0;
}

/* ------------------------------------------------------------------------------------------------- Futures --- */

static wio_future futures[MAX_FUTURES];
static int future_count, future_in[FUTURES];

static wio_future *future_of(const statement *each) { return &futures[future_in[arg(each, 0) % FUTURES]]; }

void set_future(int future, int value) { wio_future_set_result(&futures[future_in[future]], value); }

int op_future_await(frame *frame, const statement *each) {
    (void)frame;
    return wio_future_await(future_of(each));
}

int op_future_set(frame *frame, const statement *each) {
    (void)frame;
    return wio_future_set_result(future_of(each), arg(each, 1));
}

int op_future_fail(frame *frame, const statement *each) {
    (void)frame;
    int kind = arg(each, 1);
    return wio_future_set_error(future_of(each), kind <= 1 ? -ETIMEDOUT : CODE_ERROR - kind);
}

int op_future_cancel(frame *frame, const statement *each) {
    (void)frame;
    return wio_future_cancel(future_of(each));
}

int op_future_query(frame *frame, const statement *each) {
    (void)frame;
    wio_future *future = future_of(each);
    return wio_future_done(future) + 2 * wio_future_cancelled(future);
}

int op_future_renew(frame *frame, const statement *each) {
    (void)frame;
    if (!wio_future_done(future_of(each)) || future_count == MAX_FUTURES) return 0;
    future_in[arg(each, 0) % FUTURES] = future_count;
    wio_future_init(&futures[future_count++]);
    return 1;
}

int op_future_callback(frame *frame, const statement *each) {
    (void)frame;
    return wio_future_add_done_callback(future_of(each), future_called[arg(each, 1) % ACTIONS], NULL);
}

void set_up_several(void) {
    memset(handles, 0, sizeof handles);
    for (future_count = 0; future_count < FUTURES; future_count++) {
        future_in[future_count] = future_count;
        wio_future_init(&futures[future_count]);
    }
}

void tear_down_several(void) {
    for (int i = 0; i < future_count; i++) wio_future_destroy(&futures[i]);
}
