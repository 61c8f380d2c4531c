/* What JavaScript calls, WebAssembly only: main() on a stack of its own, exports as tasks, and the task list. */
#ifdef __wasm__
#include "core.h"

/* Raised whenever the imports, exports or their meaning change; the loader refuses any other. */
__asm__(".section .custom_section.wasyncio,\"\",@\n.ascii \"abi\\t1\\n\"\n.text\n");

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
static int main_argc;
static char **main_argv;
static bool main_blocked;

static int run_main(void *unused) {
    (void)unused;
    int status = main_void         ? main_void()
                 : main_original   ? main_original()
                 : main_argc_argv  ? main_argc_argv(main_argc, main_argv)
                                   : main_plain(main_argc, main_argv);
    if (run_atexit) run_atexit();
    if (flush_stdio) flush_stdio();
    return status;
}

static void main_continue(void) {
    wio__the.on_main = true;
    bool ended = wio__context_enter(&main_context);
    wio__the.on_main = false;
    int guard = wio__context_check(&main_context);
    if (guard != WIO__GUARD_OK) wio__guard_failed(&main_context, "main()", guard);
    if (!ended) return;
    size_t size = main_context.size;
    char *region = main_context.region;
    wio__context_free(&main_context);
    wio__stack_give(region, size);
    wio__stack_drain();
    wio__host_settle(0, (int)main_context.result, NULL);
}

/* 0; -ENOENT no main(); -EBUSY main() is running; -ENOMEM. */
WIO__ENTRY(wio__start) int wio__start(int argc, char **argv) {
    if (!main_void && !main_original && !main_argc_argv && !main_plain) return -ENOENT;
    if (main_context.region) return -EBUSY;
    size_t size = 256 * 1024;
    void *region = wio__stack_take(&size);
    if (!region) return -ENOMEM;
    main_argc = argc;
    main_argv = argv;
    if (!wio__context_init(&main_context, region, size, run_main, NULL)) {
        wio__stack_give(region, size);
        return -ENOMEM;
    }
    main_continue();
    return 0;
}

void wio__host_block(void) {
    main_blocked = true;
    wio__context_suspend(&main_context);
}

void wio__host_unblock(void) {
    if (!main_blocked) return;
    main_blocked = false;
    main_continue();
}

/* Ctrl-C: cancels the main task, as asyncio's Runner does. False if there is none. */
WIO__ENTRY(wio__cancel_main) bool wio__cancel_main(void) {
    wio__task *task = wio__the.main;
    if (!task || task->state == WIO__DONE) return false;
    wio__cancel(task);
    return true;
}

/* ------------------------------------------------------------------------------------------- Calls of exports --- */

static int call_body(void *call) { return wio__host_invoke((uint32_t)(uintptr_t)call); }

/* The handle of the new task, 0 without memory. `name` is copied. */
WIO__ENTRY(wio__call) wio_task *wio__call(uint32_t call, const char *name) {
    wio__here = NULL;
    wio__task *task =
        wio__task_new(call_body, (void *)(uintptr_t)call, &(wio_task_options){.name = name}, "WIO_EXPORT");
    if (!task) return NULL;
    task->call = call;
    task->run = 0;
    task->detached = true;
    wio__task_start(task, false);
    return wio__handle_of(task);
}

void wio__call_ended(wio__task *task) {
    task->looked_at = true;
    wio_error error = wio__note_error(&task->note, task->status, wio__name(task));
    wio__host_settle(task->call, task->status, task->status < 0 ? &error : NULL);
}

WIO__ENTRY(wio__call_cancel) void wio__call_cancel(wio_task *handle) {
    wio__task *task = wio__find(handle, NULL);
    if (task) wio__cancel(task);
}

/* app.close(): everything that is still alive. */
WIO__ENTRY(wio__cancel_all) void wio__cancel_all(void) {
    for (wio__task *task = wio__the.all_first; task; task = task->all_next) wio__cancel(task);
}

/* More calls may come from outside (there are exports, and nobody has closed the app), so idle is not deadlock. */
WIO__ENTRY(wio__listen) void wio__listen(bool on) { wio__the.listening = on; }

/* The host has found that nothing outside can happen any more. */
WIO__ENTRY(wio__idle) void wio__idle(void) {
    bool listening = wio__the.listening;
    wio__the.listening = false;
    wio__tick();
    wio__the.listening = listening;
}

/* -------------------------------------------------------------------------------------------------- Task list --- */

typedef struct {
    uint32_t id, parent, state, cancels;
    const char *name, *created, *where, *kind;
} task_info;

WIO__ENTRY(wio__tasks) size_t wio__tasks(task_info *info, size_t max) {
    size_t n = 0;
    for (wio__task *task = wio__the.all_first; task; task = task->all_next, n++) {
        if (n >= max) continue;
        wio__task *creator = wio__find((wio_task *)(uintptr_t)task->creator, NULL);
        info[n] = (task_info){.id = task->number,
                              .parent = creator ? creator->number : 0,
                              .state = task == wio__the.current ? WIO__RUNNING : task->state,
                              .cancels = task->cancels,
                              .name = wio__name(task),
                              .created = task->created,
                              .where = task->state == WIO__NEW ? NULL : task->where,
                              .kind = task->state == WIO__PARKED && task->wait ? task->wait->kind : NULL};
    }
    return n;
}

/* The task that runs now, for a fault whose cause JavaScript sees first (a trap, its own stack exhausted). */
WIO__ENTRY(wio__current_name) const char *wio__current_name(void) {
    return wio__the.current ? wio__name(wio__the.current) : NULL;
}
WIO__ENTRY(wio__current_stack) size_t wio__current_stack(void) {
    wio__task *task = wio__the.current;
    if (!task || !task->context.region) return 0;
    return wio__context_check(&task->context) ? task->stack_size : 0;
}

WIO__ENTRY(wio__malloc) void *wio__malloc(size_t size) { return malloc(size); }
WIO__ENTRY(wio__free) void wio__free(void *block) { free(block); }
WIO__ENTRY(wio__error_name) const char *wio__error_name(int code) { return wio_error_name(code); }
WIO__ENTRY(wio__error_text) const char *wio__error_text(int code) { return wio_error_text(code); }
#endif
