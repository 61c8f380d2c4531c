// clock: virtual
// stderr: group\.c:\d+: wio_group_create_task\(\): the group is not open
// stderr: wio_group_create_task\(\): the group is being cancelled and takes no more tasks
// Task groups (TGR).
#include "tools.h"

static int seven = 7;

TEST(TGR_01_leaving_the_group_waits_for_all_and_results_can_be_read) {
    job jobs[] = {{2, 20, 'b', 0}, {1, 10, 'a', 0}};
    wio_task *tasks[2];
    double start = wio_time();
    trace_clear();
    WIO_TASK_GROUP(g) {
        for (int i = 0; i < 2; i++) tasks[i] = wio_group_create_task(&g, does, &jobs[i]);
        CHECK_EQ(wio_group_status(&g), -EAGAIN);
    }
    CHECK_EQ(wio_group_status(&g), 0);
    CHECK_STR(trace, "ab");
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    for (int i = 0; i < 2; i++) {
        CHECK(wio_task_done(tasks[i]));
        CHECK_EQ(wio_task_status(tasks[i]), jobs[i].result);
    }
    const wio_error *errors = NULL;
    CHECK_EQ(wio_group_errors(&g, &errors), 0);
}

static wio_group *its_group;

static int adds_another(void *arg) {
    int *left = (int *)arg;
    int rc = wio_sleep(1);
    mark('n');
    if (!rc && --*left > 0) CHECK(wio_group_create_task(its_group, adds_another, left));
    return rc;
}

TEST(TGR_02_children_may_be_added_even_while_the_body_waits_at_the_end) {
    int left = 4;
    double start = wio_time();
    trace_clear();
    WIO_TASK_GROUP(g) {
        its_group = &g;
        wio_group_create_task(&g, adds_another, &left);
    }
    CHECK_EQ(wio_group_status(&g), 0);
    CHECK_STR(trace, "nnnn");
    CHECK_NEAR(wio_time() - start, 4, 0.01);
}

TEST(TGR_03_a_child_someone_cancels_ends_alone) {
    job work = {2, 0, 'w', 0};
    int rc = -1;
    trace_clear();
    WIO_TASK_GROUP(g) {
        wio_task *victim = wio_group_create_task(&g, sleeps_long, NULL);
        wio_group_create_task(&g, does, &work);
        wio_yield();
        wio_task_cancel(victim);
        rc = wio_sleep(1);
        CHECK(wio_task_cancelled(victim));
    }
    CHECK_EQ(rc, 0);
    CHECK_EQ(wio_group_status(&g), 0);
    CHECK_STR(trace, "w");
}

static int fails(void *arg) {
    job *self = (job *)arg;
    int rc = wio_sleep(self->seconds);
    return rc ? rc : wio_fail(self->result, "child %c", self->letter);
}

TEST(TGR_04_a_failure_cancels_the_siblings_and_the_bodys_wait) {
    job bad = {1, -EIO, 'b', 0}, hanging = {LONG, 0, 'h', 'x'};
    int rc = 0, count = 0;
    double start = wio_time();
    wio_task *failed = NULL;
    trace_clear();
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, does, &hanging);
        failed = wio_group_create_task(&g, fails, &bad);
        rc = wio_sleep(LONG);
        count = wio_cancelling();
        CHECK_EQ(wio_sleep(1), -ECANCELED); /* TGR-21: until it leaves the group */
    }
    CHECK_EQ(rc, -ECANCELED);
    CHECK_EQ(count, 1);
    CHECK_EQ(wio_group_status(&g), -EIO);
    CHECK_STR(trace, "x");
    CHECK_NEAR(wio_time() - start, 1, 0.01);
    CHECK_EQ(wio_cancelling(), 0); /* TGR-20 */
    CHECK_EQ(wio_sleep(1), 0);
    const wio_error *errors = NULL;
    REQUIRE(wio_group_errors(&g, &errors) == 1);
    CHECK_EQ(errors[0].code, -EIO);
    CHECK_STR(errors[0].message, "child b");
    CHECK_STR(errors[0].name, "EIO");
    CHECK_HAS(errors[0].task, "Task-");
    CHECK_HAS(errors[0].where, "group.c:");
    REQUIRE(wio_task_error(failed));
    CHECK_STR(wio_task_error(failed)->message, "child b");
}

static int fails_in_clean_up(void *arg) {
    job *self = (job *)arg;
    wio_sleep(LONG);
    WIO_SHIELD { wio_sleep(self->seconds); }
    return wio_fail(self->result, "clean-up %c", self->letter);
}

TEST(TGR_05_all_failures_are_collected_in_order_of_failure) {
    job jobs[] = {{1, -EIO, 'a', 0}, {1, -EPROTO, 'b', 0}, {5, -EBUSY, 'c', 0}, {3, -ERANGE, 'd', 0}};
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, fails_in_clean_up, &jobs[2]);
        wio_group_create_task(&g, fails_in_clean_up, &jobs[3]); /* TGR-07 */
        wio_group_create_task(&g, fails, &jobs[0]);
        wio_group_create_task(&g, fails, &jobs[1]); /* due in the same pass, and cancelled before it could run? */
    }
    CHECK_EQ(wio_group_status(&g), -EIO);
    const wio_error *errors = NULL;
    size_t n = wio_group_errors(&g, &errors);
    REQUIRE(n >= 3);
    CHECK_EQ(errors[0].code, -EIO);
    CHECK_EQ(errors[n - 2].code, -ERANGE);
    CHECK_STR(errors[n - 2].message, "clean-up d");
    CHECK_EQ(errors[n - 1].code, -EBUSY);
}

TEST(TGR_08_a_failing_body_cancels_the_children_and_its_error_stands_last) {
    job child = {2, -EPROTO, 'c', 0}, cleaner = {0, -EBUSY, 'k', 0};
    int rc = 0;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, fails, &child);
        wio_group_create_task(&g, fails_in_clean_up, &cleaner);
        wio_sleep(1);
        rc = wio_group_fail(&g, wio_fail(-EIO, "the body"));
    }
    CHECK_EQ(rc, -EIO);
    const wio_error *errors = NULL;
    REQUIRE(wio_group_errors(&g, &errors) == 2);
    CHECK_EQ(errors[0].code, -EBUSY);
    CHECK_EQ(errors[1].code, -EIO);
    CHECK_STR(errors[1].message, "the body");
    CHECK_STR(errors[1].task, wio_task_name(wio_current_task()));
}

static int body_fails_by_return(void *arg) {
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, marks, arg);
        return wio_group_fail(&g, -EIO);
    }
    return 0;
}

TEST(TGR_09_children_that_had_not_started_never_run) {
    char letter[] = "x";
    trace_clear();
    CHECK_EQ(body_fails_by_return(letter), -EIO);
    CHECK_STR(trace, "");
}

static int group_of_two(void *arg) {
    job *jobs = (job *)arg;
    int rc = 0;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, does, &jobs[0]);
        wio_group_create_task(&g, does, &jobs[1]);
        rc = wio_sleep(jobs[2].seconds);
        if (rc) mark('B');
    }
    mark('E');
    return rc ? rc : wio_group_status(&g);
}

TEST(TGR_10_an_outside_cancel_hits_children_and_body) {
    for (int in_join = 0; in_join < 2; in_join++) {
        job jobs[] = {{LONG, 0, 'a', 'x'}, {LONG, 0, 'b', 'y'}, {in_join ? 0 : LONG, 0, 0, 0}};
        trace_clear();
        wio_task *task = wio_create_task(group_of_two, jobs);
        CHECK_EQ(wio_sleep(1), 0);
        wio_task_cancel(task);
        CHECK_EQ(wio_await(task), -ECANCELED);
        CHECK_STR(trace, in_join ? "xyE" : "BxyE");
    }
}

static int group_with_cleaner(void *arg) {
    WIO_TASK_GROUP(g) { wio_group_create_task(&g, fails_in_clean_up, arg); }
    int status = wio_group_status(&g);
    CHECK_EQ(wio_cancelling(), 1);
    CHECK_EQ(wio_sleep(1), -ECANCELED); /* TGR-19 */
    return status;
}

TEST(TGR_11_an_outside_cancel_and_a_child_that_fails_while_unwinding) {
    job cleaner = {2, -EIO, 'k', 0};
    wio_task *task = wio_create_task(group_with_cleaner, &cleaner);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -EIO);
}

TEST(TGR_16_nested_the_inner_failure_comes_out_and_does_not_touch_the_outer) {
    job bad = {1, -EIO, 'i', 0}, good = {3, 0, 'g', 0};
    int inner_status = 0, between = -1;
    trace_clear();
    WIO_TASK_GROUP(outer) {
        wio_group_create_task(&outer, does, &good);
        WIO_TASK_GROUP(inner) { wio_group_create_task(&inner, fails, &bad); }
        inner_status = wio_group_status(&inner);
        between = wio_sleep(1);
    }
    CHECK_EQ(inner_status, -EIO);
    CHECK_EQ(between, 0);
    CHECK_EQ(wio_group_status(&outer), 0);
    CHECK_STR(trace, "g");
}

TEST(TGR_17_nested_the_outers_child_failing_cancels_the_inner_which_adds_nothing) {
    job bad = {1, -EIO, 'o', 0}, hanging = {LONG, 0, 'h', 'x'};
    int inner_status = 0;
    trace_clear();
    WIO_TASK_GROUP(outer) {
        wio_group_create_task(&outer, fails, &bad);
        WIO_TASK_GROUP(inner) { wio_group_create_task(&inner, does, &hanging); }
        inner_status = wio_group_status(&inner);
        CHECK_EQ(wio_cancelling(), 1);
    }
    CHECK_EQ(inner_status, -ECANCELED);
    CHECK_EQ(wio_group_status(&outer), -EIO);
    CHECK_EQ(wio_group_errors(&outer, NULL), 1);
    CHECK_STR(trace, "x");
    CHECK_EQ(wio_cancelling(), 0);
}

TEST(TGR_18_both_fail_in_one_pass) {
    job a = {1, -EIO, 'o', 0}, b = {1, -EPROTO, 'i', 0};
    int inner_status = 0, after = 0;
    WIO_TASK_GROUP(outer) {
        wio_group_create_task(&outer, fails, &a);
        WIO_TASK_GROUP(inner) { wio_group_create_task(&inner, fails, &b); }
        inner_status = wio_group_status(&inner);
        CHECK_EQ(wio_cancelling(), 1);
        after = wio_sleep(1);
    }
    CHECK_EQ(inner_status, -EPROTO);
    CHECK_EQ(after, -ECANCELED);
    CHECK_EQ(wio_group_status(&outer), -EIO);
    CHECK_EQ(wio_cancelling(), 0);
}

TEST(TGR_22_repeated_cancels_while_joining_leave_no_child_behind) {
    job jobs[] = {{LONG, 0, 0, 0}, {LONG, 0, 0, 0}, {0, 0, 0, 0}}, cleaner = {3, -EIO, 'k', 0};
    wio_task *task = wio_create_task(group_of_two, jobs), *other = wio_create_task(group_with_cleaner, &cleaner);
    for (int i = 0; i < 5; i++) {
        CHECK_EQ(wio_sleep(0.1), 0);
        wio_task_cancel(task);
    }
    wio_task_cancel(other);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_EQ(wio_await(other), -EIO);
}

TEST(TGR_23_a_long_lived_group_does_not_grow) {
    static job quick;
    WIO_TASK_GROUP(g) {
        for (int i = 0; i < 20000; i++) {
            CHECK(wio_group_create_task(&g, does, &quick));
            if (i % 10 == 0) wio_yield(), wio_yield();
        }
    }
    CHECK_EQ(wio_group_status(&g), 0);
}

static int multiplies(void *arg) {
    int rc = wio_sleep(0.1);
    if (wio_group_create_task(its_group, multiplies, arg)) rc = wio_sleep(1);
    (*(int *)arg)++;
    return rc;
}

TEST(TGR_24_once_aborting_no_child_is_taken_and_multiplying_ones_die_out) {
    job bad = {0.5, -EIO, 'b', 0};
    int count = 0;
    WIO_TASK_GROUP(g) {
        its_group = &g;
        wio_group_create_task(&g, fails, &bad);
        for (int i = 0; i < 3; i++) wio_group_create_task(&g, multiplies, &count);
        CHECK_EQ(wio_sleep(LONG), -ECANCELED);
        CHECK(!wio_group_create_task(&g, returns, &seven));
        CHECK_EQ(wio_task_error(wio_current_task())->code, -ECANCELED);
    }
    CHECK_EQ(wio_group_status(&g), -EIO);
}

TEST(TGR_26_create_task_before_or_after_is_refused) {
    static wio_group never;
    CHECK(!wio_group_create_task(&never, returns, &seven));
    WIO_TASK_GROUP(g) {}
    CHECK(!wio_group_create_task(&g, returns, &seven));
    CHECK(!wio_group_create_task(NULL, returns, &seven));
    CHECK_EQ(wio_group_join(&g), -EINVAL);
    CHECK_EQ(wio_group_join(&never), -EINVAL);
    CHECK_EQ(wio_group_join(NULL), -EINVAL);
    CHECK_EQ(wio_group_open(NULL), -EINVAL);
    WIO_TASK_GROUP(h) {
        CHECK_EQ(wio_group_open(&h), -EINVAL);
        CHECK(!wio_group_create_task(&h, NULL, NULL));
    }
    CHECK_EQ(wio_group_status(&h), 0);
}

static int checks_name(void *arg) { return strcmp(wio_task_name(wio_current_task()), (const char *)arg) == 0; }

TEST(TGR_27_names_reach_the_child) {
    char name[] = "page 1";
    wio_task_options options = {0};
    wio_task *task = NULL;
    options.name = name;
    WIO_TASK_GROUP(g) { task = wio_group_create_task_with(&g, checks_name, name, &options); }
    CHECK_EQ(wio_task_status(task), 1);
    CHECK_STR(wio_task_name(task), "page 1");
}

static int cancels_its_group(void *arg) {
    (void)arg;
    wio_group_cancel(its_group);
    CHECK(!wio_group_create_task(its_group, returns, &seven));
    return wio_sleep(LONG);
}

TEST(TGR_28_group_cancel_ends_it_without_error) {
    job hanging = {LONG, 0, 'h', 'x'};
    int rc = 0;
    trace_clear();
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, does, &hanging);
        wio_yield();
        wio_group_cancel(&g);
        rc = wio_sleep(LONG);
    }
    CHECK_EQ(rc, -ECANCELED);
    CHECK_EQ(wio_group_status(&g), 0);
    CHECK_STR(trace, "x");
    WIO_TASK_GROUP(h) {
        its_group = &h;
        wio_group_create_task(&h, cancels_its_group, NULL);
    }
    CHECK_EQ(wio_group_status(&h), 0);
    CHECK_EQ(wio_cancelling(), 0);
}

static int cancelled_after_its_groups_cancel(void *arg) {
    (void)arg;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, sleeps_long, NULL);
        wio_group_cancel(&g);
        wio_task_cancel(wio_current_task());
    }
    int status = wio_group_status(&g);
    CHECK(status == 0 || status == -ECANCELED);
    return wio_sleep(1);
}

TEST(TGR_29_an_outside_cancel_after_the_groups_own_is_not_swallowed) {
    CHECK_EQ(wio_await(wio_create_task(cancelled_after_its_groups_cancel, NULL)), -ECANCELED);
    int rc = 0;
    WIO_TIMEOUT(1) {
        WIO_TASK_GROUP(g) {
            wio_group_create_task(&g, sleeps_long, NULL);
            wio_group_cancel(&g);
        }
        rc = wio_sleep(5);
    }
    CHECK_EQ(rc, -ETIMEDOUT);
}

/* ------------------------------------------------------------------------------- Ways out of the block and others --- */

static int leaves_by(int how, job *work) {
    for (int i = 0; i < 1; i++) {
        WIO_TASK_GROUP(g) {
            wio_group_create_task(&g, does, work);
            if (how == 0) return 1;
            if (how == 1) break;
            if (how == 2) continue;
            if (how == 3) goto out;
        }
    }
    return 2;
out:
    return 3;
}

TEST(TGR_every_way_out_of_the_block_joins) {
    int expected[] = {1, 2, 2, 3, 2};
    for (int how = 0; how < 5; how++) {
        job work = {1, 0, 'w', 0};
        double start = wio_time();
        trace_clear();
        CHECK_EQ(leaves_by(how, &work), expected[how]);
        CHECK_STR(trace, "w");
        CHECK_NEAR(wio_time() - start, 1, 0.01);
        CHECK_EQ(wio_all_tasks(NULL, 0), 1);
    }
}

static int returns_from_nested(job *work) {
    WIO_TASK_GROUP(outer) {
        wio_group_create_task(&outer, does, &work[0]);
        WIO_TIMEOUT(10) {
            WIO_TASK_GROUP(inner) {
                wio_group_create_task(&inner, does, &work[1]);
                return 4;
            }
        }
    }
    return -1;
}

TEST(TGR_return_from_nested_groups_joins_the_inner_first) {
    job work[] = {{2, 0, 'o', 0}, {1, 0, 'i', 0}};
    trace_clear();
    CHECK_EQ(returns_from_nested(work), 4);
    CHECK_STR(trace, "io");
}

TEST(TGR_plain_calls) {
    wio_group group;
    job work = {1, 5, 'w', 0};
    CHECK_EQ(wio_group_open(&group), 0);
    wio_task *task = wio_group_create_task(&group, does, &work);
    CHECK_EQ(wio_group_join(&group), 0);
    CHECK_EQ(wio_task_status(task), 5);
    CHECK_EQ(wio_group_join(&group), -EINVAL);
    CHECK_EQ(wio_group_open(&group), 0); /* once more */
    CHECK_EQ(wio_group_join(&group), 0);
}

TEST(TGR_joining_the_outer_joins_the_inner) {
    wio_group outer, inner;
    job work = {1, 0, 'i', 0};
    trace_clear();
    CHECK_EQ(wio_group_open(&outer), 0);
    CHECK_EQ(wio_group_open(&inner), 0);
    wio_group_create_task(&inner, does, &work);
    CHECK_EQ(wio_group_join(&outer), 0);
    CHECK_STR(trace, "i");
    CHECK_EQ(wio_group_join(&inner), -EINVAL);
}

TEST(TGR_a_groups_task_cannot_be_awaited_or_detached) {
    WIO_TASK_GROUP(g) {
        wio_task *task = wio_group_create_task(&g, returns, &seven);
        CHECK_EQ(wio_await(task), -EINVAL);
        CHECK_EQ(wio_shield(task), -EINVAL);
        wio_detach(task);
        CHECK_EQ(wio_task_error(wio_current_task())->code, -EINVAL);
    }
    CHECK_EQ(wio_group_status(&g), 0);
}

TEST(TGR_errors_of_the_last_16_groups_stay_readable) {
    enum { MANY = 20 };
    wio_group groups[MANY];
    job bad = {0, -EIO, 'b', 0};
    const wio_error *errors;
    for (int i = 0; i < MANY; i++) {
        wio_group_open(&groups[i]);
        wio_group_create_task(&groups[i], fails, &bad);
        CHECK_EQ(wio_group_join(&groups[i]), -EIO);
    }
    for (int i = MANY - 16; i < MANY; i++) {
        REQUIRE(wio_group_errors(&groups[i], &errors) == 1);
        CHECK_STR(errors[0].message, "child b");
    }
}

TEST(TGR_many_failures) {
    enum { MANY = 1000 };
    static job jobs[MANY];
    WIO_TASK_GROUP(g) {
        for (int i = 0; i < MANY; i++) {
            jobs[i] = (job){i * 0.001, -EIO, 'm', 0};
            wio_group_create_task(&g, fails_in_clean_up, &jobs[i]);
        }
        wio_yield();
        wio_group_cancel(&g);
    }
    const wio_error *errors = NULL;
    CHECK_EQ(wio_group_status(&g), -EIO);
    REQUIRE(wio_group_errors(&g, &errors) == MANY);
    for (int i = 0; i < MANY; i++) CHECK_STR(errors[i].message, "clean-up m");
}

static int shielded_group(void *arg) {
    int status = -1;
    (void)arg;
    WIO_SHIELD {
        job work[] = {{2, 0, 'a', '!'}, {3, 0, 'b', '!'}};
        WIO_TASK_GROUP(g) {
            wio_group_create_task(&g, does, &work[0]);
            wio_group_create_task(&g, does, &work[1]);
        }
        status = wio_group_status(&g);
    }
    CHECK_EQ(status, 0);
    return wio_sleep(1);
}

TEST(TGR_in_a_shield_an_outside_cancel_does_not_reach_the_children) {
    trace_clear();
    wio_task *task = wio_create_task(shielded_group, NULL);
    CHECK_EQ(wio_sleep(1), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "ab");
}
