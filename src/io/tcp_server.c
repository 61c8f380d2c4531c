/* Listening: one task accepts, and each connection is a task of its own. */
#include "../core/ids.h"
#include "tcp.h"

typedef struct {
    uint32_t id; /* of the handle; 0: given back */
    wio__op listen;
    wio_task *task; /* that accepts; NULL when it has ended */
    wio_connection_fn *handler;
    void *arg;
    size_t limit, stack_size;
    const char *created; /* place of the wio_listen(), for reports */
    int port;
    size_t connections;
    unsigned users; /* the handle, the task, each connection and whoever waits: the last one frees it */
    wio__waiters forever, closers;
} server;

static wio__ids ids;

static server *find(const wio_server *handle, const char *function) {
    server *found = handle ? wio__ids_find(&ids, (uint32_t)(uintptr_t)handle) : NULL;
    if (found || !function) return found;
    if (handle) wio__misuse(-EINVAL, function, "this server was given back already, or never was one");
    else wio__misuse_null(function, "the server");
    return NULL;
}

static void release(server *self) {
    if (--self->users == 0) free(self);
}

/* Nobody is left to wait for? */
static void check_closed(server *self) {
    if (self->task || self->connections) return;
    while (wio__waiters_grant(&self->closers, 0)) {
    }
}

/* ------------------------------------------------------------------------------------------------ Connections --- */

typedef struct {
    server *of;
    wio_stream *stream;
    bool started;
} connection;

static int serve(void *arg) {
    ((connection *)arg)->started = true; /* the first step is taken inside the call that creates the task */
    connection self = *(connection *)arg;
    int status = self.of->handler(self.stream, self.of->arg);
    if (wio__stream_find(self.stream, NULL)) wio_stream_close(self.stream);
    self.of->connections--;
    check_closed(self.of);
    release(self.of);
    return status;
}

static void start(server *self, wio_stream *stream) {
    connection made = {self, stream, false};
    wio_task_options options = {.name = wio_stream_peer(stream), .stack_size = self->stack_size, .eager = true};
    wio__here = self->created;
    self->connections++;
    self->users++;
    wio_task *task = wio_create_task_with(serve, &made, &options);
    wio_detach(task);
    if (made.started) return;
    wio_stream_close(stream); /* no memory, which was reported, or the run ends */
    self->connections--;
    self->users--;
}

/* -------------------------------------------------------------------------------------------------- Accepting --- */

static const wio__wait accept_wait = {.kind = "connections", .abort = wio__op_abort, .undo = wio__op_undo};

enum { PAUSE = 1 }; /* seconds after a connection that could not be accepted, as asyncio's */

static int accept_one(server *self, wio__task *task, wio_stream **stream) {
    wio__stream *accepted = wio__stream_new(WIO__READS | WIO__WRITES, self->limit);
    if (!accepted) return -ENOMEM;
    return wio__stream_open(task, accepted, WIO__OP_ACCEPT, &(stream_request){self->listen.id}, &accept_wait, stream);
}

static int accepts(void *arg) {
    server *self = arg;
    int status = 0;
    self->task = wio_current_task();
    self->users++;
    while (status >= 0 || status == -ENOMEM) {
        wio_stream *stream = NULL;
        wio__here = self->created;
        status = accept_one(self, wio__the.current, &stream);
        if (status >= 0) start(self, stream);
        else if (status == -ENOMEM && wio_sleep(PAUSE) < 0) break;
    }
    wio__op_end(&self->listen, true);
    self->task = NULL;
    while (wio__waiters_grant(&self->forever, 0)) {
    }
    check_closed(self);
    release(self);
    return status;
}

/* --------------------------------------------------------------------------------------------------- Listening --- */

static const wio__wait listen_wait = {.kind = "socket to listen", .abort = wio__op_abort, .undo = wio__op_undo};

static int listen_on(wio__task *task, server *self, const tcp_request *request) {
    int status = wio__op_begin(&self->listen);
    if (status < 0) return wio__fails(status);
    wio__host_op_start(self->listen.id, WIO__OP_LISTEN, request);
    status = wio__op_wait(task, &self->listen, &listen_wait);
    if (self->listen.id && status < 0) wio__op_failed(&self->listen);
    if (status < 0) wio__op_end(&self->listen, true);
    return status;
}

static int begin(server *self) {
    self->id = wio__ids_take(&ids, self);
    if (!self->id) return wio__fails(-ENOMEM);
    wio__here = self->created;
    self->users = 1;
    wio_task_options options = {.name = self->listen.data, .eager = true};
    wio_task *task = wio_create_task_with(accepts, self, &options);
    free(self->listen.data);
    self->listen.data = NULL;
    bool started = self->task || !self->listen.id;
    wio_detach(task);
    if (started) return 0;
    wio__ids_give(&ids, self->id);
    return wio__fails(task && wio__the.run_ending ? -ECANCELED : -ENOMEM);
}

int wio_listen_with(const char *host, int port, wio_connection_fn *handler, void *arg, const wio_tcp_options *options,
                    wio_server **out) {
    wio__task *task = wio__self("wio_listen");
    if (out) *out = NULL;
    if (!task) return -EPERM;
    if (!handler || !out) return wio__misuse_null("wio_listen", handler ? "server" : "handler");
    if (port < 0 || port > 65535) return wio__misuse(-EINVAL, "wio_listen", "the port is not in 0..65535");
    const wio_tcp_options none = {0};
    if (!options) options = &none;
    if (options->tls && (!options->certificate || !options->key))
        return wio__misuse(-EINVAL, "wio_listen", "tls needs a certificate and its key");
    server *self = calloc(1, sizeof *self);
    if (!self) return wio__fails(-ENOMEM);
    self->handler = handler;
    self->arg = arg;
    self->limit = options->limit;
    self->stack_size = options->stack_size;
    self->created = wio__here;
    tcp_request request = tcp_request_of(host, port, options);
    int status = listen_on(task, self, &request);
    self->port = status;
    if (status >= 0) status = begin(self);
    if (status < 0) {
        wio__op_end(&self->listen, true);
        free(self->listen.data);
        free(self);
        return status;
    }
    *out = (wio_server *)(uintptr_t)self->id;
    WIO__MADE("server", self);
    return 0;
}

int wio_listen(const char *host, int port, wio_connection_fn *handler, void *arg, wio_server **out) {
    return wio_listen_with(host, port, handler, arg, NULL, out);
}

int wio_server_port(const wio_server *handle) {
    const server *self = find(handle, "wio_server_port");
    return self ? self->port : -EINVAL;
}

/* ----------------------------------------------------------------------------------------------------- Closing --- */

static void stop(server *self) {
    if (self->task) wio_task_cancel(self->task);
}

static bool forever_abort(void *task) {
    wio__task *waiter = task;
    wio__waiters_remove(&waiter->waiter);
    stop(waiter->object);
    return true;
}

static const wio__wait forever_wait = {.kind = "server", .abort = forever_abort};

int wio_server_serve_forever(wio_server *handle) {
    wio__task *task = wio__self("wio_server_serve_forever");
    if (!task) return -EPERM;
    server *self = find(handle, "wio_server_serve_forever");
    if (!self) return -EINVAL;
    if (!self->task) return 0;
    self->users++;
    wio__waiters_push(&self->forever, &task->waiter, task);
    int status = wio__park(task, &forever_wait, self);
    release(self);
    return status;
}

static void give_back(server *self) {
    WIO__GONE(self);
    wio__ids_give(&ids, self->id);
    self->id = 0;
    stop(self);
}

void wio_server_close(wio_server *handle) {
    if (!handle) return;
    server *self = find(handle, "wio_server_close");
    if (!self) return;
    give_back(self);
    release(self);
}

static bool closed_abort(void *task) {
    wio__waiters_remove(&((wio__task *)task)->waiter);
    return true;
}

static const wio__wait closed_wait = {.kind = "connections to end", .abort = closed_abort};

int wio_server_wait_closed(wio_server *handle) {
    wio__task *task = wio__self("wio_server_wait_closed");
    if (!task) return -EPERM;
    server *self = find(handle, "wio_server_wait_closed");
    if (!self) return -EINVAL;
    give_back(self);
    int status = 0;
    if (self->task || self->connections) {
        wio__waiters_push(&self->closers, &task->waiter, task);
        status = wio__park(task, &closed_wait, self);
    }
    release(self);
    return status;
}
