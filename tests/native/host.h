/* The native host of the tests, seen from a test: virtual time, a fake HTTP server, and what the core did to its host.
 *
 * The fake server answers URLs made of steps, in this order, each optional:
 *   fake:[/refuse | /badurl | /hang][/delay/<seconds>][/status/<n>][/chunk/<bytes>][/echo][/body=<rest> | /size/<bytes>]
 *   with, before the body, [/slow/<seconds>] a time for each read, [/reset-body] the connection breaks after the body,
 *   [/hang-body] nothing more after it. */
#ifndef WIO_TESTS_HOST_H
#define WIO_TESTS_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Time passes although nobody waits: what a long computation would do. */
void host_burn(double seconds);

/* Calls fn(arg) from outside the loop, as a host event, at a virtual time from now. At most 64 pending. */
void host_later(double seconds, void (*fn)(void *arg), void *arg);

/* Calls fn(arg) from inside a task as JavaScript called from C that calls into the module again. */
void host_from_javascript(void (*fn)(void *arg), void *arg);

/* For host_later(): Ctrl-C. */
void host_interrupt(void *unused);

/* Does what an overflow of the calling task's stack would do to its canary. */
void host_overflow(void);

/* Jobs for executors: one never ends, one crashes. Others are run in this process, after a virtual millisecond. */
int host_job_hangs(const void *in, size_t in_size, void *out, size_t out_size);
int host_job_crashes(const void *in, size_t in_size, void *out, size_t out_size);

/* Deadline of the loop's first timer; INFINITY: there is none. */
double host_next_timer(void);

/* What was logged since the last call; valid until the next. With `quiet` nothing goes to stderr. */
const char *host_log(void);
void host_quiet(bool quiet);

/* Instead of abort() when a stack has overflowed; must not return. */
extern void (*host_on_fault)(const char *text);

/* The loop has nothing to do and waits for operations that never complete; called instead of abort(). */
extern void (*host_on_hang)(void);

/* Of host_streams.c: true if the operation is one of its. */
bool host_streams_start(uint32_t id, int kind, const void *request);
void host_streams_cancel(uint32_t id);

typedef struct {
    unsigned arms, disarms, posts, ticks; /* calls of arm (with a time), of arm(INFINITY), of post, and of wio__tick */
    unsigned started, aborted;            /* requests; those cancelled before they were answered and read to the end */
    unsigned cancels;                     /* op_cancel, of whatever */
    unsigned open, most_open;             /* requests that have not been read to the end, aborted or refused */
    unsigned streams;                     /* open streams, servers and WebSockets (host_streams.c) */
    int responded;                        /* status of the last answer to a request */
    unsigned executors;                   /* open now */
    unsigned jobs, jobs_run, jobs_stopped; /* submitted; started; cancelled, in the queue or running */
    unsigned settled;                     /* calls settled */
    int settled_status;
} host_counts;
extern host_counts host_count;

#endif
