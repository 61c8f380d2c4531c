/* What is left of a run that is over, for tests: a program never needs it. */
#include "core.h"

size_t wio__left(void) {
    const wio__loop *loop = &wio__the;
    return loop->live + loop->run_live + loop->pending + (wio__timers_next() < INFINITY);
}
