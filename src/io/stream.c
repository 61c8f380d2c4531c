/* The life of a stream: its handle, which is recognised when it is stale, and its end. */
#include "stream.h"
#include "../core/ids.h"

WIO__OP_NEEDS(stream)

static wio__ids ids;

int wio__fails(int code) {
    wio__note_set(code, NULL, 0);
    return code;
}

int wio__op_run(wio__task *self, wio__op *op, int kind, const void *request, const wio__wait *wait) {
    int status = wio__op_begin(op);
    if (status < 0) return wio__fails(status);
    wio__host_op_start(op->id, kind, request);
    status = wio__op_wait(self, op, wait);
    if (op->id && status < 0) wio__op_failed(op);
    wio__op_end(op, false);
    return status;
}

wio__stream *wio__stream_new(int ways, size_t limit) {
    wio__stream *stream = calloc(1, sizeof *stream);
    if (!stream) return NULL;
    stream->ways = (uint8_t)ways;
    stream->limit = limit ? limit : WIO__STREAM_LIMIT;
    return stream;
}

void wio__stream_free(wio__stream *stream) {
    free(stream->buffer);
    free(stream->names);
    free(stream);
}

wio_stream *wio__stream_handle(wio__stream *stream) {
    stream->names = stream->op.data;
    stream->op.data = NULL;
    stream->id = wio__ids_take(&ids, stream);
    if (stream->id) return (wio_stream *)(uintptr_t)stream->id;
    wio__op_end(&stream->op, true);
    wio__stream_free(stream);
    wio__fails(-ENOMEM);
    return NULL;
}

wio__stream *wio__stream_find(const wio_stream *handle, const char *function) {
    wio__stream *stream = handle ? wio__ids_find(&ids, (uint32_t)(uintptr_t)handle) : NULL;
    if (stream || !function) return stream;
    if (handle) wio__misuse(-EINVAL, function, "this stream was given back already, or never was one");
    else wio__misuse_null(function, "the stream");
    return NULL;
}

bool wio__stream_leave(wio__stream *stream) {
    stream->waiting--;
    if (stream->id) return false;
    if (!stream->waiting) wio__stream_free(stream);
    return true;
}

/* The handle is stale from here on; a task that reads learns it, those that drain wait on. */
static void give_back(wio__stream *stream) {
    WIO__GONE(stream);
    wio__ids_give(&ids, stream->id);
    stream->id = 0;
    wio__task *reader = stream->read.task;
    wio__op_end(&stream->read, true);
    if (reader) wio__wake(reader, -ECONNABORTED);
    wio__host_op_start(0, WIO__OP_STREAM_CLOSE, &(stream_request){stream->op.id});
}

void wio_stream_close(wio_stream *handle) {
    if (!handle) return;
    wio__stream *stream = wio__stream_find(handle, "wio_stream_close");
    if (!stream) return;
    wio__stream_enter(stream);
    give_back(stream);
    wio__op_end(&stream->op, false);
    wio__stream_leave(stream);
}

static const wio__wait closed_wait = {.kind = "stream to close", .abort = wio__op_abort, .undo = wio__op_undo};

int wio_stream_wait_closed(wio_stream *handle) {
    wio__task *self = wio__self("wio_stream_wait_closed");
    if (!self) return -EPERM;
    wio__stream *stream = wio__stream_find(handle, "wio_stream_wait_closed");
    if (!stream) return -EINVAL;
    wio__stream_enter(stream);
    give_back(stream);
    wio__op op = {0};
    int status = wio__op_run(self, &op, WIO__OP_STREAM_CLOSED, &(stream_request){stream->op.id}, &closed_wait);
    wio__op_end(&stream->op, false);
    wio__stream_leave(stream);
    return status;
}

const char *wio_stream_name(const wio_stream *handle) {
    wio__stream *stream = wio__stream_find(handle, NULL);
    return stream && stream->names ? stream->names : "";
}

const char *wio_stream_peer(const wio_stream *handle) {
    const char *name = wio_stream_name(handle);
    return *name ? name + strlen(name) + 1 : name;
}
