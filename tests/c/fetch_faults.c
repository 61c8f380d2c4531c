// Everything that can go wrong between a request and the last byte of its answer, and that it ends as a named error.
// stderr: ^wasyncio: fetch_faults.c:\d+: wio_response_close\(\): this response was closed before
// stderr: ^wasyncio: fetch_faults.c:\d+: wio_response_read\(\): this response was closed before
#include "check.h"

/* -ECONNRESET in Node, -EIO in browsers, which do not tell how a connection broke. */
static bool is_broken(int rc) { return rc == -ECONNRESET || rc == -EIO; }

static const char *words(void) {
    const wio_error *error = wio_task_error(wio_current_task());
    return error ? error->message : "";
}

static int get(const char *url, wio_response **response) { return wio_fetch(url, NULL, response); }

/* --------------------------------------------------------------------------------------- Before the answer --- */

TEST(refused) {
    wio_response *response = (wio_response *)-1;
    int rc = get(check_refused_url(), &response);
    CHECK(rc == -ECONNREFUSED || rc == -EIO);
    CHECK(!response);
    CHECK_EQ(wio_task_error(wio_current_task())->code, rc);
    CHECK(strlen(words()) > 5);
    CHECK_HAS(wio_task_error(wio_current_task())->where, "fetch_faults.c:");
}

TEST(no_such_host) {
    wio_response *response = NULL;
    int rc = get("http://no-such-host.invalid/", &response);
    CHECK(rc == -EHOSTUNREACH || rc == -EIO);
    CHECK(!response);
}

TEST(reset_before_headers) {
    wio_response *response = NULL;
    CHECK(is_broken(get(check_url("/reset"), &response)));
    CHECK(!response);
    CHECK(strlen(words()) > 5);
}

TEST(reset_in_the_middle_of_headers) {
    wio_response *response = NULL;
    CHECK(is_broken(get(check_url("/reset-headers"), &response)));
    CHECK(!response);
}

TEST(closed_politely_before_headers) {
    wio_response *response = NULL;
    CHECK(is_broken(get(check_url("/reset?how=fin"), &response)));
    CHECK(!response);
}

TEST(reset_in_the_middle_of_the_body) {
    wio_response *response = NULL;
    char buffer[256];
    long size = 0, n;
    REQUIRE(get(check_url("/reset-body"), &response) == 0);
    while ((n = wio_response_read(response, buffer, sizeof buffer)) > 0) size += n;
    if (!is_broken((int)n)) CHECK_EQ(n, -ECONNRESET);
    CHECK(size <= 100);
    CHECK(strlen(words()) > 5);
    wio_response_close(response);
}

TEST(reset_in_the_middle_of_a_text) {
    wio_response *response = NULL;
    char *text = (char *)-1;
    REQUIRE(get(check_url("/reset-body"), &response) == 0);
    CHECK(is_broken(wio_response_text(response, &text)));
    CHECK(!text);
    wio_response_close(response);
}

TEST(never_answers) {
    wio_response *response = NULL;
    int rc = 0;
    double start = wio_time();
    WIO_TIMEOUT(0.6) { rc = get(check_url("/hang"), &response); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(wio_timeout_expired());
    CHECK(!response);
    CHECK(wio_time() - start < 3);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
}

TEST(never_finishes_the_body) {
    wio_response *response = NULL;
    char buffer[64];
    long n = 0, size = 0;
    REQUIRE(get(check_url("/hang-body"), &response) == 0);
    WIO_TIMEOUT(0.3) {
        while ((n = wio_response_read(response, buffer, sizeof buffer)) > 0) size += n;
    }
    CHECK_EQ(n, -ETIMEDOUT);
    CHECK_EQ(size, 10);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
    wio_response_close(response);
}

/* ----------------------------------------------------------------------------------------- What is refused --- */

static void refuses(const char *url, const wio_fetch_options *options, const char *part) {
    wio_response *response = (wio_response *)-1;
    int rc = wio_fetch(url, options, &response);
    if (rc != -EINVAL) printf("# %s: %s: %s\n", url, wio_error_name(rc), words());
    CHECK_EQ(rc, -EINVAL);
    CHECK(!response);
    CHECK_HAS(words(), part);
}

TEST(invalid_url) {
    refuses("http://[::bad", NULL, "http://[::bad");
    refuses("http://", NULL, "\"http://\"");
}

/* With a base URL, which does not count then, and without. */
TEST(other_schemes_than_http) {
    static const char *const urls[] = {"ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:1", "mailto:x@y"};
    for (int based = 0; based < 2; based++) {
        wio_session session = {0};
        REQUIRE(wio_session_open(&session, &(wio_session_options){.base_url = based ? check_base() : NULL}) == 0);
        for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
            wio_response *response = NULL;
            CHECK_EQ(wio_session_get(&session, urls[i], &response), -EINVAL);
            CHECK_HAS(words(), urls[i]);
            CHECK(!response);
        }
        char *text = NULL;
        CHECK_EQ(wio_session_get_text(&session, "data:text/plain,hello", &text), 5);
        CHECK_STR(text ? text : "", "hello");
        free(text);
        wio_session_close(&session);
    }
}

TEST(invalid_method_and_header) {
    const char *url = check_url("/ok");
    refuses(url, &(wio_fetch_options){.method = "GE T"}, "GE T");
    refuses(url, &(wio_fetch_options){.method = "CONNECT"}, "CONNECT");
    refuses(url, &(wio_fetch_options){.method = "GET", .body = "with a body"}, "body");
    refuses(url, &(wio_fetch_options){.headers = (wio_header[]){{"bad name", "x"}, {NULL, NULL}}}, "wio_fetch(");
    refuses(url, &(wio_fetch_options){.headers = (wio_header[]){{"x-bad", "line\nbreak"}, {NULL, NULL}}}, "wio_fetch(");
    CHECK_EQ(check_stat("total"), 0);
}

TEST(null) {
    wio_response *response = NULL;
    char *text = NULL, buffer[8];
    CHECK_EQ(wio_fetch(NULL, NULL, &response), -EINVAL);
    CHECK_EQ(wio_fetch(check_url("/ok"), NULL, NULL), -EINVAL);
    CHECK_EQ(wio_response_status(NULL), -EINVAL);
    CHECK(!wio_response_header(NULL, "a"));
    CHECK(!wio_response_url(NULL));
    CHECK_EQ(wio_response_read(NULL, buffer, sizeof buffer), -EINVAL);
    CHECK_EQ(wio_response_text(NULL, &text), -EINVAL);
    wio_response_close(NULL);
    REQUIRE(get(check_url("/ok"), &response) == 0);
    CHECK(!wio_response_header(response, NULL));
    CHECK_EQ(wio_response_read(response, NULL, 8), -EINVAL);
    CHECK_EQ(wio_response_read(response, buffer, 0), -EINVAL);
    CHECK_EQ(wio_response_text(response, NULL), -EINVAL);
    CHECK_EQ(wio_response_text(response, &text), 2);
    CHECK_STR(text, "ok");
    free(text);
    wio_response_close(response);
}

/* ------------------------------------------------------------------------------------ Statuses and headers --- */

TEST(any_status_is_a_success) {
    static const int statuses[] = {200, 201, 204, 404, 418, 500, 503};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        wio_response *response = NULL;
        char *text = NULL, expected[32] = "";
        REQUIRE(get(check_url("/status/%d", statuses[i]), &response) == 0);
        CHECK_EQ(wio_response_status(response), statuses[i]);
        if (statuses[i] != 204) snprintf(expected, sizeof expected, "status %d", statuses[i]);
        CHECK_EQ(wio_response_text(response, &text), strlen(expected));
        CHECK_STR(text, expected);
        free(text);
        wio_response_close(response);
    }
}

TEST(redirects_are_followed) {
    static const int codes[] = {301, 302, 307, 308};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        wio_response *response = NULL;
        char *text = NULL;
        REQUIRE(get(check_url("/redirect?code=%d&to=/ok", codes[i]), &response) == 0);
        CHECK_EQ(wio_response_status(response), 200);
        CHECK_HAS(wio_response_url(response), "/ok");
        CHECK(!strstr(wio_response_url(response), "/redirect"));
        CHECK_EQ(wio_response_text(response, &text), 2);
        free(text);
        wio_response_close(response);
    }
    CHECK_EQ(check_stat("paths|/redirect|total"), 4);
    CHECK_EQ(check_stat("paths|/ok|total"), 4);
}

TEST(redirect_to_where_nobody_listens) {
    wio_response *response = NULL;
    int rc = get(check_url("/redirect?to=%s", check_refused_url()), &response);
    CHECK(rc == -ECONNREFUSED || rc == -EIO);
    CHECK(!response);
}

TEST(the_url_that_answered) {
    wio_response *response = NULL;
    const char *url = check_url("/ok?a=1");
    REQUIRE(get(url, &response) == 0);
    CHECK_STR(wio_response_url(response), url);
    wio_response_close(response);
}

TEST(response_headers) {
    wio_response *response = NULL;
    REQUIRE(get(check_url("/headers"), &response) == 0);
    CHECK_STR(wio_response_header(response, "X-One"), "1");
    CHECK_STR(wio_response_header(response, "x-one"), "1");
    CHECK_STR(wio_response_header(response, "X-ONE"), "1");
    CHECK_STR(wio_response_header(response, "x-two-WORDS"), "two words");
    CHECK_STR(wio_response_header(response, "X-Multi"), "a, b, c");
    CHECK_STR(wio_response_header(response, "x-empty"), "");
    CHECK_STR(wio_response_header(response, "etag"), "\"wasyncio\"");
    CHECK_HAS(wio_response_header(response, "Content-Type"), "text/plain");
    CHECK(!wio_response_header(response, "X-Absent"));
    CHECK(!wio_response_header(response, "X-On"));
    CHECK(!wio_response_header(response, ""));
    wio_response_close(response);
}

TEST(request_method_headers_and_body_arrive) {
    char body[] = "body with \"quotes\" and gr\xc3\xbcn";
    wio_header headers[] = {{"X-Custom", "first value"}, {"Content-Type", "text/x-own"}, {NULL, NULL}};
    wio_fetch_options options = {.method = "PUT", .headers = headers, .body = body};
    wio_response *response = NULL;
    char *text = NULL;
    REQUIRE(wio_fetch(check_url("/echo"), &options, &response) == 0);
    CHECK_OK(wio_response_text(response, &text));
    CHECK_HAS(text, "\"method\":\"PUT\"");
    CHECK_HAS(text, "\"x-custom\":\"first value\"");
    CHECK_HAS(text, "\"content-type\":\"text/x-own\"");
    CHECK_HAS(text, "body with \\\"quotes\\\" and gr\xc3\xbcn");
    free(text);
    wio_response_close(response);
    CHECK_EQ(check_stat("methods|PUT"), 1);
}

TEST(a_body_is_a_post_and_may_hold_zeros) {
    wio_fetch_options options = {.body = "a\0b\0c", .body_size = 5};
    wio_response *response = NULL;
    char *text = NULL;
    REQUIRE(wio_fetch(check_url("/echo"), &options, &response) == 0);
    CHECK_OK(wio_response_text(response, &text));
    CHECK_HAS(text, "\"method\":\"POST\"");
    CHECK_HAS(text, "\"base64\":\"YQBiAGM=\"");
    CHECK_HAS(text, "\"length\":5");
    free(text);
    wio_response_close(response);
}

/* Everything given is copied before the wait. */
typedef struct {
    char url[512], body[16], value[16];
    int rc;
} posted;

static int posts(void *arg) {
    posted *self = (posted *)arg;
    wio_header headers[] = {{"X-Value", self->value}, {NULL, NULL}};
    wio_fetch_options options = {.headers = headers, .body = self->body};
    wio_response *response = NULL;
    char *text = NULL;
    self->rc = wio_fetch(self->url, &options, &response);
    if (!self->rc) self->rc = wio_response_text(response, &text);
    if (self->rc >= 0 && (!strstr(text, "\"body\":\"before\"") || !strstr(text, "\"x-value\":\"early\""))) self->rc = -EPROTO;
    free(text);
    wio_response_close(response);
    return 0;
}

TEST(the_request_is_copied_before_the_wait) {
    posted post = {.body = "before", .value = "early"};
    snprintf(post.url, sizeof post.url, "%s", check_url("/echo"));
    wio_task *task = wio_create_task(posts, &post);
    CHECK_EQ(wio_yield(), 0);
    strcpy(post.body, "after!");
    strcpy(post.value, "later");
    memset(post.url, 'x', 100);
    CHECK_EQ(wio_await(task), 0);
    CHECK_OK(post.rc);
}

/* -------------------------------------------------------------------------------------------------- Bodies --- */

TEST(empty_body) {
    wio_response *response = NULL;
    char buffer[8], *text = NULL;
    REQUIRE(get(check_url("/empty"), &response) == 0);
    CHECK_EQ(wio_response_read(response, buffer, sizeof buffer), 0);
    CHECK_EQ(wio_response_read(response, buffer, sizeof buffer), 0);
    CHECK_EQ(wio_response_text(response, &text), 0);
    CHECK_STR(text, "");
    free(text);
    wio_response_close(response);
    CHECK_EQ(check_stat("aborted"), 0);
}

/* byteAt() of tests/server/routes.js. */
static unsigned char byte_at(size_t i) { return (unsigned char)((i * 31 + 7) % 251); }

TEST(ten_megabytes_in_odd_pieces) {
    enum { TOTAL = 10 * 1024 * 1024, ROOM = 70001 };
    static const size_t sizes[] = {1, 7, 4096, 65537, 333, 70001, 12345};
    wio_response *response = NULL;
    unsigned char *buffer = (unsigned char *)malloc(ROOM + 1);
    size_t at = 0, wrong = 0, written = 0;
    long n = 0;
    REQUIRE(get(check_url("/bytes/%d", TOTAL), &response) == 0);
    for (int i = 0;; i++) {
        size_t room = sizes[i % 7];
        buffer[room] = 0xEE;
        n = wio_response_read(response, buffer, room);
        if (n <= 0) break;
        written += buffer[room] != 0xEE;
        if ((size_t)n > room) break;
        for (long k = 0; k < n; k++) wrong += buffer[k] != byte_at(at + (size_t)k);
        at += (size_t)n;
    }
    CHECK_EQ(n, 0);
    CHECK_EQ(at, TOTAL);
    CHECK_EQ(wrong, 0);
    CHECK_EQ(written, 0);
    free(buffer);
    wio_response_close(response);
    CHECK_EQ(check_stat("aborted"), 0);
}

TEST(two_megabytes_as_text) {
    enum { TOTAL = 2000003 };
    wio_response *response = NULL;
    char *text = NULL;
    size_t wrong = 0;
    REQUIRE(get(check_url("/bytes/%d?length", TOTAL), &response) == 0);
    CHECK_EQ(wio_response_text(response, &text), TOTAL);
    REQUIRE(text);
    for (size_t i = 0; i < TOTAL; i++) wrong += (unsigned char)text[i] != byte_at(i);
    CHECK_EQ(wrong, 0);
    CHECK_EQ(text[TOTAL], 0);
    free(text);
    wio_response_close(response);
}

TEST(pieces_as_they_come) {
    wio_response *response = NULL;
    char buffer[256], all[256] = "";
    long n;
    int reads = 0;
    REQUIRE(get(check_url("/chunks/4?gap=60"), &response) == 0);
    while ((n = wio_response_read(response, buffer, sizeof buffer - 1)) > 0) {
        buffer[n] = '\0';
        strcat(all, buffer);
        reads++;
    }
    CHECK_EQ(n, 0);
    CHECK_STR(all, "chunk 0\nchunk 1\nchunk 2\nchunk 3\n");
    CHECK(reads >= 2);
    wio_response_close(response);
}

/* The rest, after some of it was read. */
TEST(text_after_read) {
    wio_response *response = NULL;
    char two[2], *text = NULL;
    REQUIRE(get(check_url("/chunks/2?gap=1"), &response) == 0);
    CHECK_EQ(wio_response_read(response, two, 2), 2);
    CHECK_EQ(wio_response_text(response, &text), 14);
    CHECK_STR(text, "unk 0\nchunk 1\n");
    free(text);
    wio_response_close(response);
}

static int reads_some(void *arg) {
    char buffer[16];
    return (int)wio_response_read((wio_response *)arg, buffer, sizeof buffer);
}

TEST(two_tasks_reading_at_once) {
    wio_response *response = NULL;
    char buffer[64];
    REQUIRE(get(check_url("/hang-body"), &response) == 0);
    long n = wio_response_read(response, buffer, sizeof buffer);
    CHECK_EQ(n, 10);
    wio_task *first = wio_create_task(reads_some, response);
    wio_yield();
    CHECK_EQ(wio_response_read(response, buffer, sizeof buffer), -EINVAL);
    wio_task_cancel(first);
    CHECK_EQ(wio_await(first), -ECANCELED);
    wio_response_close(response);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
}

/* ------------------------------------------------------------------------------------------------ Giving up --- */

TEST(close_without_reading) {
    wio_response *response = NULL;
    REQUIRE(get(check_url("/hang-body"), &response) == 0);
    wio_response_close(response);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
}

TEST(close_in_the_middle_of_much) {
    wio_response *response = NULL;
    char buffer[1000];
    REQUIRE(get(check_url("/bytes/100000000"), &response) == 0);
    CHECK(wio_response_read(response, buffer, sizeof buffer) > 0);
    wio_response_close(response);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
    CHECK(check_stat("sentBytes") < 50000000);
}

static int fetches(void *arg) {
    wio_response *response = NULL;
    int rc = wio_fetch((const char *)arg, NULL, &response);
    wio_response_close(response);
    return rc;
}

TEST(cancelled_before_it_starts) {
    wio_task *task = wio_create_task(fetches, (void *)check_url("/hang"));
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(check_stat("total"), 0);
}

static int cancelled_then_fetches(void *arg) {
    wio_task_cancel(wio_current_task());
    return fetches(arg);
}

TEST(cancelled_before_the_call) {
    wio_task *task = wio_create_task(cancelled_then_fetches, (void *)check_url("/hang"));
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(check_stat("total"), 0);
}

TEST(cancelled_in_fetch) {
    wio_task *task = wio_create_task(fetches, (void *)check_url("/hang"));
    CHECK_EQ(check_stat_until("total", 1), 1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
}

static int reads_for_ever(void *arg) {
    wio_response *response = NULL;
    char buffer[64];
    int rc = wio_fetch((const char *)arg, NULL, &response);
    long n = 1;
    while (!rc && n > 0) n = wio_response_read(response, buffer, sizeof buffer);
    /* Not closed until the server has seen it: the cancel alone aborts. */
    if (n < 0) {
        WIO_SHIELD { rc = check_stat_until("aborted", 1) == 1 ? (int)n : -EPROTO; }
    }
    wio_response_close(response);
    return rc;
}

TEST(cancelled_in_read) {
    wio_task *task = wio_create_task(reads_for_ever, (void *)check_url("/hang-body"));
    CHECK_EQ(check_stat_until("total", 1), 1);
    CHECK_EQ(wio_sleep(0.1), 0);
    CHECK_EQ(wio_task_done(task), false);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(check_stat("aborted"), 1);
}

TEST(cancelled_after_the_answer) {
    wio_task *task = wio_create_task(fetches, (void *)check_url("/empty"));
    CHECK_EQ(check_stat_until("total", 1), 1);
    CHECK_EQ(wio_sleep(0.2), 0);
    CHECK(wio_task_done(task));
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 0);
}

/* A read after the request was aborted is a failure, not the end of the body. */
TEST(read_after_a_timeout_in_read) {
    wio_response *response = NULL;
    char buffer[64];
    long n = 1;
    REQUIRE(get(check_url("/hang-body"), &response) == 0);
    WIO_TIMEOUT(0.2) {
        while (n > 0) n = wio_response_read(response, buffer, sizeof buffer);
    }
    CHECK_EQ(n, -ETIMEDOUT);
    CHECK(wio_response_read(response, buffer, sizeof buffer) < 0);
    wio_response_close(response);
}

/* ---------------------------------------------------------------------------------------------------- Many --- */

static int fails_soon(void *arg) {
    wio_response *response = NULL;
    int rc = wio_fetch((const char *)arg, NULL, &response);
    wio_response_close(response);
    return rc ? rc : wio_fail(-EPROTO, "no good answer");
}

TEST(a_failing_fetch_cancels_the_others_of_its_group) {
    wio_task *tasks[3];
    const wio_error *errors = NULL;
    WIO_TASK_GROUP(group) {
        tasks[0] = wio_group_create_task(&group, fetches, (void *)check_url("/hang?n=1"));
        tasks[1] = wio_group_create_task(&group, fetches, (void *)check_url2("/hang?n=2"));
        tasks[2] = wio_group_create_task(&group, fails_soon, (void *)check_url("/delay/300"));
    }
    CHECK_EQ(wio_group_status(&group), -EPROTO);
    CHECK_EQ(wio_task_status(tasks[0]), -ECANCELED);
    CHECK_EQ(wio_task_status(tasks[1]), -ECANCELED);
    CHECK(wio_task_cancelled(tasks[0]) && wio_task_cancelled(tasks[1]) && !wio_task_cancelled(tasks[2]));
    CHECK_EQ(wio_task_status(tasks[2]), -EPROTO);
    CHECK_STR(wio_task_error(tasks[2])->message, "no good answer");
    CHECK_EQ(wio_group_errors(&group, &errors), 1);
    CHECK_STR(errors[0].message, "no good answer");
    CHECK_EQ(check_stat_until("aborted", 2), 2);
    CHECK_EQ(check_stat("paths|/hang|aborted"), 2);
    CHECK_EQ(check_stat("paths|/delay|aborted"), 0);
}

/* Of one address each time: browsers must not queue them behind each other, as they do for a cached answer. */
static int get_a_second(void *arg) {
    wio_response *response = NULL;
    int rc = wio_fetch((const char *)arg, NULL, &response);
    wio_response_close(response);
    return rc;
}

/* That all three were there at once is what makes it a second; a busy machine takes its time besides. */
static void check_a_second(double took) {
    CHECK(took >= 0.99);
    CHECK(took < 10);
    CHECK_EQ(check_stat("most"), 3);
}

TEST(three_fetches_of_one_second_take_one_second) {
    const char *urls[] = {check_url("/delay/1000?a"), check_url("/delay/1000?b"), check_url2("/delay/1000?c")};
    double start = wio_time();
    CHECK_EQ(WIO_GATHER({get_a_second, (void *)urls[0]}, {get_a_second, (void *)urls[1]}, {get_a_second, (void *)urls[2]}), 0);
    check_a_second(wio_time() - start);
}

TEST(three_fetches_of_the_same_url_take_one_second) {
    void *url = (void *)check_url("/delay/1000");
    double start = wio_time();
    CHECK_EQ(WIO_GATHER({get_a_second, url}, {get_a_second, url}, {get_a_second, url}), 0);
    check_a_second(wio_time() - start);
}

enum { URLS = 500, LIMIT = 10 };

typedef struct {
    wio_semaphore *limit;
    int number;
} item;

static int in_flight, most_in_flight;

/* Two addresses: browsers open six connections to one. */
static int fetch_item(void *arg) {
    item *self = (item *)arg;
    int rc = -EIO;
    WIO_WITH_SEMAPHORE(self->limit) {
        wio_response *response = NULL;
        char *text = NULL, expected[64];
        if (++in_flight > most_in_flight) most_in_flight = in_flight;
        const char *url = self->number % 2 ? check_url("/item/%d?delay=20", self->number)
                                           : check_url2("/item/%d?delay=20", self->number);
        rc = wio_fetch(url, NULL, &response);
        if (!rc) rc = wio_response_text(response, &text);
        snprintf(expected, sizeof expected, "\"square\":%d}", self->number * self->number);
        if (rc >= 0) rc = strstr(text, expected) ? 0 : wio_fail(-EPROTO, "item %d: %s", self->number, text);
        free(text);
        wio_response_close(response);
        in_flight--;
    }
    return rc;
}

TEST(five_hundred_urls_ten_at_a_time) {
    static item items[URLS];
    wio_semaphore limit;
    wio_semaphore_init(&limit, LIMIT);
    in_flight = most_in_flight = 0;
    for (int i = 0; i < URLS; i++) items[i] = (item){&limit, i};
    CHECK_EQ(WIO_GATHER_EACH(fetch_item, items), 0);
    CHECK_EQ(most_in_flight, LIMIT);
    CHECK_EQ(check_stat("paths|/item|total"), URLS);
    CHECK_EQ(check_stat("paths|/item|most"), LIMIT);
    CHECK_EQ(check_stat("aborted"), 0);
}

/* ------------------------------------------------------------------------------------------- The host's loop --- */

static bool answered;
static int fetch_and_tell(void *arg) {
    int rc = fetches(arg);
    answered = true;
    return rc;
}

TEST(a_yield_loop_does_not_stop_a_fetch) {
    answered = false;
    long turns = 0;
    wio_task *task = wio_create_task(fetch_and_tell, (void *)check_url("/delay/100"));
    for (double end = wio_time() + 8; !answered && wio_time() < end; turns++) wio_yield();
    CHECK(answered);
    CHECK(turns > 100);
    if (!answered) wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 0);
}

TEST_OUTSIDE(fetch_outside_a_task) {
    wio_response *response = (wio_response *)-1;
    CHECK_EQ(wio_fetch("http://127.0.0.1:9/", NULL, &response), -EPERM);
    CHECK(!response);
}

/* --------------------------------------------------------------------------------------------------- Misuse --- */

TEST(used_once_more_after_its_close) {
    wio_response *response = NULL;
    REQUIRE(get(check_url("/text"), &response) == 0);
    wio_response_close(response);
    wio_response_close(response);
    char buffer[8];
    CHECK_EQ(wio_response_read(response, buffer, sizeof buffer), -EINVAL);
}
