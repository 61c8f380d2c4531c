#ifdef __wasm__
/* open() and its like. */
#include "files.h"

#include <stdarg.h>
#include <unistd.h>

static const __wasi_rights_t reading = __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_READDIR;
static const __wasi_rights_t writing =
    __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_ALLOCATE | __WASI_RIGHTS_FD_FILESTAT_SET_SIZE;

static int standard_stream(const char *path) {
    static const char *const names[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    for (int i = 0; i < 3; i++)
        if (path && strcmp(path, names[i]) == 0) return i;
    return -1;
}

static int open_at(int dirfd, const char *path, int flags) {
    int standard = standard_stream(path);
    if (standard >= 0) return standard;
    wio__place place;
    int status = wio__locate(dirfd, path, &place);
    if (status < 0) return status;
    __wasi_oflags_t how = 0;
    if (flags & O_CREAT) how |= __WASI_OFLAGS_CREAT;
    if (flags & O_DIRECTORY) how |= __WASI_OFLAGS_DIRECTORY;
    if (flags & O_EXCL) how |= __WASI_OFLAGS_EXCL;
    if (flags & O_TRUNC) how |= __WASI_OFLAGS_TRUNC;
    int mode = flags & O_ACCMODE;
    __wasi_rights_t rights = ~(reading | writing) & (((__wasi_rights_t)1 << 29) - 1);
    if (mode != O_WRONLY) rights |= reading;
    if (mode != O_RDONLY) rights |= writing;
    __wasi_fd_t fd;
    __wasi_errno_t error =
        __wasi_path_open(place.dir, flags & O_NOFOLLOW ? 0 : __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, place.path, place.size,
                         how, rights, rights | reading | writing, flags & O_APPEND ? __WASI_FDFLAGS_APPEND : 0, &fd);
    return error ? wio__result(error) : (int)fd;
}

/* Wrapped by name (emsdk-config/flags.js): a weak definition that refuses everything may have been linked by then. */
long __wrap___syscall_open(const char *path, long flags, ...) { return open_at(AT_FDCWD, path, (int)flags); }
int __wrap___syscall_openat(int dirfd, const char *path, int flags, ...) { return open_at(dirfd, path, flags); }

/* Sizes come in halves from older libraries, whole from newer ones. */
#include <emscripten/version.h>
#if __EMSCRIPTEN_major__ > 3 || __EMSCRIPTEN_minor__ > 1 || __EMSCRIPTEN_tiny__ >= 20
#define SIZE int64_t size
#define WHOLE size
#else
#define SIZE uint32_t low, uint32_t high
#define WHOLE ((uint64_t)high << 32 | low)
#endif

int __syscall_ftruncate64(int fd, SIZE) {
    return wio__result(__wasi_fd_filestat_set_size((__wasi_fd_t)fd, (__wasi_filesize_t)(WHOLE)));
}

int __syscall_truncate64(const char *path, SIZE) {
    int fd = open_at(AT_FDCWD, path, O_WRONLY);
    if (fd < 0) return fd;
    int status = wio__result(__wasi_fd_filestat_set_size((__wasi_fd_t)fd, (__wasi_filesize_t)(WHOLE)));
    return __wasi_fd_close((__wasi_fd_t)fd) && status == 0 ? -EIO : status;
}
#endif
