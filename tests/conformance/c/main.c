/* The module: takes one program after another from JavaScript and gives back their traces. */
#include "interpreter.h"

#include <stdlib.h>
#include <string.h>

WIO_IMPORT(char *, next_program, (void));
WIO_IMPORT(int, report, (const void *events, size_t size, int left));

static uint8_t digit(char c) { return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10); }

int main(void) {
    for (char *text; (text = next_program()) && *text;) {
        size_t size = strlen(text) / 2;
        uint8_t *bytes = (uint8_t *)text;
        for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
        record made = run_program(decode(bytes, size));
        report(made.events, made.count * EVENT_SIZE * sizeof *made.events, what_is_left());
        free(text);
    }
    return 0;
}
