/* Processes and standard input, one scenario by the first argument. */
#include <stdlib.h>
#include <string.h>
#include <wasyncio.h>

static int argc_, rc_;
static char **argv_;

static void say(const char *what, int rc) {
    const wio_error *error = wio_task_error(wio_current_task());
    printf("%s %s%s%s\n", what, rc < 0 ? wio_error_name(rc) : "ok", rc < 0 ? ": " : "", rc < 0 && error ? error->message : "");
}

/* starts argv[2..] and communicates; says everything */
static int runs(void) {
    wio_process *process;
    int rc = wio_process_start((const char *const *)argv_ + 2, NULL, &process), code = 0;
    if (rc < 0) return say("start", rc), rc;
    wio_bytes out, err;
    rc = wio_process_communicate(process, "some input", 10, &out, &err);
    say("communicate", rc);
    wio_process_wait(process, &code);
    printf("code %d\nout %zu [%s]\nerr %zu [%s]\n", code, out.size, (char *)out.data, err.size, (char *)err.data);
    free(out.data);
    free(err.data);
    wio_process_close(process);
    return rc;
}

/* a conversation with cat, line by line */
static int talks(void) {
    const char *const cat[] = {"cat", NULL};
    wio_process *process;
    int rc = wio_process_start(cat, NULL, &process), code = -1;
    if (rc < 0) return say("start", rc), rc;
    printf("pid %s\n", wio_process_pid(process) > 1 ? "yes" : "no");
    for (int i = 0; i < 3; i++) {
        const char *line;
        wio_stream_printf(wio_process_stdin(process), "line %d\n", i);
        long n = wio_stream_readline(wio_process_stdout(process), &line);
        printf("%ld %s", n, line);
    }
    rc = wio_stream_wait_closed(wio_process_stdin(process));
    say("stdin closed", rc);
    const char *line;
    printf("end %ld\n", wio_stream_readline(wio_process_stdout(process), &line));
    say("wait", wio_process_wait(process, &code));
    printf("code %d\n", code);
    printf("write to reading: %s\n", wio_error_name(wio_stream_write(wio_process_stdout(process), "x", 1)));
    wio_process_close(process);
    return 0;
}

static int waits(void *process) { return wio_process_wait(process, NULL); }

static int kills(void) {
    const char *const sleeper[] = {"sleep", "1000", NULL};
    for (int i = 0; i < 3; i++) {
        wio_process *process;
        int rc = wio_process_start(sleeper, NULL, &process), code = 0;
        if (rc < 0) return say("start", rc), rc;
        WIO_TIMEOUT(0.01) { rc = wio_process_wait(process, &code); }
        say("wait", rc);
        if (i == 0) say("terminate", wio_process_terminate(process));
        if (i == 1) say("kill", wio_process_kill(process));
        if (i == 2) say("signal", wio_process_send_signal(process, 2));
        wio_process_wait(process, &code);
        printf("code %d\n", code);
        say("too late", wio_process_terminate(process));
        say("no such signal", wio_process_send_signal(process, 12345));
        wio_process_close(process);
    }
    return 0;
}

static int closes(void) {
    const char *const sleeper[] = {"sleep", "1000", NULL};
    wio_process *process;
    int rc = wio_process_start(sleeper, NULL, &process);
    if (rc < 0) return say("start", rc), rc;
    printf("pid %d\n", wio_process_pid(process));
    wio_task *task = wio_create_task(waits, process);
    wio_sleep(0.01);
    wio_process_close(process);
    say("waiter", wio_await(task));
    return 0;
}

static int options(void) {
    const char *const printenv[] = {"sh", "-c", "pwd; echo $COLOUR; echo $HOME", NULL};
    const char *const env[] = {"COLOUR=a=b", "PATH=/usr/bin:/bin", NULL};
    wio_process_options with = {.in = WIO_DEVNULL, .err = WIO_INHERIT, .cwd = "/", .env = env};
    wio_process *process;
    int rc = wio_process_start(printenv, &with, &process);
    if (rc < 0) return say("start", rc), rc;
    printf("%d %d\n", wio_process_stdin(process) == NULL, wio_process_stderr(process) == NULL);
    wio_bytes out;
    say("communicate", wio_process_communicate(process, NULL, 0, &out, NULL));
    printf("[%s]\n", (char *)out.data);
    free(out.data);
    wio_process_close(process);
    const char *const nowhere[] = {"sh", NULL};
    with.cwd = "/no/such/folder";
    say("cwd", wio_process_start(nowhere, &with, &process));
    const char *const none[] = {NULL};
    say("none", wio_process_start(none, NULL, &process));
    return 0;
}

/* much output, read slowly: the process waits */
static int much(void) {
    const char *const yes[] = {"sh", "-c", "head -c 20000000 /dev/zero; echo done >&2", NULL};
    wio_process *process;
    int rc = wio_process_start(yes, NULL, &process);
    if (rc < 0) return say("start", rc), rc;
    wio_sleep(0.3);
    const char *line = "";
    WIO_TIMEOUT(0) { rc = (int)wio_stream_readline(wio_process_stderr(process), &line); }
    printf("before: %s\n", wio_error_name(rc));
    static char block[100000];
    long n, all = 0;
    while ((n = wio_stream_read(wio_process_stdout(process), block, sizeof block)) > 0) all += n;
    wio_stream_readline(wio_process_stderr(process), &line);
    printf("%ld %s", all, line);
    wio_process_close(process);
    return 0;
}

static int lines(void) {
    const char *line;
    long n;
    while ((n = wio_stream_readline(wio_stdin(), &line)) > 0) printf("%ld [%.*s]\n", n, (int)(line[n - 1] == '\n' ? n - 1 : n), line);
    say("end", (int)n);
    return (int)n;
}

/* reads one line, then does something else; nobody reads on */
static int one_line(void) {
    const char *line;
    long n = wio_stream_readline(wio_stdin(), &line);
    printf("%ld %s", n, line);
    return wio_sleep(0.01);
}

/* gives it back, and goes on with a new one */
static int again(void) {
    char buffer[3];
    for (int i = 0; i < 3; i++) {
        long n = wio_stream_read(wio_stdin(), buffer, sizeof buffer);
        printf("%ld %.*s\n", n, (int)n, buffer);
        if (i == 1) wio_stream_close(wio_stdin());
    }
    printf("write %s\n", wio_error_name(wio_stream_write(wio_stdin(), "x", 1)));
    return 0;
}

static int beside(void *arg) {
    (void)arg;
    for (int i = 0; i < 3; i++) {
        int rc = wio_sleep(0.01);
        if (rc < 0) return rc;
        printf("tick\n");
        fflush(stdout);
    }
    return 0;
}

static int gives_up(void) {
    wio_task *task = wio_create_task(beside, NULL);
    const char *line;
    int rc = 0;
    WIO_TIMEOUT(0.5) { rc = (int)wio_stream_readline(wio_stdin(), &line); }
    say("readline", rc);
    return wio_await(task);
}

static int keeps(wio_stream *stream, void *arg) {
    (void)arg;
    char byte;
    long n = wio_stream_read(stream, &byte, 1);
    printf("connection: %s\n", n < 0 ? wio_error_name((int)n) : "ok");
    return n < 0 ? (int)n : 0;
}

/* a server until Ctrl-C, with a connection that says nothing */
static int serves(void) {
    wio_server *server;
    wio_stream *stream;
    int rc = wio_listen("127.0.0.1", 0, keeps, NULL, &server);
    if (rc == 0) rc = wio_connect("127.0.0.1", wio_server_port(server), NULL, &stream);
    if (rc < 0) return rc;
    printf("serving\n");
    fflush(stdout);
    rc = wio_server_serve_forever(server);
    say("serve_forever", rc);
    return rc;
}

static const struct {
    const char *name;
    int (*run)(void);
} scenarios[] = {{"runs", runs},   {"talks", talks},     {"kills", kills}, {"closes", closes},    {"options", options},
                 {"much", much},   {"lines", lines},     {"one", one_line}, {"again", again},     {"gives_up", gives_up},
                 {"serves", serves}};

static int amain(void *arg) {
    (void)arg;
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        if (strcmp(scenarios[i].name, argv_[1]) == 0) return scenarios[i].run();
    return -ENOENT;
}

int main(int argc, char **argv) {
    argc_ = argc;
    argv_ = argv;
    rc_ = wio_run(amain, NULL);
    return rc_ < 0 ? 1 : 0;
}
