#include "op.h"

enum { SLOT_BITS = 20 };

static wio__op **ops;
static uint16_t *generations;
static uint32_t capacity, used;
static uint32_t *free_slots;
static uint32_t free_count;

static bool grow(void) {
    uint32_t more = capacity ? capacity * 2 : 64;
    if (more > 1u << SLOT_BITS) return false;
    wio__op **new_ops = realloc(ops, more * sizeof *ops);
    if (new_ops) ops = new_ops;
    uint16_t *new_generations = realloc(generations, more * sizeof *generations);
    if (new_generations) generations = new_generations;
    uint32_t *new_free = realloc(free_slots, more * sizeof *free_slots);
    if (new_free) free_slots = new_free;
    if (!new_ops || !new_generations || !new_free) return false;
    for (uint32_t i = capacity; i < more; i++) {
        ops[i] = NULL;
        generations[i] = 0;
    }
    capacity = more;
    return true;
}

static wio__op *find(uint32_t id) {
    uint32_t slot = id & ((1u << SLOT_BITS) - 1);
    return id && slot < used && ops[slot] && ops[slot]->id == id ? ops[slot] : NULL;
}

int wio__op_begin(wio__op *op) {
    if (free_count == 0 && used == capacity && !grow()) return -ENOMEM;
    uint32_t slot = free_count ? free_slots[--free_count] : used++;
    generations[slot] = (uint16_t)((generations[slot] + 1) & 0xFFF);
    if (generations[slot] == 0) generations[slot] = 1;
    *op = (wio__op){.name = op->name,
                    .of = op->of,
                    .id = (uint32_t)generations[slot] << SLOT_BITS | slot,
                    .into = op->into,
                    .room = op->room};
    ops[slot] = op;
    wio__the.pending++;
    return 0;
}

static void settled(wio__op *op) {
    if (op->done) return;
    op->done = true;
    wio__the.pending--;
}

/* A read is a phase of what it reads from. */
static void phase(const wio__op *op, const char *what, int value) {
    WIO__TRACE_OP(WIO_TRACE_PHASE, op->of ? op->of : op->id, what, NULL, value);
}

void wio__op_end(wio__op *op, bool cancel) {
    if (!op->id) return;
    uint32_t id = op->id, slot = id & ((1u << SLOT_BITS) - 1);
    if (cancel) phase(op, op->done ? "closed" : "aborted", 0);
    settled(op);
    op->id = 0;
    ops[slot] = NULL;
    free_slots[free_count++] = slot;
    if (cancel) wio__host_op_cancel(id);
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
    if (!op->of) WIO__TRACE_OP(WIO_TRACE_STARTED, op->id, wait->kind, op->name, 0);
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
    phase(op, status < 0 ? "failed" : !op->of ? "answered" : status > 0 ? "body" : "end", status);
    if (op->task) wio__wake(op->task, status);
}
