// Sessions: base URL, headers, limits, times, repetitions, redirects, statuses.
#include "check.h"

static const char *words(void) {
    const wio_error *error = wio_task_error(wio_current_task());
    return error ? error->message : "";
}

/* The path of a URL of the test server, with its scope. */
static const char *path_of(const char *url) { return url + strlen(check_base()); }

static int open_here(wio_session *session, const wio_session_options *more) {
    wio_session_options options = {0};
    if (more) options = *more;
    options.base_url = check_base();
    return wio_session_open(session, &options);
}

/* The text of an answer, in a static buffer. */
static const char *body_of(wio_response *response) {
    static char copy[4096];
    char *text = NULL;
    int rc = wio_response_text(response, &text);
    snprintf(copy, sizeof copy, "%s", rc < 0 ? wio_error_name(rc) : text);
    free(text);
    wio_response_close(response);
    return copy;
}

static const char *get_text(wio_session *session, const char *url) {
    wio_response *response = NULL;
    int rc = wio_session_get(session, url, &response);
    return rc < 0 ? wio_error_name(rc) : body_of(response);
}

static int status_of(wio_session *session, const char *url, const wio_request_options *options) {
    wio_response *response = NULL;
    int rc = wio_session_request(session, url, options, &response);
    if (rc == 0) rc = wio_response_status(response);
    wio_response_close(response);
    return rc;
}

/* ------------------------------------------------------------------------------------------- Opening, URLs --- */

TEST(a_path_is_relative_to_the_base_url) {
    wio_session session = {0};
    REQUIRE(open_here(&session, NULL) == 0);
    CHECK_STR(get_text(&session, path_of(check_url("/ok"))), "ok");
    CHECK_STR(get_text(&session, path_of(check_url("/delay/1?a=1")) + 1), "a=1");
    CHECK_STR(get_text(&session, check_url2("/ok")), "ok");
    wio_session_close(&session);
    CHECK_EQ(check_stat("total"), 3);
}

TEST(without_a_base_url) {
    wio_session session = {0};
    REQUIRE(wio_session_open(&session, NULL) == 0);
    CHECK_STR(get_text(&session, check_url("/ok")), "ok");
    wio_session_close(&session);
    wio_session_close(&session);
    wio_session_close(NULL);
}

TEST(what_cannot_be_opened) {
    wio_session session = {0};
    wio_header split[] = {{"X-Evil", "a\r\nX-More: b"}, {NULL, NULL}};
    wio_session_options no_scheme = {0}, bad_header = {0}, bad_time = {0};
    no_scheme.base_url = "127.0.0.1";
    bad_header.headers = split;
    bad_time.timeouts.total = NAN;
    CHECK_EQ(wio_session_open(NULL, NULL), -EINVAL);
    CHECK_EQ(wio_session_open(&session, &no_scheme), -EINVAL);
    CHECK_HAS(words(), "http://");
    CHECK_EQ(wio_session_open(&session, &bad_header), -EINVAL);
    CHECK_HAS(words(), "X-Evil");
    CHECK_EQ(wio_session_open(&session, &bad_time), -EINVAL);
    CHECK(!session.inside);
    CHECK_EQ(wio_session_open(&session, NULL), 0);
    CHECK_EQ(wio_session_open(&session, NULL), -EINVAL);
    wio_session_close(&session);
}

TEST(a_session_that_is_not_open) {
    wio_session session = {0};
    wio_response *response = (wio_response *)-1;
    CHECK_EQ(wio_session_get(&session, check_url("/ok"), &response), -EPERM);
    CHECK(!response);
    CHECK_EQ(wio_session_get(NULL, check_url("/ok"), &response), -EINVAL);
    CHECK_EQ(wio_session_get(&session, NULL, &response), -EINVAL);
    CHECK_EQ(wio_session_get(&session, check_url("/ok"), NULL), -EINVAL);
}

TEST(a_query_is_encoded) {
    wio_session session = {0};
    wio_header query[] = {{"name", "a b&c=d"}, {"gr\xc3\xbcn", "\xe2\x82\xac"}, {"none", NULL}, {NULL, NULL}};
    wio_request_options options = {0};
    wio_response *response = NULL;
    options.query = query;
    REQUIRE(open_here(&session, NULL) == 0);
    REQUIRE(wio_session_request(&session, path_of(check_url("/delay/1")), &options, &response) == 0);
    CHECK_STR(body_of(response), "name=a+b%26c%3Dd&gr%C3%BCn=%E2%82%AC&none=");
    wio_session_close(&session);
}

/* -------------------------------------------------------------------------------------------------- Headers --- */

TEST(default_headers_and_those_of_a_request) {
    wio_session session = {0};
    wio_header common[] = {{"X-Common", "1"}, {"X-Replaced", "old"}, {"X-Removed", "1"}, {NULL, NULL}};
    wio_header own[] = {{"x-replaced", "new"}, {"x-removed", NULL}, {"X-Own", "2"}, {NULL, NULL}};
    wio_session_options settings = {0};
    wio_request_options options = {0};
    wio_response *response = NULL;
    settings.headers = common;
    options.headers = own;
    REQUIRE(open_here(&session, &settings) == 0);
    common[0].value = "changed"; /* it was copied */
    REQUIRE(wio_session_request(&session, path_of(check_url("/echo")), &options, &response) == 0);
    const char *text = body_of(response);
    CHECK_HAS(text, "\"x-common\":\"1\"");
    CHECK_HAS(text, "\"x-replaced\":\"new\"");
    CHECK_HAS(text, "\"x-own\":\"2\"");
    CHECK(!strstr(text, "x-removed"));
    CHECK(!strstr(text, "old"));
    wio_session_close(&session);
}

TEST(all_headers_in_turn) {
    wio_session session = {0};
    wio_response *response = NULL;
    wio_header header = {"untouched", NULL};
    size_t count = 0, found = 0;
    REQUIRE(open_here(&session, NULL) == 0);
    REQUIRE(wio_session_get(&session, path_of(check_url("/headers")), &response) == 0);
    for (; wio_response_header_at(response, count, &header); count++) {
        found += strcmp(header.name, "x-multi") == 0 && strcmp(header.value, "a, b, c") == 0;
        found += strcmp(header.name, "x-empty") == 0 && strcmp(header.value, "") == 0;
        CHECK_STR(wio_response_header(response, header.name), header.value);
    }
    CHECK_EQ(found, 2);
    CHECK(count >= 5);
    CHECK(!wio_response_header_at(response, count + 5, &header));
    CHECK(!wio_response_header_at(NULL, 0, &header));
    CHECK(!wio_response_header_at(response, 0, NULL));
    wio_response_close(response);
    wio_session_close(&session);
}

/* --------------------------------------------------------------------------------------------------- Limits --- */

enum { MANY = 60 };

typedef struct {
    wio_session *session;
    char url[256];
    int rc;
} job;

static int gets(void *arg) {
    job *self = (job *)arg;
    wio_response *response = NULL;
    self->rc = wio_session_get(self->session, self->url, &response);
    if (self->rc == 0) body_of(response);
    return self->rc;
}

static job jobs[MANY];

static void fill(wio_session *session, const char *path) {
    for (int i = 0; i < MANY; i++) {
        jobs[i].session = session;
        jobs[i].rc = 1;
        snprintf(jobs[i].url, sizeof jobs[i].url, "%s", i % 2 ? check_url(path, i) : check_url2(path, i));
    }
}

TEST(never_more_than_the_limit) {
    wio_session session = {0};
    wio_session_options settings = {0};
    settings.limit = 5;
    REQUIRE(open_here(&session, &settings) == 0);
    fill(&session, "/item/%d?delay=10");
    CHECK_EQ(WIO_GATHER_EACH(gets, jobs), 0);
    for (int i = 0; i < MANY; i++) CHECK_EQ(jobs[i].rc, 0);
    CHECK_EQ(check_stat("paths|/item|most"), 5);
    CHECK_EQ(check_stat("paths|/item|total"), MANY);
    wio_session_close(&session);
}

TEST(never_more_than_the_limit_of_a_host) {
    wio_session session = {0};
    wio_session_options settings = {0};
    settings.limit_per_host = 2;
    REQUIRE(open_here(&session, &settings) == 0);
    fill(&session, "/item/%d?delay=10");
    CHECK_EQ(WIO_GATHER_EACH(gets, jobs), 0);
    bool two = strcmp(check_base(), check_base2()) != 0;
    CHECK_EQ(check_stat("paths|/item|most"), two ? 4 : 2);
    wio_session_close(&session);
}

/* A slow host must not hold the permits that another could use. */
TEST(a_busy_host_does_not_stop_another) {
    wio_session session = {0};
    wio_session_options settings = {0};
    static job slow[3], fast;
    settings.limit = 2;
    settings.limit_per_host = 1;
    if (strcmp(check_base(), check_base2()) == 0) return;
    REQUIRE(open_here(&session, &settings) == 0);
    for (int i = 0; i < 3; i++) {
        slow[i].session = &session;
        snprintf(slow[i].url, sizeof slow[i].url, "%s", check_url("/delay/300"));
    }
    fast.session = &session;
    snprintf(fast.url, sizeof fast.url, "%s", check_url2("/ok"));
    double start = wio_time(), took = 0;
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < 3; i++) wio_group_create_task(&group, gets, &slow[i]);
        wio_yield();
        CHECK_EQ(gets(&fast), 0);
        took = wio_time() - start;
    }
    CHECK(took < wio_time() - start - 0.3);
    wio_session_close(&session);
}

TEST(an_answer_counts_until_it_is_closed) {
    wio_session session = {0};
    wio_session_options settings = {0};
    wio_response *first = NULL, *second = NULL;
    int rc = 0;
    settings.limit = 1;
    REQUIRE(open_here(&session, &settings) == 0);
    REQUIRE(wio_session_get(&session, path_of(check_url("/ok?1")), &first) == 0);
    WIO_TIMEOUT(0.1) { rc = wio_session_get(&session, path_of(check_url("/ok?2")), &second); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(check_stat("total"), 1);
    wio_response_close(first);
    CHECK_EQ(wio_session_get(&session, path_of(check_url("/ok?3")), &second), 0);
    CHECK_STR(body_of(second), "ok");
    wio_session_close(&session);
}

/* --------------------------------------------------------------------------------------------------- Times --- */

static void times_out(const wio_timeouts *timeouts, const char *path, const char *why) {
    wio_session session = {0};
    wio_session_options settings = {0};
    wio_response *response = (wio_response *)-1;
    settings.timeouts = *timeouts;
    REQUIRE(open_here(&session, &settings) == 0);
    CHECK_EQ(wio_session_get(&session, path_of(check_url("%s", path)), &response), -ETIMEDOUT);
    CHECK(!response);
    CHECK_HAS(words(), why);
    CHECK_EQ(wio_yield(), 0); /* outside it is as if nothing had been */
    wio_session_close(&session);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
}

TEST(total_timeout) {
    wio_timeouts timeouts = {0.6, 0, 0};
    times_out(&timeouts, "/hang", "total timeout");
}

TEST(read_timeout_before_the_answer) {
    wio_timeouts timeouts = {0, 0, 0.6};
    times_out(&timeouts, "/hang", "read timeout");
}

static void times_out_in_body(const wio_timeouts *timeouts, const char *why) {
    wio_session session = {0};
    wio_session_options settings = {0};
    wio_response *response = NULL;
    char buffer[64];
    long n = 0, size = 0;
    settings.timeouts = *timeouts;
    REQUIRE(open_here(&session, &settings) == 0);
    REQUIRE(wio_session_get(&session, path_of(check_url("/hang-body")), &response) == 0);
    while ((n = wio_response_read(response, buffer, sizeof buffer)) > 0) size += n;
    CHECK_EQ(n, -ETIMEDOUT);
    CHECK_HAS(words(), why);
    CHECK_EQ(size, 10);
    CHECK_EQ(wio_response_read(response, buffer, sizeof buffer), -ETIMEDOUT);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
    wio_response_close(response);
    wio_session_close(&session);
}

TEST(total_timeout_in_the_body) {
    wio_timeouts timeouts = {2, 0, 0};
    times_out_in_body(&timeouts, "total timeout");
}

TEST(read_timeout_in_the_body) {
    wio_timeouts timeouts = {0, 0, 2};
    times_out_in_body(&timeouts, "read timeout");
}

TEST(connect_timeout_in_line) {
    wio_session session = {0};
    wio_session_options settings = {0};
    wio_response *first = NULL, *second = NULL;
    settings.limit = 1;
    settings.timeouts.connect = 1;
    REQUIRE(open_here(&session, &settings) == 0);
    REQUIRE(wio_session_get(&session, path_of(check_url("/ok?1")), &first) == 0);
    CHECK_EQ(wio_session_get(&session, path_of(check_url("/ok?2")), &second), -ETIMEDOUT);
    CHECK_HAS(words(), "no permit");
    CHECK_HAS(words(), "connect timeout");
    const wio_request_options total = {.timeouts = {.total = 1, .connect = -1}};
    CHECK_EQ(wio_session_request(&session, path_of(check_url("/ok?3")), &total, &second), -ETIMEDOUT);
    CHECK_HAS(words(), "no permit");
    CHECK_HAS(words(), "total timeout");
    wio_response_close(first);
    /* It does not limit what comes after the connection. */
    CHECK_STR(get_text(&session, path_of(check_url("/delay/400?x=1"))), "x=1");
    wio_session_close(&session);
}

TEST(a_request_has_times_of_its_own) {
    wio_session session = {0};
    wio_session_options settings = {0};
    wio_request_options options = {0};
    settings.timeouts.total = 0.05;
    options.timeouts.total = -1;
    REQUIRE(open_here(&session, &settings) == 0);
    CHECK_EQ(status_of(&session, path_of(check_url("/delay/200")), &options), 200);
    wio_session_close(&session);
}

/* The caller's own timeout is not the session's. */
TEST(an_outer_timeout) {
    wio_session session = {0};
    wio_response *response = NULL;
    int rc = 0;
    REQUIRE(open_here(&session, NULL) == 0);
    WIO_TIMEOUT(0.5) { rc = wio_session_get(&session, path_of(check_url("/hang")), &response); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(wio_timeout_expired());
    CHECK(!strstr(words(), "total"));
    wio_session_close(&session);
}

/* ------------------------------------------------------------------------------------------------ Repetition --- */

static const wio_retries thrice = {3, 0.01, 0.1, false};

static void repeats(const char *path, const wio_request_options *given, const char *text, long requests) {
    wio_session session = {0};
    wio_session_options settings = {0};
    wio_response *response = NULL;
    settings.retries = thrice;
    REQUIRE(open_here(&session, &settings) == 0);
    int rc = wio_session_request(&session, path_of(check_url("%s", path)), given, &response);
    CHECK_STR(rc < 0 ? wio_error_name(rc) : body_of(response), text);
    wio_session_close(&session);
    CHECK_EQ(check_stat("paths|/flaky|total"), requests);
}

TEST(repeats_after_503) { repeats("/flaky/2/503", NULL, "after 2", 3); }
TEST(repeats_after_a_reset) { repeats("/flaky/2/reset", NULL, "after 2", 3); }
TEST(gives_up_and_returns_the_last_answer) { repeats("/flaky/9/503", NULL, "not now", 4); }
TEST(does_not_repeat_after_404) { repeats("/flaky/2/404", NULL, "not now", 1); }

TEST(does_not_repeat_a_post) {
    wio_request_options options = {0};
    options.body = "once";
    repeats("/flaky/2/503", &options, "not now", 1);
}

TEST(repeats_a_post_if_asked_to) {
    wio_request_options options = {0};
    wio_retries any = thrice;
    any.any_method = true;
    options.body = "again";
    options.retries = &any;
    repeats("/flaky/2/503", &options, "after 2", 3);
}

TEST(a_request_may_want_no_repetition) {
    wio_request_options options = {0};
    wio_retries none = {0};
    options.retries = &none;
    repeats("/flaky/2/503", &options, "not now", 1);
}

TEST(the_server_says_when) {
    wio_request_options options = {0};
    wio_retries retries = {1, 0.01, 5, false};
    options.retries = &retries;
    double start = wio_time();
    repeats("/flaky/1/429?after=1", &options, "after 1", 2);
    CHECK(wio_time() - start >= 0.99);
}

TEST(a_read_timeout_is_repeated_within_the_total_one) {
    wio_session session = {0};
    wio_session_options settings = {0};
    wio_response *response = NULL;
    settings.retries.times = 1000;
    settings.retries.delay = 0.01;
    settings.timeouts.read = 0.05;
    settings.timeouts.total = 0.6;
    REQUIRE(open_here(&session, &settings) == 0);
    CHECK_EQ(wio_session_get(&session, path_of(check_url("/hang")), &response), -ETIMEDOUT);
    wio_session_close(&session);
    CHECK(check_stat("total") >= 2);
}

/* ----------------------------------------------------------------------------------------- Redirects, status --- */

static int redirected(wio_redirects how, const char *path, const char **words_out) {
    wio_session session = {0};
    wio_session_options settings = {0};
    settings.redirects = how;
    if (open_here(&session, &settings) < 0) return -1;
    int rc = status_of(&session, path_of(check_url("%s", path)), NULL);
    if (words_out) *words_out = words();
    wio_session_close(&session);
    return rc;
}

TEST(redirects_followed) { CHECK_EQ(redirected(WIO_REDIRECTS_FOLLOW, "/redirect?to=/ok", NULL), 200); }

TEST(redirects_refused) {
    int rc = redirected(WIO_REDIRECTS_FAIL, "/redirect?to=/ok", NULL);
    CHECK_EQ(rc, check_in_browser() ? -EIO : -ELOOP);
    CHECK_EQ(check_stat("paths|/ok|total"), 0);
}

TEST(redirects_returned) {
    int rc = redirected(WIO_REDIRECTS_RETURN, "/redirect?to=/ok", NULL);
    CHECK_EQ(rc, check_in_browser() ? -ENOTSUP : 302);
    CHECK_EQ(check_stat("paths|/ok|total"), 0);
}

TEST(too_many_redirects) {
    int rc = redirected(WIO_REDIRECTS_FOLLOW, "/loop", NULL);
    CHECK_EQ(rc, check_in_browser() ? -EIO : -ELOOP);
    if (!check_in_browser()) CHECK_EQ(check_stat("total"), 11);
}

TEST(a_post_that_is_redirected) {
    static const int codes[] = {301, 302, 303, 307, 308};
    wio_session session = {0};
    wio_request_options options = {0};
    options.body = "the body";
    REQUIRE(open_here(&session, NULL) == 0);
    for (int i = 0; i < 5; i++) {
        wio_response *response = NULL;
        REQUIRE(wio_session_request(&session, path_of(check_url("/redirect?code=%d&to=/echo", codes[i])), &options,
                                    &response) == 0);
        CHECK_HAS(wio_response_url(response), "/echo");
        const char *text = body_of(response);
        CHECK_HAS(text, codes[i] < 304 ? "\"method\":\"GET\"" : "\"method\":\"POST\"");
        CHECK_HAS(text, codes[i] < 304 ? "\"body\":\"\"" : "\"body\":\"the body\"");
    }
    wio_session_close(&session);
}

TEST(statuses_as_errors) {
    wio_session session = {0};
    wio_session_options settings = {0};
    wio_request_options options = {0};
    wio_response *response = NULL;
    const bool no = false;
    settings.raise_for_status = true;
    options.raise_for_status = &no;
    REQUIRE(open_here(&session, &settings) == 0);
    CHECK_EQ(wio_session_get(&session, path_of(check_url("/status/404")), &response), -EREMOTEIO);
    CHECK(!response);
    CHECK_HAS(words(), "status 404: http");
    CHECK_STR(wio_error_name(-EREMOTEIO), "EREMOTEIO");
    REQUIRE(wio_session_request(&session, path_of(check_url("/status/500")), &options, &response) == 0);
    CHECK_EQ(wio_response_raise_for_status(response), -EREMOTEIO);
    CHECK_STR(body_of(response), "status 500");
    CHECK_STR(get_text(&session, path_of(check_url("/ok"))), "ok");
    CHECK_EQ(wio_response_raise_for_status(NULL), -EINVAL);
    wio_session_close(&session);
}

/* ------------------------------------------------------------------------------------------------- Closing --- */

static int reads_on(void *arg) {
    wio_response *response = (wio_response *)arg;
    char buffer[64];
    long n;
    while ((n = wio_response_read(response, buffer, sizeof buffer)) > 0) {
    }
    return (int)n;
}

TEST(closing_ends_what_is_under_way) {
    wio_session session = {0};
    wio_session_options settings = {0};
    wio_response *response = NULL;
    job waiting = {0}, in_line = {0};
    char buffer[64];
    settings.limit = 2;
    REQUIRE(open_here(&session, &settings) == 0);
    REQUIRE(wio_session_get(&session, path_of(check_url("/hang-body")), &response) == 0);
    waiting.session = in_line.session = &session;
    snprintf(waiting.url, sizeof waiting.url, "%s", check_url("/hang?1"));
    snprintf(in_line.url, sizeof in_line.url, "%s", check_url("/hang?2"));
    wio_task *tasks[3] = {wio_create_task(gets, &waiting), wio_create_task(gets, &in_line),
                          wio_create_task(reads_on, response)};
    CHECK_EQ(check_stat_until("paths|/hang|total", 1), 1);
    wio_session_close(&session);
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_await(tasks[i]), -ECONNABORTED);
    CHECK_EQ(wio_response_read(response, buffer, sizeof buffer), -ECONNABORTED);
    wio_response_close(response);
    CHECK_EQ(check_stat_until("aborted", 2), 2);
    CHECK_EQ(check_stat("paths|/hang|total"), 1);
}

TEST(a_cancel_closes_the_connection_and_gives_the_permit_back) {
    wio_session session = {0};
    wio_session_options settings = {0};
    job waiting = {0};
    settings.limit = 1;
    REQUIRE(open_here(&session, &settings) == 0);
    waiting.session = &session;
    snprintf(waiting.url, sizeof waiting.url, "%s", check_url("/hang"));
    wio_task *task = wio_create_task(gets, &waiting);
    CHECK_EQ(check_stat_until("paths|/hang|total", 1), 1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
    CHECK_STR(get_text(&session, path_of(check_url("/ok"))), "ok");
    wio_session_close(&session);
}
