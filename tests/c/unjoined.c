// clock: virtual
// stderr: wio_group_open\(\): the task returned without wio_group_join\(\); its tasks are cancelled
// asan: detect_stack_use_after_return=0
// Groups whose task returns without joining them: a mistake that is reported and does no harm. (AddressSanitizer may not
// look for frames used after their return, since that is what the runtime does here, knowing that the stack still stands.)
#include "tools.h"

static int fails_in_clean_up(void *arg) {
    job *self = (job *)arg;
    wio_sleep(LONG);
    WIO_SHIELD { wio_sleep(self->seconds); }
    return wio_fail(self->result, "clean-up %c", self->letter);
}

static int forgets_to_join(void *arg) {
    char local[64] = "alive";
    wio_group group;
    wio_group_open(&group);
    wio_group_create_task(&group, sleeps_long, NULL);
    wio_group_create_task(&group, fails_in_clean_up, arg);
    wio_yield();
    return local[0] == 'a' ? 6 : -1;
}

TEST(TGR_a_task_that_returns_without_join_ends_when_its_children_have) {
    job cleaner = {2, -EIO, 'k', 0};
    double start = wio_time();
    wio_task *task = wio_create_task(forgets_to_join, &cleaner);
    CHECK_EQ(wio_await(task), 6);
    CHECK_NEAR(wio_time() - start, 2, 0.01);
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
}

static int forgets_two(void *arg) {
    wio_group outer, inner;
    (void)arg;
    wio_group_open(&outer);
    wio_group_create_task(&outer, sleeps_long, NULL);
    wio_group_open(&inner);
    wio_group_create_task(&inner, sleeps_long, NULL);
    return 6;
}

TEST(TGR_the_same_with_two_nested_ones) {
    CHECK_EQ(wio_await(wio_create_task(forgets_two, NULL)), 6);
    CHECK_EQ(wio_all_tasks(NULL, 0), 1);
}
