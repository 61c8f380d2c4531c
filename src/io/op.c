#include "op.h"
#include "../core/ids.h"

WIO__MORE_ERRORS

static wio__ids ids;

static wio__op *find(uint32_t id) { return wio__ids_find(&ids, id); }

/* Reads, and whatever else refers to an operation, are phases of it. */
static void phase(const wio__op *op, const char *what, int value) {
    WIO__TRACE_OP(WIO_TRACE_PHASE, op->of ? op->of : op->id, what, NULL, value);
}

void wio__op_tell(wio__op *op, const char *kind) {
    if (op->of || op->told) return;
    op->told = true;
    WIO__TRACE_OP(WIO_TRACE_STARTED, op->id, kind, op->name, op->queued);
}

static int take_id(wio__op *op) {
    uint32_t id = wio__ids_take(&ids, op);
    if (!id) return -ENOMEM;
    *op = (wio__op){.name = op->name, .of = op->of, .phase = op->phase, .id = id, .into = op->into, .room = op->room};
    return 0;
}

int wio__op_begin(wio__op *op) {
    int status = op->queued ? 0 : take_id(op);
    if (status < 0) return status;
    if (op->queued) phase(op, "sent", 0);
    op->queued = op->done = false;
    wio__the.pending++;
    return 0;
}

int wio__op_queue(wio__op *op, const char *kind) {
    int status = take_id(op);
    if (status < 0) return status;
    op->queued = op->done = true; /* no completion counts */
    wio__op_tell(op, kind);
    return 0;
}

static void settled(wio__op *op) {
    if (op->done) return;
    op->done = true;
    wio__the.pending--;
}

void wio__op_end(wio__op *op, bool cancel) {
    if (!op->id) return;
    uint32_t id = op->id;
    bool queued = op->queued; /* the host does not know of it */
    if (cancel) phase(op, op->done && !queued ? "closed" : "aborted", 0);
    settled(op);
    op->id = 0;
    op->queued = false;
    wio__ids_give(&ids, id);
    if (cancel && !queued) wio__host_op_cancel(id);
}

bool wio__op_abort(void *task) {
    wio__op_end(((wio__task *)task)->object, true);
    return true;
}

bool wio__op_undo(void *task) {
    wio__op *op = ((wio__task *)task)->object;
    if (op->data != op->into) free(op->data);
    op->data = NULL;
    wio__op_end(op, true);
    return true;
}

int wio__op_wait(wio__task *self, wio__op *op, const wio__wait *wait) {
    if (op->done) return op->status;
    op->task = self;
    wio__op_tell(op, wait->kind);
    int status = wio__park(self, wait, op);
    op->task = NULL;
    return status;
}

int wio__op_failed(wio__op *op) {
    wio__note_set(op->status, op->data, op->size);
    if (op->data != op->into) free(op->data);
    op->data = NULL;
    return op->status;
}

WIO__ENTRY(wio__op_alloc) void *wio__op_alloc(uint32_t id, size_t size) {
    wio__op *op = find(id);
    if (!op || op->done) return NULL;
    return op->data = op->into && size <= op->room ? op->into : malloc(size ? size : 1);
}

WIO__ENTRY(wio__op_complete) void wio__op_complete(uint32_t id, int status, size_t size) {
    wio__op *op = find(id);
    if (!op || op->done) return;
    op->status = status;
    op->size = op->data ? size : 0;
    settled(op);
    phase(op,
          status < 0   ? "failed"
          : !op->of    ? "answered"
          : op->phase  ? op->phase
          : status > 0 ? "body"
                       : "end",
          status);
    if (op->task) wio__wake(op->task, status);
}
