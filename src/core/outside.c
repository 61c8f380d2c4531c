/* JavaScript calls in when it likes: linked into programs that export anything. */
#ifdef __wasm__
#include "core.h"

/* More calls may come (nobody has closed the app), so idle is not deadlock. */
WIO__ENTRY(wio__listen) void wio__listen(bool on) { wio__the.listening = on; }

/* The host has found that nothing outside can happen any more. */
WIO__ENTRY(wio__idle) void wio__idle(void) {
    bool listening = wio__the.listening;
    wio__the.listening = false;
    wio__tick();
    wio__the.listening = listening;
}

/* JavaScript is about to call a plain export, perhaps from a function that a task has called: it runs on that task's
 * stack, but is no task. Returns what to leave with. */
WIO__ENTRY(wio__host_enter) wio__task *wio__host_enter(void) {
    wio__task *task = wio__the.current;
    wio__the.current = NULL;
    wio__the.host_depth++;
    return task;
}

WIO__ENTRY(wio__host_leave) void wio__host_leave(wio__task *task) {
    wio__the.current = task;
    wio__the.host_depth--;
}
#endif
