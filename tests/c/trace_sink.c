// clock: virtual
// wio_trace(): every event, in order, to a sink in C.
#include "tools.h"

static char story[8192];
static size_t length;
static unsigned events;

static const char *const kinds[] = {"",      "created", "run",     "pause", "wait",    "awaits",  "wake",  "cancel",
                                    "end",   "enter",   "expired", "leave", "changed", "started", "phase", "lost"};

/* "wait 2 sleep;" without numbers of lines. Tasks count from the first that is told of. */
static void notes(const wio_trace_event *event, void *data) {
    unsigned first = *(unsigned *)data;
    events++;
    unsigned task = event->task ? event->task - first : 0, by = event->by ? event->by - first : 0;
    length += (size_t)snprintf(story + length, sizeof story - length, "%s", kinds[event->kind]);
    if (task) length += (size_t)snprintf(story + length, sizeof story - length, " %u", task);
    if (*event->what) length += (size_t)snprintf(story + length, sizeof story - length, " %s", event->what);
    if (by) length += (size_t)snprintf(story + length, sizeof story - length, " by %u", by);
    if (*event->text) length += (size_t)snprintf(story + length, sizeof story - length, " \"%s\"", event->text);
    length += (size_t)snprintf(story + length, sizeof story - length, "; ");
}

static unsigned before;

/* The calling task is 1. */
static void begin(void) {
    unsigned number = 0;
    sscanf(wio_task_name(wio_current_task()), "Task-%u", &number);
    before = number - 1;
    length = 0;
    events = 0;
    wio_trace(notes, &before);
}

static const char *stop(void) {
    wio_trace(NULL, NULL);
    return story;
}

static int naps_a_second(void *arg) {
    (void)arg;
    return wio_sleep(1);
}

TEST(what_is_alive_comes_first_and_the_step_under_way) {
    wio_task *other = wio_create_task_with(naps_a_second, NULL, &(wio_task_options){.name = "other"});
    begin();
    CHECK_STR(stop(), "created 1 check__task \"Task-1\"; created 2 naps_a_second by 1 \"other\"; run 1; ");
    wio_await(other);
}

TEST(a_task_from_its_creation_to_its_end) {
    begin();
    length = 0;
    wio_await(wio_create_task(naps_a_second, NULL));
    char expected[600];
    unsigned number = before + 2;
    snprintf(expected, sizeof expected,
             "created 2 naps_a_second by 1 \"Task-%u\"; wait 1 task; awaits 1 by 2; pause 1; run 2; wait 2 sleep; pause 2; "
             "wake 2; run 2; end 2; wake 1 by 2; run 1; ",
             number);
    CHECK_STR(stop(), expected);
}

TEST(yields_semaphores_cancels_errors_and_scopes) {
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 1);
    begin();
    length = 0;
    wio_yield();
    CHECK_STR(story, "pause 1; run 1; ");
    length = 0;
    WIO_WITH_SEMAPHORE(&semaphore) {}
    CHECK_STR(story, "changed 1 semaphore; changed 1 semaphore; ");
    length = 0;
    WIO_TIMEOUT(0.5) { wio_sleep(1); }
    CHECK_STR(story, "enter 1 timeout; wait 1 sleep; pause 1; expired 1 timeout; wake 1; run 1; leave 1 timeout; ");
    wio_task *task = wio_create_task(naps_a_second, NULL);
    wio_yield();
    length = 0;
    wio_task_cancel(task);
    CHECK_STR(story, "cancel 2 by 1; wake 2 by 1; ");
    length = 0;
    wio_await(task);
    CHECK_HAS(story, "end 2 \"cancelled\"; wake 1 by 2; ");
    stop();
    unsigned seen = events;
    wio_yield();
    CHECK_EQ(events, seen);
}

static wio_trace_event last_wait;
static void keeps_waits(const wio_trace_event *event, void *data) {
    (void)data;
    if (event->kind == WIO_TRACE_WAIT) last_wait = *event;
    if (event->kind == WIO_TRACE_WAIT) CHECK_HAS(event->where, "trace_sink.c:");
}

TEST(times_and_places) {
    wio_sleep(2);
    wio_trace(keeps_waits, NULL);
    double now = wio_time();
    wio_sleep(3);
    wio_trace(NULL, NULL);
    CHECK_NEAR(last_wait.time, now, 1e-9);
    CHECK_NEAR(last_wait.until, now + 3, 1e-9);
}
