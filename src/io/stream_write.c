/* Writing: the host copies at once and sends; drain waits while it holds too much. */
#include "stream.h"

#include <stdarg.h>

static wio__stream *writing(wio_stream *handle, const char *function, int *error) {
    *error = -EINVAL;
    wio__stream *stream = wio__stream_find(handle, function);
    if (!stream) return NULL;
    if (stream->ways & WIO__WRITES) return stream;
    *error = wio__misuse(-ENOTSUP, function, "this stream is for reading only");
    return NULL;
}

int wio_stream_write(wio_stream *handle, const void *data, size_t size) {
    int error;
    wio__stream *stream = writing(handle, "wio_stream_write", &error);
    if (!stream) return error;
    if (!data && size) return wio__misuse_null("wio_stream_write", "data");
    if (stream->eof_written) return wio__misuse(-EPIPE, "wio_stream_write", "the end was written already");
    stream_write_request request = {.stream = stream->op.id, .data = data, .size = size};
    wio__host_op_start(0, WIO__OP_STREAM_WRITE, &request);
    return request.error ? wio__fails(request.error) : 0;
}

int wio_stream_printf(wio_stream *stream, const char *format, ...) {
    if (!format) return wio__misuse_null("wio_stream_printf", "format");
    char text[256], *long_text = NULL;
    va_list list;
    va_start(list, format);
    int size = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (size < 0) return wio__misuse(-EINVAL, "wio_stream_printf", "the format is wrong");
    if ((size_t)size >= sizeof text) {
        long_text = malloc((size_t)size + 1);
        if (!long_text) return wio__fails(-ENOMEM);
        va_start(list, format);
        vsnprintf(long_text, (size_t)size + 1, format, list);
        va_end(list);
    }
    int status = wio_stream_write(stream, long_text ? long_text : text, (size_t)size);
    free(long_text);
    return status;
}

static const wio__wait drain_wait = {.kind = "stream to drain", .abort = wio__op_abort, .undo = wio__op_undo};

int wio_stream_drain(wio_stream *handle) {
    wio__task *self = wio__self("wio_stream_drain");
    if (!self) return -EPERM;
    int status;
    wio__stream *stream = writing(handle, "wio_stream_drain", &status);
    if (!stream) return status;
    wio__op op = {0};
    wio__stream_enter(stream);
    status = wio__op_run(self, &op, WIO__OP_STREAM_DRAIN, &(stream_request){stream->op.id}, &drain_wait);
    wio__stream_leave(stream);
    return status;
}

int wio_stream_write_eof(wio_stream *handle) {
    int error;
    wio__stream *stream = writing(handle, "wio_stream_write_eof", &error);
    if (!stream) return error;
    if (!stream->eof_written) wio__host_op_start(0, WIO__OP_STREAM_EOF, &(stream_request){stream->op.id});
    stream->eof_written = true;
    return 0;
}
