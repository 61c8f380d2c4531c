/* A request on its way and its answer: what wio_fetch() and the sessions of src/http share. */
#ifndef WIO_FETCH_H
#define WIO_FETCH_H

#include "../core/core.h"
#include "op.h"

/* What wio__host_op_start() is given for WIO__OP_FETCH: src/host/fetch.js reads it field by field. */
typedef struct {
    const char *url, *method;
    const wio_header *headers;
    size_t header_count;
    const void *body;
    size_t body_size; /* with FETCH_STREAMED: exactly so many come, if not 0 */
    const char *base; /* what url is relative to, or NULL */
    uint32_t flags;
    uint32_t redirects; /* at most so many are followed */
    uint32_t jar;       /* where cookies are kept, 0: nowhere */
} fetch_request;

/* Bits of `flags`: the body comes in pieces; wio_redirects; wio_credentials. */
enum { FETCH_STREAMED = 1, FETCH_REDIRECTS_SHIFT = 1, FETCH_CREDENTIALS_SHIFT = 3, FETCH_REDIRECTS = 20 };

/* WIO__OP_READ. */
typedef struct {
    uint32_t fetch;
    size_t size;
} read_request;

/* WIO__OP_WRITE: the next bytes of a streamed body; size 0 ends it. Completed with 0 when there is room for more, with 1
 * when the answer has begun or failed and nobody wants more. */
typedef struct {
    uint32_t fetch;
    const void *bytes;
    size_t size;
} write_request;

/* WIO__OP_CONNECTED: completed once the request's connection stands, or it has failed. */
typedef struct {
    uint32_t fetch;
} connected_request;

/* WIO__OP_FORGET: the cookies of a jar are of no interest any more. Completed before the start returns. */
typedef struct {
    uint32_t jar;
} forget_request;

/* WIO__OP_DECODE: bytes of text in a named charset, to UTF-8 with a NUL behind it. Completed before the start returns. */
typedef struct {
    const char *charset;
    const void *bytes;
    size_t size;
} decode_request;

struct wio_response {
    wio__op op;   /* the request, until the body has ended */
    wio__op read; /* a read under way */
    int status;
    bool ended;    /* reads return `end` from now on */
    bool closed;   /* by another task, while one reads: that one frees it */
    int end;       /* 0, or why it is not complete */
    char *strings; /* url, then name and value of each header, then an empty name */
    char *ahead;   /* a block: bytes come from the host and not yet read, lines that were given out */
    size_t ahead_at, ahead_size, ahead_room;
    char behind; /* what stood where the line that was given out last has its NUL */
    bool is_behind;
    void *exchange; /* the session's part, or NULL */
};

wio_response *wio__response_new(const char *url);

/* It will be started later: traces show that it stands in line. */
int wio__fetch_queue(wio_response *response);

/* Gives the request to the host; then waits for its answer. The response stays the caller's, also on failure. */
int wio__fetch_start(wio_response *response, const fetch_request *request);
int wio__fetch_wait(wio__task *self, wio_response *response);

/* Takes back the NUL that ends the line given out last. */
static inline void wio__response_unline(wio_response *response) {
    if (response->is_behind) response->ahead[response->ahead_at] = response->behind;
    response->is_behind = false;
}

/* wio_response_read() without a session's limits. */
long wio__response_read(wio__task *self, wio_response *response, void *buffer, size_t size);

/* Aborts request and read: whoever waits for them, and every later read, gets `code`. */
void wio__response_abort(wio_response *response, int code);

/* What of wio_fetch_options and its like hosts would refuse, each in words of its own: -EINVAL, or 0. */
int wio__request_check(const char *function, const fetch_request *request);

/* Of src/http, in programs that have sessions: a read within the session's limits, and the request is over. */
long wio__exchange_read(wio__task *self, wio_response *response, void *buffer, size_t size) __attribute__((weak));
void wio__exchange_over(wio_response *response) __attribute__((weak));

#endif
