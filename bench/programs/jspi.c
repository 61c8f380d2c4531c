/* Coroutines on JSPI. wait() and ask() are WebAssembly.Suspending imports; the exports are called by WebAssembly.promising(). */
__attribute__((import_module("host"), import_name("wait"))) void wait_for_turn(void);
__attribute__((import_module("host"), import_name("ask"))) int ask(int value);

__attribute__((export_name("yield_many"))) void yield_many(int count);
void yield_many(int count) {
    for (int n = count; n > 0; n--) wait_for_turn();
}

__attribute__((noinline)) static int down(int left, int count) {
    if (left > 0) {
        int below = down(left - 1, count);
        __asm__ volatile("" : "+r"(below)); /* or the compiler would make a loop of it */
        return below + left;
    }
    yield_many(count);
    return 0;
}

__attribute__((export_name("yield_at"))) int yield_at(int count, int depth);
int yield_at(int count, int depth) { return down(depth, count); }

__attribute__((export_name("call_import"))) int call_import(int count);
int call_import(int count) {
    for (int n = count; n > 0; n--)
        if (ask(n) != n) return -1;
    return 0;
}
