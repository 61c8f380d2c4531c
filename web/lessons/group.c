#include <stdio.h>
#include <wasyncio.h>

struct errand { const char *name; double seconds; bool fails; };

static int run_errand(void *arg) {
    struct errand *errand = arg;
    int rc = wio_sleep(errand->seconds);
    if (rc < 0) return rc; // -ECANCELED: give up
    printf("%s: %s\n", errand->name, errand->fails ? "failed" : "done");
    return errand->fails ? wio_fail(-EIO, "%s", errand->name) : 0;
}

static int day(void *arg) {
    (void)arg;
    struct errand post = {"post", 0.1, false}, bank = {"bank", 0.05, true}, shop = {"shop", 0.2, false};

    printf("gather: the others go on\n");
    int rc = WIO_GATHER({run_errand, &post}, {run_errand, &bank}, {run_errand, &shop});
    printf("  %s\n", wio_error_name(rc));

    printf("a group: one fails, all are called off\n");
    WIO_TASK_GROUP(errands) {
        wio_group_create_task(&errands, run_errand, &post);
        wio_group_create_task(&errands, run_errand, &bank);
        wio_group_create_task(&errands, run_errand, &shop);
    }
    printf("  %s\n", wio_error_name(wio_group_status(&errands)));
    return 0;
}

int main(void) { return wio_run(day, NULL); }
