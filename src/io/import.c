/* WIO_IMPORT: the host function that C called has returned a promise, and its caller waits here for it. JavaScript stands
 * between the caller and this function, on the way out and on the way back in. */
#include "op.h"

static const wio__wait import_wait = {
    .kind = "import", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};

static wio__op *op_of(wio__task *task) { return (wio__op *)task->extra->import_op; }

/* The id to complete, or 0 if the caller cannot wait (its error is noted). */
WIO__ENTRY(wio__import_begin) uint32_t wio__import_begin(const char *name) {
    wio__task *self = wio__the.current;
    wio__here = NULL; /* calls of imports do not note their place */
    if (!self) {
        wio__misuse(
            -EPERM, name,
            wio__the.host_depth
                ? "JavaScript called the C function that calls this, and would have to wait: make that a WIO_EXPORT"
                : "works only inside a task if its JavaScript function returns a promise; call it in wio_run()");
        return 0;
    }
    size_t size = strlen(name) + 1;
    wio__op *op = calloc(1, sizeof *op + size);
    if (op) op->name = memcpy(op + 1, name, size);
    wio__extra *extra = wio__extra_of(self, 0);
    if (!op || !extra || wio__op_begin(op) < 0) {
        free(op);
        wio__note_set(-ENOMEM, NULL, 0);
        return 0;
    }
    extra->import_op = op;
    return op->id;
}

/* Called twice, as everything that suspends: to wait, and to be rewound. */
WIO__ENTRY(wio__import_wait) int wio__import_wait(void) {
    wio__task *self = wio__the.current;
    int status = wio__op_wait(self, op_of(self), &import_wait);
    wio__op *op = op_of(self);
    self->extra->import_op = NULL;
    if (status < 0 && status == op->status) wio__op_failed(op);
    wio__op_end(op, false);
    free(op);
    return status;
}

/* Room for a string result that lives until the task's next import call. */
WIO__ENTRY(wio__import_text) char *wio__import_text(size_t size) {
    wio__task *self = wio__the.current;
    if (!self) return malloc(size);
    wio__extra *extra = wio__extra_of(self, 0);
    if (!extra) return NULL;
    free(extra->import_text);
    return extra->import_text = malloc(size);
}

/* A JavaScript function called from C threw at once, or rejected: its words, as the caller's last error. */
WIO__ENTRY(wio__import_failed) void wio__import_failed(int code, char *message, size_t size) {
    wio__note_set(code, message, size);
    free(message);
}

/* The calling task's handle: JavaScript keeps the answer under it until the task is resumed. */
WIO__ENTRY(wio__import_task) wio_task *wio__import_task(void) { return wio__handle_of(wio__the.current); }

/* Why wio__import_begin() has refused. */
WIO__ENTRY(wio__import_error) int wio__import_error(void) {
    return wio__the.current ? wio__the.current->note.code : wio__the.outside.code;
}
