/* Jansson, all that is needed of it in one file, with malloc() itself in place of its pointers to allocators. */
#include "names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../core/core.h"

enum { LEVELS = 200, ROOM = 3 * 1024 };

/* Whether the calling task's stack has room for another level. */
static bool wio__json_has_room(void) {
#ifdef __wasm__
    return wio__stack_room() > ROOM;
#else
    return true;
#endif
}

static size_t wio__json_depth_limit(void) { return wio__json_has_room() ? LEVELS : 0; }

#define HAVE_STDINT_H 1
#define qsort(base, count, size, compare)                                                                              \
    ((void)0) /* entries stay in their order: it would only be linked for nothing */
#include "json.h"

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

bool wio__json_no_memory;

void *jsonp_malloc(size_t size) {
    void *block = size ? malloc(size) : NULL;
    if (size && !block) wio__json_no_memory = true;
    return block;
}

void jsonp_free(void *block) { free(block); }
char *jsonp_strdup(const char *text) { return jsonp_strndup(text, strlen(text)); }

char *jsonp_strndup(const char *text, size_t size) {
    char *copy = jsonp_malloc(size + 1);
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

/* What is asked before each level is written, too. */
static int room_check(hashtable_t *parents, const json_t *json, char *key, size_t size, size_t *length) {
    return wio__json_has_room() ? jsonp_loop_check(parents, json, key, size, length) : -1;
}
#undef jsonp_loop_check
#define jsonp_loop_check room_check
#include "jansson/dump.c"
