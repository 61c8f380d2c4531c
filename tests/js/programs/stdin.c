/* A program that reads standard input as any C program does. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wasyncio.h>

static int lines(void) {
    char line[100];
    while (fgets(line, sizeof line, stdin)) {
        size_t size = strcspn(line, "\n");
        printf("%zu [%.*s]%s\n", size, (int)size, line, line[size] ? "" : " unended");
        fflush(stdout);
    }
    printf("eof %d error %d%s%s\n", feof(stdin) != 0, ferror(stdin) != 0, ferror(stdin) ? " " : "",
           ferror(stdin) ? strerror(errno) : "");
    return 0;
}

static int numbers(void) {
    int sum = 0, number, count = 0;
    while (scanf("%d", &number) == 1) sum += number, count++;
    int next = getchar();
    printf("%d numbers, %d in all, then %d\n", count, sum, next);
    return 0;
}

static int bytes(void) {
    static char block[65536];
    size_t all = 0, size;
    unsigned sum = 0;
    while ((size = fread(block, 1, sizeof block - 7, stdin)) > 0) {
        all += size;
        for (size_t i = 0; i < size; i++) sum = sum * 31 + (unsigned char)block[i];
    }
    printf("%zu bytes, %u\n", all, sum);
    return 0;
}

static int ask(void *arg) {
    (void)arg;
    char name[40];
    printf("name? ");
    fflush(stdout);
    if (scanf("%39s", name) != 1) return -EIO;
    wio_sleep(0.01);
    printf("hello %s\n", name);
    return 0;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "lines";
    if (!strcmp(what, "numbers")) return numbers();
    if (!strcmp(what, "bytes")) return bytes();
    if (!strcmp(what, "ask")) return wio_run(ask, NULL) < 0;
    if (!strcmp(what, "tty")) return printf("tty %d\n", isatty(0)) < 0;
    return lines();
}
