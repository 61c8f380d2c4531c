// Host events around a stop of the loop are delivered exactly once (RUN-27).
#include "host.h"
#include "tools.h"

static int answers;

static int fetches(void *arg) {
    wio_response *response = NULL;
    int rc = wio_fetch((const char *)arg, NULL, &response);
    if (!rc) answers++;
    wio_response_close(response);
    return rc ? rc : 7;
}

static void stops(void *arg) {
    (void)arg;
    wio_stop();
}

typedef struct {
    double when;
    const char *url;
} plan;

static int stopped_while_fetching(void *arg) {
    const plan *self = arg;
    wio_call_later(self->when, stops, NULL);
    return fetches((void *)(uintptr_t)self->url);
}

/* The stop comes before the answer, in the same turn of the host, and after it. */
TEST_OUTSIDE(RUN_27_an_answer_around_a_stop_comes_exactly_once) {
    double times[] = {0.5, 1, 1.5};
    for (int i = 0; i < 3; i++) {
        plan what = {times[i], "fake:/delay/1/body=x"};
        wio_runner runner;
        answers = 0;
        CHECK_EQ(wio_runner_open(&runner), 0);
        int rc = wio_runner_run(&runner, stopped_while_fetching, &what);
        CHECK(rc == (i == 0 ? -EINTR : 7) || (i == 1 && rc == -EINTR));
        if (rc == -EINTR) rc = wio_runner_run(&runner, NULL, NULL);
        CHECK_EQ(rc, 7);
        CHECK_EQ(answers, 1);
        CHECK_EQ(wio_runner_close(&runner), 0);
        CHECK_EQ(host_count.open, 0);
        CHECK_EQ(wio__left(), 0);
    }
}

static int sleeps_three(void *arg) {
    (void)arg;
    return wio_sleep(3);
}

static int leaves_a_fetch(void *arg) {
    wio_detach(wio_create_task(fetches, arg));
    return wio_yield();
}

TEST_OUTSIDE(RUN_27_an_answer_between_two_runs) {
    char url[] = "fake:/delay/1/body=x";
    wio_runner runner;
    answers = 0;
    CHECK_EQ(wio_runner_open(&runner), 0);
    CHECK_EQ(wio_runner_run(&runner, leaves_a_fetch, url), 0);
    CHECK_EQ(answers, 0);
    CHECK_EQ(wio_runner_run(&runner, sleeps_three, NULL), 0);
    CHECK_EQ(answers, 1);
    CHECK_EQ(wio_runner_run(&runner, leaves_a_fetch, url), 0);
    CHECK_EQ(wio_runner_close(&runner), 0); /* aborted */
    CHECK_EQ(answers, 1);
    CHECK_EQ(host_count.open, 0);
    CHECK_EQ(wio__left(), 0);
}
