/* One wio_run(): the main task, then the leftovers, then the report of what nobody looked at. */
#include "core.h"

static void leftovers_cancel(void) {
    for (wio__task *task = wio__the.all_first; task; task = task->all_next)
        if (task->run == wio__the.run) wio__cancel(task);
}

/* The main task has ended: every leftover has its cancel pending before the first of them resumes. */
void wio__run_task_ended(wio__task *task) {
    wio__loop *loop = &wio__the;
    if (task != loop->main) return;
    loop->run_status = task->status;
    task->looked_at = true;
    wio__note_move(&loop->outside, &task->note);
    loop->run_ending = true;
    leftovers_cancel();
}

/* Handles that were neither awaited nor detached end with the run. */
static void unclaimed_free(uint32_t run) {
    wio__task *task;
    for (size_t i = 0; (task = wio__slot_at(i)); i++)
        if (task->state == WIO__DONE && task->run == run && !task->retired) wio__task_release(task);
}

static bool run_refused(wio_fn *fn, int *status) {
    wio__loop *loop = &wio__the;
    if (loop->current || loop->run) {
        *status = wio__misuse(-EBUSY, "wio_run",
                              "the loop is running already; in a task, call the coroutine itself: fn(arg)");
    } else if (!fn) {
        *status = wio__misuse_null("wio_run", "fn");
    } else if (!loop->on_main) {
        *status = wio__misuse(-EPERM, "wio_run", "works only in main(); export a coroutine with WIO_EXPORT instead");
    } else {
        return false;
    }
    return true;
}

int wio_run(wio_fn *fn, void *arg) {
    wio__loop *loop = &wio__the;
    int status;
    if (run_refused(fn, &status)) return status;
    static uint32_t runs;
    enum { MAIN_STACK = 256 * 1024 };
    wio__task *task = wio__task_new(fn, arg, &(wio_task_options){.stack_size = MAIN_STACK}, "wio_run");
    if (!task) return -ENOMEM;
    loop->run = task->run = ++runs;
    loop->run_live = 1;
    loop->run_ending = loop->run_deadlocked = false;
    loop->main = task;
    wio__task_start(task, false);
    wio__host_block();
    status = loop->run_deadlocked ? -EDEADLK : loop->run_status;
    unclaimed_free(loop->run);
    loop->main = NULL;
    loop->run = 0;
    return status;
}

/* Nothing is ready, no timer is armed, no host operation is under way: these waits can never end. They are made to
 * fail with -EDEADLK, so that clean-up code runs: first those that wait on something outside, and only if there are
 * none (a cycle) those that wait for one another. */
static void doom(bool cycles) {
    for (wio__task *task = wio__the.all_first; task; task = task->all_next) {
        if (task->state != WIO__PARKED) continue;
        if (task->aborted) {
            if (!cycles || !task->waiter.list) continue;
            wio__waiters_remove(&task->waiter);
            wio__wake(task, -EDEADLK);
            continue;
        }
        task->aborted = true;
        if (wio__context_leaf(task->wait->abort, task)) wio__wake(task, WIO__ABORTED);
    }
}

void wio__deadlock(void) {
    wio__report_deadlock();
    if (wio__the.run) wio__the.run_deadlocked = true;
    for (wio__task *task = wio__the.all_first; task; task = task->all_next) task->attention = task->doomed = true;
    doom(false);
    if (!wio__the.first) doom(true);
}
