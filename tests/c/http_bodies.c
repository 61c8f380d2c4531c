// Bodies of sessions' requests and answers: every kind, in pieces and whole, and what is wrong with them.
#include "check.h"

static const char *words(void) {
    const wio_error *error = wio_task_error(wio_current_task());
    return error ? error->message : "";
}

static wio_session session;

static int open_here(void) {
    wio_session_options options = {0};
    options.base_url = check_base();
    session.inside = NULL;
    return wio_session_open(&session, &options);
}

static const char *body_of(wio_response *response) {
    static char copy[8192];
    char *text = NULL;
    int rc = wio_response_text(response, &text);
    snprintf(copy, sizeof copy, "%s", rc < 0 ? wio_error_name(rc) : text);
    free(text);
    wio_response_close(response);
    return copy;
}

static const char *sent(const char *url, const wio_request_options *options) {
    wio_response *response = NULL;
    int rc = wio_session_request(&session, url, options, &response);
    return rc < 0 ? wio_error_name(rc) : body_of(response);
}

static const char *got(const char *url) { return sent(url, NULL); }

/* byteAt() of tests/server/routes.js. */
static unsigned char byte_at(size_t i) { return (unsigned char)((i % 251 * 31 + 7) % 251); }

/* -------------------------------------------------------------------------------------------------- Requests --- */

TEST(a_body_from_memory) {
    wio_request_options options = {0};
    REQUIRE(open_here() == 0);
    options.body = "hello";
    const char *text = sent(check_url("/echo"), &options);
    CHECK_HAS(text, "\"method\":\"POST\"");
    CHECK_HAS(text, "\"body\":\"hello\"");
    CHECK_HAS(text, "\"content-length\":\"5\"");
    options.body_size = 2;
    options.method = "PUT";
    CHECK_HAS(sent(check_url("/echo"), &options), "\"body\":\"he\"");
    wio_session_close(&session);
}

TEST(a_body_in_json) {
    wio_request_options options = {0};
    wio_json *json = wio_json_new_object(), *list = wio_json_new_array();
    REQUIRE(open_here() == 0);
    CHECK_EQ(wio_json_put(json, "name", wio_json_new_string("gr\xc3\xbcn")), 0);
    CHECK_EQ(wio_json_put(list, NULL, wio_json_new_int(1)), 0);
    CHECK_EQ(wio_json_put(list, NULL, wio_json_new_real(2.5)), 0);
    CHECK_EQ(wio_json_put(json, "list", list), 0);
    options.json = json;
    const char *text = sent(check_url("/echo"), &options);
    CHECK_HAS(text, "\"content-type\":\"application/json\"");
    CHECK_HAS(text, "{\\\"name\\\":\\\"gr\xc3\xbcn\\\",\\\"list\\\":[1,2.5]}");
    wio_json_free(json);
    wio_session_close(&session);
}

TEST(a_form) {
    wio_request_options options = {0};
    wio_header form[] = {{"a", "1 2"}, {"b&", "\xc3\xbc="}, {NULL, NULL}};
    REQUIRE(open_here() == 0);
    options.form = form;
    const char *text = sent(check_url("/echo"), &options);
    CHECK_HAS(text, "\"content-type\":\"application/x-www-form-urlencoded\"");
    CHECK_HAS(text, "\"body\":\"a=1+2&b%26=%C3%BC%3D\"");
    wio_session_close(&session);
}

TEST(multipart) {
    wio_request_options options = {0};
    wio_part parts[] = {{"field", NULL, NULL, "value", 0},
                        {"file", "a\"b.bin", "application/x-own", "\0\1\2", 3},
                        {"empty", NULL, NULL, NULL, 0},
                        {NULL, NULL, NULL, NULL, 0}};
    REQUIRE(open_here() == 0);
    options.parts = parts;
    const char *text = sent(check_url("/echo"), &options);
    CHECK_HAS(text, "\"content-type\":\"multipart/form-data; boundary=wasyncio-");
    CHECK_HAS(text, "Content-Disposition: form-data; name=\\\"field\\\"\\r\\n\\r\\nvalue\\r\\n--wasyncio-");
    CHECK_HAS(text, "name=\\\"file\\\"; filename=\\\"a%22b.bin\\\"\\r\\nContent-Type: application/x-own\\r\\n\\r\\n"
                    "\\u0000\\u0001\\u0002\\r\\n--");
    CHECK_HAS(text, "name=\\\"empty\\\"\\r\\n\\r\\n\\r\\n--");
    parts[0].content_type = "text/plain\r\nX: y";
    CHECK_STR(sent(check_url("/echo"), &options), "EINVAL");
    CHECK_HAS(words(), "'field'");
    wio_session_close(&session);
}

TEST(two_kinds_of_body) {
    wio_request_options options = {0};
    wio_header form[] = {{NULL, NULL}};
    REQUIRE(open_here() == 0);
    options.form = form;
    options.body = "x";
    CHECK_STR(sent(check_url("/echo"), &options), "EINVAL");
    CHECK_HAS(words(), "more than one");
    wio_session_close(&session);
}

typedef struct {
    size_t at, total, piece;
    double pause;
    int fails;
} source;

static long produces(void *arg, void *buffer, size_t size) {
    source *self = (source *)arg;
    if (self->pause > 0 && wio_sleep(self->pause) < 0) return -ECANCELED;
    if (self->fails && self->at >= self->total) return wio_fail(self->fails, "the source is dry");
    if (size > self->piece) size = self->piece;
    if (size > self->total - self->at) size = self->total - self->at;
    for (size_t i = 0; i < size; i++) ((unsigned char *)buffer)[i] = byte_at(self->at + i);
    self->at += size;
    return (long)size;
}

static const char *uploaded(const char *path, source *from, size_t size, wio_progress *progress) {
    wio_request_options options = {0};
    options.produce = produces;
    options.produce_arg = from;
    options.body_size = size;
    options.progress = progress;
    return sent(check_url("%s", path), &options);
}

TEST(a_body_as_it_is_produced) {
    source from = {0, 1000000, 10007, 0, 0};
    wio_progress progress;
    REQUIRE(open_here() == 0);
    CHECK_STR(uploaded("/sink", &from, 0, &progress), "1000000 0");
    CHECK_EQ(progress.sent, 1000000);
    CHECK_EQ(progress.send_size, -1);
    CHECK_EQ(progress.received, 9);
    from.at = 0;
    CHECK_STR(uploaded("/sink", &from, 1000000, &progress), "1000000 0");
    CHECK_EQ(progress.send_size, 1000000);
    from.at = from.total = 0;
    CHECK_STR(uploaded("/sink", &from, 0, NULL), "0 0");
    wio_session_close(&session);
}

TEST(a_producer_may_wait) {
    source from = {0, 50, 10, 0.02, 0};
    REQUIRE(open_here() == 0);
    CHECK_STR(uploaded("/sink", &from, 0, NULL), "50 0");
    wio_session_close(&session);
}

TEST(a_producer_may_fail) {
    source from = {0, 100000, 1000, 0, -EPROTO};
    wio_response *response = NULL;
    wio_request_options options = {0};
    options.produce = produces;
    options.produce_arg = &from;
    REQUIRE(open_here() == 0);
    CHECK_EQ(wio_session_request(&session, check_url("/sink"), &options, &response), -EPROTO);
    CHECK_STR(words(), "the source is dry");
    CHECK(!response);
    if (!check_in_browser()) CHECK_EQ(check_stat_until("aborted", 1), 1);
    wio_session_close(&session);
}

static long fails_plainly(void *arg, void *buffer, size_t size) {
    (void)arg, (void)buffer, (void)size;
    return -EBUSY;
}

TEST(a_producer_that_fails_without_words_does_not_get_those_of_another_error) {
    wio_request_options options = {.produce = fails_plainly};
    REQUIRE(open_here() == 0);
    CHECK_STR(got("http://[::bad"), "EINVAL");
    CHECK_STR(sent(check_url("/sink"), &options), "EBUSY");
    CHECK_EQ(wio_task_error(wio_current_task())->code, -EBUSY);
    CHECK_STR(words(), wio_error_text(-EBUSY));
    wio_session_close(&session);
}

TEST(methods_are_sent_in_capitals) {
    wio_request_options options = {.method = "get"};
    REQUIRE(open_here() == 0);
    CHECK_HAS(sent(check_url("/echo"), &options), "\"method\":\"GET\"");
    options = (wio_request_options){.method = "Patch", .body = "x"};
    CHECK_HAS(sent(check_url("/echo"), &options), "\"method\":\"PATCH\"");
    wio_session_close(&session);
}

TEST(a_producer_that_does_not_keep_its_word) {
    source less = {0, 100, 100, 0, 0}, more = {0, 100, 100, 0, 0};
    REQUIRE(open_here() == 0);
    CHECK_STR(uploaded("/sink", &less, 101, NULL), "EINVAL");
    CHECK_HAS(words(), "body_size");
    CHECK_STR(uploaded("/sink", &more, 99, NULL), "EINVAL");
    wio_session_close(&session);
}

/* The server reads 64 KB, then pauses; in Node the producer must not run far ahead. */
TEST(a_slow_server_holds_the_producer_back) {
    source from = {0, 64 * 1024 * 1024, 64 * 1024, 0, 0};
    wio_request_options options = {0};
    wio_response *response = NULL;
    options.produce = produces;
    options.produce_arg = &from;
    int rc = 0;
    REQUIRE(open_here() == 0);
    if (check_in_browser()) from.total = 1000000;
    WIO_TIMEOUT(0.5) {
        rc = wio_session_request(&session, check_url("/sink?each=65536&pause=60000"), &options, &response);
    }
    CHECK_EQ(rc, -ETIMEDOUT);
    if (!check_in_browser()) {
        CHECK(from.at < 32 * 1024 * 1024);
        CHECK(check_stat("receivedBytes") > 0);
    }
    wio_session_close(&session);
}

TEST(an_answer_before_the_body_has_ended) {
    source from = {0, 1024 * 1024 * 1024, 65536, 0.001, 0};
    REQUIRE(open_here() == 0);
    if (check_in_browser()) from.total = 1000;
    from.pause = check_in_browser() ? 0 : 0.001;
    const char *text = uploaded("/refuse", &from, 0, NULL);
    /* A browser may lose the answer of a server that has closed. */
    CHECK(strcmp(text, "too much") == 0 || (check_in_browser() && strcmp(text, "EIO") == 0));
    CHECK(from.at < 512 * 1024 * 1024);
    wio_session_close(&session);
}

TEST(progress_of_a_body_in_memory) {
    enum { SIZE = 300000 };
    wio_request_options options = {0};
    wio_progress progress;
    unsigned char *body = (unsigned char *)malloc(SIZE);
    REQUIRE(open_here() == 0);
    for (size_t i = 0; i < SIZE; i++) body[i] = byte_at(i);
    options.body = body;
    options.body_size = SIZE;
    options.progress = &progress;
    CHECK_STR(sent(check_url("/sink"), &options), "300000 0");
    CHECK_EQ(progress.sent, SIZE);
    CHECK_EQ(progress.send_size, SIZE);
    free(body);
    wio_session_close(&session);
}

/* -------------------------------------------------------------------------------------------------- Answers --- */

TEST(progress_of_an_answer) {
    wio_request_options options = {0};
    wio_response *response = NULL;
    wio_progress progress;
    char buffer[1000];
    options.progress = &progress;
    REQUIRE(open_here() == 0);
    REQUIRE(wio_session_request(&session, check_url("/bytes/10000?length"), &options, &response) == 0);
    CHECK_EQ(progress.receive_size, 10000);
    CHECK_EQ(progress.received, 0);
    long n = wio_response_read(response, buffer, sizeof buffer);
    CHECK_EQ(progress.received, n);
    while ((n = wio_response_read(response, buffer, sizeof buffer)) > 0) {
    }
    CHECK_EQ(progress.received, 10000);
    wio_response_close(response);
    wio_session_close(&session);
}

TEST(all_bytes) {
    wio_response *response = NULL;
    void *data = NULL;
    size_t wrong = 0;
    REQUIRE(open_here() == 0);
    REQUIRE(wio_session_get(&session, check_url("/bytes/100000"), &response) == 0);
    REQUIRE(wio_response_bytes(response, &data) == 100000);
    for (size_t i = 0; i < 100000; i++) wrong += ((unsigned char *)data)[i] != byte_at(i);
    CHECK_EQ(wrong, 0);
    CHECK_EQ(wio_response_bytes(response, NULL), -EINVAL);
    free(data);
    wio_response_close(response);
    wio_session_close(&session);
}

TEST(compressed_bytes) {
    static const char *const codings[] = {"gzip", "deflate", "br"};
    REQUIRE(open_here() == 0);
    for (int i = 0; i < 3; i++) {
        wio_response *response = NULL;
        void *data = NULL;
        size_t wrong = 0;
        REQUIRE(wio_session_get(&session, check_url("/coded/%s/300000", codings[i]), &response) == 0);
        CHECK_EQ(wio_response_bytes(response, &data), 300000);
        for (size_t k = 0; data && k < 300000; k++) wrong += ((unsigned char *)data)[k] != byte_at(k);
        CHECK_EQ(wrong, 0);
        free(data);
        wio_response_close(response);
    }
    wio_session_close(&session);
}

TEST(lines) {
    wio_response *response = NULL;
    const char *line = "";
    char rest[64];
    REQUIRE(open_here() == 0);
    REQUIRE(wio_session_get(&session, check_url("/chunks/5?gap=5"), &response) == 0);
    CHECK_EQ(wio_response_line(response, &line), 8);
    CHECK_STR(line, "chunk 0\n");
    CHECK_EQ(wio_response_line(response, &line), 8);
    CHECK_STR(line, "chunk 1\n");
    CHECK_EQ(wio_response_read(response, rest, 3), 3);
    CHECK(memcmp(rest, "chu", 3) == 0);
    CHECK_EQ(wio_response_line(response, &line), 5);
    CHECK_STR(line, "nk 2\n");
    CHECK_EQ(wio_response_line(response, &line), 8);
    CHECK_EQ(wio_response_line(response, &line), 8);
    CHECK_STR(line, "chunk 4\n");
    CHECK_EQ(wio_response_line(response, &line), 0);
    CHECK(!line);
    CHECK_EQ(wio_response_line(NULL, &line), -EINVAL);
    CHECK_EQ(wio_response_line(response, NULL), -EINVAL);
    wio_response_close(response);
    wio_session_close(&session);
}

TEST(lines_without_a_last_newline_and_empty_ones) {
    wio_response *response = NULL;
    const char *line = "";
    REQUIRE(open_here() == 0);
    REQUIRE(wio_session_get(&session, check_url("/raw?hex=0a610a0a62"), &response) == 0);
    CHECK_EQ(wio_response_line(response, &line), 1);
    CHECK_EQ(wio_response_line(response, &line), 2);
    CHECK_STR(line, "a\n");
    CHECK_EQ(wio_response_line(response, &line), 1);
    CHECK_EQ(wio_response_line(response, &line), 1);
    CHECK_STR(line, "b");
    CHECK_EQ(wio_response_line(response, &line), 0);
    wio_response_close(response);
    wio_session_close(&session);
}

TEST(a_line_without_an_end) {
    wio_response *response = NULL;
    const char *line = "";
    REQUIRE(open_here() == 0);
    REQUIRE(wio_session_get(&session, check_url("/coded/gzip/10000"), &response) == 0);
    while (wio_response_line(response, &line) > 0) {
    }
    wio_response_close(response);
    REQUIRE(wio_session_get(&session, check_url("/endless-line"), &response) == 0);
    CHECK_EQ(wio_response_line(response, &line), -EMSGSIZE);
    wio_response_close(response);
    wio_session_close(&session);
}

/* -------------------------------------------------------------------------------------------------- Charsets --- */

TEST(text_of_other_charsets) {
    REQUIRE(open_here() == 0);
    CHECK_STR(got(check_url("/raw?type=text/plain;charset=iso-8859-1&hex=6772fc6e")), "gr\xc3\xbcn");
    CHECK_STR(got(check_url("/raw?type=text/plain;charset=windows-1252&hex=938094e4")),
              "\xe2\x80\x9c\xe2\x82\xac\xe2\x80\x9d\xc3\xa4");
    CHECK_STR(got(check_url("/raw?type=text/plain;charset=latin1&hex=85")), "\xe2\x80\xa6");
    CHECK_STR(got(check_url("/raw?type=text/plain;charset=%%22UTF-16LE%%22&hex=67007200fc006e00")), "gr\xc3\xbcn");
    CHECK_STR(got(check_url("/raw?type=text/plain;charset=shift_jis&hex=93fa967b")), "\xe6\x97\xa5\xe6\x9c\xac");
    CHECK_STR(got(check_url("/raw?type=text/plain;charset=utf-8&hex=6772c3bc6e")), "gr\xc3\xbcn");
    CHECK_STR(got(check_url("/raw?type=text/plain&hex=6772c3bc6e")), "gr\xc3\xbcn");
    wio_session_close(&session);
}

TEST(text_that_is_not_in_its_charset) {
    REQUIRE(open_here() == 0);
    CHECK_STR(got(check_url("/raw?type=text/plain;charset=utf-8&hex=6772fc6e")), "EILSEQ");
    CHECK_HAS(words(), "utf-8");
    CHECK_STR(got(check_url("/raw?type=text/plain;charset=none-such&hex=61")), "ENOTSUP");
    CHECK_HAS(words(), "'none-such'");
    wio_session_close(&session);
}

/* ------------------------------------------------------------------------------------------------------ JSON --- */

TEST(an_answer_in_json) {
    wio_json *json = NULL;
    REQUIRE(open_here() == 0);
    CHECK_EQ(wio_session_get_json(&session, check_url("/item/12"), &json), 0);
    CHECK_EQ(wio_json_int(json, "square"), 144);
    CHECK_STR(wio_json_string(json, "name"), "item 12");
    wio_json_free(json);
    CHECK_EQ(wio_session_get_json(&session, check_url("/status/404"), &json), -EREMOTEIO);
    CHECK(!json);
    CHECK_EQ(wio_session_get_json(&session, check_url("/ok"), &json), -EBADMSG);
    CHECK_HAS(words(), "line 1, column 2, byte 2");
    CHECK(!json);
    CHECK_EQ(wio_session_get_json(&session, check_url("/ok"), NULL), -EINVAL);
    CHECK_EQ(wio_response_json(NULL, &json), -EINVAL);
    wio_session_close(&session);
}

/* ------------------------------------------------------------------------------------------- What is refused --- */

TEST(header_injection_and_bad_methods) {
    wio_request_options options = {0};
    wio_header split[] = {{"X-A", "1\r\nX-B: 2"}, {NULL, NULL}}, name[] = {{"X-A\r\nX-B", "1"}, {NULL, NULL}};
    wio_header framing[] = {{"Content-Length", "7"}, {NULL, NULL}};
    REQUIRE(open_here() == 0);
    options.headers = split;
    CHECK_STR(sent(check_url("/ok"), &options), "EINVAL");
    CHECK_HAS(words(), "line break");
    options.headers = name;
    CHECK_STR(sent(check_url("/ok"), &options), "EINVAL");
    options.headers = framing;
    CHECK_STR(sent(check_url("/ok"), &options), "EINVAL");
    CHECK_HAS(words(), "Content-Length");
    options.headers = NULL;
    options.method = "GET /evil HTTP/1.1\r\nX:";
    CHECK_STR(sent(check_url("/ok"), &options), "EINVAL");
    options.method = "GET";
    options.body = "a body";
    CHECK_STR(sent(check_url("/ok"), &options), "EINVAL");
    CHECK_HAS(words(), "has no body");
    options.body = NULL;
    options.method = NULL;
    CHECK_STR(sent("http://[::bad", &options), "EINVAL");
    CHECK_STR(sent("http://user:secret@127.0.0.1/", &options), "EINVAL");
    CHECK_HAS(words(), "a URL must not have a user name or password");
    CHECK(!strstr(words(), "secret"));
    CHECK_EQ(check_stat("total"), 0);
    wio_session_close(&session);
}

/* --------------------------------------------------------------------------------------------------- Cookies --- */

TEST(cookies_are_kept_in_node) {
    wio_session other = {0};
    wio_request_options options = {0};
    wio_response *response = NULL;
    wio_header header;
    size_t cookies = 0;
    REQUIRE(open_here() == 0);
    if (!check_in_browser()) {
        REQUIRE(wio_session_get(&session, check_url("/cookies?set=a=1&set=b=2;Path=/cookies&set=c=3;Path=/other"),
                                &response) == 0);
        for (size_t i = 0; wio_response_header_at(response, i, &header); i++)
            cookies += !strcmp(header.name, "set-cookie");
        CHECK_EQ(cookies, 3);
        CHECK_STR(body_of(response), "");
        CHECK_STR(got(check_url("/cookies")), "b=2; a=1");
        CHECK_STR(got(check_url2("/cookies")), strcmp(check_base(), check_base2()) ? "" : "b=2; a=1");
        CHECK_STR(got(check_url("/cookies?set=b=;Path=/"
                                "cookies;Max-Age=0&set=d=4;Domain=example.org&set=e=5;Expires=Thu,%%2001%%20Jan%%"
                                "201970%%2000:00:00%%20GMT")),
                  "b=2; a=1");
        CHECK_STR(got(check_url("/cookies")), "a=1");
        options.credentials = WIO_CREDENTIALS_OMIT;
        CHECK_STR(sent(check_url("/cookies"), &options), "");
        /* Another session has its own. */
        REQUIRE(wio_session_open(&other, NULL) == 0);
        REQUIRE(wio_session_get(&other, check_url("/cookies"), &response) == 0);
        CHECK_STR(body_of(response), "");
        wio_session_close(&other);
    }
    wio_session_close(&session);
}
