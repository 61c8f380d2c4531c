/* Reading: everything comes through the stream's own buffer, so that a read which is given up, or wants a separator that is
 * not there yet, loses nothing. */
#define _GNU_SOURCE
#include "stream.h"

enum { LEAST = 4096, MOST = 65536 }; /* room for what comes next */

/* ------------------------------------------------------------------------------------------------- The buffer --- */

/* Ends the NUL behind what the last read has handed out. */
static void unhold(wio__stream *stream) {
    if (stream->held_at) *stream->held_at = stream->held;
    stream->held_at = NULL;
}

/* Room for the next bytes, more of it the more there is. */
static bool reserve(wio__stream *stream) {
    if (stream->size == 0) stream->start = 0;
    size_t wanted = stream->size < LEAST ? LEAST : stream->size < MOST ? stream->size : MOST;
    if (stream->room - stream->start - stream->size >= wanted) return true;
    if (stream->start) memmove(stream->buffer, stream->buffer + stream->start, stream->size);
    stream->start = 0;
    if (stream->room - stream->size >= wanted) return true;
    size_t room = stream->room ? 2 * stream->room : LEAST;
    char *more = realloc(stream->buffer, room + 1);
    if (!more) return stream->room > stream->size;
    stream->buffer = more;
    stream->room = room;
    return true;
}

/* A long read is over: what it needed is not kept. */
static void shrink(wio__stream *stream) {
    if (stream->size || stream->room <= 2 * MOST) return;
    free(stream->buffer);
    stream->buffer = NULL;
    stream->start = stream->room = 0;
}

static void taken(wio__stream *stream, size_t size) {
    stream->start += size;
    stream->size -= size;
}

/* Hands out the first bytes where they are, with a NUL behind. */
static long hand_out(wio__stream *stream, size_t size, const char **data) {
    char *at = stream->buffer + stream->start;
    *data = size ? at : "";
    if (size) {
        stream->held_at = at + size;
        stream->held = at[size];
        at[size] = '\0';
        taken(stream, size);
    }
    return (long)size;
}

/* ---------------------------------------------------------------------------------------------- From the host --- */

/* The host has answered: bytes, the end, or why not. */
static int landed(wio__stream *stream) {
    wio__op *op = &stream->read;
    int status = op->status;
    if (status > 0) stream->size += op->size;
    else if (status == 0) stream->ended = true;
    else stream->error = wio__op_failed(op);
    op->data = NULL;
    /* Whole chunks came: ask for more at a time. */
    if (status > 0 && op->size == op->room && stream->room < MOST) {
        char *more = realloc(stream->buffer, 2 * stream->room + 1);
        if (more) stream->buffer = more, stream->room *= 2;
    }
    wio__op_end(op, false);
    return status;
}

/* Answered, but the task was cancelled before it ran: the next read has the bytes. */
static bool read_undo(void *task) {
    wio__op *op = ((wio__task *)task)->object;
    if (op->id) landed((wio__stream *)(void *)((char *)op - offsetof(wio__stream, read)));
    return true;
}

static const wio__wait read_wait = {.kind = "stream", .abort = wio__op_abort, .undo = read_undo, .of = WIO__OF_NAMED};

/* Waits for more bytes: how many; 0 at the end. After -ECONNABORTED the stream is gone. */
static int more(wio__task *self, wio__stream *stream) {
    if (stream->error) return wio__fails(stream->error);
    if (stream->ended) return 0;
    if (!reserve(stream)) return wio__fails(-ENOMEM);
    wio__op *op = &stream->read;
    size_t used = stream->start + stream->size;
    *op = (wio__op){.of = stream->op.id, .into = stream->buffer + used, .room = stream->room - used};
    if (stream->names) op->name = stream->names + strlen(stream->names) + 1;
    int status = wio__op_begin(op);
    if (status < 0) return wio__fails(status);
    wio__stream_enter(stream);
    wio__host_op_start(op->id, WIO__OP_STREAM_READ, &(stream_read_request){stream->op.id, op->room});
    status = wio__op_wait(self, op, &read_wait);
    if (wio__stream_leave(stream)) return wio__fails(-ECONNABORTED);
    return op->id ? landed(stream) : status;
}

/* The calling task may read this stream now. */
static wio__stream *reading(wio_stream *handle, const char *function, int *error) {
    *error = -EPERM;
    if (!wio__self(function)) return NULL;
    *error = -EINVAL;
    wio__stream *stream = wio__stream_find(handle, function);
    if (!stream) return NULL;
    if (!(stream->ways & WIO__READS)) *error = wio__misuse(-ENOTSUP, function, "this stream is for writing only");
    else if (stream->read.id) *error = wio__misuse(-EBUSY, function, "another task is reading this stream");
    else *error = 0;
    if (*error) return NULL;
    unhold(stream);
    return stream;
}

/* ----------------------------------------------------------------------------------------------------- Reading --- */

long wio_stream_read(wio_stream *handle, void *buffer, size_t size) {
    int status;
    wio__stream *stream = reading(handle, "wio_stream_read", &status);
    if (!stream) return status;
    if (!buffer && size) return wio__misuse_null("wio_stream_read", "buffer");
    if (size == 0) return 0;
    while (stream->size == 0)
        if ((status = more(wio__the.current, stream)) <= 0) return status;
    if (size > stream->size) size = stream->size;
    memcpy(buffer, stream->buffer + stream->start, size);
    taken(stream, size);
    shrink(stream);
    return (long)size;
}

long wio_stream_read_all(wio_stream *handle, char **data) {
    int status;
    if (data) *data = NULL;
    wio__stream *stream = reading(handle, "wio_stream_read_all", &status);
    if (!stream) return status;
    if (!data) return wio__misuse_null("wio_stream_read_all", "data");
    while ((status = more(wio__the.current, stream)) > 0) {
    }
    if (status < 0) return status;
    size_t size = stream->size;
    if (stream->start) memmove(stream->buffer, stream->buffer + stream->start, size);
    char *all = realloc(stream->buffer, size + 1);
    if (!all) all = stream->buffer; /* larger than need be */
    if (!all) return wio__fails(-ENOMEM);
    all[size] = '\0';
    stream->buffer = NULL;
    stream->start = stream->size = stream->room = 0;
    *data = all;
    return (long)size;
}

long wio_stream_readexactly(wio_stream *handle, void *buffer, size_t size) {
    int status;
    wio__stream *stream = reading(handle, "wio_stream_readexactly", &status);
    if (!stream) return status;
    if (!buffer && size) return wio__misuse_null("wio_stream_readexactly", "buffer");
    while (stream->size < size) {
        status = more(wio__the.current, stream);
        if (status < 0) return status;
        if (status == 0) {
            stream->partial = stream->size;
            if (stream->size) memcpy(buffer, stream->buffer + stream->start, stream->size);
            taken(stream, stream->size);
            return wio__fails(-EBADMSG);
        }
    }
    if (size) memcpy(buffer, stream->buffer + stream->start, size);
    taken(stream, size);
    shrink(stream);
    return (long)size;
}

/* ------------------------------------------------------------------------------------------------- Separators --- */

/* The end of the shortest read that a separator ends, looked for from `from` on; 0: none is there. *start is where it begins. */
static size_t find_end(const wio__stream *stream, const wio_bytes *separators, size_t n, size_t from, size_t *start) {
    const char *at = stream->buffer + stream->start;
    size_t end = 0;
    for (size_t i = 0; i < n; i++) {
        size_t size = separators[i].size;
        if (stream->size < from + size) continue;
        const char *found = memmem(at + from, stream->size - from, separators[i].data, size);
        if (!found || (end && (size_t)(found - at) + size >= end)) continue;
        *start = (size_t)(found - at);
        end = *start + size;
    }
    return end;
}

/* How far it has come when it fails: `*found` is where a separator beyond the limit ends. */
static long read_until(wio__stream *stream, const wio_bytes *separators, size_t n, const char **data, size_t *found) {
    size_t longest = 0, from = 0, start = 0, end = 0;
    for (size_t i = 0; i < n; i++)
        if (separators[i].size > longest) longest = separators[i].size;
    for (;;) {
        if (stream->size) end = find_end(stream, separators, n, from, &start);
        if (end) break;
        from = stream->size + 1 > longest ? stream->size + 1 - longest : 0; /* the beginning of one may be there */
        if (from > stream->limit) break;
        int status = more(wio__the.current, stream);
        if (status < 0) return status;
        if (status == 0) {
            stream->partial = stream->size;
            hand_out(stream, stream->size, data);
            return wio__fails(-EBADMSG);
        }
    }
    *found = end;
    if (!end || start > stream->limit) return wio__fails(-EMSGSIZE);
    return hand_out(stream, end, data);
}

static bool usable(const wio_bytes *separators, size_t n) {
    if (!separators || n == 0) return false;
    for (size_t i = 0; i < n; i++)
        if (!separators[i].data || separators[i].size == 0) return false;
    return true;
}

static long until(wio_stream *handle, const wio_bytes *separators, size_t n, const char **data, const char *function) {
    int status;
    if (data) *data = "";
    wio__stream *stream = reading(handle, function, &status);
    if (!stream) return status;
    if (!data) return wio__misuse_null(function, "data");
    if (!usable(separators, n)) return wio__misuse(-EINVAL, function, "a separator must have a byte at least");
    size_t found;
    return read_until(stream, separators, n, data, &found);
}

long wio_stream_readuntil(wio_stream *handle, const void *separator, size_t size, const char **data) {
    wio_bytes one = {.data = (void *)(uintptr_t)separator, .size = size};
    return until(handle, &one, 1, data, "wio_stream_readuntil");
}

long wio_stream_readuntil_any(wio_stream *handle, const wio_bytes *separators, size_t n, const char **data) {
    return until(handle, separators, n, data, "wio_stream_readuntil_any");
}

long wio_stream_readline(wio_stream *handle, const char **line) {
    int status;
    if (line) *line = "";
    wio__stream *stream = reading(handle, "wio_stream_readline", &status);
    if (!stream) return status;
    if (!line) return wio__misuse_null("wio_stream_readline", "line");
    char newline[] = "\n";
    size_t found = 0;
    long size = read_until(stream, &(wio_bytes){newline, 1}, 1, line, &found);
    if (size == -EBADMSG) return (long)stream->partial;                 /* the last line, or the end */
    if (size == -EMSGSIZE) taken(stream, found ? found : stream->size); /* to where the next line may begin */
    return size;
}

size_t wio_stream_partial(const wio_stream *handle) {
    wio__stream *stream = wio__stream_find(handle, NULL);
    return stream ? stream->partial : 0;
}

bool wio_stream_at_eof(const wio_stream *handle) {
    wio__stream *stream = wio__stream_find(handle, NULL);
    return !stream || (stream->ended && stream->size == 0);
}
