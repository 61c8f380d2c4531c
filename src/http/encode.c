/* Bodies of requests: which of them is given, and how it is written down. */
#include "session.h"

/* In programs that use JSON. */
char *wio_json_text(const wio_json *json, unsigned indent) __attribute__((weak));

/* ------------------------------------------------------------------------------------------------ Multipart --- */

static uint64_t seed;

static uint64_t random64(void) {
    double now = wio_time();
    uint64_t bits;
    memcpy(&bits, &now, sizeof bits);
    seed ^= bits + 0x9E3779B97F4A7C15u;
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return seed;
}

typedef struct {
    char *at; /* NULL: only counts */
    size_t size;
} writer;

static void put(writer *to, const void *bytes, size_t size) {
    if (to->at) memcpy(to->at + to->size, bytes, size);
    to->size += size;
}

static void put_text(writer *to, const char *text) { put(to, text, strlen(text)); }

/* As browsers do it: what would end the name or the line is percent-encoded. */
static void put_name(writer *to, const char *name) {
    for (; *name; name++) {
        if (*name == '"') put_text(to, "%22");
        else if (*name == '\r') put_text(to, "%0D");
        else if (*name == '\n') put_text(to, "%0A");
        else put(to, name, 1);
    }
}

static void put_parts(writer *to, const wio_part *part, const char *boundary) {
    for (; part->name; part++) {
        put_text(to, "--");
        put_text(to, boundary);
        put_text(to, "\r\nContent-Disposition: form-data; name=\"");
        put_name(to, part->name);
        if (part->filename) {
            put_text(to, "\"; filename=\"");
            put_name(to, part->filename);
        }
        put_text(to, "\"\r\n");
        const char *type = part->content_type ? part->content_type : part->filename ? "application/octet-stream" : NULL;
        if (type) {
            put_text(to, "Content-Type: ");
            put_text(to, type);
            put_text(to, "\r\n");
        }
        put_text(to, "\r\n");
        if (part->data) put(to, part->data, part->size ? part->size : strlen(part->data));
        put_text(to, "\r\n");
    }
    put_text(to, "--");
    put_text(to, boundary);
    put_text(to, "--\r\n");
}

static int multipart(wio__body *body, const wio_part *parts) {
    static const char start[] = "multipart/form-data; boundary=";
    for (const wio_part *part = parts; part->name; part++)
        if (part->content_type && strpbrk(part->content_type, "\r\n"))
            return wio__http_fail(-EINVAL, "the content type of the part '", part->name, "' has a line break", NULL);
    char *boundary = body->boundary + sizeof start - 1;
    memcpy(body->boundary, start, sizeof start);
    memcpy(boundary, "wasyncio-", 9);
    uint64_t random[2] = {random64(), random64()};
    for (int i = 0; i < 32; i++) boundary[9 + i] = "0123456789abcdef"[random[i / 16] >> 4 * (i % 16) & 15];
    boundary[41] = '\0';
    writer count = {0};
    put_parts(&count, parts, boundary);
    writer all = {malloc(count.size), 0};
    if (!all.at) return -ENOMEM;
    put_parts(&all, parts, boundary);
    body->owned = all.at;
    body->size = all.size;
    body->type = body->boundary;
    return 0;
}

/* -------------------------------------------------------------------------------------------------- Kinds --- */

static int text(wio__body *body, char *owned, size_t size, const char *type) {
    if (!owned) return -ENOMEM;
    body->owned = owned;
    body->size = size;
    body->type = type;
    return 0;
}

static int json(wio__body *body, const wio_json *value) {
    char *owned = wio_json_text ? wio_json_text(value, 0) : NULL;
    return text(body, owned, owned ? strlen(owned) : 0, "application/json");
}

static int form(wio__body *body, const wio_header *fields) {
    size_t size = 0;
    char *owned = wio__form(fields, &size);
    return text(body, owned, size, "application/x-www-form-urlencoded");
}

int wio__body_make(wio__body *body, const wio_request_options *options) {
    int kinds = !!options->body + !!options->json + !!options->form + !!options->parts + !!options->produce;
    if (kinds > 1) return wio__misuse(-EINVAL, "wio_session_request", "more than one kind of body is given");
    int status = 0;
    *body = (wio__body){.produce = options->produce, .arg = options->produce_arg, .size = options->body_size};
    if (options->json) status = json(body, options->json);
    else if (options->form) status = form(body, options->form);
    else if (options->parts) status = multipart(body, options->parts);
    else if (options->body) {
        body->data = options->body;
        if (body->size == 0) body->size = strlen(options->body);
    }
    if (status == -ENOMEM) wio__note_set(status, NULL, 0);
    if (body->owned) body->data = body->owned;
    return status;
}
