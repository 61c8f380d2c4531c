/* Part of <wasyncio.h>: HTTP sessions, everything a response has, server-sent events. */
#ifndef WASYNCIO_HTTP_H
#define WASYNCIO_HTTP_H

#ifdef __cplusplus
extern "C" {
#endif

/* -------------------------------------------------------------------------------------------- HTTP sessions --- */

/* Limits of time in seconds; 0 takes the default, a negative number is none. Each is a timeout scope around what it
 * limits, and what it strikes fails with -ETIMEDOUT. aiohttp.ClientTimeout. */
typedef struct {
    double total;   /* from the call to the last byte of the answer, retries included; default 300 */
    double connect; /* waiting in line for a connection, and until it stands (as far as the host tells: Node); none */
    double read;    /* until the answer begins, and between two pieces of it (sock_read); none */
} wio_timeouts;

/* Repeating what failed: lost connections, own connect and read timeouts, and the statuses 429, 502, 503 and 504. Only
 * methods that are idempotent (GET, HEAD, OPTIONS, PUT, DELETE) and bodies that can be sent again. The pause doubles each
 * time and is multiplied by a random 0.5 to 1; a Retry-After header of the server is followed instead. */
typedef struct {
    unsigned times;   /* at most so many repetitions; 0: none */
    double delay;     /* seconds before the first; default 0.2 */
    double max_delay; /* seconds, also of a Retry-After; default 30 */
    bool any_method;  /* POST and PATCH as well */
} wio_retries;

/* What to do with a redirect: follow it; fail with -ELOOP; return it (browsers do not show it: -ENOTSUP there).
 * allow_redirects=True and False. */
typedef enum { WIO_REDIRECTS_FOLLOW, WIO_REDIRECTS_FAIL, WIO_REDIRECTS_RETURN } wio_redirects;

/* Whether cookies and credentials are sent: in browsers what fetch's `credentials` says, in Node whether the session's
 * cookies are. The default is "same-origin" in browsers, and to send them in Node. */
typedef enum {
    WIO_CREDENTIALS_DEFAULT,
    WIO_CREDENTIALS_OMIT,
    WIO_CREDENTIALS_SAME_ORIGIN,
    WIO_CREDENTIALS_INCLUDE
} wio_credentials;

/* A session keeps connections, cookies (in Node) and these settings. Zeroed fields take the default; everything is
 * copied. */
typedef struct {
    const char *base_url;      /* what paths are relative to, as a link in a page is: "https://host/api/" */
    const wio_header *headers; /* sent with every request; ends with an entry whose name is NULL */
    unsigned limit;          /* requests at a time; default 100. A request counts until its answer is read or closed */
    unsigned limit_per_host; /* the same for each scheme, host and port; default none */
    wio_timeouts timeouts;
    wio_retries retries;
    wio_redirects redirects;
    unsigned max_redirects; /* default 10; browsers have 20 of their own */
    wio_credentials credentials;
    bool no_cookies;       /* keep none (Node) */
    bool raise_for_status; /* statuses from 400 are errors: see wio_response_raise_for_status() */
} wio_session_options;

/* A session (aiohttp.ClientSession). Fields are private; zero-init is a session that is not open. */
typedef struct {
    void *inside;
} wio_session;

/* How far a request is, for whoever looks at it while it runs: give a pointer to one in the options. It must live until
 * the response is closed. */
typedef struct {
    uint64_t sent, received; /* bytes of the bodies; received as they come to C, decompressed */
    int64_t send_size;       /* of the whole body, -1 if nobody knows */
    int64_t receive_size;    /* what Content-Length says, -1 if nothing */
} wio_progress;

/* A part of a multipart/form-data body: a field, or a file if it has a filename. aiohttp.FormData.add_field(). */
typedef struct {
    const char *name;
    const char *filename;     /* may be NULL */
    const char *content_type; /* may be NULL */
    const void *data;
    size_t size; /* 0 with data: it is a NUL-terminated string */
} wio_part;

/* Produces a body in pieces: writes at most `size` bytes into `buffer`; returns how many, 0 at the end, or a negative
 * error, with which the request fails. Runs in the requesting task and may wait. */
typedef long wio_produce(void *arg, void *buffer, size_t size);

/* One request. Zeroed fields take the default: the session's. One kind of body at most. */
typedef struct {
    const char *method;        /* default "GET", or "POST" with a body; sent in capitals */
    const wio_header *headers; /* replace the session's of the same name; a NULL value removes one */
    const wio_header *query;   /* name and value, encoded and added to the URL. params= */
    const void *body;          /* bytes to send. data= */
    size_t body_size;          /* 0 with a body: it is a NUL-terminated string; with `produce`: exactly so many come */
    const wio_json *json;      /* sent as application/json. json= */
    const wio_header *form;    /* name and value, sent as application/x-www-form-urlencoded. data={…} */
    const wio_part *parts;     /* sent as multipart/form-data; ends with an entry whose name is NULL */
    wio_produce *produce; /* the body as it is made: the server holds a slow one back. Browsers send no streams over
                                  HTTP/1.1, so there (and with an injected fetch) it is collected first */
    void *produce_arg;
    wio_timeouts timeouts;
    const wio_retries *retries;     /* NULL: the session's */
    const wio_redirects *redirects; /* NULL: the session's */
    wio_credentials credentials;
    const bool *raise_for_status; /* NULL: the session's */
    wio_progress *progress;       /* may be NULL */
} wio_request_options;

/* Opens a session; close it with wio_session_close(). `options` may be NULL. Returns 0. Does not wait.
 * aiohttp.ClientSession().
 * -EINVAL NULL, already open, a base URL that does not begin with http:// or https://, a bad header or time; -ENOMEM. */
int wio_session_open(wio_session *session, const wio_session_options *options);

/* Closes it: requests under way and answers not read to their end fail with -ECONNABORTED (such answers are still to be
 * closed), their connections are closed. NULL and a session that is not open are fine. Does not wait.
 * `await session.close()`. */
void wio_session_close(wio_session *session);

/* Sends a request and waits for status and headers, in line for a connection, and once more for each repetition. The
 * body follows with the functions of wio_response. `url` is absolute, or relative to the session's base URL. On success
 * *response is yours to close, on failure it is NULL. `options` may be NULL. A cancel aborts the request. Waits.
 * session.request(method, url).
 * The errors of wio_fetch(), and: -EPROTO TLS failed; -EBADMSG the answer is not HTTP; -ELOOP too many redirects, or one
 * where none is allowed; -EMSGSIZE the answer's headers are too large; -ETIMEDOUT one of its limits; -EREMOTEIO a
 * status from 400 with raise_for_status; -ECONNABORTED the session was closed meanwhile; -EPERM the session is not open;
 * -EIO in browsers, which do not tell why a connection failed, but -EHOSTUNREACH when the browser is offline; what
 * `produce` returned. */
int wio_session_request(wio_session *session, const char *url, const wio_request_options *options,
                        wio_response **response);

/* The same without options. Waits. session.get(url). */
int wio_session_get(wio_session *session, const char *url, wio_response **response);

/* GET, raise for status and read, all in one: the text as of wio_response_text(), yours to free. Returns its length. A body
 * that breaks off is fetched again as well, as the session's retries say. Waits. `await (await session.get(url)).text()`.
 * The errors of wio_session_request() and wio_response_text(), with *text NULL. */
int wio_session_get_text(wio_session *session, const char *url, char **text);

/* The same for JSON, parsed: *json is yours to free. Returns 0. Waits. `await (await session.get(url)).json()`.
 * The errors of wio_session_request() and wio_response_json(), with *json NULL. */
int wio_session_get_json(wio_session *session, const char *url, wio_json **json);

/* ---------------------------------------------------------------------------------------------- Responses --- */

/* 0 if the status is below 400, otherwise -EREMOTEIO, with status and URL in the message. Does not wait.
 * response.raise_for_status(). */
int wio_response_raise_for_status(const wio_response *response);

/* The headers in turn, names in lower case: false past the last, with *header untouched. Several of one name come as one,
 * joined by ", "; only each Set-Cookie is an entry of its own (browsers hide those). Valid until close. Does not wait.
 * response.headers.items(). */
bool wio_response_header_at(const wio_response *response, size_t index, wio_header *header);

/* Reads the rest of the body into one block that the caller frees; behind it stands a NUL that is not counted. Returns its
 * size. Waits. `await response.read()`.
 * -ENOMEM; otherwise the errors of wio_response_read(), with *data NULL. */
long wio_response_bytes(wio_response *response, void **data);

/* Writes the rest of the body to a file, in pieces; returns its size. If it fails, there is no file. Waits.
 * Errors of wio_response_read(), and what libc says of the file, such as -EACCES (no such directory was granted), -ENOENT or
 * -ENOSPC. */
long wio_response_save(wio_response *response, const char *path);

/* Reads up to and with the next newline, or the rest: *line is NUL-terminated, belongs to the response and is valid
 * until its next call. Returns the length, 0 at the end. Waits. `async for line in response.content`.
 * -EMSGSIZE no newline within 1 MiB; otherwise the errors of wio_response_read(). */
long wio_response_line(wio_response *response, const char **line);

/* Reads the rest of the body and parses it: *json is yours to free. Waits. `await response.json()`.
 * The errors of wio_response_bytes() and wio_json_parse(), with *json NULL. */
int wio_response_json(wio_response *response, wio_json **json);

/* ----------------------------------------------------------------------------------- Server-sent events --- */

/* One event. The strings are valid until the next call. */
typedef struct {
    const char *type; /* "message" unless the server names another */
    const char *data; /* lines joined by newlines */
    const char *id;   /* the last one that the server has set, or "" */
} wio_sse_event;

/* A stream of events (EventSource). Fields are private. */
typedef struct {
    void *inside;
} wio_sse;

/* Opens a stream of server-sent events at `url` (text/event-stream). The session must stay open until the stream is
 * closed. Its total timeout does not apply. Returns 0. Waits. new EventSource(url).
 * The errors of wio_session_request(); -EREMOTEIO another status than 200; -EBADMSG another content type. */
int wio_sse_open(wio_sse *events, wio_session *session, const char *url);

/* Waits for the next event: 1, or 0 when the server wants no reconnection (status 204). When the connection is lost, it is
 * made again after the server's `retry` time (3 s at first), with the id of the last event. Waits.
 * The errors of wio_sse_open() from a reconnection that the server refused; -EINVAL not open. */
int wio_sse_next(wio_sse *events, wio_sse_event *event);

/* Closes it. NULL and one that is not open are fine. Does not wait. source.close(). */
void wio_sse_close(wio_sse *events);

#ifndef WIO__INSIDE
#define wio_session_open(...) (WIO__HERE, wio_session_open(__VA_ARGS__))
#define wio_session_request(...) (WIO__HERE, wio_session_request(__VA_ARGS__))
#define wio_session_get(...) (WIO__HERE, wio_session_get(__VA_ARGS__))
#define wio_session_get_text(...) (WIO__HERE, wio_session_get_text(__VA_ARGS__))
#define wio_session_get_json(...) (WIO__HERE, wio_session_get_json(__VA_ARGS__))
#define wio_response_raise_for_status(...) (WIO__HERE, wio_response_raise_for_status(__VA_ARGS__))
#define wio_response_bytes(...) (WIO__HERE, wio_response_bytes(__VA_ARGS__))
#define wio_response_save(...) (WIO__HERE, wio_response_save(__VA_ARGS__))
#define wio_response_line(...) (WIO__HERE, wio_response_line(__VA_ARGS__))
#define wio_response_json(...) (WIO__HERE, wio_response_json(__VA_ARGS__))
#define wio_sse_open(...) (WIO__HERE, wio_sse_open(__VA_ARGS__))
#define wio_sse_next(...) (WIO__HERE, wio_sse_next(__VA_ARGS__))
#endif

#ifdef __cplusplus
}
#endif

#endif
