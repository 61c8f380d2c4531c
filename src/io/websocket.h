#ifndef WIO_WEBSOCKET_H
#define WIO_WEBSOCKET_H

#include "stream.h"

/* What wio__host_op_start() is given: src/host/messages.js reads these field by field. WEBSOCKET completes with the subprotocol,
 * and its id is the connection's. SEND is told, not asked. RECEIVE completes with a message (1: text, 2: bytes), or, when the
 * connection has ended, with 0 or an error: then the bytes are the close code (2, little-endian), the reason and the words of the
 * error, two strings. PING completes when its pong has come, CLOSE with the close code. */
typedef struct {
    const char *url;
    const char *const *subprotocols; /* ends with NULL; may be NULL */
    const wio_header *headers;       /* ends with a name NULL; may be NULL */
    size_t max_message, max_queue;
} websocket_request;

typedef struct {
    uint32_t websocket;
    const void *data;
    size_t size;
    uint32_t text;
    int32_t error; /* out */
    uint32_t full; /* out: drain it */
} websocket_send_request;

typedef struct {
    uint32_t websocket;
} websocket_receive_request; /* and for PING */

typedef struct {
    uint32_t websocket;
    int32_t code;
    const char *reason;
} websocket_close_request;

enum { WIO__TEXT = 1, WIO__BINARY = 2 };

#endif
