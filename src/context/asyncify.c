/* The two functions of the context interface that switch nothing. The switches are in asyncify.S. */
#ifdef __wasm__
#include "context.h"

_Static_assert(offsetof(wio__context, saved_end) == 4 && offsetof(wio__context, fn) == 8 &&
                   offsetof(wio__context, result) == 16 && offsetof(wio__context, region) == 20,
               "asyncify.S has these offsets");

bool wio__context_init(wio__context *context, void *region, size_t size, int (*fn)(void *), void *arg) {
    *context = (wio__context){.stack_pointer = (uintptr_t)region + size,
                              .saved_end = (uintptr_t)region + sizeof(uint64_t),
                              .fn = fn,
                              .arg = arg,
                              .region = region,
                              .size = size};
    *(uint32_t *)region = WIO__CANARY;
    return true;
}

void wio__context_free(wio__context *context) { context->region = NULL; }
#endif
