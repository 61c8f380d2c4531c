/* abort() is a crash, with the task's name and the trap's trace; libc's would leave with exit(1), as if all were well. */
#ifdef __wasm__
#include <stdlib.h>

void abort(void) { __builtin_trap(); }
#endif
