/* WebSocket messages. What has come waits in the host; one message is here. */
#include "websocket.h"
#include "../core/ids.h"

WIO__OP_NEEDS(websocket)

typedef struct {
    wio__op op; /* its id names the connection in the host */
    wio__op receive;
    uint32_t id;      /* of the handle; 0: given back */
    unsigned waiting; /* calls that wait in it: the last to leave frees it */
    char *protocol;
    char *buffer; /* of the message that was handed out, and of the next */
    size_t room;
    int kept; /* a message that came for a receive which was cancelled: its kind */
    size_t kept_size;
    bool ended;
    int end; /* what a receive returns then */
    int code;
    char *reason; /* and the error's words, two strings */
} connection;

static wio__ids ids;

static connection *find(const wio_websocket *handle, const char *function) {
    connection *found = handle ? wio__ids_find(&ids, (uint32_t)(uintptr_t)handle) : NULL;
    if (found || !function) return found;
    if (handle) wio__misuse(-EINVAL, function, "this WebSocket was given back already, or never was one");
    else wio__misuse_null(function, "the WebSocket");
    return NULL;
}

static void release(connection *self) {
    if (self->id || self->waiting) return;
    free(self->protocol);
    free(self->buffer);
    free(self->reason);
    free(self);
}

/* True: it was given back meanwhile. */
static bool leave(connection *self) {
    self->waiting--;
    bool gone = !self->id;
    release(self);
    return gone;
}

/* ------------------------------------------------------------------------------------------------- Connecting --- */

static const wio__wait connect_wait = {
    .kind = "WebSocket", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};

static int open(wio__task *task, connection *self, const websocket_request *request) {
    wio__op *op = &self->op;
    op->name = request->url;
    int status = wio__op_begin(op);
    if (status < 0) return wio__fails(status);
    wio__host_op_start(op->id, WIO__OP_WEBSOCKET, request);
    status = wio__op_wait(task, op, &connect_wait);
    op->name = NULL;
    if (op->id && status < 0) wio__op_failed(op);
    else if (status >= 0) self->protocol = op->data;
    if (status >= 0 && !(self->id = wio__ids_take(&ids, self))) status = wio__fails(-ENOMEM);
    if (status < 0) wio__op_end(op, true); /* without memory for the answer it is open all the same */
    return status;
}

int wio_websocket_connect(const char *url, const wio_websocket_options *options, wio_websocket **out) {
    wio__task *task = wio__self("wio_websocket_connect");
    if (out) *out = NULL;
    if (!task) return -EPERM;
    if (!url || !out) return wio__misuse_null("wio_websocket_connect", url ? "websocket" : "url");
    const wio_websocket_options none = {0};
    if (!options) options = &none;
    if (task->attention && wio__reason(task)) return wio_yield(); /* cancelled: nobody is bothered */
    connection *self = calloc(1, sizeof *self);
    if (!self) return wio__fails(-ENOMEM);
    websocket_request request = {.url = url,
                                 .subprotocols = options->subprotocols,
                                 .headers = options->headers,
                                 .max_message = options->max_message ? options->max_message : 1 << 20,
                                 .max_queue = options->max_queue ? options->max_queue : 16 << 20};
    int status = open(task, self, &request);
    if (status < 0) release(self);
    else *out = (wio_websocket *)(uintptr_t)self->id;
    if (status >= 0) WIO__MADE("WebSocket", self);
    return status < 0 ? status : 0;
}

const char *wio_websocket_subprotocol(const wio_websocket *handle) {
    const connection *self = find(handle, NULL);
    return self && self->protocol ? self->protocol : "";
}

/* ---------------------------------------------------------------------------------------------------- Sending --- */

static const wio__wait send_wait = {.kind = "WebSocket to send", .abort = wio__op_abort, .undo = wio__op_undo};

static int send(wio_websocket *handle, const void *data, size_t size, bool text, const char *function) {
    wio__task *task = wio__self(function);
    if (!task) return -EPERM;
    connection *self = find(handle, function);
    if (!self) return -EINVAL;
    if (!data && (size || text)) return wio__misuse_null(function, text ? "text" : "data");
    websocket_send_request request = {.websocket = self->op.id, .data = data, .size = size, .text = text};
    wio__host_op_start(0, WIO__OP_WEBSOCKET_SEND, &request);
    if (request.error == -EINVAL) return wio__misuse(-EINVAL, function, "the text is no UTF-8");
    if (request.error) return wio__fails(request.error);
    if (!request.full) return 0;
    wio__op op = {0};
    self->waiting++;
    int status = wio__op_run(task, &op, WIO__OP_STREAM_DRAIN, &(stream_request){self->op.id}, &send_wait);
    leave(self);
    return status;
}

int wio_websocket_send_text(wio_websocket *websocket, const char *text) {
    return send(websocket, text, text ? strlen(text) : 0, true, "wio_websocket_send_text");
}

int wio_websocket_send(wio_websocket *websocket, const void *data, size_t size) {
    return send(websocket, data, size, false, "wio_websocket_send");
}

/* -------------------------------------------------------------------------------------------------- Receiving --- */

/* The connection has ended: code, reason and words stay. */
static int ended(connection *self, int status) {
    wio__op *op = &self->receive;
    self->ended = true;
    self->end = status;
    if (op->size >= 4) {
        char *bytes = op->data;
        self->code = (unsigned char)bytes[0] | (unsigned char)bytes[1] << 8;
        self->reason = malloc(op->size - 2);
        if (self->reason) memcpy(self->reason, bytes + 2, op->size - 2);
    }
    return 0;
}

static int end_again(const connection *self) {
    if (self->end == 0) return 0;
    const char *words = self->reason ? self->reason + strlen(self->reason) + 1 : NULL;
    wio__note_set(self->end, words, words ? strlen(words) : 0);
    return self->end;
}

/* The host has answered: a message's kind, which is kept for whoever asks first; 0: the connection has ended. */
static int landed(connection *self) {
    wio__op *op = &self->receive;
    int status = op->status;
    bool fits = op->data == op->into;
    if (status <= 0) {
        if (status < 0 && op->size < 4) wio__op_failed(op);
        ended(self, status);
    } else if (op->data || op->size == 0) {
        self->kept = status;
        self->kept_size = op->size;
    }
    if (!fits && status > 0 &&
        op->data) { /* longer than any before: its block becomes the buffer, with room for a NUL */
        char *larger = realloc(op->data, op->size + 1);
        if (!larger) free(op->data);
        free(self->buffer);
        self->buffer = larger;
        self->room = larger ? op->size : 0;
        if (!larger) status = self->end = -ENOMEM, self->ended = true, self->kept = 0; /* the message is lost */
    } else if (!fits) {
        free(op->data);
    }
    op->data = NULL;
    wio__op_end(op, false);
    return status;
}

static bool receive_undo(void *task) {
    wio__op *op = ((wio__task *)task)->object;
    if (op->id) landed((connection *)(void *)((char *)op - offsetof(connection, receive)));
    return true;
}

static const wio__wait receive_wait = {.kind = "message", .abort = wio__op_abort, .undo = receive_undo};

static int receive(wio__task *task, connection *self) {
    wio__op *op = &self->receive;
    *op = (wio__op){.of = self->op.id, .into = self->buffer, .room = self->room};
    int status = wio__op_begin(op);
    if (status < 0) return wio__fails(status);
    self->waiting++;
    wio__host_op_start(op->id, WIO__OP_WEBSOCKET_RECEIVE, &(websocket_receive_request){self->op.id});
    status = wio__op_wait(task, op, &receive_wait);
    if (leave(self)) return wio__fails(-ECONNABORTED);
    if (!op->id) return status;
    landed(self);
    return self->ended ? end_again(self) : self->kept;
}

int wio_websocket_receive(wio_websocket *handle, wio_message *message) {
    wio__task *task = wio__self("wio_websocket_receive");
    if (message) *message = (wio_message){0};
    if (!task) return -EPERM;
    connection *self = find(handle, "wio_websocket_receive");
    if (!self) return -EINVAL;
    if (!message) return wio__misuse_null("wio_websocket_receive", "the message");
    if (self->receive.id) return wio__misuse(-EBUSY, "wio_websocket_receive", "another task is receiving");
    int status = self->kept;
    if (!status) status = self->ended ? end_again(self) : receive(task, self);
    if (status <= 0) return status;
    *message = (wio_message){.data = "", .size = self->kept_size, .text = status == WIO__TEXT};
    if (message->size) {
        self->buffer[message->size] = '\0';
        message->data = self->buffer;
    }
    self->kept = 0;
    return 1;
}

static const wio__wait ping_wait = {.kind = "pong", .abort = wio__op_abort, .undo = wio__op_undo};

int wio_websocket_ping(wio_websocket *handle) {
    wio__task *task = wio__self("wio_websocket_ping");
    if (!task) return -EPERM;
    connection *self = find(handle, "wio_websocket_ping");
    if (!self) return -EINVAL;
    wio__op op = {0};
    self->waiting++;
    int status = wio__op_run(task, &op, WIO__OP_WEBSOCKET_PING, &(websocket_receive_request){self->op.id}, &ping_wait);
    return leave(self) && status == 0 ? wio__fails(-ECONNABORTED) : status;
}

/* ----------------------------------------------------------------------------------------------------- Closing --- */

int wio_websocket_close_code(const wio_websocket *handle) {
    const connection *self = find(handle, NULL);
    return self ? self->code : 0;
}

const char *wio_websocket_close_reason(const wio_websocket *handle) {
    const connection *self = find(handle, NULL);
    return self && self->reason ? self->reason : "";
}

/* The handle is stale from here on; a task that receives learns it. */
static void give_back(connection *self) {
    WIO__GONE(self);
    wio__ids_give(&ids, self->id);
    self->id = 0;
    wio__task *receiver = self->receive.task;
    wio__op_end(&self->receive, true);
    if (receiver) wio__wake(receiver, -ECONNABORTED);
}

void wio_websocket_close(wio_websocket *handle) {
    if (!handle) return;
    connection *self = find(handle, "wio_websocket_close");
    if (!self) return;
    give_back(self);
    wio__host_op_start(0, WIO__OP_WEBSOCKET_CLOSE, &(websocket_close_request){self->op.id, 1000, NULL});
    wio__op_end(&self->op, false);
    release(self);
}

static const wio__wait close_wait = {.kind = "WebSocket to close", .abort = wio__op_abort, .undo = wio__op_undo};

enum { LONGEST_REASON = 123 };

int wio_websocket_close_with(wio_websocket *handle, int code, const char *reason) {
    wio__task *task = wio__self("wio_websocket_close_with");
    if (!task) return -EPERM;
    connection *self = find(handle, "wio_websocket_close_with");
    if (!self) return -EINVAL;
    if (code != 1000 && (code < 3000 || code > 4999))
        return wio__misuse(-EINVAL, "wio_websocket_close_with", "the code is neither 1000 nor in 3000..4999");
    if (reason && strlen(reason) > LONGEST_REASON)
        return wio__misuse(-EINVAL, "wio_websocket_close_with", "the reason is longer than 123 bytes");
    give_back(self);
    self->waiting++;
    wio__op op = {0};
    websocket_close_request request = {self->op.id, code, reason};
    int status = wio__op_run(task, &op, WIO__OP_WEBSOCKET_CLOSE, &request, &close_wait);
    wio__op_end(&self->op, false);
    leave(self);
    return status;
}
