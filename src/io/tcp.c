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

static const wio__wait handshake_wait = {
    .kind = "TLS handshake", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};

static int shake_hands(wio__task *self, const wio__stream *stream, const char *host, double limit) {
    wio__op op = {.name = host};
    int status = 0;
    WIO_TIMEOUT(limit) {
        status = wio__op_run(self, &op, WIO__OP_HANDSHAKE, &(stream_request){stream->op.id}, &handshake_wait);
    }
    if (status != -ETIMEDOUT || !wio_timeout_expired()) return status;
    return wio_fail(status, "%s did not finish the TLS handshake within %g seconds (tls_handshake_timeout)", host,
                    limit);
}

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
    if (status == 0 && options->tls) status = shake_hands(self, stream, host, tcp_handshake(options));
    if (status < 0 && *out) {
        wio__op_end(&stream->op, true);
        wio_stream_close(*out);
        *out = NULL;
    }
    if (status == 0) WIO__MADE("stream", wio__stream_find(*out, NULL));
    return status;
}
