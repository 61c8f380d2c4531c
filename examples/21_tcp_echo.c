/* A TCP server and its clients: each connection is a task, and three talk at once. */
#include <stdio.h>
#include <wasyncio.h>

/* One connection: every line goes back, in order, until the client has no more. */
static int echo(wio_stream *stream, void *arg) {
    (void)arg;
    const char *line;
    long n;
    while ((n = wio_stream_readline(stream, &line)) > 0) {
        wio_stream_write(stream, line, (size_t)n);
        int rc = wio_stream_drain(stream); /* a slow client slows us down */
        if (rc < 0) return rc;
    }
    return (int)n;
}

struct client {
    int port;
    const char *name;
    char answers[100];
};

static int talk(void *arg) {
    struct client *client = arg;
    wio_stream *stream;
    int rc = wio_connect("127.0.0.1", client->port, NULL, &stream);
    if (rc < 0) return rc;
    size_t size = 0;
    for (int i = 1; rc == 0 && i <= 2; i++) {
        const char *line;
        wio_stream_printf(stream, "%s says %d\n", client->name, i);
        long n = wio_stream_readline(stream, &line);
        if (n < 0) rc = (int)n;
        else size += (size_t)snprintf(client->answers + size, sizeof client->answers - size, "%s", line);
    }
    wio_stream_close(stream);
    return rc;
}

static int run(void *arg) {
    (void)arg;
    wio_server *server;
    int rc = wio_listen("127.0.0.1", 0, echo, NULL, &server); /* port 0: any that is free */
    if (rc < 0) return rc;

    int port = wio_server_port(server);
    struct client clients[] = {{port, "Ann", ""}, {port, "Ben", ""}, {port, "Cem", ""}};
    rc = WIO_GATHER_EACH(talk, clients);

    for (int i = 0; i < 3; i++) printf("%s", clients[i].answers);
    wio_server_wait_closed(server);
    return rc;
}

int main(void) {
    int rc = wio_run(run, NULL);
    if (rc < 0) fprintf(stderr, "%s: %s\n", wio_error_name(rc), wio_task_error(NULL)->message);
    return rc < 0;
}
