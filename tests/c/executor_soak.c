// 10,000 executor calls with random crashes, cancels and timeouts: none is lost, none is answered twice.
#include "tools.h"

enum { CALLS = 10000, AT_ONCE = 50, WORKERS = 4 };

/* Numbers that look random, the same in every run. */
static unsigned state = 12345;
static unsigned chance(unsigned of) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % of;
}

enum { RETURNS, FAILS, CRASHES, LOOPS };

typedef struct {
    int kind, number;
} order;

static int carries_out(const void *in, size_t in_size, void *out, size_t out_size) {
    order todo;
    memcpy(&todo, in, in_size);
    if (todo.kind == CRASHES) __builtin_trap();
    for (volatile unsigned i = 0; todo.kind == LOOPS; i++) {}
    if (todo.kind == FAILS) return wio_fail(-EPROTO, "%d", todo.number);
    int twice = todo.number * 2;
    memcpy(out, &twice, out_size);
    return todo.number;
}

static wio_executor *executor;
static int answers[CALLS]; /* how often each was answered */
static int expected, unexpected, stopped, crashed;

/* arg: the call's number. */
static int one_call(void *arg) {
    int number = (int)(intptr_t)arg, out = -1, rc = 0;
    order todo = {RETURNS, number};
    unsigned dice = chance(1000);
    bool limited = false;
    if (dice < 6) todo.kind = CRASHES;
    else if (dice < 12) todo.kind = LOOPS, limited = true;
    else if (dice < 112) todo.kind = FAILS;
    else if (dice < 142) limited = true; /* it may come in time or not */
    if (limited) {
        WIO_TIMEOUT(0.001 * (1 + chance(20))) {
            rc = wio_run_in_executor(executor, carries_out, &todo, sizeof todo, &out, sizeof out);
        }
    } else {
        rc = wio_run_in_executor(executor, carries_out, &todo, sizeof todo, &out, sizeof out);
    }
    answers[number]++;
    char words[16];
    snprintf(words, sizeof words, "%d", number);
    bool ended = (limited && rc == -ETIMEDOUT) || (wio_cancelling() && rc == -ECANCELED);
    bool fine = false;
    if (todo.kind == RETURNS) fine = ended || (rc == number && out == 2 * number);
    if (todo.kind == FAILS) fine = ended || (rc == -EPROTO && strcmp(last_message(), words) == 0);
    if (todo.kind == CRASHES) fine = ended || rc == -EFAULT;
    if (todo.kind == LOOPS) fine = ended;
    if (fine) expected++;
    else if (unexpected++ < 5) CHECK__FAIL("call %d of kind %d: %d %s, output %d", number, todo.kind, rc, wio_error_name(rc), out);
    stopped += ended;
    crashed += rc == -EFAULT;
    return 0;
}

TEST(ten_thousand_calls_each_answered_once) {
    wio_executor_options options = {WORKERS, 0, 0};
    executor = wio_executor_create(&options);
    for (int next = 0; next < CALLS;) {
        WIO_TASK_GROUP(group) {
            wio_task *tasks[AT_ONCE];
            for (int i = 0; i < AT_ONCE; i++) tasks[i] = wio_group_create_task(&group, one_call, (void *)(intptr_t)next++);
            wio_yield();
            if (chance(2)) wio_sleep(0.001);
            if (chance(2)) wio_task_cancel(tasks[chance(AT_ONCE)]);
        }
        CHECK_OK(wio_group_status(&group));
    }
    CHECK_EQ(expected, CALLS);
    for (int i = 0; i < CALLS; i++)
        if (answers[i] != 1) CHECK__FAIL("call %d was answered %d times", i, answers[i]);
    CHECK(stopped > 50);
    CHECK(crashed > 20);
    printf("# %d were stopped, %d crashed\n", stopped, crashed);
    int three = 3;
    order last = {RETURNS, 3};
    CHECK_EQ(wio_run_in_executor(executor, carries_out, &last, sizeof last, &three, sizeof three), 3);
    CHECK_EQ(three, 6);
    CHECK_EQ(wio_executor_shutdown(executor, false), 0);
}
