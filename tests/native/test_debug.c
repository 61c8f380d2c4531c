/* Debug mode where time can pass without anybody waiting: steps and callbacks that hold the loop. */
#include "host.h"
#include "../c/tools.h"

static int count(const char *whole, const char *part) {
    int n = 0;
    for (const char *at = whole; (at = strstr(at, part)) != NULL; at++) n++;
    return n;
}

static void quiet(void) {
    host_quiet(true);
    host_log();
}

static const char *heard(void) {
    host_quiet(false);
    return host_log();
}

static int burns(void *arg) {
    host_burn(*(double *)arg);
    return 0;
}

TEST(DBG_01_off_by_default_switched_by_a_call_also_later) {
    double long_time = 0.5;
    quiet();
    wio_await(wio_create_task(burns, &long_time));
    CHECK_STR(heard(), "");
    wio_set_debug(0.1);
    quiet();
    wio_await(wio_create_task(burns, &long_time));
    CHECK_EQ(count(heard(), "held the loop"), 1);
    wio_set_debug(-1);
    quiet();
    wio_await(wio_create_task(burns, &long_time));
    CHECK_STR(heard(), "");
}

TEST(DBG_02_a_step_that_takes_the_limit_with_how_long_and_which_task) {
    double less = 0.0625, limit = 0.125;
    wio_set_debug(0.125);
    quiet();
    wio_await(wio_create_task(burns, &less));
    wio_await(wio_create_task_with(burns, &limit, &(wio_task_options){.name = "slow one"}));
    CHECK_HAS(heard(), "wasyncio: task 'slow one' (burns) held the loop for 125 ms; created at test_debug.c:");
    wio_set_debug(0);
    quiet();
    wio_await(wio_create_task(burns, &less));
    CHECK(count(heard(), "held the loop for 62 ms") == 1);
    wio_set_debug(-1);
}

static void burns_in_callback(void *arg) { host_burn(*(double *)arg); }
static void burns_at_end(wio_task *task, void *arg) {
    (void)task;
    host_burn(*(double *)arg);
}

TEST(DBG_02_DBG_03_a_callback_too_with_the_place_where_it_was_scheduled) {
    double half = 0.5, nothing = 0;
    wio_set_debug(0.1);
    wio_yield();
    quiet();
    wio_call_soon(burns_in_callback, &half);
    yields(2);
    const char *said = heard();
    CHECK_HAS(said, "wasyncio: a callback (burns_in_callback) held the loop for 500 ms, scheduled at test_debug.c:");
    CHECK_EQ(count(said, "held"), 1);
    quiet();
    wio_call_later(1, burns_in_callback, &half);
    wio_sleep(2);
    CHECK_EQ(count(heard(), "a callback (burns_in_callback) held the loop for 500 ms, scheduled at test_debug.c:"), 1);
    wio_task *task = wio_create_task(burns, &nothing);
    wio_task_add_done_callback(task, burns_at_end, &half);
    quiet();
    wio_await(task);
    yields(2);
    CHECK_EQ(count(heard(), "a callback (burns_at_end) held the loop for 500 ms, scheduled at test_debug.c:"), 1);
    wio_set_debug(-1);
}

static int fails(void *arg) {
    (void)arg;
    return wio_fail(-EPROTO, "broken pipe dream");
}

TEST(DBG_04_reports_carry_message_error_task_and_place_of_creation) {
    quiet();
    wio_detach(wio_create_task_with(fails, NULL, &(wio_task_options){.name = "failing"}));
    yields(2);
    const char *said = heard();
    CHECK_HAS(said, "wasyncio: task 'failing' failed and nobody looked: EPROTO: broken pipe dream at test_debug.c:");
    CHECK_HAS(said, "; created at test_debug.c:");
}

static wio_response *kept;

static int keeps_a_response(void *arg) {
    (void)arg;
    wio_response *closed = NULL;
    wio_set_debug(0.1);
    int rc = wio_fetch("fake:/body=x", NULL, &kept);
    if (!rc) rc = wio_fetch("fake:/body=y", NULL, &closed);
    wio_response_close(closed);
    return rc;
}

TEST_OUTSIDE(DBG_09_a_response_that_is_not_closed) {
    quiet();
    CHECK_EQ(wio_run(keeps_a_response, NULL), 0);
    wio_set_debug(-1);
    const char *said = heard();
    CHECK_HAS(said, "wasyncio: response was never given back; made at test_debug.c:");
    CHECK_EQ(count(said, "never given back"), 1);
    wio_response_close(kept);
}
