/* A body into a file: what libc has of files, so the directory must be granted. Only this file links that. */
#include "session.h"

#include <stdio.h>

enum { PIECE = 16 * 1024 };

/* How many bytes; *unwritten: the file was at fault. */
static long copy(wio_response *response, FILE *file, char *buffer, bool *unwritten) {
    long n, size = 0;
    while ((n = wio_response_read(response, buffer, PIECE)) > 0) {
        size += n;
        *unwritten = fwrite(buffer, 1, (size_t)n, file) != (size_t)n;
        if (*unwritten) return errno ? -errno : -EIO;
    }
    return n < 0 ? n : size;
}

static int fail(int code, const char *path) {
    return wio__http_fail(code, "cannot write ", path, ": ", strerror(-code), NULL);
}

long wio_response_save(wio_response *response, const char *path) {
    if (!response || !path) return wio__misuse_null("wio_response_save", response ? "path" : "response");
    if (!wio__self("wio_response_save")) return -EPERM;
    char *buffer = malloc(PIECE);
    if (!buffer) return -ENOMEM;
    FILE *file = fopen(path, "wb");
    if (!file) {
        free(buffer);
        return fail(-errno, path);
    }
    bool unwritten = false;
    long size = copy(response, file, buffer, &unwritten);
    if (fclose(file) != 0 && size >= 0) size = -errno, unwritten = true;
    free(buffer);
    if (size < 0) remove(path); /* half a file must not look like a whole one */
    return unwritten ? fail((int)size, path) : size;
}
