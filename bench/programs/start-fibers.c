/* What start.c does, with one of Emscripten's fibers. */
#include <emscripten.h>
#include <emscripten/fiber.h>
#include <stdio.h>

EM_JS(double, now, (void), { return performance.now(); });

static emscripten_fiber_t mine, task;
static char stack[4096] __attribute__((aligned(16))), saved[2][4096];

static void first(void *arg) {
    (void)arg;
    printf("task %.6f\n", now());
    emscripten_fiber_swap(&task, &mine);
}

int main(void) {
    emscripten_fiber_init_from_current_context(&mine, saved[0], sizeof saved[0]);
    emscripten_fiber_init(&task, first, NULL, stack, sizeof stack, saved[1], sizeof saved[1]);
    emscripten_fiber_swap(&mine, &task);
    return 0;
}
