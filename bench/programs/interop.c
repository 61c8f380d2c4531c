/* Calls between JavaScript and C: bench/peers/interop.js makes them. */
#include <wasyncio.h>

/* What it does in JavaScript: nothing, and it is async. */
WIO_IMPORT(int, nothing, (int value));

/* A call from JavaScript that yields once. */
WIO_EXPORT(int, nap, (void)) { return wio_sleep(0); }

/* Nanoseconds for each of `count` calls of the import, by so many tasks at once. */
static int calls;

static int call_often(void *arg) {
    (void)arg;
    for (int n = calls; n > 0; n--)
        if (nothing(n) != n) return -EIO;
    return 0;
}

WIO_EXPORT(double, call_import, (int tasks, int count)) {
    calls = count / tasks;
    double start = wio_time();
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < tasks; i++) wio_group_create_task(&group, call_often, NULL);
    }
    int rc = wio_group_status(&group);
    return rc < 0 ? rc : (wio_time() - start) * 1e9 / count;
}
