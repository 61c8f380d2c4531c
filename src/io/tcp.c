/* Connecting. */
#include "tcp.h"

WIO__OP_NEEDS(tcp)

int wio__stream_open(wio__task *self, wio__stream *stream, int kind, const void *request, const wio__wait *wait,
                     wio_stream **handle) {
    wio__op *op = &stream->op;
    int status = wio__op_begin(op);
    if (status == 0) {
        wio__host_op_start(op->id, kind, request);
        status = wio__op_wait(self, op, wait);
        if (op->id && status < 0) wio__op_failed(op);
    }
    op->name = NULL;
    if (status >= 0) {
        *handle = wio__stream_handle(stream);
        return *handle ? status : -ENOMEM;
    }
    wio__op_end(op, true); /* without memory for the answer it is open all the same */
    wio__stream_free(stream);
    return status;
}

static const wio__wait connect_wait = {
    .kind = "connection", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};

int wio_connect(const char *host, int port, const wio_tcp_options *options, wio_stream **out) {
    wio__task *self = wio__self("wio_connect");
    if (out) *out = NULL;
    if (!self) return -EPERM;
    if (!host || !out) return wio__misuse_null("wio_connect", host ? "stream" : "host");
    if (port < 1 || port > 65535) return wio__misuse(-EINVAL, "wio_connect", "the port is not in 1..65535");
    if (self->attention && wio__reason(self)) return wio_yield(); /* cancelled: nobody is bothered */
    const wio_tcp_options none = {0};
    if (!options) options = &none;
    wio__stream *stream = wio__stream_new(WIO__READS | WIO__WRITES, options->limit);
    if (!stream) return wio__fails(-ENOMEM);
    tcp_request request = tcp_request_of(host, port, options);
    stream->op.name = host;
    int status = wio__stream_open(self, stream, WIO__OP_CONNECT, &request, &connect_wait, out);
    if (status == 0) WIO__MADE("stream", wio__stream_find(*out, NULL));
    return status;
}
