// The triad, as a C programmer writes it: one fused loop, static parts, one a thread.
#include <omp.h>
#include <stddef.h>

void triad_in_place(double *restrict a, const double *restrict b, const double *restrict c, double s, size_t n, int threads) {
#pragma omp parallel for simd schedule(static) num_threads(threads) if (threads > 1)
    for (size_t i = 0; i < n; i++)
        a[i] += b[i] + s * c[i];
}

void triad_of_cached(double *restrict a, const double *restrict b, const double *restrict c, double s, size_t n) {
    for (size_t i = 0; i < n; i++)
        a[i] += b[i] + s * c[i];
}

void triad(double *restrict r, const double *restrict a, const double *restrict b, const double *restrict c, double s, size_t n, int threads) {
#pragma omp parallel for simd schedule(static) num_threads(threads) if (threads > 1)
    for (size_t i = 0; i < n; i++)
        r[i] = a[i] + (b[i] + s * c[i]);
}
