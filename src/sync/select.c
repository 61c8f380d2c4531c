/* Select: one task in the line of each case, by the waiter inside it. Whoever grants passes over tasks that do not wait any
 * more, so one case is granted at most; the others leave their lines when the task runs. */
#include "../tasks/future.h"
#include "queue.h"

/* A program that selects over tasks alone has neither queues nor futures linked in. */
#pragma weak wio__queue_refuse
#pragma weak wio__queue_can_get
#pragma weak wio__queue_can_put
#pragma weak wio__queue_get
#pragma weak wio__queue_put
#pragma weak wio__queue_get_granted
#pragma weak wio__queue_put_granted
#pragma weak wio__queue_leave
#pragma weak wio__queue_get_back
#pragma weak wio__queue_put_back
#pragma weak wio__queue_is_shut_down
#pragma weak wio__future_take

static const char function[] = "wio_select";

typedef struct {
    wio__timer timer; /* first */
    wio__task *self;
    wio_case *cases, *soonest;
    size_t n;
} selecting;

/* ------------------------------------------------------------------------------------------------------ Before --- */

static int refuse_case(const wio_case *each, const wio__task *self) {
    const wio__task *task;
    switch (each->kind) {
    case WIO__CASE_GET:
    case WIO__CASE_PUT:
        return wio__queue_refuse ? wio__queue_refuse(each->object, each->item, function)
                                 : wio__misuse(-EINVAL, function, "a queue was never initialised");
    case WIO__CASE_FUTURE: return each->object ? 0 : wio__misuse_null(function, "the future");
    case WIO__CASE_TASK:
        task = wio__find(each->object, function);
        if (!task) return -EINVAL;
        return task == self ? wio__misuse(-EDEADLK, function, "a task cannot wait for itself") : 0;
    case WIO__CASE_TIMEOUT:
        return isnan(each->seconds) ? wio__misuse(-EINVAL, function, "the time is not a number") : 0;
    default: return wio__misuse(-EINVAL, function, "a case was not made by WIO_CASE_…");
    }
}

static bool is_ready(const wio_case *each) {
    switch (each->kind) {
    case WIO__CASE_GET: return wio__queue_can_get(each->object);
    case WIO__CASE_PUT: return wio__queue_can_put(each->object);
    case WIO__CASE_FUTURE: return ((const wio_future *)each->object)->done;
    case WIO__CASE_TASK: return wio__find(each->object, NULL)->state == WIO__DONE;
    default: return each->seconds <= 0;
    }
}

static int task_status(wio__task *task, wio__task *self) {
    task->looked_at = true;
    if (task->status < 0) wio__note_copy(&self->note, &task->note);
    return task->status;
}

static int carry_out(wio_case *each, wio__task *self) {
    switch (each->kind) {
    case WIO__CASE_GET: return wio__queue_get(each->object, each->item);
    case WIO__CASE_PUT: return wio__queue_put(each->object, each->item, function);
    case WIO__CASE_FUTURE: return wio__future_take(each->object, self);
    case WIO__CASE_TASK: return task_status(wio__find(each->object, NULL), self);
    default: return 0;
    }
}

/* ----------------------------------------------------------------------------------------------------- Waiting --- */

static bool timed_out(void *timer) {
    selecting *select = timer;
    if (select->self->state != WIO__PARKED) return true;
    select->soonest->waiter.granted = true;
    wio__wake(select->self, 0);
    return true;
}

static void stand_in_line(selecting *select, wio_case *each) {
    wio__waiters *line = NULL;
    wio__task *task;
    wio_queue *queue = each->object; /* if it is one */
    each->waiter = (wio__waiter){0};
    switch (each->kind) {
    case WIO__CASE_GET: wio__queue_push(&queue->getters, &each->waiter, select->self); break;
    case WIO__CASE_PUT: wio__queue_push(&queue->putters, &each->waiter, select->self); break;
    case WIO__CASE_FUTURE: line = wio__future_waiters(each->object); break;
    case WIO__CASE_TASK:
        task = wio__find(each->object, NULL);
        wio__hold(task);
        line = &task->awaiters;
        break;
    case WIO__CASE_TIMEOUT:
        if (!select->soonest || each->seconds < select->soonest->seconds) select->soonest = each;
    }
    if (line) wio__waiters_push(line, &each->waiter, select->self);
}

static void leave_line(wio_case *each) {
    if (each->kind == WIO__CASE_GET || each->kind == WIO__CASE_PUT) wio__queue_leave(&each->waiter);
    else wio__waiters_remove(&each->waiter);
}

static bool select_abort(void *task) {
    selecting *select = ((wio__task *)task)->object;
    for (size_t i = 0; i < select->n; i++) leave_line(&select->cases[i]);
    wio__timer_stop(&select->timer);
    return true;
}

static bool select_undo(void *task) {
    selecting *select = ((wio__task *)task)->object;
    for (size_t i = 0; i < select->n; i++) {
        wio_case *each = &select->cases[i];
        if (!each->waiter.granted) continue;
        each->waiter.granted = false;
        if (each->kind == WIO__CASE_GET) wio__queue_get_back(each->object, &each->waiter);
        if (each->kind == WIO__CASE_PUT) wio__queue_put_back(each->object, &each->waiter);
    }
    return true;
}

static const wio__wait select_wait = {.kind = "select", .abort = select_abort, .undo = select_undo};

/* `status` is what the case was granted with: a future may be gone by now, and so may a queue that was shut down. */
static int carry_out_granted(wio_case *each, wio__task *self, int status) {
    switch (each->kind) {
    case WIO__CASE_GET:
        return status < 0 ? wio__queue_is_shut_down() : wio__queue_get_granted(each->object, &each->waiter, each->item);
    case WIO__CASE_PUT:
        return status < 0 ? wio__queue_is_shut_down() : wio__queue_put_granted(each->object, &each->waiter, each->item);
    case WIO__CASE_TASK: return task_status(wio__find(each->object, NULL), self);
    default: return status;
    }
}

static void leave_lines(selecting *select) {
    wio__timer_stop(&select->timer);
    for (size_t i = 0; i < select->n; i++) {
        wio_case *each = &select->cases[i];
        leave_line(each);
        if (each->kind == WIO__CASE_TASK) wio__unhold(wio__find(each->object, NULL));
    }
}

static int wait(wio_case *cases, size_t n, wio__task *self) {
    selecting select = {.self = self, .cases = cases, .n = n};
    for (size_t i = 0; i < n; i++) stand_in_line(&select, &cases[i]);
    if (select.soonest && select.soonest->seconds < INFINITY)
        wio__timer_start(&select.timer, wio__host_now() + select.soonest->seconds, timed_out);
    int status = wio__park(self, &select_wait, &select);
    size_t granted = 0;
    while (granted < n && !cases[granted].waiter.granted) granted++;
    if (granted < n) {
        wio__here = self->where;
        cases[granted].status = carry_out_granted(&cases[granted], self, status);
    }
    leave_lines(&select);
    return granted < n ? (int)granted : status;
}

/* ------------------------------------------------------------------------------------------------------ Select --- */

int wio_select(wio_case *cases, size_t n) {
    wio__task *self = wio__self(function);
    if (!self) return -EPERM;
    if (!cases) return wio__misuse_null(function, "cases");
    if (n == 0 || n > INT_MAX) return wio__misuse(-EINVAL, function, n ? "too many cases" : "there are no cases");
    for (size_t i = 0; i < n; i++) {
        int status = refuse_case(&cases[i], self);
        if (status < 0) return status;
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_ready(&cases[i])) continue;
        cases[i].status = carry_out(&cases[i], self);
        return cases[i].kind == WIO__CASE_PUT && cases[i].status == -ENOMEM ? -ENOMEM : (int)i;
    }
    return wait(cases, n, self);
}
