// asan: allocator_may_return_null=1:detect_stack_use_after_return=0
// link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
// Every allocation fails in turn, in a program that uses every feature: alone, and with all that come after it. Each run
// is a process of its own, so that nothing is left over from the one before; each ends with a leak check.
#include "oom.h"

static void readable(int line, const wio_error *error) {
    if (!error) return;
    bool fine = error->code < 0 && error->name && error->message && error->task && error->where;
    oom_want(line, fine && strlen(error->message) + strlen(error->task) + strlen(error->where) < 4096 ? 0 : -1, 0);
}

static int nine = 9;
static wio_semaphore two;

static int slow_nine(void *arg) {
    int rc = wio_sleep(1);
    return rc ? rc : *(int *)arg;
}

static int says(void *arg) {
    int rc = wio_sleep(0.5);
    return rc ? rc : wio_fail(-EIO, "the message of %s", (const char *)arg);
}

static int says_in_clean_up(void *arg) {
    wio_sleep(LONG);
    return wio_fail(-EPROTO, "clean-up of %s", (const char *)arg);
}

static void tasks(void) {
    wio_task_options named = {"a task with a name", 8192, false}, eager = {"eager", 0, true};
    wio_task *list[4] = {wio_create_task(slow_nine, &nine), wio_create_task_with(slow_nine, &nine, &named),
                         wio_create_task_with(slow_nine, &nine, &eager), NULL};
    for (int i = 0; i < 3; i++) {
        if (list[i]) continue;
        const wio_error *error = wio_task_error(wio_current_task());
        WANT(error ? error->code : -1, -ENOMEM);
    }
    FILE *nowhere = fopen("/dev/null", "w");
    if (nowhere) {
        wio_print_tasks(nowhere);
        fclose(nowhere);
    }
    wio_all_tasks(list + 3, 0);
    for (int i = 0; i < 3; i++)
        if (list[i]) WANT(wio_await(list[i]), 9);

    static char who[] = "the failed";
    wio_task *failed = wio_create_task(says, who);
    if (failed) {
        wio_sleep(1);
        readable(__LINE__, wio_task_error(failed));
        WANT(wio_await(failed), -EIO);
        readable(__LINE__, wio_task_error(wio_current_task()));
    }
    wio_task *shared = wio_create_task(says, who);
    if (shared) {
        wio_task *a = wio_create_task(awaits, shared), *b = wio_create_task(awaits, shared);
        WANT(wio_shield(shared), -EIO);
        if (a) WANT(wio_await(a), -EIO);
        if (b) WANT(wio_await(b), -EIO);
    }
    wio_task *lost = wio_create_task(says, who);
    if (lost) wio_detach(lost);
    wio_task *cancelled = wio_create_task_with(sleeps_long, NULL, &named);
    if (cancelled) {
        wio_yield();
        wio_task_cancel(cancelled);
        WANT(wio_await(cancelled), -ECANCELED);
    }
}

static void gathers(void) {
    char who[] = "gathered";
    wio_call calls[] = {{slow_nine, &nine}, {says, who}, {slow_nine, &nine}};
    int statuses[3] = {9, -EIO, 9};
    WANT(wio_gather(calls, 3, NULL), -EIO);
    readable(__LINE__, wio_task_error(wio_current_task()));
    if (WANT(wio_gather(calls, 3, statuses), 0) == 0) {
        WANT(statuses[0], 9);
        WANT(statuses[1], -EIO);
        WANT(statuses[2], 9);
    }
    double times[] = {0.1, 0.2, 0.3, 0.4};
    WANT(WIO_GATHER_EACH(naps, times), 0);
}

static void groups(void) {
    char names[][8] = {"a", "b", "c"};
    const wio_error *errors = NULL;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, says_in_clean_up, names[0]);
        wio_group_create_task(&g, says, names[1]);
        wio_group_create_task(&g, says_in_clean_up, names[2]);
        wio_sleep(2);
    }
    int status = wio_group_status(&g);
    size_t n = wio_group_errors(&g, &errors);
    NEED(status == -EIO || status == -ENOMEM || status == 0); /* 0: the failing child could not be created */
    NEED((n > 0) == (status < 0));
    for (size_t i = 0; i < n; i++) readable(__LINE__, &errors[i]);

    WIO_TASK_GROUP(h) {
        wio_group_create_task(&h, sleeps_long, NULL);
        wio_yield();
        wio_group_fail(&h, wio_fail(-EBUSY, "the body"));
    }
    WANT(wio_group_status(&h), -EBUSY);
    n = wio_group_errors(&h, &errors);
    NEED(n >= 1);
    for (size_t i = 0; i < n; i++) readable(__LINE__, &errors[i]);

    WIO_TASK_GROUP(outer) {
        WIO_TASK_GROUP(inner) {
            wio_group_create_task(&inner, slow_nine, &nine);
            wio_group_create_task(&outer, slow_nine, &nine);
        }
        int status_inside = wio_group_status(&inner);
        if (status_inside != -ECANCELED) WANT(status_inside, 0); /* cancelled: the outer's child had no stack */
    }
    WANT(wio_group_status(&outer), 0);
}

static int forgets_to_join(void *arg) {
    wio_group group;
    wio_group_open(&group);
    wio_group_create_task(&group, says_in_clean_up, arg);
    return wio_yield();
}

static void timeouts(void) {
    int rc = 0;
    WIO_TIMEOUT(1) { rc = wio_sleep(5); }
    WANT(rc, -ETIMEDOUT);
    WANT(wio_wait_for(sleeps_long, NULL, 1), -ETIMEDOUT);
    WANT(wio_wait_for(slow_nine, &nine, 3), 9);
    WIO_TIMEOUT(1) {
        wio_task *task = wio_create_task(sleeps_long, NULL);
        rc = task ? wio_await(task) : -ETIMEDOUT;
    }
    WANT(rc, -ETIMEDOUT);
    WIO_SHIELD { wio_sleep(0.1); }
    char who[] = "nobody";
    wio_task *forgetful = wio_create_task(forgets_to_join, who);
    if (forgetful) WANT(wio_await(forgetful), 0);
}

static int one_of_two(void *arg) {
    int rc = -ECANCELED;
    (void)arg;
    WIO_WITH_SEMAPHORE(&two) { rc = wio_sleep(0.1); }
    return rc;
}

static void semaphores(void) {
    wio_semaphore_init_bounded(&two, 2);
    WIO_TASK_GROUP(g) {
        for (int i = 0; i < 5; i++) wio_group_create_task(&g, one_of_two, NULL);
    }
    WANT(wio_group_status(&g), 0);
    NEED(two.value == 2);
    wio_semaphore_release(&two); /* reported */
}

static int by_value(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

typedef struct {
    wio_queue *queue;
    int failed; /* items that did not find memory */
} producer;

static int produces(void *arg) {
    producer *self = (producer *)arg;
    for (int i = 40; i > 0; i--) self->failed += WANT(wio_queue_put(self->queue, &i), 0) < 0;
    wio_queue_shutdown(self->queue, false);
    return 0;
}

static void consume(int kind) {
    wio_queue queue, never;
    producer self = {&queue, 0};
    int got = 0, item = 0, rc;
    WANT(kind == 0   ? wio_queue_init(&queue, sizeof item, 0)
         : kind == 1 ? wio_queue_init_lifo(&queue, sizeof item, 3)
                     : wio_queue_init_priority(&queue, sizeof item, 0, by_value),
         0);
    WANT(wio_queue_init(&never, sizeof item, 0), 0);
    wio_task *task = wio_create_task(produces, &self);
    wio_yield();
    bool runs = task && !(wio_task_done(task) && wio_task_status(task) == -ENOMEM); /* it had a stack */
    if (!runs) wio_queue_shutdown(&queue, true);
    wio_task *sleeper = wio_create_task(sleeps_long, NULL);
    wio_yield();
    if (sleeper && wio_task_done(sleeper)) WANT(wio_await(sleeper), -ENOMEM), sleeper = NULL;
    do {
        wio_case cases[] = {WIO_CASE_GET(&never, &item), WIO_CASE_GET(&queue, &item), WIO_CASE_TIMEOUT(LONG),
                            WIO_CASE_TASK(sleeper)};
        rc = got % 2 ? wio_queue_get(&queue, &item) : wio_select(cases, sleeper ? 4 : 3);
        if (got % 2 == 0 && rc >= 0) rc = rc == 1 ? cases[1].status : -1;
        got += rc == 0;
    } while (rc == 0);
    NEED(rc == -ESHUTDOWN);
    NEED(got + self.failed == (runs ? 40 : 0));
    for (int i = 0; i < got; i++) WANT(wio_queue_task_done(&queue), 0);
    WANT(wio_queue_join(&queue), 0);
    if (task) WANT(wio_await(task), 0);
    if (sleeper) wio_task_cancel(sleeper), wio_await(sleeper);
    wio_case put[] = {WIO_CASE_PUT(&never, &item)};
    rc = WANT(wio_select(put, 1), 0);
    NEED(wio_queue_size(&never) == (rc == 0));
    wio_queue_destroy(&queue);
    wio_queue_destroy(&never);
}

static wio_condition condition;

static bool wants_nothing(void *arg) {
    (void)arg;
    return true;
}

static int under_condition(void *arg) {
    int rc = -ECANCELED;
    WIO_WITH_CONDITION(&condition) { rc = wio_condition_wait_for(&condition, wants_nothing, arg); }
    return rc;
}

static void synchronizes(void) {
    wio_lock lock = {0};
    wio_event event = {0};
    wio_barrier barrier;
    for (int kind = 0; kind < 3; kind++) consume(kind);
    WANT(wio_lock_release(&lock), -EPERM); /* reported */
    WIO_WITH_LOCK(&lock) WANT(wio_lock_acquire(&lock), -EDEADLK);
    WIO_TIMEOUT(1) { WANT(wio_event_wait(&event), -ETIMEDOUT); }
    WANT(wio_barrier_init(&barrier, 2), 0);
    WIO_TIMEOUT(1) { WANT(wio_barrier_wait(&barrier), -ETIMEDOUT); }
    wio_barrier_abort(&barrier);
    WANT(wio_barrier_wait(&barrier), -EPIPE);
    readable(__LINE__, wio_task_error(wio_current_task()));
    wio_task *task = wio_create_task(under_condition, NULL);
    if (task) WANT(wio_await(task), 0);
}

static void fetches(void) {
    wio_header headers[] = {{"a", "1"}, {"b", "2"}, {NULL, NULL}};
    wio_fetch_options options = {"PUT", headers, "a body", 0};
    wio_response *response = NULL;
    char *text = NULL, buffer[16];
    if (WANT(wio_fetch("fake:/delay/0.1/echo", &options, &response), 0) == 0) {
        WANT(wio_response_status(response), 200);
        NEED(strcmp(wio_response_header(response, "x-fake"), "yes") == 0 && wio_response_url(response));
        int size = wio_response_text(response, &text);
        NEED(size == -ENOMEM || size == (int)strlen("PUT\na=1\nb=2\na body"));
        NEED((size >= 0) == (text != NULL));
        free(text);
        wio_response_close(response);
    } else {
        NEED(!response);
    }
    if (WANT(wio_fetch("fake:/size/9000", NULL, &response), 0) == 0) {
        WANT((int)wio_response_read(response, buffer, sizeof buffer), sizeof buffer);
        int size = wio_response_text(response, &text);
        NEED(size == -ENOMEM || size == 9000 - (int)sizeof buffer);
        free(text);
        wio_response_close(response);
    }
    WANT(wio_fetch("fake:/refuse", NULL, &response), -ECONNREFUSED);
    readable(__LINE__, wio_task_error(wio_current_task()));
    if (WANT(wio_fetch("fake:/reset-body/body=ab", NULL, &response), 0) == 0) {
        WANT(wio_response_text(response, &text), -ECONNRESET);
        NEED(!text);
        wio_response_close(response);
    }
    WIO_TIMEOUT(1) { WANT(wio_fetch("fake:/hang", NULL, &response), -ETIMEDOUT); }
    if (WANT(wio_fetch("fake:/hang-body", NULL, &response), 0) == 0) {
        WIO_TIMEOUT(1) { WANT((int)wio_response_read(response, buffer, sizeof buffer), -ETIMEDOUT); }
        wio_response_close(response);
    }
    NEED(host_count.open == 0);
}

static long three_pieces(void *arg, void *buffer, size_t size) {
    int *left = (int *)arg;
    if (*left == 0 || size < 5) return 0;
    --*left;
    memcpy(buffer, "piece", 5);
    return 5;
}

static void session_reads(wio_session *session, const char *url, const wio_request_options *options, const char *expected) {
    wio_response *response = NULL;
    char *text = NULL;
    const char *line;
    if (WANT(wio_session_request(session, url, options, &response), 0) < 0) {
        NEED(!response);
        return;
    }
    long size = wio_response_line(response, &line);
    NEED(size == -ENOMEM || size > 0);
    int rest = wio_response_text(response, &text);
    NEED(rest == -ENOMEM || size == -ENOMEM || (text && strstr(expected, text)));
    free(text);
    wio_response_close(response);
}

static void sessions(void) {
    wio_header headers[] = {{"a", "1"}, {NULL, NULL}}, form[] = {{"b", "2 3"}, {NULL, NULL}};
    wio_part parts[] = {{"c", NULL, NULL, "4", 0}, {NULL, NULL, NULL, NULL, 0}};
    wio_session session = {0};
    wio_session_options settings = {.base_url = "http://fake/", .headers = headers, .limit = 2, .limit_per_host = 1};
    settings.retries = (wio_retries){2, 0.1, 1, true};
    int pieces = 3;
    if (WANT(wio_session_open(&session, &settings), 0) < 0) return;
    session_reads(&session, "fake:/flaky/1/body=a", NULL, "");
    session_reads(&session, "/echo", &(wio_request_options){.form = form, .query = NULL}, "a=1\ncontent-type=application/x-www-form-urlencoded\nb=2+3");
    session_reads(&session, "/body=x", &(wio_request_options){.parts = parts}, "");
    session_reads(&session, "/body=x", &(wio_request_options){.query = form}, "");
    session_reads(&session, "/echo", &(wio_request_options){.produce = three_pieces, .produce_arg = &pieces}, "a=1\npiecepiecepiece");
    wio_response *open = NULL;
    WANT(wio_session_get(&session, "/hang-body", &open), 0);
    wio_session_close(&session);
    wio_response_close(open);
    NEED(host_count.open == 0);
}

static void json(void) {
    static const char text[] = "{\"list\": [1, 2.5, \"three\", null, true], \"more\": {\"a\": {}}}";
    wio_json *json = NULL, *made = wio_json_new_object();
    if (WANT(wio_json_parse(text, sizeof text - 1, &json), 0) == 0) {
        NEED(wio_json_int(json, "list[0]") == 1);
        char *again = wio_json_text(json, 2);
        NEED(!again || strstr(again, "three"));
        free(again);
    } else {
        NEED(!json);
        readable(__LINE__, wio_task_error(wio_current_task()));
    }
    wio_json_free(json);
    if (made) WANT(wio_json_put(made, "n", wio_json_new_int(1)), 0);
    wio_json_free(made);
}

static int sums(const void *in, size_t in_size, void *out, size_t out_size) {
    int sum = 0;
    for (size_t i = 0; i < in_size; i++) sum += ((const unsigned char *)in)[i];
    if (out_size) memcpy(out, &sum, out_size);
    return sum < 200 ? sum : wio_fail(-ERANGE, "%d is too much", sum);
}

static void executors(void) {
    unsigned char in[] = {1, 2, 3, 4, 5, 6};
    int out[6] = {0}, statuses[6];
    if (WANT(wio_run_in_executor(NULL, sums, in, sizeof in, out, sizeof out[0]), 21) == 21) NEED(out[0] == 21);
    wio_executor *executor = wio_executor_create(&(wio_executor_options){.workers = 2, .queue_limit = 3});
    if (!executor) {
        WANT(wio_task_error(wio_current_task()) ? wio_task_error(wio_current_task())->code : -1, -ENOMEM);
        return;
    }
    if (WANT(wio_executor_map(executor, sums, in, 1, out, sizeof out[0], 6, 1, NULL), 0) == 0)
        for (int i = 0; i < 6; i++) NEED(out[i] == i + 1);
    in[3] = 255;
    WANT(wio_executor_map(executor, sums, in, 1, out, sizeof out[0], 6, 1, NULL), -ERANGE);
    readable(__LINE__, wio_task_error(wio_current_task()));
    if (WANT(wio_executor_map(executor, sums, in, 1, out, sizeof out[0], 6, 2, statuses), 0) == 0)
        for (int i = 0; i < 6; i++) WANT(statuses[i], i == 3 ? -ERANGE : i + 1);
    WANT(wio_run_in_executor(executor, host_job_crashes, NULL, 0, NULL, 0), -EFAULT);
    readable(__LINE__, wio_task_error(wio_current_task()));
    WIO_TIMEOUT(1) { WANT(wio_run_in_executor(executor, host_job_hangs, NULL, 0, NULL, 0), -ETIMEDOUT); }
    WIO_TIMEOUT(1) {
        WANT(wio_executor_map(executor, host_job_hangs, in, 1, NULL, 0, 6, 1, NULL), -ETIMEDOUT);
    }
    WANT(wio_executor_shutdown(executor, false), 0);
}

uint32_t wio__import_begin(const char *name);
int wio__import_wait(void);
void *wio__op_alloc(uint32_t id, size_t size);
void wio__op_complete(uint32_t id, int status, size_t size);

static uint32_t import_id;

static void import_fails(void *arg) {
    (void)arg;
    char *words = wio__op_alloc(import_id, 8);
    if (words) memcpy(words, "rejected", 8);
    wio__op_complete(import_id, words ? -EIO : -ENOMEM, words ? 8 : 0);
}

static void imports(void) {
    import_id = wio__import_begin("ask");
    if (!import_id) return;
    host_later(1, import_fails, NULL);
    WANT(wio__import_wait(), -EIO);
    readable(__LINE__, wio_task_error(wio_current_task()));
}

/* ------------------------------------------------------------------------- Several tasks, futures, callbacks --- */

/* Makes up to n tasks; how many there are. */
static size_t some(wio_task **tasks, size_t n, wio_fn *fn, void *arg) {
    size_t made = 0;
    for (size_t i = 0; i < n; i++) {
        tasks[made] = wio_create_task(fn, arg);
        made += tasks[made] != NULL;
    }
    return made;
}

static void several(void) {
    wio_task *tasks[4];
    size_t n = some(tasks, 4, slow_nine, &nine);
    if (n) {
        int count = wio_wait(tasks, n, WIO_FIRST_COMPLETED, 0.5); /* one without a stack has ended */
        NEED((count >= 0 && count <= (int)n) || count == -ENOMEM);
        count = wio_wait(tasks, n, WIO_ALL_COMPLETED, WIO_FOREVER);
        NEED(count == (int)n || count == -ENOMEM);
        size_t rounds = 0;
        WIO_AS_COMPLETED(it, task, tasks, n, 5) {
            NEED(wio_task_done(task));
            rounds++;
        }
        NEED(it.status == -ENOMEM || (it.status == 0 && rounds == n));
        WIO_AS_COMPLETED(broken_off, task, tasks, n, WIO_FOREVER) break;
        for (size_t i = 0; i < n; i++) WANT(wio_await(tasks[i]), 9);
    }
}

static int awaits_future(void *arg) { return wio_future_await((wio_future *)arg); }

static void future_seen(wio_future *future, void *arg) { *(int *)arg += wio_future_status(future) < 0; }
static void task_seen(wio_task *task, void *arg) { *(int *)arg += wio_task_done(task); }

static void futures(void) {
    wio_future future = {0}, copy = {0}, never_read = {0}, left = {0};
    int called = 0, expected = 0;
    wio_future_init(&future);
    wio_task *tasks[2];
    size_t n = some(tasks, 2, awaits_future, &future);
    wio_yield();
    expected += WANT(wio_future_add_done_callback(&future, future_seen, &called), 0) == 0;
    wio_future_add_done_callback(&left, future_seen, &called);
    WANT(wio_future_set_error(&future, wio_fail(-EIO, "words of a future")), 0);
    for (size_t i = 0; i < n; i++) WANT(wio_await(tasks[i]), -EIO);
    readable(__LINE__, wio_task_error(wio_current_task()));
    NEED(wio_future_error(&future) && wio_future_error(&future)->code == -EIO);
    readable(__LINE__, wio_future_error(&future));
    WANT(wio_future_copy(&copy, &future), 0);
    WANT(wio_future_await(&copy), -EIO);
    wio_future_set_error(&never_read, wio_fail(-EPROTO, "never read"));
    wio_task *task = wio_create_task(slow_nine, &nine);
    if (task) {
        expected += wio_task_add_done_callback(task, task_seen, &called) == 0;
        WANT(wio_await(task), 9);
    }
    yields(2);
    NEED(called == expected);
    wio_future_destroy(&future);
    wio_future_destroy(&copy);
    wio_future_destroy(&left);
}

static char variable, other_variable;

static int called_back;
static void calls_back(void *arg) {
    wio_context_set(&variable, arg);
    called_back++;
}

static void callbacks(void) {
    called_back = 0;
    WANT(wio_context_set(&variable, &nine), 0);
    int expected = wio_call_soon(calls_back, &nine) != NULL;
    expected += wio_call_later(1, calls_back, &nine) != NULL;
    WANT(wio_context_set(&other_variable, &nine), 0);
    wio_handle *handle = wio_call_later(1, calls_back, NULL), *soon = wio_call_soon(calls_back, NULL);
    if (handle) NEED(wio_handle_cancel(handle));
    if (soon) NEED(wio_handle_cancel(soon));
    WANT(wio_sleep(2), 0);
    NEED(called_back == expected);
    wio_call_later(LONG, calls_back, NULL); /* left over */
}

static int yields_three(wio_generator *generator, void *arg) {
    for (int i = 0; i < 3; i++) {
        int rc = i == 1 ? wio_sleep(0.1) : 0;
        if (!rc) rc = wio_generator_yield(generator, &i);
        if (rc) return rc;
    }
    return wio_fail(-EIO, "the end of %s", (const char *)arg);
}

static void generators(void) {
    char who[] = "a generator";
    int count = 0;
    WIO_ASYNC_FOR(g, int *, x, yields_three, who) NEED(*x == count++);
    NEED(wio_generator_status(&g) == -ENOMEM ? count == 0 : wio_generator_status(&g) == -EIO && count == 3);
    WIO_ASYNC_FOR(h, int *, x, yields_three, who) break;
}

static void notes(void) {
    WANT(wio_add_note(wio_fail(-EIO, "noted"), "a note"), -EIO);
    WANT(wio_add_note(-EPROTO, "on another"), -EPROTO);
    const wio_error *error = wio_task_error(wio_current_task());
    readable(__LINE__, error);
    NEED(error && error->notes);
    WIO_TIMEOUT(0) {
        wio_yield();
        WANT(wio_fail(-EIO, "with a cause"), -EIO);
    }
}

static int of_a_runner(void *arg) {
    wio_context_set(&variable, arg);
    wio_task *task = wio_create_task(slow_nine, arg);
    if (task) wio_detach(task);
    return wio_sleep(0.5);
}

static void runners(void) {
    wio_runner runner;
    WANT(wio_runner_open(&runner), 0);
    WANT(wio_runner_run(&runner, of_a_runner, &nine), 0);
    WANT(wio_runner_run(&runner, of_a_runner, &nine), 0);
    WANT(wio_runner_close(&runner), 0);
}

static int everything(void *arg) {
    (void)arg;
    tasks();
    gathers();
    groups();
    timeouts();
    semaphores();
    synchronizes();
    fetches();
    sessions();
    json();
    executors();
    imports();
    several();
    futures();
    callbacks();
    generators();
    notes();
    NEED(wio_all_tasks(NULL, 0) == 1);
    char who[] = "left over";
    wio_create_task(sleeps_long, NULL);
    wio_create_task(says, who);
    WANT(wio_sleep(1), 0);
    return wio_fail(-EPROTO, "main ends with an error");
}

static int deadlocks(void *arg) {
    wio_semaphore none;
    (void)arg;
    wio_semaphore_init(&none, 0);
    wio_task *task = wio_create_task(sleeps_long, NULL);
    if (task) wio_detach(task);
    return wio_semaphore_acquire(&none);
}

static int deadlocks_at_once(void *arg) {
    wio_semaphore none;
    (void)arg;
    wio_semaphore_init(&none, 0);
    return wio_semaphore_acquire(&none);
}

static void program(void) {
    WANT(wio_run(everything, NULL), -EPROTO);
    readable(__LINE__, wio_task_error(NULL));
    runners();
    WANT(wio_run(deadlocks, NULL), -EDEADLK);
    WANT(wio_run(deadlocks_at_once, NULL), -EDEADLK);
    NEED(wio_all_tasks(NULL, 0) == 0);
    NEED(host_count.executors == 0);
}

TEST_OUTSIDE(OOM_every_allocation_fails_in_turn) { oom_each(program, false); }
TEST_OUTSIDE(OOM_every_allocation_and_all_after_it) { oom_each(program, true); }
