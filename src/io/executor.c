/* Executors: who may submit, how much, and who waits. Which worker runs what is the host's matter (src/host/executor.js);
 * what happens in a worker is in job.c. */
#include "executor.h"

WIO__OP_NEEDS(executor)

static wio__executor *executors;   /* those that take jobs */
static wio__executor *fallback;    /* the default one, which is among them */
static bool fallback_is_shut_down; /* by wio_executor_shutdown(): until the run ends */

static wio__executor *find(const wio_executor *handle) {
    wio__executor *each = executors;
    while (each && (uintptr_t)each->op.id != (uintptr_t)handle) each = each->next;
    return each;
}

static void forget(wio__executor *gone) {
    wio__executor **at = &executors;
    while (*at != gone) at = &(*at)->next;
    *at = gone->next;
    if (gone == fallback) fallback = NULL;
}

static void destroy(wio__executor *gone) {
    wio__op_end(&gone->op, true);
    free(gone);
}

static wio__executor *create(const wio_executor_options *options, const char *function) {
    enum { WORKERS_MAX = 1024 };
    if (wio__the.no_waiting) {
        wio__misuse(-EPERM, function, "a job of an executor cannot have executors of its own");
        return NULL;
    }
    if (options->workers > WORKERS_MAX) {
        wio__misuse(-EINVAL, function, "more than 1024 workers");
        return NULL;
    }
    wio__executor *made = calloc(1, sizeof *made);
    if (!made || wio__op_begin(&made->op) < 0) {
        free(made);
        wio__misuse(-ENOMEM, function, "no memory for an executor");
        return NULL;
    }
    executor_request request = {options->workers, wio__job_stack_size(options->stack_size)};
    wio__host_op_start(made->op.id, WIO__OP_EXECUTOR, &request);
    int status = made->op.status;
    if (status <= 0) {
        char *words = made->op.data; /* the host ends them with NUL */
        wio__misuse(status ? status : -ENOMEM, function, words ? words : "no memory for an executor");
        free(words);
        destroy(made);
        return NULL;
    }
    made->workers = (size_t)status;
    made->queue_limit = options->queue_limit;
    made->next = executors;
    return executors = made;
}

wio_executor *wio_executor_create(const wio_executor_options *options) {
    wio__executor *made = create(options ? options : &(wio_executor_options){0}, "wio_executor_create");
    return made ? (wio_executor *)(uintptr_t)made->op.id : NULL;
}

/* ------------------------------------------------------------------------------------------------------ Calls --- */

static const char shut_down[] = "this executor has been shut down, or never was one";

wio__executor *wio__executor_enter(wio_executor *handle, const char *function, int *status) {
    wio__executor *entered = handle ? find(handle) : fallback;
    if (!handle && !fallback && !fallback_is_shut_down) {
        entered = fallback = create(&(wio_executor_options){0}, function);
        if (!entered) {
            *status = wio__the.current->note.code;
            return NULL;
        }
    }
    if (entered) entered->users++;
    else *status = wio__misuse(-EINVAL, function, handle ? shut_down : "the default executor has been shut down");
    return entered;
}

void wio__executor_leave(wio__executor *left) {
    if (--left->users) return;
    if (left->joiner) wio__wake(left->joiner, 0);
    else if (left->abandoned) destroy(left);
}

bool wio__executor_is_full(const wio__executor *executor) {
    return executor->queue_limit && executor->jobs >= executor->workers + executor->queue_limit;
}

int wio__executor_refuse(void) {
    static const char words[] =
        "the queue of this executor is full: raise its .queue_limit, or let fewer tasks submit at "
        "a time, with a semaphore";
    wio__note_set(-EAGAIN, words, sizeof words - 1);
    return -EAGAIN;
}

int wio__job_start(wio__executor *executor, wio__job *job, const job_request *request) {
    int status = wio__op_begin(&job->op);
    if (status < 0) return status;
    job->next = NULL;
    job->prev = executor->last;
    if (executor->last) executor->last->next = job;
    else executor->first = job;
    executor->last = job;
    executor->jobs++;
    wio__host_op_start(job->op.id, WIO__OP_JOB, request);
    return 0;
}

void wio__job_end(wio__executor *executor, wio__job *job, bool cancel) {
    wio__op_end(&job->op, cancel);
    if (job->prev) job->prev->next = job->next;
    else executor->first = job->next;
    if (job->next) job->next->prev = job->prev;
    else executor->last = job->prev;
    executor->jobs--;
}

/* The host's words are "worker\0message\0" and the place, an address, which is the same in every instance. */
int wio__job_failed(wio__task *self, wio__job *job, const char *where) {
    wio__op *op = &job->op;
    wio__note *note = &self->note;
    uint32_t place;
    wio__note_clear(note);
    note->code = op->status;
    note->where = where;
    if (op->data && op->size > sizeof place) {
        size_t size = op->size - sizeof place;
        memcpy(&place, (char *)op->data + size, sizeof place);
        if (place) note->where = (const char *)(uintptr_t)place;
        note->text = malloc(size);
        if (note->text) memcpy(note->text, op->data, size);
    }
    if (op->data != op->into) free(op->data);
    op->data = NULL;
    return op->status;
}

static const wio__wait job_wait = {.kind = "executor", .abort = wio__op_abort, .undo = wio__op_undo};

static int run(wio__task *self, wio__executor *executor, const job_request *request, void *out) {
    const char *here = wio__here;
    wio__job job = {.op = {.into = out, .room = request->out_size}};
    int status = wio__job_start(executor, &job, request);
    if (status < 0) return status;
    status = wio__op_wait(self, &job.op, &job_wait);
    if (status < 0 && status == job.op.status) wio__job_failed(self, &job, here);
    wio__job_end(executor, &job, false);
    return status;
}

int wio_run_in_executor(wio_executor *handle, wio_job *fn, const void *in, size_t in_size, void *out, size_t out_size) {
    static const char function[] = "wio_run_in_executor";
    wio__task *self = wio__self(function);
    if (!self) return -EPERM;
    if (!fn) return wio__misuse_null(function, "fn");
    if ((in_size && !in) || (out_size && !out)) return wio__misuse_null(function, in_size && !in ? "in" : "out");
    if (self->attention && wio__reason(self)) return wio_yield(); /* cancelled: nothing is started */
    int status = 0;
    wio__executor *executor = wio__executor_enter(handle, function, &status);
    if (!executor) return status;
    job_request request = {executor->op.id, fn, in, in_size, out_size, 1, false};
    status = wio__executor_is_full(executor) ? wio__executor_refuse() : run(self, executor, &request, out);
    wio__executor_leave(executor);
    return status;
}

/* --------------------------------------------------------------------------------------------------- Shutdown --- */

static void stop(wio__executor *stopped) {
    static const char words[] = "an executor\0the executor was shut down\0\0\0\0";
    stopped->stopped = true;
    for (wio__job *each = stopped->first; each; each = each->next) {
        uint32_t id = each->op.id;
        if (!id || each->op.done) continue;
        void *at = wio__op_alloc(id, sizeof words);
        if (at) memcpy(at, words, sizeof words);
        wio__op_complete(id, -ECANCELED, sizeof words);
        wio__host_op_cancel(id);
    }
}

static bool abort_join(void *task) {
    wio__executor *executor = ((wio__task *)task)->object;
    executor->joiner = NULL;
    executor->abandoned = true;
    stop(executor);
    return true;
}

static const wio__wait join_wait = {.kind = "executor shutdown", .abort = abort_join, .keeps_result = true};

int wio_executor_shutdown(wio_executor *handle, bool cancel) {
    static const char function[] = "wio_executor_shutdown";
    wio__executor *ended = handle ? find(handle) : fallback;
    if (!handle && !fallback_is_shut_down) {
        fallback_is_shut_down = wio__the.run != 0;
        if (!ended) return 0;
    }
    if (!ended) return wio__misuse(-EINVAL, function, shut_down);
    wio__task *self = ended->users ? wio__self(function) : NULL;
    if (ended->users && !self) return -EPERM;
    forget(ended);
    int status = 0;
    if (ended->users) {
        if (cancel) stop(ended);
        ended->joiner = self;
        status = wio__park(self, &join_wait, ended);
        if (status < 0) return status; /* the last of its users frees it */
    }
    destroy(ended);
    return status;
}

/* At the end of a run no task of it is left that could use the default executor; a call from JavaScript may be. */
void wio__run_over(void) {
    fallback_is_shut_down = false;
    wio__executor *ended = fallback;
    if (!ended || ended->users) return;
    forget(ended);
    destroy(ended);
}
