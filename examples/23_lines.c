/* Standard input, line by line, while a clock ticks: waiting for input stops nobody. */
#include <stdio.h>
#include <string.h>
#include <wasyncio.h>

static int ticks;

static int tick(void *arg) {
    (void)arg;
    for (;; ticks++) {
        int rc = wio_sleep(0.5);
        if (rc < 0) return rc;
    }
}

static int count(void *arg) {
    (void)arg;
    wio_task *clock = wio_create_task(tick, NULL);
    const char *line;
    long n, lines = 0, words = 0;
    while ((n = wio_stream_readline(wio_stdin(), &line)) > 0) {
        lines++;
        for (const char *at = line; *(at += strspn(at, " \n")); at += strcspn(at, " \n")) words++;
    }
    wio_task_cancel(clock);
    wio_await(clock);
    if (n < 0) return (int)n; /* a line longer than 64 KiB, a broken pipe */
    printf("%ld lines, %ld words\n", lines, words);
    fprintf(stderr, "%d half seconds went by\n", ticks);
    return 0;
}

int main(void) { return wio_run(count, NULL) < 0; }
