/* The other end of an executor: a job in an instance of its own. It runs outside tasks, on a stack of its own, so that an
 * overflow is found as a task's is. */
#include "executor.h"

enum { STACK_DEFAULT = 256 * 1024, STACK_MIN = 512, ALIGN = 16, GUARD = 64, GUARD_BYTE = 0xA5, KEPT = 1024 * 1024 };

extern void flush_stdio(void) __asm__("__stdio_exit") __attribute__((weak));

static wio__context context;
static char *region;        /* the stack */
static char *block, *input; /* of malloc(), and in it, aligned: [input | output | results | guard] */
static size_t region_size, block_size;
static bool overwritten; /* the stack was */
static char *output;
static size_t output_size; /* with results */

typedef struct {
    wio_job *fn;
    const char *in;
    char *out;
    size_t in_size, out_size, count;
    int *results; /* NULL: the first error ends it */
} job_call;

size_t wio__job_stack_size(size_t asked) { return !asked ? STACK_DEFAULT : asked < STACK_MIN ? STACK_MIN : asked; }

static size_t aligned(size_t size, size_t to) { return (size + to - 1) & ~(to - 1); }

WIO__ENTRY(wio__job_room) void *wio__job_room(size_t in_total, size_t out_total, size_t results, size_t stack_size) {
    const size_t most = SIZE_MAX - 4096;
    if (in_total > most || out_total > most - in_total || results > (most - in_total - out_total) / sizeof(int))
        return NULL;
    size_t at = aligned(in_total, ALIGN);
    output_size = results ? aligned(out_total, sizeof(int)) + results * sizeof(int) : out_total;
    size_t needed = ALIGN + at + output_size + GUARD;
    if (!region) {
        region_size = aligned(stack_size, ALIGN);
        region = wio__stack_take(region_size);
        if (!region) return NULL;
    }
    if (needed > block_size || (block_size > KEPT && needed < block_size / 2)) {
        free(block);
        block = malloc(needed);
        block_size = block ? needed : 0;
        if (!block) return NULL;
    }
    input = block + (ALIGN - (uintptr_t)block % ALIGN) % ALIGN; /* Emscripten's malloc() is aligned to 8 */
    output = input + at;
    memset(output, 0, output_size);
    memset(output + output_size, GUARD_BYTE, GUARD);
    return input;
}

static int body(void *arg) {
    const job_call *the = arg;
    for (size_t i = 0; i < the->count; i++) {
        int status = the->fn(the->in + i * the->in_size, the->in_size, the->out + i * the->out_size, the->out_size);
        if (the->results) the->results[i] = status;
        else if (status < 0 || the->count == 1) return status;
    }
    return 0;
}

static bool guard_is_whole(void) {
    for (size_t i = 0; i < GUARD; i++)
        if ((unsigned char)output[output_size + i] != GUARD_BYTE) return false;
    return true;
}

WIO__ENTRY(wio__job_run) int wio__job_run(wio_job *fn, size_t in_size, size_t out_size, size_t count, bool each) {
    job_call call = {fn, input, output, in_size, out_size, count, NULL};
    if (each) call.results = (int *)(void *)(output + aligned(count * out_size, sizeof(int)));
    wio__note_clear(&wio__the.outside);
    wio__here = NULL;
    if (!wio__context_init(&context, region, region_size, region_size, body, &call)) return -ENOMEM;
    wio__the.no_waiting = "a job of an executor cannot wait: it runs outside the event loop; let the coroutine that "
                          "calls wio_run_in_executor() wait, before or after";
    uintptr_t outer = wio__context_outer();
    wio__context_enter(&context, false);
    wio__context_leave(outer, 0);
    int status = (int)context.result;
    wio__the.no_waiting = NULL;
    overwritten = wio__context_check(&context) != WIO__GUARD_OK;
    if (overwritten) status = -EOVERFLOW;
    else if (!guard_is_whole()) status = -EMSGSIZE;
    wio__context_free(&context);
    if (flush_stdio) flush_stdio();
    return status;
}

WIO__ENTRY(wio__job_error) const job_error *wio__job_error(int status) {
    static job_error error;
    wio_error noted = wio__note_error(&wio__the.outside, status, "");
    error = (job_error){noted.message, wio__the.outside.code == status ? wio__the.outside.where : NULL, false};
    if (status == -EOVERFLOW && overwritten) {
        error =
            (job_error){"the job overflowed its stack (its C stack ran over the lower end): raise .stack_size of its "
                        "executor",
                        NULL, true};
    } else if (status == -EMSGSIZE && !guard_is_whole()) {
        error = (job_error){"the job wrote past the end of its output: give it a larger buffer, or let it return "
                            "-EMSGSIZE if out_size is not enough",
                            NULL, true};
    }
    return &error;
}

/* After a trap: was it that the job's stack had overflowed? Needs no stack itself. See wio__check(). */
#ifdef __wasm__
WIO__ENTRY(wio__job_overflowed) size_t wio__job_overflowed(bool unreachable) {
    uintptr_t stack_pointer, low = context.limit;
    __asm__ volatile(".globaltype __stack_pointer, i32\nglobal.get __stack_pointer\nlocal.set %0"
                     : "=r"(stack_pointer));
    if (!low) return 0;
    if (wio__stack_grows()) return wio__stack_over == &context ? region_size : 0;
    bool full = stack_pointer < low || stack_pointer - low < region_size / 2;
    bool over =
        wio__context_check(&context) != WIO__GUARD_OK || stack_pointer < low || (unreachable && full && !wio__aborted);
    return over ? region_size : 0;
}
#endif
