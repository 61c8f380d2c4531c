/* Functions that run in threads, on the program's own heap: for builds with --threads alone. A thread is a worker with another
 * instance of the module on the same memory, with a stack, thread-local variables and a libc thread of its own. The loop,
 * and all that wasyncio is, belongs to the first instance; emsdk-config/threads.js puts in front of each public function the
 * question whether this is another. */
#include "thread.h"

#ifndef __wasm_atomics__

int wio_to_thread(wio_fn *fn, void *arg) {
    (void)arg;
    if (!wio__self("wio_to_thread")) return -EPERM;
    if (!fn) return wio__misuse_null("wio_to_thread", "fn");
    return wio__misuse(-ENOTSUP, "wio_to_thread",
                       "this program was built without threads: build it with `wasyncio build --threads`, or use "
                       "wio_run_in_executor(), which needs no shared memory");
}

bool wio_thread_cancelled(void) { return false; }

#else

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

WIO__OP_NEEDS(thread)

/* ---------------------------------------------------------------------------------------------- In the program --- */

typedef struct {
    wio__op op; /* first: what the wait's object is */
    thread_request request;
} thread_call;

/* A function that runs cannot be stopped: it may hold a lock, or be half-way through a change of the heap. It is asked. */
static bool abort_call(void *task) {
    thread_call *call = ((wio__task *)task)->object;
    if (!call->request.running) return wio__op_abort(task);
    __atomic_store_n(&call->request.cancelled, 1, __ATOMIC_SEQ_CST);
    return false;
}

static const wio__wait thread_wait = {.kind = "thread", .abort = abort_call, .keeps_result = true};

int wio_to_thread(wio_fn *fn, void *arg) {
    wio__task *self = wio__self("wio_to_thread");
    if (!self) return -EPERM;
    if (!fn) return wio__misuse_null("wio_to_thread", "fn");
    if (self->attention && wio__reason(self)) return wio_yield(); /* cancelled: nothing is started */
    thread_call call = {.request = {fn, arg, 0, 0, self->vars}};
    int status = wio__op_begin(&call.op);
    if (status < 0) return status;
    wio__host_op_start(call.op.id, WIO__OP_THREAD, &call.request);
    status = wio__op_wait(self, &call.op, &thread_wait);
    if (status < 0 && call.op.done && status == call.op.status) wio__op_failed(&call.op);
    wio__op_end(&call.op, false);
    return status;
}

/* ------------------------------------------------------------------------------------- libc's threads, for ours --- */

typedef struct {
    pthread_t thread;
    uintptr_t top, limit; /* of its C stack */
} thread_seat;

static bool making;

static void *never(void *arg) { return arg; }

/* What libc asks of Emscripten's JavaScript: to start a thread. Ours is started already; a program's own would need another
 * page's JavaScript than this package's. */
int __pthread_create_js(void *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *arg);
int __pthread_create_js(void *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *arg) {
    (void)thread, (void)attributes, (void)start, (void)arg;
    return making ? 0 : ENOTSUP;
}

int _emscripten_default_pthread_stack_size(void);
int _emscripten_default_pthread_stack_size(void) { return 0; }
void emscripten_unwind_to_js_event_loop(void);
void emscripten_unwind_to_js_event_loop(void) { __builtin_trap(); }

void _emscripten_thread_init(pthread_t thread, int is_page, int is_first, int can_block, int profiles);
void __wasm_init_tls(void *block); /* the linker's */

static void init_tls(void) {
    size_t size = __builtin_wasm_tls_size(), align = __builtin_wasm_tls_align();
    char *block = malloc(size + align);
    if (!block) __builtin_trap();
    __wasm_init_tls(block + (-(uintptr_t)block & (align - 1)));
}

/* The first instance runs JavaScript's loop, which must not block: where it meets a lock that a thread holds, it spins. */
void __emscripten_init_main_thread_js(void *thread);
void __emscripten_init_main_thread_js(void *thread) {
    _emscripten_thread_init(thread, 0, 1, 0, 0);
    init_tls();
}

/* Called by the first instance: a thread for a worker that is about to start. NULL without memory. */
WIO__ENTRY(wio__thread_new) const thread_seat *wio__thread_new(size_t stack_size) {
    static thread_seat seat;
    pthread_attr_t attributes;
    char *stack = malloc(stack_size + 16);
    if (!stack) return NULL;
    seat.limit = ((uintptr_t)stack + 15) & ~(uintptr_t)15;
    seat.top = seat.limit + (stack_size & ~(size_t)15);
    *(wio__stack_end *)seat.limit =
        (wio__stack_end){.floor = seat.limit + offsetof(wio__stack_end, top), .canary = WIO__CANARY};
    seat.limit += offsetof(wio__stack_end, top); /* the floor: it does not grow */
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, (void *)seat.limit, seat.top - seat.limit);
    making = true;
    int error = pthread_create(&seat.thread, &attributes, never, NULL);
    making = false;
    if (!error) return &seat;
    free(stack);
    return NULL;
}

/* -------------------------------------------------------------------------------------------------- In a thread --- */

/* Says that a public function was called in a thread; in the first instance nobody asks. */
void wio__host_refused(int function) WIO__HOST(refused);
WIO__ENTRY(wio__thread_refused) void wio__thread_refused(int function) { wio__host_refused(function); }

static _Thread_local const uint32_t *cancelled;
static _Thread_local char words[512]; /* of wio_fail() */
static _Thread_local int said;        /* its code */
static _Thread_local uintptr_t low, high;
static _Thread_local wio__context own; /* never entered: what a stack that overflows is known by */

static void __attribute__((noinline)) begin(pthread_t thread, uintptr_t top, uintptr_t limit) {
    _emscripten_thread_init(thread, 0, 0, 1, 0);
    init_tls();
    low = limit;
    high = top;
    wio__stack_end_at(limit)->context = &own;
}

/* The first call in a worker. Its stack pointer is that of the program's stack until here. */
WIO__ENTRY(wio__thread_begin) void wio__thread_begin(pthread_t thread, uintptr_t top, uintptr_t limit) {
    wio__thread_enter();
    wio__context_leave(top, limit);
    begin(thread, top, limit);
}

WIO__ENTRY(wio__thread_run) int wio__thread_run(wio_fn *fn, void *arg, const uint32_t *is_cancelled) {
    cancelled = is_cancelled;
    words[0] = '\0';
    said = 0;
    const char *request = (const char *)is_cancelled - offsetof(thread_request, cancelled);
    wio__thread_sees(((const thread_request *)request)->vars);
    int status = fn(arg);
    wio__thread_sees(NULL);
    cancelled = NULL;
    return status;
}

/* The words of a wio_fail() with that code; "" if there was none. */
WIO__ENTRY(wio__thread_words) const char *wio__thread_words(int code) { return said == code ? words : ""; }

/* After a trap: the size of the stack, if it was too small. See wio__check(). */
WIO__ENTRY(wio__thread_overflowed) size_t wio__thread_overflowed(bool unreachable) {
    uintptr_t at = wio__context_outer();
    if (wio__stack_grows()) return wio__stack_over == &own ? high - low : 0;
    bool full = at < low || at - low < (high - low) / 2;
    return at < low || (unreachable && full && !wio__aborted) ? high - low : 0;
}

/* wio_fail() is this in a thread. The last parameter is what variadic arguments are in WebAssembly. */
WIO__ENTRY(wio__thread_fail) int wio__thread_fail(int code, const char *format, va_list list) {
    if (code >= 0) code = -EINVAL;
    words[0] = '\0';
    if (format) vsnprintf(words, sizeof words, format, list);
    return said = code;
}

bool wio_thread_cancelled(void) { return cancelled && __atomic_load_n(cancelled, __ATOMIC_SEQ_CST); }

bool wio__thread_sleeps(double seconds) {
    if (!wio__in_thread()) return false;
    int nothing = 0;
    __builtin_wasm_memory_atomic_wait32(&nothing, 0, (int64_t)(seconds * 1e9));
    return true;
}
#endif
