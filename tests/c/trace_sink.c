// clock: virtual
// wio_trace(): every event, in order, to a sink in C.
#include "tools.h"

static char story[8192];
static size_t length;
static unsigned events;

static const char *const kinds[] = {"",        "created", "run",   "pause", "wait",    "awaits",
                                    "wake",    "cancel",  "end",   "enter", "expired", "leave",
                                    "changed", "started", "phase", "lost",  "made"};

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
    snprintf(
        expected, sizeof expected,
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

static wio_trace_event last_change;
static void keeps_changes(const wio_trace_event *event, void *data) {
    (void)data;
    if (event->kind == WIO_TRACE_CHANGED) last_change = *event;
}

/* "queue 1/2 +3": value, limit, how many wait. */
static const char *change(void) {
    static char text[64];
    snprintf(text, sizeof text, "%s %d/%d +%d", last_change.what, last_change.value, last_change.limit,
             last_change.waiting);
    return text;
}

static int takes(void *arg) { return wio_lock_acquire((wio_lock *)arg) || wio_lock_release((wio_lock *)arg); }
static int awaits_event(void *arg) { return wio_event_wait((wio_event *)arg); }
static int meets(void *arg) { return wio_barrier_wait((wio_barrier *)arg) < 0; }
static int puts_two(void *arg) {
    int rc = 0;
    for (int i = 0; i < 2 && !rc; i++) rc = wio_queue_put((wio_queue *)arg, &i);
    return rc;
}

TEST(the_state_of_each_primitive_after_each_change) {
    wio_lock lock = WIO__ZERO;
    wio_event event = WIO__ZERO;
    wio_barrier barrier;
    wio_queue queue;
    wio_semaphore semaphore;
    wio_barrier_init(&barrier, 2);
    wio_queue_init(&queue, sizeof(int), 1);
    wio_semaphore_init_bounded(&semaphore, 2);
    wio_trace(keeps_changes, NULL);
    wio_semaphore_acquire(&semaphore);
    CHECK_STR(change(), "semaphore 1/2 +0");
    wio_lock_acquire(&lock);
    CHECK_STR(change(), "lock 0/1 +0");
    wio_task *tasks[] = {wio_create_task(takes, &lock), wio_create_task(awaits_event, &event),
                         wio_create_task(meets, &barrier), wio_create_task(puts_two, &queue)};
    yields(2);
    wio_lock_release(&lock);
    CHECK_STR(change(), "lock 0/1 +0"); /* handed over */
    wio_event_set(&event);
    CHECK_STR(change(), "event 1/1 +0");
    last_change.what = "";
    wio_event_set(&event);
    wio_event_clear(&event);
    wio_event_clear(&event);
    CHECK_STR(change(), "event 0/1 +0");
    int item;
    wio_queue_get(&queue, &item);
    CHECK_STR(change(), "queue 0/1 +0");
    CHECK_OK(wio_barrier_wait(&barrier));
    CHECK_STR(change(), "barrier 2/2 +0");
    wio_yield();
    CHECK_STR(change(), "barrier 0/2 +0"); /* the last of the round has left */
    wio_trace(NULL, NULL);
    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) CHECK_EQ(wio_await(tasks[i]), 0);
    wio_queue_destroy(&queue);
}

typedef struct {
    unsigned entered, created_in, waited_for;
} seen_groups;
static seen_groups groups;

static void keeps_groups(const wio_trace_event *event, void *data) {
    (void)data;
    if (event->kind == WIO_TRACE_ENTER) groups.entered = event->object;
    if (event->kind == WIO_TRACE_CREATED && event->object) groups.created_in = event->object;
    if (event->kind == WIO_TRACE_WAIT && strcmp(event->what, "group") == 0) groups.waited_for = event->object;
}

TEST(a_group_is_one_object_for_its_tasks_and_for_who_waits_at_its_end) {
    groups = (seen_groups){0, 0, 0};
    wio_trace(keeps_groups, NULL);
    WIO_TASK_GROUP(group) { wio_group_create_task(&group, naps_a_second, NULL); }
    wio_trace(NULL, NULL);
    CHECK(groups.entered > 0);
    CHECK_EQ(groups.created_in, groups.entered);
    CHECK_EQ(groups.waited_for, groups.entered);
}

static char made[512];
static unsigned made_number;

static void keeps_made(const wio_trace_event *event, void *data) {
    (void)data;
    if (event->kind != WIO_TRACE_MADE) return;
    snprintf(made, sizeof made, "%s %d of %d at %s", event->what, event->value, event->limit, event->where);
    made_number = event->object;
}

TEST(what_is_made_is_told_with_its_place_and_gets_a_number_of_its_own) {
    wio_semaphore semaphore;
    wio_queue queue;
    wio_barrier barrier;
    char expected[128];
    wio_trace(keeps_made, NULL);
    snprintf(expected, sizeof expected, "semaphore 3 of 0 at trace_sink.c:%d", __LINE__ + 1);
    wio_semaphore_init(&semaphore, 3);
    CHECK_STR(made, expected);
    unsigned first = made_number;
    wio_semaphore_init_bounded(&semaphore, 2);
    CHECK_HAS(made, "semaphore 2 of 2 at trace_sink.c:");
    CHECK(made_number > first); /* another semaphore, although it stands where the first has stood */
    wio_queue_init(&queue, sizeof(int), 5);
    CHECK_HAS(made, "queue 0 of 5 at trace_sink.c:");
    wio_barrier_init(&barrier, 2);
    CHECK_HAS(made, "barrier 0 of 2 at trace_sink.c:");
    wio_trace(NULL, NULL);
    wio_queue_destroy(&queue);
}
