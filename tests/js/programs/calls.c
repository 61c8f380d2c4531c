// Exports of every kind, and no main(): what a library is.
#include "wasyncio.h"

#include <emscripten.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int cleaned, cancelled, sync_calls;

/* A value that depends on everything the frame holds across the wait. */
WIO_EXPORT(double, mix, (int id, double seconds, const char *text, int size)) {
    unsigned char local[2048];
    if (size > (int)sizeof local) return wio_fail(-EMSGSIZE, "%d", size);
    for (int i = 0; i < size; i++) local[i] = (unsigned char)(id * 31 + i * 7);
    int rc = wio_sleep(seconds);
    if (rc) return rc;
    if (id % 3 == 0 && (rc = wio_yield())) return rc;
    double sum = id;
    for (int i = 0; i < size; i++) sum += local[i] == (unsigned char)(id * 31 + i * 7) ? 1 : 1e6;
    for (const char *at = text; *at; at++) sum += (unsigned char)*at;
    return sum;
}

WIO_EXPORT(const char *, greet, (const char *name, double seconds)) {
    char *text = malloc(strlen(name) + 16);
    sprintf(text, "hello %s", name);
    wio_sleep(seconds);
    static char result[256]; /* copied before the next task can overwrite it */
    snprintf(result, sizeof result, "%s", text);
    free(text);
    return result;
}

EMSCRIPTEN_KEEPALIVE int add(int a, int b) {
    char local[512];
    sync_calls++;
    memset(local, a, sizeof local); /* writes where the C stack is */
    return a + b + (local[17] == (char)a ? 0 : 1000000);
}

EMSCRIPTEN_KEEPALIVE int count_sync(void) { return sync_calls; }

EMSCRIPTEN_KEEPALIVE int factorial(int n) { return n <= 1 ? 1 : n * factorial(n - 1); }

/* A plain function cannot wait: it is told so, and which way out there is. */
EMSCRIPTEN_KEEPALIVE int sleep_in_plain(void) { return wio_sleep(0.01); }

static int tick(void *count) {
    ++*(int *)count;
    return 0;
}
EMSCRIPTEN_KEEPALIVE int run_in_plain(void) {
    int unused;
    return wio_run(tick, &unused);
}
static int plain_ticks;
EMSCRIPTEN_KEEPALIVE int ticks(void) { return plain_ticks; }
EMSCRIPTEN_KEEPALIVE int create_in_plain(void) {
    wio_task *task = wio_create_task(tick, &plain_ticks);
    if (!task) return wio_task_error(NULL)->code;
    wio_detach(task);
    return 0;
}

WIO_EXPORT(int, fail_with, (int code, const char *message)) { return wio_fail(code, "%s", message); }
WIO_EXPORT(int, fail_plainly, (int code)) { return code; }

/* Which of them it was that ended; every fifth fails with that. */
WIO_EXPORT(int, ends, (int yields)) {
    static int ended;
    while (yields-- > 0) wio_yield();
    return ++ended % 5 ? ended : wio_fail(-EIO, "%d", ended);
}

WIO_EXPORT(int, fail_with_notes, (const char *note)) {
    int rc = wio_fail(-EPROTO, "noted");
    wio_add_note(rc, "first: %s", note);
    return wio_add_note(rc, "second");
}
WIO_EXPORT(int, fail_in_clean_up, (void)) {
    wio_sleep(100);
    return wio_fail(-EIO, "while cleaning up");
}

static int fails_below(void *arg) {
    (void)arg;
    wio_sleep(0.01);
    return wio_fail(-EPROTO, "deep down");
}
WIO_EXPORT(int, fail_below, (void)) {
    wio_task *task = wio_create_task_with(fails_below, NULL, &(wio_task_options){.name = "digger"});
    return wio_await(task);
}

static void note_cleaned(int *unused) {
    (void)unused;
    cleaned++;
}

WIO_EXPORT(int, sleeper, (double seconds)) {
    __attribute__((cleanup(note_cleaned), unused)) int guard = 0;
    int rc = wio_sleep(seconds);
    if (rc == -ECANCELED) cancelled++;
    return rc;
}

/* Its clean-up waits. */
WIO_EXPORT(int, slow_to_stop, (double seconds)) {
    int rc = wio_sleep(1000);
    WIO_SHIELD { wio_sleep(seconds); }
    cleaned++;
    return rc;
}

/* Swallows the cancel and returns a result. */
WIO_EXPORT(int, stubborn, (void)) {
    wio_sleep(1000);
    return 42;
}

static int background(void *arg) {
    (void)arg;
    int rc = wio_sleep(1000);
    cleaned++;
    return rc;
}
WIO_EXPORT(int, spawn_background, (int n)) {
    while (n-- > 0) wio_detach(wio_create_task(background, NULL));
    return wio_yield();
}

static int fails_later(void *arg) {
    (void)arg;
    wio_sleep(0.01);
    return wio_fail(-EPROTO, "lost and found");
}
WIO_EXPORT(int, spawn_failing, (void)) {
    wio_detach(wio_create_task_with(fails_later, NULL, &(wio_task_options){.name = "unwatched"}));
    return wio_sleep(0.05);
}

static wio_semaphore never;
WIO_EXPORT(int, wait_for_ever, (void)) { return wio_semaphore_acquire(&never); }
EMSCRIPTEN_KEEPALIVE void release_never(void) { wio_semaphore_release(&never); }

WIO_EXPORT(void, nothing, (void)) {}
WIO_EXPORT(int, trap, (void)) {
    wio_sleep(0);
    __builtin_trap();
}
WIO_EXPORT(int, aborts, (void)) {
    wio_sleep(0);
    abort();
}
WIO_EXPORT(int, exits, (int code)) {
    wio_sleep(0.01);
    exit(code);
}

EMSCRIPTEN_KEEPALIVE int plain_trap(void) { __builtin_trap(); }
EMSCRIPTEN_KEEPALIVE int get_cleaned(void) { return cleaned; }
EMSCRIPTEN_KEEPALIVE int get_cancelled(void) { return cancelled; }
EMSCRIPTEN_KEEPALIVE int live(void) { return (int)wio_all_tasks(NULL, 0); }

/* Handled an error, and then has no result: NULL is a value here. */
static int quick_fail(void *arg) {
    (void)arg;
    return wio_fail(-ENOENT, "not in the first place");
}
WIO_EXPORT(const char *, find, (void)) {
    if (wio_wait_for(quick_fail, NULL, 1) < 0) return "elsewhere";
    return NULL;
}
