/* What a program may do with a failure, case by case; how many reports follow each is compared with CPython (retrieved.py). */
#include <stdio.h>
#include <wasyncio.h>

static int bad(void *a) {
    (void)a;
    return wio_fail(-EIO, "x");
}

static int badlater(void *a) {
    (void)a;
    wio_sleep(0.01);
    return wio_fail(-EIO, "x");
}

static int cancelled(void *a) {
    (void)a;
    return -ECANCELED;
}

static int c_plain(void *a) {
    (void)a;
    wio_create_task(bad, NULL);
    return wio_yield();
}

static int c_awaited(void *a) {
    (void)a;
    wio_await(wio_create_task(bad, NULL));
    return 0;
}

static int c_wait(void *a) {
    (void)a;
    wio_task *t = wio_create_task(bad, NULL);
    wio_wait(&t, 1, WIO_ALL_COMPLETED, WIO_FOREVER);
    return 0;
}

static int c_wait_exc(void *a) {
    (void)a;
    wio_task *t = wio_create_task(bad, NULL);
    wio_wait(&t, 1, WIO_ALL_COMPLETED, WIO_FOREVER);
    wio_task_error(t);
    return 0;
}

static int c_done(void *a) {
    (void)a;
    wio_task *t = wio_create_task(bad, NULL);
    wio_yield();
    wio_yield();
    wio_task_done(t);
    return 0;
}

static int c_cancelled_task(void *a) {
    (void)a;
    wio_create_task(cancelled, NULL);
    wio_yield();
    return 0;
}

static int c_cancel_after(void *a) {
    (void)a;
    wio_task *t = wio_create_task(bad, NULL);
    wio_yield();
    wio_yield();
    wio_task_cancel(t);
    return 0;
}

static int c_gather_first(void *a) {
    (void)a;
    WIO_GATHER({bad, NULL}, {bad, NULL});
    wio_sleep(0.02);
    return 0;
}

static int c_gather_exc(void *a) {
    (void)a;
    int st[2];
    wio_gather((wio_call[]){{bad, NULL}, {bad, NULL}}, 2, st);
    return 0;
}

static int shields(void *t) { return wio_shield(t); }

static int c_shield(void *a) {
    (void)a;
    wio_task *t = wio_create_task(badlater, NULL);
    wio_task *s = wio_create_task(shields, t);
    wio_yield();
    wio_task_cancel(s);
    wio_await(s);
    wio_sleep(0.03);
    return 0;
}

static int c_group(void *a) {
    (void)a;
    WIO_TASK_GROUP(g) {
        wio_group_create_task(&g, bad, NULL);
        wio_group_create_task(&g, bad, NULL);
    }
    return 0;
}

static int c_future(void *a) {
    (void)a;
    wio_future f;
    wio_future_init(&f);
    wio_future_set_error(&f, wio_fail(-EIO, "f"));
    return 0;
}

static int c_future_awaited(void *a) {
    (void)a;
    wio_future f;
    wio_future_init(&f);
    wio_future_set_error(&f, wio_fail(-EIO, "f"));
    wio_future_await(&f);
    return 0;
}

static int c_future_result(void *a) {
    (void)a;
    wio_future f;
    wio_future_init(&f);
    wio_future_set_error(&f, wio_fail(-EIO, "f"));
    wio_future_status(&f);
    return 0;
}

static int c_future_cancelled(void *a) {
    (void)a;
    wio_future f;
    wio_future_init(&f);
    wio_future_cancel(&f);
    return 0;
}

static int c_future_done(void *a) {
    (void)a;
    wio_future f;
    wio_future_init(&f);
    wio_future_set_error(&f, wio_fail(-EIO, "f"));
    wio_future_done(&f);
    return 0;
}

static int c_as_completed(void *a) {
    (void)a;
    wio_task *t[2] = {wio_create_task(bad, NULL), wio_create_task(bad, NULL)};
    WIO_AS_COMPLETED(it, x, t, 2, WIO_FOREVER) wio_await(x);
    return 0;
}

static int c_as_completed_broken(void *a) {
    (void)a;
    wio_task *t[2] = {wio_create_task(bad, NULL), wio_create_task(bad, NULL)};
    WIO_AS_COMPLETED(it, x, t, 2, WIO_FOREVER) {
        wio_await(x);
        break;
    }
    return 0;
}

static int cleanup_fails(void *a) {
    (void)a;
    int rc = wio_sleep(10);
    if (rc < 0) return wio_fail(-EIO, "clean");
    return 0;
}

static int c_leftover(void *a) {
    (void)a;
    wio_create_task(cleanup_fails, NULL);
    wio_yield();
    return 0;
}
static void looks_away(wio_task *t, void *a) {
    (void)t;
    (void)a;
}
static void looks(wio_task *t, void *a) {
    (void)a;
    wio_task_error(t);
}

static int c_callback(void *a) {
    (void)a;
    wio_task *t = wio_create_task(bad, NULL);
    wio_task_add_done_callback(t, looks_away, NULL);
    wio_sleep(0.01);
    return 0;
}

static int c_callback_exc(void *a) {
    (void)a;
    wio_task *t = wio_create_task(bad, NULL);
    wio_task_add_done_callback(t, looks, NULL);
    wio_sleep(0.01);
    return 0;
}

static int c_main(void *a) {
    (void)a;
    return wio_fail(-EIO, "m");
}

static int c_waitfor_timeout(void *a) {
    (void)a;
    wio_wait_for(cleanup_fails, NULL, 0.01);
    return 0;
}

static void run(const char *name, wio_fn *fn) {
    fprintf(stderr, "case %s\n", name);
    wio_run(fn, NULL);
}
#define RUN(name) run(#name, c_##name)

int main(void) {
    RUN(plain);
    RUN(awaited);
    RUN(wait);
    RUN(wait_exc);
    RUN(done);
    RUN(cancelled_task);
    RUN(cancel_after);
    RUN(gather_first);
    RUN(gather_exc);
    RUN(shield);
    RUN(group);
    RUN(future);
    RUN(future_awaited);
    RUN(future_result);
    RUN(future_cancelled);
    RUN(future_done);
    RUN(as_completed);
    RUN(as_completed_broken);
    RUN(leftover);
    RUN(callback);
    RUN(callback_exc);
    RUN(main);
    RUN(waitfor_timeout);
    return 0;
}
