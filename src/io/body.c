/* The whole of a response's body: as bytes, and as text of any charset. */
#include "fetch.h"

#include <ctype.h>
#include <strings.h>

static const wio__wait decode_wait = {.kind = "decode", .abort = wio__op_abort, .undo = wio__op_undo};

long wio_response_bytes(wio_response *response, void **data) {
    if (!data) return wio__misuse_null("wio_response_bytes", "data");
    *data = NULL;
    size_t size = 0, room = 4096;
    char *all = malloc(room);
    long n = all ? 1 : -ENOMEM;
    while (n > 0) {
        if (room - size < 1024) {
            char *more = realloc(all, room * 2);
            if (!more) {
                n = -ENOMEM;
                break;
            }
            all = more;
            room *= 2;
        }
        n = wio_response_read(response, all + size, room - size - 1);
        if (n > 0) size += (size_t)n;
    }
    if (n < 0) {
        free(all);
        return n;
    }
    all[size] = '\0';
    *data = all;
    return (long)size;
}

/* Into `name`, what Content-Type says after "charset="; false if it says nothing. */
static bool charset_of(const wio_response *response, char *name, size_t room) {
    const char *type = wio_response_header(response, "content-type");
    for (; type && *type; type++) {
        if (strncasecmp(type, "charset=", 8) != 0) continue;
        type += 8;
        if (*type == '"' || *type == '\'') type++;
        size_t size = strcspn(type, "\"'; \t");
        if (size == 0 || size >= room) return false;
        memcpy(name, type, size);
        name[size] = '\0';
        return true;
    }
    return false;
}

/* The host does it, in one call: nothing waits. */
static int decode(wio__task *self, const char *charset, char **text, size_t size) {
    wio__op op = {0};
    int status = wio__op_begin(&op);
    if (status < 0) return status;
    wio__host_op_start(op.id, WIO__OP_DECODE, &(decode_request){charset, *text, size});
    status = wio__op_wait(self, &op, &decode_wait);
    if (status < 0) {
        if (status == op.status) wio__op_failed(&op);
        wio__op_end(&op, false);
        return status;
    }
    wio__op_end(&op, false);
    free(*text);
    *text = op.data;
    return (int)op.size - 1;
}

int wio_response_text(wio_response *response, char **text) {
    if (!text) return wio__misuse_null("wio_response_text", "text");
    *text = NULL;
    void *bytes = NULL;
    long size = wio_response_bytes(response, &bytes);
    if (size < 0) return (int)size;
    char charset[40], *all = bytes;
    bool is_ascii = true;
    for (long i = 0; i < size && is_ascii; i++) is_ascii = !(all[i] & 0x80);
    bool named = charset_of(response, charset, sizeof charset);
    /* ASCII is the same in all but those of UTF-16 and ISO-2022; those have zeros and escapes. */
    if (named && !(is_ascii && (strcasecmp(charset, "utf-8") == 0 || strcasecmp(charset, "us-ascii") == 0))) {
        size = decode(wio__the.current, charset, &all, (size_t)size);
        if (size < 0) {
            free(all);
            return (int)size;
        }
    }
    *text = all;
    return (int)size;
}
