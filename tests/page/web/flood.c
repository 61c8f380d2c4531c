/* 100 MB of output: 1,000,000 lines of a hundred characters. */
#include <stdio.h>
#include <wasyncio.h>

static int pour(void *arg) {
    (void)arg;
    for (int i = 1; i <= 1000000; i++) printf("%07d %091d\n", i, 0);
    return 0;
}

int main(void) { return wio_run(pour, NULL); }
