/* Start something, do other work, ask for the result when you need it. */
#include <stdio.h>
#include <wasyncio.h>

static int count_stars(void *arg) {
    int *sky = arg;
    printf("counting %d parts of the sky\n", *sky);
    int stars = 0;
    for (int part = 1; part <= *sky; part++) {
        wio_sleep(0.3);
        stars += part * 100;
    }
    printf("counted\n");
    return stars;
}

static int evening(void *arg) {
    (void)arg;
    int sky = 4;
    wio_task *count = wio_create_task(count_stars, &sky);

    for (int cup = 1; cup <= 3; cup++) {
        wio_sleep(0.5); /* the task goes on whenever this one waits */
        printf("tea, cup %d%s\n", cup, wio_task_done(count) ? ", and the count is there" : "");
    }

    int stars = wio_await(count); /* it has ended, so this does not wait */
    printf("%d stars\n", stars);
    return 0;
}

int main(void) { return wio_run(evening, NULL); }
