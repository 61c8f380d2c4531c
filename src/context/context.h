/* The functions that switch stacks, and nothing else: asyncify.S and segments.c (WebAssembly), or native.c (for sanitizers)
 * carry them out. A context runs one function on a stack of its own; only the scheduler enters, only the function
 * that runs inside suspends. */
#ifndef WIO_CONTEXT_H
#define WIO_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIO__CANARY UINT32_C(0x41737963)

/* Stands where code hardly ever comes, in what is hot: V8 then keeps more of the rest in registers (emsdk-config/hints.js). */
#if defined(__wasm__) && !defined(__OPTIMIZE_SIZE__)
void wio__rare(void);
#define WIO__RARE() wio__rare()
#else
#define WIO__RARE() ((void)0)
#endif

/* A function that is hardly ever called, by one that is hot: it stays apart, so that the hot one is small enough to be inlined
 * itself, by wasm-opt or V8. */
#ifdef __OPTIMIZE_SIZE__
#define WIO__APART
#define WIO__HOT
#else
#define WIO__APART __attribute__((noinline))
#define WIO__HOT inline __attribute__((always_inline)) /* and this is part of its callers */
#endif

/* asyncify.S knows the offsets of these fields (all 4 bytes wide on wasm32). */
typedef struct wio__context {
    uintptr_t stack_pointer; /* 0: C stack pointer at the last suspend, or the top before the first entry */
    uintptr_t limit;         /* 4: where the current segment of C stack ends, in a wio__stack_end; 0: no stack */
    uintptr_t saved_end;     /* 8: suspended frames are saved up to here */
    uintptr_t saved_limit;   /* 12: where the room for them ends */
    int (*fn)(void *arg);    /* 16: NULL once it has returned */
    union {                  /* 20 */
        void *arg;
        uintptr_t result; /* what fn returned */
    };
    uintptr_t size; /* of C stack and saved frames together, at most */
#ifndef __wasm__
    void *native; /* the native backend's own */
#endif
} wio__context;

/* What stands at the limit of each segment. */
typedef struct {
    uintptr_t saved_size;  /* of the save area that ends here: only in front of a context's first segment */
    uintptr_t floor;       /* where the limit would be if this segment had all the room that is left */
    wio__context *context; /* whose it is */
    uint32_t canary;
    uintptr_t top; /* what the limit points to: where the segment begins, if it is not the first */
} wio__stack_end;

static inline wio__stack_end *wio__stack_end_at(uintptr_t limit) {
    return (wio__stack_end *)(limit - offsetof(wio__stack_end, top));
}
static inline wio__stack_end *wio__stack_end_of(const wio__context *context) {
    return wio__stack_end_at(context->limit);
}

/* What wio__context_check() found. */
enum { WIO__GUARD_OK, WIO__GUARD_STACK, WIO__GUARD_SAVED, WIO__GUARD_MEMORY };

/* Whether stacks take more memory as they need it: then a context begins with a small block, wherever that is, and `size` is
 * how far it may grow. Otherwise the block has that size. */
#if defined(__wasm__) && !defined(__OPTIMIZE_SIZE__)
#define WIO__STACKS_MAY_GROW
bool wio__stack_grows(void);
enum { WIO__SAVED_MIN = 44 }; /* of each save area: switch.js relies on it */
#else
static inline bool wio__stack_grows(void) { return false; }
#endif

/* Prepares a context that will run fn(arg), with a block (aligned to 16, owned by the caller) for the beginning of its stack
 * and for its saved frames. False without memory, which only the native backend needs. */
bool wio__context_init(wio__context *context, void *block, size_t block_size, size_t size, int (*fn)(void *),
                       void *arg);

/* Runs the context until it suspends (false), or returns true: its function has returned (see fn and result), or its stack
 * has overflowed (see wio__context_check()). It begins, or goes on where it suspended (`again`). The stack pointer and the
 * limit from before must be given to wio__context_leave() afterwards, unless another context is entered next: until then
 * the caller is on the context's stack, and may not use any. The host's stack has no limit: 0. Inside another context,
 * that one's wio__saved_end() and wio__saved_limit() must be put back too. */
bool wio__context_enter(wio__context *context, bool again);
uintptr_t wio__context_outer(void);
uintptr_t wio__stack_limit(void);
void wio__context_leave(uintptr_t outer, uintptr_t limit);

uintptr_t wio__saved_end(void);
uintptr_t wio__saved_limit(void);
void wio__set_saved_end(uintptr_t end);
void wio__set_saved_limit(uintptr_t limit);

/* The same for one that has suspended; it is inlined into its only caller. */
#ifdef __OPTIMIZE_SIZE__
#define wio__context_resume(context) wio__context_enter(context, true)
#else
bool wio__context_resume(wio__context *context);
#endif

/* Called inside the context: returns from wio__context_enter() or _resume(), and here when it is resumed. */
void wio__context_suspend(wio__context *context);

/* Gives up a context, whether it ended or not, and what it has taken beyond its block, which is the caller's again. */
void wio__context_free(wio__context *context);

/* The function has returned, but something that it has left at that address is still needed: the memory is not reused before
 * wio__context_free(). Called before anything else could have taken it. */
void wio__context_keep(wio__context *context, const void *address);

/* Called by the scheduler after each entry: is the stack whole? */
static inline bool wio__canary_is_whole(const wio__context *context) {
    return wio__stack_end_of(context)->canary == WIO__CANARY;
}
static inline int wio__context_check(const wio__context *context) {
    if (!wio__canary_is_whole(context)) return WIO__GUARD_STACK;
    if (!wio__stack_grows() && context->saved_end > context->stack_pointer) return WIO__GUARD_SAVED;
    return WIO__GUARD_OK;
}

/* A context that could not grow has trapped: why. */
extern wio__context *wio__stack_over;
extern int wio__stack_over_why;
extern const char wio__no_stack_memory[] __attribute__((weak)); /* in words; only where stacks grow */

/* Bytes of stack that are left to the calling code. */
size_t wio__stack_room(void);

/* Calls a function that never suspends, through a frame that Asyncify does not instrument, so that its callers are
 * not taken for ones that may suspend. */
bool wio__context_leaf(bool (*fn)(void *), void *arg);

/* ---------------------------------------------------------------------------------------------- Memory for stacks --- */

void *wio__stack_take(size_t size); /* aligned to 16; NULL without memory */
void wio__stack_give(void *region, size_t size);
void wio__stack_drain(void); /* give what is free back to malloc */

/* The same in parts, for who takes and gives often. */
typedef struct wio__pool {
    struct wio__pool *next;
    size_t size; /* of each region */
    void *free;  /* the latest first; each begins with a pointer to the next */
    size_t used; /* taken, not given back */
    char *fresh; /* of the latest slab: never taken yet, so that nothing has touched them */
    size_t fresh_count, slab_count;
    struct wio__slab *slabs;
} wio__pool;

wio__pool *wio__pool_of(size_t size); /* rounded up; NULL without memory */
void *wio__pool_take(wio__pool *pool);
static inline void wio__pool_give(wio__pool *pool, void *region) {
    *(void **)region = pool->free;
    pool->free = region;
    pool->used--;
}

/* Takes the free region that an address lies in; NULL: there is none. */
void *wio__stack_take_at(const void *address, wio__pool **pool);

#endif
