// What can happen while C waits for JavaScript: growth, failures, cancels, calls back into the same app.
#include "wasyncio.h"

#include <emscripten.h>
#include <stdlib.h>
#include <string.h>

WIO_IMPORT(int, work, (const char *what));
WIO_IMPORT(const char *, ask, (const char *question));
WIO_IMPORT(double, measure, (int what));
WIO_IMPORT(int64_t, big, (int what));

/* code, message, task and place of the calling task's last error. */
static char *last(long result) {
    const wio_error *error = wio_task_error(wio_current_task());
    enum { SIZE = 32 * 1024 };
    char *text = malloc(SIZE);
    snprintf(text, SIZE, "%ld|%s|%s|%s", result, error ? error->name : "-", error ? error->message : "-",
             error ? error->task : "-");
    return text;
}

WIO_EXPORT(int, do_work, (const char *what)) { return work(what); }
WIO_EXPORT(char *, try_work, (const char *what)) { return last(work(what)); }
WIO_EXPORT(char *, try_ask, (const char *question)) {
    const char *answer = ask(question);
    return answer ? strdup(answer) : last(0);
}
WIO_EXPORT(char *, try_measure, (int what)) {
    double value = measure(what);
    return last(value != value ? -1 : (long)value);
}
WIO_EXPORT(char *, try_big, (int what)) { return last((long)big(what)); }

/* Memory grows in another task while this one waits in the import, and large locals survive. */
static int grower(void *arg) {
    volatile char *block = malloc(*(size_t *)arg);
    if (!block) return -ENOMEM;
    block[0] = 1;
    int rc = wio_sleep(0.001);
    free((void *)block);
    return rc;
}
WIO_EXPORT(char *, grow_while_asking, (const char *question, int megabytes)) {
    char local[4096];
    memset(local, 'x', sizeof local);
    size_t size = (size_t)megabytes << 20;
    wio_task *task = wio_create_task(grower, &size);
    const char *answer = ask(question);
    char *copy = answer ? strdup(answer) : NULL;
    int rc = wio_await(task);
    for (size_t i = 0; i < sizeof local; i++)
        if (local[i] != 'x') rc = -EFAULT;
    if (rc) {
        free(copy);
        return last(rc);
    }
    return copy;
}

/* work("…") may call this again: a frame of JavaScript between frames of C, at any depth. */
WIO_EXPORT(int, nest, (int depth)) {
    char what[32];
    unsigned char local[256];
    memset(local, depth, sizeof local);
    snprintf(what, sizeof what, "nest %d", depth);
    int rc = work(what);
    for (size_t i = 0; i < sizeof local; i++)
        if (local[i] != (unsigned char)depth) return wio_fail(-EFAULT, "frame of depth %d", depth);
    return rc < 0 ? rc : rc + 1;
}

static int cleaned;
WIO_EXPORT(int, cancellable, (const char *what)) {
    int rc = work(what);
    cleaned++;
    return rc;
}
WIO_EXPORT(int, limited, (const char *what, double seconds)) {
    int rc = 0;
    WIO_TIMEOUT(seconds) { rc = work(what); }
    return rc;
}
WIO_EXPORT(int, twice_at_once, (void)) {
    int rc = work("first");
    if (rc < 0) return rc;
    return rc * 100 + work("second");
}
EMSCRIPTEN_KEEPALIVE int get_cleaned(void) { return cleaned; }
/* Called by JavaScript from inside an import, and from outside. */
EMSCRIPTEN_KEEPALIVE int plain_work(void) { return work("plain"); }
EMSCRIPTEN_KEEPALIVE int plain_sleep(void) { return wio_sleep(0.01); }
EMSCRIPTEN_KEEPALIVE int twice(int n) { return 2 * n; }

static int main_task(void *arg) { return work(arg); }

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "";
    int rc = !strcmp(mode, "outside") ? work("outside") : wio_run(main_task, argc > 2 ? argv[2] : (char *)"inside");
    const wio_error *error = wio_task_error(NULL);
    printf("%d %s\n", rc, error ? error->message : "-");
    return rc < 0 ? 1 : rc;
}
