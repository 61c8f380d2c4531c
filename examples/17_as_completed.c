/* Letters are answered as they come, not in the order in which they were asked for. */
#include <stdio.h>
#include <wasyncio.h>

typedef struct {
    const char *from;
    double days; /* a day takes a tenth of a second here */
} letter;

static int post(void *arg) {
    letter *self = arg;
    int rc = wio_sleep(self->days / 10);
    return rc ? rc : (int)self->days * 10; /* lines */
}

static int morning(void *arg) {
    (void)arg;
    letter letters[] = {{"Lima", 4}, {"Bern", 1}, {"Oslo", 2}, {"Perth", 9}};
    wio_task *tasks[4];
    for (int i = 0; i < 4; i++)
        tasks[i] = wio_create_task_with(post, &letters[i], &(wio_task_options){.name = letters[i].from});

    WIO_AS_COMPLETED(mail, task, tasks, 4, 0.5) {
        printf("%s wrote %d lines\n", wio_task_name(task), wio_task_status(task));
    }
    if (wio_as_completed_status(&mail) == -ETIMEDOUT) printf("the others after five days\n");

    for (int i = 0; i < 4; i++) wio_await(tasks[i]);
    printf("Perth wrote too\n");
    return 0;
}

int main(void) { return wio_run(morning, NULL); }
