/* A byte stream: what was read and not yet taken, beside an open operation whose id names the rest of it in the host. */
#ifndef WIO_STREAM_H
#define WIO_STREAM_H

#include "op.h"

enum { WIO__READS = 1, WIO__WRITES = 2 };

typedef struct wio__stream {
    wio__op op; /* what opened it */
    wio__op read;
    uint32_t id;      /* of the handle; 0: given back */
    unsigned waiting; /* calls that wait in it: the last to leave frees it */
    uint8_t ways;     /* WIO__READS, WIO__WRITES */
    bool ended;       /* nothing more will come */
    bool eof_written;
    int error;    /* reads fail with it */
    size_t limit; /* of a line */
    char *buffer; /* with room for a NUL behind */
    size_t start, size, room;
    size_t partial;
    char *held_at; /* where a NUL stands for the byte `held` */
    char held;
    char *names; /* its own address and the peer's, two strings; NULL: none */
} wio__stream;

enum { WIO__STREAM_LIMIT = 65536 };

/* What wio__host_op_start() is given: src/host/stream.js reads these field by field. `stream` is the id of its `op`. READ
 * completes with bytes or, at the end, 0. DRAIN and CLOSED complete when that is so. The others are told, not asked: their id
 * is 0, and nothing completes. */
typedef struct {
    uint32_t stream;
    size_t size;
} stream_read_request;

typedef struct {
    uint32_t stream;
    const void *data;
    size_t size;
    int32_t error; /* out: what has broken it */
} stream_write_request;

typedef struct {
    uint32_t stream;
} stream_request;

wio__stream *wio__stream_new(int ways, size_t limit); /* NULL without memory; its op is the caller's to begin */
void wio__stream_free(wio__stream *stream);           /* never had a handle */

/* Opened: takes over the addresses that its op has brought. NULL without memory: it is closed and freed then. */
wio_stream *wio__stream_handle(wio__stream *stream);

wio__stream *wio__stream_find(const wio_stream *handle, const char *function); /* NULL, reported unless `function` is */

/* Begins and ends a call that waits in a stream. True: it was given back meanwhile, and is gone. */
static inline void wio__stream_enter(wio__stream *stream) { stream->waiting++; }
bool wio__stream_leave(wio__stream *stream);

/* An operation without memory of its own: begins, waits and ends; its failure is noted. */
int wio__op_run(wio__task *self, wio__op *op, int kind, const void *request, const wio__wait *wait);

int wio__fails(int code); /* notes the code's own words as the caller's last error, and returns it */

#endif
