// clock: virtual
// stderr: ^wasyncio: task 'sleeper' \(loops\) has waited 10000 times in vain, now at in_vain\.c:\d+: each wait fails at once with -ECANCELED until it returns or calls wio_uncancel\(\); look at what waits return$
// stderr: ^wasyncio: task 'small' \(loops\) has waited 10000 times in vain, now at in_vain\.c:\d+: .* -ECANCELED
// stderr: ^wasyncio: task 'yielder' \(yields_on\) has waited 10000 times in vain: each wait fails at once with -ECANCELED
// stderr: ^wasyncio: task 'late' \(in_time\) has waited 10000 times in vain, now at in_vain\.c:\d+: .* -ETIMEDOUT until it leaves the WIO_TIMEOUT block; look at what waits return$
// A loop that does not look at what its waits return, in a task that was cancelled or is out of time: told once, with task, place
// and the way out. Whatever waits in vain now and then is not told of (the names that must not appear: see docs/debugging.md, whose
// program prints one line and no other).
#include "tools.h"

enum { MANY = 10000 };

static int loops(void *times) {
    for (int i = 0; i < *(int *)times; i++) wio_sleep(LONG);
    return 0;
}

static int yields_on(void *times) {
    for (int i = 0; i < *(int *)times; i++) wio_yield();
    return 0;
}

static int in_time(void *times) {
    WIO_TIMEOUT(1) { loops(times); }
    return wio_sleep(0);
}

#define named(fn, arg, name_, stack)                                                                                   \
    wio_create_task_with(fn, arg, &(wio_task_options){.name = name_, .stack_size = stack})

TEST(CAN_a_loop_that_ignores_its_cancel_is_told_of_once) {
    int times = 3 * MANY;
    wio_task *tasks[] = {named(loops, &times, "sleeper", 0), named(loops, &times, "small", 1024),
                         named(yields_on, &times, "yielder", 0)};
    wio_yield();
    for (int i = 0; i < 3; i++) wio_task_cancel(tasks[i]);
    for (int i = 0; i < 3; i++) CHECK_EQ(wio_await(tasks[i]), 0);
}

TEST(TMO_and_one_that_ignores_its_timeout) {
    int times = 2 * MANY;
    CHECK_EQ(wio_await(named(in_time, &times, "late", 0)), 0);
}

TEST(CAN_fewer_are_not) {
    int times = MANY - 1;
    wio_task *task = named(loops, &times, "almost", 0);
    wio_yield();
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), 0);
}

/* Each block begins anew. */
TEST(TMO_polls_are_not) {
    int failed = 0, few = 40;
    for (int i = 0; i < 2 * MANY; i++) WIO_TIMEOUT(0) {
            failed += wio_sleep(LONG) == -ETIMEDOUT;
        }
    CHECK_EQ(failed, 2 * MANY);
    for (int i = 0; i < 600; i++) WIO_TIMEOUT(0) {
            loops(&few);
        }
}

static int takes_it_back(void *arg) {
    int few = 40;
    (void)arg;
    for (int i = 0; i < 600; i++) {
        wio_task_cancel(wio_current_task());
        loops(&few);
        wio_uncancel();
    }
    return 0;
}

TEST(CAN_nor_one_that_takes_its_cancels_back) { CHECK_EQ(wio_await(named(takes_it_back, NULL, "uncancels", 0)), 0); }
