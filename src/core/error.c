/* Errors: their names and texts, the note that carries a message with a code, and the report of a misuse. */
#include "errors.h"
#include "text.h"

const char *wio__here;

/* Name and text in one string: half the pointers. */
typedef struct {
    int code;
    const char *name_and_text;
} entry;

static const entry entries[] = {
#define X(code, text) {code, #code "\0" text},
    WIO__ERRORS(X)
#undef X
        {0, "EUNKNOWN\0unknown error"},
};

/* The same for codes that only a part of the library has: "NAME\0text", or NULL. Linked with that part. */
const char *wio__more_error(int code) __attribute__((weak));

const char *wio_error_name(int code) {
    const entry *each = entries;
    if (code > 0) code = -code;
    while (each->code && -each->code != code) each++;
    const char *more = !each->code && wio__more_error && code > -INT_MAX ? wio__more_error(-code) : NULL;
    if (more) return more;
    return each->name_and_text;
}

const char *wio_error_text(int code) {
    const char *name = wio_error_name(code);
    return name + strlen(name) + 1;
}

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

void wio__note_set(int code, const char *message, size_t size) {
    wio__task *self = wio__the.current;
    wio__note *note = self ? &self->note : &wio__the.outside;
    const char *name = wio__name(self);
    wio__note_clear(note);
    note->code = code;
    note->where = wio__here;
    if (!message) return;
    size_t name_size = strlen(name) + 1;
    note->text = malloc(name_size + size + 2);
    if (!note->text) return; /* the code must do: an error about an error helps nobody */
    memcpy(note->text, name, name_size);
    memcpy(note->text + name_size, message, size);
    memset(note->text + name_size + size, 0, 2); /* the message's end, and no notes */
}

wio_error wio__note_error(const wio__note *note, int code, const char *task_name) {
    bool mine = note->code == code;
    bool told = mine && note->text;
    const char *message = told ? note->text + strlen(note->text) + 1 : wio_error_text(code);
    return (wio_error){.code = code,
                       .name = wio_error_name(code),
                       .message = message,
                       .task = told ? note->text : task_name,
                       .where = mine && note->where ? note->where : "",
                       .notes = told ? message + strlen(message) + 1 : ""};
}

int wio__misuse(int code, const char *function, const char *problem) {
    wio__text text = {0};
    wio__text_add(&text, function);
    wio__text_add(&text, "(): ");
    wio__text_add(&text, problem);
    wio__note_set(code, text.buffer, text.size);
    wio__text line = {0};
    wio__text_add(&line, "wasyncio: ");
    if (wio__here) {
        wio__text_place(&line, wio__here);
        wio__text_add(&line, ": ");
    }
    wio__text_add_size(&line, text.buffer, text.size);
    wio__text_add(&line, "\n");
    wio__text_flush(&line);
    return code;
}

int wio__misuse_null(const char *function, const char *what) {
    wio__text text = {0};
    wio__text_add(&text, what);
    wio__text_add(&text, " is NULL");
    text.buffer[text.size] = '\0';
    return wio__misuse(-EINVAL, function, text.buffer);
}

wio__task *wio__self(const char *function) {
    wio__task *self = wio__the.current;
    if (self) return self;
    wio__misuse(-EPERM, function,
                wio__the.no_waiting ? wio__the.no_waiting
                : wio__the.host_depth
                    ? "a JavaScript function called from C cannot wait; start a task (WIO_EXPORT) instead"
                    : "works only inside a task; call it from a coroutine that wio_run() or wio_create_task() runs");
    return NULL;
}
