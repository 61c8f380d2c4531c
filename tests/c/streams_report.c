// hosts: node20 node26
// stderr: 127\.0\.0\.1:\d+.* failed and nobody looked: EIO: the handler has failed
// STR-09: a failing handler is reported once, a cancelled one is not.
#include "check.h"

static int fails(wio_stream *stream, void *arg) {
    (void)stream, (void)arg;
    return wio_fail(-EIO, "the handler has failed");
}

static int is_cancelled(wio_stream *stream, void *arg) {
    (void)stream, (void)arg;
    wio_task_cancel(wio_current_task());
    return wio_yield();
}

static void visit(wio_connection_fn *handler) {
    wio_server *server;
    wio_stream *stream;
    const char *line;
    CHECK_OK(wio_listen("127.0.0.1", 0, handler, NULL, &server));
    CHECK_OK(wio_connect("127.0.0.1", wio_server_port(server), NULL, &stream));
    CHECK_EQ(wio_stream_readline(stream, &line), 0);
    wio_stream_close(stream);
    CHECK_OK(wio_server_wait_closed(server));
}

TEST(STR_09_a_failing_handler_is_reported) { visit(fails); }
TEST(STR_09_a_cancelled_handler_is_not) { visit(is_cancelled); }
