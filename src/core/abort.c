/* abort() is a crash, with the task's name and the trap's trace; Emscripten's would leave with exit(1), as if all were
 * well. Linked with --wrap=abort. */
#ifdef __wasm__
#include "core.h"

_Noreturn void __wrap_abort(void);

void __wrap_abort(void) {
    wio__aborted = true;
    __builtin_trap();
}
#endif
