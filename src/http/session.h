/* What a session is made of. Limits are public semaphores, times are public timeouts, and a request is one of io/fetch.h. */
#ifndef WIO_SESSION_H
#define WIO_SESSION_H

#include "../core/core.h"
#include "../report/text.h"
#include "../io/fetch.h"

/* Scheme, host and port, and the requests to it. Kept while there are any. */
typedef struct wio__host {
    struct wio__host *next;
    size_t users;
    wio_semaphore permits;
    char origin[]; /* "http://example.org:8000" */
} wio__host;

typedef struct wio__session {
    wio_session_options options; /* strings are its own */
    char *strings;
    wio_header *headers;
    wio_semaphore permits;
    wio__host *hosts;
    struct wio__exchange *exchanges;
    size_t users; /* calls and exchanges that still need it: the last one frees it */
    uint32_t jar;
    bool closed, used;
} wio__session;

/* A request that counts against the limits: from its permits until its body has ended or is closed. */
typedef struct wio__exchange {
    struct wio__exchange *next, **link;
    wio__session *session;
    wio__host *host;
    wio_response *response;
    double deadline, read; /* time; seconds */
    wio_progress *progress;
} wio__exchange;

void wio__session_release(wio__session *session); /* one user less */

/* GET, raise for status, and the whole body: its size, or an error with *data NULL. */
long wio__session_get_whole(wio_session *session, const char *url, bool as_text, void **data);

/* Waits in line for the host's and the session's permit, and begins an exchange for the response. */
int wio__exchange_begin(wio__session *session, wio_response *response, const char *url);

/* A body ready for the host: bytes (`owned` is to be freed), or a producer. */
typedef struct {
    const void *data;
    size_t size;
    void *owned;
    const char *type; /* Content-Type, or NULL */
    char boundary[80];
    wio_produce *produce;
    void *arg;
} wio__body;

int wio__body_make(wio__body *body, const wio_request_options *options);

/* Sends what `body` produces, piece by piece; returns early, with 0, when the answer begins. */
int wio__body_send(wio__task *self, wio_response *response, const wio__body *body, wio_progress *progress);

/* `to` gets the session's headers as the request changes them; a block to free, or NULL without memory. */
wio_header *wio__headers_merge(const wio__session *session, const wio_header *own, const char *type, size_t *count);

/* "scheme://host:port" in lower case, cut if it does not fit. */
void wio__origin(const char *base, const char *url, char *origin, size_t size);

/* The URL with the query added: a block to free, or NULL without memory. */
char *wio__url_with(const char *url, const wio_header *query);

/* "a=1&b=2", percent-encoded; a block to free, or NULL without memory. */
char *wio__form(const wio_header *fields, size_t *size);

/* The connection was lost, or its answer was not whole: worth another try. */
bool wio__is_lost(int status);

/* Seconds before another try, when so many were `done`. */
double wio__pause(const wio_retries *retries, unsigned done);

/* Notes an error in words: parts up to a NULL. Returns the code. */
int wio__http_fail(int code, ...);

/* wio_response_line(), where a carriage return ends a line, too, if `any`: "\r\n" is a line and an empty one then. */
long wio__response_line(wio_response *response, const char **line, bool any);

#endif
