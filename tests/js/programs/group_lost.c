/* A group opened by hand in a function that returns without joining it, and whose stack is used again: a mistake. */
#include <wasyncio.h>

static int child(void *arg) {
    (void)arg;
    return wio_sleep(1);
}

__attribute__((noinline)) static void opens(void) {
    wio_group group;
    wio_group_open(&group);
    wio_group_create_task(&group, child, NULL);
    wio_group_create_task(&group, child, NULL);
}

__attribute__((noinline)) static int uses_stack(int levels) {
    volatile char bytes[400];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = 1;
    return bytes[7] + (levels > 0 ? uses_stack(levels - 1) : 0);
}

static int forgets(void *arg) {
    (void)arg;
    opens();
    return uses_stack(3);
}

static int program(void *arg) {
    (void)arg;
    return wio_await(wio_create_task(forgets, NULL));
}

int main(void) { return wio_run(program, NULL); }
