/* What is common to callbacks of the program: where they can be registered, and the last passes in which they are called. */
#include "called.h"

bool wio__loop_runs(const char *function) {
    const wio__loop *loop = &wio__the;
    if (loop->current || loop->ticking || loop->listening) return true;
    wio__misuse(-EPERM, function, "no loop runs; call it from a coroutine that wio_run() runs, or from a callback");
    return false;
}

/* All tasks of the run have ended. What is queued is still called, and what that queues, for as many passes as asyncio.run()
 * takes to join the leftovers and to shut down generators and executor. */
bool wio__run_goes_on(bool ends_now) {
    enum { LAST_PASSES = 4, JOIN_PASSES = 2 };
    static unsigned left;
    const wio__loop *loop = &wio__the;
    if (ends_now) left = loop->run_live ? LAST_PASSES + JOIN_PASSES : LAST_PASSES;
    return loop->run_live == 0 && loop->first && left-- > 0;
}
