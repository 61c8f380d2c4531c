#ifndef WIO_TCP_H
#define WIO_TCP_H

#include "stream.h"

/* For WIO__OP_CONNECT and WIO__OP_LISTEN: src/node/tcp.js reads it field by field. CONNECT completes with 0 and "own address\0
 * peer's address\0"; LISTEN with the port and its address. For WIO__OP_ACCEPT a stream_request with the LISTEN's id: completes as
 * CONNECT does. */
typedef struct {
    const char *host;
    int32_t port;
    uint32_t tls;
    const char *ca, *server_name, *certificate, *key;
    int32_t backlog;
} tcp_request;

static inline tcp_request tcp_request_of(const char *host, int port, const wio_tcp_options *options) {
    return (tcp_request){.host = host,
                         .port = port,
                         .tls = options->tls,
                         .ca = options->ca,
                         .server_name = options->server_name,
                         .certificate = options->certificate,
                         .key = options->key,
                         .backlog = options->backlog};
}

/* Waits until the stream's own operation has opened it; frees it if not. */
int wio__stream_open(wio__task *self, wio__stream *stream, int kind, const void *request, const wio__wait *wait,
                     wio_stream **handle);

#endif
