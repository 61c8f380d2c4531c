/* Linked by --blocking-sleep: that is all it says. */
#include "core.h"

void wio__sleeps_block(void) {}
