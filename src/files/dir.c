#ifdef __wasm__
/* Directories: reading them, and making, removing and renaming what is in them. */
#include "files.h"

static unsigned char type_of(__wasi_filetype_t type) {
    if (type == __WASI_FILETYPE_DIRECTORY) return DT_DIR;
    if (type == __WASI_FILETYPE_REGULAR_FILE) return DT_REG;
    if (type == __WASI_FILETYPE_SYMBOLIC_LINK) return DT_LNK;
    return type == __WASI_FILETYPE_CHARACTER_DEVICE ? DT_CHR : DT_UNKNOWN;
}

/* The position in a directory is that of its descriptor (src/js/system/files.js keeps it), so seekdir() works. */
int __syscall_getdents64(int fd, void *to, size_t room) {
    static uint8_t bytes[2048];
    __wasi_filesize_t cookie;
    __wasi_size_t size;
    __wasi_errno_t error = __wasi_fd_tell((__wasi_fd_t)fd, &cookie);
    if (!error) error = __wasi_fd_readdir((__wasi_fd_t)fd, bytes, sizeof bytes, cookie, &size);
    if (error) return wio__result(error);
    struct dirent *next = to;
    size_t used = 0, at = 0;
    __wasi_dirent_t from;
    while (used + sizeof *next <= room && at + sizeof from <= size) {
        memcpy(&from, bytes + at, sizeof from);
        at += sizeof from + from.d_namlen;
        if (at > size) break; /* cut off: comes first next time */
        if (from.d_namlen < sizeof next->d_name) {
            memset(next, 0, sizeof *next);
            next->d_ino = from.d_ino;
            next->d_off = (off_t)from.d_next;
            next->d_reclen = sizeof *next;
            next->d_type = type_of(from.d_type);
            memcpy(next->d_name, bytes + at - from.d_namlen, from.d_namlen);
            next++;
            used += sizeof *next;
        }
        cookie = from.d_next;
    }
    error = __wasi_fd_seek((__wasi_fd_t)fd, (__wasi_filedelta_t)cookie, __WASI_WHENCE_SET, &cookie);
    return error ? wio__result(error) : (int)used;
}

int __syscall_mkdirat(int dirfd, const char *path, int mode) {
    (void)mode;
    wio__place place;
    int status = wio__locate(dirfd, path, &place);
    return status < 0 ? status : wio__result(__wasi_path_create_directory(place.dir, place.path, place.size));
}
int __syscall_mkdir(const char *path, int mode) { return __syscall_mkdirat(AT_FDCWD, path, mode); }

int __syscall_unlinkat(int dirfd, const char *path, int flags) {
    wio__place place;
    int status = wio__locate(dirfd, path, &place);
    if (status < 0) return status;
    return wio__result(flags & AT_REMOVEDIR ? __wasi_path_remove_directory(place.dir, place.path, place.size)
                                            : __wasi_path_unlink_file(place.dir, place.path, place.size));
}
int __syscall_unlink(const char *path) { return __syscall_unlinkat(AT_FDCWD, path, 0); }
int __syscall_rmdir(const char *path) { return __syscall_unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int __syscall_renameat(int from_dir, const char *from, int to_dir, const char *to) {
    wio__place old, new;
    int status = wio__locate(from_dir, from, &old);
    if (status == 0) status = wio__locate(to_dir, to, &new);
    if (status < 0) return status;
    return wio__result(__wasi_path_rename(old.dir, old.path, old.size, new.dir, new.path, new.size));
}
int __syscall_rename(const char *from, const char *to) { return __syscall_renameat(AT_FDCWD, from, AT_FDCWD, to); }

int __syscall_readlinkat(int dirfd, const char *path, char *to, size_t room) {
    wio__place place;
    __wasi_size_t size;
    int status = wio__locate(dirfd, path, &place);
    if (status < 0) return status;
    __wasi_errno_t error = __wasi_path_readlink(place.dir, place.path, place.size, (uint8_t *)to, room, &size);
    return error ? wio__result(error) : (int)size;
}
int __syscall_readlink(const char *path, char *to, size_t room) {
    return __syscall_readlinkat(AT_FDCWD, path, to, room);
}
#endif
