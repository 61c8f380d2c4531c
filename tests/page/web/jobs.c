/* An executor in the page: jobs print, crash, move a megabyte, are stopped; the last one never ends. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasyncio.h>

enum { MEGABYTE = 1 << 20 };

static int invert(const void *in, size_t in_size, void *out, size_t out_size) {
    for (size_t i = 0; i < out_size && i < in_size; i++) ((unsigned char *)out)[i] = (unsigned char)~((const unsigned char *)in)[i];
    printf("inverted in a worker\n");
    return 0;
}

static int crash(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    __builtin_trap();
}

static int spin(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    for (volatile int i = 0;; i++) {}
}

static int jobs(void *arg) {
    (void)arg;
    wio_executor *pool = wio_executor_create(&(wio_executor_options){.workers = 2});
    unsigned char *in = malloc(MEGABYTE), *out = malloc(MEGABYTE);
    memset(in, 0x0f, MEGABYTE);
    int rc = wio_run_in_executor(pool, invert, in, MEGABYTE, out, MEGABYTE);
    printf("inverted: %d, %#x\n", rc, out[MEGABYTE - 1]);
    printf("crash: %s\n", wio_error_name(wio_run_in_executor(pool, crash, NULL, 0, NULL, 0)));
    WIO_TIMEOUT(0.2) { rc = wio_run_in_executor(pool, spin, NULL, 0, NULL, 0); }
    printf("spin: %s\n", wio_error_name(rc));
    rc = wio_run_in_executor(pool, invert, in, MEGABYTE, out, MEGABYTE);
    printf("again: %d, %#x\n", rc, out[0]);
    return wio_run_in_executor(pool, spin, NULL, 0, NULL, 0);
}

int main(void) { return wio_run(jobs, NULL) < 0; }
