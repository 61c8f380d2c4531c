/* Three roads lead home; whoever arrives first is asked, the others need not go on. */
#include <stdio.h>
#include <wasyncio.h>

typedef struct {
    const char *name;
    double hours;
} road;

static int drive(void *arg) {
    road *self = arg;
    int rc = wio_sleep(self->hours);
    printf("%s: %s\n", self->name, rc < 0 ? wio_error_text(rc) : "arrived");
    return rc;
}

static int race(void *arg) {
    (void)arg;
    road roads[] = {{"over the hill", 3}, {"along the river", 2}, {"through the wood", 5}};
    wio_task *cars[3];
    for (int i = 0; i < 3; i++) cars[i] = wio_create_task(drive, &roads[i]);

    int home = wio_wait(cars, 3, WIO_FIRST_COMPLETED, 1);
    printf("after an hour: %d at home\n", home);

    home = wio_wait(cars, 3, WIO_FIRST_COMPLETED, WIO_FOREVER);
    printf("then: %d at home\n", home);

    for (int i = 0; i < 3; i++)
        if (!wio_task_done(cars[i])) wio_task_cancel(cars[i]); /* wait() itself cancels nothing */
    for (int i = 0; i < 3; i++) wio_await(cars[i]);
    return 0;
}

int main(void) { return wio_run(race, NULL); }
