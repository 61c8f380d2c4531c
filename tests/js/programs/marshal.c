// Every type across the border, in both directions, with a wait in the middle.
#include "wasyncio.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------- Exports --- */

WIO_EXPORT(int, e_int, (int value)) { return wio_yield() ? -EIO : value; }
WIO_EXPORT(unsigned, e_unsigned, (unsigned value)) { return wio_yield() ? 0 : value; }
WIO_EXPORT(bool, e_bool, (bool value)) { return wio_yield() ? false : !value; }
WIO_EXPORT(double, e_double, (double value)) { return wio_yield() ? -1 : value * 2; }
WIO_EXPORT(float, e_float, (float value)) { return wio_yield() ? -1 : value; }
WIO_EXPORT(long long, e_i64, (long long value)) { return wio_yield() ? -1 : value; }
WIO_EXPORT(uint64_t, e_u64, (uint64_t value)) { return wio_yield() ? 0 : value; }
WIO_EXPORT(int64_t, e_many, (int a, double b, const char *c, int64_t d, bool e, const void *f, size_t n)) {
    wio_yield();
    return a + (int64_t)b + (int64_t)strlen(c) + d + e + ((const unsigned char *)f)[n - 1];
}
WIO_EXPORT(void, e_void, (void)) { wio_yield(); }

/* The string is the caller's own, kept during the wait. */
WIO_EXPORT(const char *, e_same, (const char *text)) {
    wio_yield();
    return text;
}
WIO_EXPORT(char *, e_owned, (const char *text)) {
    wio_yield();
    return text ? strdup(text) : NULL;
}
WIO_EXPORT(int, e_length, (const char *text)) {
    wio_yield();
    return text ? (int)strlen(text) : -1000;
}
WIO_EXPORT(unsigned, e_sum, (const void *data, size_t size)) {
    unsigned sum = 0;
    wio_yield();
    for (size_t i = 0; i < size; i++) sum = sum * 31 + ((const unsigned char *)data)[i];
    return sum;
}
WIO_EXPORT(wio_bytes, e_reverse, (wio_bytes in)) {
    wio_bytes out = {malloc(in.size ? in.size : 1), in.size};
    wio_yield();
    for (size_t i = 0; i < in.size; i++) ((char *)out.data)[i] = ((char *)in.data)[in.size - 1 - i];
    return out;
}
WIO_EXPORT(wio_bytes, e_no_bytes, (void)) { return (wio_bytes){NULL, 0}; }

/* Memory grows while the arguments are held. */
WIO_EXPORT(const char *, e_grow, (const char *text, int megabytes)) {
    void *block = malloc((size_t)megabytes << 20);
    if (!block) return NULL;
    wio_sleep(0.01);
    free(block);
    return text;
}

/* ------------------------------------------------------------------------------------------------- Imports --- */

WIO_IMPORT(int, i_int, (int value));
WIO_IMPORT(unsigned, i_unsigned, (unsigned value));
WIO_IMPORT(bool, i_bool, (bool value));
WIO_IMPORT(double, i_double, (double value));
WIO_IMPORT(long long, i_i64, (long long value));
WIO_IMPORT(uint64_t, i_u64, (uint64_t value));
WIO_IMPORT(void, i_void, (void));
WIO_IMPORT(const char *, i_text, (const char *text));
WIO_IMPORT(char *, i_owned, (const char *text));
WIO_IMPORT(int, i_bytes, (wio_bytes data));
WIO_IMPORT(int, i_data, (const void *data, size_t size));

WIO_EXPORT(int, t_int, (int value)) { return i_int(value); }
WIO_EXPORT(unsigned, t_unsigned, (unsigned value)) { return i_unsigned(value); }
WIO_EXPORT(bool, t_bool, (bool value)) { return i_bool(value); }
WIO_EXPORT(double, t_double, (double value)) { return i_double(value); }
WIO_EXPORT(long long, t_i64, (long long value)) { return i_i64(value); }
WIO_EXPORT(uint64_t, t_u64, (uint64_t value)) { return i_u64(value); }
WIO_EXPORT(void, t_void, (void)) { i_void(); }

/* The first answer is used before the second call. */
WIO_EXPORT(char *, t_text, (const char *text)) {
    const char *first = i_text(text);
    char *kept = strdup(first ? first : "(null)");
    const char *second = i_text("again");
    char *both = malloc(strlen(kept) + (second ? strlen(second) : 6) + 2);
    sprintf(both, "%s|%s", kept, second ? second : "(null)");
    free(kept);
    return both;
}
WIO_EXPORT(char *, t_owned, (const char *text)) { return i_owned(text); }
WIO_EXPORT(int, t_data, (const void *data, size_t size)) {
    return i_data(data, size);
}
WIO_EXPORT(int, t_bytes, (wio_bytes data)) { return i_bytes(data); }
