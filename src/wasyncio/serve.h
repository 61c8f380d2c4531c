/* Part of <wasyncio.h>: answering HTTP requests. */
#ifndef WASYNCIO_SERVE_H
#define WASYNCIO_SERVE_H

#ifdef __cplusplus
extern "C" {
#endif

/* -------------------------------------------------------------------------------------------------- Serving --- */

/* A request that is to be answered (aiohttp.web.Request); see WIO_SERVE(). It and all that it points to are valid until the
 * handler returns. */
typedef struct wio_request wio_request;

/* "GET"; the whole URL, as the client sees it; its path, as it was sent. request.method, url, rel_url.raw_path. */
const char *wio_request_method(const wio_request *request);
const char *wio_request_url(const wio_request *request);
const char *wio_request_path(const wio_request *request);

/* A header by name, any case; several of one name come joined by ", ". NULL if absent. request.headers.get(name). */
const char *wio_request_header(const wio_request *request, const char *name);

/* A parameter of the URL's query, decoded; the first of its name. NULL if absent. request.query.get(name). */
const char *wio_request_query(const wio_request *request, const char *name);

/* The body, as a stream to read; it comes from the client on demand. The same each time; NULL without memory. It belongs to the
 * request: no need to give it back. Does not wait. request.content. */
wio_stream *wio_request_body(wio_request *request);

/* Answers with status, headers (may be NULL; the last has a NULL name) and a body, which is copied; size 0 with a body: it is a
 * NUL-terminated string. Without a content-type it is text/plain in UTF-8. Returns 0. Does not wait. web.Response().
 * -EALREADY it is answered already; -EINVAL NULL, the status is not in 200..599, or a header cannot be (a line break in it, a
 * name with spaces): nothing is sent then; -ENOTSUP a body with a status that has none (204, 205, 304). */
int wio_respond(wio_request *request, int status, const wio_header *headers, const void *body, size_t size);

/* The same with a body that is still to come: *body is a stream to write, which belongs to the request. It ends when the handler
 * returns 0 or when it is given back; if the handler fails, it is broken off, so that the client can tell. A client that is slow
 * fills it: wio_stream_drain(). Does not wait. web.StreamResponse(). Errors as wio_respond(); -ENOMEM. */
int wio_respond_stream(wio_request *request, int status, const wio_header *headers, wio_stream **body);

/* Private: the body of what WIO_SERVE() exports. */
int wio__serve(unsigned id, int (*handler)(wio_request *request));

#ifdef __cplusplus
}
#endif

/* ---------------------------------------------------------------------------------------------------- Macros --- */

/* WIO_SERVE(request) { return wio_respond(request, 200, NULL, "hello", 0); } : the program answers HTTP requests. Each is a task
 * of its own, which is cancelled when its client goes away. Run it with `wasyncio serve app.c`, or give
 * `export default app.exports` to what calls fetch(request), such as Deno and Bun; in Cloudflare Workers each request loads
 * its own module. Returns 0; if it fails, that is reported on stderr, and the client gets a 500 (or a broken body, if the answer
 * has begun), as it does if nothing was answered. After a crash fetch(request) is rejected, for the requests under way and all
 * later ones: load the module again; load()'s option `over` is told at once, also of a
 * crash in a task that no request waits for; `wasyncio serve` ends with code 70, or with that of exit().
 * At file level, once in a program. `web.Application()`, `app.add_routes([web.get("/", handler)])`. */
#define WIO_SERVE(request)                                                                                             \
    static int wio__handler(wio_request *request);                                                                     \
    WIO__DECLARE(export, int, fetch, (unsigned id))                                                                    \
    WIO__CALLABLE(fetch)                                                                                               \
    WIO__EXTERN_C WIO__EXPORTED(fetch)                                                                                 \
    int wio__fetch(unsigned id);                                                                                       \
    WIO__EXTERN_C int wio__fetch(unsigned id) { return wio__serve(id, wio__handler); }                                 \
    static int wio__handler(wio_request *request)

#endif
