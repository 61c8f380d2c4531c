/* From bytes to statements. Takes anything, so that a fuzzer can drive it. */
#include "program.h"

#include <string.h>

static const uint8_t *at, *end;
static statement pool[MAX_STATEMENTS];
static int used;
static program decoded;

static unsigned byte(unsigned limit) {
    unsigned value = at < end ? *at++ : 0;
    return limit ? value % limit : value;
}

static const statement *block(int depth) {
    const statement *first = NULL, **link = &first;
    for (unsigned n = byte(0); n > 0 && at < end && used < MAX_STATEMENTS; n--) {
        statement *made = &pool[used];
        *made = (statement){.number = (int16_t)used++};
        made->op = (uint8_t)byte(OPS);
        made->catches = (uint8_t)byte(2);
        made->count = (uint8_t)byte(MAX_ARGS + 1);
        for (int i = 0; i < made->count; i++) made->args[i] = (uint8_t)byte(0);
        unsigned blocks = byte(3);
        for (unsigned i = 0; i < blocks; i++)
            if (depth < MAX_DEPTH) made->blocks[i] = block(depth + 1);
        *link = made;
        link = &made->next;
    }
    return first;
}

const program *decode(const uint8_t *bytes, size_t size) {
    at = bytes;
    end = bytes + size;
    used = 0;
    memset(&decoded, 0, sizeof decoded);
    for (int i = 0; i < SEMAPHORES; i++) {
        decoded.setup.semaphores[i][0] = (uint8_t)byte(4);
        decoded.setup.semaphores[i][1] = (uint8_t)byte(2);
    }
    decoded.setup.parties = (uint8_t)(byte(3) + 1);
    for (int i = 0; i < QUEUES; i++) {
        decoded.setup.queues[i][0] = (uint8_t)byte(3);
        decoded.setup.queues[i][1] = (uint8_t)byte(4);
    }
    decoded.functions = (int)byte(MAX_FUNCTIONS);
    for (int i = 0; i < decoded.functions; i++) decoded.function[i] = block(0);
    return &decoded;
}
