// Seeds: the ready tasks of a pass in another order, the same one for the same seed; callbacks keep theirs. And what the
// sink of the host is told of a request.
#include "../../src/debug/development.h" /* wio__trace_host(): natively there is no buffer for JavaScript */
#include "host.h"
#include "tools.h"

void wio__seed(uint32_t seed);

enum { TASKS = 6 };

static void marks_b(void *arg) { mark(*(const char *)arg); }

static void order_of(uint32_t seed, char *to) {
    static const char letters[] = "abcdef", callbacks[] = "123";
    wio_task *tasks[TASKS];
    wio__seed(seed);
    trace_clear();
    for (int i = 0; i < TASKS; i++) {
        tasks[i] = wio_create_task(marks, (void *)(uintptr_t)&letters[i]);
        if (i % 2) wio_call_soon(marks_b, (void *)(uintptr_t)&callbacks[i / 2]);
    }
    yields(3);
    for (int i = 0; i < TASKS; i++) CHECK_EQ(wio_await(tasks[i]), 0);
    strcpy(to, trace);
}

/* The callbacks stand in the pass where they stood, in their order. */
static bool is_right(const char *order) {
    if (strlen(order) != TASKS + 3) return false;
    for (int i = 0; i < TASKS; i++)
        if (!strchr(order, 'a' + i)) return false;
    const char *one = strchr(order, '1'), *two = strchr(order, '2'), *three = strchr(order, '3');
    return one && two && three && one < two && two < three;
}


TEST(SEED_every_task_of_a_pass_runs_once_in_an_order_of_the_seed) {
    enum { SEEDS = 200 };
    static char orders[SEEDS][32], again[32];
    bool first[TASKS] = {false};
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        order_of(seed, orders[seed]);
        CHECK(is_right(orders[seed]));
        order_of(seed, again);
        CHECK_STR(again, orders[seed]);
        if (orders[seed][0] >= 'a') first[orders[seed][0] - 'a'] = true;
    }
    for (int i = 0; i < TASKS; i++) CHECK(first[i]); /* each comes first with some seed */
    wio__the.watch = 0;
}

static char story[512];

static void keeps(const wio_trace_event *event) {
    size_t size = strlen(story);
    bool op = event->kind == WIO_TRACE_STARTED || event->kind == WIO_TRACE_PHASE;
    if (op)
        snprintf(story + size, sizeof story - size, "%u %s %s %d; ", (unsigned)event->object, event->what, event->text, event->value);
}

TEST(TRACE_a_request_and_its_phases_are_one_object) {
    char *text = NULL;
    wio_response *response = NULL;
    wio__trace_host(keeps);
    CHECK_EQ(wio_fetch("fake:/body=hello", NULL, &response), 0);
    CHECK_EQ(wio_response_text(response, &text), 5);
    wio_response_close(response);
    wio__trace_host(NULL);
    wio__the.watch = 0;
    free(text);
    unsigned number = (unsigned)strtoul(story, NULL, 10);
    char expected[512];
    snprintf(expected, sizeof expected, "%u fetch fake:/body=hello 0; %u answered  200; ", number, number);
    CHECK(number > 0);
    CHECK_HAS(story, expected);
    CHECK_HAS(story, " body  5; ");
    CHECK_HAS(story, " end  ");
}
