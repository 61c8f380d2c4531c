// Sessions against the fake server of host.c, in virtual time: pauses, limits, times, and pieces of bodies, exactly.
#define _GNU_SOURCE /* fmemopen */
#include "host.h"
#include "tools.h"

static wio_session session;

static void open_with(wio_session_options options) {
    session.inside = NULL;
    options.base_url = "http://fake/";
    CHECK_EQ(wio_session_open(&session, &options), 0);
}

static int status_of(const char *url, const wio_request_options *options) {
    wio_response *response = NULL;
    int rc = wio_session_request(&session, url, options, &response);
    if (rc == 0) rc = wio_response_status(response);
    wio_response_close(response);
    return rc;
}

static const char *text_of(const char *url, const wio_request_options *options) {
    static char copy[1024];
    wio_response *response = NULL;
    char *text = NULL;
    int rc = wio_session_request(&session, url, options, &response);
    if (rc == 0) rc = wio_response_text(response, &text);
    snprintf(copy, sizeof copy, "%s", rc < 0 ? wio_error_name(rc) : text);
    free(text);
    wio_response_close(response);
    return copy;
}

TEST(pauses_double_with_jitter_up_to_the_longest) {
    open_with((wio_session_options){.retries = {5, 1, 3, false}});
    double start = wio_time();
    CHECK_EQ(status_of("/flaky/5/body=x", NULL), 200);
    double took = wio_time() - start; /* 1, 2, 4, 8, 16, each times 0.5 to 1, and at most 3 */
    CHECK(took >= 0.5 + 1 + 2 + 3 + 3 - 1e-9 && took <= 1 + 2 + 3 + 3 + 3);
    wio_session_close(&session);
}

TEST(retry_after_is_followed_and_limited) {
    open_with((wio_session_options){.retries = {1, 1, 60, false}});
    double start = wio_time();
    CHECK_EQ(status_of("/after/7/flaky/1/body=x", NULL), 200);
    CHECK_NEAR(wio_time() - start, 7, 1e-9);
    start = wio_time();
    CHECK_EQ(status_of("/after/1000/flaky/1/body=x", NULL), 200);
    CHECK_NEAR(wio_time() - start, 60, 1e-9);
    wio_session_close(&session);
}

TEST(the_total_timeout_holds_for_pauses_too) {
    open_with((wio_session_options){.retries = {100, 10, 60, false}, .timeouts = {.total = 12}});
    double start = wio_time();
    CHECK_EQ(status_of("/refuse", NULL), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 12, 1e-9);
    CHECK_HAS(last_message(), "total timeout");
    wio_session_close(&session);
}

TEST(the_default_total_is_five_minutes) {
    open_with((wio_session_options){0});
    double start = wio_time();
    CHECK_EQ(status_of("/hang", NULL), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 300, 1e-9);
    wio_session_close(&session);
}

TEST(connect_is_not_read) {
    open_with((wio_session_options){.timeouts = {.connect = 2, .read = 5}});
    double start = wio_time();
    CHECK_EQ(status_of("/connect/3/body=x", NULL), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 2, 1e-9);
    CHECK_HAS(last_message(), "connect timeout");
    CHECK_EQ(status_of("/connect/1/delay/4/body=x", NULL), 200);
    start = wio_time();
    CHECK_EQ(status_of("/connect/1/delay/7/body=x", NULL), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 6, 1e-9);
    CHECK_HAS(last_message(), "read timeout");
    CHECK_EQ(host_count.open, 0);
    wio_session_close(&session);
}

TEST(each_read_has_the_read_timeout_and_all_the_total_one) {
    wio_response *response = NULL;
    char buffer[4];
    open_with((wio_session_options){.timeouts = {.total = 10, .read = 3}});
    double start = wio_time();
    CHECK_EQ(wio_session_get(&session, "/slow/2/body=0123456789abcdef0123456789", &response), 0);
    long n;
    while ((n = wio_response_read(response, buffer, sizeof buffer)) > 0) {
    }
    CHECK_EQ(n, -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 10, 1e-9);
    CHECK_HAS(last_message(), "total timeout");
    CHECK_EQ(host_count.open, 0);
    wio_response_close(response);
    wio_session_close(&session);
}

static int in_order[20], next_in_order;

static int takes_a_turn(void *arg) {
    int *number = (int *)arg;
    char url[64];
    snprintf(url, sizeof url, "/delay/%d/body=x", 1 + *number % 3);
    int rc = status_of(url, NULL);
    in_order[next_in_order++] = *number;
    return rc == 200 ? 0 : rc;
}

TEST(in_line_it_is_first_come_first_served) {
    static int numbers[20];
    next_in_order = 0;
    open_with((wio_session_options){.limit = 1});
    for (int i = 0; i < 20; i++) numbers[i] = i;
    CHECK_EQ(WIO_GATHER_EACH(takes_a_turn, numbers), 0);
    for (int i = 0; i < 20; i++) CHECK_EQ(in_order[i], i);
    wio_session_close(&session);
}

TEST(limits_hold) {
    static int numbers[20];
    next_in_order = 0;
    open_with((wio_session_options){.limit = 7});
    host_count.most_open = 0;
    for (int i = 0; i < 20; i++) numbers[i] = i;
    CHECK_EQ(wio__gather_each(takes_a_turn, numbers, sizeof numbers[0], 20), 0);
    CHECK_EQ(host_count.most_open, 7);
    wio_session_close(&session);
}

/* Cancelled in line, with the permit just handed over, or on its way: nothing is lost, the limit stays what it is. */
TEST(cancels_lose_no_permit) {
    static int numbers[20];
    open_with((wio_session_options){.limit = 3, .limit_per_host = 2});
    for (int round = 0; round < 30; round++) {
        wio_task *tasks[10];
        next_in_order = 0;
        for (int i = 0; i < 10; i++) numbers[i] = i, tasks[i] = wio_create_task(takes_a_turn, &numbers[i]);
        wio_sleep(round * 0.2);
        for (int i = round % 3; i < 10; i += 2) wio_task_cancel(tasks[i]);
        for (int i = 0; i < 10; i++) wio_await(tasks[i]);
        CHECK_EQ(host_count.open, 0);
    }
    host_count.most_open = 0;
    next_in_order = 0;
    CHECK_EQ(wio__gather_each(takes_a_turn, numbers, sizeof numbers[0], 10), 0);
    CHECK_EQ(host_count.most_open, 2);
    wio_session_close(&session);
}

TEST(queries_and_headers_and_forms) {
    wio_header common[] = {{"a", "1"}, {"b", "2"}, {NULL, NULL}}, own[] = {{"B", NULL}, {"c", "3"}, {NULL, NULL}};
    wio_header form[] = {{"x", "1 2"}, {"\xc3\xbc", "&"}, {NULL, NULL}};
    open_with((wio_session_options){.headers = common});
    CHECK_STR(text_of("/echo", &(wio_request_options){.headers = own, .form = form}),
              "POST\na=1\nc=3\ncontent-type=application/x-www-form-urlencoded\nx=1+2&%C3%BC=%26");
    CHECK_STR(text_of("/echo", &(wio_request_options){.method = "PUT", .body = "ab", .body_size = 1}),
              "PUT\na=1\nb=2\na");
    wio_session_close(&session);
}

static long produces(void *arg, void *buffer, size_t size) {
    int *left = (int *)arg;
    if (size < 3) return -EINVAL;
    memcpy(buffer, "abc", 3);
    return (*left)-- > 0 ? 3 : 0;
}

TEST(pieces_wait_for_room) {
    int left = 5;
    wio_progress progress;
    open_with((wio_session_options){0});
    double start = wio_time();
    host_count.written = 0;
    CHECK_STR(text_of("/slow/2/echo",
                      &(wio_request_options){.produce = produces, .produce_arg = &left, .progress = &progress}),
              "POST\nabcabcabcabcabc");
    CHECK_EQ(host_count.written, 15);
    CHECK_EQ(progress.sent, 15);
    CHECK(wio_time() - start >= 12);
    wio_session_close(&session);
}

TEST(the_text_of_another_charset) {
    open_with((wio_session_options){0});
    CHECK_STR(text_of("/body=plain", NULL), "plain");
    wio_session_close(&session);
}

static int reads_shared(void *arg) {
    const char *line;
    long n;
    while ((n = wio_response_line((wio_response *)arg, &line)) > 0) {
    }
    return (int)n;
}

TEST(closed_by_another_task_while_a_line_is_read) {
    wio_response *response = NULL;
    open_with((wio_session_options){0});
    CHECK_EQ(wio_session_get(&session, "/hang-body/body=ab", &response), 0);
    wio_task *task = wio_create_task(reads_shared, response);
    CHECK_EQ(wio_sleep(1), 0);
    wio_response_close(response);
    CHECK_EQ(wio_await(task), -ECONNABORTED);
    CHECK_EQ(host_count.open, 0);
    wio_session_close(&session);
}

TEST(lines_of_every_length_in_every_chunk_size) {
    static const char whole[] = "a\n\nbcdefgh\nlonger line here\nend";
    open_with((wio_session_options){0});
    for (int chunk = 1; chunk < 12; chunk++) {
        wio_response *response = NULL;
        const char *line;
        char url[128], all[128] = "";
        int lines = 0;
        snprintf(url, sizeof url, "/chunk/%d/body=%s", chunk, whole);
        CHECK_EQ(wio_session_get(&session, url, &response), 0);
        while (wio_response_line(response, &line) > 0) strcat(all, line), lines++;
        CHECK_STR(all, whole);
        CHECK_EQ(lines, 5);
        wio_response_close(response);
    }
    wio_session_close(&session);
}

static int hangs(void *arg) { return status_of((const char *)arg, NULL); }

TEST(reports_name_the_request) {
    char url[] = "/hang", printed[2048];
    open_with((wio_session_options){0});
    wio_task *task = wio_create_task(hangs, url);
    CHECK_EQ(wio_sleep(1), 0);
    FILE *file = fmemopen(printed, sizeof printed, "w");
    wio_print_tasks(file);
    fclose(file);
    CHECK_HAS(printed, "waits for fetch at test_session.c:");
    CHECK_HAS(printed, "(/hang)");
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    wio_session_close(&session);
}

/* ------------------------------------------------------------------------------------------------------- Traces --- */

static char story[2048];
static double zero;

/* What becomes of each request, by its number among them: "1 started /a; 1 sent at 3; ". */
static void tells(const wio_trace_event *event, void *data) {
    (void)data;
    if (event->kind != WIO_TRACE_STARTED && event->kind != WIO_TRACE_PHASE) return;
    char line[128];
    bool started = event->kind == WIO_TRACE_STARTED;
    snprintf(line, sizeof line, "%u %s %s at %g; ", event->object,
             !started       ? "is"
             : event->value ? "queues"
                            : "starts",
             started ? event->text : event->what, event->time - zero);
    strcat(story, line);
}

static int quiet_get(void *url) {
    text_of(url, NULL);
    return 0;
}

/* The numbers of objects are those of all: the permits have some, too. */
static const char *plain(void) {
    static char out[2048];
    unsigned numbers[8] = {0}, known = 0;
    char *to = out;
    for (const char *at = story; *at;) {
        unsigned number = (unsigned)strtoul(at, (char **)&at, 10), i = 0;
        while (i < known && numbers[i] != number) i++;
        if (i == known) numbers[known++] = number;
        to += sprintf(to, "%u", i + 1);
        while (*at && (*to++ = *at++) != ';') {
        }
        if (*at == ' ') *to++ = *at++;
    }
    *to = '\0';
    return out;
}

static void watch_begin(void) {
    story[0] = '\0';
    zero = wio_time();
    wio_trace(tells, NULL);
}

TEST(a_request_that_waits_for_a_permit_is_queued_until_it_is_sent) {
    open_with((wio_session_options){.limit = 1});
    watch_begin();
    wio_task *first = wio_create_task(quiet_get, "/delay/3/body=x"),
             *second = wio_create_task(quiet_get, "/delay/2/body=y");
    CHECK_EQ(wio_await(first), 0);
    CHECK_EQ(wio_await(second), 0);
    wio_trace(NULL, NULL);
    wio_session_close(&session);
    CHECK_STR(plain(), "1 starts /delay/3/body=x at 0; 2 queues /delay/2/body=y at 0; 1 is answered at 3; "
                       "1 is body at 3; 1 is end at 3; 1 is closed at 3; 2 is sent at 3; 2 is answered at 5; "
                       "2 is body at 5; 2 is end at 5; 2 is closed at 5; ");
}

TEST(a_queued_request_that_is_given_up_was_never_sent) {
    open_with((wio_session_options){.limit_per_host = 1});
    wio_task *first = wio_create_task(hangs, "/hang");
    CHECK_EQ(wio_sleep(0), 0);
    watch_begin();
    wio_task *second = wio_create_task(quiet_get, "/body=y");
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(second);
    CHECK_EQ(wio_await(second), 0);
    wio_trace(NULL, NULL);
    CHECK_HAS(plain(), "1 queues /body=y at ");
    CHECK_HAS(story, "is aborted at ");
    CHECK(!strstr(story, "sent"));
    wio_task_cancel(first);
    CHECK_EQ(wio_await(first), -ECANCELED);
    wio_session_close(&session);
}

/* The clock stands still while the host has anything to do, and a queued request is nothing that it has to do. */
TEST(time_goes_on_while_a_request_is_queued) {
    open_with((wio_session_options){.limit = 1});
    wio_response *response;
    CHECK_EQ(wio_session_get(&session, "/body=x", &response), 0);
    wio_task *queued = wio_create_task(quiet_get, "/body=y");
    zero = wio_time();
    CHECK_EQ(wio_sleep(1000), 0);
    CHECK_NEAR(wio_time() - zero, 1000, 1e-6);
    wio_response_close(response);
    CHECK_EQ(wio_await(queued), 0);
    wio_session_close(&session);
}

static int counted;

static void counts_changes(const wio_trace_event *event, void *data) {
    (void)data;
    if (event->kind == WIO_TRACE_CHANGED) counted++;
}

TEST(a_limit_that_is_none_is_not_counted) {
    open_with((wio_session_options){.limit = 5});
    wio_trace(counts_changes, NULL);
    CHECK_EQ(status_of("/body=x", NULL), 200);
    wio_trace(NULL, NULL);
    CHECK_EQ(counted, 2); /* the session's permit is taken and given back; a host has as many as it likes */
    wio_session_close(&session);
}
