// The star stencil of radius two, four rows at once: B += star(A), and B = star(A).
#include <omp.h>
#include <stddef.h>

#define STAR(p)                                                                                   \
    (c * p[0] + w1 * p[1] + w1 * p[-1] + w1 * p[n] + w1 * p[-(ptrdiff_t)n] + w2 * p[2] + w2 * p[-2] + \
     w2 * p[2 * n] + w2 * p[-2 * (ptrdiff_t)n])

#define FUNCTION(NAME, OP)                                                                        \
    void NAME(const double *restrict a, double *restrict b, size_t n, const double *w, int threads) { \
        const double c = w[0], w1 = w[1], w2 = w[2];                                              \
        _Pragma("omp parallel for schedule(static) num_threads(threads) if (threads > 1)")        \
        for (size_t r = 2; r < n - 2; r += 4) {                                                   \
            size_t rows = n - 2 - r < 4 ? n - 2 - r : 4;                                          \
            if (rows == 4) {                                                                      \
                _Pragma("omp simd")                                                               \
                for (size_t i = 2; i < n - 2; i++)                                                \
                    for (size_t k = 0; k < 4; k++) {                                              \
                        const double *p = a + (r + k) * n + i;                                    \
                        b[(r + k) * n + i] OP STAR(p);                                            \
                    }                                                                             \
            } else {                                                                              \
                for (size_t k = 0; k < rows; k++)                                                 \
                    for (size_t i = 2; i < n - 2; i++) {                                          \
                        const double *p = a + (r + k) * n + i;                                    \
                        b[(r + k) * n + i] OP STAR(p);                                            \
                    }                                                                             \
            }                                                                                     \
        }                                                                                         \
    }

FUNCTION(star, +=)
FUNCTION(star_set, =)
