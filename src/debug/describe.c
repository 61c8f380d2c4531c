/* The state of primitives in words and numbers, read from their public structures; and what stands behind a task's line. */
#include "graph.h"
#include "development.h"

/* Without these being linked by that: a program that has such an object has them. */
#pragma weak wio_barrier_n_waiting
#pragma weak wio_barrier_broken
#pragma weak wio_future_done
#pragma weak wio_future_cancelled

static int count(const void *first) {
    int n = 0;
    for (const wio__waiter *waiter = first; waiter; waiter = waiter->next) n++;
    return n;
}

const wio__task *wio__lock_holder(const void *object) {
    const wio_lock *lock = object;
    const wio__task *holder = lock->owner ? wio__find((wio_task *)(uintptr_t)lock->owner, NULL) : NULL;
    return holder && holder->state != WIO__DONE ? holder : NULL;
}

static int queue_waiters(const wio_queue *queue) {
    return count(queue->getters.waiting) + count(queue->putters.waiting);
}

void wio__count(const void *object, int of, wio_trace_event *event) {
    switch (of) {
    case WIO__OF_SEMAPHORE: {
        const wio_semaphore *semaphore = object;
        event->what = "semaphore";
        event->value = (int)semaphore->value;
        event->limit = semaphore->bounded ? (int)semaphore->bound : 0;
        event->waiting = count(semaphore->first);
        break;
    }
    case WIO__OF_LOCK:
        event->what = "lock";
        event->value = !((const wio_lock *)object)->owner;
        event->limit = 1;
        event->waiting = count(((const wio_lock *)object)->first);
        break;
    case WIO__OF_EVENT:
        event->what = "event";
        event->value = ((const wio_event *)object)->set;
        event->limit = 1;
        event->waiting = count(((const wio_event *)object)->first);
        break;
    case WIO__OF_BARRIER:
        event->what = "barrier";
        event->value = wio_barrier_n_waiting ? (int)wio_barrier_n_waiting(object) : 0;
        event->limit = (int)((const wio_barrier *)object)->parties;
        break;
    case WIO__OF_QUEUE:
        event->what = "queue";
        event->value = (int)((const wio_queue *)object)->count;
        event->limit = (int)((const wio_queue *)object)->capacity;
        event->waiting = queue_waiters(object);
        break;
    default: break;
    }
}

/* -------------------------------------------------------------------------------------------------------- Words --- */

/* Cut, for texts that must fit into one buffer. */
static void name(wio__text *text, const wio__task *task) {
    enum { SHOWN = 120 };
    size_t size = strlen(wio__name(task));
    wio__text_add_size(text, wio__name(task), size < SHOWN ? size : SHOWN);
}

static void number(wio__text *text, long n, const char *behind) {
    wio__text_number(text, n);
    wio__text_add(text, behind);
}

static void seconds(wio__text *text, double time) {
    long milliseconds = (long)(time * 1000 + 0.5);
    wio__text_number(text, milliseconds / 1000);
    char digits[] = {'.', (char)('0' + milliseconds / 100 % 10), (char)('0' + milliseconds / 10 % 10),
                     (char)('0' + milliseconds % 10)};
    wio__text_add_size(text, digits, sizeof digits);
    wio__text_add(text, " s");
}

static void in_line(wio__text *text, int n) {
    if (n == 0) return;
    wio__text_add(text, ", ");
    number(text, n, " in line");
}

static void holder(wio__text *text, const wio_lock *lock) {
    const wio__task *held = wio__lock_holder(lock);
    wio__text_add(text, held ? "held by '" : lock->owner ? "held by a task that has ended" : "free");
    if (!held) return;
    name(text, held);
    wio__text_add(text, "'");
}

static void describe_barrier(wio__text *text, const wio_barrier *barrier) {
    if (wio_barrier_broken && wio_barrier_broken(barrier)) wio__text_add(text, "broken, ");
    number(text, wio_barrier_n_waiting ? wio_barrier_n_waiting(barrier) : 0, " of ");
    number(text, barrier->parties, " have come");
}

static void describe_queue(wio__text *text, const wio_queue *queue) {
    if (queue->is_shutdown) wio__text_add(text, "shut down, ");
    wio__text_number(text, (long)queue->count);
    if (queue->capacity) {
        wio__text_add(text, " of ");
        wio__text_number(text, (long)queue->capacity);
    }
    wio__text_add(text, " items");
    if (queue->unfinished > queue->count) {
        wio__text_add(text, ", ");
        number(text, (long)queue->unfinished, " not done");
    }
    in_line(text, queue_waiters(queue));
}

static void describe_future(wio__text *text, const wio_future *future) {
    if (!wio_future_done || !wio_future_done(future)) {
        wio__text_add(text, "pending");
        if (future->first) in_line(text, count(future->first));
    } else if (future->status >= 0) {
        wio__text_add(text, "result ");
        wio__text_number(text, future->status);
    } else {
        wio__text_add(text, wio_future_cancelled(future) ? "cancelled" : wio_error_name(future->status));
    }
}

static void describe_timeout(wio__text *text, const wio_scope *scope) {
    if (!scope->task) {
        wio__text_add(text, "finished");
        return;
    }
    wio__text_add(text, scope->expired ? "expired" : "active");
    if (!scope->timer.fire) return;
    wio__text_add(text, ", until ");
    seconds(text, scope->timer.deadline);
}

bool wio__describe(wio__text *text, const void *object, int of) {
    switch (of) {
    case WIO__OF_SEMAPHORE: {
        const wio_semaphore *semaphore = object;
        wio__text_number(text, (long)semaphore->value);
        if (semaphore->bounded) {
            wio__text_add(text, " of ");
            wio__text_number(text, (long)semaphore->bound);
        }
        wio__text_add(text, " free");
        in_line(text, count(semaphore->first));
        return true;
    }
    case WIO__OF_LOCK:
        holder(text, object);
        in_line(text, count(((const wio_lock *)object)->first));
        return true;
    case WIO__OF_EVENT:
        wio__text_add(text, ((const wio_event *)object)->set ? "set" : "not set");
        in_line(text, count(((const wio_event *)object)->first));
        return true;
    case WIO__OF_CONDITION: {
        const wio_condition *condition = object;
        wio__text_add(text, "its lock ");
        holder(text, condition->lock ? condition->lock : &condition->own);
        in_line(text, count(condition->first));
        return true;
    }
    case WIO__OF_BARRIER: describe_barrier(text, object); return true;
    case WIO__OF_QUEUE: describe_queue(text, object); return true;
    case WIO__OF_FUTURE: describe_future(text, object); return true;
    case WIO__OF_SCOPE: describe_timeout(text, object); return true;
    default: return false;
    }
}

const char *wio__object_name(const wio__task *task) {
    return task->wait->of == WIO__OF_NAMED ? *(const char *const *)task->object : NULL;
}

/* ------------------------------------------------------------------------------------------ Behind a task's line --- */

static void object_of(wio__text *text, const wio__task *task) {
    const char *called = wio__object_name(task);
    wio__text inner = {0};
    if (!called && !wio__describe(&inner, task->object, task->wait->of)) return;
    wio__text_add(text, " (");
    if (called) wio__text_add(text, called);
    else wio__text_add_size(text, inner.buffer, inner.size);
    wio__text_add(text, ")");
}

void wio__report_details(wio__text *text, const wio__task *task, bool more) {
    bool waits = task->state == WIO__PARKED;
    if (waits) object_of(text, task);
    if (!more) return;
    double now = wio_time();
    if (waits) {
        wio__text_add(text, ", for ");
        seconds(text, wio__age(now, task->since));
    }
    wio__text_add(text, "; created ");
    seconds(text, wio__age(now, task->born));
    wio__text_add(text, " ago");
    if (task->created && task->state != WIO__NEW) {
        wio__text_add(text, " at ");
        wio__text_place(text, task->created);
    }
    if (!task->cancels || !task->extra || !task->extra->cancelled_by) return;
    wio__text_add(text, "; cancelled by ");
    wio__text_add(text, task->extra->cancelled_by);
}

/* -------------------------------------------------------------------------------------------- Who has cancelled --- */

static void canceller(wio__text *text) {
    const wio__task *by = wio__the.current ? wio__the.current : wio__the.run_ending ? NULL : wio__the.blame;
    if (by) {
        wio__text_add(text, wio__the.current ? "'" : "the failure of '");
        name(text, by);
        wio__text_add(text, "'");
    } else {
        wio__text_add(text, wio__the.run_ending ? "the end of the run" : "the host");
    }
    if (!wio__the.current || !wio__here) return;
    wio__text_add(text, " at ");
    wio__text_place(text, wio__here);
}

/* Who cancels many does so in a row: they share the words, and the last to go frees them. */
typedef struct {
    uint32_t users;
    char text[];
} words;

static struct {
    words *words; /* NULL: of nobody any more */
    const char *here;
    uint32_t by;
    bool inside, run_ending;
} latest;

static words *words_new(void) {
    wio__text text = {0};
    canceller(&text);
    words *fresh = malloc(sizeof *fresh + text.size + 1);
    if (!fresh) return NULL;
    fresh->users = 0;
    memcpy(fresh->text, text.buffer, text.size);
    fresh->text[text.size] = '\0';
    return fresh;
}

static words *words_of_canceller(void) {
    const wio__loop *loop = &wio__the;
    const wio__task *by = loop->current ? loop->current : loop->blame;
    uint32_t number = by ? by->number : 0;
    if (latest.words && latest.by == number && latest.here == wio__here && latest.inside == (loop->current != NULL) &&
        latest.run_ending == loop->run_ending)
        return latest.words;
    latest.by = number;
    latest.here = wio__here;
    latest.inside = loop->current != NULL;
    latest.run_ending = loop->run_ending;
    return latest.words = words_new();
}

void wio__canceller_drop(const char *text) {
    if (!text) return;
    words *dropped = (words *)(uintptr_t)(text - offsetof(words, text));
    if (--dropped->users) return;
    if (dropped == latest.words) latest.words = NULL;
    free(dropped);
}

/* The first of several counts. In words, since the canceller may be gone when somebody asks. */
void wio__note_canceller(wio__task *task) {
    wio__extra *extra = wio__extra_of(task, 0);
    if (!extra || (task->cancels && extra->cancelled_by)) return;
    wio__canceller_drop(extra->cancelled_by);
    words *by = words_of_canceller();
    if (by) by->users++;
    extra->cancelled_by = by ? by->text : NULL;
}
