// clock: virtual
// stderr: wio_select\(\): there are no cases
// Waiting for whichever happens first: wio_select() over queues, futures, tasks and times.
#include "tools.h"

static wio_queue queue_of(size_t capacity) {
    wio_queue queue;
    CHECK_EQ(wio_queue_init(&queue, sizeof(int), capacity), 0);
    return queue;
}

static int put(wio_queue *queue, int value) { return wio_queue_put(queue, &value); }
static int get_nowait(wio_queue *queue) {
    int value = 0, rc = wio_queue_get_nowait(queue, &value);
    return rc ? rc : value;
}

/* A task that selects: from a and b, into c, for a future, a task, at most so long. NULL and negative: not. */
typedef struct {
    wio_queue *a, *b, *c;
    wio_future *future;
    wio_task *task;
    double seconds;
    int item, rc, status;
} selector;

enum { A, B, C, FUTURE, TASK, TIMEOUT };

static int selects(void *arg) {
    selector *self = (selector *)arg;
    wio_case cases[6];
    int which[6], n = 0;
    static const int nine = 9;
    if (self->a) which[n] = A, cases[n++] = WIO_CASE_GET(self->a, &self->item);
    if (self->b) which[n] = B, cases[n++] = WIO_CASE_GET(self->b, &self->item);
    if (self->c) which[n] = C, cases[n++] = WIO_CASE_PUT(self->c, &nine);
    if (self->future) which[n] = FUTURE, cases[n++] = WIO_CASE_FUTURE(self->future);
    if (self->task) which[n] = TASK, cases[n++] = WIO_CASE_TASK(self->task);
    if (self->seconds >= 0) which[n] = TIMEOUT, cases[n++] = WIO_CASE_TIMEOUT(self->seconds);
    int rc = wio_select(cases, (size_t)n);
    mark(rc < 0 ? '!' : "abcftz"[which[rc]]);
    self->rc = rc < 0 ? rc : which[rc];
    self->status = rc < 0 ? 0 : cases[rc].status;
    return rc < 0 ? rc : 0;
}

static wio_task *start(selector *each) {
    trace_clear();
    each->rc = each->status = 99;
    wio_task *task = wio_create_task(selects, each);
    wio_yield();
    CHECK_STR(trace, "");
    return task;
}

TEST(SEL_the_first_of_those_that_can_happen_at_once) {
    char letter[] = "x";
    wio_queue a = queue_of(0), b = queue_of(0), full = queue_of(1), free_room = queue_of(1);
    int item = 0, seven = 7;
    CHECK_EQ(put(&b, 5), 0);
    CHECK_EQ(put(&full, 6), 0);
    trace_clear();
    wio_task *other = wio_create_task(marks, letter);
    wio_case cases[] = {WIO_CASE_GET(&a, &item), WIO_CASE_PUT(&full, &seven), WIO_CASE_TIMEOUT(1),
                        WIO_CASE_GET(&b, &item), WIO_CASE_PUT(&free_room, &seven)};
    CHECK_EQ(wio_select(cases, 5), 3);
    CHECK_EQ(cases[3].status, 0);
    CHECK_EQ(item, 5);
    CHECK_EQ(wio_select(cases, 5), 4);
    CHECK_EQ(cases[4].status, 0);
    CHECK_EQ(get_nowait(&free_room), 7);
    CHECK_STR(trace, ""); /* without giving up the turn */
    CHECK_EQ(wio_queue_size(&full), 1);
    CHECK_EQ(wio_await(other), 0);
    wio_case now[] = {WIO_CASE_GET(&a, &item), WIO_CASE_TIMEOUT(0), WIO_CASE_GET(&full, &item)};
    CHECK_EQ(wio_select(now, 3), 1); /* a default */
    wio_queue_destroy(&a);
    wio_queue_destroy(&b);
    wio_queue_destroy(&full);
    wio_queue_destroy(&free_room);
}

TEST(SEL_waits_for_an_item_and_leaves_the_other_lines) {
    wio_queue a = queue_of(0), b = queue_of(0), c = queue_of(1);
    CHECK_EQ(put(&c, 1), 0);
    selector self = {&a, &b, &c, NULL, NULL, 100, 0, 0, 0};
    wio_task *task = start(&self);
    CHECK_EQ(put(&b, 4), 0);
    CHECK_EQ(get_nowait(&b), -EAGAIN); /* it is the selector's */
    wio_yield();
    CHECK_STR(trace, "b"); /* one pass */
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.item, 4);
    CHECK_EQ(self.status, 0);
    CHECK(!a.getters.first && !b.getters.first && !c.putters.first && !b.getters.waiting);
    CHECK_EQ(put(&a, 5), 0);
    CHECK_EQ(get_nowait(&a), 5);
    CHECK_EQ(get_nowait(&c), 1);
    CHECK_EQ(get_nowait(&c), -EAGAIN); /* the put did not happen */
    wio_queue_destroy(&a);
    wio_queue_destroy(&b);
    wio_queue_destroy(&c);
}

TEST(SEL_waits_for_room) {
    wio_queue a = queue_of(0), c = queue_of(1);
    CHECK_EQ(put(&c, 1), 0);
    selector self = {&a, NULL, &c, NULL, NULL, -1, 0, 0, 0};
    wio_task *task = start(&self);
    CHECK_EQ(get_nowait(&c), 1);
    CHECK(wio_queue_full(&c));
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.rc, C);
    CHECK_EQ(get_nowait(&c), 9);
    wio_queue_destroy(&a);
    wio_queue_destroy(&c);
}

TEST(SEL_two_things_in_the_same_pass_only_the_first_happens) {
    wio_queue a = queue_of(0), b = queue_of(0), c = queue_of(1);
    CHECK_EQ(put(&c, 1), 0);
    selector self = {&a, &b, &c, NULL, NULL, -1, 0, 0, 0};
    wio_task *task = start(&self);
    CHECK_EQ(put(&b, 4), 0);
    CHECK_EQ(put(&a, 5), 0);
    CHECK_EQ(get_nowait(&c), 1);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.rc, B);
    CHECK_EQ(self.item, 4);
    CHECK_EQ(get_nowait(&a), 5);
    CHECK_EQ(get_nowait(&b), -EAGAIN);
    CHECK_EQ(get_nowait(&c), -EAGAIN);
    wio_queue_destroy(&a);
    wio_queue_destroy(&b);
    wio_queue_destroy(&c);
}

static int gets(void *arg) {
    int value = 0, rc = wio_queue_get((wio_queue *)arg, &value);
    if (!rc) mark((char)('0' + value));
    return rc;
}

TEST(SEL_those_behind_a_selector_that_took_something_else_are_served) {
    wio_queue a = queue_of(0), b = queue_of(0);
    selector self = {&a, &b, NULL, NULL, NULL, -1, 0, 0, 0};
    wio_task *task = start(&self), *behind = wio_create_task(gets, &a);
    wio_yield();
    CHECK_EQ(put(&b, 1), 0);
    CHECK_EQ(put(&a, 2), 0); /* passes over the selector, which has not run */
    CHECK_EQ(wio_await(behind), 0);
    CHECK_EQ(wio_await(task), 0);
    CHECK_STR(trace, "b2");
    wio_queue_destroy(&a);
    wio_queue_destroy(&b);
}

TEST(SEL_timeout) {
    wio_queue a = queue_of(0);
    int item = 0;
    double began = wio_time();
    wio_case cases[] = {WIO_CASE_GET(&a, &item), WIO_CASE_TIMEOUT(3), WIO_CASE_TIMEOUT(2), WIO_CASE_TIMEOUT(INFINITY)};
    CHECK_EQ(wio_select(cases, 4), 2);
    CHECK_EQ(cases[2].status, 0);
    CHECK_NEAR(wio_time() - began, 2, 0.01);
    CHECK(!a.getters.first);
    CHECK_EQ(wio_select(cases, 4), 2); /* the same cases again */
    CHECK_NEAR(wio_time() - began, 4, 0.01);
    CHECK_EQ(wio_select(&cases[2], 1), 0);
    CHECK_NEAR(wio_time() - began, 6, 0.01);
    wio_queue_destroy(&a);
}

TEST(SEL_an_item_and_the_timeout_in_the_same_pass) {
    wio_queue a = queue_of(0);
    selector self = {&a, NULL, NULL, NULL, NULL, 1, 0, 0, 0};
    wio_task *task = start(&self);
    double until = wio_time() + 1;
    while (wio_time() < until) CHECK_EQ(wio_sleep(0.25), 0); /* due with it, armed after it */
    CHECK_STR(trace, "z");
    CHECK_EQ(wio_await(task), 0);
    task = start(&self);
    wio_sleep(0.5);
    CHECK_EQ(put(&a, 3), 0);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.rc, A);
    wio_queue_destroy(&a);
}

TEST(SEL_a_task) {
    wio_queue a = queue_of(0);
    int three = 3;
    job slow = {1, -EIO, 'j', 0};
    wio_task *awaited = wio_create_task(does, &slow);
    selector self = {&a, NULL, NULL, NULL, awaited, 100, 0, 0, 0};
    wio_task *task = start(&self);
    CHECK_EQ(wio_await(task), 0);
    CHECK_STR(trace, "jt");
    CHECK_EQ(self.status, -EIO);
    CHECK_EQ(wio_await(awaited), -EIO); /* the handle is still ours */
    awaited = wio_create_task(returns, &three);
    wio_yield();
    wio_case done[] = {WIO_CASE_TASK(awaited)};
    CHECK_EQ(wio_select(done, 1), 0);
    CHECK_EQ(done[0].status, 3);
    CHECK_EQ(wio_await(awaited), 3);
    wio_queue_destroy(&a);
}

static int fails_with_words(void *arg) {
    (void)arg;
    wio_yield();
    return wio_fail(-EPROTO, "in these words");
}

TEST(SEL_a_tasks_error_comes_with_its_words) {
    for (int done = 0; done < 2; done++) {
        wio_task *awaited = wio_create_task(fails_with_words, NULL);
        if (done) wio_sleep(1);
        wio_case cases[] = {WIO_CASE_TASK(awaited)};
        CHECK_EQ(wio_select(cases, 1), 0);
        CHECK_EQ(cases[0].status, -EPROTO);
        CHECK_STR(last_message(), "in these words");
        CHECK_EQ(wio_await(awaited), -EPROTO);
    }
}

TEST(SEL_a_task_that_is_awaited_or_detached_meanwhile) {
    for (int detached = 0; detached < 2; detached++) {
        job slow = {1, 6, 0, 0};
        wio_task *awaited = wio_create_task(does, &slow);
        selector self = {NULL, NULL, NULL, NULL, awaited, -1, 0, 0, 0};
        wio_task *task = start(&self);
        if (detached) wio_detach(awaited);
        else CHECK_EQ(wio_await(awaited), 6);
        CHECK_EQ(wio_await(task), 0);
        CHECK_EQ(self.status, 6);
    }
}

TEST(SEL_a_future) {
    wio_queue a = queue_of(0);
    wio_future future = WIO__ZERO;
    selector self = {&a, NULL, NULL, &future, NULL, 100, 0, 0, 0};
    wio_task *task = start(&self);
    CHECK_EQ(wio_future_set_result(&future, 8), 0);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.rc, FUTURE);
    CHECK_EQ(self.status, 8);
    CHECK(!a.getters.first && !future.first);
    wio_case done[] = {WIO_CASE_FUTURE(&future)};
    CHECK_EQ(wio_select(done, 1), 0);
    CHECK_EQ(done[0].status, 8);
    wio_queue_destroy(&a);
}

static int settles(void *arg) {
    wio_future *future = (wio_future *)arg;
    wio_sleep(1);
    wio_future_set_error(future, wio_fail(-EIO, "of the future"));
    wio_future_destroy(future);
    memset(future, 0xff, sizeof *future); /* gone before the selector runs */
    return 0;
}

TEST(SEL_a_futures_error_comes_with_its_words_even_if_the_future_is_gone) {
    wio_future future = WIO__ZERO;
    wio_task *task = wio_create_task(settles, &future);
    wio_case cases[] = {WIO_CASE_FUTURE(&future)};
    CHECK_EQ(wio_select(cases, 1), 0);
    CHECK_EQ(cases[0].status, -EIO);
    CHECK_STR(last_message(), "of the future");
    CHECK_EQ(wio_await(task), 0);
}

TEST(SEL_two_futures_in_the_same_pass_the_first_in_time) {
    wio_future first = WIO__ZERO, second = WIO__ZERO;
    wio_case cases[] = {WIO_CASE_FUTURE(&second), WIO_CASE_FUTURE(&first)};
    wio_task *task = wio_create_task(settles, &second);
    wio_sleep(1);
    wio_future_set_result(&first, 1);
    CHECK_EQ(wio_select(cases, 2), 1);
    CHECK_EQ(cases[1].status, 1);
    CHECK_EQ(wio_await(task), 0);
}

TEST(SEL_who_took_something_else_has_not_looked_at_an_error) {
    wio_queue a = queue_of(0);
    wio_future future = WIO__ZERO;
    selector self = {&a, NULL, NULL, &future, NULL, -1, 0, 0, 0};
    wio_task *task = start(&self);
    CHECK_EQ(put(&a, 4), 0);
    CHECK_EQ(wio_future_set_error(&future, -EIO), 0);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.rc, A);
    CHECK(!future.looked_at);
    CHECK_EQ(wio_future_status(&future), -EIO);
    wio_future_destroy(&future);
    wio_queue_destroy(&a);
}

TEST(SEL_a_cancel_leaves_everything_as_it_was) {
    wio_queue a = queue_of(0), c = queue_of(1);
    wio_future future = WIO__ZERO;
    CHECK_EQ(put(&c, 1), 0);
    job slow = {50, 6, 0, 0};
    wio_task *awaited = wio_create_task(does, &slow);
    selector self = {&a, NULL, &c, &future, awaited, 100, 0, 0, 0};
    wio_task *task = start(&self);
    wio_task_cancel(task);
    CHECK(!a.getters.first && !c.putters.first && !future.first);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK(!wio_future_done(&future));
    CHECK(!wio_task_done(awaited));
    CHECK_EQ(wio_await(awaited), 6);
    wio_queue_destroy(&a);
    wio_queue_destroy(&c);
}

TEST(SEL_inside_a_timeout) {
    wio_queue a = queue_of(0);
    int item = 0, rc = 0;
    wio_case cases[] = {WIO_CASE_GET(&a, &item), WIO_CASE_TIMEOUT(5)};
    WIO_TIMEOUT(1) { rc = wio_select(cases, 2); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(!a.getters.first);
    wio_queue_destroy(&a);
}

TEST(SEL_granted_then_cancelled_it_gives_back) {
    wio_queue a = queue_of(0), c = queue_of(1);
    selector self = {&a, NULL, NULL, NULL, NULL, 100, 0, 0, 0};
    wio_task *task = start(&self), *behind = wio_create_task(gets, &a);
    wio_yield();
    CHECK_EQ(put(&a, 5), 0);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(behind), 0); /* the item went to the next */
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK_STR(trace, "!5");

    CHECK_EQ(put(&c, 1), 0);
    selector putter = {&a, NULL, &c, NULL, NULL, 100, 0, 0, 0};
    task = start(&putter);
    CHECK_EQ(get_nowait(&c), 1);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    CHECK(!wio_queue_full(&c) && wio_queue_empty(&c)); /* the room is free again, the item did not enter */

    selector timed = {&a, NULL, NULL, NULL, NULL, 1, 0, 0, 0};
    task = start(&timed);
    wio_task_cancel(task);
    CHECK_EQ(wio_await(task), -ECANCELED);
    wio_queue_destroy(&a);
    wio_queue_destroy(&c);
}

TEST(SEL_a_queue_that_is_shut_down) {
    wio_queue a = queue_of(0), c = queue_of(1);
    CHECK_EQ(put(&c, 1), 0);
    selector self = {&a, NULL, &c, NULL, NULL, -1, 0, 0, 0};
    wio_task *task = start(&self);
    wio_queue_shutdown(&c, false);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.rc, C);
    CHECK_EQ(self.status, -ESHUTDOWN);
    task = wio_create_task(selects, &self); /* at once now */
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.status, -ESHUTDOWN);
    selector getter = {&a, NULL, NULL, NULL, NULL, -1, 0, 0, 0};
    task = start(&getter);
    CHECK_EQ(put(&a, 1), 0);
    wio_queue_shutdown(&a, true); /* after the item was handed over */
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(getter.rc, A);
    CHECK_EQ(getter.status, -ESHUTDOWN);
    wio_queue_destroy(&a);
    wio_queue_destroy(&c);
}

TEST(SEL_a_queue_that_is_destroyed) {
    wio_queue *a = (wio_queue *)malloc(sizeof *a);
    REQUIRE(a);
    *a = queue_of(0);
    selector self = {a, NULL, NULL, NULL, NULL, -1, 0, 0, 0};
    wio_task *task = start(&self);
    CHECK_EQ(put(a, 1), 0);
    wio_queue_destroy(a);
    free(a);
    CHECK_EQ(wio_await(task), 0);
    CHECK_EQ(self.status, -ESHUTDOWN);
}

static wio_task *myself(void) { return wio_current_task(); }

TEST(SEL_misuse) {
    wio_queue a = queue_of(0), zero = WIO__ZERO;
    int item = 0;
    wio_case none[] = {WIO__ZERO}, no_queue[] = {WIO_CASE_GET(NULL, &item)}, no_item[] = {WIO_CASE_PUT(&a, NULL)},
             not_made[] = {WIO_CASE_GET(&zero, &item)}, no_future[] = {WIO_CASE_FUTURE(NULL)},
             no_task[] = {WIO_CASE_TASK(NULL)}, stale[] = {WIO_CASE_TASK((wio_task *)(uintptr_t)0x12345678)},
             nan_time[] = {WIO_CASE_TIMEOUT(NAN)}, own[] = {WIO_CASE_TIMEOUT(0), WIO_CASE_TASK(myself())};
    CHECK_EQ(wio_select(none, 0), -EINVAL);
    CHECK_HAS(last_message(), "there are no cases");
    CHECK_EQ(wio_select(NULL, 1), -EINVAL);
    CHECK_HAS(last_message(), "cases is NULL");
    CHECK_EQ(wio_select(none, 1), -EINVAL);
    CHECK_HAS(last_message(), "was not made by WIO_CASE_");
    CHECK_EQ(wio_select(no_queue, 1), -EINVAL);
    CHECK_HAS(last_message(), "wio_select(): the queue is NULL");
    CHECK_EQ(wio_select(no_item, 1), -EINVAL);
    CHECK_EQ(wio_select(not_made, 1), -EINVAL);
    CHECK_EQ(wio_select(no_future, 1), -EINVAL);
    CHECK_EQ(wio_select(no_task, 1), -EINVAL);
    CHECK_EQ(wio_select(stale, 1), -EINVAL);
    CHECK_EQ(wio_select(nan_time, 1), -EINVAL);
    CHECK_EQ(wio_select(own, 2), -EDEADLK);
    CHECK_HAS(last_message(), "a task cannot wait for itself");
    CHECK(!a.getters.first && !a.putters.first);
    wio_queue_destroy(&a);
}

TEST_OUTSIDE(SEL_outside_tasks) {
    wio_case cases[] = {WIO_CASE_TIMEOUT(0)};
    CHECK_EQ(wio_select(cases, 1), -EPERM);
}

static wio_queue never;

static int selects_in_vain(void *arg) {
    int item = 0;
    wio_future *future = (wio_future *)arg;
    wio_case cases[] = {WIO_CASE_GET(&never, &item), WIO_CASE_FUTURE(future), WIO_CASE_TIMEOUT(INFINITY)};
    return wio_select(cases, 3);
}

TEST_OUTSIDE(SEL_a_deadlock) {
    wio_future future = WIO__ZERO;
    CHECK_EQ(wio_queue_init(&never, sizeof(int), 0), 0);
    CHECK_EQ(wio_run(selects_in_vain, &future), -EDEADLK);
    CHECK(!never.getters.first && !future.first);
    wio_queue_destroy(&never);
}

/* ------------------------------------------------------------------------------------------------------ Stress --- */

static unsigned seed;
static unsigned random_below(unsigned n) {
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % n;
}

/* Numbers travel through several queues by selects alone, among cancels; each comes out once. */
enum { QUEUES = 4, NUMBERS = 100000 };
static wio_queue queues[QUEUES];
static char state_of[NUMBERS];
static int next_number, put_count, taken_count, futures_done, tasks_done;

static int random_selector(void *arg) {
    (void)arg;
    for (;;) {
        wio_case cases[6];
        int items[6], n = 1 + (int)random_below(5), numbers[6];
        wio_future future = WIO__ZERO;
        wio_task *napping = NULL;
        double nap = random_below(4) * 0.5;
        for (int i = 0; i < n; i++) {
            unsigned kind = random_below(6);
            numbers[i] = -1;
            if (kind < 2) {
                cases[i] = WIO_CASE_GET(&queues[random_below(QUEUES)], &items[i]);
            } else if (kind < 4) {
                numbers[i] = next_number++ % NUMBERS;
                cases[i] = WIO_CASE_PUT(&queues[random_below(QUEUES)], &numbers[i]);
            } else if (kind == 4) {
                cases[i] = WIO_CASE_TIMEOUT(random_below(4) * 0.5);
            } else if (!napping && (napping = wio_create_task(naps, &nap))) {
                cases[i] = WIO_CASE_TASK(napping);
            } else {
                if (random_below(2)) wio_future_set_result(&future, 1);
                cases[i] = WIO_CASE_FUTURE(&future);
            }
        }
        cases[n++] = WIO_CASE_TIMEOUT(3);
        int rc = wio_select(cases, (size_t)n);
        if (napping && !wio_task_done(napping)) wio_task_cancel(napping);
        if (napping) WIO_SHIELD wio_await(napping);
        if (rc < 0) return rc;
        CHECK(cases[rc].status >= 0 || cases[rc].kind == WIO__CASE_TASK || cases[rc].status == -ESHUTDOWN);
        if (cases[rc].kind == WIO__CASE_GET && cases[rc].status == 0) {
            CHECK_EQ(state_of[items[rc]] & 2, 0);
            state_of[items[rc]] |= 2;
            taken_count++;
        } else if (cases[rc].kind == WIO__CASE_PUT && cases[rc].status == 0) {
            CHECK_EQ(state_of[numbers[rc]] & 1, 0);
            state_of[numbers[rc]] |= 1;
            put_count++;
        }
        futures_done += cases[rc].kind == WIO__CASE_FUTURE;
        tasks_done += cases[rc].kind == WIO__CASE_TASK;
        if (cases[rc].status == -ESHUTDOWN) return -ESHUTDOWN;
        if (random_below(3) == 0 && (rc = wio_sleep(random_below(3) * 0.5))) return rc;
    }
}

static int is_in_queues(void) {
    int n = 0;
    for (int i = 0; i < QUEUES; i++) n += (int)wio_queue_size(&queues[i]);
    return n;
}

TEST(SEL_nothing_is_lost_or_doubled_among_cancels) {
    enum { MANY = 16, STEPS = 3000 };
    wio_task *tasks[MANY];
    seed = 23;
    memset(state_of, 0, sizeof state_of);
    next_number = put_count = taken_count = futures_done = tasks_done = 0;
    for (int i = 0; i < QUEUES; i++) queues[i] = queue_of((size_t)i % 3 + 1);
    for (int i = 0; i < MANY; i++) tasks[i] = wio_create_task(random_selector, NULL);
    for (int step = 0; step < STEPS; step++) {
        unsigned which = random_below(MANY);
        if (random_below(3) == 0) wio_task_cancel(tasks[which]);
        if (random_below(2)) wio_yield();
        if (wio_task_done(tasks[which])) {
            CHECK_EQ(wio_await(tasks[which]), -ECANCELED);
            tasks[which] = wio_create_task(random_selector, NULL);
        }
        if (random_below(2)) wio_sleep(random_below(3) * 0.25);
        for (int i = 0; i < QUEUES; i++) {
            CHECK(queues[i].count + queues[i].putters.woken <= queues[i].capacity);
            CHECK(queues[i].getters.woken <= queues[i].count);
        }
    }
    for (int i = 0; i < QUEUES; i++) wio_queue_shutdown(&queues[i], false);
    for (int i = 0; i < MANY; i++) {
        int rc = wio_await(tasks[i]);
        CHECK(rc == -ESHUTDOWN || rc == -ECANCELED);
    }
    CHECK_EQ(put_count, taken_count + is_in_queues());
    for (int i = 0; i < QUEUES; i++) {
        for (int number; (number = get_nowait(&queues[i])) >= 0;) state_of[number] |= 2;
        CHECK(!queues[i].getters.first && !queues[i].putters.first);
        wio_queue_destroy(&queues[i]);
    }
    for (int i = 0; i < NUMBERS; i++)
        if (state_of[i] != 0 && state_of[i] != 3) CHECK__FAIL("number %d: %d", i, state_of[i]);
    CHECK(put_count > 2000 && futures_done > 100 && tasks_done > 100);
}
