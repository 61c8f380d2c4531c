/* W1 on JSPI: the loop of one coroutine. wait() is a WebAssembly.Suspending import. */
__attribute__((import_module("host"), import_name("wait"))) void wait_for_turn(void);

__attribute__((export_name("yield_many"))) void yield_many(int count);
void yield_many(int count) {
    for (int n = count; n > 0; n--) wait_for_turn();
}
