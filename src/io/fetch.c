/* HTTP by the host's fetch. The request's op stays open while the response is: its id is what a read, a cancel and a
 * close refer to. */
#include "fetch.h"
#include "op.h"

#include <strings.h>

WIO__OP_NEEDS(fetch)

struct wio_response {
    wio__op op;
    wio__op read;
    int status;
    bool ended, closed;
    int end;
    char *strings; /* url, then name and value of each header, then an empty name */
};

static const wio__wait fetch_wait = {
    .kind = "fetch", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};
static const wio__wait read_wait = {
    .kind = "response body", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};

static int send(wio__task *self, wio_response *response, const fetch_request *request) {
    int status = wio__op_begin(&response->op);
    if (status < 0) return status;
    wio__host_op_start(response->op.id, WIO__OP_FETCH, request);
    status = wio__op_wait(self, &response->op, &fetch_wait);
    response->strings = response->op.data;
    if (status < 0 && status == response->op.status) {
        response->strings = NULL;
        wio__op_failed(&response->op);
    }
    if (status >= 0 && !response->strings) status = -ENOMEM;
    return status;
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
                             .body_size = options->body_size};
    if (!request.method) request.method = options->body ? "POST" : "GET";
    while (request.headers && request.headers[request.header_count].name) request.header_count++;
    if (request.body && request.body_size == 0) request.body_size = strlen(request.body);
    size_t size = strlen(url) + 1;
    wio_response *response = calloc(1, sizeof *response + size); /* with the URL, for reports */
    if (!response) return -ENOMEM;
    response->op.name = memcpy(response + 1, url, size);
    int status = send(self, response, &request);
    if (status < 0) {
        wio_response_close(response);
        return status;
    }
    response->status = status;
    *out = response;
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
    free(response);
}

long wio_response_read(wio_response *response, void *buffer, size_t size) {
    wio__task *self = wio__self("wio_response_read");
    if (!self) return -EPERM;
    if (!response || !buffer) return wio__misuse_null("wio_response_read", response ? "buffer" : "response");
    if (size == 0) return wio__misuse(-EINVAL, "wio_response_read", "the buffer has no room (size 0)");
    if (response->read.id) return wio__misuse(-EINVAL, "wio_response_read", "another task is reading this response");
    if (response->ended) return response->end;
    if (self->attention && wio__reason(self)) return wio_yield();
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
    if (status < 0 && status == op->status) wio__op_failed(op);
    wio__op_end(op, false);
    response->ended = status <= 0;
    response->end = status < 0 ? status : 0; /* a body broken off must not look complete to the next read */
    return status;
}

int wio_response_text(wio_response *response, char **text) {
    if (!text) return wio__misuse_null("wio_response_text", "text");
    *text = NULL;
    size_t size = 0, room = 4096;
    char *all = malloc(room);
    long n = all ? 1 : -ENOMEM;
    while (n > 0) {
        if (room - size < 1024) {
            char *more = realloc(all, room * 2);
            if (!more) {
                n = -ENOMEM;
                break;
            }
            all = more;
            room *= 2;
        }
        n = wio_response_read(response, all + size, room - size - 1);
        if (n > 0) size += (size_t)n;
    }
    if (n < 0) {
        free(all);
        return (int)n;
    }
    all[size] = '\0';
    *text = all;
    return (int)size;
}

void wio_response_close(wio_response *response) {
    if (!response || response->closed) return;
    wio__task *reader = response->read.task;
    wio__op_end(&response->read, true);
    wio__op_end(&response->op, true);
    if (!reader) {
        release(response);
        return;
    }
    response->closed = true; /* another task reads: its wait fails, and it frees the response */
    wio__wake(reader, -ECONNABORTED);
}
