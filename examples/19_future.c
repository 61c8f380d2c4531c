/* A future is a result that somebody will set: a callback, another task, code that knows nothing of coroutines. */
#include <stdio.h>
#include <wasyncio.h>

typedef struct {
    wio_future future;
    const char *words; /* the result itself; the future says that it is there */
} parcel;

static void ring(void *arg) {
    parcel *self = arg;
    self->words = "a book";
    wio_future_set_result(&self->future, 0);
}

static void opened(wio_future *future, void *arg) {
    parcel *self = arg;
    int rc = wio_future_status(future);
    printf("callback: %s\n", rc < 0 ? wio_future_error(future)->message : self->words);
}

static int waits(void *arg) {
    parcel *self = arg;
    int rc = wio_future_await(&self->future);
    printf("task: %s\n", rc < 0 ? wio_task_error(wio_current_task())->message : self->words);
    return rc;
}

static int house(void *arg) {
    (void)arg;
    parcel present = {0}, lost = {0};
    wio_future_add_done_callback(&present.future, opened, &present);
    wio_call_later(2, ring, &present);
    waits(&present);

    wio_task *other = wio_create_task(waits, &lost);
    wio_yield(); /* so that it waits before the callback is added */
    wio_future_add_done_callback(&lost.future, opened, &lost);
    wio_sleep(1);
    wio_future_set_error(&lost.future, wio_fail(-ENOENT, "the van was empty"));
    wio_await(other);
    wio_future_destroy(&lost.future);
    return 0;
}

int main(void) { return wio_run(house, NULL); }
