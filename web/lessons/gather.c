#include <stdio.h>
#include <wasyncio.h>

struct dish { const char *name; double seconds; };

static int make(void *arg) {
    struct dish *dish = arg;
    printf("%s ...\n", dish->name);
    wio_sleep(dish->seconds);
    printf("%s is ready\n", dish->name);
    return 0;
}

static int breakfast(void *arg) {
    (void)arg;
    struct dish tea = {"tea", 0.2}, toast = {"toast", 0.1}, egg = {"egg", 0.15};
    WIO_GATHER({make, &tea}, {make, &toast}, {make, &egg}); // side by side
    printf("all of it is ready\n");
    return 0;
}

int main(void) { return wio_run(breakfast, NULL); }
