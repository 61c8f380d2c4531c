/* Timers in a pairing heap: intrusive, so arming one allocates nothing, and equal deadlines fire in the order in which
 * they were armed. (asyncio leaves that order undefined: rule ORDER.) Those that are due when a pass begins go to a list,
 * which is fired when it ends. */
#include "core.h"

static wio__timer *root;
static uint64_t order;

static bool earlier(const wio__timer *a, const wio__timer *b) {
    return a->deadline < b->deadline || (a->deadline == b->deadline && a->order < b->order);
}

/* `prev` of a first child is its parent, otherwise its elder sibling. */
static wio__timer *meld(wio__timer *a, wio__timer *b) {
    if (!a) return b;
    if (!b) return a;
    if (earlier(b, a)) {
        wio__timer *swap = a;
        a = b;
        b = swap;
    }
    b->prev = a;
    b->next = a->child;
    if (b->next) b->next->prev = b;
    a->child = b;
    a->next = a->prev = NULL;
    return a;
}

/* Melds a list of siblings pairwise from the left, then all from the right: the two passes of a pairing heap. */
static wio__timer *meld_siblings(wio__timer *first) {
    wio__timer *pairs = NULL, *whole = NULL;
    while (first) {
        wio__timer *a = first, *b = a->next;
        first = b ? b->next : NULL;
        a->next = a->prev = NULL;
        if (b) b->next = b->prev = NULL;
        a = meld(a, b);
        a->next = pairs;
        pairs = a;
    }
    while (pairs) {
        wio__timer *rest = pairs->next;
        pairs->next = NULL;
        whole = meld(whole, pairs);
        pairs = rest;
    }
    return whole;
}

static wio__timer *due_first, *due_last; /* in order; `child` is the timer itself */

void wio__timer_start(wio__timer *timer, double deadline, bool (*fire)(void *)) {
    timer->fire = fire;
    timer->deadline = deadline;
    timer->order = order += 2; /* the lowest bit: WIO__TIMER_OF_SCOPE */
    timer->child = timer->next = timer->prev = NULL;
    root = meld(root, timer);
    wio__the.timers++;
}

static void due_remove(wio__timer *timer) {
    if (timer->prev) timer->prev->next = timer->next;
    else due_first = timer->next;
    if (timer->next) timer->next->prev = timer->prev;
    else due_last = timer->prev;
}

void wio__timer_stop(wio__timer *timer) {
    if (!timer->fire) return;
    timer->fire = NULL;
    wio__the.timers--;
    if (timer->child == timer) {
        due_remove(timer);
        return;
    }
    wio__timer *children = meld_siblings(timer->child);
    if (timer == root) {
        root = children;
        return;
    }
    if (timer->prev->child == timer) timer->prev->child = timer->next;
    else timer->prev->next = timer->next;
    if (timer->next) timer->next->prev = timer->prev;
    root = meld(root, children);
}

double wio__timers_next(void) { return root ? root->deadline : INFINITY; }

void wio__timers_collect(double now) {
    while (root && root->deadline <= now) {
        wio__timer *timer = root;
        root = meld_siblings(timer->child);
        if (timer->order & WIO__TIMER_OF_SCOPE) { /* a wait that begins in this pass is too late already */
            wio_scope *scope = (wio_scope *)(void *)timer;
            scope->expired = true;
            ((wio__task *)scope->task)->attention = true;
            WIO__TRACE(WIO_TRACE_EXPIRED, scope->task, scope, WIO__OF_SCOPE, 0);
        }
        timer->child = timer;
        timer->next = NULL;
        timer->prev = due_last;
        if (due_last) due_last->next = timer;
        else due_first = timer;
        due_last = timer;
    }
}

void wio__timers_fire(void) {
    if (due_first) wio__the.current = NULL; /* it is the host's doing */
    WIO__FOR_REPORTS(wio__the.blame = NULL);
    while (due_first) {
        wio__timer *timer = due_first;
        bool (*fire)(void *) = timer->fire;
        wio__timer_stop(timer);
        wio__context_leaf(fire, timer);
    }
}
