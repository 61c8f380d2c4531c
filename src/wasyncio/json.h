/* Part of <wasyncio.h>: JSON. The parser underneath is Jansson. */
#ifndef WASYNCIO_JSON_H
#define WASYNCIO_JSON_H

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------------------------------------- JSON --- */

/* A JSON value. Those that you parse or make are yours to free with wio_json_free(); those inside others belong to
 * them. */
typedef struct wio_json wio_json;

/* What a value is. */
typedef enum {
    WIO_JSON_NONE, /* NULL: there is no such value */
    WIO_JSON_NULL,
    WIO_JSON_BOOL,
    WIO_JSON_INT, /* 64 bits, exact */
    WIO_JSON_REAL,
    WIO_JSON_STRING,
    WIO_JSON_ARRAY,
    WIO_JSON_OBJECT
} wio_json_type;

/* Parses `size` bytes of UTF-8 text. *json is yours to free. Returns 0. Does not wait. json.loads().
 * -EBADMSG it is no JSON: the message says what is wrong, at which line, column and byte; -EINVAL NULL; -ENOMEM; all with
 * *json NULL. Integers that do not fit into 64 bits, "\u0000" and more than 200 levels (fewer on a small stack) are refused, too;
 * of entries with the same name the last one counts. */
int wio_json_parse(const char *text, size_t size, wio_json **json);

/* The text of a value: NUL-terminated, yours to free. `indent` spaces a level, 0: all in one line. NULL without memory
 * (or stack for so many levels), and for NULL. Does not wait. json.dumps(). */
char *wio_json_text(const wio_json *json, unsigned indent);

/* Frees a value that is yours. NULL is fine. */
void wio_json_free(wio_json *json);

/* The value at a path: "name", "user.name", "items[3].id", "[0]"; "" or NULL is the value itself. NULL if there is none.
 * json["items"][3]["id"]. */
wio_json *wio_json_get(const wio_json *json, const char *path);

/* The value at a path as C has it. If there is none, or one of another type: 0, 0.0 (an integer is converted), false and
 * NULL; wio_json_type_of() tells. A string is valid as long as its value. */
int64_t wio_json_int(const wio_json *json, const char *path);
double wio_json_real(const wio_json *json, const char *path);
bool wio_json_bool(const wio_json *json, const char *path);
const char *wio_json_string(const wio_json *json, const char *path);

/* What stands at a path, and how many elements, entries or bytes (of a string) it has. */
wio_json_type wio_json_type_of(const wio_json *json, const char *path);
size_t wio_json_size(const wio_json *json, const char *path);

/* Element `index` of an array. NULL past the end. */
wio_json *wio_json_at(const wio_json *array, size_t index);

/* The entries of an object in their order: for (const char *name = NULL; (value = wio_json_next(object, &name));) …
 * *name is set to each entry's name; NULL behind the last. json.items(). */
wio_json *wio_json_next(const wio_json *object, const char **name);

/* New values, yours until they are put into another. NULL without memory, or for text that is no UTF-8. */
wio_json *wio_json_new_object(void);
wio_json *wio_json_new_array(void);
wio_json *wio_json_new_int(int64_t value);
wio_json *wio_json_new_real(double value); /* NULL for infinities and NaN, which JSON has not */
wio_json *wio_json_new_bool(bool value);
wio_json *wio_json_new_string(const char *value);
wio_json *wio_json_new_null(void);

/* Puts a value into an object under a name, or at the end of an array (name NULL). It then belongs there, also if
 * putting fails. Returns 0. So: wio_json_put(body, "id", wio_json_new_int(7)).
 * -EINVAL not an object or array, or put into itself; -ENOMEM `value` is NULL, or no memory. */
int wio_json_put(wio_json *json, const char *name, wio_json *value);

#ifdef __cplusplus
}
#endif

#endif
