// hosts: chromium firefox
// What a browser does not have says so, and what to use instead.
#include "check.h"

static const char *words(void) { return wio_task_error(wio_current_task())->message; }

static int handler(wio_stream *stream, void *arg) {
    (void)stream, (void)arg;
    return 0;
}

TEST(no_tcp) {
    wio_stream *stream = (wio_stream *)-1;
    CHECK_EQ(wio_connect("127.0.0.1", 80, NULL, &stream), -ENOTSUP);
    CHECK(!stream);
    CHECK_HAS(words(), "wio_websocket_connect() or wio_fetch()");
    wio_server *server = (wio_server *)-1;
    CHECK_EQ(wio_listen("127.0.0.1", 0, handler, NULL, &server), -ENOTSUP);
    CHECK(!server);
    CHECK_HAS(words(), "Node.js");
}

TEST(no_processes) {
    const char *const argv[] = {"ls", NULL};
    wio_process *process = (wio_process *)-1;
    CHECK_EQ(wio_process_start(argv, NULL, &process), -ENOTSUP);
    CHECK(!process);
    CHECK_HAS(words(), "Node.js");
}

TEST(standard_input_is_empty) {
    char byte;
    CHECK_EQ(wio_stream_read(wio_stdin(), &byte, 1), 0);
    CHECK(wio_stream_at_eof(wio_stdin()));
    CHECK_EQ(getchar(), EOF);
    CHECK(feof(stdin) && !ferror(stdin));
    wio_stream_close(wio_stdin());
    CHECK_EQ(wio_stream_read(wio_stdin(), &byte, 1), 0);
}
