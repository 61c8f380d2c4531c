// hosts: node20 node26
// Streams over TLS, with a certificate made for these tests alone (localhost and 127.0.0.1, for a hundred years).
#include "check.h"

static const char certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBpTCCAUugAwIBAgIUX2lDL4vkNk0s1LN8gFN/NgSlAwowCgYIKoZIzj0EAwIw\n"
    "GTEXMBUGA1UEAwwOd2FzeW5jaW8gdGVzdHMwIBcNMjYxMTI1MDI1MjEyWhgPMjEy\n"
    "NjExMDEwMjUyMTJaMBkxFzAVBgNVBAMMDndhc3luY2lvIHRlc3RzMFkwEwYHKoZI\n"
    "zj0CAQYIKoZIzj0DAQcDQgAEc42QJkYVU4AJCkNcGjwc5TqHlnTDjGDimYMIzb62\n"
    "cBZVGt/pnTFPMrqXrgizgttLZwt032H6wAErIGEP5PMDMaNvMG0wHQYDVR0OBBYE\n"
    "FNvm/at0ra5KeOUvzvr5AaB7pzMmMB8GA1UdIwQYMBaAFNvm/at0ra5KeOUvzvr5\n"
    "AaB7pzMmMA8GA1UdEwEB/wQFMAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/\n"
    "AAABMAoGCCqGSM49BAMCA0gAMEUCIQD++bZu0SSVG6rbGrPwX2/Kdl7SZ4KqzyBT\n"
    "p1Utn1GiFAIgJ2BeJXZ2L9rRh+IczRzC5Vx/M90FSz91KtyZvKnxtLk=\n"
    "-----END CERTIFICATE-----\n";

static const char key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJ5LWUVbKrn6cu4w4\n"
    "A2GIo1NBwVdfK/exK/J1665tSfehRANCAARzjZAmRhVTgAkKQ1waPBzlOoeWdMOM\n"
    "YOKZgwjNvrZwFlUa3+mdMU8yupeuCLOC20tnC3TfYfrAASsgYQ/k8wMx\n"
    "-----END PRIVATE KEY-----\n";

static int echoes(wio_stream *stream, void *arg) {
    (void)arg;
    const char *line;
    long n;
    while ((n = wio_stream_readline(stream, &line)) > 0) {
        int rc = wio_stream_write(stream, line, (size_t)n);
        if (rc < 0 || (rc = wio_stream_drain(stream)) < 0) return rc;
    }
    return (int)n;
}

static const char *words(void) {
    const wio_error *error = wio_task_error(wio_current_task());
    return error ? error->message : "";
}

static wio_server *start(void) {
    wio_tcp_options options = {.tls = true, .certificate = certificate, .key = key};
    wio_server *server = NULL;
    CHECK_OK(wio_listen_with("127.0.0.1", 0, echoes, NULL, &options, &server));
    return server;
}

TEST(bytes_in_both_directions) {
    wio_server *server = start();
    REQUIRE(server);
    wio_tcp_options trusting = {.tls = true, .ca = certificate};
    wio_stream *stream;
    const char *line;
    static char block[200001];
    memset(block, 'x', sizeof block - 1);
    block[sizeof block - 1] = '\n';
    trusting.limit = sizeof block;
    for (int i = 0; i < 3; i++) {
        REQUIRE(wio_connect(i ? "127.0.0.1" : "localhost", wio_server_port(server), &trusting, &stream) == 0);
        CHECK_OK(wio_stream_printf(stream, "hello %d\n", i));
        CHECK_EQ(wio_stream_readline(stream, &line), 8);
        CHECK_OK(wio_stream_write(stream, block, 60000));
        CHECK_OK(wio_stream_write(stream, "\n", 1));
        CHECK_EQ(wio_stream_readline(stream, &line), 60001);
        CHECK_OK(wio_stream_write_eof(stream));
        CHECK_EQ(wio_stream_readline(stream, &line), 0);
        CHECK_OK(wio_stream_wait_closed(stream));
    }
    CHECK_OK(wio_server_wait_closed(server));
}

TEST(a_certificate_that_nobody_trusts) {
    wio_server *server = start();
    REQUIRE(server);
    wio_stream *stream;
    CHECK_EQ(wio_connect("127.0.0.1", wio_server_port(server), &(wio_tcp_options){.tls = true}, &stream), -EPROTO);
    CHECK(!stream);
    CHECK(strlen(words()) > 5);
    CHECK_OK(wio_server_wait_closed(server));
}

TEST(a_certificate_of_somebody_else) {
    wio_server *server = start();
    REQUIRE(server);
    wio_stream *stream;
    wio_tcp_options options = {.tls = true, .ca = certificate, .server_name = "example.org"};
    CHECK_EQ(wio_connect("127.0.0.1", wio_server_port(server), &options, &stream), -EPROTO);
    CHECK_HAS(words(), "example.org");
    CHECK_OK(wio_server_wait_closed(server));
}

static int plain(wio_stream *stream, void *arg) {
    (void)arg;
    return wio_stream_printf(stream, "220 no TLS here\r\n");
}

TEST(a_server_that_speaks_no_tls) {
    wio_server *server;
    wio_stream *stream;
    CHECK_OK(wio_listen("127.0.0.1", 0, plain, NULL, &server));
    int rc = wio_connect("127.0.0.1", wio_server_port(server), &(wio_tcp_options){.tls = true}, &stream);
    CHECK(rc == -EPROTO || rc == -ECONNRESET);
    if (rc == -EPROTO) CHECK_HAS(words(), "TLS failed: wrong version number");
    CHECK(!stream);
    CHECK_OK(wio_server_wait_closed(server));
}

/* Says nothing, and counts the clients that have gone. */
static int gone;
static int silent(wio_stream *stream, void *arg) {
    (void)arg;
    char block[600];
    long n;
    while ((n = wio_stream_read(stream, block, sizeof block)) > 0) {
    }
    gone++;
    return n == -ECONNRESET ? 0 : (int)n;
}

static int connects(void *port) {
    wio_stream *stream;
    int rc = wio_connect("127.0.0.1", *(int *)port, &(wio_tcp_options){.tls = true}, &stream);
    CHECK(!stream);
    return rc;
}

TEST(a_server_that_never_answers_the_handshake) {
    wio_server *server;
    wio_stream *stream;
    CHECK_OK(wio_listen("127.0.0.1", 0, silent, NULL, &server));
    int port = wio_server_port(server);
    gone = 0;
    wio_tcp_options options = {.tls = true, .tls_handshake_timeout = 0.05};
    CHECK_EQ(wio_connect("127.0.0.1", port, &options, &stream), -ETIMEDOUT);
    CHECK(!stream);
    CHECK_HAS(words(), "127.0.0.1 did not finish the TLS handshake within 0.05 seconds");
    CHECK_EQ(wio_wait_for(connects, &port, 0.05), -ETIMEDOUT); /* the caller's own limit */
    wio_task *task = wio_create_task(connects, &port);
    CHECK_OK(wio_sleep(0.05));
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    for (int i = 0; i < 500 && gone < 3; i++) CHECK_OK(wio_sleep(0.01));
    CHECK_EQ(gone, 3);
    CHECK_OK(wio_server_wait_closed(server));
}

TEST(a_client_that_never_begins_the_handshake) {
    wio_tcp_options options = {.tls = true, .certificate = certificate, .key = key, .tls_handshake_timeout = 0.05};
    wio_server *server;
    wio_stream *stream;
    char byte;
    CHECK_OK(wio_listen_with("127.0.0.1", 0, echoes, NULL, &options, &server));
    REQUIRE(wio_connect("127.0.0.1", wio_server_port(server), NULL, &stream) == 0);
    long n = wio_stream_read(stream, &byte, 1);
    CHECK(n == 0 || n == -ECONNRESET);
    wio_stream_close(stream);
    CHECK_OK(wio_server_wait_closed(server));
}

TEST(a_handshake_ends_with_its_listener) {
    wio_server *server = start();
    wio_stream *streams[3];
    char byte;
    for (int i = 0; i < 3; i++) REQUIRE(wio_connect("127.0.0.1", wio_server_port(server), NULL, &streams[i]) == 0);
    CHECK_OK(wio_stream_printf(streams[0], "no TLS"));
    CHECK_OK(wio_sleep(0.05)); /* it has accepted them */
    CHECK_OK(wio_server_wait_closed(server));
    wio_stream_close(streams[0]); /* it may have had an alert */
    for (int i = 1; i < 3; i++) {
        long n = wio_stream_read(streams[i], &byte, 1);
        CHECK(n == 0 || n == -ECONNRESET);
        wio_stream_close(streams[i]);
    }
}

TEST(certificates_that_are_none) {
    wio_server *server;
    wio_tcp_options options = {.tls = true, .certificate = "nonsense", .key = "nonsense"};
    CHECK_EQ(wio_listen_with("127.0.0.1", 0, plain, NULL, &options, &server), -EPROTO);
    CHECK(!server);
    options.certificate = certificate;
    CHECK_EQ(wio_listen_with("127.0.0.1", 0, plain, NULL, &options, &server), -EPROTO);
}
