/* What JavaScript calls in every program, WebAssembly only: main() on a stack of its own, and the task list. */
#ifdef __wasm__
#include "core.h"

/* Raised whenever the imports, exports or their meaning change; the loader refuses any other. */
__asm__(".section .custom_section.wasyncio,\"\",@\n.ascii \"abi\\t5\\n\"\n.text\n");

/* ------------------------------------------------------------------------------------------------------ main --- */

/* main() under each of the names that compilers give it; weak, since a program may consist of exports alone. */
extern int main_void(void) __asm__("__main_void") __attribute__((weak));
extern int main_original(void) __asm__("__original_main") __attribute__((weak));
extern int main_argc_argv(int, char **) __asm__("__main_argc_argv") __attribute__((weak));
extern int main_plain(int, char **) __asm__("main") __attribute__((weak));

/* What exit() does short of leaving, each part linked only if the program uses it. */
extern void run_atexit(void) __asm__("__funcs_on_exit") __attribute__((weak));
extern void flush_stdio(void) __asm__("__stdio_exit") __attribute__((weak));

static wio__context main_context;
static void *main_region;
static bool main_blocked, closing;

/* As a task's: see region_take(). */
static size_t main_size(void) {
#ifdef WIO__STACKS_MAY_GROW
    if (!wio__stack_grows()) return 4 * WIO__MAIN_STACK;
#endif
    return WIO__MAIN_STACK;
}

static int with_arguments(int (*function)(int, char **)) {
    char **argv;
    int argc = wio__host_args(&argv);
    return argc < 0 ? argc : function(argc, argv);
}

static int run_main(void *unused) {
    (void)unused;
    int status = main_void        ? main_void()
                 : main_original  ? main_original()
                 : main_argc_argv ? with_arguments(main_argc_argv)
                                  : with_arguments(main_plain);
    if (wio__run_checked) wio__run_checked((uint32_t)WIO__RUN_OF_MAIN);
    if (run_atexit) run_atexit();
    if (flush_stdio) flush_stdio();
    return status;
}

static void main_continue(bool again) {
    wio__the.on_main = true;
    uintptr_t outer = wio__context_outer();
    wio__context_enter(&main_context, again);
    wio__context_leave(outer, 0);
    wio__the.on_main = false;
    int guard = wio__context_check(&main_context);
    if (guard != WIO__GUARD_OK) wio__guard_failed(&main_context, NULL, guard);
    if (main_context.fn) return;
    if (wio__tell_main) wio__tell_main((int)main_context.result);
    if (wio__runner_abandon) wio__runner_abandon();
    wio__context_free(&main_context);
    wio__stack_give(main_region, main_size());
    wio__stack_drain();
    wio__slots_drain();
    wio__host_settle(0, (int)main_context.result, NULL);
}

/* 0; -ENOENT no main(); -EBUSY main() is running; -ENOMEM. */
WIO__ENTRY(wio__start) int wio__start(void) {
    if (!main_void && !main_original && !main_argc_argv && !main_plain) return -ENOENT;
    if (main_context.limit) return -EBUSY;
    main_region = wio__stack_take(main_size());
    if (!main_region) return -ENOMEM;
    wio__context_init(&main_context, main_region, main_size(), main_size(), run_main, NULL);
    main_continue(false);
    return 0;
}

void wio__host_block(void) {
    if (closing && wio__the.main) wio__cancel(wio__the.main);
    main_blocked = true;
    wio__context_suspend(&main_context);
}

void wio__host_unblock(void) {
    if (!main_blocked) return;
    main_blocked = false;
    main_continue(true);
}

/* Ctrl-C: cancels the main task, as asyncio's Runner does. False if there is none. */
WIO__ENTRY(wio__cancel_main) bool wio__cancel_main(void) {
    wio__task *task = wio__the.main;
    if (!task || task->state == WIO__DONE) return false;
    wio__cancel(task);
    return true;
}

/* ---------------------------------------------------------------------------------------------------- The end --- */

/* app.close(): everything that is still alive, and what main() still runs. */
WIO__ENTRY(wio__cancel_all) void wio__cancel_all(void) {
    closing = true;
    for (wio__task *task = wio__the.all_first; task; task = task->all_next) wio__cancel(task);
}

/* -------------------------------------------------------------------------------------------------- Task list --- */

typedef struct {
    const wio__task *self;
    uint32_t id, parent, state, cancels;
    const char *name, *created, *where, *kind;
} task_info;

/* Row by row and without malloc: it is read after crashes too. `after` NULL: the first; returns NULL behind the last. */
WIO__ENTRY(wio__next_task) const task_info *wio__next_task(const wio__task *after) {
    static task_info info;
    const wio__task *task = after ? after->all_next : wio__the.all_first;
    if (!task) return NULL;
    const wio__task *creator = wio__find((wio_task *)(uintptr_t)task->creator, NULL);
    info = (task_info){.self = task,
                       .id = task->number,
                       .parent = creator ? creator->number : 0,
                       .state = task == wio__the.current ? WIO__RUNNING : task->state,
                       .cancels = task->cancels,
                       .name = wio__given_name(task),
                       .created = task->created,
                       .where = task->state == WIO__NEW ? NULL : task->where,
                       .kind = task->state == WIO__PARKED && task->wait ? task->wait->kind : NULL};
    return &info;
}

static void __attribute__((noinline)) check(uintptr_t stack_pointer, bool unreachable) {
    wio__task *task = wio__the.current;
    const wio__context *context = task ? &task->context : &main_context;
    if (!context->limit || (!task && !wio__the.on_main)) return; /* a callback, or what the host has called */
    int guard = wio__stack_grows() && wio__stack_over == context ? wio__stack_over_why : wio__context_check(context);
    /* Where stacks do not grow, a function that would have moved the stack pointer below its limit ends in `unreachable`
     * instead, before it has overwritten anything. Other causes of that are abort(), which says so, and a rare
     * __builtin_trap(). */
    uintptr_t low = context->limit;
    bool full = stack_pointer < low || stack_pointer - low < context->size / 2;
    if (guard == WIO__GUARD_OK && !wio__stack_grows() &&
        (stack_pointer < low || (unreachable && full && !wio__aborted)))
        guard = WIO__GUARD_STACK;
    if (guard != WIO__GUARD_OK) wio__guard_failed(context, task, guard);
}

/* After a trap, whose cause JavaScript sees first: was it that a stack had overflowed? Then this does not return. The
 * stack pointer is where the trap has left it; from here on it is in a stack of its own. */
WIO__ENTRY(wio__check) bool wio__check(bool unreachable) {
    static _Alignas(16) char spare[4096];
    uintptr_t stack_pointer = wio__context_outer();
    wio__context_leave((uintptr_t)(spare + sizeof spare), 0);
    check(stack_pointer, unreachable);
    return wio__aborted; /* abort() was called */
}

/* Only for arguments and results: other programs do not export them (passes.js). */
WIO__ENTRY(wio__malloc) void *wio__malloc(size_t size) { return malloc(size); }
WIO__ENTRY(wio__free) void wio__free(void *block) { free(block); }
#endif
