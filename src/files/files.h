/* libc's file calls over WASI. Emscripten's standalone libc has none: it opens nothing but the standard streams. Each file here
 * has the system calls of one kind, so that a program links what it uses. Nothing here waits. */
#ifndef WIO_FILES_H
#define WIO_FILES_H

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wasi/api.h>

/* A path as WASI wants it: below a directory that is open. */
typedef struct {
    __wasi_fd_t dir;
    const char *path; /* never empty */
    size_t size;
} wio__place;

/* Where a path of the program leads: below the granted directory with the longest name that fits, or below `dirfd`. 0, or
 * negative errno. The place is valid until two more were asked for. */
int wio__locate(int dirfd, const char *path, wio__place *place);

int wio__change_directory(const char *path);
const char *wio__current_directory(void);

/* What the host says, as a system call returns it: WASI's numbers are Emscripten's. */
static inline int wio__result(__wasi_errno_t error) { return error == __WASI_ERRNO_NOTCAPABLE ? -EACCES : -(int)error; }

#endif
