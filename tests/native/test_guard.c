// A stack that has overflowed ends the program with a message that names the task, its stack and the option.
// exit: 0
#include "host.h"
#include "tools.h"
#include <unistd.h>

/* The overflow is faked: the canary's region is not where code runs natively. The core must find it at the next switch. */
static int overflows(void *arg) {
    (void)arg;
    host_overflow();
    wio_yield();
    mark('x');
    return 0;
}

int __llvm_profile_write_file(void) __attribute__((weak)); /* coverage.js counts what was executed */

static void ends(const char *text) {
    bool ok = strstr(text, "task 'deep one' overflowed its stack of 4") && strstr(text, ".stack_size = 8") &&
              strstr(text, "wio_set_default_stack_size") && !trace[0];
    printf("%s the_overflow_is_found_at_the_next_switch%s%s", ok ? "ok" : "not ok", ok ? "" : ": ", ok ? "\n" : text);
    fflush(stdout);
    if (__llvm_profile_write_file) __llvm_profile_write_file();
    _exit(ok ? 0 : 1);
}

TEST(the_overflow_is_found_at_the_next_switch) {
    wio_task_options options = {"deep one", 4096, false};
    host_on_fault = ends;
    wio_create_task_with(overflows, NULL, &options);
    wio_sleep(1);
}
