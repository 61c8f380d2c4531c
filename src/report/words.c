/* Names and texts of errors, and misuse in words: what reads errors in C links it. */
#include "errors.h"
#include "text.h"

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
    if (!code) return "OK\0success";
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

static const char *const words[] = {NULL,
#define X(name, text) text,
                                    WIO__WORDS(X)
#undef X
};

void wio__tell_misuse(int code, const char *function, const char *problem, bool is_null) {
    uintptr_t word = (uintptr_t)problem;
    wio__text text = {0};
    wio__text_add(&text, function);
    wio__text_add(&text, "(): ");
    wio__text_add(&text, word < WIO__WORDS_END ? words[word] : problem);
    if (is_null) wio__text_add(&text, " is NULL");
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
}
