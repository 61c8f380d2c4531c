/* Every host operation is one op with an id. A late or forged completion finds no op and is dropped. */
#ifndef WIO_OP_H
#define WIO_OP_H

#include "../core/core.h"

/* A line in the module, for the loader: which of src/host's kinds of operations it must bring. */
#ifdef __wasm__
#define WIO__OP_NEEDS(kind) __asm__(".section .custom_section.wasyncio,\"\",@\n.ascii \"op\\t" #kind "\\n\"\n.text\n");
#else
#define WIO__OP_NEEDS(kind)
#endif

typedef enum {
    WIO__OP_FETCH = 1,
    WIO__OP_READ = 2,
    WIO__OP_WRITE = 10, /* src/io/fetch.h has the requests of these */
    WIO__OP_DECODE = 11,
    WIO__OP_CONNECTED = 12,
    WIO__OP_FORGET = 13,
    WIO__OP_EXECUTOR = 20,
    WIO__OP_JOB = 21,
    WIO__OP_THREAD = 22,
    WIO__OP_STREAM_READ = 32, /* src/io/stream.h has the requests of these */
    WIO__OP_STREAM_WRITE = 33,
    WIO__OP_STREAM_DRAIN = 34,
    WIO__OP_STREAM_EOF = 35,
    WIO__OP_STREAM_CLOSE = 36,
    WIO__OP_STREAM_CLOSED = 37,
    WIO__OP_CONNECT = 40,
    WIO__OP_LISTEN = 41,
    WIO__OP_ACCEPT = 42,
    WIO__OP_HANDSHAKE = 43,
    WIO__OP_STDIN = 44,
    WIO__OP_PROCESS = 48,
    WIO__OP_PROCESS_WAIT = 49,
    WIO__OP_PROCESS_SIGNAL = 50,
    WIO__OP_PROCESS_PIPE = 51,
    WIO__OP_SERVE_REQUEST = 52,
    WIO__OP_SERVE_BODY = 53,
    WIO__OP_SERVE_RESPOND = 54,
    WIO__OP_WEBSOCKET = 56,
    WIO__OP_WEBSOCKET_SEND = 57,
    WIO__OP_WEBSOCKET_RECEIVE = 58,
    WIO__OP_WEBSOCKET_PING = 59,
    WIO__OP_WEBSOCKET_CLOSE = 60,
} wio__op_kind;

typedef struct wio__op {
    const char *name;  /* a URL or the like, for reports (WIO__OF_NAMED: it stands first); or NULL */
    uint32_t of;       /* the operation that this one is a phase of, for traces; 0: none */
    const char *phase; /* which one; NULL: a read, "body" or "end" */
    uint32_t id;       /* 0: none */
    int status;
    void *into; /* where the answer's bytes go if they fit; otherwise malloc */
    size_t room;
    void *data; /* the answer's bytes: `into`, or a block that is the caller's to free */
    size_t size;
    wio__task *task;
    bool done;
    bool queued; /* asked for, and not yet given to the host */
    bool told;   /* traces know that it has started */
} wio__op;

/* Gives the op an id, unless it has one from wio__op_queue(), and counts it as under way. -ENOMEM. */
int wio__op_begin(wio__op *op);

/* Gives the op an id before its turn has come: it stands in a line of ours, and the host has nothing to do for it. Nothing
 * is under way, so the virtual clock moves on and a deadlock is found. -ENOMEM. */
int wio__op_queue(wio__op *op, const char *kind);

/* Traces are told that it has started, once. */
void wio__op_tell(wio__op *op, const char *kind);

/* Waits for wio__op_complete(). Aborted, the operation is cancelled in the host. */
int wio__op_wait(wio__task *self, wio__op *op, const wio__wait *wait);

/* The id is free; the host is told if `cancel`. */
void wio__op_end(wio__op *op, bool cancel);

bool wio__op_abort(void *task); /* for wait descriptors: the object is the op */
bool wio__op_undo(void *task);

/* A negative status with the host's words becomes the task's last error; frees the words. Returns the status. */
int wio__op_failed(wio__op *op);

#endif
