// clock: virtual
// stderr: task 'loser' failed and nobody looked: EIO: lost at task\.c:\d+; created at task\.c:\d+
// stderr: wio_task_status\(\): the task has not ended yet
// Tasks: creation, await, results, errors, names (TSK, NAM).
#include "tools.h"

static int seven = 7;

TEST(TSK_01_create_task_returns_before_the_body_runs) {
    char letter[] = "b";
    trace_clear();
    wio_task *task = wio_create_task(marks, letter);
    mark('a');
    wio_yield();
    mark('c');
    CHECK_STR(trace, "abc");
    CHECK_EQ(wio_await(task), 0);
}

TEST(TSK_02_first_steps_come_in_order_of_creation) {
    char letters[][2] = {"a", "b", "c", "d", "e"};
    wio_task *tasks[5];
    trace_clear();
    for (int i = 0; i < 5; i++) tasks[i] = wio_create_task(marks, letters[i]);
    for (int i = 5; i-- > 0;) CHECK_EQ(wio_await(tasks[i]), 0);
    CHECK_STR(trace, "abcde");
}

TEST(TSK_03_awaiting_gives_the_result) { CHECK_EQ(wio_await(wio_create_task(returns, &seven)), 7); }

static int calls_deep(void *arg) {
    int depth = *(int *)arg;
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
    if (depth == 0) return wio_yield();
    depth--;
    return calls_deep(&depth);
}

TEST(TSK_04_a_call_creates_no_task) {
    int depth = 50;
    CHECK_EQ(calls_deep(&depth), 0);
}

TEST(TSK_05_awaiting_what_has_ended_does_not_give_up_the_turn) {
    char letter[] = "x";
    wio_task *ended = wio_create_task(returns, &seven);
    yields(2);
    trace_clear();
    wio_task *other = wio_create_task(marks, letter);
    CHECK_EQ(wio_await(ended), 7);
    CHECK_STR(trace, "");
    CHECK_EQ(wio_await(other), 0);
}

TEST(TSK_06_several_may_await_one_task) {
    job shared_job = {1, 9, 0, 0};
    wio_task *shared = wio_create_task(does, &shared_job), *awaiters[4];
    for (int i = 0; i < 4; i++) awaiters[i] = wio_create_task(awaits, shared);
    for (int i = 0; i < 4; i++) CHECK_EQ(wio_await(awaiters[i]), 9);
    CHECK_EQ(wio_await(shared), -EINVAL); /* the last awaiter has given the handle back */
}

typedef struct {
    wio_task *task;
    char letter;
} lettered;

static int awaits_and_marks(void *arg) {
    lettered *self = (lettered *)arg;
    int rc = wio_await(self->task);
    mark(self->letter);
    return rc;
}

TEST(TSK_06_awaiters_resume_in_the_order_in_which_they_began) {
    job shared_job = {1, 0, 0, 0};
    lettered all[] = {{NULL, 'a'}, {NULL, 'b'}, {NULL, 'c'}};
    trace_clear();
    all[0].task = all[1].task = all[2].task = wio_create_task(does, &shared_job);
    CHECK_EQ(WIO_GATHER_EACH(awaits_and_marks, all), 0);
    CHECK_STR(trace, "abc");
}

static int fails(void *arg) {
    wio_yield();
    return wio_fail(-EIO, "%s", (const char *)arg);
}

static int sees_the_failure(void *arg) {
    CHECK_EQ(wio_await((wio_task *)arg), -EIO);
    return strcmp(last_message(), "lost") == 0;
}

TEST(TSK_07_every_awaiter_of_a_failed_task_gets_its_error) {
    char lost[] = "lost";
    wio_task *failed = wio_create_task(fails, lost);
    wio_task *a = wio_create_task(sees_the_failure, failed), *b = wio_create_task(sees_the_failure, failed);
    CHECK_EQ(wio_await(a), 1);
    CHECK_EQ(wio_await(b), 1);
}

TEST(TSK_08_a_task_that_awaits_itself_gets_an_error) {
    CHECK_EQ(wio_await(wio_create_task(awaits, NULL)), -EINVAL);
    wio_task *self = wio_current_task();
    int rc = wio_await(self);
    CHECK(rc == -EDEADLK);
    CHECK_HAS(last_message(), "itself");
}

TEST(TSK_09_status_before_and_after_the_end) {
    char lost[] = "lost";
    wio_task *task = wio_create_task(fails, lost);
    CHECK_EQ(wio_task_status(task), -EAGAIN);
    CHECK(!wio_task_done(task));
    yields(3);
    CHECK(wio_task_done(task));
    CHECK_EQ(wio_task_status(task), -EIO);
    const wio_error *error = wio_task_error(task);
    REQUIRE(error);
    CHECK_EQ(error->code, -EIO);
    CHECK_STR(error->name, "EIO");
    CHECK_STR(error->message, "lost");
    CHECK_STR(error->task, wio_task_name(task));
    CHECK_HAS(error->where, "task.c:"); /* TSK-20 */
    CHECK_EQ(wio_await(task), -EIO);
    wio_task *cancelled = wio_create_task(sleeps_long, NULL);
    wio_task_cancel(cancelled);
    yields(2);
    CHECK_EQ(wio_task_status(cancelled), -ECANCELED);
    CHECK_EQ(wio_await(cancelled), -ECANCELED);
}

TEST(TSK_12_all_tasks_are_those_that_have_not_ended) {
    wio_task *tasks[4], *a = wio_create_task(sleeps_long, NULL), *b = wio_create_task(returns, &seven);
    CHECK_EQ(wio_all_tasks(tasks, 4), 3);
    CHECK(tasks[0] == wio_current_task() && tasks[1] == a && tasks[2] == b);
    CHECK_EQ(wio_all_tasks(tasks, 1), 3);
    yields(2);
    CHECK_EQ(wio_all_tasks(tasks, 4), 2);
    CHECK(tasks[1] == a);
    CHECK_EQ(wio_all_tasks(NULL, 0), 2);
    CHECK_EQ(wio_await(b), 7);
    wio_task_cancel(a);
    CHECK_EQ(wio_await(a), -ECANCELED);
}

static int knows_itself(void *arg) {
    for (int i = 0; i < 10; i++) {
        CHECK(wio_current_task() == *(wio_task **)arg);
        if (i % 3 ? wio_yield() : wio_sleep(0.1 * i)) return -1;
    }
    return 0;
}

TEST(TSK_13_current_task_is_right_after_every_resume) {
    static wio_task *a, *b;
    wio_task *self = wio_current_task();
    a = wio_create_task(knows_itself, &a);
    b = wio_create_task(knows_itself, &b);
    CHECK_EQ(wio_await(a), 0);
    CHECK(wio_current_task() == self);
    CHECK_EQ(wio_await(b), 0);
    CHECK(wio_current_task() == self);
}

TEST_OUTSIDE(TSK_13_no_current_task_outside) { CHECK(!wio_current_task()); }

TEST(TSK_15_a_failed_task_nobody_looked_at_is_reported) {
    char lost[] = "lost";
    wio_task_options options = {0};
    options.name = "loser";
    wio_detach(wio_create_task_with(fails, lost, &options));
    yields(3);
}

TEST(TSK_06_detached_while_awaited_the_awaiters_still_get_the_result) {
    job shared_job = {1, 9, 0, 0};
    wio_task *shared = wio_create_task(does, &shared_job), *a = wio_create_task(awaits, shared);
    wio_yield();
    wio_detach(shared);
    CHECK_EQ(wio_await(a), 9);
}

static int many_step(void *arg) {
    int *n = (int *)arg;
    int rc = wio_sleep(*n % 7);
    *n = -*n;
    return rc;
}

TEST(TSK_many_tasks_come_and_go_and_slots_are_reused) {
    enum { MANY = 2000 };
    static int numbers[MANY];
    static wio_task *tasks[MANY];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MANY; i++) numbers[i] = i + 1, tasks[i] = wio_create_task(many_step, &numbers[i]);
        for (int i = 0; i < MANY; i++) CHECK_EQ(wio_await(tasks[(i * 7) % MANY]), 0);
        for (int i = 0; i < MANY; i++) CHECK_EQ(numbers[i], -i - 1);
    }
}

static int checks_name(void *arg) { return strcmp(wio_task_name(wio_current_task()), (const char *)arg) == 0; }

TEST(NAM_01_unnamed_tasks_have_numbers_that_grow) {
    wio_task *a = wio_create_task(returns, &seven), *b = wio_create_task(returns, &seven);
    int first = 0, second = 0;
    CHECK_EQ(sscanf(wio_task_name(a), "Task-%d", &first), 1);
    CHECK_EQ(sscanf(wio_task_name(b), "Task-%d", &second), 1);
    CHECK_EQ(second, first + 1);
    CHECK_EQ(wio_await(a), 7);
    CHECK_EQ(wio_await(b), 7);
}

TEST(NAM_03_a_given_name_is_copied_and_visible_inside) {
    char name[] = "worker", expected[] = "worker";
    wio_task_options options = {0};
    options.name = name;
    wio_task *task = wio_create_task_with(checks_name, expected, &options);
    memset(name, 'x', sizeof name - 1);
    CHECK_STR(wio_task_name(task), "worker");
    CHECK_EQ(wio_await(task), 1);
}

static const char *printed(void) {
    static char text[4096];
    FILE *file = fopen("/tmp/wasyncio-test-tasks.txt", "w+");
    if (!file) return NULL; /* hosts without files */
    wio_print_tasks(file);
    fflush(file);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

TEST(NAM_05_the_tree_says_what_each_task_waits_for) {
    wio_task_options options = {0};
    options.name = "sleeper";
    wio_task *sleeper = wio_create_task_with(sleeps_long, NULL, &options);
    options.name = "awaiter";
    wio_task *awaiter = wio_create_task_with(awaits, sleeper, &options);
    wio_yield();
    wio_task *fresh = wio_create_task(sleeps_long, NULL);
    const char *text = printed();
    if (text) {
        CHECK_HAS(text, "sleeper sleeps_long: waits for sleep at tools.h:");
        CHECK_HAS(text, "awaiter awaits: waits for task sleeper at tools.h:");
        CHECK_HAS(text, "not started, created at task.c:");
        CHECK_HAS(text, ": running");
    }
    wio_task_cancel(awaiter);
    wio_task_cancel(fresh);
    text = printed(); /* NAM-04 */
    if (text) CHECK_HAS(text, "awaiter awaits (cancelling)");
    CHECK_EQ(wio_await(awaiter), -ECANCELED);
    CHECK_EQ(wio_await(fresh), -ECANCELED);
}

/* ------------------------------------------------------------------------------------------------ Circles --- */

static wio_task *circle[8];
static int circle_size, refused;

static int awaits_next(void *arg) {
    int self = *(int *)arg;
    if (self == 0) wio_yield(); /* the last to await */
    int rc = wio_await(circle[(self + 1) % circle_size]);
    if (rc != -EDEADLK || refused++) return rc;
    const wio_error *error = wio_task_error(wio_current_task());
    static char expected[200];
    size_t at = (size_t)snprintf(expected, sizeof expected, "wio_await(): they would wait in a circle: c0");
    for (int i = 1; i <= circle_size; i++)
        if (circle_size <= 6 || i <= 2 || i >= circle_size - 2)
            at += (size_t)snprintf(expected + at, sizeof expected - at, " → %sc%d",
                                   circle_size > 6 && i == circle_size - 2 ? "… → " : "", i % circle_size);
    CHECK_STR(error ? error->message : "", expected);
    return 7;
}

TEST(DEAD_an_await_that_closes_a_circle_is_refused_with_the_circle) {
    static int numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const char *const names[] = {"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"};
    for (circle_size = 2; circle_size <= 8; circle_size += circle_size == 3 ? 5 : 1) {
        refused = 0;
        for (int i = 0; i < circle_size; i++)
            circle[i] = wio_create_task_with(awaits_next, &numbers[i], &(wio_task_options){.name = names[i]});
        CHECK_EQ(wio_await(circle[0]), 7); /* it goes on, and so all the others do */
        CHECK_EQ(refused, 1);
        CHECK_EQ(yields(circle_size + 2), 0);
        CHECK_EQ(wio_all_tasks(NULL, 0), 1);
    }
}

static int awaits_its_parent(void *arg) {
    wio_yield();
    int rc = wio_await((wio_task *)arg);
    CHECK_HAS(last_message(), "they would wait in a circle");
    return rc;
}

static int gathers_a_child(void *arg) {
    (void)arg;
    return wio_gather((wio_call[]){{awaits_its_parent, wio_current_task()}}, 1, NULL);
}

static int groups_a_child(void *arg) {
    (void)arg;
    WIO_TASK_GROUP(group) { wio_group_create_task(&group, awaits_its_parent, wio_current_task()); }
    return wio_group_status(&group);
}

TEST(DEAD_a_child_that_awaits_the_parent_that_waits_for_it) {
    CHECK_EQ(wio_await(wio_create_task(gathers_a_child, NULL)), -EDEADLK);
    CHECK_EQ(wio_await(wio_create_task(groups_a_child, NULL)), -EDEADLK);
}

static wio_task *shielder;
static int shields_for_a_second(void *arg) {
    int rc = 0;
    WIO_TIMEOUT(1) rc = wio_shield((wio_task *)arg);
    return rc;
}

static int awaits_shielder(void *arg) {
    (void)arg;
    wio_yield();
    return wio_await(shielder);
}

TEST(DEAD_a_circle_that_a_timeout_breaks_is_none) {
    wio_task *awaiter = wio_create_task(awaits_shielder, NULL);
    shielder = wio_create_task(shields_for_a_second, awaiter);
    double start = wio_time();
    CHECK_EQ(wio_await(awaiter), -ETIMEDOUT);
    CHECK_NEAR(wio_time() - start, 1, 0.01);
}
