// wio_fetch() against the fake server of host.c: what is sent, what comes back, what is aborted.
#include "host.h"
#include "tools.h"

static int status_of(void *arg) {
    wio_response *response = NULL;
    int rc = wio_fetch((const char *)arg, NULL, &response);
    if (rc) return rc;
    rc = wio_response_status(response);
    wio_response_close(response);
    return rc;
}

static int text_of(const char *url, char **text) {
    wio_response *response = NULL;
    int rc = wio_fetch(url, NULL, &response);
    *text = NULL;
    if (rc) return rc;
    rc = wio_response_text(response, text);
    wio_response_close(response);
    return rc;
}

TEST(status_headers_url_and_text) {
    wio_response *response = NULL;
    char *text = NULL;
    double start = wio_time();
    CHECK_EQ(wio_fetch("fake:/delay/0.5/body=hello", NULL, &response), 0);
    CHECK_NEAR(wio_time() - start, 0.5, 0.01);
    REQUIRE(response);
    CHECK_EQ(wio_response_status(response), 200);
    CHECK_STR(wio_response_url(response), "fake:/delay/0.5/body=hello");
    CHECK_STR(wio_response_header(response, "X-Fake"), "yes");
    CHECK_STR(wio_response_header(response, "content-TYPE"), "text/plain");
    CHECK(!wio_response_header(response, "absent"));
    CHECK(!wio_response_header(response, NULL));
    CHECK_EQ(wio_response_text(response, &text), 5);
    CHECK_STR(text, "hello");
    free(text);
    CHECK_EQ(wio_response_text(response, &text), 0); /* read to its end */
    CHECK_STR(text, "");
    free(text);
    wio_response_close(response);
    CHECK_EQ(host_count.open, 0);
}

TEST(method_headers_and_body_are_sent) {
    wio_header headers[] = {{"a", "1"}, {"b", "2"}, {NULL, NULL}};
    wio_fetch_options options = {NULL, headers, "the body", 0};
    wio_response *response = NULL;
    char *text = NULL;
    REQUIRE(wio_fetch("fake:/echo", &options, &response) == 0);
    CHECK_OK(wio_response_text(response, &text));
    CHECK_STR(text, "POST\na=1\nb=2\nthe body");
    free(text);
    wio_response_close(response);
    wio_fetch_options put = {"PUT", NULL, "abc", 2};
    REQUIRE(wio_fetch("fake:/echo", &put, &response) == 0);
    CHECK_OK(wio_response_text(response, &text));
    CHECK_STR(text, "PUT\nab");
    free(text);
    wio_response_close(response);
}

TEST(any_status_is_a_success) {
    char missing[] = "fake:/status/404", broken[] = "fake:/status/500";
    CHECK_EQ(status_of(missing), 404);
    CHECK_EQ(status_of(broken), 500);
}

TEST(errors_have_the_hosts_words) {
    char refuse[] = "fake:/refuse", bad[] = "no url";
    CHECK_EQ(status_of(refuse), -ECONNREFUSED);
    CHECK_STR(last_message(), "the fake server refused");
    CHECK_EQ(status_of(bad), -EINVAL);
    CHECK_STR(last_message(), "the fake URL is wrong");
    CHECK_EQ(host_count.open, 0);
}

TEST(null_is_refused) {
    wio_response *response = NULL;
    char *text = NULL, byte;
    CHECK_EQ(wio_fetch(NULL, NULL, &response), -EINVAL);
    CHECK_EQ(wio_fetch("fake:", NULL, NULL), -EINVAL);
    CHECK_EQ(wio_response_status(NULL), -EINVAL);
    CHECK(!wio_response_header(NULL, "a"));
    CHECK(!wio_response_url(NULL));
    CHECK_EQ(wio_response_read(NULL, &byte, 1), -EINVAL);
    CHECK_EQ(wio_response_text(NULL, &text), -EINVAL);
    wio_response_close(NULL);
    REQUIRE(wio_fetch("fake:/body=x", NULL, &response) == 0);
    CHECK_EQ(wio_response_read(response, NULL, 1), -EINVAL);
    CHECK_EQ(wio_response_read(response, &byte, 0), -EINVAL);
    CHECK_EQ(wio_response_text(response, NULL), -EINVAL);
    CHECK_EQ(wio_response_read(response, &byte, 1), 1);
    CHECK_EQ(byte, 'x');
    CHECK_EQ(wio_response_read(response, &byte, 1), 0);
    CHECK_EQ(wio_response_read(response, &byte, 1), 0);
    wio_response_close(response);
}

TEST(the_body_is_read_in_pieces) {
    wio_response *response = NULL;
    char buffer[7];
    long n, total = 0, reads = 0;
    REQUIRE(wio_fetch("fake:/size/1000/chunk/10", NULL, &response) == 0);
    while ((n = wio_response_read(response, buffer, sizeof buffer)) > 0) {
        CHECK(n <= 7);
        for (long i = 0; i < n; i++) CHECK_EQ(buffer[i], "0123456789abcdef"[(total + i) % 16]);
        total += n;
        reads++;
    }
    CHECK_EQ(n, 0);
    CHECK_EQ(total, 1000);
    CHECK(reads >= 143);
    wio_response_close(response);
}

TEST(ten_megabytes_of_text) {
    char *text = NULL;
    CHECK_EQ(text_of("fake:/size/10000000", &text), 10000000);
    REQUIRE(text);
    CHECK_EQ(strlen(text), 10000000);
    CHECK_EQ(text[9999999], "0123456789abcdef"[9999999 % 16]);
    free(text);
}

TEST(an_empty_body) {
    char *text = NULL;
    CHECK_EQ(text_of("fake:/status/204", &text), 0);
    CHECK_STR(text, "");
    free(text);
}

TEST(a_reset_in_the_body) {
    char *text = (char *)1;
    CHECK_EQ(text_of("fake:/reset-body/body=half", &text), -ECONNRESET);
    CHECK(!text);
    CHECK_STR(last_message(), "the fake connection broke");
    CHECK_EQ(host_count.open, 0);
}

TEST(a_timeout_aborts_the_request) {
    unsigned before = host_count.aborted;
    wio_response *response = (wio_response *)1;
    int rc = 0;
    double start = wio_time();
    WIO_TIMEOUT(2) { rc = wio_fetch("fake:/hang", NULL, &response); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(!response);
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    CHECK_EQ(host_count.aborted, before + 1);
    CHECK_EQ(host_count.open, 0);
}

TEST(a_cancel_aborts_the_request) {
    char hang[] = "fake:/hang";
    unsigned before = host_count.aborted;
    wio_task *task = wio_create_task(status_of, hang);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(task);
    CHECK_EQ(host_count.aborted, before + 1); /* at once */
    CHECK_EQ(wio_await(task), -ECANCELED);
}

TEST(a_cancel_before_sends_nothing) {
    unsigned before = host_count.started;
    wio_response *response = NULL;
    wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_fetch("fake:/body=x", NULL, &response), -ECANCELED);
    CHECK_EQ(wio_uncancel(), 0);
    CHECK_EQ(host_count.started, before);
}

static int sleeps_then_cancels(void *arg) {
    int rc = wio_sleep(1);
    wio_task_cancel((wio_task *)arg);
    return rc;
}

TEST(a_cancel_in_the_pass_of_the_answer_drops_and_closes_it) {
    char soon[] = "fake:/delay/1/body=x";
    unsigned aborted = host_count.aborted;
    for (int order = 0; order < 2; order++) {
        wio_task *task = wio_create_task(status_of, soon);
        wio_task *killer = wio_create_task(sleeps_then_cancels, task);
        int rc = wio_await(task);
        CHECK(rc == -ECANCELED || rc == 200);
        CHECK_EQ(wio_await(killer), 0);
        CHECK_EQ(host_count.open, 0);
    }
    CHECK(host_count.aborted >= aborted);
}

TEST(a_body_read_is_aborted_by_a_cancel) {
    wio_response *response = NULL;
    char buffer[64];
    unsigned before = host_count.aborted;
    int rc = 0;
    REQUIRE(wio_fetch("fake:/hang-body/body=ab", NULL, &response) == 0);
    CHECK_EQ(wio_response_read(response, buffer, sizeof buffer), 2);
    WIO_TIMEOUT(1) { rc = (int)wio_response_read(response, buffer, sizeof buffer); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK_EQ(host_count.aborted, before + 1);
    CHECK_EQ(wio_response_read(response, buffer, sizeof buffer), -ETIMEDOUT); /* and not 0: it has not ended */
    wio_response_close(response);
    CHECK_EQ(host_count.open, 0);
}

TEST(closing_before_the_end_aborts) {
    wio_response *response = NULL;
    unsigned before = host_count.aborted;
    REQUIRE(wio_fetch("fake:/size/100000", NULL, &response) == 0);
    wio_response_close(response);
    CHECK_EQ(host_count.aborted, before + 1);
    CHECK_EQ(host_count.open, 0);
}

static wio_response *shared;

static int reads_shared(void *arg) {
    char buffer[16];
    (void)arg;
    return (int)wio_response_read(shared, buffer, sizeof buffer);
}

TEST(two_tasks_cannot_read_at_once) {
    REQUIRE(wio_fetch("fake:/slow/1/body=abc", NULL, &shared) == 0);
    wio_call calls[] = {{reads_shared, NULL}, {reads_shared, NULL}};
    int statuses[2];
    CHECK_EQ(wio_gather(calls, 2, statuses), 0);
    CHECK_EQ(statuses[0], 3);
    CHECK_EQ(statuses[1], -EINVAL);
    wio_response_close(shared);
}

static int closes_shared(void *arg) {
    (void)arg;
    int rc = wio_sleep(0.5);
    wio_response_close(shared);
    return rc;
}

TEST(closing_while_another_task_reads) {
    REQUIRE(wio_fetch("fake:/slow/1/body=abc", NULL, &shared) == 0);
    wio_call calls[] = {{reads_shared, NULL}, {closes_shared, NULL}};
    int statuses[2] = {1, 1}, rc = 0;
    WIO_TIMEOUT(5) { rc = wio_gather(calls, 2, statuses); }
    CHECK_EQ(rc, 0);
    CHECK(statuses[0] < 0);
    CHECK_EQ(statuses[1], 0);
}

TEST(a_group_with_one_failing_and_two_hanging_fetches) {
    char hang[] = "fake:/hang", refuse[] = "fake:/delay/1/refuse";
    wio_task *tasks[3];
    unsigned before = host_count.aborted;
    WIO_TASK_GROUP(g) {
        tasks[0] = wio_group_create_task(&g, status_of, hang);
        tasks[1] = wio_group_create_task(&g, status_of, refuse);
        tasks[2] = wio_group_create_task(&g, status_of, hang);
    }
    CHECK_EQ(wio_group_status(&g), -ECONNREFUSED);
    CHECK_EQ(host_count.aborted, before + 2);
    CHECK_EQ(wio_task_status(tasks[0]), -ECANCELED);
    CHECK_EQ(wio_task_status(tasks[1]), -ECONNREFUSED);
    CHECK_EQ(wio_task_status(tasks[2]), -ECANCELED);
}

static wio_semaphore ten;

static int limited(void *arg) {
    char url[64];
    int rc = -1;
    snprintf(url, sizeof url, "fake:/delay/%d/size/10", 1 + *(int *)arg % 3);
    WIO_WITH_SEMAPHORE(&ten) {
        char *text = NULL;
        rc = text_of(url, &text);
        free(text);
    }
    return rc;
}

TEST(five_hundred_through_a_semaphore_of_ten) {
    static int numbers[500];
    unsigned started = host_count.started;
    host_count.most_open = 0;
    wio_semaphore_init(&ten, 10);
    for (int i = 0; i < 500; i++) numbers[i] = i;
    CHECK_EQ(WIO_GATHER_EACH(limited, numbers), 0);
    CHECK_EQ(host_count.started - started, 500);
    CHECK_EQ(host_count.most_open, 10);
}

TEST(a_thousand_at_once) {
    static wio_call calls[1000];
    static int statuses[1000];
    static char url[] = "fake:/delay/1/body=x";
    double start = wio_time();
    for (int i = 0; i < 1000; i++) calls[i] = (wio_call){status_of, url};
    CHECK_EQ(wio_gather(calls, 1000, statuses), 0);
    for (int i = 0; i < 1000; i++) CHECK_EQ(statuses[i], 200);
    CHECK_NEAR(wio_time() - start, 1, 0.01);
}
