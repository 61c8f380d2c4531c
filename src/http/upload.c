/* A body that is sent in pieces, each when the host has room for it. */
#include "session.h"

enum { PIECE = 64 * 1024 };

static const wio__wait write_wait = {
    .kind = "request body", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};

/* 0: go on; 1: nobody wants more. */
static int write_piece(wio__task *self, wio_response *response, const void *bytes, size_t size) {
    wio__op *op = &response->read; /* nobody reads yet; and here a close of the session finds it */
    *op = (wio__op){.name = response->op.name, .of = response->op.id, .phase = "sending"};
    int status = wio__op_begin(op);
    if (status < 0) return status;
    wio__host_op_start(op->id, WIO__OP_WRITE, &(write_request){response->op.id, bytes, size});
    status = wio__op_wait(self, op, &write_wait);
    if (response->ended) return response->end;
    if (status < 0 && status == op->status) wio__op_failed(op);
    wio__op_end(op, false);
    return status;
}

static int send_pieces(wio__task *self, wio_response *response, const wio__body *body, wio_progress *progress,
                       char *buffer) {
    size_t sent = 0;
    for (;;) {
        long n = body->produce(body->arg, buffer, PIECE);
        if (n < 0 && self->note.code != (int)n) wio__note_set((int)n, NULL, 0); /* words of another error are not its */
        if (n < 0) return (int)n;
        if (n > PIECE)
            return wio__misuse(-EINVAL, "wio_session_request", "`produce` returned more than its buffer holds");
        if (response->ended) return response->end;
        if (body->size && (sent + (size_t)n > body->size || (n == 0 && sent < body->size)))
            return wio__misuse(-EINVAL, "wio_session_request", "`produce` did not produce body_size bytes");
        int status = write_piece(self, response, buffer, (size_t)n);
        if (status == 1 || n == 0) return 0;
        if (status < 0) return status;
        sent += (size_t)n;
        if (progress) progress->sent = sent;
    }
}

/* A body in memory, in pieces for the sake of progress. */
typedef struct {
    const char *at;
    size_t left;
} memory;

static long from_memory(void *arg, void *buffer, size_t size) {
    memory *self = arg;
    if (size > self->left) size = self->left;
    memcpy(buffer, self->at, size);
    self->at += size;
    self->left -= size;
    return (long)size;
}

int wio__body_send(wio__task *self, wio_response *response, const wio__body *body, wio_progress *progress) {
    char *buffer = malloc(PIECE);
    if (!buffer) return -ENOMEM;
    memory source = {body->data, body->size};
    wio__body all = *body;
    if (!all.produce) all.produce = from_memory, all.arg = &source;
    int status = send_pieces(self, response, &all, progress, buffer);
    free(buffer);
    return status;
}
