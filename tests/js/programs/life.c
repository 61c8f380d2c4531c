// How a process with a program in it lives and ends: argv[1] says which way.
#include "wasyncio.h"

#include <stdlib.h>
#include <string.h>

WIO_IMPORT(int, work, (const char *what));

static char **args;

static int sleeps(void *arg) {
    (void)arg;
    int rc = wio_sleep(atof(args[2]));
    if (rc) printf("clean-up after %s\n", wio_error_name(rc));
    else printf("slept\n");
    fflush(stdout);
    return rc;
}

static int fetches(void *arg) {
    (void)arg;
    wio_response *response = NULL;
    char *text = NULL;
    int rc = wio_fetch(args[2], NULL, &response);
    if (!rc) rc = wio_response_text(response, &text);
    printf("%d %s\n", rc, text ? text : "-");
    free(text);
    wio_response_close(response);
    return rc < 0 ? rc : 0;
}

static int imports(void *arg) {
    (void)arg;
    int rc = work("wait");
    printf("work: %d\n", rc);
    return 0;
}

static wio_semaphore never;
static int waits_here(void *arg) {
    (void)arg;
    int rc = wio_semaphore_acquire(&never);
    printf("woken with %s\n", wio_error_name(rc));
    return rc;
}
static int deadlocks(void *arg) {
    wio_task *task = wio_create_task_with(waits_here, arg, &(wio_task_options){.name = "the waiter"});
    return wio_await(task);
}

static int lost(void *arg) {
    (void)arg;
    wio_sleep(0.01);
    return wio_fail(-EPROTO, "nobody reads this");
}
static int unobserved(void *arg) {
    wio_detach(wio_create_task_with(lost, arg, &(wio_task_options){.name = "lost one"}));
    wio_create_task_with(lost, arg, &(wio_task_options){.name = "unclaimed one"});
    return wio_sleep(0.05);
}

static int cleans_up_slowly(void *arg) {
    (void)arg;
    printf("started\n");
    fflush(stdout);
    int rc = wio_sleep(60);
    printf("cleaning\n");
    fflush(stdout);
    WIO_SHIELD { wio_sleep(atof(args[2])); }
    printf("cleaned\n");
    fflush(stdout);
    return rc;
}

static int child(void *arg) {
    (void)arg;
    int rc = wio_sleep(60);
    printf("child cleaned after %s\n", wio_error_name(rc));
    return rc;
}
static int family(void *arg) {
    (void)arg;
    int rc = 0;
    printf("started\n");
    fflush(stdout);
    WIO_TASK_GROUP(group) {
        wio_group_create_task(&group, child, NULL);
        wio_group_create_task(&group, child, NULL);
        rc = wio_sleep(60);
    }
    printf("parent cleaned after %s\n", wio_error_name(rc));
    return rc;
}

static int exits(void *arg) {
    (void)arg;
    wio_sleep(0.01);
    printf("before exit");
    exit(3);
}

static int leaves_things_open(void *arg) {
    (void)arg;
    wio_detach(wio_create_task(child, NULL));
    return wio_yield();
}

WIO_EXPORT(int, wait_for_ever, (void)) {
    int rc = wio_semaphore_acquire(&never);
    printf("clean-up after %s\n", wio_error_name(rc));
    return rc;
}
WIO_EXPORT(int, nap, (double seconds)) { return wio_sleep(seconds); }

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        wio_fn *fn;
    } modes[] = {{"sleep", sleeps},         {"fetch", fetches},    {"import", imports}, {"deadlock", deadlocks},
                 {"unobserved", unobserved}, {"slow", cleans_up_slowly}, {"family", family},  {"exit", exits},
                 {"leaves", leaves_things_open}};
    args = argv;
    if (argc < 2) return printf("hello\n"), 0;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(modes[i].name, argv[1])) continue;
        int rc = wio_run(modes[i].fn, NULL);
        printf("run: %s\n", rc < 0 ? wio_error_name(rc) : "ok");
        return rc < 0;
    }
    return 9;
}
