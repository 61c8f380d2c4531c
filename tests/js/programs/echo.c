// Says what main() was given.
#include "wasyncio.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc > 2 && !strcmp(argv[1], "write")) {
        for (const char *at = argv[2]; *at; at++) write(1, at, 1);
        write(1, "\n", 1);
        return argc - 1;
    }
    for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
    const char *gone = getenv("GONE");
    printf("\nNAME=%s EMPTY=%s GONE=%s\n", getenv("NAME"), getenv("EMPTY"), gone ? gone : "(null)");
    return argc - 1;
}
