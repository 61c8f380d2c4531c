/* asyncio.Runner: several runs on one loop, whose tasks and context variables stay. And loop.stop(). */
#include "core.h"

enum { NEW, OPEN = 0x72, CLOSED = 0x63 };

static wio_runner *the_open;

int wio_runner_open(wio_runner *runner) {
    const char *function = "wio_runner_open";
    if (!runner) return wio__misuse_null(function, "the runner");
    int status = wio__run_refused(function);
    if (status) return status;
    if (wio__the.run) return wio__misuse(-EBUSY, function, "a runner is open already; close it first");
    *runner = (wio_runner){.state = OPEN};
    wio__the.run = wio__run_number();
    wio__the.run_live = 0;
    runner->vars = wio__vars_share(wio__the.vars);
    the_open = runner;
    return 0;
}

static int refused(const wio_runner *runner, const char *function) {
    if (!runner) return wio__misuse_null(function, "the runner");
    int status = wio__run_refused(function);
    if (status) return status;
    return runner == the_open ? 0 : wio__misuse(-EPERM, function, "this runner is not open (closed before?)");
}

/* The main task works on the runner's variables themselves, so that the next run sees what this one has set. */
static wio__task *main_task(wio_runner *runner, wio_fn *fn, void *arg) {
    wio__task *task = wio__run_main(fn, arg, wio__the.run, "wio_runner_run");
    if (!task) return NULL;
    wio__vars_drop(task->vars);
    task->vars = runner->vars;
    runner->vars = NULL;
    task->is_main = true;
    return task;
}

int wio_runner_run(wio_runner *runner, wio_fn *fn, void *arg) {
    wio__loop *loop = &wio__the;
    int status = refused(runner, "wio_runner_run");
    if (status) return status;
    bool goes_on = loop->main && loop->main->state != WIO__DONE;
    if (!fn && !goes_on) return wio__misuse_null("wio_runner_run", "fn");
    if (fn) {
        if (goes_on && !runner->vars) runner->vars = wio__vars_share(loop->main->vars);
        wio__task *task = main_task(runner, fn, arg);
        if (!task) return -ENOMEM;
        loop->main = task;
        wio__task_start(task, false);
    } else if (loop->first) {
        wio__request_tick();
    }
    loop->run_keeps = true;
    loop->run_status = -EINTR; /* unless the main task ends */
    status = wio__run_block();
    loop->run_keeps = false;
    if (loop->main->state != WIO__DONE) return status;
    runner->vars = loop->main_vars;
    loop->main_vars = NULL;
    wio__hold(loop->main); /* tasks that are left may watch it */
    loop->main->given_back = true;
    wio__unhold(loop->main);
    loop->main = NULL;
    return status;
}

int wio_runner_close(wio_runner *runner) {
    wio__loop *loop = &wio__the;
    if (!runner) return wio__misuse_null("wio_runner_close", "the runner");
    if (runner != the_open) return 0;
    int status = wio__run_refused("wio_runner_close");
    if (status) return status;
    if (loop->run_live || loop->first) {
        wio__run_stopping();                            /* cancels what is left, before it gets another turn */
        if (loop->run_live == 0) loop->stopping = true; /* callbacks that are queued have it */
        if (loop->first && !loop->posted) wio__request_tick();
        wio__run_block();
    }
    wio__run_clear();
    wio__vars_drop(runner->vars);
    wio__vars_drop(loop->main_vars); /* of a main task that ended only now */
    loop->main_vars = NULL;
    *runner = (wio_runner){.state = CLOSED};
    the_open = NULL;
    return 0;
}

void wio__runner_abandon(void) {
    if (!the_open) return;
    wio__misuse(-EINVAL, "wio_runner_open", "main() returned without wio_runner_close(); what is left is cancelled");
    the_open = NULL;
    wio__run_stopping();
}

void wio_stop(void) {
    wio__loop *loop = &wio__the;
    if (!loop->run_busy) {
        wio__misuse(-EPERM, "wio_stop", "no wio_run() or wio_runner_run() is under way");
        return;
    }
    if (!loop->run_keeps && loop->main && loop->main->state != WIO__DONE) loop->run_status = -EINTR;
    loop->stopping = true;
}
