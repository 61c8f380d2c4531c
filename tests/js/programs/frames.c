// Frames of every kind that a switch saves and restores: without locals, with many of every type, in loops and branches,
// and vectors.
#include <wasm_simd128.h>
#include <wasyncio.h>

__attribute__((noinline)) static int no_locals(void) { return wio_yield(); }

/* Each local is needed after each wait. */
__attribute__((noinline)) static double many(int n, float f, double d, long long l, v128_t v) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        if (i % 3 == 0) wio_yield();
        else if (i % 3 == 1) wio_sleep(0);
        else no_locals();
        v = wasm_i32x4_add(v, wasm_i32x4_splat(i));
        f += 0.5f;
        d *= 1.25;
        l = l * 3 + i;
        sum += i;
    }
    return sum + f + d + (double)(l % 1000003) + wasm_i32x4_extract_lane(v, 2);
}

/* The same without a wait. */
static double expected(int n, float f, double d, long long l, int v) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        v += i;
        f += 0.5f;
        d *= 1.25;
        l = l * 3 + i;
        sum += i;
    }
    return sum + f + d + (double)(l % 1000003) + v;
}

__attribute__((noinline)) static int deeper(int depth, int n) {
    int wrong = depth ? deeper(depth - 1, n + 1) : 0;
    float f = (float)(depth + n);
    double is = many(n, f, f * 2, depth * 1000003LL, wasm_i32x4_make(1, 2, depth, 4));
    return wrong + (is != expected(n, f, f * 2, depth * 1000003LL, depth));
}

static int task(void *arg) { return deeper((int)(intptr_t)arg % 9, (int)(intptr_t)arg % 7 + 1); }

/* How many frames came back wrong, in 100 tasks that run at the same time. */
WIO_EXPORT(int, wrong_frames, (void)) {
    wio_call calls[100];
    int results[100], wrong = 0;
    for (int i = 0; i < 100; i++) calls[i] = (wio_call){task, (void *)(intptr_t)i};
    if (wio_gather(calls, 100, results) < 0) return -1;
    for (int i = 0; i < 100; i++) wrong += results[i];
    return wrong;
}
