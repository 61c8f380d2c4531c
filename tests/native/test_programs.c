// Programs of the oracle (tests/conformance) made of random bytes, under the sanitizers: whatever tasks, groups, timeouts and
// primitives do to one another, nothing is touched that is gone, nothing is left, and every run ends.
#include "host.h"
#include "check.h"

#include "../conformance/c/decode.c"
#include "../conformance/c/generators.c"
#include "../conformance/c/interpreter.c"
#include "../conformance/c/operations.c"
#include "../conformance/c/several.c"
#include "../conformance/c/sync.c"

static uint32_t state;

static unsigned below(unsigned n) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % n;
}

static uint8_t bytes[2048];
static size_t size;

static void put(unsigned value) {
    if (size < sizeof bytes) bytes[size++] = (uint8_t)value;
}

static void put_block(unsigned most, int depth) {
    unsigned count = below(most + 1);
    put(count);
    while (count--) {
        put(below(OPS));
        put(below(3) == 0); /* swallow errors */
        unsigned args = 2 + below(3);
        put(args);
        while (args--) put(below(5));
        unsigned blocks = depth < 3 ? below(3) : 0;
        put(blocks);
        while (blocks--) put_block(4, depth + 1);
    }
}

static void random_program(uint32_t seed) {
    state = seed * 2654435761u + 1;
    size = 0;
    for (int i = 0; i < 2 * SEMAPHORES + 1 + 2 * QUEUES; i++) put(below(12));
    unsigned functions = 1 + below(5);
    put(functions);
    for (unsigned i = 0; i < functions; i++) put_block(i ? 6 : 12, 0);
}

static void run_seeds(uint32_t from, uint32_t to) {
    host_quiet(true);
    for (uint32_t seed = from; seed < to; seed++) {
        random_program(seed);
        run_program(decode(bytes, size));
        host_log();
        if (!wio_all_tasks(NULL, 0) && !wio__left()) continue;
        check__fail(__FILE__, __LINE__, "nothing left by the program of seed %u", (unsigned)seed);
        break;
    }
    host_quiet(false);
}

TEST_OUTSIDE(PROGRAMS_of_random_statements) { run_seeds(1, 10000); }

TEST_OUTSIDE(PROGRAMS_any_bytes_are_one) {
    host_quiet(true);
    for (uint32_t seed = 1; seed < 500; seed++) {
        state = seed;
        size = below(200);
        for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)below(256);
        run_program(decode(bytes, size));
        host_log();
    }
    host_quiet(false);
}

bool is_hung(void) { return false; }
int what_is_left(void) { return 0; }
