/* Asynchronous generators. The body is a task that its consumer steps itself: as long as the body does not wait, a value
 * costs two switches and no pass, as if it were part of the consumer. If it waits, its consumer runs right after it when it
 * goes on, in the same turn. */
#include "../report/text.h"

WIO__TELLS

/* CLOSING: no value is wanted any more, the body cleans up. */
enum { NEW, RUNNING, YIELDED, CLOSING, ENDED };

/* Bodies of the run that have begun and not ended. */
static size_t bodies;

static bool of_run(const wio__task *body) { return body->run && body->run == wio__the.run; }

static wio__vars *left_vars; /* of a body that has just ended */

/* Who has got what it waits for, from the body that runs just now. */
static wio__task *served;

static bool turn(void *body) {
    wio__step(body);
    while (served) {
        wio__task *next = served;
        served = NULL;
        if (next->state == WIO__PARKED) wio__wake_now(next, 0);
    }
    return true;
}

bool wio__is_body(const wio__handle *handle) { return handle->fn == turn; }

int wio__generator_body(void *arg) {
    wio_generator *generator = arg;
    int status = generator->fn(generator, generator->arg);
    generator->state = ENDED;
    wio__task *self = generator->producer;
    bodies -= of_run(self);
    served = generator->consumer;
    wio__vars_drop(left_vars); /* of one that nobody asked */
    left_vars = self->vars;
    self->vars = NULL;
    return status;
}

/* What has handed out a value goes on only when the next is wanted, or when it is closed, also if it was cancelled. */
static bool yield_abort(void *task) { return ((wio__task *)task)->doomed; }

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
    served = generator->consumer;
    int status = wio__park(self, &yield_wait, generator);
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

/* While the body runs it has the context variables of who iterates. */
static void lend(const wio__task *from, wio__task *to) {
    wio__vars *vars = wio__vars_share(from->vars);
    wio__vars_drop(to->vars);
    to->vars = vars;
}

static void take_back(const wio_generator *generator, wio__task *self) {
    if (generator->state != ENDED) {
        lend(generator->producer, self);
    } else if (left_vars) {
        wio__vars_drop(self->vars);
        self->vars = left_vars;
        left_vars = NULL;
    }
}

/* The body is part of whoever iterates: it starts also when the run is about to end, as clean-up does. */
static bool begin(wio_generator *generator, wio__task *self) {
    wio__here = generator->created;
    wio__task *task = wio__task_new(wio__generator_body, generator, NULL, wio__run_of_new(), "wio_generator_next");
    if (!task) return false;
    generator->task = wio__handle_of(task);
    generator->producer = task;
    WIO__TRACE(WIO_TRACE_CREATED, task, NULL, 0, 0);
    bodies += of_run(task);
    lend(self, task);
    wio__step_eagerly(task);
    if (task->state != WIO__DONE) {
        task->ready.fn = turn;
    } else if (generator->state != ENDED) { /* without a stack */
        bodies -= of_run(task);
        generator->state = ENDED;
        wio__generators_over();
    }
    return true;
}

/* Runs the body now, until it waits, hands out a value or ends. At the end of a run it may have been woken already. */
static void step(wio_generator *generator, wio__task *self) {
    wio__task *producer = generator->producer;
    lend(self, producer);
    if (producer->state == WIO__PARKED) wio__wake_now(producer, 0);
}

static const wio__wait next_wait;

/* The body waits for something, and so do we, until it hands out a value or ends. True: a cancel was passed on to it. */
static bool wait(wio_generator *generator, wio__task *self) {
    generator->consumer = self;
    wio__park(self, &next_wait, generator->producer);
    generator->consumer = NULL;
    return self->aborted;
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
    if (before == YIELDED) step(generator, self);
    if (before == NEW && !begin(generator, self)) {
        generator->state = ENDED;
        generator->status = -ENOMEM;
        return false;
    }
    wio__here = here;
    bool interrupted = false;
    if (generator->state == RUNNING || generator->state == CLOSING) {
        interrupted = wait(generator, self);
        if (interrupted) self->undelivered = false; /* it was: to the body */
    }
    take_back(generator, self);
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
        wio__task *self = wio__the.current;
        wio__cancel(generator->producer);
        if (generator->state == YIELDED) {
            generator->state = CLOSING;
            step(generator, self);
        }
        bool told = !self->undelivered;
        if (generator->state != ENDED) {
            wait(generator, self);
            if (told) self->undelivered = false; /* a cancel meanwhile was: the waits of the clean-up fail */
        }
        take_back(generator, self);
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

void wio__generators_over(void) {
    wio__vars_drop(left_vars);
    left_vars = NULL;
}

bool wio__generators_left(void) { return bodies && wio__the.run_live == bodies; }

static bool waits_to_be_asked(const wio__task *body) { return body->state == WIO__PARKED && body->wait == &yield_wait; }

/* As asyncio's shutdown_asyncgens(), which comes when all tasks have ended: in order of their first values. What is opened in
 * their clean-up is closed when that has ended. */
void wio__generators_close(bool ends_now) {
    enum {
        JOIN_PASSES = 2
    }; /* that asyncio.run() takes from the end of the last leftover: what is due meanwhile is called */
    static unsigned passes;
    if (ends_now) passes = JOIN_PASSES;
    if (!wio__generators_left()) return;
    if (passes && wio__the.first) {
        passes--;
        wio__the.stopping = true;
        return;
    }
    for (const wio__task *body = wio__the.all_first; body; body = body->all_next)
        if (of_run(body) && !waits_to_be_asked(body)) return;
    for (wio__task *body = wio__the.all_first; body; body = body->all_next) {
        if (!of_run(body) || !waits_to_be_asked(body)) continue;
        ((wio_generator *)body->object)->state = CLOSING;
        wio__cancel(body);
        wio__wake(body, 0);
    }
}
