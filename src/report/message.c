/* Errors with words of their own. */
#include "../core/core.h"

void wio__note_set(int code, const char *message, size_t size) {
    const char *name = wio__name(wio__the.current);
    wio__note *note = wio__note_code(code);
    if (!message) return;
    size_t name_size = strlen(name) + 1;
    note->text = malloc(name_size + size + 2);
    if (!note->text) return; /* the code must do: an error about an error helps nobody */
    memcpy(note->text, name, name_size);
    memcpy(note->text + name_size, message, size);
    memset(note->text + name_size + size, 0, 2); /* the message's end, and no notes */
}
