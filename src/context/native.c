/* The context interface for this machine, by ucontext: for sanitizers and debuggers, not for speed. The code runs on a
 * stack of its own and not in the region, whose sizes are meant for WebAssembly; what the sanitizers would not catch,
 * an overflow into the next stack, is found by a canary and reported through the region's. */
#ifndef __wasm__
#define _GNU_SOURCE
#include "../core/core.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ASAN 1
#endif

#ifdef ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define NOT_SANITIZED __attribute__((no_sanitize("address")))
#else
#define NOT_SANITIZED
#endif

enum { STACK_MIN = 256 * 1024, FREE_MAX = 256 };

/* What a context has while it lives. */
typedef struct {
    ucontext_t inside, outside;
    char *stack;
    size_t stack_size;
    bool ended;
    void *fake_inside, *fake_outside; /* AddressSanitizer's: the locals that it moved to the heap */
    const void *outside_stack;
    size_t outside_size;
} fiber;

/* ------------------------------------------------------------------------------------------------- Stacks --- */

/* Free stacks of the smallest size; the link is at the bottom. From mmap, since only what is touched costs memory. */
static void *free_stacks;
static int free_count;

static void canary_set(char *stack) { *(uint32_t *)(void *)stack = WIO__CANARY; }

static char *stack_take(size_t size) {
    char *stack = free_stacks;
    if (size == STACK_MIN && stack) {
        free_stacks = *(void **)(void *)stack;
        free_count--;
    } else {
        stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (stack == MAP_FAILED) return NULL;
    }
    canary_set(stack);
    return stack;
}

static void stack_give(char *stack, size_t size) {
    if (size != STACK_MIN || free_count >= FREE_MAX) {
        munmap(stack, size);
        return;
    }
    *(void **)(void *)stack = free_stacks;
    free_stacks = stack;
    free_count++;
}

/* -------------------------------------------------------------------------------------- Telling AddressSanitizer --- */

static void leave_outside(fiber *self) {
#ifdef ASAN
    __sanitizer_start_switch_fiber(&self->fake_outside, self->stack, self->stack_size);
#else
    (void)self;
#endif
}

static void arrive_outside(fiber *self) {
#ifdef ASAN
    __sanitizer_finish_switch_fiber(self->fake_outside, NULL, NULL);
#else
    (void)self;
#endif
}

NOT_SANITIZED static void leave_inside(fiber *self, bool for_good) {
#ifdef ASAN
    __sanitizer_start_switch_fiber(for_good ? NULL : &self->fake_inside, self->outside_stack, self->outside_size);
#else
    (void)self, (void)for_good;
#endif
}

NOT_SANITIZED static void arrive_inside(fiber *self) {
#ifdef ASAN
    __sanitizer_finish_switch_fiber(self->fake_inside, &self->outside_stack, &self->outside_size);
#else
    (void)self;
#endif
}

/* --------------------------------------------------------------------------------------------- The interface --- */

static wio__context *starting; /* makecontext() passes no pointers */

/* What runs on this stack when fn has returned stays within the gap, off fn's frame: an open group may still be there. */
NOT_SANITIZED __attribute__((noinline)) static int call_below_gap(wio__context *context) {
    char gap[16 * 1024];
    __asm__ volatile("" : : "r"(gap) : "memory"); /* the compiler must not make it smaller */
    int result = context->fn(context->arg);
    __asm__ volatile("" : : "r"(gap) : "memory");
    return result;
}

NOT_SANITIZED static void body(void) {
    wio__context *context = starting;
    fiber *self = context->native;
    arrive_inside(self);
    context->result = (uintptr_t)call_below_gap(context);
    self->ended = true;
    leave_inside(self, true);
    setcontext(&self->outside);
}

bool wio__context_init(wio__context *context, void *region, size_t region_size, size_t size, int (*fn)(void *),
                       void *arg) {
    (void)region_size;
    fiber *self = calloc(1, sizeof *self);
    if (!self) return false;
    self->stack_size = size > STACK_MIN ? (size + 4095) & ~(size_t)4095 : STACK_MIN;
    self->stack = stack_take(self->stack_size);
    if (!self->stack) {
        free(self);
        return false;
    }
    getcontext(&self->inside);
    self->inside.uc_stack.ss_sp = self->stack;
    self->inside.uc_stack.ss_size = self->stack_size;
    self->inside.uc_link = NULL;
    makecontext(&self->inside, body, 0);
    *context = (wio__context){.stack_pointer = (uintptr_t)region + size,
                              .limit = (uintptr_t) & ((wio__stack_end *)region)->top,
                              .saved_end = (uintptr_t)region,
                              .fn = fn,
                              .arg = arg,
                              .size = size,
                              .native = self};
    *(wio__stack_end *)region = (wio__stack_end){.context = context, .canary = WIO__CANARY};
    return true;
}

bool wio__context_enter(wio__context *context, bool again) {
    (void)again;
    fiber *self = context->native;
    starting = context;
    leave_outside(self);
    swapcontext(&self->outside, &self->inside);
    arrive_outside(self);
    if (*(uint32_t *)(void *)self->stack != WIO__CANARY) wio__stack_end_of(context)->canary = 0;
    if (self->ended) context->fn = NULL;
    return self->ended;
}

uintptr_t wio__context_outer(void) { return 0; }
uintptr_t wio__stack_limit(void) { return 0; }
void wio__context_leave(uintptr_t outer, uintptr_t limit) { (void)outer, (void)limit; }
#ifndef wio__context_resume
bool wio__context_resume(wio__context *context) { return wio__context_enter(context, true); }
#endif

void wio__context_suspend(wio__context *context) {
    fiber *self = context->native;
    leave_inside(self, false);
    swapcontext(&self->inside, &self->outside);
    arrive_inside(self);
}

void wio__context_free(wio__context *context) {
    fiber *self = context->native;
#ifdef ASAN
    if (!self->ended) __asan_unpoison_memory_region(self->stack, self->stack_size);
#endif
    stack_give(self->stack, self->stack_size);
    free(self);
    context->native = NULL;
    context->limit = 0;
}

void wio__context_keep(wio__context *context, const void *address) { (void)context, (void)address; }
uintptr_t wio__saved_end(void) { return 0; }
uintptr_t wio__saved_limit(void) { return 0; }
void wio__set_saved_end(uintptr_t end) { (void)end; }
void wio__set_saved_limit(uintptr_t limit) { (void)limit; }

bool wio__context_leaf(bool (*fn)(void *), void *arg) { return fn(arg); }
#endif
