/* Linked by --blocking-sleep: that is all it says. */
#ifdef __wasm__
#include "core.h"

void wio__sleeps_block(void) {}
#endif
