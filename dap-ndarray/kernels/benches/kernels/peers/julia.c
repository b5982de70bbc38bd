// A Julia set: 64 masked lanes take each step together, by the compiler's vector types, which keep
// them in registers. Blocks go to whichever thread is ready.
#include <omp.h>
#include <stddef.h>
#include <string.h>

#define VECTORS 4
#define LANES 64
typedef float vector __attribute__((vector_size(64)));
typedef int mask __attribute__((vector_size(64)));

void julia(const float *re, const float *im, unsigned *counts, size_t n, int most, int threads) {
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads)
    for (size_t block = 0; block < n / LANES; block++) {
        vector x[VECTORS], y[VECTORS];
        mask count[VECTORS] = {0};
        memcpy(x, re + block * LANES, sizeof x);
        memcpy(y, im + block * LANES, sizeof y);
        for (int step = 0; step < most; step++) {
            mask any = {0};
#pragma GCC unroll 4
            for (int v = 0; v < VECTORS; v++) {
                vector xx = x[v] * x[v], yy = y[v] * y[v];
                mask inside = xx + yy <= 4.0f;
                // Points that have left only leave farther: they need no blend.
                y[v] = 2.0f * x[v] * y[v] + 0.45f;
                x[v] = xx - yy - 0.045f;
                count[v] -= inside;
                any |= inside;
            }
            long long words[8], left = 0;
            memcpy(words, &any, sizeof words);
            for (int word = 0; word < 8; word++)
                left |= words[word];
            if (!left)
                break;
        }
        memcpy(counts + block * LANES, count, sizeof count);
    }
}
