/* The loop: one queue of handles, run in passes. */
#ifndef WIO_LOOP_H
#define WIO_LOOP_H

typedef struct wio__loop {
    wio__handle *first, **tail; /* ready, in order, the last's next unset; where one is linked in */
    wio__handle *pass;          /* what is left of the pass that the last tick broke off */
    wio__task *current;         /* NULL outside tasks */
    uint32_t host_depth;        /* JavaScript was called by a task and has called in again */
    bool ticking, posted, listening, on_main, dead;
    bool calling;  /* a callback of the program runs */
    bool stopping; /* when this pass is over: the main task has ended, or wio_stop() was called */
    bool run_over; /* and nothing of the run is left to wait for: main() goes on */
    size_t timers; /* armed, or due in this pass */
    double armed;
    uint32_t now;     /* of the latest tick: wio__moment() */
    size_t live;      /* tasks that have not ended */
    size_t pending;   /* host operations under way */
    double slow_step; /* debug: seconds; negative: off */
    wio__task *all_first, *all_last;
    wio__vars *vars;   /* outside tasks: of main(), or of the callback that runs */
    wio__note outside; /* last error outside tasks */
    wio_error outside_error;
    uint32_t outside_seen; /* next_number when wio_task_error(NULL) was called last: has a run come after it? */
    uint32_t next_number;
    uint32_t run;
    wio__task *main;
    wio__vars *main_vars; /* of a runner's main task that has ended */
    size_t run_live;
    bool run_ending, run_deadlocked;
    bool run_busy;  /* main() waits for it */
    bool run_keeps; /* a runner's: tasks that are left stay */
    int run_status;
    uint8_t watch;          /* WIO__WATCH_… */
    wio__task *blame;       /* outside tasks: whose end, or what it led to, is being dealt with; NULL: nobody's */
    const char *no_waiting; /* why code outside tasks cannot wait, if that is special: a job */
} wio__loop;

extern wio__loop wio__the;
extern bool wio__aborted; /* abort() was called */

void wio__request_tick(void); /* the host must call wio__tick(): something is ready */
static inline void wio__queue_handle(wio__handle *handle) {
    *wio__the.tail = handle;
    wio__the.tail = &handle->next;
}
static inline void wio__ready(wio__handle *handle) {
    wio__queue_handle(handle);
    if (!wio__the.ticking && !wio__the.posted) {
        WIO__RARE();
        wio__request_tick();
    }
}
void wio__step(wio__task *task); /* of one that was queued, and is its turn's */
void wio__step_eagerly(wio__task *task);
void wio__wake_now(wio__task *task, int status); /* ends a parked task's wait and runs it inside the calling one */
bool wio__first_step(void *handle);
void wio__run_task_ended(wio__task *task);
void wio__run_stopping(void);
int wio__run_refused(const char *function); /* not in main(), or already in a run: reported */
uint32_t wio__run_number(void);
wio__task *wio__run_main(wio_fn *fn, void *arg, uint32_t run, const char *function);
int wio__run_block(void); /* main() waits until the run is over; what its main task returned */
void wio__run_clear(void);
void wio__runner_abandon(void) __attribute__((weak)); /* main() has returned: if a runner is open, its tasks end */
void wio__call_ended(wio__task *task) __attribute__((weak)); /* only programs with exports have these two */
const char *wio__call_name(const wio__task *task) __attribute__((weak));

/* NULL: nobody has given it one, and it is called after its number. */
static inline const char *wio__given_name(const wio__task *task) {
    if (task->extra && task->extra->name) return task->extra->name;
    return wio__call_name && task->called ? wio__call_name(task) : NULL;
}

void wio__run_over(void) __attribute__((weak)); /* only programs with executors have it */
void wio__deadlock(void);
size_t wio__left(void); /* tasks, timers and host operations that there are; for tests */
/* The stack of a task, or of main() (NULL), has overflowed. */
void wio__guard_failed(const wio__context *context, const wio__task *task, int what);

void wio__sleeps_block(void) __attribute__((weak)); /* linked: libc's sleeps hold all tasks up */

#endif
