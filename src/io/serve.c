/* Answering HTTP requests: the exchange is in the host, under a number; bodies are streams. */
#include "serve.h"

#include <strings.h>

WIO__OP_NEEDS(serve)

struct wio_request {
    uint32_t id;
    char *strings;
    const char *url, *path, *headers, *query;
    wio_stream *body, *answer;
    bool answered;
};

static const char *after(const char *string) { return string + strlen(string) + 1; }

/* The value behind a name; names and values end with an empty name. `end`: where that is. */
static const char *value_of(const char *pairs, const char *name, bool any_case) {
    for (; name && *pairs; pairs = after(after(pairs)))
        if ((any_case ? strcasecmp(pairs, name) : strcmp(pairs, name)) == 0) return after(pairs);
    return NULL;
}

static const char *end_of(const char *pairs) {
    while (*pairs) pairs = after(after(pairs));
    return pairs + 1;
}

const char *wio_request_method(const wio_request *request) { return request ? request->strings : NULL; }
const char *wio_request_url(const wio_request *request) { return request ? request->url : NULL; }
const char *wio_request_path(const wio_request *request) { return request ? request->path : NULL; }
const char *wio_request_header(const wio_request *request, const char *name) {
    return request ? value_of(request->headers, name, true) : NULL;
}
const char *wio_request_query(const wio_request *request, const char *name) {
    return request ? value_of(request->query, name, false) : NULL;
}

/* A stream that its operation opens at once; NULL, noted, without memory or for the error in `*error`. */
static wio_stream *open_stream(int ways, int kind, void *request, const int32_t *error) {
    wio__stream *stream = wio__stream_new(ways, 0);
    if (!stream || wio__op_begin(&stream->op) < 0) {
        free(stream);
        wio__fails(-ENOMEM);
        return NULL;
    }
    wio__host_op_start(stream->op.id, kind, request);
    if (!error || !*error) return wio__stream_handle(stream);
    wio__op_end(&stream->op, true);
    wio__stream_free(stream);
    wio__fails(*error);
    return NULL;
}

wio_stream *wio_request_body(wio_request *request) {
    if (!request) {
        wio__misuse_null("wio_request_body", "the request");
        return NULL;
    }
    if (!request->body)
        request->body = open_stream(WIO__READS, WIO__OP_SERVE_BODY, &(stream_request){request->id}, NULL);
    return request->body;
}

static int refuse_header(const char *function, const char *name) {
    char words[200];
    snprintf(words, sizeof words,
             "the header '%.80s' cannot be sent: its name or value has characters that must not be there", name);
    return wio__misuse(-EINVAL, function, words);
}

static int respond(wio_request *request, respond_request *with, wio_stream **body, const char *function) {
    if (!request) return wio__misuse_null(function, "the request");
    if (request->answered) return wio__misuse(-EALREADY, function, "this request is answered already");
    if (with->status < 200 || with->status > 599)
        return wio__misuse(-EINVAL, function, "the status is not in 200..599");
    with->exchange = request->id;
    bool empty = with->status == 204 || with->status == 205 || with->status == 304;
    if (empty && (body || with->size)) return wio__misuse(-ENOTSUP, function, "an answer of this status has no body");
    if (body) *body = request->answer = open_stream(WIO__WRITES, WIO__OP_SERVE_RESPOND, with, &with->error);
    else wio__host_op_start(0, WIO__OP_SERVE_RESPOND, with);
    if (with->error == -EINVAL) return refuse_header(function, with->headers[with->wrong].name);
    if (with->error) return wio__fails(with->error);
    if (body && !*body) return -ENOMEM;
    request->answered = true;
    return 0;
}

int wio_respond(wio_request *request, int status, const wio_header *headers, const void *body, size_t size) {
    if (body && size == 0) size = strlen(body);
    respond_request with = {.status = status, .headers = headers, .body = body, .size = size};
    return respond(request, &with, NULL, "wio_respond");
}

int wio_respond_stream(wio_request *request, int status, const wio_header *headers, wio_stream **body) {
    if (!body) return wio__misuse_null("wio_respond_stream", "body");
    *body = NULL;
    respond_request with = {.status = status, .headers = headers};
    return respond(request, &with, body, "wio_respond_stream");
}

/* ---------------------------------------------------------------------------------------------- One exchange --- */

static const wio__wait request_wait = {.kind = "request", .abort = wio__op_abort, .undo = wio__op_undo};

static int receive(wio_request *request) {
    wio__op op = {0};
    int status = wio__op_begin(&op);
    if (status < 0) return wio__fails(status);
    wio__host_op_start(op.id, WIO__OP_SERVE_REQUEST, &(stream_request){request->id});
    status = wio__op_wait(wio__the.current, &op, &request_wait);
    if (op.id && status < 0) wio__op_failed(&op);
    else request->strings = op.data;
    wio__op_end(&op, false);
    if (status < 0) return status;
    if (!request->strings) return wio__fails(-ENOMEM);
    request->url = after(request->strings);
    request->path = after(request->url);
    request->headers = after(request->path);
    request->query = end_of(request->headers);
    return 0;
}

static void report(const wio_request *request, int status) {
    const wio_error error = wio__note_error(&wio__the.current->note, status, "");
    char line[640];
    int size = snprintf(line, sizeof line, "wasyncio: %s %s failed: %s: %s%s%s\n", request->strings, request->path,
                        error.name, error.message, error.where[0] ? " at " : "", error.where);
    if (size >= (int)sizeof line) line[size = (int)sizeof line - 1] = '\n', size++;
    wio__host_log(line, (size_t)(size > (int)sizeof line ? (int)sizeof line : size));
}

int wio__serve(unsigned id, int (*handler)(wio_request *)) {
    wio_request request = {.id = id};
    int status = receive(&request);
    if (status < 0) return status;
    status = handler(&request);
    if (status >= 0 && !request.answered) status = wio_fail(-EPROTO, "the handler has returned without an answer");
    if (status < 0 && status != -ECANCELED) report(&request, status);
    if (wio__stream_find(request.body, NULL)) wio_stream_close(request.body);
    wio__stream *answer = wio__stream_find(request.answer, NULL);
    if (answer && status < 0) wio__op_end(&answer->op, true); /* broken off */
    if (answer) wio_stream_close(request.answer);
    free(request.strings);
    return status < 0 ? status : 0;
}
