// The fault matrix: each kind of error at each state of a request, and the code that it always has. A browser does not
// tell why a connection failed: there it is EIO.
#include "check.h"

typedef struct {
    const char *name, *path;
    int in_node, in_browser; /* what comes of it */
    bool in_body;            /* the answer begins all the same */
} fault;

static const char *words(void) {
    const wio_error *error = wio_task_error(wio_current_task());
    return error ? error->message : "";
}

enum { READ, TEXT, LINE, BYTES, JSON, WAYS };

/* The way in which the body is read: with its error, or 0. */
static int read_by(int way, wio_response *response) {
    char buffer[300], *text = NULL;
    const char *line;
    void *data = NULL;
    wio_json *json = NULL;
    long n = 1;
    if (way == READ) {
        while (n > 0) n = wio_response_read(response, buffer, sizeof buffer);
    } else if (way == LINE) {
        while (n > 0) n = wio_response_line(response, &line);
    } else if (way == TEXT) {
        n = wio_response_text(response, &text);
    } else if (way == BYTES) {
        n = wio_response_bytes(response, &data);
    } else {
        n = wio_response_json(response, &json);
    }
    CHECK(n > 0 || (!text && !data && !json));
    free(text);
    free(data);
    wio_json_free(json);
    return n < 0 ? (int)n : 0;
}

static void meets(const fault *each, wio_session *session, const char *url, int way) {
    wio_response *response = NULL;
    int expected = check_in_browser() ? each->in_browser : each->in_node;
    int rc = session ? wio_session_get(session, url, &response) : wio_fetch(url, NULL, &response);
    if (each->in_body) {
        CHECK_EQ(rc, 0);
        if (rc == 0) rc = read_by(way, response);
    } else {
        CHECK(!response);
    }
    if (rc != expected)
        check__fail(__FILE__, __LINE__, "%s, %s, way %d: %s, not %s (%s)", each->name, session ? "session" : "fetch",
                    way, wio_error_name(rc), wio_error_name(expected), words());
    CHECK(strlen(words()) > 5);
    CHECK(each->in_body || strcmp(words(), wio_error_text(rc)) != 0); /* the host's own words */
    CHECK_EQ(wio_task_error(wio_current_task())->code, rc);
    wio_response_close(response);
}

static void meets_all(const char *name, const char *url, int in_node, int in_browser, bool in_body) {
    fault each = {name, url, in_node, in_browser, in_body};
    wio_session session = {0};
    REQUIRE(wio_session_open(&session, NULL) == 0);
    for (int way = 0; way < (in_body ? WAYS : 1); way++) {
        meets(&each, NULL, url, way);
        meets(&each, &session, url, way);
    }
    wio_session_close(&session);
}

TEST(no_such_host) { meets_all("DNS", "http://no-such-host.invalid/", -EHOSTUNREACH, -EIO, false); }
TEST(refused) { meets_all("refused", check_refused_url(), -ECONNREFUSED, -EIO, false); }

TEST(tls) {
    char url[512];
    snprintf(url, sizeof url, "https%s", check_url("/ok") + 4); /* nobody there speaks TLS */
    meets_all("TLS", url, -EPROTO, -EIO, false);
}

TEST(reset_before_the_answer) { meets_all("reset", check_url("/reset"), -ECONNRESET, -EIO, false); }
TEST(closed_before_the_answer) { meets_all("closed", check_url("/reset?how=fin"), -ECONNRESET, -EIO, false); }
TEST(reset_in_the_headers) { meets_all("reset", check_url("/reset-headers"), -ECONNRESET, -EIO, false); }
TEST(reset_in_the_body) { meets_all("reset", check_url("/reset-body"), -ECONNRESET, -EIO, true); }
TEST(truncated_body) { meets_all("truncated", check_url("/reset-body?how=fin"), -EBADMSG, -EIO, true); }
TEST(truncated_chunks) { meets_all("truncated", check_url("/cut-chunks"), -EBADMSG, -EIO, true); }
TEST(damaged_compression) { meets_all("damaged", check_url("/bad-gzip"), -EBADMSG, -EIO, true); }
TEST(not_http) { meets_all("not HTTP", check_url("/not-http"), -EBADMSG, -EIO, false); }
TEST(too_many_redirects) { meets_all("redirects", check_url("/loop"), -ELOOP, -EIO, false); }
TEST(redirect_to_refused) {
    meets_all("refused", check_url("/redirect?to=%s", check_refused_url()), -ECONNREFUSED, -EIO, false);
}

/* Firefox takes any size that it can get; Chromium stops at 256 KiB. */
TEST(oversized_headers) {
    if (!strcmp(check_env("WIO_TEST_HOST", ""), "firefox")) return;
    meets_all("oversized", check_url("/big-headers/%d", 300 * 1024), -EMSGSIZE, -EIO, false);
}

/* ---------------------------------------------------------------------------------------- Timeout and cancel --- */

typedef struct {
    const char *url;
    bool with_session;
} getter;

static int gets(void *arg) {
    getter *self = (getter *)arg;
    wio_session session = {0};
    wio_response *response = NULL;
    int rc = wio_session_open(&session, NULL);
    if (rc == 0)
        rc = self->with_session ? wio_session_get(&session, self->url, &response)
                                : wio_fetch(self->url, NULL, &response);
    if (rc == 0) rc = read_by(READ, response);
    wio_response_close(response);
    wio_session_close(&session);
    return rc;
}

static const char *const hangs[] = {"/hang", "/hang-body", "/redirect?to=/hang"};

/* Firefox leaves the connection of a request that was redirected open after its abort, until the page goes. */
static int closed_by_host(void) { return strcmp(check_env("WIO_TEST_HOST", ""), "firefox") == 0 ? 4 : 6; }

/* The server has requests for hangs[i], and what it said had time to come. */
static void until_it_hangs(int i) {
    static const long seen[] = {1, 2, 3, 4, 6, 8};
    CHECK_EQ(check_stat_until("total", seen[i]), seen[i]);
    CHECK_EQ(wio_sleep(0.1), 0);
}

TEST(timeout_at_each_state) {
    for (int i = 0; i < 6; i++) {
        getter self = {check_url("%s", hangs[i / 2]), i % 2 == 0};
        CHECK_EQ(wio_wait_for(gets, &self, 1), -ETIMEDOUT);
    }
    CHECK_EQ(check_stat_until("aborted", closed_by_host()), closed_by_host());
}

TEST(cancel_at_each_state) {
    for (int i = 0; i < 6; i++) {
        getter self = {check_url("%s", hangs[i / 2]), i % 2 == 0};
        wio_task *task = wio_create_task(gets, &self);
        until_it_hangs(i);
        wio_task_cancel(task);
        CHECK_EQ(wio_await(task), -ECANCELED);
    }
    CHECK_EQ(check_stat_until("aborted", closed_by_host()), closed_by_host());
}
