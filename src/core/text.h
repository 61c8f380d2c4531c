/* Reports without printf: a fixed buffer that is flushed to the host's log when full. printf would cost every program
 * 10 KB, and must not run on a small task stack. */
#ifndef WIO_TEXT_H
#define WIO_TEXT_H

#include "core.h"

typedef struct wio__text {
    size_t size;
    FILE *stream; /* NULL: the host's log */
    void (*flush)(struct wio__text *text);
    char buffer[496];
} wio__text;

void wio__text_add(wio__text *text, const char *string);
void wio__text_add_size(wio__text *text, const char *string, size_t size);
void wio__text_number(wio__text *text, long number);
void wio__text_place(wio__text *text, const char *place); /* "file.c:12" of a noted place, without folders */
void wio__text_what(wio__text *text, const char *place);  /* "fetch_page": the first word behind its newline */
void wio__text_flush(wio__text *text);

#endif
