// Server-sent events: how a stream is read, and how it is taken up again.
#include "check.h"

static wio_session session;

static int open_here(void) {
    session.inside = NULL;
    return wio_session_open(&session, NULL);
}

TEST(events_with_types_ids_and_several_lines) {
    wio_sse events = {0};
    wio_sse_event event;
    REQUIRE(open_here() == 0);
    REQUIRE(wio_sse_open(&events, &session, check_url("/events/2")) == 0);
    CHECK_EQ(wio_sse_next(&events, &event), 1);
    CHECK_STR(event.type, "message");
    CHECK_STR(event.data, "event 1\nsecond line");
    CHECK_STR(event.id, "1");
    CHECK_EQ(wio_sse_next(&events, &event), 1);
    CHECK_STR(event.type, "even");
    CHECK_STR(event.data, "event 2\nsecond line");
    CHECK_STR(event.id, "2");
    CHECK_EQ(wio_sse_next(&events, &event), 0); /* asked again, the server says 204 */
    CHECK_EQ(wio_sse_next(&events, &event), 0);
    wio_sse_close(&events);
    wio_sse_close(&events);
    wio_session_close(&session);
    CHECK_EQ(check_stat("paths|/events|total"), 2);
}

/* Browsers do not hide the header, but ask the server first. */
TEST(goes_on_behind_the_last_event) {
    wio_sse events = {0};
    wio_sse_event event;
    char ids[16] = "";
    REQUIRE(open_here() == 0);
    REQUIRE(wio_sse_open(&events, &session, check_url("/events/4?drop&retry=20")) == 0);
    while (wio_sse_next(&events, &event) == 1) strcat(ids, event.id);
    CHECK_STR(ids, "1234");
    wio_sse_close(&events);
    wio_session_close(&session);
    CHECK_EQ(check_stat("paths|/events|total"), 5);
}

TEST(odd_streams) {
    wio_sse events = {0};
    wio_sse_event event;
    REQUIRE(open_here() == 0);
    /* ":x\n\ndata\n\nevent: a\n\ndata:b\nid\nunknown: 1\n\ndata: lost" */
    REQUIRE(wio_sse_open(&events, &session,
                         check_url("/raw?type=text/event-stream&hex=3a780a0a646174610a0a6576656e743a20610a0a646174613a"
                                   "620a69640a756e6b6e6f776e3a20310a0a646174613a206c6f7374")) == 0);
    CHECK_EQ(wio_sse_next(&events, &event), 1);
    CHECK_STR(event.data, "");
    CHECK_EQ(wio_sse_next(&events, &event), 1);
    CHECK_STR(event.data, "b");
    CHECK_STR(event.type, "message");
    CHECK_STR(event.id, "");
    int rc = 1;
    WIO_TIMEOUT(0.2) { rc = wio_sse_next(&events, &event); }
    CHECK_EQ(rc, -ETIMEDOUT); /* it waits to connect again */
    wio_sse_close(&events);
    wio_session_close(&session);
}

TEST(lines_end_with_carriage_returns_too) {
    wio_sse events = {0};
    wio_sse_event event;
    REQUIRE(open_here() == 0);
    /* a mark, "id: 7\rdata: a\rdata: b\r\rid: bad\0id\r\ndata: c\r\n\r\nevent: e\ndata: d\n\r" */
    REQUIRE(wio_sse_open(&events, &session,
                         check_url("/raw?type=Text/Event-Stream;charset=utf-8&hex=efbbbf69643a20370d646174613a20610d646174613a20620d0d69643a206261640"
                                   "069640d0a646174613a20630d0a0d0a6576656e743a20650a646174613a20640a0d")) == 0);
    CHECK_EQ(wio_sse_next(&events, &event), 1);
    CHECK_STR(event.data, "a\nb");
    CHECK_STR(event.id, "7");
    CHECK_EQ(wio_sse_next(&events, &event), 1);
    CHECK_STR(event.data, "c");
    CHECK_STR(event.id, "7"); /* one with a NUL is none */
    CHECK_EQ(wio_sse_next(&events, &event), 1);
    CHECK_STR(event.data, "d");
    CHECK_STR(event.type, "e");
    wio_sse_close(&events);
    wio_session_close(&session);
}

TEST(what_is_no_stream_of_events) {
    wio_sse events = {0};
    wio_sse_event event;
    REQUIRE(open_here() == 0);
    CHECK_EQ(wio_sse_open(&events, &session, check_url("/status/404")), -EREMOTEIO);
    CHECK_EQ(wio_sse_open(&events, &session, check_url("/ok")), -EBADMSG);
    CHECK_HAS(wio_task_error(wio_current_task())->message, "text/plain");
    CHECK_EQ(wio_sse_open(NULL, &session, check_url("/ok")), -EINVAL);
    CHECK_EQ(wio_sse_open(&events, NULL, check_url("/ok")), -EINVAL);
    CHECK_EQ(wio_sse_open(&events, &session, NULL), -EINVAL);
    CHECK_EQ(wio_sse_next(&events, &event), -EINVAL);
    CHECK_EQ(wio_sse_next(NULL, &event), -EINVAL);
    wio_sse_close(NULL);
    wio_session_close(&session);
}

static wio_sse shared;
static int next_of_shared(void *arg) {
    (void)arg;
    wio_sse_event event;
    return wio_sse_next(&shared, &event);
}

TEST(a_cancel_ends_the_wait_for_an_event) {
    REQUIRE(open_here() == 0);
    REQUIRE(wio_sse_open(&shared, &session, check_url("/events-hang")) == 0);
    wio_task *task = wio_create_task(next_of_shared, NULL);
    CHECK_EQ(wio_sleep(0.05), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    wio_sse_close(&shared);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
    wio_session_close(&session);
}
