/* JSON from text. */
#define WIO__INSIDE
#include "../report/text.h"
#include "json.h"

WIO__MORE_ERRORS

static int refuse(const json_error_t *error) {
    int code = wio__json_no_memory ? -ENOMEM : -EBADMSG;
    wio__text text = {0};
    wio__text_add(&text, "not JSON: ");
    wio__text_add(&text, error->text);
    wio__text_add(&text, " (line ");
    wio__text_number(&text, error->line);
    wio__text_add(&text, ", column ");
    wio__text_number(&text, error->column);
    wio__text_add(&text, ", byte ");
    wio__text_number(&text, error->position);
    wio__text_add(&text, ")");
    wio__note_set(code, code == -ENOMEM ? NULL : text.buffer, text.size);
    return code;
}

int wio_json_parse(const char *text, size_t size, wio_json **json) {
    if (json) *json = NULL;
    if (!text || !json) return wio__misuse_null("wio_json_parse", text ? "json" : "text");
    json_error_t error;
    wio__json_no_memory = false;
    *json = (wio_json *)json_loadb(text, size, JSON_DECODE_ANY, &error);
    return *json ? 0 : refuse(&error);
}
