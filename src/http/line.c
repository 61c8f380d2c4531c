/* The body by lines. What was read beyond a line stays with the response, and comes out of the next read of any kind. */
#include "session.h"

enum { LONGEST = 1024 * 1024, PIECE = 4096 };

/* Makes room for another piece behind the bytes that wait, and for a NUL. */
static bool make_room(wio_response *response) {
    if (response->ahead_at > 0 && response->ahead) {
        memmove(response->ahead, response->ahead + response->ahead_at, response->ahead_size - response->ahead_at);
        response->ahead_size -= response->ahead_at;
        response->ahead_at = 0;
    }
    if (response->ahead_room >= response->ahead_size + PIECE + 1) return true;
    size_t room = 2 * response->ahead_size + PIECE + 1;
    char *more = realloc(response->ahead, room);
    if (!more) return false;
    response->ahead = more;
    response->ahead_room = room;
    return true;
}

/* Reads another piece: how many bytes. */
static long fill(wio_response *response) {
    if (!make_room(response)) {
        wio__note_set(-ENOMEM, NULL, 0);
        return -ENOMEM;
    }
    /* Aside, or the read would take from what waits. */
    size_t size = response->ahead_size;
    char *block = response->ahead;
    response->ahead_size = 0;
    response->ahead = NULL;
    long n = wio_response_read(response, block + size, PIECE);
    if (n == -ECONNABORTED) { /* it may be gone, closed by another task */
        free(block);
        return n;
    }
    response->ahead = block;
    response->ahead_size = size + (n > 0 ? (size_t)n : 0);
    return n;
}

/* Gives out `size` bytes of what waits, with a NUL behind them: what stood there is put back by the next call. */
static long give(wio_response *response, size_t size, const char **line) {
    *line = response->ahead + response->ahead_at;
    response->ahead_at += size;
    response->behind = response->ahead[response->ahead_at];
    response->is_behind = true;
    response->ahead[response->ahead_at] = '\0';
    return (long)size;
}

/* Where the line ends of which `seen` bytes have none; NULL: not yet. */
static const char *end_of(const char *start, size_t seen, size_t size, bool any) {
    if (size <= seen) return NULL;
    const char *end = memchr(start + seen, '\n', size - seen);
    const char *cr = any ? memchr(start + seen, '\r', end ? (size_t)(end - start) - seen : size - seen) : NULL;
    return cr ? cr : end;
}

long wio__response_line(wio_response *response, const char **line, bool any) {
    if (!line) return wio__misuse_null("wio_response_line", "line");
    *line = NULL;
    if (!response) return wio__misuse_null("wio_response_line", "response");
    wio__response_unline(response);
    for (size_t seen = 0;;) {
        size_t size = response->ahead_size - response->ahead_at;
        const char *start = size ? response->ahead + response->ahead_at : NULL;
        const char *end = end_of(start, seen, size, any);
        if (end) return give(response, (size_t)(end + 1 - start), line);
        if (size > LONGEST)
            return wio__http_fail(-EMSGSIZE, "a line of more than 1 MiB: ", wio_response_url(response), NULL);
        seen = size;
        long n = fill(response);
        if (n < 0) return n;
        if (n == 0) return size ? give(response, size, line) : 0;
    }
}

long wio_response_line(wio_response *response, const char **line) { return wio__response_line(response, line, false); }
