#ifdef __wasm__
/* stat() and its like. */
#include "files.h"

static struct timespec time_of(__wasi_timestamp_t time) {
    return (struct timespec){.tv_sec = (time_t)(time / 1000000000), .tv_nsec = (long)(time % 1000000000)};
}

/* What WASI does not know is as in a home directory: everybody may read, the owner write. */
static mode_t mode_of(__wasi_filetype_t type) {
    if (type == __WASI_FILETYPE_DIRECTORY) return S_IFDIR | 0755;
    if (type == __WASI_FILETYPE_SYMBOLIC_LINK) return S_IFLNK | 0777;
    if (type == __WASI_FILETYPE_CHARACTER_DEVICE) return S_IFCHR | 0644;
    return type == __WASI_FILETYPE_BLOCK_DEVICE ? S_IFBLK | 0644 : S_IFREG | 0644;
}

static int fill(__wasi_errno_t error, const __wasi_filestat_t *from, struct stat *to) {
    if (error) return wio__result(error);
    memset(to, 0, sizeof *to);
    to->st_dev = (dev_t)from->dev;
    to->st_ino = from->ino;
    to->st_mode = mode_of(from->filetype);
    to->st_nlink = from->nlink ? (nlink_t)from->nlink : 1;
    to->st_size = (off_t)from->size;
    to->st_blksize = 4096;
    to->st_blocks = (blkcnt_t)((from->size + 511) / 512);
    to->st_atim = time_of(from->atim);
    to->st_mtim = time_of(from->mtim);
    to->st_ctim = time_of(from->ctim);
    return 0;
}

static int stat_at(int dirfd, const char *path, bool follow, struct stat *to) {
    wio__place place;
    __wasi_filestat_t from;
    int status = wio__locate(dirfd, path, &place);
    if (status < 0) return status;
    __wasi_lookupflags_t flags = follow ? __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW : 0;
    return fill(__wasi_path_filestat_get(place.dir, flags, place.path, place.size, &from), &from, to);
}

int __syscall_stat64(const char *path, struct stat *to) { return stat_at(AT_FDCWD, path, true, to); }
int __syscall_lstat64(const char *path, struct stat *to) { return stat_at(AT_FDCWD, path, false, to); }

int __syscall_fstat64(int fd, struct stat *to) {
    __wasi_filestat_t from;
    return fill(__wasi_fd_filestat_get((__wasi_fd_t)fd, &from), &from, to);
}

static int fstat_at(int dirfd, const char *path, struct stat *to, int flags) {
    if (path && !*path && (flags & AT_EMPTY_PATH)) return __syscall_fstat64(dirfd, to);
    return stat_at(dirfd, path, !(flags & AT_SYMLINK_NOFOLLOW), to);
}

int __syscall_fstatat64(int dirfd, const char *path, struct stat *to, int flags) {
    return fstat_at(dirfd, path, to, flags);
}
int __syscall_newfstatat(int dirfd, const char *path, struct stat *to, int flags) {
    return fstat_at(dirfd, path, to, flags);
}

/* Whether it is there: nobody tells who may do what. */
int __syscall_faccessat(int dirfd, const char *path, int mode, int flags) {
    (void)mode, (void)flags;
    struct stat unused;
    return stat_at(dirfd, path, true, &unused);
}
int __syscall_access(const char *path, int mode) { return __syscall_faccessat(AT_FDCWD, path, mode, 0); }

int __syscall_chdir(const char *path) {
    struct stat to;
    int status = stat_at(AT_FDCWD, path, true, &to);
    if (status < 0) return status;
    return S_ISDIR(to.st_mode) ? wio__change_directory(path) : -ENOTDIR;
}

int __syscall_getcwd(char *to, size_t room) {
    const char *path = wio__current_directory();
    size_t size = strlen(path) + 1;
    if (size > room) return -ERANGE;
    memcpy(to, path, size);
    return (int)size;
}
#endif
