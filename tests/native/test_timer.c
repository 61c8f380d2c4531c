// Timers against a plain list of them: whatever is armed and stopped, and however far time goes at once, they fire by
// deadline, then by the order in which they were armed, and the first deadline is known.
#include "host.h"
#include "tools.h"
#include "../../src/core/core.h"

enum { TIMERS = 200 };

typedef struct {
    wio__timer timer; /* first */
    double deadline;
    unsigned armed; /* the how manieth that was armed; 0: it is not */
} each;

static each all[TIMERS];
static unsigned arms, fired, collected;
static double now;
static uint32_t state;

static uint32_t random_below(uint32_t n) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
}

/* Of those armed up to that. */
static each *first_of_model(unsigned last) {
    each *best = NULL;
    for (each *at = all; at < all + TIMERS; at++)
        if (at->armed && at->armed <= last && (!best || at->deadline < best->deadline ||
                          (at->deadline == best->deadline && at->armed < best->armed)))
            best = at;
    return best;
}

static bool fires(void *timer) {
    each *at = timer;
    CHECK(at == first_of_model(collected));
    CHECK(at->deadline <= now);
    at->armed = 0;
    fired++;
    return true;
}

/* Of all sizes, many of them equal, some in the past, some further off than a number of milliseconds can say. */
static double some_time(void) {
    static const double units[] = {1e-7, 1e-4, 1 / 1024.0, 1e-3, 0.0625, 1, 60, 4096, 1e6, 1e12, 1e300};
    double time = random_below(100) * units[random_below(sizeof units / sizeof *units)];
    return random_below(20) ? now + time : now - time;
}

static void arm(each *at) {
    if (at->armed) {
        wio__timer_stop(&at->timer);
        at->armed = 0;
        return;
    }
    at->deadline = some_time();
    at->armed = ++arms;
    wio__timer_start(&at->timer, at->deadline, fires);
}

static void go(double to) {
    now = to;
    collected = arms;
    wio__timers_collect(now);
    for (uint32_t n = random_below(4); n; n--) arm(&all[random_below(TIMERS)]); /* in the pass: fires later, or stopped in time */
    wio__timers_fire();
    const each *next = first_of_model(collected);
    CHECK(!next || next->deadline > now);
}

static void steps(unsigned count) {
    for (; count; count--) {
        for (uint32_t n = random_below(30); n; n--) arm(&all[random_below(TIMERS)]);
        const each *next = first_of_model(arms);
        CHECK(wio__timers_next() == (next ? next->deadline : (double)INFINITY));
        if (next && random_below(2)) go(next->deadline > now && next->deadline < 1e15 ? next->deadline : now);
        else go(now + random_below(100) * (random_below(2) ? 1e-3 : random_below(2) ? 1.0 : 1e5));
    }
}

TEST(timers_fire_by_deadline_and_then_by_order_of_arming) {
    for (state = 1; state < 40; state += 3) {
        uint32_t seed = state;
        now = 0; /* back: what was collected once stays due at once */
        steps(2000);
        for (each *at = all; at < all + TIMERS; at++)
            if (at->armed) arm(at);
        CHECK(wio__timers_next() == (double)INFINITY);
        state = seed;
    }
    CHECK(fired > 10000);
}
