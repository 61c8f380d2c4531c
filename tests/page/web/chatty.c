/* Prints without end and without waiting, some of it markup and some of it a terminal's. */
#include <stdio.h>
#include <wasyncio.h>

static int chat(void *arg) {
    (void)arg;
    printf("<img src=x onerror=alert(1)>\033[31m\n");
    for (int i = 1; i <= 60000; i++) printf("line %d\n", i);
    fprintf(stderr, "on stderr\n");
    printf("no end of line");
    return 3;
}

int main(void) { return wio_run(chat, NULL); }
