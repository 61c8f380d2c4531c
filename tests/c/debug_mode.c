// clock: virtual
// stderr: ^wasyncio: task 'forgotten' was neither awaited nor detached; made at debug_mode\.c:\d+$
// stderr: ^wasyncio: queue was never given back; made at debug_mode\.c:\d+$
// stderr: ^wasyncio: generator 'Task-\d+' was not closed; made at debug_mode\.c:\d+$
// Debug mode: what nobody gave back, at the end of the run that made it. (Slow steps: tests/native, where time can pass.)
#include "tools.h"

static wio_queue queue, other;
static wio_generator generator;

static int nothing(void *arg) {
    (void)arg;
    return 0;
}

static int counts(wio_generator *self, void *arg) {
    (void)arg;
    for (int i = 0;; i++)
        if (wio_generator_yield(self, &i) < 0) return 0;
}

static int leaks(void *arg) {
    (void)arg;
    void *value;
    wio_create_task_with(nothing, NULL, &(wio_task_options){.name = "forgotten"});
    wio_queue_init(&queue, sizeof(int), 0);
    wio_queue_init(&other, sizeof(int), 0);
    wio_queue_destroy(&other);
    wio_generator_open(&generator, counts, NULL);
    wio_generator_next(&generator, &value);
    wio_detach(wio_create_task(nothing, NULL));
    return wio_await(wio_create_task(nothing, NULL));
}

TEST_OUTSIDE(DBG_08_DBG_09_what_is_left_is_told_once_with_its_place) {
    wio_set_debug(0.1);
    CHECK_EQ(wio_run(leaks, NULL), 0);
    CHECK_EQ(wio_run(nothing, NULL), 0);
    wio_set_debug(-1);
    CHECK_EQ(wio_run(leaks, NULL), 0); /* DBG-01: nothing is told, and nothing remembered */
    wio_queue_destroy(&queue);
}
