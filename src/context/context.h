/* The functions that switch stacks, and nothing else: asyncify.S (WebAssembly) and native.c (for sanitizers)
 * carry them out. A context runs one function on a stack of its own; only the scheduler enters, only the function
 * that runs inside suspends. */
#ifndef WIO_CONTEXT_H
#define WIO_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIO__CANARY UINT32_C(0x41737963)

/* asyncify.S knows the offsets of these fields (all 4 bytes wide on wasm32). */
typedef struct wio__context {
    uintptr_t stack_pointer; /* 0: C stack pointer at the last suspend, or the top before the first entry */
    uintptr_t saved_end;     /* 4: suspended frames are saved from the bottom of the region up to here */
    int (*fn)(void *arg);    /* 8: NULL once it has returned */
    void *arg;               /* 12 */
    uintptr_t result;        /* 16: what fn returned */
    char *region;            /* 20: [canary | saved frames grow up, C stack grows down]; NULL when it has none */
    uintptr_t size;          /* 24 */
    void *native;            /* 28: the native backend's own */
} wio__context;

/* What wio__context_check() found. */
enum { WIO__GUARD_OK, WIO__GUARD_STACK, WIO__GUARD_SAVED };

/* Prepares a context that will run fn(arg) in the region (16-byte aligned, owned by the caller). False without memory,
 * which only the native backend needs. */
bool wio__context_init(wio__context *context, void *region, size_t size, int (*fn)(void *), void *arg);

/* Runs the context until it suspends (false), or returns true: its function has returned (see fn and result), or its stack
 * has overflowed (see wio__context_check()). It begins, or goes on where it suspended. The stack pointer and the limit from
 * before must be given to wio__context_leave() afterwards, unless another context is entered next: until then the
 * caller is on the context's stack, and may not use any. The host's stack has no limit: 0. */
bool wio__context_enter(wio__context *context);
uintptr_t wio__context_outer(void);
uintptr_t wio__stack_limit(void);
void wio__context_leave(uintptr_t outer, uintptr_t limit);

/* The same for one that has suspended; it is inlined into its only caller. */
#ifdef __OPTIMIZE_SIZE__
#define wio__context_resume wio__context_enter
#else
bool wio__context_resume(wio__context *context);
#endif

/* Called inside the context: returns from wio__context_enter() or _resume(), and here when it is resumed. */
void wio__context_suspend(wio__context *context);

/* Gives up a context, whether it ended or not. The region is the caller's again. */
void wio__context_free(wio__context *context);

/* Called by the scheduler after each entry: did either half of the region overflow? */
static inline bool wio__canary_is_whole(const void *region) { return *(const uint32_t *)region == WIO__CANARY; }
static inline int wio__context_check(const wio__context *context) {
    if (!wio__canary_is_whole(context->region)) return WIO__GUARD_STACK;
    if (context->saved_end > context->stack_pointer) return WIO__GUARD_SAVED;
    return WIO__GUARD_OK;
}

/* Calls a function that never suspends, through a frame that Asyncify does not instrument, so that its callers are
 * not taken for ones that may suspend. */
bool wio__context_leaf(bool (*fn)(void *), void *arg);

#endif
