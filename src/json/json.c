/* JSON values as C wants them: by path, and without a word about reference counts. */
#include "json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *inside(const wio_json *json) { return (json_t *)(uintptr_t)json; }
static wio_json *outside(json_t *json) { return (wio_json *)json; }

void wio_json_free(wio_json *json) { json_decref(inside(json)); }

/* ---------------------------------------------------------------------------------------------------- Paths --- */

/* One step: ".name", "name" or "[7]". */
static json_t *step(json_t *from, const char **path) {
    const char *at = *path;
    if (*at == '[') {
        char *end;
        unsigned long index = strtoul(at + 1, &end, 10);
        if (end == at + 1 || *end != ']') return NULL;
        *path = end + 1;
        return json_array_get(from, index);
    }
    if (*at == '.') at++;
    size_t size = strcspn(at, ".[");
    *path = at + size;
    return json_object_getn(from, at, size);
}

wio_json *wio_json_get(const wio_json *json, const char *path) {
    json_t *at = inside(json);
    while (at && path && *path) at = step(at, &path);
    return outside(at);
}

int64_t wio_json_int(const wio_json *json, const char *path) {
    return json_integer_value(inside(wio_json_get(json, path)));
}

double wio_json_real(const wio_json *json, const char *path) {
    return json_number_value(inside(wio_json_get(json, path)));
}

bool wio_json_bool(const wio_json *json, const char *path) { return json_is_true(inside(wio_json_get(json, path))); }

const char *wio_json_string(const wio_json *json, const char *path) {
    return json_string_value(inside(wio_json_get(json, path)));
}

wio_json_type wio_json_type_of(const wio_json *json, const char *path) {
    const json_t *value = inside(wio_json_get(json, path));
    if (!value) return WIO_JSON_NONE;
    switch (json_typeof(value)) {
    case JSON_OBJECT: return WIO_JSON_OBJECT;
    case JSON_ARRAY: return WIO_JSON_ARRAY;
    case JSON_STRING: return WIO_JSON_STRING;
    case JSON_INTEGER: return WIO_JSON_INT;
    case JSON_REAL: return WIO_JSON_REAL;
    case JSON_TRUE:
    case JSON_FALSE: return WIO_JSON_BOOL;
    case JSON_NULL: return WIO_JSON_NULL;
    }
    return WIO_JSON_NONE;
}

size_t wio_json_size(const wio_json *json, const char *path) {
    const json_t *value = inside(wio_json_get(json, path));
    if (json_is_string(value)) return json_string_length(value);
    return json_is_array(value) ? json_array_size(value) : json_object_size(value);
}

wio_json *wio_json_at(const wio_json *array, size_t index) { return outside(json_array_get(inside(array), index)); }

wio_json *wio_json_next(const wio_json *object, const char **name) {
    json_t *of = inside(object);
    if (!json_is_object(of) || !name) return NULL;
    void *iterator = *name ? json_object_iter_next(of, json_object_key_to_iter(*name)) : json_object_iter(of);
    *name = iterator ? json_object_iter_key(iterator) : NULL;
    return outside(json_object_iter_value(iterator));
}

/* -------------------------------------------------------------------------------------------------- Values --- */

/* Not in a file of its own: requests with a JSON body ask for it only if it is there (src/http/encode.c). */
char *wio_json_text(const wio_json *json, unsigned indent) {
    size_t style = indent ? JSON_INDENT(indent > 31 ? 31u : indent) : JSON_COMPACT;
    return json ? json_dumps(inside(json), style | JSON_ENCODE_ANY) : NULL;
}

wio_json *wio_json_new_object(void) { return outside(json_object()); }
wio_json *wio_json_new_array(void) { return outside(json_array()); }
wio_json *wio_json_new_int(int64_t value) { return outside(json_integer(value)); }
wio_json *wio_json_new_real(double value) { return outside(json_real(value)); }
wio_json *wio_json_new_bool(bool value) { return outside(json_boolean(value)); }
wio_json *wio_json_new_string(const char *value) { return outside(json_string(value)); }
wio_json *wio_json_new_null(void) { return outside(json_null()); }

int wio_json_put(wio_json *json, const char *name, wio_json *value) {
    json_t *to = inside(json), *what = inside(value);
    if (!what) return -ENOMEM;
    if (to == what || (name ? !json_is_object(to) : !json_is_array(to))) {
        json_decref(what);
        return -EINVAL;
    }
    if (name) return json_object_set_new(to, name, what) ? -ENOMEM : 0;
    return json_array_append_new(to, what) ? -ENOMEM : 0;
}
