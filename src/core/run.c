/* One wio_run(): the main task, then the leftovers, then generators that are still open, then the report of what nobody
 * looked at. */
#include "core.h"

/* Not the bodies of generators: they are part of who iterates. */
static void leftovers_cancel(void) {
    for (wio__task *task = wio__the.all_first; task; task = task->all_next)
        if (task->run == wio__the.run && !task->generates) wio__cancel(task);
}

/* As asyncio's run: the main task's own done callback, a pass after its end, stops the loop when that pass is over. If
 * wio_stop() was faster it comes in the next run, whose main task has not ended. */
static bool main_called(void *handle) {
    (void)handle;
    const wio__task *task = wio__the.main;
    if (task && task->state == WIO__DONE) wio__the.stopping = true;
    return true;
}

static wio__handle main_done = {.fn = main_called};

void wio__run_task_ended(wio__task *task) {
    wio__loop *loop = &wio__the;
    if (loop->run_ending && (loop->run_live == 0 || (wio__generators_left && wio__generators_left())))
        loop->stopping = true;
    if (task != loop->main) return;
    task->looked_at = true;
    wio__note_move(&loop->outside, &task->note);
    if (loop->run_ending) return; /* wio_stop() came before its end */
    loop->run_status = task->status;
    wio__ready(&main_done);
}

/* Between two passes: every leftover has its cancel pending before the first of them resumes. */
void wio__run_stopping(void) {
    wio__loop *loop = &wio__the;
    loop->stopping = false;
    if (!loop->run) return;
    bool ends_now = !loop->run_keeps && !loop->run_ending;
    if (ends_now) {
        loop->run_ending = true;
        leftovers_cancel();
    }
    if (wio__run_goes_on && !loop->run_keeps) loop->stopping = wio__run_goes_on(ends_now);
    if (wio__generators_close && !loop->run_keeps && !loop->stopping) wio__generators_close(ends_now);
    loop->run_over = loop->run_keeps || (loop->run_live == 0 && !loop->stopping);
}

/* Handles that were neither awaited nor detached end with the run. */
static void unclaimed_free(uint32_t run) {
    for (uint32_t i = 0; i < wio__slots_used(); i++) {
        wio__task *task = wio__slot_at(i);
        if (task && task->state == WIO__DONE && task->run == run && !task->retired) wio__task_release(task);
    }
}

int wio__run_refused(const char *function) {
    wio__loop *loop = &wio__the;
    if (loop->current || loop->run_busy) return wio__misuse(-EBUSY, function, WIO__WORD(RUNNING));
    if (!loop->on_main) return wio__misuse(-EPERM, function, WIO__WORD(NOT_IN_MAIN));
    return 0;
}

uint32_t wio__run_number(void) {
    static uint32_t runs;
    return ++runs;
}

wio__task *wio__run_main(wio_fn *fn, void *arg, uint32_t run, const char *function) {
    return wio__task_new(fn, arg, &(wio_task_options){.stack_size = WIO__MAIN_STACK}, run, function);
}

int wio__run_block(void) {
    wio__loop *loop = &wio__the;
    loop->run_busy = true;
    loop->run_over = loop->run_deadlocked = false;
    wio__host_block();
    loop->run_busy = loop->run_over = false;
    return loop->run_deadlocked ? -EDEADLK : loop->run_status;
}

void wio__run_clear(void) {
    wio__loop *loop = &wio__the;
    if (wio__done_callbacks_drop) wio__done_callbacks_drop();
    if (wio__handles_drop) wio__handles_drop();
    if (wio__generators_over) wio__generators_over();
    if (wio__run_checked) wio__run_checked(loop->run);
    unclaimed_free(loop->run);
    if (wio__futures_drop) wio__futures_drop();
    loop->main = NULL;
    loop->run = 0;
    loop->run_ending = loop->run_keeps = false;
}

int wio_run(wio_fn *fn, void *arg) {
    wio__loop *loop = &wio__the;
    int status = wio__run_refused("wio_run");
    if (status) return status;
    if (!fn) return wio__misuse_null("wio_run", "fn");
    if (loop->run) return wio__misuse(-EBUSY, "wio_run", WIO__WORD(RUNNER_OPEN));
    loop->run_live = 0;
    loop->main = wio__run_main(fn, arg, wio__run_number(), "wio_run");
    if (!loop->main) return -ENOMEM;
    loop->run = loop->main->run;
    wio__task_start(loop->main, false);
    status = wio__run_block();
    wio__run_clear();
    if (wio__run_over) wio__run_over();
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
    if (wio__tell_deadlock) wio__tell_deadlock();
    else wio__host_report(WIO__REPORT_DEADLOCK, 0, 0, NULL, NULL, NULL, NULL);
    if (wio__the.run) wio__the.run_deadlocked = true;
    for (wio__task *task = wio__the.all_first; task; task = task->all_next) task->attention = task->doomed = true;
    doom(false);
    if (!wio__the.first) doom(true);
}
