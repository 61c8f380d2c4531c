// clock: virtual
// Events (EVT).
#include "tools.h"

typedef struct {
    wio_event *event;
    char letter;
} user;

static int waits(void *arg) {
    user *self = (user *)arg;
    int rc = wio_event_wait(self->event);
    mark(rc ? '!' : self->letter);
    return rc;
}

static int waits_twice(void *arg) {
    int rc = waits(arg);
    return rc ? rc : waits(arg);
}

TEST(LCK_01_a_set_event_is_had_without_a_pass) {
    char letter[] = "x";
    wio_event event, zeroed = WIO__ZERO;
    trace_clear();
    wio_event_init(&event);
    CHECK(!wio_event_is_set(&event) && !wio_event_is_set(&zeroed));
    wio_task *other = wio_create_task(marks, letter);
    wio_event_set(&event);
    CHECK(wio_event_is_set(&event));
    CHECK_EQ(wio_event_wait(&event), 0);
    CHECK_EQ(wio_event_wait(&event), 0);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_await(other), 0);
}

TEST(EVT_01_set_wakes_all_in_order_of_arrival_behind_those_that_ask_later) {
    wio_event event = WIO__ZERO;
    user users[] = {{&event, 'a'}, {&event, 'b'}, {&event, 'c'}, {&event, 'd'}};
    wio_task *tasks[4];
    trace_clear();
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(waits, &users[i]);
    wio_yield();
    tasks[3] = wio_create_task(waits, &users[3]); /* runs in the next pass, before the three */
    wio_event_set(&event);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_event_wait(&event), 0);
    mark('m');
    wio_yield();
    CHECK_STR(trace, "mdabc");
    for (int i = 0; i < 4; i++) CHECK_EQ(wio_await(tasks[i]), 0);
}

TEST(EVT_02_set_then_clear_wakes_those_that_wait_already_once) {
    wio_event event = WIO__ZERO;
    user users[] = {{&event, 'a'}, {&event, 'b'}};
    trace_clear();
    wio_task *a = wio_create_task(waits, &users[0]), *b = wio_create_task(waits_twice, &users[1]);
    wio_yield();
    wio_event_set(&event);
    wio_event_clear(&event);
    wio_event_set(&event);
    wio_event_clear(&event);
    CHECK(!wio_event_is_set(&event));
    yields(3);
    CHECK_STR(trace, "ab");
    wio_event_set(&event);
    CHECK_EQ(wio_await(a), 0);
    CHECK_EQ(wio_await(b), 0);
    CHECK_STR(trace, "abb");
}

TEST(EVT_03_after_clear_waiters_block) {
    wio_event event = WIO__ZERO;
    user late = {&event, 'l'};
    trace_clear();
    wio_event_set(&event);
    wio_event_clear(&event);
    wio_task *task = wio_create_task(waits, &late);
    yields(5);
    CHECK_STR(trace, "");
    wio_event_set(&event);
    CHECK_EQ(wio_await(task), 0);
    CHECK_STR(trace, "l");
}

TEST(EVT_04_a_cancelled_waiter_is_removed) {
    wio_event event = WIO__ZERO;
    user users[] = {{&event, 'a'}, {&event, 'b'}};
    int rc = 0;
    trace_clear();
    wio_task *a = wio_create_task(waits, &users[0]), *b = wio_create_task(waits, &users[1]);
    wio_yield();
    wio_task_cancel(a);
    CHECK_EQ(wio_await(a), -ECANCELED);
    WIO_TIMEOUT(1) { rc = wio_event_wait(&event); }
    CHECK_EQ(rc, -ETIMEDOUT);
    wio_event_set(&event);
    CHECK_EQ(wio_await(b), 0);
    CHECK_STR(trace, "!b");
    CHECK(!event.first && !event.last);
}

TEST(EVT_05_cancelled_after_set_it_is_cancelled_and_the_others_are_not) {
    wio_event event = WIO__ZERO;
    user users[] = {{&event, 'a'}, {&event, 'b'}, {&event, 'c'}};
    wio_task *tasks[3];
    trace_clear();
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(waits, &users[i]);
    wio_yield();
    wio_event_set(&event);
    wio_task_cancel(tasks[1]);
    CHECK_EQ(wio_await(tasks[0]), 0);
    CHECK_EQ(wio_await(tasks[1]), -ECANCELED);
    CHECK_EQ(wio_await(tasks[2]), 0);
    CHECK_STR(trace, "a!c");
    CHECK(wio_event_is_set(&event));
}

TEST(EVT_06_clearing_an_unset_event_is_harmless) {
    wio_event event = WIO__ZERO;
    user waiter = {&event, 'w'};
    trace_clear();
    wio_event_clear(&event);
    wio_task *task = wio_create_task(waits, &waiter);
    wio_yield();
    wio_event_clear(&event);
    CHECK(!wio_event_is_set(&event));
    wio_event_set(&event);
    CHECK_EQ(wio_await(task), 0);
    CHECK_STR(trace, "w");
}

TEST(EVT_null) {
    wio_event_init(NULL);
    CHECK_EQ(wio_event_wait(NULL), -EINVAL);
    CHECK_HAS(last_message(), "wio_event_wait(): the event is NULL");
    wio_event_set(NULL);
    CHECK_HAS(last_message(), "wio_event_set(): the event is NULL");
    wio_event_clear(NULL);
    CHECK_HAS(last_message(), "wio_event_clear(): the event is NULL");
    CHECK(!wio_event_is_set(NULL));
}

TEST_OUTSIDE(EVT_outside_tasks) {
    wio_event event = WIO__ZERO;
    CHECK_EQ(wio_event_wait(&event), -EPERM);
    wio_event_set(&event); /* works anywhere */
    CHECK(wio_event_is_set(&event));
}

static unsigned seed;
static unsigned random_below(unsigned n) {
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % n;
}

static int woken, given_up;

static int random_waiter(void *arg) {
    for (int i = 0; i < 20; i++) {
        int rc = 0;
        if (random_below(2)) {
            rc = wio_event_wait((wio_event *)arg);
        } else {
            WIO_TIMEOUT(random_below(4) * 0.5) { rc = wio_event_wait((wio_event *)arg); }
        }
        if (rc == -ECANCELED) return rc;
        if (rc) given_up++;
        else woken++;
        if (random_below(2)) wio_yield();
    }
    return 0;
}

TEST(EVT_nobody_is_forgotten_among_cancels_and_timeouts) {
    enum { MANY = 100 };
    wio_event event = WIO__ZERO;
    wio_task *tasks[MANY];
    int left = 1;
    seed = 5;
    woken = given_up = 0;
    for (int i = 0; i < MANY; i++) tasks[i] = wio_create_task(random_waiter, &event);
    while (left) {
        if (random_below(10) == 0) wio_task_cancel(tasks[random_below(MANY)]);
        wio_event_set(&event);
        CHECK(!event.first); /* all woken */
        if (random_below(4)) wio_event_clear(&event);
        if (random_below(2)) wio_sleep(random_below(3) * 0.5);
        else wio_yield();
        left = 0;
        for (int i = 0; i < MANY; i++) left += !wio_task_done(tasks[i]);
    }
    for (int i = 0; i < MANY; i++) wio_await(tasks[i]);
    CHECK(woken > 200 && given_up > 50);
}
