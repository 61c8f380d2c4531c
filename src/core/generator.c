/* Asynchronous generators. The body is a task that its consumer steps itself: as long as the body does not wait, a value
 * costs two switches and no pass, as if it were part of the consumer. */
#include "core.h"

/* CLOSING: no value is wanted any more, the body cleans up. */
enum { NEW, RUNNING, YIELDED, CLOSING, ENDED };

int wio__generator_body(void *arg) {
    wio_generator *generator = arg;
    int status = generator->fn(generator, generator->arg);
    generator->state = ENDED;
    if (generator->consumer) wio__wake(generator->consumer, 0);
    return status;
}

/* What has handed out a value goes on only when the next is wanted, also if it was cancelled meanwhile; but when nobody is
 * left to ask, it has to end. */
static bool yield_abort(void *task) { return ((wio__task *)task)->doomed || wio__the.run_ending; }

static const wio__wait yield_wait = {.kind = "next value wanted", .abort = yield_abort, .keeps_result = true};

/* Nobody wants a value of it any more: also in a shield, which the body's clean-up may be in. */
static int unwanted(wio__task *self) {
    if (wio__reason(self)) return wio__deliver(self);
    wio__note_set(-ECANCELED, NULL, 0);
    return -ECANCELED;
}

int wio_generator_yield(wio_generator *generator, const void *value) {
    if (!generator) return wio__misuse_null("wio_generator_yield", "the generator");
    wio__task *self = wio__self("wio_generator_yield");
    if (!self) return -EPERM;
    if (generator->producer != self)
        return wio__misuse(-EPERM, "wio_generator_yield", "works only in the body of this generator");
    if (generator->state == CLOSING || (self->attention && wio__reason(self))) {
        wio_yield();
        return unwanted(self);
    }
    generator->value = (void *)(uintptr_t)value;
    generator->state = YIELDED;
    if (generator->consumer) wio__wake(generator->consumer, 0);
    int status = wio__park(self, &yield_wait, NULL);
    if (status < 0) generator->state = CLOSING; /* woken by nobody who iterates */
    bool wanted = status >= 0 && generator->state != CLOSING && !(self->attention && wio__reason(self));
    return status < 0 || wanted ? status : unwanted(self);
}

/* ------------------------------------------------------------------------------------------------- Consuming --- */

int wio_generator_open(wio_generator *generator, wio_generator_fn *fn, void *arg) {
    if (!generator) return wio__misuse_null("wio_generator_open", "the generator");
    *generator = (wio_generator){.fn = fn, .arg = arg, .created = wio__here};
    if (fn) return 0;
    generator->state = ENDED;
    return generator->status = wio__misuse_null("wio_generator_open", "fn");
}

/* The body is part of whoever iterates: it starts also when the run is about to end, as clean-up does. */
static bool begin(wio_generator *generator) {
    wio__here = generator->created;
    wio__task *task = wio__task_new(wio__generator_body, generator, NULL, wio__run_of_new(), "wio_generator_next");
    if (!task) return false;
    generator->task = wio__handle_of(task);
    generator->producer = task;
    WIO__TRACE(WIO_TRACE_CREATED, task, NULL, 0, 0);
    wio__step_eagerly(task);
    if (task->state == WIO__DONE) generator->state = ENDED; /* also without a stack, so that body() never ran */
    return true;
}

/* Runs the body now, until it waits, hands out a value or ends. At the end of a run it may have been woken already. */
static void step(wio_generator *generator) {
    wio__task *producer = generator->producer;
    if (producer->state == WIO__PARKED) wio__wake_now(producer, 0);
}

static bool next_abort(void *task) {
    wio__cancel(((wio__task *)task)->object);
    return false; /* ends when the body has */
}

static const wio__wait next_wait = {
    .kind = "next value of", .abort = next_abort, .of = WIO__OF_TASK, .keeps_result = true};

/* The body has ended, or is about to: what it returned. */
static void join(wio_generator *generator, wio__task *self, bool interrupted) {
    int status = wio_await(generator->task);
    generator->producer = NULL;
    generator->state = ENDED;
    generator->status = interrupted && status == -ECANCELED ? wio__deliver(self) : status < 0 ? status : 0;
}

static wio__task *consumer(wio_generator *generator, void **value) {
    if (!generator || !value) {
        wio__misuse_null("wio_generator_next", generator ? "value" : "the generator");
        return NULL;
    }
    if (generator->state == ENDED && !generator->producer) return NULL;
    wio__task *self = wio__self("wio_generator_next");
    if (!self) {
        generator->status = -EPERM;
        return NULL;
    }
    if (generator->state != RUNNING && !generator->consumer && self != generator->producer) return self;
    wio__misuse(-EBUSY, "wio_generator_next", "this generator is being asked for its next value already");
    return NULL;
}

bool wio_generator_next(wio_generator *generator, void **value) {
    if (value) *value = NULL;
    const char *here = wio__here;
    wio__task *self = consumer(generator, value);
    if (!self) return false;
    int before = generator->state;
    if (before == NEW || before == YIELDED) generator->state = RUNNING;
    if (before == YIELDED) step(generator);
    if (before == NEW && !begin(generator)) {
        generator->state = ENDED;
        generator->status = -ENOMEM;
        return false;
    }
    wio__here = here;
    bool interrupted = false;
    if (generator->state == RUNNING || generator->state == CLOSING) { /* it waits for something, and so do we */
        generator->consumer = self;
        wio__park(self, &next_wait, generator->producer);
        interrupted = self->aborted;
        if (interrupted) self->undelivered = false; /* it was: to the body */
        generator->consumer = NULL;
    }
    if (generator->state == YIELDED) {
        *value = generator->value;
        return true;
    }
    join(generator, self, interrupted);
    return false;
}

int wio_generator_status(const wio_generator *generator) {
    return generator ? generator->status : wio__misuse_null("wio_generator_status", "the generator");
}

/* The body is still there: it has handed out a value, or ends unasked. */
static void close(wio_generator *generator) {
    WIO_SHIELD {
        wio__cancel(generator->producer);
        if (generator->state == YIELDED) {
            generator->state = CLOSING;
            step(generator);
        }
        int status = wio_await(generator->task);
        if (status < 0 && status != -ECANCELED) generator->status = status;
    }
    generator->producer = NULL;
}

void wio_generator_close(wio_generator *generator) {
    if (!generator) return;
    if (generator->producer) {
        if (!wio__self("wio_generator_close")) return;
        if (generator->state == RUNNING || generator->producer == wio__the.current) {
            wio__misuse(-EBUSY, "wio_generator_close",
                        "the generator is running; cancel the task that iterates instead");
            return;
        }
        close(generator);
    }
    generator->state = ENDED;
}
