/* wio_print_tasks() alone: what does not use it does not link stdio. */
#include "text.h"

static bool to_stream(void *text) {
    wio__text *from = text;
    return fwrite(from->buffer, 1, from->size, from->to) == from->size;
}

void wio_print_tasks(FILE *stream) {
    wio__text text = {.to = stream ? stream : stderr, .flush = to_stream};
    wio__report_tree(&text, NULL, 0);
    wio__text_flush(&text);
}
