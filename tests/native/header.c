/* Every macro of the public header, several of them nested, as C11 and as C++17 without a warning. Only compiled. */
#include "wasyncio.h"
#include <math.h>

WIO_IMPORT(int, ask, (const char *question));
WIO_IMPORT(double, ratio, (void));

WIO_EXPORT(int, add_later, (int a, int b)) {
    int rc = wio_sleep(0.1);
    return rc ? rc : a + b;
}
WIO_EXPORT(wio_bytes, reverse, (wio_bytes bytes)) { return bytes; }
WIO_EXPORT(void, nothing, (void)) {}

static int work(void *arg) {
    int *n = (int *)arg;
    if (wio_yield() < 0) return -1;
    return *n >= 0 ? 0 : wio_fail(-EPROTO, "negative: %d", *n);
}

static int plain(void *arg) {
    (void)arg;
    return wio_fail(-EIO, "no arguments");
}

static int waits(void *arg) {
    int a = 1, b[3] = {1, 2, 3}, statuses[2];
    wio_call calls[2] = {{work, &a}, {plain, NULL}};
    wio_task_options options = {"named", 4096, false};
    wio_task *task = wio_create_task(work, arg);
    wio_task *other = wio_create_task_with(work, &a, &options);
    wio_task *third = wio_create_task_with(work, &a, NULL);
    wio_task *two[2] = {wio_create_task(work, &a), wio_create_task(work, &b[0])};
    int rc = wio_await(task) + wio_await(two[0]) + wio_await(two[1]);
    rc |= wio_shield(other);
    wio_detach(third);
    wio_task_cancel(other);
    rc |= wio_task_status(other) | wio_uncancel() | wio_cancelling();
    rc |= wio_gather(calls, 2, statuses);
    rc |= WIO_GATHER({work, &a}, {plain, NULL});
    rc |= WIO_GATHER({work, &a});
    rc |= WIO_GATHER_EACH(work, b);
    rc |= wio_wait_for(work, &a, 2.5);
    if (wio_task_done(task) && wio_task_cancelled(task)) wio_print_tasks(stdout);
    return rc;
}

static int blocks(void *arg) {
    wio_semaphore semaphore = {0, 0, false, NULL, NULL};
    wio_semaphore_init(&semaphore, 2);
    wio_semaphore_init_bounded(&semaphore, 2);
    WIO_TIMEOUT(1) WIO_TIMEOUT(2) WIO_SHIELD wio_sleep(1);
    WIO_TIMEOUT(INFINITY) {
        WIO_TIMEOUT_AT(wio_time() + 1) {
            WIO_SHIELD {
                WIO_TIMEOUT(0.5) {
                    WIO_WITH_SEMAPHORE(&semaphore) {
                        WIO_TASK_GROUP(outer) {
                            wio_group_create_task(&outer, work, arg);
                            WIO_TASK_GROUP(inner) {
                                wio_group_create_task_with(&inner, work, arg, NULL);
                                WIO_WITH_SEMAPHORE(&semaphore) WIO_TIMEOUT(1) { wio_yield(); }
                                if (wio_semaphore_locked(&semaphore)) break;
                                if (arg) continue;
                                wio_group_cancel(&inner);
                            }
                            if (wio_group_status(&inner)) return wio_group_fail(&outer, -EIO);
                        }
                        const wio_error *errors;
                        if (wio_group_errors(&outer, &errors)) puts(errors[0].message);
                    }
                }
            }
        }
    }
    if (wio_timeout_expired()) wio_set_debug(0.1);
    wio_semaphore_acquire(&semaphore);
    wio_semaphore_release(&semaphore);
    wio_group group;
    if (wio_group_open(&group)) return -1;
    return wio_group_join(&group);
}

static int fetches(void *arg) {
    wio_header headers[] = {{"accept", "text/plain"}, {NULL, NULL}};
    wio_fetch_options options = {"PUT", headers, "body", 4};
    wio_response *response;
    char *text, buffer[16];
    int rc = wio_fetch((const char *)arg, &options, &response);
    if (rc) return rc;
    if (wio_response_status(response) != 200) puts(wio_response_header(response, "location"));
    puts(wio_response_url(response));
    if (wio_response_read(response, buffer, sizeof buffer) < 0) return -1;
    rc = wio_response_text(response, &text);
    wio_response_close(response);
    return rc;
}

static int doubles(const void *in, size_t in_size, void *out, size_t out_size) {
    if (in_size != out_size) return wio_fail(-EMSGSIZE, "%zu", out_size);
    *(int *)out = 2 * *(const int *)in;
    return 0;
}

static int computes(void *arg) {
    (void)arg;
    wio_executor_options options = {2, 10, 65536};
    wio_executor *executor = wio_executor_create(&options);
    int in[] = {1, 2, 3}, out[3], statuses[3];
    if (wio_run_in_executor(NULL, doubles, in, sizeof in[0], out, sizeof out[0]) < 0) return -1;
    if (WIO_EXECUTOR_MAP(executor, doubles, in, out) < 0) return -1;
    if (wio_executor_map(executor, doubles, in, 4, out, 4, 3, 1, statuses) < 0) return -1;
    return wio_executor_shutdown(executor, true);
}

int main(void) {
    wio_call all[] = {{waits, NULL}, {blocks, NULL}, {fetches, NULL}, {computes, NULL}};
    wio_set_default_stack_size(0);
    const wio_error *error = wio_task_error(NULL);
    printf("%s %s %s %p %zu\n", wio_error_name(-EIO), wio_error_text(-EIO), wio_task_name(NULL), (const void *)error,
           wio_all_tasks(NULL, 0));
    if (wio_current_task()) return ask("why") + (int)ratio();
    for (int i = 0; i < 4; i++)
        if (wio_run(all[i].fn, all[i].arg)) return 1;
    return 0;
}
