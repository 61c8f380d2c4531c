/* One bakes, two sell: what is not sold yet stands in a queue, and when it is full the baker waits. */
#include <stdio.h>
#include <wasyncio.h>

static wio_queue shelf;

typedef struct {
    const char *name;
    double seconds;
} seller;

static int sell(void *arg) {
    seller *self = arg;
    int loaf, sold = 0;
    while (wio_queue_get(&shelf, &loaf) == 0) {
        wio_sleep(self->seconds);
        printf("%s has sold loaf %d\n", self->name, loaf);
        wio_queue_task_done(&shelf);
        sold++;
    }
    printf("%s has sold %d and goes home\n", self->name, sold);
    return 0;
}

static int bakery(void *arg) {
    (void)arg;
    seller ann = {"Ann", 0.7}, ben = {"Ben", 1};
    wio_queue_init(&shelf, sizeof(int), 2);
    WIO_TASK_GROUP(staff) {
        wio_group_create_task(&staff, sell, &ann);
        wio_group_create_task(&staff, sell, &ben);
        for (int loaf = 1; loaf <= 6; loaf++) {
            wio_sleep(0.2);
            wio_queue_put(&shelf, &loaf); /* waits while the shelf is full */
            printf("loaf %d is baked, %d on the shelf\n", loaf, (int)wio_queue_size(&shelf));
        }
        wio_queue_join(&shelf); /* until all is sold */
        wio_queue_shutdown(&shelf, false);
    }
    wio_queue_destroy(&shelf);
    return 0;
}

int main(void) { return wio_run(bakery, NULL); }
