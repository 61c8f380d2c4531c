#ifdef __wasm__
/* Which granted directory a path is in. */
#include "files.h"

enum { FIRST = 3, LONGEST = 4096 };

typedef struct {
    char *name; /* absolute, without a slash at the end; "" for the root */
    size_t size;
} granted;

static granted *dirs;
static int dir_count = -1; /* not yet asked for */
static char current[LONGEST] = "/";

/* Writes the path without ".", ".." and double slashes, absolute, behind `from`, which is such a path without its end's slash.
 * Its size; 0 for the root; negative if it is too long. */
static int normalize(const char *from, const char *path, char *to) {
    size_t size = *path == '/' ? 0 : strlen(from);
    if (size == 1) size = 0; /* "/" */
    memcpy(to, from, size);
    while (*path) {
        size_t part = strcspn(path, "/");
        if (part == 2 && path[0] == '.' && path[1] == '.') {
            while (size && to[--size] != '/') {
            }
        } else if (part && !(part == 1 && path[0] == '.')) {
            if (size + part + 2 > LONGEST) return -ENAMETOOLONG;
            to[size++] = '/';
            memcpy(to + size, path, part);
            size += part;
        }
        path += part;
        while (*path == '/') path++;
    }
    to[size] = '\0';
    return (int)size;
}

/* The names under which directories were granted, once. */
static int list_directories(void) {
    if (dir_count >= 0) return 0;
    dir_count = 0;
    __wasi_prestat_t prestat;
    for (__wasi_fd_t fd = FIRST; __wasi_fd_prestat_get(fd, &prestat) == __WASI_ERRNO_SUCCESS; fd++) {
        size_t size = prestat.u.dir.pr_name_len;
        granted *more = realloc(dirs, (size_t)(dir_count + 1) * sizeof *dirs);
        if (more) dirs = more;
        char *name = malloc(size + 1), absolute[512];
        if (!more || !name || size + 2 > sizeof absolute) {
            free(name);
            dir_count = -1;
            return -ENOMEM;
        }
        if (__wasi_fd_prestat_dir_name(fd, (uint8_t *)name, size) != __WASI_ERRNO_SUCCESS) size = 0;
        name[size] = '\0';
        int length = normalize("/", name, absolute);
        free(name);
        dirs[dir_count++] = (granted){.name = strdup(absolute), .size = (size_t)length};
    }
    return 0;
}

/* As wio__locate(), for a normalized path. */
static int find(const char *path, wio__place *place) {
    int status = list_directories(), best = -1;
    if (status < 0) return status;
    for (int i = 0; i < dir_count; i++) {
        const granted *each = &dirs[i];
        bool fits = each->name && strncmp(path, each->name, each->size) == 0 &&
                    (path[each->size] == '/' || path[each->size] == '\0');
        if (fits && (best < 0 || each->size > dirs[best].size)) best = i;
    }
    if (best < 0) return -ENOENT;
    place->dir = (__wasi_fd_t)(FIRST + best);
    place->path = path + dirs[best].size;
    if (*place->path == '/') place->path++;
    if (!*place->path) place->path = ".";
    return 0;
}

int wio__locate(int dirfd, const char *path, wio__place *place) {
    static char paths[2][LONGEST + 2];
    static unsigned next;
    if (!path || !*path) return -ENOENT;
    int status = 0;
    bool is_directory = path[strlen(path) - 1] == '/'; /* WASI looks at that slash, too */
    if (dirfd == AT_FDCWD || *path == '/') {
        char *absolute = paths[next++ % 2];
        int size = normalize(current, path, absolute);
        if (size < 0) return size;
        status = find(absolute, place);
        if (is_directory && status == 0 && strcmp(place->path, ".") != 0) strcpy(absolute + size, "/");
    } else {
        place->dir = (__wasi_fd_t)dirfd;
        place->path = path;
    }
    place->size = status < 0 ? 0 : strlen(place->path);
    return status;
}

int wio__change_directory(const char *path) {
    char absolute[LONGEST];
    int size = normalize(current, path, absolute);
    if (size < 0) return size;
    memcpy(current, size ? absolute : "/", size ? (size_t)size + 1 : 2);
    return 0;
}

const char *wio__current_directory(void) { return current; }
#endif
