/* Memory grows geometrically: Emscripten's standalone libc grows it page by page, which cost 19-27 us a task on
 * Node 20 against 1.3 us. Small memories double, since every growth may have V8 collect garbage; and none is asked for
 * beyond 4 GiB, since one that is refused certainly has, on Node 20 for 100 ms. Linked with --wrap=emscripten_resize_heap. */
#ifdef __wasm__
#include <stddef.h>
#include <stdint.h>

int __wrap_emscripten_resize_heap(size_t size);

int __wrap_emscripten_resize_heap(size_t size) {
    enum { PAGE = 65536, DOUBLED = 32 * 1024 * 1024 / PAGE, STEP_MAX = 256 * 1024 * 1024 / PAGE, MAX = 65536 };
    size_t old = __builtin_wasm_memory_size(0);
    size_t needed = size / PAGE + (size % PAGE != 0) - old;
    size_t step = old < DOUBLED ? old : DOUBLED;
    if (step < old / 4) step = old / 4;
    if (step > STEP_MAX) step = STEP_MAX;
    if (step > MAX - old) step = MAX - old;
    if (step < needed) step = needed;
    if (__builtin_wasm_memory_grow(0, step) != SIZE_MAX) return 1;
    return __builtin_wasm_memory_grow(0, needed) != SIZE_MAX;
}
#endif
