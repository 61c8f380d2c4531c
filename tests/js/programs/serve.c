/* What a handler of requests may do, by the path. */
#include <stdlib.h>
#include <string.h>
#include <wasyncio.h>

static int cancelled, started;

static int echo(wio_request *request) {
    char block[5000];
    wio_stream *body;
    const wio_header headers[] = {{"content-type", "application/octet-stream"}, {"x-path", wio_request_path(request)}, {NULL, NULL}};
    int rc = wio_respond_stream(request, 200, headers, &body);
    long n = rc;
    while (n >= 0 && (n = wio_stream_read(wio_request_body(request), block, sizeof block)) > 0) {
        rc = wio_stream_write(body, block, (size_t)n);
        if (rc == 0) rc = wio_stream_drain(body);
        if (rc < 0) return rc;
    }
    return (int)n;
}

static int describe(wio_request *request) {
    char text[2000];
    const char *token = wio_request_header(request, "X-Token"), *q = wio_request_query(request, "q");
    int size = snprintf(text, sizeof text, "%s %s token=%s q=%s none=%s", wio_request_method(request), wio_request_path(request), token ? token : "-",
                        q ? q : "-", wio_request_query(request, "none") ? "there" : "absent");
    return wio_respond(request, 201, NULL, text, (size_t)size);
}

static int endless(wio_request *request) {
    static char block[100000];
    wio_stream *body;
    int rc = wio_respond_stream(request, 200, NULL, &body);
    while (rc == 0 && (rc = wio_stream_write(body, block, sizeof block)) == 0) rc = wio_stream_drain(body);
    if (rc == -ECANCELED) cancelled++;
    return rc;
}

static int waits(void) {
    started++;
    int rc = wio_sleep(1000);
    if (rc == -ECANCELED) cancelled++;
    return rc;
}

static int fails_halfway(wio_request *request) {
    wio_stream *body;
    int rc = wio_respond_stream(request, 200, NULL, &body);
    if (rc == 0) rc = wio_stream_write(body, "half", 4);
    if (rc == 0) rc = wio_stream_drain(body);
    if (rc == 0) rc = wio_sleep(0.02);
    return rc ? rc : wio_fail(-EIO, "the disk is full");
}

/* Each wrong call, and its name; the answer comes after all of them. */
static int misuses(wio_request *request) {
    const wio_header split[] = {{"x-a", "b\r\nx-c: d"}, {NULL, NULL}}, space[] = {{"x a", "b"}, {NULL, NULL}};
    const char *names[6];
    wio_stream *body;
    names[0] = wio_error_name(wio_respond(request, 200, split, "x", 0));
    names[1] = wio_error_name(wio_respond(request, 200, space, "x", 0));
    names[2] = wio_error_name(wio_respond(request, 99, NULL, "x", 0));
    names[3] = wio_error_name(wio_respond(request, 204, NULL, "x", 0));
    names[4] = wio_error_name(wio_respond_stream(request, 200, split, &body));
    names[5] = wio_error_name(wio_respond(NULL, 200, NULL, "x", 0));
    char text[200];
    snprintf(text, sizeof text, "%s %s %s %s %s %s", names[0], names[1], names[2], names[3], names[4], names[5]);
    int rc = wio_respond(request, 200, NULL, text, 0);
    if (wio_respond(request, 200, NULL, "again", 0) != -EALREADY) return -EIO;
    return rc;
}

static int crashes_later(void *arg) {
    int rc = wio_sleep(0.02);
    if (rc == 0 && arg) exit(3);
    if (rc == 0) __builtin_trap();
    return rc;
}

/* The crash, or the exit(), is in a task that no request waits for. */
static int begins(wio_request *request, void *arg) {
    wio_detach(wio_create_task_with(crashes_later, arg, &(wio_task_options){.name = "behind the request"}));
    return wio_respond(request, 202, NULL, "begun", 0);
}

WIO_SERVE(request) {
    const char *path = wio_request_path(request);
    if (strcmp(path, "/ok") == 0) return wio_respond(request, 200, NULL, "ok", 0);
    if (strcmp(path, "/delay") == 0) return wio_sleep(0.01) ? -EIO : wio_respond(request, 200, NULL, "later", 0);
    if (strncmp(path, "/echo", 5) == 0) return echo(request);
    if (strcmp(path, "/describe") == 0) return describe(request);
    if (strcmp(path, "/endless") == 0) return endless(request);
    if (strcmp(path, "/waits") == 0) return waits();
    if (strcmp(path, "/empty") == 0) return wio_respond(request, 204, NULL, NULL, 0);
    if (strcmp(path, "/fails") == 0) return wio_fail(-EIO, "the disk is on fire");
    if (strcmp(path, "/halfway") == 0) return fails_halfway(request);
    if (strcmp(path, "/misuses") == 0) return misuses(request);
    if (strcmp(path, "/crashes") == 0) __builtin_trap();
    if (strcmp(path, "/crashes/later") == 0) return begins(request, NULL);
    if (strcmp(path, "/exits/later") == 0) return begins(request, request);
    if (strcmp(path, "/exits") == 0) exit(4);
    return 0; /* no answer */
}

WIO_EXPORT(int, cancelled_so_far, (void)) { return cancelled; }
__attribute__((export_name("crash_now"))) int crash_now(void) { __builtin_trap(); }
WIO_EXPORT(int, started_so_far, (void)) { return started; }
