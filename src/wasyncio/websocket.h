/* Part of <wasyncio.h>: WebSocket connections. */
#ifndef WASYNCIO_WEBSOCKET_H
#define WASYNCIO_WEBSOCKET_H

#ifdef __cplusplus
extern "C" {
#endif

/* ----------------------------------------------------------------------------------------------- WebSockets --- */

/* Zeroed fields take the default. Everything is copied. */
typedef struct {
    const char *const *subprotocols; /* in order of preference, ends with NULL */
    const wio_header *headers;       /* of the first request, ends with an entry whose name is NULL; not in browsers */
    size_t max_message;              /* a longer message ends the connection with -EMSGSIZE; default 1 MiB */
    size_t max_queue;                /* browsers: bytes of messages that wait for you at most; default 16 MiB */
} wio_websocket_options;

/* A connection (websockets.connect(), aiohttp's ClientWebSocketResponse). A handle: give it back once, with
 * wio_websocket_close(); one that was given back is recognised, reported, and refused with -EINVAL, as NULL is. */
typedef struct wio_websocket wio_websocket;

/* A message that has come. */
typedef struct {
    const char *data; /* NUL-terminated; valid until the next receive or the end of the connection */
    size_t size;
    bool text; /* UTF-8, as the sender said; otherwise bytes */
} wio_message;

/* Connects to a "ws:" or "wss:" URL. On success *websocket is yours to close; on failure it is NULL. `options` may be NULL. A
 * cancel gives the attempt up. Waits. `await websockets.connect(url)`.
 * -EPROTO the server speaks no WebSocket, or not our subprotocols, or TLS: no trust; -ECONNREFUSED; -ECONNRESET;
 * -EHOSTUNREACH; -EIO all of these in browsers, which do not tell why, but -EHOSTUNREACH when the browser is offline; -ENOTSUP
 * headers in a browser; -EINVAL NULL, or a URL, subprotocol or header that cannot be; -ENOMEM. */
int wio_websocket_connect(const char *url, const wio_websocket_options *options, wio_websocket **websocket);

/* The subprotocol that the server has chosen, or "". Valid as long as the handle. websocket.subprotocol. */
const char *wio_websocket_subprotocol(const wio_websocket *websocket);

/* Sends a message, of text (UTF-8, NUL-terminated) or bytes. Waits only while more than 64 KiB are on their way. 0. Any number
 * of tasks may send. websocket.send(). After a cancel the message is sent all the same.
 * -EPIPE the connection is closed, see wio_websocket_receive(); -ECONNRESET it broke; -EINVAL stale, NULL, or no UTF-8;
 * -ENOMEM. */
int wio_websocket_send_text(wio_websocket *websocket, const char *text);
int wio_websocket_send(wio_websocket *websocket, const void *data, size_t size);

/* Waits for a message: 1, with the message; 0 when the other end has closed in good order (codes 1000, 1001, none); later calls
 * say the same. One task may receive at a time. Waits only if it must. A cancelled receive loses nothing. websocket.recv().
 * In Node messages that you do not receive wait at the sender, beyond 64 KiB of them; browsers cannot make it wait, so there
 * max_queue is the bound.
 * -ECONNRESET the connection broke without a closing handshake (1006), in the middle of a message or between two;
 * -EPROTO the other end broke the rules, or sent text that is no UTF-8 (1002, 1007); -EMSGSIZE a message is longer than
 * max_message (1009); -ENOBUFS max_queue was exceeded; -ECONNABORTED closed with another code, or given back meanwhile;
 * -EBUSY another task is receiving; -EINVAL stale or NULL; -ENOMEM. */
int wio_websocket_receive(wio_websocket *websocket, wio_message *message);

/* Sends a ping and waits for its pong. 0. Waits. `await (await websocket.ping())`.
 * -ENOTSUP in browsers, which ping and answer by themselves; -EPIPE, -ECONNRESET the connection has ended. */
int wio_websocket_ping(wio_websocket *websocket);

/* Once it has ended, the code and the words with which it was closed: 1000 and so on, 1005 none was given, 1006 it broke.
 * 0 and "" before, and for a stale handle. Valid as long as the handle. websocket.close_code, close_reason. */
int wio_websocket_close_code(const wio_websocket *websocket);
const char *wio_websocket_close_reason(const wio_websocket *websocket);

/* Closes with 1000 and gives the handle back; the handshake goes on behind it. NULL is fine. Does not wait. */
void wio_websocket_close(wio_websocket *websocket);

/* Closes with `code` (1000, or 3000..4999) and `reason` (at most 123 bytes, may be NULL), waits for the other end's answer, for
 * 10 seconds at most, and gives the handle back. Returns the code with which it was closed. Waits. websocket.close(code, reason).
 * -EINVAL stale (reported), or such a code or reason cannot be sent: the handle stays yours then. */
int wio_websocket_close_with(wio_websocket *websocket, int code, const char *reason);

#ifdef __cplusplus
}
#endif

#ifndef WIO__INSIDE
#define wio_websocket_connect(...) (WIO__HERE, wio_websocket_connect(__VA_ARGS__))
#define wio_websocket_send_text(...) (WIO__HERE, wio_websocket_send_text(__VA_ARGS__))
#define wio_websocket_send(...) (WIO__HERE, wio_websocket_send(__VA_ARGS__))
#define wio_websocket_receive(...) (WIO__HERE, wio_websocket_receive(__VA_ARGS__))
#define wio_websocket_ping(...) (WIO__HERE, wio_websocket_ping(__VA_ARGS__))
#define wio_websocket_close_with(...) (WIO__HERE, wio_websocket_close_with(__VA_ARGS__))
#endif

#endif
