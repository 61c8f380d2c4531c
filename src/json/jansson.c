/* Jansson, all that is needed of it in one file, with malloc() itself in place of its pointers to allocators. */
#include "names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../wasyncio.h"

#define HAVE_STDINT_H 1
#define qsort(base, count, size, compare) ((void)0) /* entries stay in their order: it would only be linked for nothing */
#include "jansson/jansson.h"
#include "jansson/jansson_private.h"

#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif

volatile uint32_t hashtable_seed;

/* Not the same in every run, so that nobody can prepare names that collide. */
void json_object_seed(size_t seed) {
    double now = wio_time();
    uint64_t bits;
    memcpy(&bits, &now, sizeof bits);
    bits ^= bits >> 29 ^ (uintptr_t)&seed ^ seed;
    hashtable_seed = (uint32_t)bits | 1;
}

void *jsonp_malloc(size_t size) { return size ? malloc(size) : NULL; }
void jsonp_free(void *block) { free(block); }
char *jsonp_strdup(const char *text) { return jsonp_strndup(text, strlen(text)); }

char *jsonp_strndup(const char *text, size_t size) {
    char *copy = malloc(size + 1);
    if (!copy) return NULL;
    memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

#include "jansson/error.c"
#include "jansson/hashtable.c"
#include "jansson/load.c"
#include "jansson/strbuffer.c"
#include "jansson/strconv.c"
#include "jansson/utf.c"
#include "jansson/value.c"

#include "jansson/dump.c"
