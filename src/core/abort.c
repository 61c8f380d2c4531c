/* abort() is a crash, with the task's name and the trap's trace; Emscripten's would leave with exit(1), as if all were
 * well. Linked with --wrap=abort. */
#ifdef __wasm__
#include "core.h"

_Noreturn void __wrap_abort(void);

/* JavaScript asks after a trap: `unreachable` alone would say nothing. */
WIO__ENTRY(wio__has_aborted) bool wio__has_aborted(void) { return wio__aborted; }

void __wrap_abort(void) {
    wio__aborted = true;
    __builtin_trap();
}
#endif
