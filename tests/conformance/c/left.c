/* Looks into the runtime after a run. */
#include "../../../src/core/core.h"

int what_is_left(void);
bool is_hung(void);

/* A deadlock was found: what happens from now on has no counterpart in asyncio, which hangs. */
bool is_hung(void) { return wio__the.run_deadlocked; }

int what_is_left(void) {
    int tasks = wio__the.live || wio__the.first || wio__the.pass || wio__the.all_first;
    int timers = wio__timers_next() != INFINITY;
    return tasks | timers << 1 | (wio__the.pending ? 4 : 0);
}
