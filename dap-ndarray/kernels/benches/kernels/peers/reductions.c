// Reductions, as a C programmer writes them for this machine: sixteen vectors in flight, so that
// only memory is waited for. `read_all` is the bandwidth of reading.
#include <math.h>
#include <omp.h>
#include <stddef.h>

#ifdef __AVX512F__
#define LANES 8
#else
#define LANES 4
#endif
#define VECTORS 16
typedef double vector __attribute__((vector_size(LANES * 8), aligned(8)));

static double read_part(const double *x, size_t n) {
    vector sums[VECTORS];
    for (int v = 0; v < VECTORS; v++)
        sums[v] = (vector){0};
    size_t i = 0;
    for (; i + VECTORS * LANES <= n; i += VECTORS * LANES)
        for (int v = 0; v < VECTORS; v++)
            sums[v] += *(const vector *)(x + i + v * LANES);
    double sum = 0;
    for (int v = 0; v < VECTORS; v++)
        for (int l = 0; l < LANES; l++)
            sum += sums[v][l];
    for (; i < n; i++)
        sum += x[i];
    return sum;
}

double read_all(const double *x, size_t n, int threads) {
    double sum = 0;
#pragma omp parallel num_threads(threads) reduction(+ : sum) if (threads > 1)
    {
        size_t part = omp_get_thread_num(), parts = omp_get_num_threads();
        size_t from = n * part / parts, to = n * (part + 1) / parts;
        sum += read_part(x + from, to - from);
    }
    return sum;
}

// Each thread adds its rows to columns of its own, four rows at a time.
void sum_axis0(const double *x, double *out, double *scratch, size_t rows, size_t columns, int threads) {
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        size_t part = omp_get_thread_num(), parts = omp_get_num_threads();
        size_t from = rows * part / parts, to = rows * (part + 1) / parts;
        double *sums = scratch + part * columns;
        for (size_t c = 0; c < columns; c++)
            sums[c] = 0;
        size_t r = from;
        for (; r + 4 <= to; r += 4) {
            const double *a = x + r * columns, *b = a + columns, *c = b + columns, *d = c + columns;
#pragma omp simd
            for (size_t i = 0; i < columns; i++)
                sums[i] += (a[i] + b[i]) + (c[i] + d[i]);
        }
        for (; r < to; r++)
            for (size_t i = 0; i < columns; i++)
                sums[i] += x[r * columns + i];
    }
    for (size_t i = 0; i < columns; i++) {
        double sum = 0;
        for (int t = 0; t < threads; t++)
            sum += scratch[t * columns + i];
        out[i] = sum;
    }
}

void sum_axis1(const double *x, double *out, size_t rows, size_t columns, int threads) {
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t r = 0; r < rows; r++)
        out[r] = read_part(x + r * columns, columns);
}
