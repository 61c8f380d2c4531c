/* Waiting for some of several tasks, without owning or cancelling them: wio_wait() and wio_as_completed_…(). */
#include "../report/text.h"

WIO__TELLS

/* The tasks behind n handles, each once, into a block that the caller frees; NULL with the reason in *status. */
static wio__task **distinct(wio_task *const *handles, size_t *n, const char *function, int *status) {
    *status = -EINVAL;
    for (size_t i = 0; i < *n; i++) {
        wio__task *task = wio__find(handles[i], function);
        if (!task) return NULL;
        if (task != wio__the.current) continue;
        *status = wio__misuse(-EDEADLK, function, "a task cannot wait for itself");
        return NULL;
    }
    *status = -ENOMEM;
    wio__task **tasks = malloc((*n ? *n : 1) * sizeof(wio__task *));
    if (!tasks) {
        wio__note_set(-ENOMEM, NULL, 0);
        return NULL;
    }
    size_t count = 0;
    for (size_t i = 0; i < *n; i++) {
        wio__task *task = wio__find(handles[i], NULL);
        if (task->listed) continue;
        task->listed = true;
        tasks[count++] = task;
    }
    for (size_t i = 0; i < count; i++) tasks[i]->listed = false;
    *n = count;
    *status = 0;
    return tasks;
}

/* What both do first. The block has room for each task; `data` is the caller's. */
static wio__watching *watch(wio_task *const *handles, size_t n, const char *function, bool (*called)(void *),
                            void *data, int *status) {
    wio__task **tasks = distinct(handles, &n, function, status);
    if (!tasks) return NULL;
    wio__watching *all = wio__watching_new(n, data);
    for (size_t i = 0; all && i < n; i++) wio__watch_task(all, tasks[i], called);
    free(tasks);
    if (all) return all;
    wio__note_set(-ENOMEM, NULL, 0);
    *status = -ENOMEM;
    return NULL;
}

/* --------------------------------------------------------------------------------------------------- wio_wait --- */

typedef struct {
    wio__timer timer; /* first */
    wio__task *self;
    wio__watching *watching;
    size_t left;
    wio_wait_mode mode;
} waiting;

static bool wait_timed_out(void *timer) {
    wio__wake(((waiting *)timer)->self, 0);
    return true;
}

static bool wait_called(void *handle) {
    wio__watch *watch = wio__watch_called(handle);
    if (!watch) return true;
    waiting *wait = watch->of->data;
    int status = watch->task->status;
    bool failed = status < 0 && status != -ECANCELED;
    wait->left--;
    if (wait->left > 0 && wait->mode != WIO_FIRST_COMPLETED && !(wait->mode == WIO_FIRST_EXCEPTION && failed))
        return true;
    wio__timer_stop(&wait->timer);
    wio__wake(wait->self, 0);
    return true;
}

static bool wait_abort(void *task) {
    wio__watching *watching = ((wio__task *)task)->object;
    wio__timer_stop(&((waiting *)watching->data)->timer);
    return true;
}

static const wio__wait wait_wait = {.kind = "tasks", .abort = wait_abort, .of = WIO__OF_WATCHING};

static int ended(const wio__watching *watching) {
    int count = 0;
    for (uint32_t i = 0; i < watching->n; i++) count += watching->each[i].task->state == WIO__DONE;
    return count;
}

int wio_wait(wio_task *const *tasks, size_t n, wio_wait_mode mode, double timeout) {
    wio__task *self = wio__self("wio_wait");
    if (!self) return -EPERM;
    if (!tasks) return wio__misuse_null("wio_wait", "tasks");
    if (n == 0) return wio__misuse(-EINVAL, "wio_wait", "there is no task to wait for");
    if ((unsigned)mode > WIO_FIRST_EXCEPTION) return wio__misuse(-EINVAL, "wio_wait", "there is no such mode");
    if (isnan(timeout)) return wio__misuse(-EINVAL, "wio_wait", "the time is not a number");
    waiting wait = {.self = self, .mode = mode};
    int status;
    wio__watching *watching = watch(tasks, n, "wio_wait", wait_called, &wait, &status);
    if (!watching) return status;
    wait.left = watching->n;
    if (timeout < INFINITY) wio__timer_start(&wait.timer, wio__host_now() + timeout, wait_timed_out);
    status = wio__park(self, &wait_wait, watching);
    wio__timer_stop(&wait.timer);
    int count = status < 0 ? status : ended(watching);
    wio__watching_end(watching);
    return count;
}

/* ----------------------------------------------------------------------------------------------- as_completed --- */

static bool completed_timed_out(void *timer) {
    wio_as_completed *iterator = timer;
    iterator->expired = true;
    if (iterator->waiting) wio__wake(iterator->waiting, 0);
    return true;
}

/* A task that has ended goes to the end of the line; its watch is free to be the link. */
static bool completed_called(void *handle) {
    wio__watch *watch = wio__watch_called(handle);
    if (!watch) return true;
    wio_as_completed *iterator = watch->of->data;
    if (iterator->expired) return true;
    if (--iterator->running == 0) wio__timer_stop(&iterator->timer);
    wio__waiters_push(wio__waiters_of(&iterator->first), &watch->waiter, NULL);
    if (iterator->waiting) wio__wake(iterator->waiting, 0);
    return true;
}

int wio_as_completed_init(wio_as_completed *iterator, wio_task *const *tasks, size_t n, double timeout) {
    if (!iterator) return wio__misuse_null("wio_as_completed_init", "the iterator");
    *iterator = (wio_as_completed){.status = -EPERM};
    if (!wio__self("wio_as_completed_init")) return -EPERM;
    iterator->status = -EINVAL;
    if (!tasks && n) return wio__misuse_null("wio_as_completed_init", "tasks");
    if (isnan(timeout)) return wio__misuse(-EINVAL, "wio_as_completed_init", "the time is not a number");
    if (n == 0) return iterator->status = 0;
    wio__watching *watching = watch(tasks, n, "wio_as_completed_init", completed_called, iterator, &iterator->status);
    if (!watching) return iterator->status;
    iterator->watching = watching;
    iterator->left = iterator->running = watching->n;
    if (timeout < INFINITY) wio__timer_start(&iterator->timer, wio__host_now() + timeout, completed_timed_out);
    return 0;
}

static bool next_abort(void *task) {
    (void)task;
    return true;
}

static const wio__wait next_wait = {.kind = "tasks", .abort = next_abort, .of = WIO__OF_WATCHING};

wio_task *wio_as_completed_next(wio_as_completed *iterator) {
    if (!iterator) {
        wio__misuse_null("wio_as_completed_next", "the iterator");
        return NULL;
    }
    if (!iterator->watching) return NULL;
    wio__task *self = wio__self("wio_as_completed_next");
    if (!self) {
        iterator->status = -EPERM;
        return NULL;
    }
    if (iterator->waiting) {
        wio__misuse(-EINVAL, "wio_as_completed_next", "another task iterates here already");
        return NULL;
    }
    iterator->status = 0;
    if (!iterator->first && !iterator->expired && iterator->left) {
        iterator->waiting = self;
        iterator->status = wio__park(self, &next_wait, iterator->watching);
        iterator->waiting = NULL;
        if (iterator->status < 0) return NULL; /* not closed: it may be taken up again */
    }
    wio__watch *watch = iterator->first;
    if (!watch) {
        int status = iterator->left ? -ETIMEDOUT : 0;
        if (status) wio__note_set(status, NULL, 0);
        wio_as_completed_close(iterator);
        iterator->status = status;
        return NULL;
    }
    wio__waiters_remove(&watch->waiter);
    iterator->left--;
    return wio__handle_of(watch->task);
}

int wio_as_completed_status(const wio_as_completed *iterator) {
    return iterator ? iterator->status : wio__misuse_null("wio_as_completed_status", "the iterator");
}

void wio_as_completed_close(wio_as_completed *iterator) {
    if (!iterator || !iterator->watching) return;
    if (iterator->waiting) {
        wio__misuse(-EBUSY, "wio_as_completed_close", "a task waits in wio_as_completed_next(); cancel that first");
        return;
    }
    wio__timer_stop(&iterator->timer);
    wio__watching_end(iterator->watching);
    iterator->watching = NULL;
}
