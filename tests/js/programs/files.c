/* File calls by main's arguments: read PATH, write PATH, rename FROM TO, readlink PATH. Each says its result, or the error. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wasyncio.h>

static const char *name(void) {
    switch (errno) {
    case EXDEV: return "EXDEV";
    case ENOENT: return "ENOENT";
    case EACCES: return "EACCES";
    case EINVAL: return "EINVAL";
    default: return strerror(errno);
    }
}

int main(int argc, char **argv) {
    for (int i = 1; i + 1 < argc; i += 2) {
        char text[100] = "";
        FILE *file;
        if (strcmp(argv[i], "read") == 0) {
            file = fopen(argv[i + 1], "r");
            if (file) fread(text, 1, sizeof text - 1, file), fclose(file);
            printf("%s\n", file ? text : name());
        } else if (strcmp(argv[i], "write") == 0) {
            file = fopen(argv[i + 1], "w");
            if (file) fputs("written", file), fclose(file);
            printf("%s\n", file ? "ok" : name());
        } else if (strcmp(argv[i], "readlink") == 0) {
            printf("%s\n", readlink(argv[i + 1], text, sizeof text - 1) < 0 ? name() : text);
        } else if (strcmp(argv[i], "rename") == 0) {
            printf("%s\n", rename(argv[i + 1], argv[i + 2]) < 0 ? name() : "ok");
            i++;
        }
    }
    return 0;
}
