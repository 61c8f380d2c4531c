// clock: virtual
// stderr: ^wasyncio: task 'noted' failed and nobody looked: EIO: broken at notes\.c:\d+; created at notes\.c:\d+$
// stderr: ^  first line$
// stderr: ^  second line$
// Notes on errors: those that the program adds, and the cause of an error in clean-up (TSK-19, TMO-10).
#include "tools.h"

static const char *last_notes(void) {
    const wio_error *error = wio_task_error(wio_current_task());
    return error ? error->notes : "(no error)";
}

static int fails(void *arg) {
    (void)arg;
    wio_yield();
    return wio_fail(-EIO, "broken");
}

static int adds(void *arg) {
    int rc = fails(arg);
    return wio_add_note(rc, "while reading %s", (const char *)arg);
}

TEST(NOTE_a_note_is_added_and_the_code_returned) {
    char name[] = "a file";
    CHECK_EQ(adds(name), -EIO);
    CHECK_STR(last_message(), "broken");
    CHECK_STR(last_notes(), "while reading a file");
    CHECK_EQ(wio_add_note(-EIO, "at %d", 7), -EIO);
    CHECK_STR(last_notes(), "while reading a file\nat 7");
    CHECK_STR(last_message(), "broken");
    CHECK_HAS(wio_task_error(wio_current_task())->where, "notes.c:");
    wio_fail(-EIO, "another"); /* a new error has none */
    CHECK_STR(last_notes(), "");
}

TEST(NOTE_travels_with_await_gather_and_group) {
    char name[] = "b";
    CHECK_EQ(wio_await(wio_create_task(adds, name)), -EIO);
    CHECK_STR(last_notes(), "while reading b");
    CHECK_EQ(WIO_GATHER({adds, name}), -EIO);
    CHECK_STR(last_notes(), "while reading b");
    WIO_TASK_GROUP(g) { wio_group_create_task(&g, adds, name); }
    CHECK_EQ(wio_group_status(&g), -EIO);
    const wio_error *errors;
    CHECK_EQ(wio_group_errors(&g, &errors), 1);
    CHECK_STR(errors[0].notes, "while reading b");
    CHECK_STR(errors[0].message, "broken");
    wio_task *task = wio_create_task(adds, name);
    yields(2);
    CHECK_STR(wio_task_error(task)->notes, "while reading b");
    CHECK_EQ(wio_await(task), -EIO);
}

TEST(NOTE_on_an_error_without_words_or_of_another_code) {
    CHECK_EQ(wio_add_note(-ECONNRESET, "nobody had said why"), -ECONNRESET);
    CHECK_EQ(wio_task_error(wio_current_task())->code, -ECONNRESET);
    CHECK_STR(last_message(), "connection reset");
    CHECK_STR(last_notes(), "nobody had said why");
    CHECK_STR(wio_task_error(wio_current_task())->task, wio_task_name(wio_current_task()));
}

TEST(NOTE_nothing_is_added_to_what_is_no_error) {
    wio_fail(-EIO, "before");
    CHECK_EQ(wio_add_note(0, "no"), 0);
    CHECK_EQ(wio_add_note(5, "no"), 5);
    CHECK_EQ(wio_add_note(-EIO, NULL), -EIO);
    CHECK_EQ(wio_add_note(-EIO, "%s", ""), -EIO);
    CHECK_STR(last_notes(), "");
    CHECK_STR(last_message(), "before");
}

TEST(NOTE_long_ones_are_cut_and_many_are_kept) {
    static char text[2000];
    memset(text, 'x', sizeof text - 1);
    wio_fail(-EIO, "long");
    wio_add_note(-EIO, "%s", text);
    CHECK_EQ(strlen(last_notes()), 511);
    for (int i = 0; i < 100; i++) wio_add_note(-EIO, "line %d", i);
    CHECK_EQ(strlen(last_notes()), 511 + 10 * 7 + 90 * 8);
    CHECK_HAS(last_notes(), "\nline 99");
}

static int returns_noted(void *arg) {
    (void)arg;
    wio_fail(-EIO, "broken");
    wio_add_note(-EIO, "first line");
    return wio_add_note(-EIO, "second line");
}

TEST(NOTE_a_report_shows_them) {
    wio_task_options options = {0};
    options.name = "noted";
    wio_detach(wio_create_task_with(returns_noted, NULL, &options));
    yields(2);
}

TEST_OUTSIDE(NOTE_outside_tasks) {
    wio_fail(-EIO, "outside");
    CHECK_EQ(wio_add_note(-EIO, "noted"), -EIO);
    CHECK_STR(wio_task_error(NULL)->notes, "noted");
    char name[] = "c";
    CHECK_EQ(wio_run(adds, name), -EIO);
    CHECK_STR(wio_task_error(NULL)->notes, "while reading c");
    CHECK_STR(wio_task_error(NULL)->message, "broken");
    wio_fail(-EPROTO, "clears them");
    CHECK_STR(wio_task_error(NULL)->notes, "");
}

static int fails_in_clean_up(void *arg) {
    (void)arg;
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    return wio_fail(-EPROTO, "clean-up");
}

TEST(TSK_19_an_error_in_clean_up_says_what_led_there) {
    wio_task *task = wio_create_task(fails_in_clean_up, NULL);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -EPROTO); /* CAN-12 */
    CHECK_STR(last_message(), "clean-up");
    CHECK_STR(last_notes(), "while it was being cancelled");
    CHECK_EQ(wio_await(wio_create_task(fails, NULL)), -EIO);
    CHECK_STR(last_notes(), "");
}

TEST(TMO_10_an_error_in_clean_up_replaces_the_timeout_which_is_its_cause) {
    int rc = 0;
    WIO_TIMEOUT(1) {
        rc = wio_sleep(LONG);
        if (rc) rc = wio_fail(-EPROTO, "clean-up");
    }
    CHECK_EQ(rc, -EPROTO);
    CHECK(wio_timeout_expired());
    CHECK_STR(last_message(), "clean-up");
    CHECK_STR(last_notes(), "while it timed out");
    CHECK_EQ(wio_fail(-EIO, "after it"), -EIO);
    CHECK_STR(last_notes(), "");
}

static int passes_on(void *arg) {
    (void)arg;
    int rc = wio_sleep(LONG);
    return wio_fail(rc, "in my words");
}

TEST(CAN_21_a_cancel_carries_no_message_but_the_task_may_add_one) {
    wio_task *task = wio_create_task(passes_on, NULL);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(last_message(), "in my words");
    CHECK_STR(last_notes(), "");
    task = wio_create_task(sleeps_long, NULL);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(last_message(), "cancelled");
}

static int fails_again_and_again(void *arg) {
    (void)arg;
    wio_sleep(LONG);
    for (int i = 0; i < 1000; i++) wio_fail(-EIO, "attempt %d", i);
    return wio_fail(-EIO, "last attempt");
}

TEST(TSK_19_the_cause_does_not_grow) {
    wio_task *task = wio_create_task(fails_again_and_again, NULL);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -EIO);
    CHECK_STR(last_message(), "last attempt");
    CHECK_STR(last_notes(), "while it was being cancelled");
}
