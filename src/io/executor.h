#ifndef WIO_EXECUTOR_H
#define WIO_EXECUTOR_H

#include "op.h"

/* What wio__host_op_start() is given for WIO__OP_EXECUTOR, which the host completes before that returns: with the number
 * of workers, or why there can be none. The op's id names the pool until wio__host_op_cancel(). */
typedef struct {
    size_t workers; /* 0: as many as the machine has processors */
    size_t stack_size;
} executor_request;

/* And for WIO__OP_JOB: src/host/executor.js reads both field by field. With `each`, a failing element does not stop the
 * others, and their results follow the output, as ints. */
typedef struct {
    uint32_t executor;
    wio_job *fn;
    const void *in;
    size_t in_size, out_size; /* of one element */
    size_t count;
    size_t each;
} job_request;

/* -------------------------------------------------------------------------------- In the program: executor.c --- */

/* A call that is under way, in the list of its executor. */
typedef struct wio__job {
    wio__op op; /* first: what a wait descriptor's object is */
    struct wio__job *next, *prev;
} wio__job;

typedef struct wio__executor {
    wio__op op;
    size_t workers, queue_limit;
    size_t jobs;  /* queued or running */
    size_t users; /* calls that still need this struct */
    wio__job *first, *last;
    wio__task *joiner; /* waits in wio_executor_shutdown() */
    bool stopped;      /* its jobs were stopped: no more of a map follow */
    bool abandoned;    /* whoever uses it last frees it */
    struct wio__executor *next;
} wio__executor;

/* The executor for a call, which must end with wio__executor_leave(); NULL with the error in *status. */
wio__executor *wio__executor_enter(wio_executor *handle, const char *function, int *status);
void wio__executor_leave(wio__executor *executor);

bool wio__executor_is_full(const wio__executor *executor);
int wio__executor_refuse(void); /* the error for that */

/* Starts a job; the op's `into` and `room` must be set. -ENOMEM. */
int wio__job_start(wio__executor *executor, wio__job *job, const job_request *request);
void wio__job_end(wio__executor *executor, wio__job *job, bool cancel);

/* The job has failed: its words become the task's last error. Returns the status. */
int wio__job_failed(wio__task *self, wio__job *job, const char *where);

/* ------------------------------------------------------------------------------------------ In a worker: job.c --- */

/* Bytes of C stack that a job gets. */
size_t wio__job_stack_size(size_t asked);

/* Room for a job's input, its output and, with `each`, its results: the address of the input, NULL without memory. The
 * output follows, 16-byte aligned, and the results behind it, 4-byte aligned. */
void *wio__job_room(size_t in_total, size_t out_total, size_t results, size_t stack_size);
int wio__job_run(wio_job *fn, size_t in_size, size_t out_size, size_t count, bool each);

/* Of the job that has failed. */
typedef struct {
    const char *message, *where;
    uint32_t damaged; /* it has written where it must not: this instance is not to be used again */
} job_error;
const job_error *wio__job_error(int status);

#endif
