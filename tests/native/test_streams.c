// asan: allocator_may_return_null=1:detect_stack_use_after_return=0
// link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
// Streams, servers, processes and WebSockets on a scripted host, under sanitizers: what the C side does at each cancel, and
// when there is no memory.
#include "oom.h"

#define NEVER 1000.0

static wio_stream *connect_to(const char *name) {
    wio_stream *stream = NULL;
    CHECK_OK(wio_connect(name, 1, NULL, &stream));
    return stream;
}

TEST(lines_of_a_script) {
    wio_stream *stream = connect_to("says");
    const char *line;
    CHECK_EQ(wio_stream_readline(stream, &line), 4);
    CHECK_STR(line, "one\n");
    char bytes[3];
    CHECK_EQ(wio_stream_readexactly(stream, bytes, 3), 3);
    CHECK(memcmp(bytes, "two", 3) == 0);
    CHECK_EQ(wio_stream_readline(stream, &line), 1);
    CHECK_EQ(wio_stream_readline(stream, &line), 5);
    CHECK_STR(line, "three");
    CHECK_EQ(wio_stream_readline(stream, &line), 0);
    CHECK_STR(wio_stream_name(stream), "fake:1");
    CHECK_STR(wio_stream_peer(stream), "fake:2");
    CHECK_OK(wio_stream_wait_closed(stream));
    CHECK_EQ(host_count.streams, 0);
}

TEST(a_stream_that_breaks) {
    wio_stream *stream = connect_to("breaks");
    char *all;
    CHECK_EQ(wio_stream_read_all(stream, &all), -ECONNRESET);
    CHECK(!all);
    CHECK_STR(last_message(), "the fake stream broke");
    char bytes[10];
    CHECK_EQ(wio_stream_read(stream, bytes, sizeof bytes), 4); /* what came before it is there */
    CHECK_EQ(wio_stream_read(stream, bytes, sizeof bytes), -ECONNRESET);
    wio_stream_close(stream);
}

static int connects(void *arg) {
    wio_stream *stream = (wio_stream *)-1;
    int rc = wio_connect(arg, 1, NULL, &stream);
    CHECK(rc ? !stream : stream != NULL);
    wio_stream_close(stream);
    return rc;
}

TEST(a_cancel_gives_the_attempt_up) {
    char hang[] = "hang", echo[] = "echo";
    wio_task *task = wio_create_task(connects, hang);
    CHECK_OK(wio_sleep(1));
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    /* granted, and cancelled before it ran: the connection is closed */
    wio_task *granted = wio_create_task(connects, echo);
    CHECK_OK(wio_yield());
    host_burn(1);
    CHECK_OK(wio_sleep(0.01));
    wio_task_cancel(granted);
    int rc = wio_await(granted);
    CHECK(rc == -ECANCELED || rc == 0);
    CHECK_EQ(host_count.streams, 0);
}

static int reads(void *arg) {
    char byte;
    long n = wio_stream_read(arg, &byte, 1);
    return n == 1 ? byte : (int)n;
}

TEST(cancelled_reads_lose_nothing) {
    wio_stream *stream = connect_to("echo");
    for (char letter = 'a'; letter <= 'e'; letter++) {
        wio_task *task = wio_create_task(reads, stream);
        CHECK_OK(wio_yield());
        CHECK_OK(wio_stream_write(stream, &letter, 1)); /* the read is granted */
        wio_task_cancel(task);
        CHECK_EQ(wio_await(task), -ECANCELED);
        CHECK_EQ(reads(stream), letter);
    }
    wio_stream_close(stream);
}

TEST(given_back_while_others_read_and_drain) {
    wio_stream *stream = connect_to("full");
    wio_task *reader = wio_create_task(reads, stream);
    CHECK_OK(wio_yield());
    CHECK_EQ(reads(stream), -EBUSY);
    wio_stream_close(stream);
    CHECK_EQ(wio_await(reader), -ECONNABORTED);
    CHECK_EQ(reads(stream), -EINVAL);
    CHECK_EQ(wio_stream_drain(stream), -EINVAL);
}

static int drains(void *arg) { return wio_stream_drain(arg); }

TEST(closed_while_a_task_drains) {
    wio_stream *stream = connect_to("full");
    wio_task *task = wio_create_task(drains, stream), *other = wio_create_task(drains, stream);
    CHECK_OK(wio_yield());
    wio_stream_close(stream);
    wio_task_cancel(other);
    CHECK_EQ(wio_await(other), -ECANCELED);
    CHECK_OK(wio_await(task));
}

static int served;

static int serves(wio_stream *stream, void *arg) {
    const char *line;
    served += wio_stream_readline(stream, &line) > 0;
    return arg ? wio_sleep(NEVER) : 0;
}

TEST(a_server_and_its_end) {
    wio_server *server;
    served = 0;
    CHECK_OK(wio_listen("fake", 0, serves, NULL, &server));
    CHECK_EQ(wio_server_port(server), 8000);
    CHECK_OK(wio_sleep(1));
    CHECK_EQ(served, 3);
    CHECK_OK(wio_server_wait_closed(server));
    CHECK_EQ(host_count.streams, 0);
}

static int serve_for_ever(void *arg) {
    wio_server *server;
    int rc = wio_listen("fake", 0, serves, arg, &server);
    return rc ? rc : wio_server_serve_forever(server);
}

TEST(a_cancel_closes_the_server_and_the_run_its_connections) {
    wio_task *task = wio_create_task(serve_for_ever, &served);
    CHECK_OK(wio_sleep(1));
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(host_count.streams, 3); /* connections go on */
    wio_task *left[8];
    size_t n = wio_all_tasks(left, 8);
    for (size_t i = 0; i < n; i++)
        if (left[i] != wio_current_task()) wio_task_cancel(left[i]);
    CHECK_OK(wio_sleep(1));
    CHECK_EQ(host_count.streams, 0);
}

TEST(standard_input) {
    char *all;
    CHECK_EQ(wio_stream_read_all(wio_stdin(), &all), 13);
    CHECK_STR(all, "one\ntwo\nthree");
    free(all);
    wio_stream_close(wio_stdin());
    CHECK_EQ(host_count.streams, 0);
}

TEST(a_process) {
    const char *const argv[] = {"says", NULL}, *const none[] = {"refuse", NULL};
    wio_process *process;
    CHECK_EQ(wio_process_start(none, NULL, &process), -ENOENT);
    CHECK_STR(last_message(), "no such fake");
    CHECK_OK(wio_process_start(argv, NULL, &process));
    wio_bytes out, err;
    int code = 0;
    CHECK_OK(wio_process_communicate(process, "in", 2, &out, &err));
    CHECK_EQ(out.size, 13);
    CHECK_EQ(err.size, 13);
    CHECK_OK(wio_process_wait(process, &code));
    CHECK_EQ(code, -9);
    free(out.data);
    free(err.data);
    wio_process_close(process);
    CHECK_EQ(host_count.streams, 0);
}

static int receives(void *arg) {
    wio_message message;
    int rc = wio_websocket_receive(arg, &message);
    return rc == 1 ? message.data[0] : rc;
}

TEST(websocket_messages) {
    wio_websocket *ws;
    wio_message message;
    CHECK_EQ(wio_websocket_connect("refuse", NULL, &ws), -ECONNREFUSED);
    CHECK_OK(wio_websocket_connect("echo", NULL, &ws));
    CHECK_STR(wio_websocket_subprotocol(ws), "chat");
    CHECK_OK(wio_websocket_send(ws, "a long message", 14));
    CHECK_EQ(wio_websocket_receive(ws, &message), 1);
    CHECK_STR(message.data, "a long message");
    for (char letter = 'a'; letter <= 'c'; letter++) {
        wio_task *task = wio_create_task(receives, ws);
        CHECK_OK(wio_yield());
        CHECK_OK(wio_websocket_send(ws, &letter, 1)); /* granted */
        wio_task_cancel(task);
        CHECK_EQ(wio_await(task), -ECANCELED);
        CHECK_EQ(receives(ws), letter);
    }
    CHECK_OK(wio_websocket_ping(ws));
    wio_task *waiting = wio_create_task(receives, ws);
    CHECK_OK(wio_yield());
    CHECK_EQ(receives(ws), -EBUSY);
    CHECK_EQ(wio_websocket_close_with(ws, 3000, "over"), 3000);
    CHECK_EQ(wio_await(waiting), -ECONNABORTED);
    CHECK_EQ(receives(ws), -EINVAL);
    CHECK_OK(wio_websocket_connect("says", NULL, &ws));
    CHECK_EQ(wio_websocket_receive(ws, &message), 1);
    CHECK_EQ(wio_websocket_receive(ws, &message), 0);
    CHECK_EQ(wio_websocket_close_code(ws), 1000);
    CHECK_STR(wio_websocket_close_reason(ws), "bye");
    wio_websocket_close(ws);
    CHECK_EQ(host_count.streams, 0);
}

static int answers(wio_request *request) {
    char *text;
    wio_stream *body;
    const wio_header bad[] = {{"x", "a\nb"}, {NULL, NULL}};
    CHECK_STR(wio_request_method(request), "GET");
    CHECK_STR(wio_request_url(request), "http://fake/path?q=1");
    CHECK_STR(wio_request_path(request), "/path");
    CHECK_STR(wio_request_header(request, "X-TOKEN"), "secret");
    CHECK(!wio_request_header(request, "q"));
    CHECK_STR(wio_request_query(request, "q"), "1");
    CHECK(!wio_request_query(request, "x-token"));
    CHECK_EQ(wio_stream_read_all(wio_request_body(request), &text), 13);
    free(text);
    CHECK_EQ(wio_respond(request, 1000, NULL, "x", 0), -EINVAL);
    CHECK_EQ(wio_respond_stream(request, 200, bad, &body), -EINVAL);
    CHECK(!body);
    CHECK_OK(wio_respond_stream(request, 202, NULL, &body));
    CHECK_EQ(wio_respond(request, 200, NULL, "x", 0), -EALREADY);
    return wio_stream_printf(body, "done");
}

static int fails(wio_request *request) {
    wio_stream *body;
    int rc = wio_respond_stream(request, 200, NULL, &body);
    return rc ? rc : wio_fail(-EIO, "no luck");
}

static int is_silent(wio_request *request) {
    (void)request;
    return 0;
}

TEST(requests) {
    CHECK_OK(wio__serve(1, answers));
    CHECK_EQ(host_count.responded, 202);
    CHECK_EQ(host_count.streams, 0);
    host_log();
    host_quiet(true);
    CHECK_EQ(wio__serve(2, fails), -EIO);
    CHECK_HAS(host_log(), "GET /path failed: EIO: no luck");
    CHECK_EQ(wio__serve(3, is_silent), -EPROTO);
    CHECK_HAS(host_log(), "returned without an answer");
    host_quiet(false);
    CHECK_EQ(host_count.streams, 0);
}

/* ------------------------------------------------------------------------------------------------- No memory --- */

static int answers_or_not(wio_request *request) {
    wio_stream *body, *from = wio_request_body(request);
    char *text;
    if (!from) return -ENOMEM;
    long n = wio_stream_read_all(from, &text);
    if (n < 0) return (int)n;
    free(text);
    int rc = wio_respond_stream(request, 200, NULL, &body);
    return rc ? rc : wio_stream_printf(body, "%300d", 1);
}


static int uses_streams(void *arg) {
    (void)arg;
    wio_stream *stream;
    const char *line;
    char *all;
    if (WANT(wio_connect("says", 1, NULL, &stream), 0) == 0) {
        WANT(wio_stream_readline(stream, &line), 4);
        long n = wio_stream_read_all(stream, &all);
        if (n != 9) WANT(n, 13); /* the line had no memory and is here */
        if (n >= 0) free(all);
        WANT(wio_stream_printf(stream, "%300d", 1), 0);
        WANT(wio_stream_drain(stream), 0);
        WANT(wio_stream_wait_closed(stream), 0);
    }
    wio_server *server;
    if (WANT(wio_listen("fake", 0, serves, NULL, &server), 0) == 0) {
        WANT(wio_sleep(3), 0);
        WANT(wio_server_wait_closed(server), 0);
    }
    if (wio_stdin()) {
        WANT(wio_stream_readline(wio_stdin(), &line), 4);
        wio_stream_close(wio_stdin());
    }
    const char *const argv[] = {"says", NULL};
    wio_process *process;
    if (WANT(wio_process_start(argv, NULL, &process), 0) == 0) {
        wio_bytes out, err;
        if (WANT(wio_process_communicate(process, "in", 2, &out, &err), 0) == 0) {
            free(out.data);
            free(err.data);
        }
        WANT(wio_process_wait(process, NULL), 0);
        wio_process_close(process);
    }
    wio_websocket *ws;
    if (WANT(wio_websocket_connect("echo", NULL, &ws), 0) == 0) {
        wio_message message;
        int sent = WANT(wio_websocket_send(ws, "a message", 9), 0);
        if (sent == 0) WANT(wio_websocket_receive(ws, &message), 1);
        WANT(wio_websocket_ping(ws), 0);
        WANT(wio_websocket_close_with(ws, 3000, NULL), 3000);
    }
    WANT(wio__serve(1, answers_or_not), 0);
    WANT(wio_sleep(1), 0);
    return host_count.streams ? -EIO : 0;
}

static void streams_program(void) { WANT(wio_run(uses_streams, NULL), 0); }

TEST_OUTSIDE(OOM_every_allocation_of_streams_fails_in_turn) { oom_each(streams_program, false); }
TEST_OUTSIDE(OOM_every_allocation_of_streams_and_all_after_it) { oom_each(streams_program, true); }
