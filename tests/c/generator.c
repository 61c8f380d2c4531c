// clock: virtual
// stderr: wio_generator_yield\(\): works only in the body of this generator
// stderr: wio_generator_next\(\): this generator is being asked for its next value already
// stderr: wio_generator_close\(\): the generator is running; cancel the task that iterates instead
// stderr: wio_generator_next\(\): works only inside a task
// stderr: wio_generator_open\(\): fn is NULL
// Asynchronous generators. (asyncio has them from the language; RUN-13 and PEP 525.)
#include "tools.h"

/* Hands out 0, 1, … n-1 and marks its end. */
static int counts(wio_generator *generator, void *arg) {
    for (int i = 0; i < *(int *)arg; i++) {
        int rc = wio_generator_yield(generator, &i);
        if (rc) {
            mark('x');
            return rc;
        }
    }
    mark('e');
    return 0;
}

/* The same, with a second between the values. */
static int ticks(wio_generator *generator, void *arg) {
    for (int i = 0; i < *(int *)arg; i++) {
        int rc = wio_sleep(1);
        if (!rc) rc = wio_generator_yield(generator, &i);
        if (rc) {
            mark(rc == -ECANCELED ? 'x' : '!');
            return rc;
        }
    }
    return 0;
}

static int three = 3, many = 1000;

TEST(GEN_a_for_loop_gets_every_value) {
    int sum = 0, n = 0;
    trace_clear();
    WIO_ASYNC_FOR(g, int *, x, counts, &three) {
        CHECK_EQ(*x, n++);
        sum += *x;
    }
    CHECK_EQ(n, 3);
    CHECK_EQ(sum, 3);
    CHECK_EQ(wio_generator_status(&g), 0);
    CHECK_STR(trace, "e");
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
}

TEST(GEN_a_body_that_does_not_wait_takes_no_pass) {
    char letter[] = "p";
    int n = 0;
    trace_clear();
    wio_task *other = wio_create_task(marks, letter);
    WIO_ASYNC_FOR(g, int *, x, counts, &many) n += *x >= 0;
    CHECK_EQ(n, 1000);
    CHECK_STR(trace, "e");
    CHECK_EQ(wio_generator_status(&g), 0);
    CHECK_EQ(wio_await(other), 0);
}

TEST(GEN_a_body_that_waits_lets_others_run) {
    double start = wio_time();
    int n = 0;
    WIO_ASYNC_FOR(g, int *, x, ticks, &three) {
        CHECK_EQ(*x, n++);
        CHECK_NEAR(wio_time() - start, n, 1e-6);
    }
    CHECK_EQ(n, 3);
    CHECK_EQ(wio_generator_status(&g), 0);
}

TEST(GEN_nothing_runs_before_the_first_value_is_wanted) {
    wio_generator generator;
    void *value = &three;
    trace_clear();
    int zero = 0;
    CHECK_EQ(wio_generator_open(&generator, counts, &zero), 0);
    yields(3);
    CHECK_STR(trace, "");
    wio_generator_close(&generator); /* the body never runs */
    CHECK_STR(trace, "");
    CHECK(!wio_generator_next(&generator, &value));
    CHECK(!value);
    CHECK_EQ(wio_generator_status(&generator), 0);
    CHECK_EQ(wio_generator_open(&generator, counts, &zero), 0);
    CHECK(!wio_generator_next(&generator, &value));
    CHECK_STR(trace, "e");
    CHECK(!wio_generator_next(&generator, &value)); /* it stays ended */
    CHECK_STR(trace, "e");
}

TEST(GEN_break_closes_it) {
    trace_clear();
    WIO_ASYNC_FOR(g, int *, x, counts, &many) {
        if (*x == 2) break;
    }
    CHECK_STR(trace, "");
    wio_generator_close(&g); /* by hand, before the end of the block does it */
    CHECK_STR(trace, "x");
    CHECK_EQ(wio_generator_status(&g), 0);
    wio_generator_close(&g);
    CHECK_STR(trace, "x");
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
}

static int finds(int what) {
    WIO_ASYNC_FOR(g, int *, x, counts, &many) {
        if (*x == what) return *x;
    }
    return -1;
}

TEST(GEN_return_closes_it) {
    trace_clear();
    CHECK_EQ(finds(5), 5);
    CHECK_STR(trace, "x");
    CHECK_EQ(finds(-5), -1);
    CHECK_STR(trace, "xe");
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
}

static int fails_at_two(wio_generator *generator, void *arg) {
    (void)arg;
    for (int i = 0; i < 2; i++) {
        int rc = wio_generator_yield(generator, &i);
        if (rc) return rc;
    }
    return wio_fail(-EIO, "no more of them");
}

TEST(GEN_an_error_of_the_body_ends_the_loop) {
    int n = 0;
    WIO_ASYNC_FOR(g, int *, x, fails_at_two, NULL) n++;
    CHECK_EQ(n, 2);
    CHECK_EQ(wio_generator_status(&g), -EIO);
    CHECK_STR(last_message(), "no more of them");
}

static int fails_in_clean_up(wio_generator *generator, void *arg) {
    int rc = wio_generator_yield(generator, arg);
    CHECK_EQ(rc, -ECANCELED);
    return wio_fail(-EPROTO, "clean-up");
}

TEST(GEN_an_error_in_clean_up_is_its_status) {
    wio_generator generator;
    void *value;
    CHECK_EQ(wio_generator_open(&generator, fails_in_clean_up, &three), 0);
    CHECK(wio_generator_next(&generator, &value));
    wio_generator_close(&generator);
    CHECK_EQ(wio_generator_status(&generator), -EPROTO);
}

static int cleans_up_slowly(wio_generator *generator, void *arg) {
    int rc = wio_generator_yield(generator, arg);
    WIO_SHIELD {
        CHECK_EQ(wio_sleep(2), 0);
        CHECK_EQ(wio_generator_yield(generator, arg), -ECANCELED); /* nobody takes it, shield or not */
        CHECK_EQ(wio_sleep(1), 0);
    }
    mark('c');
    return rc;
}

TEST(GEN_close_waits_for_the_clean_up) {
    double start = wio_time();
    trace_clear();
    WIO_ASYNC_FOR(g, int *, x, cleans_up_slowly, &three) {
        CHECK_EQ(*x, 3);
        break;
    }
    wio_generator_close(&g);
    CHECK_STR(trace, "c");
    CHECK_NEAR(wio_time() - start, 3, 1e-6);
}

static int shielded_throughout(wio_generator *generator, void *arg) {
    int rc = 0;
    WIO_SHIELD {
        for (int i = 0; i < *(int *)arg && !rc; i++) rc = wio_generator_yield(generator, &i);
    }
    return rc;
}

TEST(GEN_close_ends_a_body_that_yields_in_a_shield) {
    int n = 0;
    WIO_ASYNC_FOR(g, int *, x, shielded_throughout, &many) {
        if (++n == 3) break;
    }
    wio_generator_close(&g);
    CHECK_EQ(n, 3);
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
}

/* ------------------------------------------------------------------------------------------------- Cancelling --- */

static int iterates_ticks(void *arg) {
    int n = 0;
    WIO_ASYNC_FOR(g, int *, x, ticks, arg) n++;
    return wio_generator_status(&g) ? wio_generator_status(&g) : n;
}

TEST(GEN_a_cancel_of_the_consumer_reaches_the_body) {
    trace_clear();
    wio_task *task = wio_create_task(iterates_ticks, &many);
    CHECK_EQ(wio_sleep(2.5), 0);
    CHECK_EQ(wio_all_tasks(NULL, 0), 3);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "x");
    CHECK_EQ(wio_await(wio_create_task(iterates_ticks, &three)), 3);
}

TEST(GEN_a_timeout_around_the_loop_strikes_the_body) {
    int n = 0, status = 0;
    double start = wio_time();
    trace_clear();
    WIO_TIMEOUT(2.5) {
        WIO_ASYNC_FOR(g, int *, x, ticks, &many) n++;
        status = wio_generator_status(&g);
    }
    CHECK_EQ(n, 2);
    CHECK_EQ(status, -ETIMEDOUT);
    CHECK(wio_timeout_expired());
    CHECK_STR(trace, "x");
    CHECK_NEAR(wio_time() - start, 2.5, 1e-6);
    CHECK_EQ(wio_sleep(1), 0);
}

static int iterates_and_sleeps(void *arg) {
    int rc = 0;
    WIO_ASYNC_FOR(g, int *, x, counts, arg) {
        rc = wio_sleep(1);
        if (rc) break;
    }
    return rc;
}

TEST(GEN_a_cancel_between_two_values_closes_it) {
    trace_clear();
    wio_task *task = wio_create_task(iterates_and_sleeps, &many);
    CHECK_EQ(wio_sleep(2.5), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "x");
}

static int swallows(wio_generator *generator, void *arg) {
    CHECK_EQ(wio_sleep(LONG), -ECANCELED);
    CHECK_EQ(wio_uncancel(), 0);
    return wio_generator_yield(generator, arg);
}

static int takes_the_value(void *arg) {
    wio_generator generator;
    void *value;
    wio_generator_open(&generator, swallows, arg);
    int got = wio_generator_next(&generator, &value) ? *(int *)value : -1;
    CHECK_EQ(wio_cancelling(), 1);
    wio_uncancel();
    wio_generator_close(&generator);
    return got;
}

TEST(CAN_17_a_body_that_swallows_the_cancel_hands_out_its_value) {
    wio_task *task = wio_create_task(takes_the_value, &three);
    wio_sleep(1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 3);
}

static int takes_it_and_returns(void *arg) {
    wio_generator generator;
    void *value;
    wio_generator_open(&generator, swallows, arg);
    int got = wio_generator_next(&generator, &value) ? *(int *)value : -1;
    wio_generator_close(&generator);
    return got;
}

TEST(CAN_10_the_cancel_was_delivered_to_the_body_so_the_consumers_value_counts) {
    wio_task *task = wio_create_task(takes_it_and_returns, &three);
    wio_sleep(1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 3);
}

TEST(GEN_a_cancelled_consumer_still_gets_what_needs_no_wait) {
    int n = 0;
    wio_task_cancel(wio_current_task());
    WIO_ASYNC_FOR(g, int *, x, counts, &three) n++;
    CHECK_EQ(n, 3);
    CHECK_EQ(wio_generator_status(&g), 0);
    CHECK_EQ(wio_uncancel(), 0);
}

/* ---------------------------------------------------------------------------------------------------- Nested --- */

static int doubles(wio_generator *generator, void *arg) {
    WIO_ASYNC_FOR(inner, int *, x, ticks, arg) {
        int twice = *x * 2, rc = wio_generator_yield(generator, &twice);
        if (rc) {
            mark('d');
            return rc;
        }
    }
    return wio_generator_status(&inner);
}

TEST(GEN_nested) {
    int sum = 0;
    WIO_ASYNC_FOR(g, int *, x, doubles, &three) sum += *x;
    CHECK_EQ(sum, 6);
    CHECK_EQ(wio_generator_status(&g), 0);
    trace_clear();
    WIO_ASYNC_FOR(h, int *, x, doubles, &many) break;
    wio_generator_close(&h);
    CHECK_STR(trace, "dx"); /* outer first, which closes the inner one */
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
}

static int through_two(void *arg) {
    int n = 0;
    WIO_ASYNC_FOR(g, int *, x, doubles, arg) n++;
    return wio_generator_status(&g) ? wio_generator_status(&g) : n;
}

TEST(GEN_a_cancel_goes_through_nested_generators) {
    trace_clear();
    wio_task *task = wio_create_task(through_two, &many);
    CHECK_EQ(wio_sleep(1.5), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "x");
}

static int deep(wio_generator *generator, void *arg) {
    int depth = *(int *)arg - 1, rc = 0;
    if (depth == 0) return wio_generator_yield(generator, &depth);
    WIO_ASYNC_FOR(inner, int *, x, deep, &depth) {
        int more = *x + 1;
        if ((rc = wio_generator_yield(generator, &more))) break;
    }
    return rc ? rc : wio_generator_status(&inner);
}

TEST(GEN_nested_thirty_deep) {
    int depth = 30, n = 0, last = 0;
    WIO_ASYNC_FOR(g, int *, x, deep, &depth) n++, last = *x;
    CHECK_EQ(n, 1);
    CHECK_EQ(last, 29);
    CHECK_EQ(wio_generator_status(&g), 0);
}

static int uses_everything(wio_generator *generator, void *arg) {
    int result = 0;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, naps, arg);
        wio_group_create_task(&g, naps, arg);
    }
    int rc = wio_group_status(&g);
    if (!rc) rc = wio_generator_yield(generator, &result);
    WIO_TIMEOUT(0.5) { result = wio_sleep(LONG); }
    return rc ? rc : wio_generator_yield(generator, &result);
}

TEST(GEN_groups_and_timeouts_in_the_body) {
    double one = 1;
    int results[2] = {1, 1}, n = 0;
    WIO_ASYNC_FOR(g, int *, x, uses_everything, &one) results[n++] = *x;
    CHECK_EQ(n, 2);
    CHECK_EQ(results[0], 0);
    CHECK_EQ(results[1], -ETIMEDOUT);
    CHECK_EQ(wio_generator_status(&g), 0);
}

/* ---------------------------------------------------------------------------------------------------- Misuse --- */

static int takes_one(void *arg) {
    void *value;
    return wio_generator_next((wio_generator *)arg, &value) ? *(int *)value : -1;
}

TEST(GEN_two_tasks_at_once_are_refused) {
    wio_generator generator;
    void *value;
    CHECK_EQ(wio_generator_open(&generator, ticks, &many), 0);
    wio_task *task = wio_create_task(takes_one, &generator);
    wio_yield();
    CHECK(!wio_generator_next(&generator, &value));
    CHECK_EQ(wio_task_error(wio_current_task())->code, -EBUSY);
    wio_generator_close(&generator); /* refused as well */
    CHECK_EQ(wio_await(task), 0);
    CHECK(wio_generator_next(&generator, &value)); /* one after the other is fine */
    CHECK_EQ(*(int *)value, 1);
    CHECK_EQ(wio_await(wio_create_task(takes_one, &generator)), 2);
    wio_generator_close(&generator);
}

static int asks_itself(wio_generator *generator, void *arg) {
    void *value;
    CHECK(!wio_generator_next(generator, &value));
    wio_generator_close(generator);
    return wio_generator_yield(generator, arg);
}

TEST(GEN_a_body_cannot_ask_or_close_itself) {
    int n = 0;
    WIO_ASYNC_FOR(g, int *, x, asks_itself, &three) n += *x;
    CHECK_EQ(n, 3);
    CHECK_EQ(wio_generator_status(&g), 0);
}

static int asks_the_other(wio_generator *generator, void *arg) {
    void *value;
    wio_generator *other = (wio_generator *)arg;
    (void)generator;
    return wio_generator_next(other, &value) ? 0 : -EBUSY;
}

TEST(GEN_two_generators_cannot_ask_each_other) {
    wio_generator a, b;
    void *value;
    wio_generator_open(&a, asks_the_other, &b);
    wio_generator_open(&b, asks_the_other, &a);
    CHECK(!wio_generator_next(&a, &value));
    CHECK_EQ(wio_generator_status(&a), 0 - EBUSY);
    CHECK_EQ(wio_generator_status(&b), 0 - EBUSY);
}

TEST(GEN_misuse_is_named) {
    wio_generator generator;
    void *value;
    CHECK_EQ(wio_generator_open(NULL, counts, NULL), -EINVAL);
    CHECK_EQ(wio_generator_open(&generator, NULL, NULL), -EINVAL);
    CHECK(!wio_generator_next(&generator, &value));
    CHECK_EQ(wio_generator_status(&generator), -EINVAL);
    wio_generator_close(&generator);
    wio_generator_open(&generator, counts, &three);
    CHECK_EQ(wio_generator_yield(&generator, &three), -EPERM);
    CHECK_EQ(wio_generator_yield(NULL, &three), -EINVAL);
    CHECK(!wio_generator_next(NULL, &value));
    CHECK(!wio_generator_next(&generator, NULL));
    CHECK_EQ(wio_generator_status(NULL), -EINVAL);
    wio_generator_close(&generator);
    wio_generator_close(NULL);
}

TEST_OUTSIDE(GEN_outside_a_task) {
    wio_generator generator;
    void *value;
    CHECK_EQ(wio_generator_open(&generator, counts, &three), 0);
    CHECK(!wio_generator_next(&generator, &value));
    CHECK_EQ(wio_generator_status(&generator), -EPERM);
    CHECK_EQ(wio_generator_yield(&generator, &three), -EPERM);
    wio_generator_close(&generator);
}

/* ------------------------------------------------------------------------------------------- The run's end --- */

static wio_generator left;

static int leaves_one_open(void *arg) {
    void *value;
    wio_generator_open(&left, counts, arg);
    CHECK(wio_generator_next(&left, &value));
    return 0;
}

TEST_OUTSIDE(RUN_13_open_generators_are_closed_at_the_end) {
    trace_clear();
    CHECK_EQ(wio_run(leaves_one_open, &many), 0);
    CHECK_STR(trace, "x");
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

static int leaves_consumers(void *arg) {
    wio_detach(wio_create_task(iterates_and_sleeps, arg));
    wio_detach(wio_create_task(iterates_ticks, arg));
    return wio_sleep(1.5);
}

TEST_OUTSIDE(RUN_13_with_consumers_that_are_left) {
    trace_clear();
    CHECK_EQ(wio_run(leaves_consumers, &many), 0);
    CHECK_EQ(strlen(trace), 2);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

static int iterates_in_clean_up(void *arg) {
    int rc = wio_sleep(LONG), n = 0;
    WIO_SHIELD {
        WIO_ASYNC_FOR(g, int *, x, ticks, arg) n++;
        CHECK_EQ(wio_generator_status(&g), 0);
    }
    CHECK_EQ(n, 3);
    mark('n');
    return rc;
}

static int leaves_clean_up(void *arg) {
    wio_detach(wio_create_task(iterates_in_clean_up, arg));
    return wio_yield();
}

TEST_OUTSIDE(RUN_13_a_leftovers_clean_up_may_iterate) {
    trace_clear();
    CHECK_EQ(wio_run(leaves_clean_up, &three), 0);
    CHECK_STR(trace, "n");
}

static int waits_for_ever(wio_generator *generator, void *arg) {
    static wio_semaphore none;
    (void)generator, (void)arg;
    return wio_semaphore_acquire(&none);
}

static int iterates_for_ever(void *arg) {
    WIO_ASYNC_FOR(g, int *, x, waits_for_ever, arg) {}
    CHECK_EQ(wio_generator_status(&g), -EDEADLK);
    return wio_generator_status(&g);
}

static int await_me(wio_generator *generator, void *arg) {
    (void)generator;
    return wio_await((wio_task *)arg);
}

static int iterates_a_circle(void *arg) {
    (void)arg;
    WIO_ASYNC_FOR(g, int *, x, await_me, wio_current_task()) {}
    return wio_generator_status(&g);
}

static int leaves_yielded_and_hangs(void *arg) {
    static wio_semaphore none;
    int rc = 0;
    WIO_ASYNC_FOR(g, int *, x, counts, arg) {
        rc = wio_semaphore_acquire(&none);
        break;
    }
    return rc;
}

TEST_OUTSIDE(DEAD_in_the_body_and_in_a_circle) {
    CHECK_EQ(wio_run(iterates_for_ever, NULL), -EDEADLK);
    CHECK_EQ(wio_run(iterates_a_circle, NULL), -EDEADLK);
    CHECK_EQ(wio_run(leaves_yielded_and_hangs, &many), -EDEADLK);
    CHECK_EQ(wio_all_tasks(NULL, 0), 0);
}

/* What a leftover iterates in its clean-up is still there: generators are closed when all tasks have ended. */
static wio_generator held;

static int asks_in_clean_up(void *arg) {
    void *value;
    (void)arg;
    CHECK(wio_generator_next(&held, &value));
    int rc = wio_sleep(LONG);
    CHECK(wio_generator_next(&held, &value));
    CHECK_EQ(*(int *)value, 1);
    mark('a');
    return rc;
}

static int leaves_one_who_asks(void *arg) {
    CHECK_EQ(wio_generator_open(&held, counts, arg), 0);
    wio_detach(wio_create_task(asks_in_clean_up, NULL));
    return wio_sleep(1);
}

TEST_OUTSIDE(RUN_13_leftovers_end_first_and_then_the_generators) {
    trace_clear();
    CHECK_EQ(wio_run(leaves_one_who_asks, &many), 0);
    CHECK_STR(trace, "ax");
}

static int shielded_clean_up(wio_generator *generator, void *arg) {
    const char *name = arg;
    int value = 0, rc = wio_generator_yield(generator, &value);
    WIO_SHIELD { wio_sleep(name[0] == 'p' ? 2 : 1); }
    mark(name[0]);
    return rc;
}

static double closing_began;

static int leaves_two_open(void *arg) {
    static wio_generator two[2];
    static char names[2][2] = {"p", "q"};
    void *value;
    (void)arg;
    for (int i = 0; i < 2; i++) {
        wio_generator_open(&two[i], shielded_clean_up, names[i]);
        CHECK(wio_generator_next(&two[i], &value));
    }
    closing_began = wio_time();
    return 0;
}

TEST_OUTSIDE(RUN_13_all_are_closed_at_once_and_waited_for) {
    trace_clear();
    CHECK_EQ(wio_run(leaves_two_open, NULL), 0);
    CHECK_STR(trace, "qp");
    CHECK_NEAR(wio_time() - closing_began, 2, 1e-6);
}

static int waits_a_pass(wio_generator *generator, void *arg) {
    for (int i = 0; i < 2; i++) {
        int rc = wio_yield();
        mark('b');
        if (!rc) rc = wio_generator_yield(generator, &i);
        if (rc) return rc;
    }
    mark(*(char *)arg);
    return 0;
}

static int marks_each_pass(void *arg) {
    for (int i = 0; i < 3; i++) {
        mark(*(char *)arg);
        wio_yield();
    }
    return 0;
}

TEST(GEN_a_body_that_has_waited_costs_its_consumer_no_pass_more) {
    char letter[] = "o", end[] = "e";
    trace_clear();
    wio_task *other = wio_create_task(marks_each_pass, letter);
    WIO_ASYNC_FOR(g, int *, x, waits_a_pass, end) mark((char)('0' + *x));
    CHECK_STR(trace, "ob0ob1e");
    CHECK_EQ(wio_await(other), 0);
}

static char variable;

static int sets_and_sees(wio_generator *generator, void *arg) {
    CHECK(wio_context_get(&variable) == arg); /* of who iterates */
    wio_context_set(&variable, generator);
    wio_yield();
    CHECK_EQ(wio_generator_yield(generator, arg), 0);
    CHECK(wio_context_get(&variable) == &many); /* set between two values */
    wio_context_set(&variable, &three);
    return 0;
}

TEST(GEN_body_and_consumer_see_the_same_context_variables) {
    wio_context_set(&variable, &three);
    WIO_ASYNC_FOR(g, int *, x, sets_and_sees, &three) {
        CHECK(wio_context_get(&variable) == &g);
        wio_context_set(&variable, &many);
    }
    CHECK(wio_context_get(&variable) == &three);
}

/* ---------------------------------------------------------------------------------------------------- Stress --- */

static unsigned seed;
static unsigned below(unsigned n) {
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

static int random_body(wio_generator *generator, void *arg) {
    int n = (int)below(8), rc = 0, depth = *(int *)arg - 1;
    for (int i = 0; i < n && !rc; i++) {
        if (below(3) == 0) rc = wio_sleep(below(2));
        if (!rc && depth > 0 && below(3) == 0) {
            WIO_ASYNC_FOR(inner, int *, x, random_body, &depth) {
                if ((rc = wio_generator_yield(generator, x)) || below(4) == 0) break;
            }
        }
        if (!rc) rc = wio_generator_yield(generator, &i);
    }
    if (rc && below(2)) {
        WIO_SHIELD { wio_sleep(below(2)); }
    }
    return rc ? rc : below(4) ? 0 : wio_fail(-EIO, "random");
}

static int random_consumer(void *arg) {
    (void)arg;
    int depth = 3, rc = 0;
    WIO_ASYNC_FOR(g, int *, x, random_body, &depth) {
        CHECK(*x >= 0 && *x < 8);
        if (below(10) == 0) break;
        if (below(4) == 0 && (rc = wio_sleep(below(2)))) break;
    }
    wio_generator_close(&g);
    return rc ? rc : wio_generator_status(&g);
}

TEST(GEN_stress_random_bodies_with_cancels) {
    for (unsigned round = 0; round < 300; round++) {
        seed = round;
        wio_task *tasks[5];
        for (int i = 0; i < 5; i++) tasks[i] = wio_create_task(random_consumer, NULL);
        for (int i = 0; i < 4; i++) {
            wio_sleep(below(2));
            if (below(2)) wio_task_cancel(tasks[below(5)]);
        }
        for (int i = 0; i < 5; i++) {
            int rc = wio_await(tasks[i]);
            CHECK(rc == 0 || rc == -EIO || rc == -ECANCELED);
        }
        CHECK_EQ(wio_all_tasks(NULL, 0), 1);
    }
}

static int random_run(void *arg) {
    for (int i = 0; i < 4; i++) wio_detach(wio_create_task(random_consumer, arg));
    return wio_sleep(below(3));
}

TEST_OUTSIDE(RUN_13_stress_runs_that_end_amid_iterations) {
    for (unsigned round = 0; round < 300; round++) {
        seed = round;
        CHECK_EQ(wio_run(random_run, NULL), 0);
        CHECK_EQ(wio_all_tasks(NULL, 0), 0);
        CHECK_EQ(wio__left(), 0);
    }
}
