/* The native host's streams, servers, processes and WebSockets: scripted by the name that is connected to. Nothing here calls
 * malloc.
 *   "echo"    what is written comes back; after its end, the end
 *   "says"    "one\ntwo\nthree" and the end (also standard input and a process's output)
 *   "breaks"  "half" and then -ECONNRESET
 *   "full"    echo; drain takes a second
 *   "refuse"  -ECONNREFUSED;  "hang"  nothing, ever */
#include "host.h"

#include "../../src/core/core.h"
#include "../../src/io/process.h"
#include "../../src/io/serve.h"
#include "../../src/io/tcp.h"
#include "../../src/io/websocket.h"

enum { STREAMS = 64, ROOM = 8192, ANSWERS = 128, CONNECTIONS = 3, PORT = 8000, PID = 42 };
static const double soon = 0.01;

typedef struct {
    uint32_t id, reader; /* 0: free; nobody reads */
    size_t wanted;
    char data[ROOM];
    size_t start, size;
    bool ended, breaks, full, echoes, listens;
    int connections;
} stream;

static stream streams[STREAMS];

static stream *stream_of(uint32_t id) {
    for (int i = 0; id && i < STREAMS; i++)
        if (streams[i].id == id) return &streams[i];
    return NULL;
}

/* An answer that comes a little later. */
typedef struct {
    uint32_t id; /* 0: free */
    int status;
    char bytes[64];
    size_t size;
} answer;

static answer answers[ANSWERS];

static void complete(uint32_t id, int status, const char *bytes, size_t size) {
    void *at = bytes ? wio__op_alloc(id, size) : NULL;
    if (bytes && !at) wio__op_complete(id, -ENOMEM, 0);
    if (bytes && !at) return;
    if (bytes) memcpy(at, bytes, size);
    wio__op_complete(id, status, size);
}

static void give(void *arg) {
    answer given = *(answer *)arg;
    ((answer *)arg)->id = 0;
    complete(given.id, given.status, given.size ? given.bytes : NULL, given.size);
}

static void later(uint32_t id, double seconds, int status, const char *bytes, size_t size) {
    for (int i = 0; i < ANSWERS; i++) {
        if (answers[i].id) continue;
        answers[i] = (answer){.id = id, .status = status, .size = size};
        if (bytes) memcpy(answers[i].bytes, bytes, size);
        host_later(seconds, give, &answers[i]);
        return;
    }
    abort();
}

static void later_fails(uint32_t id, int status, const char *words) { later(id, soon, status, words, strlen(words)); }

static stream *open(uint32_t id, const char *what) {
    stream *opened = NULL;
    for (int i = 0; !opened && i < STREAMS; i++)
        if (!streams[i].id) opened = &streams[i];
    if (!opened) abort();
    memset(opened, 0, sizeof *opened);
    opened->id = id;
    opened->echoes = strcmp(what, "echo") == 0 || strcmp(what, "full") == 0;
    opened->full = strcmp(what, "full") == 0;
    opened->breaks = strcmp(what, "breaks") == 0;
    const char *data = opened->breaks ? "half" : opened->echoes ? "" : "one\ntwo\nthree";
    opened->size = strlen(data);
    memcpy(opened->data, data, opened->size);
    opened->ended = !opened->echoes && !opened->breaks;
    host_count.streams++;
    return opened;
}

static void close(stream *closed) {
    if (!closed) return;
    closed->id = 0;
    host_count.streams--;
}

static void deliver(stream *self) {
    uint32_t id = self->reader;
    if (!id || (!self->size && !self->ended && !self->breaks)) return;
    self->reader = 0;
    size_t size = self->size < self->wanted ? self->size : self->wanted;
    if (!size && self->breaks) later_fails(id, -ECONNRESET, "the fake stream broke");
    else if (!size) wio__op_complete(id, 0, 0);
    else complete(id, (int)size, self->data + self->start, size);
    self->start += size;
    self->size -= size;
}

static void add(stream *self, const void *data, size_t size) {
    if (!self->echoes || size > ROOM) return;
    if (!self->size) self->start = 0;
    if (self->start + self->size + size > ROOM) {
        memmove(self->data, self->data + self->start, self->size);
        self->start = 0;
    }
    if (self->size + size > ROOM) return;
    memcpy(self->data + self->start + self->size, data, size);
    self->size += size;
}

/* ------------------------------------------------------------------------------------------------- Operations --- */

static const char names[] = "fake:1\0fake:2";

static void connect_to(uint32_t id, const char *name, const char *bytes, size_t size) {
    if (strcmp(name, "hang") == 0) return;
    if (strcmp(name, "refuse") == 0) {
        later_fails(id, -ECONNREFUSED, "the fake host refused");
        return;
    }
    open(id, name);
    later(id, soon, 0, bytes, size);
}

static void stream_start(uint32_t id, int kind, const void *request) {
    uint32_t of = ((const stream_request *)request)->stream;
    stream *self = stream_of(of);
    if (kind == WIO__OP_STREAM_READ && self) {
        self->reader = id;
        self->wanted = ((const stream_read_request *)request)->size;
        deliver(self);
    } else if (kind == WIO__OP_STREAM_WRITE && self) {
        const stream_write_request *write = request;
        add(self, write->data, write->size);
        deliver(self);
    } else if (kind == WIO__OP_STREAM_DRAIN) {
        if (self && self->full) later(id, 1, 0, NULL, 0);
        else wio__op_complete(id, 0, 0);
    } else if (kind == WIO__OP_STREAM_EOF && self) {
        self->ended = true;
        deliver(self);
    } else if (kind == WIO__OP_STREAM_CLOSE) {
        close(self);
    } else if (kind == WIO__OP_STREAM_CLOSED) {
        later(id, soon, 0, NULL, 0);
    }
}

static void server_start(uint32_t id, int kind, const void *request) {
    static const char name[] = "server fake:1";
    if (kind == WIO__OP_LISTEN) {
        open(id, "echo")->listens = true;
        later(id, soon, PORT, name, sizeof name);
        return;
    }
    stream *listener = stream_of(((const stream_request *)request)->stream);
    if (!listener || listener->connections++ >= CONNECTIONS) return;
    open(id, "says");
    later(id, soon, 0, names, sizeof names);
}

static void process_start(uint32_t id, int kind, const void *request) {
    if (kind == WIO__OP_PROCESS) {
        if (strcmp(((const process_request *)request)->argv[0], "refuse") == 0) later_fails(id, -ENOENT, "no such fake");
        else later(id, soon, PID, NULL, 0);
    } else if (kind == WIO__OP_PROCESS_PIPE) {
        open(id, ((const process_pipe_request *)request)->which ? "says" : "echo");
        wio__op_complete(id, 0, 0);
    } else if (kind == WIO__OP_PROCESS_WAIT) {
        later(id, soon, WIO__KILLED_BY + 9, NULL, 0);
    }
}

static void websocket_start(uint32_t id, int kind, const void *request) {
    stream *self = kind == WIO__OP_WEBSOCKET ? NULL : stream_of(*(const uint32_t *)request);
    if (kind == WIO__OP_WEBSOCKET) {
        connect_to(id, ((const websocket_request *)request)->url, "chat", 5);
    } else if (kind == WIO__OP_WEBSOCKET_SEND && self) {
        websocket_send_request *send = (websocket_send_request *)(uintptr_t)request;
        send->full = self->full;
        add(self, send->data, send->size);
        if (self->reader) complete(self->reader, WIO__BINARY, self->data + self->start, self->size);
        if (self->reader) self->size = 0;
        self->reader = 0;
    } else if (kind == WIO__OP_WEBSOCKET_RECEIVE && self) {
        static const char end[] = "\xe8\x03" "bye\0"; /* 1000, reason, no words */
        if (self->size) complete(id, WIO__BINARY, self->data + self->start, self->size);
        else if (self->ended) complete(id, 0, end, sizeof end);
        else self->reader = id;
        self->size = 0;
    } else if (kind == WIO__OP_WEBSOCKET_PING) {
        later(id, soon, 0, NULL, 0);
    } else if (kind == WIO__OP_WEBSOCKET_CLOSE) {
        if (id) later(id, soon, ((const websocket_close_request *)request)->code, NULL, 0);
        close(self);
    }
}

static void serve_start(uint32_t id, int kind, const void *request) {
    static const char strings[] = "GET\0http://fake/path?q=1\0/path\0x-token\0secret\0\0q\0001\0";
    if (kind == WIO__OP_SERVE_REQUEST) {
        complete(id, 0, strings, sizeof strings);
    } else if (kind == WIO__OP_SERVE_BODY) {
        open(id, "says");
        wio__op_complete(id, 0, 0);
    } else {
        respond_request *respond = (respond_request *)(uintptr_t)request;
        if (respond->headers && strchr(respond->headers->value, '\n')) respond->error = -EINVAL;
        else host_count.responded = respond->status;
        if (!id || respond->error) return;
        open(id, "full");
        wio__op_complete(id, 0, 0);
    }
}

bool host_streams_start(uint32_t id, int kind, const void *request) {
    if (kind >= WIO__OP_STREAM_READ && kind <= WIO__OP_STREAM_CLOSED) stream_start(id, kind, request);
    else if (kind == WIO__OP_CONNECT) connect_to(id, ((const tcp_request *)request)->host, names, sizeof names);
    else if (kind == WIO__OP_LISTEN || kind == WIO__OP_ACCEPT) server_start(id, kind, request);
    else if (kind == WIO__OP_STDIN) open(id, "says"), wio__op_complete(id, 0, 0);
    else if (kind >= WIO__OP_PROCESS && kind <= WIO__OP_PROCESS_PIPE) process_start(id, kind, request);
    else if (kind >= WIO__OP_WEBSOCKET && kind <= WIO__OP_WEBSOCKET_CLOSE) websocket_start(id, kind, request);
    else if (kind >= WIO__OP_SERVE_REQUEST && kind <= WIO__OP_SERVE_RESPOND) serve_start(id, kind, request);
    else return false;
    return true;
}

void host_streams_cancel(uint32_t id) {
    for (int i = 0; i < STREAMS; i++)
        if (streams[i].id && streams[i].reader == id) streams[i].reader = 0;
    close(stream_of(id));
}
