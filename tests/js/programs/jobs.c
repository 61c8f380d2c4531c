/* Executors, as JavaScript sees them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasyncio.h>

WIO_IMPORT(int, ask, (const char *question));
WIO_IMPORT(int, tell, (int number));

static int says(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)out, (void)out_size;
    printf("job: %.*s\n", (int)in_size, (const char *)in);
    return (int)in_size;
}

static int endless(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    for (volatile unsigned i = 0;; i++) {}
}

static int crashes(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    __builtin_trap();
}

static int fails(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    return wio_fail(-ERANGE, "out of this world");
}

static int asks(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    if (tell(1) != -EPERM) return 1;
    return ask("a question");
}

static int computes(const void *in, size_t in_size, void *out, size_t out_size) {
    double seconds;
    (void)out, (void)out_size;
    memcpy(&seconds, in, in_size);
    for (double end = wio_time() + seconds; wio_time() < end;) {}
    return 1;
}

static wio_executor *pool;

WIO_EXPORT(int, open_pool, (unsigned workers)) {
    pool = wio_executor_create(&(wio_executor_options){.workers = workers});
    return pool ? 0 : wio_task_error(wio_current_task())->code;
}
WIO_EXPORT(int, say, (const char *text)) {
    printf("before\n");
    int rc = wio_run_in_executor(pool, says, text, strlen(text), NULL, 0);
    printf("after\n");
    return rc;
}
WIO_EXPORT(int, run, (const char *what)) {
    wio_job *job = !strcmp(what, "endless")   ? endless
                   : !strcmp(what, "crashes") ? crashes
                   : !strcmp(what, "fails")   ? fails
                                              : asks;
    return wio_run_in_executor(pool, job, NULL, 0, NULL, 0);
}
WIO_EXPORT(int, compute, (double seconds)) {
    return wio_run_in_executor(pool, computes, &seconds, sizeof seconds, NULL, 0);
}

static int in_main(void *arg) {
    const char *what = arg;
    double seconds = 0.3;
    int rc = wio_run_in_executor(NULL, says, "hello", 5, NULL, 0);
    if (!strcmp(what, "keeps")) wio_executor_create(NULL);
    if (!strcmp(what, "computes")) rc = wio_run_in_executor(NULL, computes, &seconds, sizeof seconds, NULL, 0);
    if (!strcmp(what, "exits")) {
        wio_detach(wio_create_task(in_main, "loops"));
        wio_sleep(0.1);
        exit(3);
    }
    if (!strcmp(what, "loops")) rc = wio_run_in_executor(NULL, endless, NULL, 0, NULL, 0);
    return rc;
}

int main(int argc, char **argv) {
    int rc = wio_run(in_main, argc > 1 ? argv[1] : "");
    printf("run: %d\n", rc);
    return rc < 0;
}
