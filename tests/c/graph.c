// clock: virtual
// stderr: wio_print_call_graph\(\): outside a task it must be told which task
// stderr: ^  a cycle of waits, which can never end: b → a → b$
// The call graph, the tree and the table of tasks, and how primitives describe themselves.
#define _GNU_SOURCE
#include "tools.h"

/* What was printed, without times' last words: valid until the next. */
static char *text;
static size_t text_size;
static FILE *stream;

static FILE *into(void) {
    free(text);
    text = NULL;
    return stream = open_memstream(&text, &text_size);
}

static const char *said(void) {
    fclose(stream);
    return text;
}

static const char *tree(void) {
    wio_print_tasks(into());
    return said();
}

static const char *graph(const wio_task *task) {
    CHECK_EQ(wio_print_call_graph(task, into()), 0);
    return said();
}

static void done(void) {
    free(text);
    text = NULL;
}

#define named(called, fn, arg) wio_create_task_with(fn, arg, &(wio_task_options){.name = called})

static void end(wio_task *task) {
    wio_task_cancel(task);
    wio_await(task);
}

/* Lines of `whole` that contain `part`. */
static int lines(const char *whole, const char *part) {
    int n = 0;
    for (const char *at = whole; (at = strstr(at, part)) != NULL; at++) n++;
    return n;
}

/* ------------------------------------------------------------------------------------------------------- Edges --- */

static int gathers(void *arg) {
    (void)arg;
    return WIO_GATHER({sleeps_long, NULL}, {sleeps_long, NULL});
}

static int groups(void *arg) {
    (void)arg;
    WIO_TASK_GROUP(g) {
        wio_task_options options = {0};
        options.name = "child";
        wio_group_create_task_with(&g, sleeps_long, NULL, &options);
    }
    return 0;
}

static int shields(void *arg) { return wio_shield((wio_task *)arg); }
static int waits(void *arg) {
    wio_task *one[1] = {(wio_task *)arg};
    return wio_wait(one, 1, WIO_FIRST_COMPLETED, WIO_FOREVER);
}
static int completes(void *arg) {
    wio_task *one[1] = {(wio_task *)arg};
    WIO_AS_COMPLETED(it, next, one, 1, WIO_FOREVER) { (void)next; }
    return 0;
}
static int times_out(void *arg) {
    int rc = 0;
    WIO_TIMEOUT(LONG) { rc = wio_await((wio_task *)arg); }
    return rc;
}

TEST(GRF_01_the_graph_of_the_calling_task_says_where_it_is) {
    wio_sleep(1);
    CHECK_HAS(graph(NULL), "Task-");
    CHECK_HAS(text, "check__task: running at graph.c:");
    CHECK_HAS(text, "; created 1.000 s ago at check.h:");
    done();
}

TEST(GRF_02_every_awaiter_recursively_with_its_place) {
    wio_task *leaf = named("leaf", sleeps_long, NULL);
    wio_task *middle = named("middle", awaits, leaf);
    wio_task *root = named("root", awaits, middle);
    wio_yield();
    const char *all = graph(leaf);
    CHECK_HAS(all, "leaf sleeps_long: waits for sleep at tools.h:");
    CHECK_HAS(all, "\n  awaited by middle awaits: waits for task leaf at tools.h:");
    CHECK_HAS(all, "\n    awaited by root awaits: waits for task middle at tools.h:");
    end(root);
    done();
}

TEST(GRF_03_a_group_at_its_end_awaits_each_child) {
    wio_task *parent = named("parent", groups, NULL);
    yields(2);
    CHECK_HAS(tree(), "\nparent groups: waits for group at graph.c:");
    CHECK_HAS(text, "\n  child sleeps_long: waits for sleep at tools.h:");
    end(parent);
    done();
}

TEST(GRF_04_gather_shield_wait_and_as_completed_are_edges_and_a_timeout_is_none) {
    wio_task *leaf = named("leaf", sleeps_long, NULL);
    wio_task *gather = named("gathering", gathers, NULL), *shield = named("shielding", shields, leaf);
    wio_task *wait = named("waiting", waits, leaf), *completed = named("completing", completes, leaf);
    yields(2);
    const char *all = graph(leaf);
    CHECK_HAS(all, "awaited by shielding shields: waits for task (shielded) leaf at");
    CHECK_HAS(all, "awaited by waiting waits: waits for tasks leaf at");
    CHECK_HAS(all, "awaited by completing completes: waits for tasks leaf at");
    CHECK_EQ(lines(all, "awaited by"), 3);
    CHECK_HAS(tree(), "gathering gathers: waits for gather at");
    CHECK_EQ(lines(text, "\n  Task-"), 2);
    end(gather);
    wio_task *limited = named("limited", times_out, leaf);
    wio_yield();
    CHECK_HAS(graph(leaf), "awaited by limited times_out: waits for task leaf at");
    end(shield), end(wait), end(completed), end(limited);
    done();
}

TEST(GRF_05_and_NAM_05_a_future_lists_how_many_wait) {
    wio_future future = {0};
    wio_future_init(&future);
    int awaits_future(void *arg);
    wio_task *a = named("a", awaits_future, &future), *b = named("b", awaits_future, &future);
    wio_yield();
    CHECK_HAS(tree(), "a awaits_future: waits for future at graph.c:");
    CHECK_EQ(lines(text, "(pending, 2 in line)"), 2);
    wio_future_set_result(&future, 1);
    CHECK_EQ(wio_await(a), 1);
    CHECK_EQ(wio_await(b), 1);
    wio_future_destroy(&future);
    done();
}

int awaits_future(void *arg);
int awaits_future(void *arg) { return wio_future_await((wio_future *)arg); }

static int generates(wio_generator *generator, void *arg) {
    (void)arg;
    int value = 1;
    wio_sleep(LONG);
    return wio_generator_yield(generator, &value);
}

static int iterates(void *arg) {
    (void)arg;
    WIO_ASYNC_FOR(g, int *, value, generates, NULL) { (void)value; }
    return 0;
}

TEST(GRF_06_generators_stand_in_the_chain) {
    wio_task *task = named("iterating", iterates, NULL);
    wio_yield();
    CHECK_HAS(tree(), "\niterating iterates: waits for next value of ");
    CHECK_HAS(text, "\n  Task-");
    CHECK_HAS(text, "generates: waits for sleep at graph.c:");
    end(task);
    done();
}

TEST(GRF_07_an_edge_goes_when_the_wait_ends) {
    wio_task *leaf = named("leaf", sleeps_long, NULL), *shield = named("shielding", shields, leaf);
    wio_yield();
    CHECK_EQ(lines(graph(leaf), "awaited by"), 1);
    end(shield);
    CHECK_EQ(lines(graph(leaf), "awaited by"), 0);
    end(leaf);
    done();
}

static int graph_in_callback;
static void asks(void *arg) {
    (void)arg;
    graph_in_callback = wio_print_call_graph(NULL, stderr);
}

TEST(GRF_08_in_a_callback_there_is_no_calling_task) {
    wio_call_soon(asks, NULL);
    yields(2);
    CHECK_EQ(graph_in_callback, -EPERM);
}

TEST_OUTSIDE(GRF_08_outside_a_loop_it_is_a_named_error) {
    CHECK_EQ(wio_print_call_graph(NULL, stderr), -EPERM);
    CHECK_EQ(wio_print_call_graph((wio_task *)(uintptr_t)12345, stderr), -EINVAL);
    wio_print_tasks(into()); /* GRF-14 */
    CHECK_STR(said(), "");
    wio_print_task_table(into());
    CHECK_EQ(lines(said(), "\n"), 1);
    done();
}

/* ---------------------------------------------------------------------------------------------- Tree and table --- */

TEST(GRF_11_a_task_awaited_by_two_stands_below_each_but_what_it_awaits_only_once) {
    wio_task *leaf = named("leaf", sleeps_long, NULL), *middle = named("middle", awaits, leaf);
    wio_task *a = named("a", shields, middle), *b = named("b", shields, middle);
    wio_yield();
    CHECK_EQ(lines(tree(), "\n  middle awaits: waits for task leaf"), 2);
    CHECK_EQ(lines(text, "\n    leaf"), 1);
    CHECK_HAS(text, "(what it awaits stands above)");
    end(a), end(b), end(middle);
    done();
}

static int chain(void *arg) {
    int *left = (int *)arg;
    if (--*left == 0) return wio_sleep(LONG);
    wio_task_options options = {0};
    options.stack_size = 4096;
    return wio_await(wio_create_task_with(chain, arg, &options));
}

TEST(GRF_10_a_chain_of_two_thousand_from_its_root_to_its_leaf) {
    int left = 2000;
    wio_task *root = named("root", chain, &left);
    yields(2001);
    CHECK_EQ(lines(tree(), ": waits for task "), 1999);
    CHECK_HAS(text, "[1999] Task-");
    end(root);
    done();
}

static int gathers_many(void *arg) {
    enum { MANY = 3000 };
    static wio_call calls[MANY];
    for (int i = 0; i < MANY; i++) calls[i].fn = sleeps_long;
    (void)arg;
    return wio_gather(calls, MANY, NULL);
}

TEST(GRF_10_a_gather_of_thousands_is_cut) {
    wio_task *root = named("root", gathers_many, NULL);
    yields(3);
    CHECK_EQ(lines(tree(), "  Task-"), 1000);
    CHECK_HAS(text, "\n  … and 2000 more\n");
    end(root);
    done();
}

static wio_task *partner;
static int awaits_partner(void *arg) {
    wio_yield();
    return arg ? wio_shield((wio_task *)arg) : wio_await(partner); /* two awaits would be refused */
}

static int makes_a_cycle(void *arg) {
    (void)arg;
    wio_task *a = named("a", awaits_partner, NULL);
    wio_task *b = partner = named("b", awaits_partner, a);
    yields(3);
    CHECK_HAS(tree(), "\na cycle of waits, which can never end: a → b → a\n");
    CHECK_EQ(lines(text, "a cycle of waits"), 1);
    CHECK_EQ(lines(text, "a awaits_partner"), 2);
    CHECK_HAS(graph(a), "awaited by b");
    done();
    CHECK_EQ(wio_await(b), -EDEADLK); /* the report names the cycle */
    return wio_sleep(1);
}

TEST_OUTSIDE(GRF_12_cycles_are_listed_and_the_tree_ends) { CHECK_EQ(wio_run(makes_a_cycle, NULL), -EDEADLK); }

TEST(GRF_13_the_table_has_a_row_for_each_task_and_awaiter) {
    wio_task *leaf = named("leaf", sleeps_long, NULL);
    wio_task *a = named("a", shields, leaf), *b = named("b", shields, leaf);
    wio_yield();
    wio_print_task_table(into());
    CHECK_HAS(said(), "id    name            coroutine         state");
    CHECK_EQ(lines(text, "leaf            sleeps_long       sleep"), 2);
    CHECK_EQ(lines(text, "\n"), 6);
    CHECK_HAS(text, "  a  ");
    end(a), end(b), end(leaf);
    done();
}

TEST(who_cancelled_a_task_and_where) {
    wio_task *task = named("victim", sleeps_long, NULL);
    wio_yield();
    wio_task_cancel(task);
    CHECK_HAS(tree(), "victim sleeps_long (cancelling): ready at tools.h:");
    CHECK_HAS(text, "; cancelled by 'Task-");
    CHECK_HAS(text, "' at graph.c:");
    wio_await(task);
    done();
}

/* -------------------------------------------------------------------------------------------------- Primitives --- */

static int holds(void *arg) {
    WIO_WITH_LOCK((wio_lock *)arg) { wio_sleep(LONG); }
    return 0;
}
static int takes(void *arg) { return wio_lock_acquire((wio_lock *)arg); }
static int acquires(void *arg) { return wio_semaphore_acquire((wio_semaphore *)arg); }
static int waits_event(void *arg) { return wio_event_wait((wio_event *)arg); }
static int waits_condition(void *arg) {
    WIO_WITH_CONDITION((wio_condition *)arg) { wio_condition_wait((wio_condition *)arg); }
    return 0;
}
static int waits_barrier(void *arg) { return wio_barrier_wait((wio_barrier *)arg); }
static int gets(void *arg) {
    int item;
    return wio_queue_get((wio_queue *)arg, &item);
}

#define DESCRIBED(type, object, expected)                                                                              \
    do {                                                                                                               \
        char described[100];                                                                                           \
        CHECK_EQ(wio_describe(type, object, described, sizeof described), strlen(expected));                           \
        CHECK_STR(described, expected);                                                                                \
    } while (0)

TEST(NAM_02_locks_semaphores_events) {
    wio_lock lock;
    wio_lock_init(&lock);
    DESCRIBED(WIO_A_LOCK, &lock, "free");
    wio_task *holder = named("the holder", holds, &lock), *waiter = named("waiter", takes, &lock);
    wio_yield();
    DESCRIBED(WIO_A_LOCK, &lock, "held by 'the holder', 1 in line");
    CHECK_HAS(tree(), "waiter takes: waits for lock at graph.c:");
    CHECK_HAS(text, "(held by 'the holder', 1 in line), for 0.000 s");
    end(waiter), end(holder);

    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 2);
    DESCRIBED(WIO_A_SEMAPHORE, &semaphore, "2 free");
    wio_semaphore_init_bounded(&semaphore, 1);
    wio_semaphore_acquire(&semaphore);
    waiter = named("waiter", acquires, &semaphore);
    wio_yield();
    DESCRIBED(WIO_A_SEMAPHORE, &semaphore, "0 of 1 free, 1 in line");
    end(waiter);

    wio_event event;
    wio_event_init(&event);
    waiter = named("waiter", waits_event, &event);
    wio_yield();
    DESCRIBED(WIO_AN_EVENT, &event, "not set, 1 in line");
    wio_event_set(&event);
    DESCRIBED(WIO_AN_EVENT, &event, "set");
    CHECK_EQ(wio_await(waiter), 0);
    done();
}

TEST(NAM_02_conditions_barriers_queues_futures_timeouts) {
    wio_condition condition;
    wio_condition_init(&condition, NULL);
    wio_task *waiter = named("waiter", waits_condition, &condition);
    wio_yield();
    DESCRIBED(WIO_A_CONDITION, &condition, "its lock free, 1 in line");
    end(waiter);

    wio_barrier barrier;
    wio_barrier_init(&barrier, 3);
    waiter = named("waiter", waits_barrier, &barrier);
    wio_yield();
    DESCRIBED(WIO_A_BARRIER, &barrier, "1 of 3 have come");
    wio_barrier_abort(&barrier);
    CHECK_EQ(wio_await(waiter), -EPIPE);
    DESCRIBED(WIO_A_BARRIER, &barrier, "broken, 0 of 3 have come");

    wio_queue queue;
    wio_queue_init(&queue, sizeof(int), 5);
    waiter = named("waiter", gets, &queue);
    wio_yield();
    DESCRIBED(WIO_A_QUEUE, &queue, "0 of 5 items, 1 in line");
    end(waiter);
    int item = 1;
    wio_queue_put(&queue, &item);
    wio_queue_get(&queue, &item);
    wio_queue_put(&queue, &item);
    wio_queue_shutdown(&queue, false);
    DESCRIBED(WIO_A_QUEUE, &queue, "shut down, 1 of 5 items, 2 not done");
    wio_queue_destroy(&queue);

    wio_future future;
    wio_future_init(&future);
    DESCRIBED(WIO_A_FUTURE, &future, "pending");
    wio_future_set_result(&future, 5);
    DESCRIBED(WIO_A_FUTURE, &future, "result 5");
    wio_future_init(&future);
    wio_future_cancel(&future);
    DESCRIBED(WIO_A_FUTURE, &future, "cancelled");

    wio_scope timeout = {0};
    wio_timeout_open(&timeout, 2);
    char words[100], expected[100];
    snprintf(expected, sizeof expected, "active, until %.3f s", wio_timeout_when(&timeout));
    wio_describe(WIO_A_TIMEOUT, &timeout, words, sizeof words);
    CHECK_STR(words, expected);
    wio_sleep(5);
    DESCRIBED(WIO_A_TIMEOUT, &timeout, "expired");
    wio_timeout_close(&timeout);
    DESCRIBED(WIO_A_TIMEOUT, &timeout, "finished");
}

TEST(NAM_02_cut_to_the_size_and_null) {
    wio_semaphore semaphore;
    wio_semaphore_init(&semaphore, 12);
    char small[4] = "xxx";
    CHECK_EQ(wio_describe(WIO_A_SEMAPHORE, &semaphore, small, sizeof small), 7);
    CHECK_STR(small, "12 ");
    CHECK_EQ(wio_describe(WIO_A_SEMAPHORE, &semaphore, NULL, 0), 7);
    DESCRIBED(WIO_A_SEMAPHORE, NULL, "NULL");
#ifndef __cplusplus
    char words[20];
    WIO_DESCRIBE(&semaphore, words, sizeof words);
    CHECK_STR(words, "12 free");
#endif
}
