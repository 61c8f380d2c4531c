// WebSockets against the test server (tests/server/websockets.js), on every host.
#include "check.h"

static const char *ws_url(const char *url) {
    static char urls[8][512];
    static unsigned next;
    char *to = urls[next++ % 8];
    snprintf(to, sizeof urls[0], "ws%s", url + strlen("http"));
    return to;
}

/* Hosts differ: a browser sends no pings and no headers, and does not tell why a connection was refused. */
static bool in_browser(void) { return strcmp(check_env("WIO_TEST_PLACE", ""), "node") != 0; }

static const char *words(void) {
    const wio_error *error = wio_task_error(wio_current_task());
    return error ? error->message : "";
}

static wio_websocket *connect_to(const char *path) {
    wio_websocket *ws = NULL;
    CHECK_OK(wio_websocket_connect(ws_url(check_url("%s", path)), NULL, &ws));
    return ws;
}

TEST(text_and_bytes_come_back_as_what_they_were) {
    wio_websocket *ws = connect_to("/ws-echo");
    REQUIRE(ws);
    wio_message message;
    const char bytes[] = {0, 1, (char)0xff, 0};
    CHECK_OK(wio_websocket_send_text(ws, "héllo"));
    CHECK_OK(wio_websocket_send(ws, bytes, sizeof bytes));
    CHECK_OK(wio_websocket_send(ws, NULL, 0));
    CHECK_EQ(wio_websocket_receive(ws, &message), 1);
    CHECK(message.text);
    CHECK_STR(message.data, "héllo");
    CHECK_EQ(message.size, 6);
    CHECK_EQ(wio_websocket_receive(ws, &message), 1);
    CHECK(!message.text);
    CHECK_EQ(message.size, sizeof bytes);
    CHECK(memcmp(message.data, bytes, sizeof bytes) == 0);
    CHECK_EQ(wio_websocket_receive(ws, &message), 1);
    CHECK_EQ(message.size, 0);
    CHECK(message.data && message.data[0] == '\0');
    CHECK_EQ(wio_websocket_close_with(ws, 3001, "enough"), 3001);
    CHECK_EQ(check_stat_until("aborted", 0), 0);
}

enum { ECHOES = 100000 };

static int send_all(void *arg) {
    for (uint32_t i = 0; i < ECHOES; i++) {
        int rc = wio_websocket_send(arg, &i, sizeof i);
        if (rc < 0) return rc;
        if (i % 64 == 63 && (rc = wio_yield()) < 0) return rc;
    }
    return 0;
}

static int receive_all(void *arg) {
    wio_message message;
    for (uint32_t i = 0; i < ECHOES; i++) {
        int rc = wio_websocket_receive(arg, &message);
        if (rc != 1) return wio_fail(-EIO, "message %u: %d", i, rc);
        uint32_t got = 0;
        memcpy(&got, message.data, sizeof got);
        if (message.size != sizeof got || got != i) return wio_fail(-EIO, "message %u is %u", i, got);
    }
    return 0;
}

TEST(a_hundred_thousand_messages_come_back_in_order) {
    wio_websocket *ws = connect_to("/ws-echo");
    REQUIRE(ws);
    CHECK_OK(WIO_GATHER({send_all, ws}, {receive_all, ws}));
    wio_websocket_close(ws);
}

TEST(a_server_that_vanishes_in_the_middle_of_a_message) {
    wio_websocket *ws = connect_to("/ws-vanish");
    REQUIRE(ws);
    wio_message message;
    CHECK_EQ(wio_websocket_receive(ws, &message), 1);
    CHECK_STR(message.data, "whole");
    CHECK_OK(wio_websocket_send_text(ws, "vanish"));
    CHECK_EQ(wio_websocket_receive(ws, &message), -ECONNRESET);
    CHECK(strlen(words()) > 5);
    CHECK(!message.data);
    CHECK_EQ(wio_websocket_receive(ws, &message), -ECONNRESET);
    CHECK_EQ(wio_websocket_close_code(ws), 1006);
    int rc = wio_websocket_send_text(ws, "hello?");
    CHECK(rc == -ECONNRESET || rc == -EPIPE);
    wio_websocket_close(ws);
}

TEST(a_server_that_vanishes_between_messages) {
    wio_websocket *ws = connect_to("/ws-vanish?at=message");
    REQUIRE(ws);
    wio_message message;
    CHECK_EQ(wio_websocket_receive(ws, &message), 1);
    CHECK_OK(wio_websocket_send_text(ws, "vanish"));
    CHECK_EQ(wio_websocket_receive(ws, &message), -ECONNRESET);
    wio_websocket_close(ws);
}

TEST(closed_in_good_order) {
    wio_websocket *ws = connect_to("/ws-close/1000?reason=bye");
    REQUIRE(ws);
    wio_message message;
    CHECK_EQ(wio_websocket_receive(ws, &message), 0);
    CHECK_EQ(wio_websocket_receive(ws, &message), 0);
    CHECK_EQ(wio_websocket_close_code(ws), 1000);
    CHECK_STR(wio_websocket_close_reason(ws), "bye");
    CHECK_EQ(wio_websocket_send_text(ws, "late"), -EPIPE);
    CHECK_EQ(wio_websocket_close_with(ws, 1000, NULL), 1000);
}

TEST(closed_with_another_code) {
    wio_websocket *ws = connect_to("/ws-close/4321?reason=no%20room");
    REQUIRE(ws);
    wio_message message;
    CHECK_EQ(wio_websocket_receive(ws, &message), -ECONNABORTED);
    CHECK_HAS(words(), "4321");
    CHECK_HAS(words(), "no room");
    CHECK_EQ(wio_websocket_close_code(ws), 4321);
    CHECK_STR(wio_websocket_close_reason(ws), "no room");
    wio_websocket_close(ws);
}

TEST(a_server_that_speaks_no_websocket) {
    wio_websocket *ws = (wio_websocket *)-1;
    int rc = wio_websocket_connect(ws_url(check_url("/ok")), NULL, &ws);
    CHECK_EQ(rc, in_browser() ? -EIO : -EPROTO);
    CHECK(!ws);
    CHECK_HAS(words(), "no WebSocket");
}

TEST(refused) {
    wio_websocket *ws = NULL;
    CHECK_EQ(wio_websocket_connect(ws_url(check_refused_url()), NULL, &ws), in_browser() ? -EIO : -ECONNREFUSED);
    CHECK(!ws);
    CHECK(strlen(words()) > 5);
}

TEST(subprotocols) {
    const char *const offered[] = {"chat", "superchat", NULL};
    wio_websocket_options options = {.subprotocols = offered};
    wio_websocket *ws = NULL;
    CHECK_OK(wio_websocket_connect(ws_url(check_url("/ws-echo?protocol=superchat")), &options, &ws));
    CHECK_STR(wio_websocket_subprotocol(ws), "superchat");
    wio_websocket_close(ws);
    int rc = wio_websocket_connect(ws_url(check_url("/ws-echo")), &options, &ws);
    CHECK(rc == -EPROTO || rc == -EIO);
    CHECK(!ws);
}

TEST(bad_urls_subprotocols_and_codes_are_refused) {
    wio_websocket *ws = NULL;
    const char *const twice[] = {"a", "a", NULL};
    wio_websocket_options options = {.subprotocols = twice};
    CHECK_EQ(wio_websocket_connect("no url at all", NULL, &ws), -EINVAL);
    CHECK_EQ(wio_websocket_connect("ftp://127.0.0.1/", NULL, &ws), -EINVAL);
    CHECK_EQ(wio_websocket_connect(ws_url(check_url("/ws-echo")), &options, &ws), -EINVAL);
    CHECK_EQ(wio_websocket_connect(NULL, NULL, &ws), -EINVAL);
    ws = connect_to("/ws-echo");
    REQUIRE(ws);
    CHECK_EQ(wio_websocket_send_text(ws, "\xff\xfe"), -EINVAL);
    CHECK_HAS(words(), "UTF-8");
    CHECK_EQ(wio_websocket_send_text(ws, NULL), -EINVAL);
    CHECK_EQ(wio_websocket_close_with(ws, 1001, NULL), -EINVAL);
    char reason[125];
    memset(reason, 'x', 124);
    reason[124] = '\0';
    CHECK_EQ(wio_websocket_close_with(ws, 3000, reason), -EINVAL);
    wio_websocket_close(ws);
    wio_message message;
    CHECK_EQ(wio_websocket_receive(ws, &message), -EINVAL); /* stale */
    CHECK_EQ(wio_websocket_send(ws, "x", 1), -EINVAL);
}

TEST(header_injection_is_refused) {
    const wio_header bad[] = {{"X-One", "a\r\nX-Two: b"}, {NULL, NULL}};
    wio_websocket_options options = {.headers = bad};
    wio_websocket *ws = NULL;
    CHECK_EQ(wio_websocket_connect(ws_url(check_url("/ws-echo")), &options, &ws), in_browser() ? -ENOTSUP : -EINVAL);
    CHECK(!ws);
}

TEST(headers_are_sent_where_the_host_can) {
    const wio_header headers[] = {{"X-Token", "secret"}, {NULL, NULL}};
    wio_websocket_options options = {.headers = headers};
    wio_websocket *ws = NULL;
    int rc = wio_websocket_connect(ws_url(check_url("/ws-echo")), &options, &ws);
    if (in_browser()) {
        CHECK_EQ(rc, -ENOTSUP);
        return;
    }
    CHECK_OK(rc);
    wio_websocket_close(ws);
    wio_response *response = NULL;
    char *text = NULL;
    CHECK_OK(wio_fetch(check_url("/stats"), NULL, &response));
    CHECK(wio_response_text(response, &text) > 0);
    CHECK_HAS(text, "\"x-token\":\"secret\"");
    free(text);
    wio_response_close(response);
}

TEST(pings_are_answered_where_the_host_can_send_them) {
    wio_websocket *ws = connect_to("/ws-echo");
    REQUIRE(ws);
    CHECK_EQ(wio_websocket_ping(ws), in_browser() ? -ENOTSUP : 0);
    wio_websocket_close(ws);
}

TEST(a_message_too_long_ends_the_connection) {
    wio_websocket_options options = {.max_message = 1000};
    wio_websocket *ws = NULL;
    CHECK_OK(wio_websocket_connect(ws_url(check_url("/ws-flood/3?size=1001")), &options, &ws));
    REQUIRE(ws);
    wio_message message;
    CHECK_EQ(wio_websocket_receive(ws, &message), -EMSGSIZE);
    CHECK_HAS(words(), "max_message");
    wio_websocket_close(ws);
}

TEST(frames_against_the_rules) {
    for (int i = 0; i < 2; i++) {
        wio_websocket *ws = connect_to(i ? "/ws-bad/utf8" : "/ws-bad/opcode");
        REQUIRE(ws);
        wio_message message;
        CHECK_OK(wio_websocket_send_text(ws, "go"));
        int rc = wio_websocket_receive(ws, &message);
        CHECK(rc == -EPROTO || (in_browser() && rc == -ECONNRESET));
        wio_websocket_close(ws);
    }
}

TEST(messages_that_nobody_receives_wait_at_the_sender_or_are_bounded) {
    wio_websocket_options options = {.max_queue = 1 << 20};
    wio_websocket *ws = NULL;
    CHECK_OK(wio_websocket_connect(ws_url(check_url("/ws-flood/400?size=100000")), &options, &ws));
    REQUIRE(ws);
    wio_message message;
    CHECK_EQ(wio_websocket_receive(ws, &message), 1);
    CHECK_OK(wio_sleep(1));
    int rc, n = 1;
    long sent = check_stat("sentBytes");
    while ((rc = wio_websocket_receive(ws, &message)) == 1) n++;
    if (in_browser()) {
        CHECK_EQ(rc, -ENOBUFS);
        CHECK_HAS(words(), "max_queue");
    } else {
        CHECK(sent < 30000000); /* of 40,000,000: what the sockets between hold */
        CHECK_EQ(rc, 0);
        CHECK_EQ(n, 400);
    }
    wio_websocket_close(ws);
}

TEST(a_sender_waits_for_a_slow_receiver) {
    wio_websocket *ws = connect_to("/ws-count");
    REQUIRE(ws);
    static char block[500000];
    int waited = 0;
    for (int i = 0; i < 40; i++) {
        double before = wio_time();
        REQUIRE(wio_websocket_send(ws, block, sizeof block) == 0);
        waited += wio_time() - before > 0.001;
    }
    CHECK(waited > 0);
    CHECK_OK(wio_websocket_send_text(ws, "end"));
    wio_message message;
    CHECK_EQ(wio_websocket_receive(ws, &message), 1);
    CHECK_STR(message.data, "done 20000000");
    CHECK_EQ(wio_websocket_close_with(ws, 1000, NULL), 1000);
}

static int receives(void *arg) {
    wio_message message;
    return wio_websocket_receive(arg, &message);
}

TEST(a_cancelled_receive_loses_nothing) {
    wio_websocket *ws = connect_to("/ws-echo");
    REQUIRE(ws);
    wio_message message;
    int rc = 0;
    WIO_TIMEOUT(0.05) { rc = wio_websocket_receive(ws, &message); }
    CHECK_EQ(rc, -ETIMEDOUT);
    for (char letter = 'a'; letter < 'f'; letter++) {
        wio_task *task = wio_create_task(receives, ws);
        CHECK_OK(wio_yield());
        CHECK_EQ(wio_websocket_receive(ws, &message), -EBUSY);
        CHECK_OK(wio_websocket_send(ws, &letter, 1));
        wio_task_cancel(task);
        CHECK_EQ(wio_await(task), -ECANCELED);
        CHECK_EQ(wio_websocket_receive(ws, &message), 1);
        CHECK_EQ(message.data[0], letter);
    }
    wio_websocket_close(ws);
}

TEST(given_back_while_a_task_receives) {
    wio_websocket *ws = connect_to("/ws-echo");
    REQUIRE(ws);
    wio_task *task = wio_create_task(receives, ws);
    CHECK_OK(wio_yield());
    wio_websocket_close(ws);
    CHECK_EQ(wio_await(task), -ECONNABORTED);
}

TEST(a_timeout_gives_the_attempt_up) {
    wio_websocket *ws = NULL;
    int rc = 0;
    WIO_TIMEOUT(0) { rc = wio_websocket_connect(ws_url(check_url("/ws-echo")), NULL, &ws); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(!ws);
    CHECK_EQ(check_stat("total"), 0);
}

TEST_OUTSIDE(needs_a_task) {
    wio_websocket *ws = NULL;
    CHECK_EQ(wio_websocket_connect("ws://127.0.0.1/", NULL, &ws), -EPERM);
}
