/* Wrong only in another order than that of creation: the reader takes it for granted that the writer came first. */
#include <wasyncio.h>

static const int *shared;
static int value = 42;

static int writer(void *arg) {
    (void)arg;
    shared = &value;
    return 0;
}

static int reader(void *arg) {
    (void)arg;
    return shared ? *shared : wio_fail(-EFAULT, "read before it was written");
}

static int both(void *arg) {
    (void)arg;
    int rc = WIO_GATHER({writer, NULL}, {reader, NULL});
    printf(rc < 0 ? "%s\n" : "fine\n", rc < 0 ? wio_task_error(wio_current_task())->message : "");
    return rc;
}

int main(void) { return wio_run(both, NULL) < 0 ? 3 : 0; }
