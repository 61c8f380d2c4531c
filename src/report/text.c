#include "text.h"

void wio__text_flush(wio__text *text) {
    if (text->size == 0) return;
    if (text->flush) wio__context_leaf(text->flush, text);
    else wio__host_log(text->buffer, text->size);
    text->size = 0;
}

void wio__text_add_size(wio__text *text, const char *string, size_t size) {
    while (size > 0) {
        if (text->size == sizeof text->buffer) wio__text_flush(text);
        size_t room = sizeof text->buffer - text->size;
        size_t part = size < room ? size : room;
        memcpy(text->buffer + text->size, string, part);
        text->size += part;
        string += part;
        size -= part;
    }
}

void wio__text_add(wio__text *text, const char *string) { wio__text_add_size(text, string, strlen(string)); }

void wio__text_number(wio__text *text, long number) {
    char digits[24], *at = digits + sizeof digits;
    unsigned long rest = number < 0 ? 0 - (unsigned long)number : (unsigned long)number;
    do *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0) *--at = '-';
    wio__text_add_size(text, at, (size_t)(digits + sizeof digits - at));
}

void wio__text_place(wio__text *text, const char *place) {
    if (!place) place = "?";
    const char *name = place, *at = place;
    for (; *at && *at != '\n'; at++)
        if (*at == '/' || *at == '\\') name = at + 1;
    wio__text_add_size(text, name, (size_t)(at - name));
}

bool wio__text_what(wio__text *text, const char *before, const char *place) {
    while (place && *place && *place != '\n') place++;
    if (!place || !*place) return false;
    const char *end = ++place;
    while (*end && *end != ',' && *end != '(') end++;
    wio__text_add(text, before);
    wio__text_add_size(text, place, (size_t)(end - place));
    return true;
}
