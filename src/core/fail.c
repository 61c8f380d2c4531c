/* wio_fail() alone: what does not use it does not link printf. */
#include "core.h"

#include <stdarg.h>

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
    return code;
}
