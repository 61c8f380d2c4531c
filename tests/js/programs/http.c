// HTTP for JavaScript's tests: streams in both directions, and single requests.
#include "wasyncio.h"

#include <stdlib.h>
#include <string.h>

static wio_session session;

static unsigned char byte_at(size_t i) { return (unsigned char)((i % 251 * 31 + 7) % 251); }

WIO_EXPORT(int, begin, (int limit)) {
    wio_session_options options = {.limit = (unsigned)limit};
    return wio_session_open(&session, &options);
}

WIO_EXPORT(void, end, (void)) { wio_session_close(&session); }

/* Gives up after so many seconds, and lets the next request have the permit in the same turn. */
WIO_EXPORT(int, give_up, (const char *url, double seconds, const char *next)) {
    wio_response *response = NULL;
    wio_request_options options = {.timeouts = {.read = seconds}};
    int rc = wio_session_request(&session, url, &options, &response);
    wio_response_close(response);
    if (rc != -ETIMEDOUT) return rc;
    rc = wio_session_get(&session, next, &response);
    wio_response_close(response);
    return rc;
}

WIO_EXPORT(char *, get, (const char *url)) {
    char *text = NULL;
    int rc = wio_session_get_text(&session, url, &text);
    if (rc < 0 && (text = malloc(600))) snprintf(text, 600, "%s: %s", wio_error_name(rc), wio_task_error(wio_current_task())->message);
    return text;
}

/* Connects a WebSocket: "ok", or what went wrong. */
WIO_EXPORT(char *, socket, (const char *url)) {
    wio_websocket *socket = NULL;
    int rc = wio_websocket_connect(url, NULL, &socket);
    char *text = malloc(600);
    if (text) snprintf(text, 600, "%s: %s", wio_error_name(rc), rc < 0 ? wio_task_error(wio_current_task())->message : "");
    if (rc == 0) wio_websocket_close(socket);
    return text;
}

/* The module's memory, which never shrinks. */
WIO_EXPORT(double, memory_size, (void)) {
#ifdef __wasm__
    return __builtin_wasm_memory_size(0) * 65536.0;
#else
    return 0;
#endif
}

/* How many bytes were wrong. `pause` seconds every `each` bytes. */
WIO_EXPORT(int, download, (const char *url, double total, double each, double pause)) {
    static unsigned char buffer[64 * 1024];
    wio_response *response = NULL;
    size_t at = 0, next = (size_t)each;
    int wrong = 0, rc = wio_session_get(&session, url, &response);
    long n = rc;
    while (rc == 0 && (n = wio_response_read(response, buffer, sizeof buffer)) > 0) {
        for (size_t i = 0; i < (size_t)n; i += 97) wrong += buffer[i] != byte_at(at + i);
        at += (size_t)n;
        if (each > 0 && at >= next) {
            next = at + (size_t)each;
            rc = wio_sleep(pause);
        }
    }
    wio_response_close(response);
    if (rc < 0 || n < 0) return rc < 0 ? rc : (int)n;
    return at == (size_t)total ? wrong : wio_fail(-EPROTO, "%zu bytes", at);
}

typedef struct {
    size_t at, total;
} source;

static long produces(void *arg, void *buffer, size_t size) {
    source *self = arg;
    if (size > self->total - self->at) size = self->total - self->at;
    for (size_t i = 0; i < size; i++) ((unsigned char *)buffer)[i] = byte_at(self->at + i);
    self->at += size;
    return (long)size;
}

static source sending;

WIO_EXPORT(double, sent, (void)) { return (double)sending.at; }

WIO_EXPORT(char *, upload, (const char *url, double total)) {
    wio_response *response = NULL;
    char *text = NULL;
    sending = (source){0, (size_t)total};
    wio_request_options options = {.produce = produces, .produce_arg = &sending};
    int rc = wio_session_request(&session, url, &options, &response);
    if (rc == 0) rc = wio_response_text(response, &text);
    wio_response_close(response);
    return text;
}
