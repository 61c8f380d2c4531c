// 10,000 tasks that only wait.
#include "wasyncio.h"

#include <stdlib.h>

enum { TASKS = 10000 };

static int naps(void *arg) {
    int i = *(int *)arg;
    int rc = 0;
    for (int round = 0; round < 3 && !rc; round++) rc = wio_sleep((i * 7919 % 200) / 1000.0);
    return rc;
}

static int all(void *arg) {
    (void)arg;
    static int numbers[TASKS];
    wio_call *calls = malloc(TASKS * sizeof *calls);
    for (int i = 0; i < TASKS; i++) {
        numbers[i] = i;
        calls[i] = (wio_call){naps, &numbers[i]};
    }
    int rc = wio_gather(calls, TASKS, NULL);
    free(calls);
    return rc;
}

/* Yields until the answer is there; returns how many turns that took. */
static int fetched;
static int fetches(void *arg) {
    wio_response *response = NULL;
    int rc = wio_fetch(arg, NULL, &response);
    if (!rc) rc = wio_response_status(response);
    wio_response_close(response);
    fetched = 1;
    return rc;
}
WIO_EXPORT(int, yield_while_fetching, (const char *url, double limit)) {
    int turns = 0;
    double end = wio_time() + limit;
    wio_task *task = wio_create_task(fetches, (void *)url);
    for (fetched = 0; !fetched && wio_time() < end; turns++) wio_yield();
    int status = fetched ? wio_await(task) : (wio_task_cancel(task), wio_await(task), -ETIMEDOUT);
    return status == 200 ? turns : wio_fail(-EPROTO, "status %d after %d turns", status, turns);
}
WIO_EXPORT(int, yield_for, (double seconds)) {
    int turns = 0;
    for (double end = wio_time() + seconds; wio_time() < end; turns++) wio_yield();
    return turns;
}
WIO_EXPORT(int, nap, (double seconds)) { return wio_sleep(seconds); }
WIO_EXPORT(int, nap_with_limit, (double seconds, double limit)) {
    int rc = 0;
    WIO_TIMEOUT(limit) { rc = wio_sleep(seconds); }
    return rc;
}

int main(void) { return wio_run(all, NULL) < 0; }
