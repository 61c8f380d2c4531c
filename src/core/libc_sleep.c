/* libc's sleeps, which programs for other systems call: in a task they suspend that task alone. The linker puts these in the
 * place of libc's (emsdk-config/flags.js, `sleeps`), whose own wait for a processor clock that hosts do not have. */
#define _GNU_SOURCE /* clock_nanosleep() */
#include "core.h"

#include <time.h>

int __wrap_nanosleep(const struct timespec *asked, struct timespec *left);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *asked, struct timespec *left);
unsigned __wrap_sleep(unsigned seconds);
int __wrap_usleep(unsigned microseconds);
void __wrap_emscripten_thread_sleep(double milliseconds);

static double seconds_of(const struct timespec *time) { return (double)time->tv_sec + (double)time->tv_nsec / 1e9; }

static double now_of(clockid_t clock) {
    struct timespec now;
    return clock_gettime(clock, &now) ? 0 : seconds_of(&now);
}

/* Outside tasks, and with --blocking-sleep: as on a system with one thread. By libc's clock, which goes on meanwhile. */
static void block(double seconds) {
    double end = now_of(CLOCK_MONOTONIC) + seconds;
    while (now_of(CLOCK_MONOTONIC) < end) continue;
}

/* Of src/io/thread.c: in a thread, sleeps and returns true. */
bool wio__thread_sleeps(double seconds) __attribute__((weak));

/* Returns the seconds that are left: a cancel or a timeout has struck. */
static double rest(double seconds) {
    if (wio__thread_sleeps && wio__thread_sleeps(seconds)) return 0;
    if (!wio__the.current || wio__sleeps_block) {
        block(seconds);
        return 0;
    }
    double deadline = wio_time() + seconds;
    wio__here = NULL; /* calls of libc do not note their place */
    if (wio_sleep(seconds) >= 0) return 0;
    double left = deadline - wio_time();
    return left > 0 ? left : 1e-9;
}

static bool is_time(const struct timespec *time) {
    return time && time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000;
}

/* 0 or an error number. */
static int sleep_for(double seconds, struct timespec *left) {
    double unslept = rest(seconds);
    if (unslept <= 0) return 0;
    if (left) {
        left->tv_sec = (time_t)unslept;
        left->tv_nsec = (long)((unslept - (double)left->tv_sec) * 1e9);
    }
    return EINTR;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *asked, struct timespec *left) {
    if (!is_time(asked) || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)) return EINVAL;
    if (!(flags & TIMER_ABSTIME)) return sleep_for(seconds_of(asked), left);
    return sleep_for(seconds_of(asked) - now_of(clock), NULL);
}

int __wrap_nanosleep(const struct timespec *asked, struct timespec *left) {
    int error = is_time(asked) ? sleep_for(seconds_of(asked), left) : EINVAL;
    if (!error) return 0;
    errno = error;
    return -1;
}

unsigned __wrap_sleep(unsigned seconds) {
    double left = rest(seconds);
    return (unsigned)ceil(left);
}

int __wrap_usleep(unsigned microseconds) {
    if (rest(microseconds / 1e6) <= 0) return 0;
    errno = EINTR;
    return -1;
}

/* What everything else in Emscripten's libraries sleeps by: thrd_sleep(). */
void __wrap_emscripten_thread_sleep(double milliseconds) { rest(milliseconds / 1e3); }
