// clock: virtual
// stderr: wio_future_status\(\): the future is not done yet
// stderr: wio_future_set_result\(\): a result is not negative; use wio_future_set_error\(\)
// stderr: wio_future_copy\(\): the future to copy is not done yet
// stderr: a future failed and nobody looked: EIO: never read at future\.c:\d+; created at future\.c:\d+
// stderr: a future failed and nobody looked: EPROTO: the first in this place
// stderr: a future failed and nobody looked: EIO: left behind
// Futures (FUT).
#include "tools.h"

static int awaits_future(void *arg) { return wio_future_await((wio_future *)arg); }

TEST(FUT_01_pending_then_done_once_and_for_all) {
    wio_future future;
    wio_future_init(&future);
    CHECK(!wio_future_done(&future) && !wio_future_cancelled(&future));
    CHECK_EQ(wio_future_set_result(&future, 7), 0);
    CHECK(wio_future_done(&future) && !wio_future_cancelled(&future));
    CHECK_EQ(wio_future_set_result(&future, 8), -EALREADY);
    CHECK_EQ(wio_future_set_error(&future, -EIO), -EALREADY);
    CHECK_EQ(wio_future_cancel(&future), -EALREADY);
    CHECK_STR(last_message(), "already done");
    CHECK_EQ(wio_future_status(&future), 7);
    CHECK(!wio_future_error(&future));
    wio_future_destroy(&future);
}

TEST(FUT_01_an_error_is_final_too) {
    wio_future future;
    wio_future_init(&future);
    CHECK_EQ(wio_future_set_error(&future, wio_fail(-EIO, "page %d", 3)), 0);
    CHECK_EQ(wio_future_set_result(&future, 1), -EALREADY);
    CHECK_EQ(wio_future_set_error(&future, -EPROTO), -EALREADY);
    CHECK_EQ(wio_future_status(&future), -EIO);
    const wio_error *error = wio_future_error(&future);
    REQUIRE(error);
    CHECK_EQ(error->code, -EIO);
    CHECK_STR(error->name, "EIO");
    CHECK_STR(error->message, "page 3");
    CHECK_HAS(error->where, "future.c:");
    CHECK_STR(error->task, wio_task_name(wio_current_task()));
    CHECK_STR(error->notes, "");
    wio_future_destroy(&future);
}

TEST(FUT_01_so_is_a_cancel) {
    wio_future future;
    wio_future_init(&future);
    CHECK_EQ(wio_future_cancel(&future), 0);
    CHECK(wio_future_done(&future) && wio_future_cancelled(&future));
    CHECK_EQ(wio_future_cancel(&future), -EALREADY);
    CHECK_EQ(wio_future_set_result(&future, 1), -EALREADY);
    CHECK_EQ(wio_future_status(&future), -ECANCELED);
    CHECK_EQ(wio_future_await(&future), -ECANCELED);
    CHECK_EQ(wio_cancelling(), 0);
    wio_future_destroy(&future);
}

TEST(FUT_02_reading_a_pending_future_is_a_named_error) {
    wio_future future;
    wio_future_init(&future);
    CHECK_EQ(wio_future_status(&future), -EAGAIN);
    CHECK_HAS(last_message(), "not done yet");
    CHECK(!wio_future_error(&future));
    wio_future_destroy(&future);
}

TEST(FUT_03_a_producer_sees_that_the_consumer_is_gone) {
    wio_future future;
    wio_future_init(&future);
    wio_task *consumer = wio_create_task(awaits_future, &future);
    wio_yield();
    wio_task_cancel(consumer);
    CHECK(wio_future_cancelled(&future)); /* CAN-05: the waiter's cancel is the future's */
    CHECK_EQ(wio_future_set_result(&future, 1), -EALREADY);
    CHECK_EQ(wio_await(consumer), -ECANCELED);
    wio_future_destroy(&future);
}

TEST(FUT_04_an_error_nobody_read_is_reported_once) {
    wio_future unread, read, cancelled, good, untouched;
    wio_future_init(&unread);
    wio_future_init(&read);
    wio_future_init(&cancelled);
    wio_future_init(&good);
    wio_future_init(&untouched);
    CHECK_EQ(wio_future_set_error(&unread, wio_fail(-EIO, "never read")), 0);
    CHECK_EQ(wio_future_set_error(&read, wio_fail(-EIO, "was read")), 0);
    CHECK_EQ(wio_future_status(&read), -EIO);
    CHECK_EQ(wio_future_cancel(&cancelled), 0);
    CHECK_EQ(wio_future_set_result(&good, 0), 0);
    wio_future_destroy(&unread); /* FUT-05: with the place of its creation */
    wio_future_destroy(&read);
    wio_future_destroy(&cancelled);
    wio_future_destroy(&good);
    wio_future_destroy(&untouched);
}

TEST(FUT_04_at_the_end_of_the_run_without_destroy) {
    static wio_future left;
    wio_future_init(&left);
    CHECK_EQ(wio_future_set_error(&left, wio_fail(-EIO, "left behind")), 0);
}

TEST(FUT_06_a_zeroed_future_is_a_pending_one) {
    wio_future future = WIO__ZERO;
    CHECK(!wio_future_done(&future));
    CHECK_EQ(wio_future_status(&future), -EAGAIN);
    wio_task *task = wio_create_task(awaits_future, &future);
    wio_yield();
    CHECK_EQ(wio_future_set_error(&future, wio_fail(-EIO, "zeroed")), 0);
    CHECK_EQ(wio_await(task), -EIO);
    CHECK_STR(last_message(), "zeroed");
    wio_future_destroy(&future);
    wio_future never = WIO__ZERO;
    wio_future_destroy(&never);
}

TEST(FUT_07_results_come_unchanged) {
    int values[] = {0, 1, 2147483647};
    for (int i = 0; i < 3; i++) {
        wio_future future = WIO__ZERO;
        CHECK_EQ(wio_future_set_result(&future, values[i]), 0);
        CHECK_EQ(wio_future_await(&future), values[i]);
        CHECK_EQ(wio_future_status(&future), values[i]);
    }
    wio_future future = WIO__ZERO;
    CHECK_EQ(wio_future_set_error(&future, -2147483647), 0);
    CHECK_EQ(wio_future_await(&future), -2147483647);
    wio_future_destroy(&future);
}

TEST(FUT_08_state_is_copied) {
    wio_future from = WIO__ZERO, to = WIO__ZERO;
    CHECK_EQ(wio_future_copy(&to, &from), -EAGAIN);
    wio_future_set_result(&from, 9);
    CHECK_EQ(wio_future_copy(&to, &from), 0);
    CHECK_EQ(wio_future_await(&to), 9);
    CHECK_EQ(wio_future_copy(&to, &from), -EALREADY);
    wio_future failed = WIO__ZERO, copy = WIO__ZERO;
    wio_future_set_error(&failed, wio_fail(-EIO, "copied"));
    wio_task *task = wio_create_task(awaits_future, &copy);
    wio_yield();
    wio_fail(-EPROTO, "something else");
    CHECK_EQ(wio_future_copy(&copy, &failed), 0); /* counts as having looked at it */
    CHECK_EQ(wio_await(task), -EIO);
    CHECK_STR(last_message(), "copied");
    wio_future_destroy(&failed);
    wio_future_destroy(&copy);
    wio_future cancelled = WIO__ZERO, other = WIO__ZERO;
    wio_future_cancel(&cancelled);
    CHECK_EQ(wio_future_copy(&other, &cancelled), 0);
    CHECK(wio_future_cancelled(&other));
    CHECK_EQ(wio_future_copy(&other, NULL), -EINVAL);
    CHECK_EQ(wio_future_copy(NULL, &cancelled), -EINVAL);
}

TEST(FUT_any_number_of_tasks_wait_and_resume_in_order) {
    wio_future future = WIO__ZERO;
    wio_task *tasks[5];
    for (int i = 0; i < 5; i++) tasks[i] = wio_create_task(awaits_future, &future);
    wio_yield();
    double start = wio_time();
    CHECK_EQ(wio_future_set_result(&future, 4), 0);
    wio_yield();
    for (int i = 0; i < 5; i++) CHECK(wio_task_done(tasks[i])); /* one pass */
    for (int i = 0; i < 5; i++) CHECK_EQ(wio_await(tasks[i]), 4);
    CHECK_EQ(wio_future_await(&future), 4); /* and again, without a turn */
    CHECK_NEAR(wio_time(), start, 1e-6);
}

TEST(FUT_every_waiter_gets_the_message_of_the_error) {
    wio_future future = WIO__ZERO;
    wio_task *tasks[3];
    for (int i = 0; i < 3; i++) tasks[i] = wio_create_task(awaits_future, &future);
    wio_yield();
    CHECK_EQ(wio_future_set_error(&future, wio_fail(-EIO, "for all")), 0);
    wio_future_destroy(&future); /* what was delivered is theirs */
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(wio_await(tasks[i]), -EIO);
        CHECK_STR(last_message(), "for all");
    }
}

TEST(FUT_the_future_may_be_gone_when_its_waiters_resume) {
    wio_task *task;
    {
        wio_future *future = (wio_future *)malloc(sizeof *future);
        REQUIRE(future);
        wio_future_init(future);
        task = wio_create_task(awaits_future, future);
        wio_yield();
        CHECK_EQ(wio_future_set_result(future, 3), 0);
        wio_future_destroy(future);
        free(future);
    }
    CHECK_EQ(wio_await(task), 3);
}

TEST(FUT_destroying_a_pending_future_ends_its_waits) {
    wio_future *future = (wio_future *)calloc(1, sizeof *future);
    REQUIRE(future);
    wio_task *task = wio_create_task(awaits_future, future);
    wio_yield();
    wio_future_destroy(future);
    free(future);
    CHECK_EQ(wio_await(task), -ECANCELED);
    wio_future_destroy(NULL);
}

TEST(CAN_05_cancelling_one_waiter_cancels_the_future_and_the_others) {
    wio_future future = WIO__ZERO;
    wio_task *a = wio_create_task(awaits_future, &future), *b = wio_create_task(awaits_future, &future);
    wio_yield();
    wio_task_cancel(a);
    CHECK_EQ(wio_await(b), -ECANCELED);
    CHECK_EQ(wio_await(a), -ECANCELED);
    CHECK(wio_future_cancelled(&future));
}

static int awaits_shielded(void *arg) {
    int rc = 0;
    WIO_SHIELD { rc = wio_future_await((wio_future *)arg); }
    return rc;
}

TEST(CAN_05_a_shield_prevents_it) {
    wio_future future = WIO__ZERO;
    wio_task *a = wio_create_task(awaits_shielded, &future), *b = wio_create_task(awaits_future, &future);
    wio_yield();
    wio_task_cancel(a);
    CHECK(!wio_future_done(&future));
    CHECK_EQ(wio_future_set_result(&future, 5), 0);
    CHECK_EQ(wio_await(a), -ECANCELED); /* its cancel was never delivered, and the value is dropped: CAN-09 */
    CHECK_EQ(wio_await(b), 5);
}

static int sees_the_cancel(void *arg) {
    int rc = wio_future_await((wio_future *)arg);
    CHECK_EQ(rc, -ECANCELED);
    CHECK_EQ(wio_cancelling(), 0);
    CHECK_EQ(wio_sleep(1), 0);
    return 1;
}

TEST(CAN_06_a_future_cancelled_by_others_fails_the_wait_and_no_more) {
    wio_future future = WIO__ZERO;
    wio_task *task = wio_create_task(sees_the_cancel, &future);
    wio_yield();
    CHECK_EQ(wio_future_cancel(&future), 0);
    CHECK_EQ(wio_await(task), 1);
}

TEST(CAN_07_task_and_future_cancelled_in_one_pass) {
    wio_future a = WIO__ZERO, b = WIO__ZERO;
    wio_task *first = wio_create_task(awaits_future, &a), *second = wio_create_task(awaits_future, &b);
    wio_yield();
    wio_task_cancel(first);
    CHECK_EQ(wio_future_cancel(&a), -EALREADY);
    CHECK_EQ(wio_future_cancel(&b), 0);
    wio_task_cancel(second);
    CHECK_EQ(wio_await(first), -ECANCELED);
    CHECK_EQ(wio_await(second), -ECANCELED);
}

TEST(CAN_20_a_cancel_beats_a_result_not_yet_picked_up) {
    wio_future future = WIO__ZERO;
    wio_task *task = wio_create_task(awaits_future, &future);
    wio_yield();
    CHECK_EQ(wio_future_set_result(&future, 5), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(wio_future_status(&future), 5);
}

static int withdraws(void *arg) {
    wio_task_cancel(wio_current_task());
    CHECK_EQ(wio_uncancel(), 0);
    return wio_future_await((wio_future *)arg);
}

TEST(UNC_03_a_withdrawn_cancel_lets_the_result_through) {
    wio_future future = WIO__ZERO;
    wio_task *task = wio_create_task(withdraws, &future);
    wio_yield();
    CHECK_EQ(wio_future_set_result(&future, 6), 0);
    CHECK_EQ(wio_await(task), 6);
}

TEST(TMO_around_a_future_cancels_it) {
    wio_future future = WIO__ZERO;
    int rc = 0;
    wio_task *other = wio_create_task(awaits_future, &future);
    WIO_TIMEOUT(1) { rc = wio_future_await(&future); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(wio_future_cancelled(&future));
    CHECK_EQ(wio_await(other), -ECANCELED);
}

TEST(FUT_misuse_is_named) {
    wio_future future = WIO__ZERO;
    CHECK_EQ(wio_future_set_result(&future, -1), -EINVAL);
    CHECK_EQ(wio_future_set_error(&future, 0), -EINVAL);
    CHECK_EQ(wio_future_set_error(&future, 5), -EINVAL);
    CHECK(!wio_future_done(&future));
    wio_future_init(NULL);
    CHECK_EQ(wio_future_set_result(NULL, 1), -EINVAL);
    CHECK_EQ(wio_future_set_error(NULL, -EIO), -EINVAL);
    CHECK_EQ(wio_future_cancel(NULL), -EINVAL);
    CHECK_EQ(wio_future_await(NULL), -EINVAL);
    CHECK_EQ(wio_future_status(NULL), -EINVAL);
    CHECK(!wio_future_error(NULL));
    CHECK(!wio_future_done(NULL) && !wio_future_cancelled(NULL));
}

TEST_OUTSIDE(FUT_outside_a_task) {
    wio_future future;
    wio_future_init(&future);
    CHECK_EQ(wio_future_await(&future), -EPERM);
    CHECK_EQ(wio_future_set_result(&future, 2), 0);
    CHECK_EQ(wio_future_status(&future), 2);
    wio_future_destroy(&future);
}

/* A future on the stack that is not destroyed leaves a record of its error; the next in its place has nothing of it. */
static int fails_and_goes(void *place) {
    wio_future *future = (wio_future *)place;
    wio_future_init(future);
    return wio_future_set_error(future, wio_fail(-EPROTO, "the first in this place"));
}

TEST(FUT_another_future_in_the_same_place) {
    wio_future place;
    CHECK_EQ(fails_and_goes(&place), 0);
    memset(&place, 0, sizeof place);
    CHECK_EQ(wio_future_set_result(&place, 4), 0);
    CHECK_EQ(wio_fail(-EIO, "mine"), -EIO);
    CHECK_EQ(wio_future_await(&place), 4);
    CHECK_STR(last_message(), "mine");
    CHECK(!wio_future_error(&place));
    wio_future_destroy(&place);
}

TEST(FUT_an_error_without_words) {
    wio_future future = WIO__ZERO;
    CHECK_EQ(wio_future_set_error(&future, -ECONNRESET), 0);
    CHECK_EQ(wio_future_await(&future), -ECONNRESET);
    CHECK_STR(last_message(), "connection reset");
    wio_future_destroy(&future);
}

TEST(FUT_notes_travel_with_the_error) {
    wio_future future = WIO__ZERO;
    wio_fail(-EIO, "broken");
    CHECK_EQ(wio_future_set_error(&future, wio_add_note(-EIO, "file %d", 3)), 0);
    wio_task *task = wio_create_task(awaits_future, &future);
    CHECK_EQ(wio_await(task), -EIO);
    CHECK_STR(wio_task_error(wio_current_task())->notes, "file 3");
    CHECK_STR(wio_future_error(&future)->notes, "file 3");
    wio_future_destroy(&future);
}

TEST(FUT_many_failed_futures_that_are_never_destroyed_do_not_pile_up) {
    static wio_future many[2000];
    for (int i = 0; i < 2000; i++) {
        wio_future_init(&many[i]);
        CHECK_EQ(wio_future_set_error(&many[i], wio_fail(-EIO, "of many")), 0);
        CHECK_EQ(wio_future_status(&many[i]), -EIO);
    }
    CHECK_EQ(wio_future_status(&many[0]), -EIO); /* the code stays, the words may not */
    CHECK(wio_future_error(&many[0]) != NULL);
}

static int await_for_ever(void *arg) {
    wio_future never = WIO__ZERO;
    (void)arg;
    int rc = wio_future_await(&never);
    CHECK_EQ(rc, -EDEADLK);
    return rc;
}

TEST_OUTSIDE(DEAD_a_future_nobody_sets) { CHECK_EQ(wio_run(await_for_ever, NULL), -EDEADLK); }

/* ---------------------------------------------------------------------------------------------------- Stress --- */

static unsigned seed;
static unsigned below(unsigned n) {
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

enum { FUTURES = 6 };
static wio_future futures[FUTURES];

static int random_awaits(void *arg) {
    (void)arg;
    for (int i = 0; i < 4; i++) {
        wio_future *future = &futures[below(FUTURES)];
        int rc = 0;
        if (below(3)) rc = wio_future_await(future);
        else WIO_TIMEOUT(below(4)) rc = wio_future_await(future);
        CHECK(rc == 5 || rc == -EIO || rc == -ECANCELED || rc == -ETIMEDOUT);
        if (rc == -ECANCELED && wio_cancelling()) return rc;
        if (below(2) && wio_sleep(below(2)) < 0) return -ECANCELED;
    }
    return 0;
}

TEST(FUT_stress_random_results_errors_and_cancels) {
    for (unsigned round = 0; round < 300; round++) {
        seed = round;
        wio_task *tasks[8];
        for (int i = 0; i < FUTURES; i++) wio_future_init(&futures[i]);
        for (int i = 0; i < 8; i++) tasks[i] = wio_create_task(random_awaits, NULL);
        for (int i = 0; i < 10; i++) {
            wio_future *future = &futures[below(FUTURES)];
            wio_sleep(below(2));
            switch (below(4)) {
            case 0: wio_future_set_result(future, 5); break;
            case 1: wio_future_set_error(future, wio_fail(-EIO, "error of %u", round)); break;
            case 2: wio_future_cancel(future); break;
            default: wio_task_cancel(tasks[below(8)]);
            }
        }
        for (int i = 0; i < FUTURES; i++) {
            wio_future_set_result(&futures[i], 5);
            if (wio_future_status(&futures[i]) < 0) CHECK(wio_future_error(&futures[i]) != NULL);
        }
        for (int i = 0; i < 8; i++) {
            int rc = wio_await(tasks[i]);
            CHECK(rc == 0 || rc == -ECANCELED);
        }
        for (int i = 0; i < FUTURES; i++) wio_future_destroy(&futures[i]);
    }
}
