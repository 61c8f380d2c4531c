/* wio_fail() alone: what does not use it does not link printf. */
#include "../core/core.h"

#include <stdarg.h>

WIO__MORE_ERRORS

/* An error in clean-up replaces the cancel or timeout that led there; its notes say so (Python's __context__). */
static void note_cause(int code) {
    wio__task *self = wio__the.current;
    int reason = self && self->attention ? wio__reason(self) : 0;
    if (!reason || reason == code) return;
    const char *line = reason == -ETIMEDOUT ? "while it timed out" : "while it was being cancelled";
    wio__note_add(&self->note, line, strlen(line));
}

int wio_fail(int code, const char *format, ...) {
    char message[512] = "";
    if (code >= 0) code = -EINVAL;
    va_list list;
    va_start(list, format);
    int size = format ? vsnprintf(message, sizeof message, format, list) : 0;
    va_end(list);
    if (size < 0) size = 0;
    if ((size_t)size >= sizeof message) size = sizeof message - 1;
    wio__note_set(code, message, (size_t)size);
    note_cause(code);
    return code;
}
