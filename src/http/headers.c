/* Headers: the session's and the request's in one list; and all those of an answer, in turn. */
#include "session.h"

#include <strings.h>

static bool is_among(const char *name, const wio_header *headers) {
    for (; headers && headers->name; headers++)
        if (strcasecmp(headers->name, name) == 0) return true;
    return false;
}

static size_t count_of(const wio_header *headers) {
    size_t count = 0;
    while (headers && headers[count].name) count++;
    return count;
}

wio_header *wio__headers_merge(const wio__session *session, const wio_header *own, const char *type, size_t *count) {
    const wio_header *common = session->headers;
    wio_header *all = malloc((count_of(common) + count_of(own) + 1) * sizeof *all);
    *count = 0;
    if (!all) return NULL;
    for (; common->name; common++)
        if (!is_among(common->name, own)) all[(*count)++] = *common;
    for (const wio_header *each = own; each && each->name; each++)
        if (each->value) all[(*count)++] = *each;
    if (type && !is_among("content-type", own) && !is_among("content-type", session->headers))
        all[(*count)++] = (wio_header){"content-type", type};
    return all;
}

bool wio_response_header_at(const wio_response *response, size_t index, wio_header *header) {
    if (!response || !header) return false;
    const char *at = response->strings + strlen(response->strings) + 1;
    for (; *at; index--) {
        const char *value = at + strlen(at) + 1;
        if (index == 0) {
            *header = (wio_header){at, value};
            return true;
        }
        at = value + strlen(value) + 1;
    }
    return false;
}
