#ifndef WIO_PROCESS_H
#define WIO_PROCESS_H

#include "stream.h"

/* What wio__host_op_start() is given: src/node/process.js reads these field by field. PROCESS completes with the pid; its id is
 * the process's. PIPE (0, 1, 2) completes at once, and opens a stream. WAIT completes with the exit code, or 1000 and the signal
 * that has killed it. SIGNAL is told, not asked. */
typedef struct {
    const char *const *argv, *const *env; /* end with NULL; env may be NULL */
    const char *cwd;
    uint32_t stdio[3]; /* wio_stdio */
} process_request;

typedef struct {
    uint32_t process;
    uint32_t which;
} process_pipe_request;

typedef struct {
    uint32_t process;
} process_wait_request;

typedef struct {
    uint32_t process;
    int32_t signal;
    int32_t error; /* out */
} process_signal_request;

enum { WIO__KILLED_BY = 1000 };

#endif
