/* When a request is worth another try, and how long to pause before it. */
#include "session.h"

bool wio__is_lost(int status) {
    return status == -ECONNREFUSED || status == -ECONNRESET || status == -EHOSTUNREACH || status == -EBADMSG ||
           status == -EIO;
}

/* 0.5 to 1. */
static double jitter(void) {
    static uint32_t state;
    double now = wio_time();
    uint64_t bits;
    memcpy(&bits, &now, sizeof bits);
    state = (state ^ (uint32_t)(bits >> 20)) * 1664525u + 1013904223u;
    return 0.5 + 0.5 * ((state >> 8) / 16777216.0);
}

double wio__pause(const wio_retries *retries, unsigned done) {
    double seconds = retries->delay * jitter();
    while (done-- > 0 && seconds < retries->max_delay) seconds *= 2;
    return seconds < retries->max_delay ? seconds : retries->max_delay;
}
