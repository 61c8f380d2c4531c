/* gather: all run to their end, whatever one of them does; only the caller's cancel stops them. */
#include "../core/core.h"

typedef struct {
    wio__children children;
    int *statuses;
    int first_error;
    bool stopped;
    wio__note note;
} gathering;

static bool child_ended(void *handle) {
    wio__task *child = wio__ended_task(handle);
    gathering *all = (gathering *)(void *)child->owner;
    wio__task *parent = all->children.parent;
    if (all->statuses) all->statuses[child->index] = child->status;
    if (child->status < 0 && !all->first_error) {
        all->first_error = child->status;
        wio__note_move(&all->note, &child->note);
    }
    wio__children_remove(&all->children, child);
    child->owner = NULL;
    child->looked_at = child->detached = true;
    if (all->children.unfinished == 0) wio__wake(parent, 0);
    if (!child->holds) wio__task_release(child);
    return true;
}

/* Too late for members that have all ended: the results arrive, and the next wait fails. */
static bool gather_abort(void *task) {
    gathering *all = ((wio__task *)task)->object;
    for (wio__task *child = all->children.first; child; child = child->sibling_next)
        all->stopped |= child->state != WIO__DONE;
    wio__children_cancel(&all->children);
    return false;
}

static const wio__wait gather_wait = {
    .kind = "gather", .abort = gather_abort, .of = WIO__OF_GATHER, .keeps_result = true};

/* Without memory for all, none of them has run a statement: those already made are cancelled before their first. */
static int create(gathering *all, wio_call call, size_t index) {
    wio__task *child = wio__task_new(call.fn, call.arg, NULL, wio__run_of_new(), "wio_gather");
    if (!child) return -ENOMEM;
    child->index = (uint32_t)index;
    wio__children_add(&all->children, child, child_ended);
    wio__task_start(child, false);
    return 0;
}

static int join(wio__task *self, gathering *all, int failure) {
    if (failure) wio__children_cancel(&all->children);
    int reason = 0;
    while (all->children.unfinished) reason = wio__park(self, &gather_wait, &all->children);
    if (failure) {
        wio__note_clear(&all->note);
        return failure;
    }
    if (all->stopped || reason < 0) {
        wio__note_clear(&all->note);
        return wio__deliver(self);
    }
    if (all->statuses || !all->first_error) {
        wio__note_clear(&all->note);
        return 0;
    }
    wio__note_move(&self->note, &all->note);
    return all->first_error;
}

int wio_gather(const wio_call *calls, size_t n, int *statuses) {
    wio__task *self = wio__self("wio_gather");
    if (!self) return -EPERM;
    if (n == 0) return 0;
    if (!calls) return wio__misuse_null("wio_gather", "calls");
    for (size_t i = 0; i < n; i++)
        if (!calls[i].fn) return wio__misuse_null("wio_gather", "the fn of a call");
    gathering all = {.children = {.parent = self}, .statuses = statuses};
    int failure = 0;
    for (size_t i = 0; i < n && !failure; i++) failure = create(&all, calls[i], i);
    return join(self, &all, failure);
}

int wio__gather_each(wio_fn *fn, void *array, size_t size, size_t n) {
    wio__task *self = wio__self("WIO_GATHER_EACH");
    if (!self) return -EPERM;
    if (n == 0) return 0;
    if (!fn) return wio__misuse_null("WIO_GATHER_EACH", "fn");
    gathering all = {.children = {.parent = self}};
    int failure = 0;
    for (size_t i = 0; i < n && !failure; i++) failure = create(&all, (wio_call){fn, (char *)array + i * size}, i);
    return join(self, &all, failure);
}
