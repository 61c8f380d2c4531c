/* Every allocation of a program (a function that may call wio_run()) fails in turn: alone, and with all that come after it. Each run is a process of its own, and ends
 * with a leak check. Link with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc. */
#ifndef WIO_TESTS_OOM_H
#define WIO_TESTS_OOM_H

#include "host.h"
#include "tools.h"

#include <sanitizer/lsan_interface.h>
#include <sys/wait.h>
#include <unistd.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);

static long oom_allocations, oom_fail_at;
static bool oom_fail_after;

static bool oom_fails(void) {
    oom_allocations++;
    return oom_fail_at && (oom_allocations == oom_fail_at || (oom_fail_after && oom_allocations > oom_fail_at));
}

void *__wrap_malloc(size_t size) { return oom_fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t n, size_t size) { return oom_fails() ? NULL : __real_calloc(n, size); }
void *__wrap_realloc(void *block, size_t size) { return oom_fails() ? NULL : __real_realloc(block, size); }

static int oom_wrong; /* line of the first result that is neither what is expected nor -ENOMEM */

static int oom_want(int line, long rc, long expected) {
    if (rc != expected && rc != -ENOMEM && !oom_wrong) {
        oom_wrong = line;
        fprintf(stderr, "line %d: %ld, expected %ld or -ENOMEM\n", line, rc, expected);
    }
    return (int)rc;
}
#define WANT(rc, expected) oom_want(__LINE__, rc, expected)
#define NEED(condition) oom_want(__LINE__, (condition) ? 0 : -1, 0)

static int oom_works(void *nine) { return *(int *)nine; }

enum { OOM_CLEAN = 40, OOM_WRONG, OOM_LEAK };

/* What was executed counts (coverage.js), although the process does not end by exit(). */
int __llvm_profile_write_file(void) __attribute__((weak));

/* What the program was run with; memory is back. */
static int oom_outcome(void) {
    int nine = 9;
    NEED(oom_allocations >= oom_fail_at);
    oom_fail_at = 0;
    WANT(wio_run(oom_works, &nine), 9); /* everything works again */
    if (wio__left() || __lsan_do_recoverable_leak_check()) return OOM_LEAK;
    return oom_wrong ? OOM_WRONG : OOM_CLEAN;
}

/* Runs it in a process of its own; n 0: no allocation fails. Says how many there were. */
static int oom_run(void (*program)(void), long n, bool after, long *count) {
    int ends[2], status;
    if (pipe(ends)) return -1;
    pid_t child = fork();
    if (child == 0) {
        host_quiet(true);
        alarm(20);
        oom_fail_at = n;
        oom_fail_after = after;
        oom_allocations = 0;
        program();
        if (write(ends[1], &oom_allocations, sizeof oom_allocations) < 0) _exit(1);
        int outcome = oom_outcome();
        if (__llvm_profile_write_file) __llvm_profile_write_file();
        _exit(outcome);
    }
    close(ends[1]);
    if (read(ends[0], count, sizeof *count) != sizeof *count) *count = 0;
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void oom_each(void (*program)(void), bool after) {
    long n = 0, unused;
    CHECK_EQ(oom_run(program, 0, false, &n), OOM_CLEAN);
    CHECK(n > 10);
    for (long i = 1, bad = 0; i <= n && bad < 5; i++) {
        int how = oom_run(program, i, after, &unused);
        if (how == OOM_CLEAN) continue;
        bad++;
        CHECK__FAIL("allocation %ld of %ld%s: %s (%d)", i, n, after ? " and all after it" : "",
                    how == OOM_WRONG  ? "a wrong result"
                    : how == OOM_LEAK ? "a leak"
                    : how == -14      ? "hangs"
                                      : "crashed",
                    how);
    }
    printf("# %ld allocations, each failed once%s\n", n, after ? " with all that came after" : "");
}

#endif
