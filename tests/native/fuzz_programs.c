/* libFuzzer's target: its bytes are a program of the oracle (tests/conformance), as lib/ops.js encodes them. fuzz.sh builds and
 * runs it. */
#include "host.h"

#include <stdlib.h>

#include "../conformance/c/decode.c"
#include "../conformance/c/generators.c"
#include "../conformance/c/interpreter.c"
#include "../conformance/c/operations.c"
#include "../conformance/c/several.c"
#include "../conformance/c/sync.c"

size_t wio__left(void);
bool is_hung(void) { return false; }
int what_is_left(void) { return 0; }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    host_quiet(true);
    run_program(decode(data, size));
    host_log();
    if (wio_all_tasks(NULL, 0) || wio__left()) abort(); /* something is left of the run */
    return 0;
}
