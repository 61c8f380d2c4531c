/* A web server: each request is a task, which is cancelled when its client goes away. `wasyncio serve 24_serve.c` */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasyncio.h>

/* One line a second, or as fast as the client asks for; whoever leaves is noticed at once. */
static int count(wio_request *request) {
    const char *to = wio_request_query(request, "to"), *pause = wio_request_query(request, "pause");
    wio_stream *body;
    int rc = wio_respond_stream(request, 200, NULL, &body);
    for (int i = 1; rc == 0 && i <= (to ? atoi(to) : 3); i++) {
        wio_stream_printf(body, "%d\n", i);
        rc = wio_stream_drain(body); /* a slow client slows us down */
        if (rc == 0) rc = wio_sleep(pause ? atof(pause) : 1);
    }
    return rc;
}

static int shout(wio_request *request) {
    char *text;
    long size = wio_stream_read_all(wio_request_body(request), &text);
    if (size < 0) return (int)size;
    for (char *at = text; *at; at++)
        if (*at >= 'a' && *at <= 'z') *at -= 'a' - 'A';
    int rc = wio_respond(request, 200, NULL, text, (size_t)size);
    free(text);
    return rc;
}

WIO_SERVE(request) {
    const char *path = wio_request_path(request);
    if (strcmp(path, "/") == 0) return wio_respond(request, 200, NULL, "hello\n", 0);
    if (strcmp(path, "/count") == 0) return count(request);
    if (strcmp(path, "/shout") == 0) return shout(request);
    const wio_header headers[] = {{"x-reason", "no such page"}, {NULL, NULL}};
    return wio_respond(request, 404, headers, "not found\n", 0);
}
