/* What the features of WebAssembly that a compiler may use do for ordinary loops: `features.wasm WORKLOAD SIZE COUNT` prints
 * the nanoseconds of one call. bench/features.js builds it with and without each. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "wasyncio.h"

enum { ROOM = 1 << 20 };
unsigned char from[ROOM], to[ROOM]; /* none static: the compiler must take them for read by others */
float x[ROOM / 4], y[ROOM / 4];
volatile int sink;

/* The size is not known when it is compiled, and the call is not merged with others. */
__attribute__((noinline)) static void copy(size_t size) { memcpy(to, from, size); }
__attribute__((noinline)) static void fill(size_t size) { memset(to, 1, size); }

/* Reads signed bytes and shorts, each of which must be widened. */
__attribute__((noinline)) static void widen(size_t size) {
    int sum = 0;
    for (size_t i = 0; i < size; i++) sum = (int)((int8_t)(sum >> 3) ^ (int16_t)(sum * 5 + from[i]));
    sink = sum;
}

__attribute__((noinline)) static void convert(size_t size) {
    int sum = 0;
    for (size_t i = 0; i < size; i++) sum = sum * 3 + (int)x[i];
    sink = sum;
}

__attribute__((noinline)) static void axpy(size_t size) {
    for (size_t i = 0; i < size; i++) y[i] += 1.5f * x[i];
}

static const struct {
    const char *name;
    void (*call)(size_t);
} workloads[] = {{"copy", copy}, {"fill", fill}, {"widen", widen}, {"convert", convert}, {"axpy", axpy}};

static double once(void (*call)(size_t), size_t size, int count) {
    double start = wio_time();
    for (int i = 0; i < count; i++) {
        call(size);
        __asm__ volatile("" : : "r"(to), "r"(y) : "memory");
    }
    return (wio_time() - start) * 1e9 / count;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    size_t size = (size_t)atoi(argv[2]);
    int count = atoi(argv[3]);
    if (size > ROOM / 4) size = ROOM / 4;
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
        if (strcmp(argv[1], workloads[i].name) == 0) {
            once(workloads[i].call, size, count / 10 + 1); /* warm-up */
            printf("each %.3f\n", once(workloads[i].call, size, count));
            return 0;
        }
    return 2;
}
