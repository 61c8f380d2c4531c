/* Timers in pairing heaps: intrusive, so arming one allocates nothing, and equal deadlines fire in the order in which
 * they were armed. (asyncio leaves that order undefined: rule ORDER.) Those that are due when a pass begins go to a list,
 * which is fired when it ends.
 *
 * One heap has what is due by now or in this moment, a 16,384th of a second. The others are the places of a wheel with
 * levels: 4096 moments, 4096 stretches of 4096 moments, and so on. So each heap stays small, and with it the memory that
 * taking its first touches: with 100,000 sleeping tasks in one heap that was most of a wake. What is due at a moment stands
 * at the highest level where the digits (of twelve bits) of that moment and of `moment`, the present one, differ. In
 * programs built for size there is the one heap. */
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

/* ------------------------------------------------------------------------------------------------ The wheel --- */

#ifdef __OPTIMIZE_SIZE__
static wio__timer **place_of(double deadline) {
    (void)deadline;
    return &root;
}
static void put(wio__timer *timer) { root = meld(root, timer); }
static const wio__timer *first(void) { return root; }
static void advance(double now) { (void)now; }
#else

enum { MOMENTS = 16384, DIGIT = 12, PLACES = 1 << DIGIT, LEVELS = 5 }; /* moments a second: to divide by it is exact */
enum { BITS = 64, WORDS = PLACES / BITS };

static uint64_t moment;
static wio__timer *wheel[LEVELS][PLACES];
static uint64_t taken[LEVELS][WORDS]; /* bits: heaps that may not be empty */
static bool used[LEVELS];             /* such bits may be set */

static uint64_t moment_of(double time) {
    const uint64_t latest = (UINT64_C(1) << (LEVELS * DIGIT)) - 1;
    double moments = time * MOMENTS;
    return moments >= (double)latest ? latest : moments > 0 ? (uint64_t)moments : 0;
}

static unsigned level_of(uint64_t at) { return (63 - (unsigned)__builtin_clzll(at ^ moment)) / DIGIT; }
static unsigned digit_of(uint64_t at, unsigned level) { return at >> (level * DIGIT) & (PLACES - 1); }

static wio__timer **place_of(double deadline) {
    uint64_t at = moment_of(deadline);
    if (at <= moment) return &root;
    unsigned level = level_of(at), digit = digit_of(at, level);
    taken[level][digit / BITS] |= UINT64_C(1) << digit % BITS;
    used[level] = true;
    return &wheel[level][digit];
}

static void put(wio__timer *timer) {
    wio__timer **place = place_of(timer->deadline);
    *place = meld(*place, timer);
}

static const wio__timer *first_at(unsigned level) {
    for (unsigned i = 0; i < WORDS; i++)
        for (uint64_t *word = &taken[level][i]; *word; *word &= *word - 1) {
            const wio__timer *heap = wheel[level][i * BITS + (unsigned)__builtin_ctzll(*word)];
            if (heap) return heap;
        }
    used[level] = false;
    return NULL;
}

static const wio__timer *first(void) {
    const wio__timer *found = root;
    for (unsigned level = 0; level < LEVELS && !found; level++)
        if (used[level]) found = first_at(level);
    return found;
}

/* Takes a heap apart and puts each timer where it belongs now. What is left to do is a stack of lists of siblings, linked by
 * `prev` of their first. */
static void put_all(wio__timer *heap) {
    for (wio__timer *timer; (timer = heap);) {
        heap = timer->prev;
        if (timer->next) {
            timer->next->prev = heap;
            heap = timer->next;
        }
        if (timer->child) {
            timer->child->prev = heap;
            heap = timer->child;
        }
        timer->child = timer->next = timer->prev = NULL;
        put(timer);
    }
}

/* The heaps at a level, up to a digit, are due. */
static void join(unsigned level, unsigned digit) {
    for (unsigned i = 0; i <= digit / BITS; i++) {
        uint64_t due = taken[level][i];
        if (i == digit / BITS) due &= (UINT64_C(2) << digit % BITS) - 1;
        taken[level][i] ^= due;
        for (; due; due &= due - 1) {
            wio__timer **heap = &wheel[level][i * BITS + (unsigned)__builtin_ctzll(due)];
            root = meld(root, *heap);
            *heap = NULL;
        }
    }
}

/* It is `now`: heaps that are due by that are one with the first, the one that covers now is spread over lower levels. */
static void advance(double now) {
    uint64_t at = moment_of(now);
    if (at <= moment) return;
    unsigned top = level_of(at), digit = digit_of(at, top);
    wio__timer *covers = wheel[top][digit];
    wheel[top][digit] = NULL;
    moment = at;
    for (unsigned level = 0; level < top; level++)
        if (used[level]) join(level, PLACES - 1);
    join(top, digit);
    put_all(covers);
}
#endif

/* -------------------------------------------------------------------------------------------- Arming and firing --- */

static wio__timer *due_first, *due_last; /* in order; `child` is the timer itself */

void wio__timer_start(wio__timer *timer, double deadline, bool (*fire)(void *)) {
    timer->fire = fire;
    timer->deadline = deadline;
    timer->order = order += 2; /* the lowest bit: WIO__TIMER_OF_SCOPE */
    timer->child = timer->next = timer->prev = NULL;
    put(timer);
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
    wio__timer *children = meld_siblings(timer->child), *next = timer->next, *prev = timer->prev;
    if (!prev) { /* first of its heap */
        *place_of(timer->deadline) = children;
        return;
    }
    if (children) { /* take its place */
        children->next = next;
        children->prev = prev;
        next = children;
    }
    if (timer->next) timer->next->prev = children ? children : prev;
    if (prev->child == timer) prev->child = next;
    else prev->next = next;
}

double wio__timers_next(void) {
    const wio__timer *next = first();
    return next ? next->deadline : INFINITY;
}

void wio__timers_collect(double now) {
    advance(now);
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
