/* Notes on errors: linked only into programs that add any. */
#include "text.h"

#include <stdarg.h>

WIO__TELLS

bool wio__note_add(wio__note *note, const char *line, size_t size) {
    const char *task = note->text ? note->text : wio__name(wio__the.current);
    const char *message = note->text ? task + strlen(task) + 1 : wio_error_text(note->code);
    const char *notes = note->text ? message + strlen(message) + 1 : "";
    size_t sizes[] = {strlen(task) + 1, strlen(message) + 1, strlen(notes)};
    bool more = sizes[2] > 0;
    char *text = malloc(sizes[0] + sizes[1] + sizes[2] + more + size + 1), *at = text;
    if (!text) return false;
    at = (char *)memcpy(at, task, sizes[0]) + sizes[0];
    at = (char *)memcpy(at, message, sizes[1]) + sizes[1];
    at = (char *)memcpy(at, notes, sizes[2]) + sizes[2];
    if (more) *at++ = '\n';
    memcpy(at, line, size);
    at[size] = '\0';
    free(note->text);
    note->text = text;
    return true;
}

void wio__report_notes(wio__text *text, const char *notes) {
    for (const char *at = notes; *at; at += *at == '\n') {
        size_t size = strcspn(at, "\n");
        wio__text_add(text, "  ");
        wio__text_add_size(text, at, size);
        wio__text_add(text, "\n");
        at += size;
    }
}

int wio_add_note(int code, const char *format, ...) {
    wio__task *self = wio__the.current;
    wio__note *note = self ? &self->note : &wio__the.outside;
    if (code >= 0 || !format) return code;
    if (note->code != code)
        *note = (wio__note){.code = code, .where = wio__here, .text = (wio__note_clear(note), NULL)};
    char line[512];
    va_list list;
    va_start(list, format);
    int size = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    if (size >= (int)sizeof line) size = sizeof line - 1;
    if (size > 0) wio__note_add(note, line, (size_t)size);
    return code;
}
