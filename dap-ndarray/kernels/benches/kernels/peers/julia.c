// A Julia set: masked lanes take each step together, by the compiler's vector types, which keep
// them in registers: 64 lanes with 512-bit vectors, 32 with 256-bit ones. Blocks go to whichever
// thread is ready.
#include <omp.h>
#include <stddef.h>
#include <string.h>

#if defined __AVX512F__
#define AVX2 __attribute__((target("no-avx512f")))
#else
#define AVX2
#endif
#define BEST
#define VECTORS 4

// Points that have left only leave farther: they need no blend.
#define JULIA(ISA, NAME, BYTES)                                                                   \
ISA static void NAME##_block(const float *re, const float *im, unsigned *counts, int most) {      \
    typedef float vector __attribute__((vector_size(BYTES)));                                     \
    typedef int mask __attribute__((vector_size(BYTES)));                                         \
    vector x[VECTORS], y[VECTORS];                                                                \
    mask count[VECTORS] = {0};                                                                    \
    memcpy(x, re, sizeof x);                                                                      \
    memcpy(y, im, sizeof y);                                                                      \
    for (int step = 0; step < most; step++) {                                                     \
        mask any = {0};                                                                           \
        _Pragma("GCC unroll 4")                                                                   \
        for (int v = 0; v < VECTORS; v++) {                                                       \
            vector xx = x[v] * x[v], yy = y[v] * y[v];                                            \
            mask inside = xx + yy <= 4.0f;                                                        \
            y[v] = 2.0f * x[v] * y[v] + 0.45f;                                                    \
            x[v] = xx - yy - 0.045f;                                                              \
            count[v] -= inside;                                                                   \
            any |= inside;                                                                        \
        }                                                                                         \
        long long words[BYTES / 8], left = 0;                                                     \
        memcpy(words, &any, sizeof words);                                                        \
        for (int word = 0; word < BYTES / 8; word++)                                              \
            left |= words[word];                                                                  \
        if (!left)                                                                                \
            break;                                                                                \
    }                                                                                             \
    memcpy(counts, count, sizeof count);                                                          \
}                                                                                                 \
void NAME(const float *re, const float *im, unsigned *counts, size_t n, int most, int threads) {  \
    _Pragma("omp parallel for schedule(dynamic, 16) num_threads(threads)")                        \
    for (size_t at = 0; at < n; at += VECTORS * BYTES / sizeof(float))                            \
        NAME##_block(re + at, im + at, counts + at, most);                                        \
}

JULIA(BEST, julia_best, 64)
JULIA(AVX2, julia_avx2, 32)
