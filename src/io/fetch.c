/* HTTP by the host. The request's op stays open while the response is: its id is what a read, a cancel and a close refer
 * to. */
#include "fetch.h"

#include <strings.h>

WIO__OP_NEEDS(fetch)

static const wio__wait fetch_wait = {
    .kind = "fetch", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};
static const wio__wait read_wait = {
    .kind = "response body", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};

wio_response *wio__response_new(const char *url) {
    size_t size = strlen(url) + 1;
    wio_response *response = calloc(1, sizeof *response + size); /* with the URL, for reports */
    if (response) response->op.name = memcpy(response + 1, url, size);
    return response;
}

/* No more bytes will come: reads say `end`, and a session's limits count it no longer. */
static void over(wio_response *response, int end) {
    if (response->ended) return;
    response->ended = true;
    response->end = end;
    if (response->exchange) wio__exchange_over(response);
}

int wio__fetch_queue(wio_response *response) { return wio__op_queue(&response->op, fetch_wait.kind); }

int wio__fetch_start(wio_response *response, const fetch_request *request) {
    int status = wio__op_begin(&response->op);
    if (status < 0) return status;
    wio__op_tell(&response->op, fetch_wait.kind);
    wio__host_op_start(response->op.id, WIO__OP_FETCH, request);
    return 0;
}

int wio__fetch_wait(wio__task *self, wio_response *response) {
    int status = wio__op_wait(self, &response->op, &fetch_wait);
    response->strings = response->op.data;
    if (status < 0 && status == response->op.status) {
        response->strings = NULL;
        wio__op_failed(&response->op);
    }
    if (status >= 0 && !response->strings) status = -ENOMEM;
    if (status >= 0) response->status = status;
    return status < 0 ? status : 0;
}

int wio_fetch(const char *url, const wio_fetch_options *options, wio_response **out) {
    wio__task *self = wio__self("wio_fetch");
    if (out) *out = NULL;
    if (!self) return -EPERM;
    if (!url || !out) return wio__misuse_null("wio_fetch", url ? "response" : "url");
    wio_fetch_options none = {0};
    if (!options) options = &none;
    if (self->attention && wio__reason(self)) return wio_yield(); /* cancelled: nothing is sent */
    fetch_request request = {.url = url,
                             .method = options->method,
                             .headers = options->headers,
                             .body = options->body,
                             .body_size = options->body_size,
                             .redirects = FETCH_REDIRECTS};
    if (!request.method) request.method = options->body ? "POST" : "GET";
    while (request.headers && request.headers[request.header_count].name) request.header_count++;
    if (request.body && request.body_size == 0) request.body_size = strlen(request.body);
    int status = wio__request_check("wio_fetch", &request);
    if (status < 0) return status;
    wio_response *response = wio__response_new(url);
    if (!response) return -ENOMEM;
    status = wio__fetch_start(response, &request);
    if (status == 0) status = wio__fetch_wait(self, response);
    if (status < 0) {
        wio_response_close(response);
        return status;
    }
    *out = response;
    WIO__MADE("response", response);
    return 0;
}

int wio_response_status(const wio_response *response) { return response ? response->status : -EINVAL; }

const char *wio_response_url(const wio_response *response) { return response ? response->strings : NULL; }

const char *wio_response_header(const wio_response *response, const char *name) {
    if (!response || !name) return NULL;
    const char *at = response->strings + strlen(response->strings) + 1;
    while (*at) {
        const char *value = at + strlen(at) + 1;
        if (strcasecmp(at, name) == 0) return value;
        at = value + strlen(value) + 1;
    }
    return NULL;
}

static void release(wio_response *response) {
    free(response->strings);
    free(response->ahead);
    free(response);
}

/* What stands behind the lines that were given out. */
static long read_ahead(wio_response *response, void *buffer, size_t size) {
    size_t left = response->ahead_size - response->ahead_at;
    if (size > left) size = left;
    memcpy(buffer, response->ahead + response->ahead_at, size);
    response->ahead_at += size;
    return (long)size;
}

long wio__response_read(wio__task *self, wio_response *response, void *buffer, size_t size) {
    wio__response_unline(response);
    if (response->ahead_at < response->ahead_size) return read_ahead(response, buffer, size);
    if (response->ended) return response->end;
    wio__op *op = &response->read;
    *op = (wio__op){.name = response->op.name, .of = response->op.id, .into = buffer, .room = size};
    int status = wio__op_begin(op);
    if (status < 0) return status;
    wio__host_op_start(op->id, WIO__OP_READ, &(read_request){response->op.id, size});
    status = wio__op_wait(self, op, &read_wait);
    if (response->closed) {
        wio__note_set(status = -ECONNABORTED, NULL, 0);
        release(response);
        return status;
    }
    if (response->ended) { /* aborted meanwhile */
        if (status == response->end) wio__note_set(status, NULL, 0);
        return status;
    }
    if (status < 0 && status == op->status) wio__op_failed(op);
    wio__op_end(op, false);
    if (status <= 0) over(response, status); /* a body broken off must not look complete to the next read */
    return status;
}

long wio_response_read(wio_response *response, void *buffer, size_t size) {
    wio__task *self = wio__self("wio_response_read");
    if (!self) return -EPERM;
    if (!response || !buffer) return wio__misuse_null("wio_response_read", response ? "buffer" : "response");
    if (size == 0) return wio__misuse(-EINVAL, "wio_response_read", "the buffer has no room (size 0)");
    if (response->read.id) return wio__misuse(-EINVAL, "wio_response_read", "another task is reading this response");
    if (self->attention && !response->ended && wio__reason(self)) return wio_yield();
    return response->exchange ? wio__exchange_read(self, response, buffer, size)
                              : wio__response_read(self, response, buffer, size);
}

void wio__response_abort(wio_response *response, int code) {
    wio__task *waiter = response->op.task ? response->op.task : response->read.task;
    wio__op_end(&response->read, true);
    wio__op_end(&response->op, true);
    over(response, code);
    response->ahead_at = response->ahead_size;
    if (waiter) wio__wake(waiter, code);
}

void wio_response_close(wio_response *response) {
    if (!response || response->closed) return;
    WIO__GONE(response);
    wio__task *reader = response->read.task;
    wio__op_end(&response->read, true);
    wio__op_end(&response->op, true);
    over(response, -ECONNABORTED);
    if (!reader) {
        release(response);
        return;
    }
    response->closed = true; /* another task reads: its wait fails, and it frees the response */
    wio__wake(reader, -ECONNABORTED);
}
