#ifndef WIO_THREAD_H
#define WIO_THREAD_H

#include "op.h"

/* What wio__host_op_start() is given for WIO__OP_THREAD: src/js/workers/threads.js reads it field by field, and sets `running` when
 * a worker gets it. It completes with what fn has returned. */
typedef struct {
    wio_fn *fn;
    void *arg;
    uint32_t running;
    uint32_t cancelled; /* by the loop, while fn runs and may read it */
    wio__vars *vars;    /* the caller's context variables */
} thread_request;

/* Whether the calling instance of the module is a thread's: src/io/thread.S. */
bool wio__in_thread(void);
void wio__thread_enter(void);

/* In a thread: sleeps, and returns true. libc's sleeps ask (src/core/libc_sleep.c). */
bool wio__thread_sleeps(double seconds);

#endif
