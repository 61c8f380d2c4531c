/* An hour's work of a busy program: in each virtual second tasks that sleep, take turns at a semaphore, run into timeouts,
 * fail and are cancelled; `tasks.wasm TASKS`. Prints after each tenth what memory is in use and how many tasks there are. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wasyncio.h>

enum { SECONDS = 3600 };

static wio_semaphore turns;
static long long ended, failed, cancelled, late;

static int work(void *arg) {
    uintptr_t number = (uintptr_t)arg;
    int rc = 0;
    switch (number % 8) {
    case 0: rc = wio_yield(); break;
    case 1: WIO_TIMEOUT(0.01) rc = wio_sleep(1); break;
    case 2:
        rc = wio_semaphore_acquire(&turns);
        if (rc < 0) break;
        rc = wio_sleep(0.001);
        wio_semaphore_release(&turns);
        break;
    case 3: rc = wio_fail(-EIO, "number %u", (unsigned)number); break;
    default: rc = wio_sleep((double)(number * 7919 % 900) / 1000);
    }
    ended++;
    if (wio_timeout_expired()) late++, rc = 0;
    else if (rc == -ECANCELED) cancelled++;
    else if (rc < 0) failed++;
    return rc == -EIO ? 0 : rc;
}

static int hour(void *arg) {
    long long tasks = atoll(arg);
    uintptr_t number = 0;
    wio_semaphore_init(&turns, 10);
    for (int second = 0; second < SECONDS; second++) {
        WIO_TASK_GROUP(group) {
            for (; (long long)number < tasks * (second + 1) / SECONDS; number++)
                if (!wio_group_create_task(&group, work, (void *)number)) return -ENOMEM;
            wio_sleep(second % 10 == 9 ? 0.4 : 0.95);
            if (second % 10 == 9) wio_group_cancel(&group);
        }
        double now = wio_time();
        if (now < second + 1) wio_sleep(second + 1 - now);
        if ((second + 1) % (SECONDS / 10) == 0)
            printf("%d s: %lld ended, %lld failed, %lld late, %lld cancelled, %zu alive, %.1f MB\n", second + 1, ended,
                   failed, late, cancelled, wio_all_tasks(NULL, 0), (double)(uintptr_t)sbrk(0) / 1e6);
    }
    printf("all: %lld of %lld\n", ended, tasks);
    return ended == tasks ? 0 : -EIO;
}

int main(int argc, char **argv) {
    int rc = wio_run(hour, argc > 1 ? argv[1] : (char[]){"10000000"});
    if (rc < 0) fprintf(stderr, "%s\n", wio_error_name(rc));
    return rc < 0;
}
