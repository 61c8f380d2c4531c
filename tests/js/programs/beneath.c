/* Functions that suspend, called by others through pointers, while a second task does the same: 0 if each gets its own. */
#include "wasyncio.h"
#include <stdlib.h>

static int by_value(const void *a, const void *b) {
    wio_yield();
    return *(const int *)a - *(const int *)b;
}

typedef double (*scaling)(double, int);
static double scaled(double x, int by) {
    wio_sleep(0.001);
    return x * by;
}
static double doubled(double x, int by) { return x * 2 + by; }
static scaling volatile scalings[] = {scaled, doubled};

static int sort(void *seed) {
    enum { COUNT = 40 };
    int numbers[COUNT], sought;
    unsigned next = *(unsigned *)seed;
    for (int i = 0; i < COUNT; i++) numbers[i] = (int)((next = next * 1103515245u + 12345u) >> 20);
    sought = numbers[7];
    qsort(numbers, COUNT, sizeof *numbers, by_value);
    for (int i = 1; i < COUNT; i++)
        if (numbers[i - 1] > numbers[i]) return -EINVAL;
    const int *found = bsearch(&sought, numbers, COUNT, sizeof *numbers, by_value);
    if (!found || *found != sought) return -ENOENT;
    double sum = 0;
    for (int i = 0; i < 4; i++) sum += scalings[i % 2](i, 3);
    return sum == 0 * 3 + (1 * 2 + 3) + 2 * 3 + (3 * 2 + 3) ? 0 : -ERANGE;
}

WIO_EXPORT(int, beneath, (void)) {
    unsigned seeds[] = {1, 2, 3};
    return WIO_GATHER({sort, &seeds[0]}, {sort, &seeds[1]}, {sort, &seeds[2]});
}
