/* What no host would send, refused in the same words on all of them. */
#include "../report/text.h"
#include "fetch.h"

#include <ctype.h>
#include <strings.h>

/* wio_fetch("http://…"): the header 'a b' is refused: why */
static int refuse(const char *function, const fetch_request *request, const char *what, const char *name,
                  const char *why) {
    wio__text text = {0};
    const char *url = request->url;
    bool any = *url; /* a session's own headers belong to none */
    const char *const parts[] = {
        function, any ? "(\"" : "(", url, any ? "\"): the " : "): the ", what, " '", name, "' ", why};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t size = strlen(parts[i]), room = sizeof text.buffer - text.size;
        wio__text_add_size(&text, parts[i], size < room ? size : room); /* must not flush to the log */
    }
    wio__note_set(-EINVAL, text.buffer, text.size);
    return -EINVAL;
}

/* A token of RFC 9110. */
static bool is_token(const char *text) {
    if (!*text) return false;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr("!#$%&'*+-.^_`|~", *text)) return false;
    return true;
}

static bool is_any(const char *text, const char *const *names) {
    for (; *names; names++)
        if (strcasecmp(text, *names) == 0) return true;
    return false;
}

static const char *const forbidden_methods[] = {"CONNECT", "TRACE", "TRACK", NULL};
static const char *const bodiless_methods[] = {"GET", "HEAD", NULL};
/* Those that say how the message is framed: the host's matter. Browsers drop them silently. */
static const char *const forbidden_headers[] = {"connection", "content-length",    "expect",  "keep-alive", "te",
                                                "trailer",    "transfer-encoding", "upgrade", NULL};

int wio__request_check(const char *function, const fetch_request *request) {
    const char *method = request->method;
    if (!is_token(method)) return refuse(function, request, "method", method, "has characters that no method has");
    if (is_any(method, forbidden_methods))
        return refuse(function, request, "method", method, "cannot be sent by any page");
    if ((request->body || request->flags & FETCH_STREAMED) && is_any(method, bodiless_methods))
        return refuse(function, request, "method", method, "has no body: use POST or PUT");
    for (size_t i = 0; i < request->header_count; i++) {
        const char *name = request->headers[i].name, *value = request->headers[i].value;
        if (!is_token(name)) return refuse(function, request, "header", name, "has characters that no name has");
        if (!value) return refuse(function, request, "header", name, "has no value (NULL)");
        if (strpbrk(value, "\r\n")) return refuse(function, request, "header", name, "has a line break in its value");
        if (is_any(name, forbidden_headers))
            return refuse(function, request, "header", name, "is set by the host alone");
    }
    return 0;
}
