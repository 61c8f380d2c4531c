/* Reports without printf: a fixed buffer that is flushed to the host's log when full. printf would cost every program
 * 10 KB, and must not run on a small task stack. */
#ifndef WIO_TEXT_H
#define WIO_TEXT_H

#include "../core/core.h"

typedef struct wio__text {
    size_t size;
    bool (*flush)(void *text); /* NULL: to the host's log */
    void *to;
    char buffer[496];
} wio__text;

void wio__text_add(wio__text *text, const char *string);
void wio__text_add_size(wio__text *text, const char *string, size_t size);
void wio__text_number(wio__text *text, long number);
void wio__text_place(wio__text *text, const char *place); /* "file.c:12" of a noted place, without folders */
/* "fetch_page", the first word behind the place's newline, and `before` before it; false if there is none. */
bool wio__text_what(wio__text *text, const char *before, const char *place);
void wio__text_flush(wio__text *text);

/* Name, state, what it waits for, and where: no line end. */
void wio__report_task(wio__text *text, const wio__task *task);

/* In files that have something for reports which only C knows (notes, and tasks that others wait for): links what reports, in
 * programs for size, too. */
#define WIO__TELLS __attribute__((used)) static void (*const tells)(wio__text *, const wio__task *) = wio__report_task;

/* The live tasks by who awaits whom, and cycles; `more`: with ages, places of creation and who cancelled them. */
WIO__WEAK void wio__tree(wio__text *text, int depth, bool more);

/* The rest of "… failed and nobody looked", flushed. */
void wio__report_error(wio__text *text, const wio_error *error, const char *created);
void wio__report_notes(wio__text *text, const char *notes) __attribute__((weak)); /* if the program adds any */

#endif
