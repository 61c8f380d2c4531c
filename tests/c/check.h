/* A tiny test harness for programs that use wasyncio (C11 and C++17). Include it in one file only: it has main().
 *
 *   TEST(sleep_takes_time) {            // runs as the main task of a wio_run() of its own
 *       double start = wio_time();
 *       CHECK_EQ(wio_sleep(0.1), 0);
 *       CHECK(wio_time() - start >= 0.1);
 *   }
 *   TEST_OUTSIDE(run_refuses_null) {    // runs in main(), outside tasks; may call wio_run()
 *       CHECK_EQ(wio_run(NULL, NULL), -EINVAL);
 *   }
 *
 * The checks work in every function and task; they note the failure and go on. REQUIRE leaves the (void) function.
 * At the end of each test no other task may be left, and after its run no task, timer or host operation; with leak
 * checking (native builds) no byte either. argv[1] selects the tests whose name contains it.
 *
 * check_url("/delay/%d", 50) is an address on the test server (tests/server/server.js) in a scope of this test's own,
 * and check_stat("most") what the server counted in it. */
#ifndef WIO_TESTS_CHECK_H
#define WIO_TESTS_CHECK_H

#include "wasyncio.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define CHECK__LEAKS __lsan_do_recoverable_leak_check()
#endif
#endif
#ifndef CHECK__LEAKS
#define CHECK__LEAKS 0
#endif

#ifdef __cplusplus
extern "C"
#endif
    size_t
    wio__left(void); /* of the runtime: tasks, timers and host operations that there are */

typedef struct check__test {
    const char *name;
    void (*body)(void);
    bool outside;
    struct check__test *next;
} check__test;

static check__test *check__first, *check__last, *check__current;
static int check__failures; /* of the current test */

#define CHECK__UNUSED __attribute__((unused))

/* Registered by constructors, which run in the order of definition. */
#define CHECK__DEFINE(test, is_outside)                                                                                \
    static void check__body_##test(void);                                                                              \
    __attribute__((constructor)) static void check__add_##test(void) {                                                 \
        static check__test self = {#test, check__body_##test, is_outside, NULL};                                       \
        check__add(&self);                                                                                             \
    }                                                                                                                  \
    static void check__body_##test(void)

#define TEST(name) CHECK__DEFINE(name, false)
#define TEST_OUTSIDE(name) CHECK__DEFINE(name, true)

static void check__add(check__test *test) {
    if (check__last) check__last->next = test;
    else check__first = test;
    check__last = test;
}

/* The first failure makes the "not ok" line; the others follow as comments. Flushed, because a trap loses the rest. */
__attribute__((format(printf, 3, 4))) static void check__fail(const char *file, int line, const char *format, ...) {
    const char *slash = strrchr(file, '/');
    va_list arguments;
    va_start(arguments, format);
    printf(check__failures++ ? "#   and %s: %s:%d: " : "not ok %s: %s:%d: ", check__current->name,
           slash ? slash + 1 : file, line);
    vprintf(format, arguments);
    printf("\n");
    fflush(stdout);
    va_end(arguments);
}

#define CHECK__FAIL(...) check__fail(__FILE__, __LINE__, __VA_ARGS__)

#define CHECK(condition) ((condition) ? (void)0 : CHECK__FAIL("%s", #condition))

#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            CHECK__FAIL("%s", #condition);                                                                             \
            return;                                                                                                    \
        }                                                                                                              \
    } while (0)

/* Integers. */
#define CHECK_EQ(a, b)                                                                                                 \
    do {                                                                                                               \
        long long check__a = (long long)(a), check__b = (long long)(b);                                                \
        if (check__a != check__b) CHECK__FAIL("%s == %s (%lld vs %lld)", #a, #b, check__a, check__b);                  \
    } while (0)

/* A result that must not be an error; says which error it is. */
#define CHECK_OK(call)                                                                                                 \
    do {                                                                                                               \
        long check__rc = (long)(call);                                                                                 \
        if (check__rc < 0) {                                                                                           \
            const wio_error *check__error = wio_task_error(wio_current_task());                                        \
            bool check__told = check__error && check__error->code == check__rc;                                        \
            CHECK__FAIL("%s is %ld %s: %s", #call, check__rc, wio_error_name((int)check__rc),                          \
                        check__told ? check__error->message : "");                                                     \
        }                                                                                                              \
    } while (0)

#define CHECK_STR(a, b)                                                                                                \
    do {                                                                                                               \
        const char *check__a = (a), *check__b = (b);                                                                   \
        if (!check__a || !check__b ? check__a != check__b : strcmp(check__a, check__b) != 0)                           \
            CHECK__FAIL("%s == %s (\"%s\" vs \"%s\")", #a, #b, check__a ? check__a : "(null)",                         \
                        check__b ? check__b : "(null)");                                                               \
    } while (0)

/* The text contains the part. */
#define CHECK_HAS(text, part)                                                                                          \
    do {                                                                                                               \
        const char *check__a = (text), *check__b = (part);                                                             \
        if (!check__a || !strstr(check__a, check__b))                                                                  \
            CHECK__FAIL("%s has %s (\"%s\")", #text, #part, check__a ? check__a : "(null)");                           \
    } while (0)

/* Doubles. */
#define CHECK_NEAR(a, b, tolerance)                                                                                    \
    do {                                                                                                               \
        double check__a = (a), check__b = (b);                                                                         \
        if (!(fabs(check__a - check__b) <= (tolerance)))                                                               \
            CHECK__FAIL("%s is near %s (%g vs %g)", #a, #b, check__a, check__b);                                       \
    } while (0)

/* ------------------------------------------------------------------------------------------- The test server --- */

CHECK__UNUSED static const char *check_env(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

/* Base URL of the server, and of the same server under another address (browsers open six connections to one). */
CHECK__UNUSED static const char *check_base(void) { return check_env("WIO_TEST_URL", "http://127.0.0.1:9"); }
CHECK__UNUSED static const char *check_base2(void) { return check_env("WIO_TEST_URL2", check_base()); }
/* Where nothing listens. */
CHECK__UNUSED static const char *check_refused_url(void) {
    return check_env("WIO_TEST_REFUSED_URL", "http://127.0.0.1:9");
}

/* In browsers, which tell little about what went wrong, and where pages may not see everything. */
CHECK__UNUSED static bool check_in_browser(void) {
    const char *host = check_env("WIO_TEST_HOST", "");
    return strcmp(host, "chromium") == 0 || strcmp(host, "firefox") == 0;
}

#define CHECK__URLS 64

/* The next of 64 static buffers: valid until 64 more addresses were asked for. */
CHECK__UNUSED static char *check__url(const char *base, const char *format, va_list arguments) {
    static char urls[CHECK__URLS][512];
    static unsigned next;
    char *url = urls[next++ % CHECK__URLS];
    size_t used = (size_t)snprintf(url, sizeof urls[0], "%s", base);
    vsnprintf(url + used, sizeof urls[0] - used, format, arguments);
    used = strlen(url);
    snprintf(url + used, sizeof urls[0] - used, "%cscope=%s.%s", strchr(url, '?') ? '&' : '?',
             check_env("WIO_TEST_SCOPE", "c"), check__current->name);
    return url;
}

__attribute__((format(printf, 1, 2), unused)) static const char *check_url(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *url = check__url(check_base(), format, arguments);
    va_end(arguments);
    return url;
}

__attribute__((format(printf, 1, 2), unused)) static const char *check_url2(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *url = check__url(check_base2(), format, arguments);
    va_end(arguments);
    return url;
}

CHECK__UNUSED static long check__ask(const char *url) {
    wio_response *response = NULL;
    char *text = NULL;
    long value = wio_fetch(url, NULL, &response);
    if (!value) value = wio_response_text(response, &text);
    if (value >= 0) value = strtol(text, NULL, 10);
    free(text);
    wio_response_close(response);
    return value;
}

/* What the server counted in this test's scope: "total", "most", "active", "aborted", "paths|/delay|most", …; or a
 * negative error. check_stat_until waits up to 5 s for the count to reach `least`. Both wait. */
CHECK__UNUSED static long check_stat(const char *field) { return check__ask(check_url("/stats?get=%s", field)); }
CHECK__UNUSED static long check_stat_until(const char *field, long least) {
    return check__ask(check_url("/stats?get=%s&until=%ld", field, least));
}

/* --------------------------------------------------------------------------------------------- Running them --- */

static int check__task(void *argument) {
    check__test *test = (check__test *)argument;
    test->body();
    size_t left = wio_all_tasks(NULL, 0);
    if (left != 1) {
        check__fail(__FILE__, __LINE__, "no task left (%zu tasks live at the end)", left - 1);
        wio_print_tasks(stdout);
    }
    return 0;
}

static void check__run(check__test *test) {
    check__current = test;
    check__failures = 0;
    printf("# run %s\n", test->name);
    fflush(stdout);
    if (test->outside) {
        test->body();
    } else {
        int status = wio_run(check__task, test);
        if (status) check__fail(__FILE__, __LINE__, "the run ended with %d %s", status, wio_error_name(status));
    }
    if (wio_all_tasks(NULL, 0)) CHECK__FAIL("no task left after the run");
    else if (wio__left()) CHECK__FAIL("no timer or host operation left after the run");
    if (CHECK__LEAKS) CHECK__FAIL("no byte left after the run");
    if (!check__failures) printf("ok %s\n", test->name);
    fflush(stdout);
}

#ifndef CHECK_NO_MAIN
int main(int argc, char **argv) {
    const char *filter = argc > 1 ? argv[1] : "";
    int selected = 0, failed = 0;
    for (check__test *test = check__first; test; test = test->next) selected += strstr(test->name, filter) != NULL;
    printf("1..%d\n", selected); /* so that a program which ends early cannot pass */
    for (check__test *test = check__first; test; test = test->next) {
        if (!strstr(test->name, filter)) continue;
        check__run(test);
        failed += check__failures != 0;
    }
    printf("# %d tests, %d failed\n", selected, failed);
    return failed != 0;
}
#endif

#endif
