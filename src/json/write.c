/* JSON to text. */
#include "json.h"

char *wio_json_text(const wio_json *json, unsigned indent) {
    size_t style = indent ? JSON_INDENT(indent > 31 ? 31u : indent) : JSON_COMPACT;
    return json ? json_dumps((const json_t *)(const void *)json, style | JSON_ENCODE_ANY) : NULL;
}
