#ifndef WIO_TCP_H
#define WIO_TCP_H

#include "stream.h"

/* For WIO__OP_CONNECT and WIO__OP_LISTEN: src/node/tcp.js reads it field by field. CONNECT completes with 0 and "own address\0
 * peer's address\0"; LISTEN with the port and its address. For WIO__OP_ACCEPT a stream_request with the LISTEN's id: completes as
 * CONNECT does. For WIO__OP_HANDSHAKE one with the CONNECT's id, whose connection is no stream before TLS stands. */
typedef struct {
    const char *host;
    int32_t port;
    uint32_t tls;
    const char *ca, *server_name, *certificate, *key;
    int32_t backlog;
    uint32_t handshake; /* milliseconds that a client has for it */
} tcp_request;

enum { WIO__HANDSHAKE = 60 }; /* seconds, as asyncio's */

/* Seconds that a handshake may take. */
static inline double tcp_handshake(const wio_tcp_options *options) {
    double given = options->tls_handshake_timeout;
    return given > 0 ? given : given < 0 ? (double)INFINITY : WIO__HANDSHAKE;
}

static inline uint32_t tcp_milliseconds(double seconds) {
    return seconds < INT32_MAX / 1000 ? (uint32_t)(seconds * 1000) + 1 : INT32_MAX;
}

static inline tcp_request tcp_request_of(const char *host, int port, const wio_tcp_options *options) {
    return (tcp_request){.host = host,
                         .port = port,
                         .tls = options->tls,
                         .ca = options->ca,
                         .server_name = options->server_name,
                         .certificate = options->certificate,
                         .key = options->key,
                         .backlog = options->backlog,
                         .handshake = tcp_milliseconds(tcp_handshake(options))};
}

/* Waits until the stream's own operation has opened it; frees it if not. */
int wio__stream_open(wio__task *self, wio__stream *stream, int kind, const void *request, const wio__wait *wait,
                     wio_stream **handle);

#endif
