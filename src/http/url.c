/* Of URLs only what C must know: to whom a request goes, and how to add a query. The rest is the host's. */
#include "session.h"

#include <ctype.h>

/* How many bytes of "https://user@host:80" the scheme with its slashes takes; 0: there is none. */
static size_t scheme_size(const char *url) {
    size_t size = 0;
    while (isalnum((unsigned char)url[size]) || (size && strchr("+-.", url[size]) && url[size])) size++;
    return size && strncmp(url + size, "://", 3) == 0 ? size + 3 : 0;
}

void wio__origin(const char *base, const char *url, char *origin, size_t size) {
    size_t scheme = scheme_size(url), used = 0;
    const char *host = url + scheme, *of = url;
    if (!scheme) { /* a path, or "//host/path" */
        of = base ? base : "";
        scheme = scheme_size(of);
        host = strncmp(url, "//", 2) == 0 ? url + 2 : of + scheme;
    }
    size_t end = strcspn(host, "/?#\\");
    const char *at = memchr(host, '@', end);
    if (at) end -= (size_t)(at + 1 - host), host = at + 1;
    if (scheme == 7 && end > 3 && strncmp(host + end - 3, ":80", 3) == 0) end -= 3;
    if (scheme == 8 && end > 4 && strncmp(host + end - 4, ":443", 4) == 0) end -= 4;
    for (size_t i = 0; i < scheme && used + 1 < size; i++) origin[used++] = (char)tolower((unsigned char)of[i]);
    for (size_t i = 0; i < end && used + 1 < size; i++) origin[used++] = (char)tolower((unsigned char)host[i]);
    origin[used] = '\0';
}

static char *encoded(char *to, const char *text) {
    static const char hex[] = "0123456789ABCDEF";
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (isalnum(c) || strchr("-._*", c)) *to++ = (char)c;
        else if (c == ' ') *to++ = '+';
        else *to++ = '%', *to++ = hex[c >> 4], *to++ = hex[c & 15];
    }
    return to;
}

char *wio__form(const wio_header *fields, size_t *size) {
    size_t room = 1;
    for (const wio_header *each = fields; each->name; each++)
        room += 3 * strlen(each->name) + 3 * (each->value ? strlen(each->value) : 0) + 2;
    char *text = malloc(room), *at = text;
    if (!text) return NULL;
    for (const wio_header *each = fields; each->name; each++) {
        if (each != fields) *at++ = '&';
        at = encoded(at, each->name);
        *at++ = '=';
        if (each->value) at = encoded(at, each->value);
    }
    *at = '\0';
    *size = (size_t)(at - text);
    return text;
}

char *wio__url_with(const char *url, const wio_header *query) {
    size_t size, head = strcspn(url, "#");
    char *form = wio__form(query, &size), *all = form ? malloc(strlen(url) + size + 2) : NULL;
    if (all) {
        memcpy(all, url, head);
        all[head] = memchr(url, '?', head) ? '&' : '?';
        memcpy(all + head + 1, form, size);
        memcpy(all + head + 1 + size, url + head, strlen(url + head) + 1);
    }
    free(form);
    return all;
}
