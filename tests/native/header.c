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
    wio_semaphore semaphore = {0, 0, 0, false, NULL, NULL};
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

static bool is_there(void *arg) { return arg != NULL; }

static int compares(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static int synchronizes(void *arg) {
    wio_lock lock = WIO__ZERO;
    wio_event event = WIO__ZERO;
    wio_condition condition = WIO__ZERO, other;
    wio_barrier barrier;
    int rc = wio_barrier_init(&barrier, 2);
    wio_lock_init(&lock);
    wio_event_init(&event);
    wio_condition_init(&other, &lock);
    WIO_WITH_LOCK(&lock) rc |= wio_event_wait(&event);
    WIO_WITH_LOCK(&lock) WIO_WITH_CONDITION(&condition) {
        WIO_TIMEOUT(1) WIO_WITH_CONDITION(&other) {
            if (wio_condition_wait(&other)) break;
            if (wio_condition_wait_for(&condition, is_there, arg)) return wio_lock_release(&lock);
        }
        if (wio_lock_locked(&lock)) continue;
        rc |= wio_condition_notify(&condition, 1) | wio_condition_notify_all(&other);
    }
    rc |= wio_lock_acquire(&lock) | wio_condition_acquire(&condition) | wio_condition_release(&condition);
    if (wio_condition_locked(&condition) || wio_event_is_set(&event)) wio_event_clear(&event);
    wio_event_set(&event);
    if (wio_barrier_wait(&barrier) < 0) wio_barrier_abort(&barrier);
    if (wio_barrier_broken(&barrier)) wio_barrier_reset(&barrier);
    return rc + (int)(wio_barrier_parties(&barrier) - wio_barrier_n_waiting(&barrier));
}

static int queues(void *arg) {
    wio_queue fifo, lifo, priority;
    const int in = 3;
    int out = 0, rc = wio_queue_init(&fifo, sizeof in, 1) | wio_queue_init_lifo(&lifo, sizeof in, 0) |
                      wio_queue_init_priority(&priority, sizeof in, 0, compares);
    rc |= wio_queue_put(&fifo, &in) | wio_queue_get(&fifo, &out) | wio_queue_put_nowait(&lifo, &in);
    rc |= wio_queue_get_nowait(&lifo, &out) | wio_queue_task_done(&lifo) | wio_queue_join(&lifo);
    wio_future future = WIO__ZERO;
    wio_case cases[] = {WIO_CASE_GET(&fifo, &out), WIO_CASE_PUT(&priority, &in), WIO_CASE_FUTURE(&future),
                        WIO_CASE_TASK((wio_task *)arg), WIO_CASE_TIMEOUT(0.5)};
    int index = wio_select(cases, sizeof cases / sizeof cases[0]);
    if (index >= 0) rc |= cases[index].status;
    if (wio_queue_empty(&fifo) || wio_queue_full(&fifo)) rc += (int)wio_queue_size(&fifo);
    wio_queue_shutdown(&fifo, true);
    wio_queue_destroy(&fifo);
    wio_queue_destroy(&lifo);
    wio_queue_destroy(&priority);
    return rc;
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

/* -------------------------------------------------------------------------------- futures.h, loop.h, sync.h --- */

static void task_done(wio_task *task, void *arg) {
    (void)arg;
    puts(wio_task_name(task));
}
static void future_done(wio_future *future, void *arg) {
    (void)arg;
    if (wio_future_done(future) && !wio_future_cancelled(future)) wio_future_status(future);
}
static void called(void *arg) { wio_future_set_result((wio_future *)arg, 1); }

static int several(void *arg) {
    wio_task *tasks[2] = {wio_create_task(work, arg), wio_create_task(work, arg)};
    int rc = wio_wait(tasks, 2, WIO_FIRST_COMPLETED, 0.5);
    rc |= wio_wait(tasks, 2, WIO_FIRST_EXCEPTION, WIO_FOREVER) | wio_wait(tasks, 2, WIO_ALL_COMPLETED, 0);
    WIO_AS_COMPLETED(it, task, tasks, 2, WIO_FOREVER) {
        WIO_AS_COMPLETED(inner, same, &task, 1, 2.5) if (wio_task_done(same)) break;
        if (wio_as_completed_status(&inner)) return -1;
        rc |= wio_await(task);
    }
    WIO_AS_COMPLETED(again, each, tasks, 2, 1) rc |= wio_task_status(each);
    rc |= wio_as_completed_status(&it) | again.status;
    wio_as_completed by_hand;
    if (wio_as_completed_init(&by_hand, tasks, 2, WIO_FOREVER)) return -1;
    if (wio_as_completed_next(&by_hand)) wio_as_completed_close(&by_hand);
    rc |= wio_task_add_done_callback(tasks[0], task_done, NULL) | wio_task_remove_done_callback(tasks[0], task_done);

    wio_future future = WIO__ZERO, other;
    wio_future_init(&other);
    rc |= wio_future_add_done_callback(&other, future_done, NULL) | wio_future_remove_done_callback(&other, future_done);
    wio_handle *soon = wio_call_soon(called, &future), *later = wio_call_later(0.5, called, &future),
               *at = wio_call_at(wio_time() + 1, called, &future);
    if (wio_handle_when(at) > 0 && wio_handle_cancel(later)) wio_handle_cancel(soon);
    rc |= wio_future_await(&future) | wio_future_cancel(&future) | wio_future_copy(&other, &future);
    rc |= wio_future_set_error(&other, wio_fail(-EIO, "no"));
    const wio_error *error = wio_future_error(&other);
    if (error) puts(error->notes);
    wio_future_destroy(&other);
    return rc;
}

static int numbers(wio_generator *generator, void *arg) {
    for (int i = 0; i < *(int *)arg; i++)
        if (wio_generator_yield(generator, &i)) return wio_add_note(-ECANCELED, "at %d", i);
    return 0;
}

static int loops(void *arg) {
    static char key;
    wio_scope timeout;
    int sum = wio_context_set(&key, arg);
    if (wio_context_get(&key) != arg || wio_timeout_open(&timeout, 2)) return -1;
    WIO_ASYNC_FOR(outer, int *, x, numbers, arg) {
        WIO_ASYNC_FOR(inner, const int *, y, numbers, arg) {
            if (*y > *x) break;
            sum += *y;
        }
        if (wio_generator_status(&inner)) return -1;
        WIO_ASYNC_FOR(bare, void *, z, numbers, arg) sum += z != NULL;
    }
    void *value;
    wio_generator by_hand;
    if (wio_generator_open(&by_hand, numbers, arg) || !wio_generator_next(&by_hand, &value)) return -1;
    wio_generator_close(&by_hand);
    if (wio_timeout_when(&timeout) < 5) sum += wio_timeout_reschedule(&timeout, wio_time() + 3);
    wio_stop();
    return wio_timeout_close(&timeout) ? -1 : sum;
}

static bool predicate(void *arg) { return arg != NULL; }
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static int synchronises(void *arg) {
    wio_lock lock = WIO__ZERO;
    wio_event event = WIO__ZERO;
    wio_condition condition = WIO__ZERO;
    wio_barrier barrier;
    wio_queue queue;
    int item = 1, rc = 0;
    wio_lock_init(&lock);
    wio_event_init(&event);
    wio_condition_init(&condition, &lock);
    rc |= wio_barrier_init(&barrier, 2) | wio_queue_init(&queue, sizeof item, 0);
    WIO_WITH_LOCK(&lock) WIO_TIMEOUT(1) wio_yield();
    WIO_WITH_CONDITION(&condition) {
        rc |= wio_condition_wait(&condition) | wio_condition_wait_for(&condition, predicate, arg);
        rc |= wio_condition_notify(&condition, 1) | wio_condition_notify_all(&condition);
        WIO_WITH_LOCK(&lock) { return -1; }
    }
    rc |= wio_lock_acquire(&lock) | wio_lock_locked(&lock) | wio_lock_release(&lock);
    rc |= wio_condition_acquire(&condition) | wio_condition_locked(&condition) | wio_condition_release(&condition);
    if (!wio_event_is_set(&event)) wio_event_set(&event);
    rc |= wio_event_wait(&event);
    wio_event_clear(&event);
    rc |= wio_barrier_wait(&barrier) | (int)wio_barrier_parties(&barrier) | (int)wio_barrier_n_waiting(&barrier);
    if (wio_barrier_broken(&barrier)) wio_barrier_reset(&barrier);
    wio_barrier_abort(&barrier);
    rc |= wio_queue_put(&queue, &item) | wio_queue_get(&queue, &item) | wio_queue_put_nowait(&queue, &item);
    rc |= wio_queue_get_nowait(&queue, &item) | wio_queue_task_done(&queue) | wio_queue_join(&queue);
    if (wio_queue_size(&queue) || !wio_queue_empty(&queue) || wio_queue_full(&queue)) return -1;
    wio_queue_shutdown(&queue, true);
    wio_queue_destroy(&queue);
    rc |= wio_queue_init_lifo(&queue, sizeof item, 1) | wio_queue_init_priority(&queue, sizeof item, 1, compare);
    wio_future future = WIO__ZERO;
    wio_case cases[] = {WIO_CASE_GET(&queue, &item), WIO_CASE_PUT(&queue, &item), WIO_CASE_FUTURE(&future),
                        WIO_CASE_TASK(wio_current_task()), WIO_CASE_TIMEOUT(2.5)};
    return rc | wio_select(cases, 5) | cases[0].status;
}

static long makes(void *arg, void *buffer, size_t size) { return arg && buffer && size ? 0 : -1; }

static int browses(void *arg) {
    wio_session session = WIO__ZERO;
    wio_session_options settings = WIO__ZERO;
    wio_request_options options = WIO__ZERO;
    wio_retries retries = {2, 0.5, 10, false};
    wio_timeouts timeouts = {10, 2, 5};
    wio_header fields[] = {{"a", "b"}, {NULL, NULL}}, header;
    wio_part parts[] = {{"a", NULL, NULL, "b", 0}, {NULL, NULL, NULL, NULL, 0}};
    wio_response *response = NULL;
    wio_json *json = wio_json_new_object(), *value;
    wio_sse events = WIO__ZERO;
    wio_sse_event event;
    const char *line;
    char *text = NULL;
    void *bytes = NULL;
    settings.retries = retries;
    settings.timeouts = timeouts;
    settings.redirects = WIO_REDIRECTS_FAIL;
    settings.credentials = WIO_CREDENTIALS_INCLUDE;
    options.query = options.form = fields;
    options.parts = parts;
    options.json = json;
    options.produce = makes;
    options.produce_arg = arg;
    int rc = wio_session_open(&session, &settings) | wio_session_get(&session, "/", &response);
    rc |= wio_session_request(&session, "/", &options, &response) | wio_response_raise_for_status(response);
    rc |= wio_session_get_text(&session, "/", &text) | wio_session_get_json(&session, "/", &json);
    rc |= (int)wio_response_bytes(response, &bytes) | (int)wio_response_line(response, &line);
    rc |= (int)wio_response_save(response, "/x") | wio_response_json(response, &json);
    rc |= wio_response_header_at(response, 0, &header) | wio_json_put(json, "x", wio_json_new_int(1));
    for (const char *name = NULL; (value = wio_json_next(json, &name));) rc |= (int)wio_json_int(value, "[0].x");
    rc |= wio_sse_open(&events, &session, "/") | wio_sse_next(&events, &event);
    wio_sse_close(&events);
    wio_session_close(&session);
    return rc;
}

static int in_runs(void) {
    wio_runner runner;
    int n = 3, rc = wio_runner_open(&runner);
    rc |= wio_runner_run(&runner, loops, &n) | wio_runner_run(&runner, several, &n);
    rc |= wio_runner_run(&runner, synchronises, NULL);
    return rc | wio_runner_close(&runner);
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

static int serves_one(wio_stream *stream, void *arg) {
    const char *line;
    (void)arg;
    while (wio_stream_readline(stream, &line) > 0)
        if (wio_stream_printf(stream, "%s", line) < 0 || wio_stream_drain(stream) < 0) break;
    return 0;
}

static int connects(void *arg) {
    wio_stream *stream;
    wio_server *server;
    wio_websocket *websocket;
    wio_process *process;
    wio_message message;
    wio_bytes out;
    const char *const argv[] = {"ls", NULL};
    const char *line;
    (void)arg;
    if (wio_listen("127.0.0.1", 0, serves_one, NULL, &server) < 0) return -1;
    if (wio_connect("127.0.0.1", wio_server_port(server), NULL, &stream) < 0) return -1;
    if (wio_stream_readuntil(stream, "\r\n", 2, &line) == -EBADMSG) printf("%zu\n", wio_stream_partial(stream));
    wio_stream_close(stream);
    if (wio_websocket_connect("ws://127.0.0.1/", NULL, &websocket) == 0) {
        while (wio_websocket_receive(websocket, &message) > 0) printf("%s\n", message.data);
        wio_websocket_close(websocket);
    }
    if (wio_process_start(argv, NULL, &process) == 0) {
        wio_process_communicate(process, NULL, 0, &out, NULL);
        wio_process_close(process);
    }
    return wio_server_wait_closed(server) + (int)wio_stream_read(wio_stdin(), &out, 1);
}

WIO_SERVE(request) {
    wio_stream *body;
    const wio_header headers[] = {{"x-path", wio_request_path(request)}, {NULL, NULL}};
    if (wio_request_query(request, "whole")) return wio_respond(request, 200, headers, "body", 0);
    int rc = wio_respond_stream(request, 200, NULL, &body);
    return rc < 0 ? rc : wio_stream_printf(body, "%s\n", wio_request_method(request));
}

int main(void) {
    wio_call all[] = {{waits, NULL}, {blocks, NULL}, {synchronizes, NULL}, {queues, NULL}, {fetches, NULL},
                      {computes, NULL}, {connects, NULL}, {browses, NULL}};
    wio_set_default_stack_size(0);
    const wio_error *error = wio_task_error(NULL);
    printf("%s %s %s %p %zu\n", wio_error_name(-EIO), wio_error_text(-EIO), wio_task_name(NULL), (const void *)error,
           wio_all_tasks(NULL, 0));
    if (wio_current_task()) return ask("why") + (int)ratio();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (wio_run(all[i].fn, all[i].arg)) return 1;
    return in_runs();
}
