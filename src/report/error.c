/* Errors: the note that carries a message with a code, and the report of a misuse. Their words are in words.c. */
#include "../core/core.h"

const char *wio__here;

void wio__note_clear(wio__note *note) {
    free(note->text);
    *note = (wio__note){0};
}

void wio__note_move(wio__note *to, wio__note *from) {
    if (to == from) return;
    wio__note_clear(to);
    *to = *from;
    *from = (wio__note){0};
}

void wio__note_copy(wio__note *to, const wio__note *from) {
    wio__note_clear(to);
    *to = *from;
    if (!from->text) return;
    size_t size = 0;
    for (int strings = 0; strings < 3; strings++) size += strlen(from->text + size) + 1;
    to->text = malloc(size);
    if (to->text) memcpy(to->text, from->text, size);
}

wio__note *wio__note_code(int code) {
    wio__task *self = wio__the.current;
    wio__note *note = self ? &self->note : &wio__the.outside;
    wio__note_clear(note);
    note->code = code;
    note->where = wio__here;
    return note;
}

static int misuse(int code, const char *function, const char *problem, bool is_null) {
    if (wio__tell_misuse) {
        wio__tell_misuse(code, function, problem, is_null);
        return code;
    }
    wio__note_code(code);
    wio__host_report(is_null ? WIO__REPORT_NULL : WIO__REPORT_MISUSE, code, 0, function, problem, wio__here, NULL);
    return code;
}

int wio__misuse(int code, const char *function, const char *problem) { return misuse(code, function, problem, false); }
int wio__misuse_null(const char *function, const char *what) { return misuse(-EINVAL, function, what, true); }

wio__task *wio__self(const char *function) {
    wio__task *self = wio__the.current;
    if (self) return self;
    wio__misuse(-EPERM, function,
                wio__the.no_waiting   ? wio__the.no_waiting
                : wio__the.host_depth ? WIO__WORD(FROM_JAVASCRIPT)
                                      : WIO__WORD(NOT_IN_TASK));
    return NULL;
}
