// Vector mathematics and Black-Scholes, as a C programmer writes them: with glibc's libmvec, which
// GCC calls under -ffast-math (the files of this folder are compiled so); for the best instruction
// set of the machine, and for AVX2.
#include <math.h>
#include <omp.h>
#include <stddef.h>

#if defined __AVX512F__
#define BEST __attribute__((target("prefer-vector-width=512")))
#define AVX2 __attribute__((target("no-avx512f,prefer-vector-width=256")))
#else
#define BEST
#define AVX2
#endif

#define UNARY(ISA, NAME, FUNCTION)                                       \
    ISA void NAME(const double *restrict x, double *restrict out, size_t n) { \
        for (size_t i = 0; i < n; i++)                                   \
            out[i] = FUNCTION(x[i]);                                     \
    }
#define BOTH(FUNCTION) UNARY(BEST, math_##FUNCTION##_best, FUNCTION) UNARY(AVX2, math_##FUNCTION##_avx2, FUNCTION)

BOTH(exp)
BOTH(log)
BOTH(sin)
BOTH(cos)
BOTH(tan)
BOTH(tanh)
BOTH(erf)

#define POW(ISA, NAME)                                                                       \
    ISA void NAME(const double *restrict x, const double *restrict y, double *restrict out, size_t n) { \
        for (size_t i = 0; i < n; i++)                                                       \
            out[i] = pow(x[i], y[i]);                                                        \
    }
POW(BEST, math_pow_best)
POW(AVX2, math_pow_avx2)

#define BLACK_SCHOLES(ISA, NAME)                                                              \
    ISA static void NAME##_part(const double *restrict s, const double *restrict k, const double *restrict t, \
                                double *restrict call, double *restrict put, double r, double v, size_t n) { \
        for (size_t i = 0; i < n; i++) {                                                      \
            double root = v * sqrt(t[i]), discounted = k[i] * exp(-r * t[i]);                 \
            double d1 = (log(s[i] / k[i]) + (r + 0.5 * v * v) * t[i]) / root, d2 = d1 - root; \
            double n1 = 0.5 + 0.5 * erf(d1 * 0.70710678118654752), n2 = 0.5 + 0.5 * erf(d2 * 0.70710678118654752); \
            call[i] = s[i] * n1 - discounted * n2;                                            \
            put[i] = call[i] - s[i] + discounted;                                             \
        }                                                                                     \
    }                                                                                         \
    void NAME(const double *s, const double *k, const double *t, double *call, double *put, double r, double v, \
              size_t n, int threads) {                                                        \
        _Pragma("omp parallel num_threads(threads)") {                                        \
            size_t parts = omp_get_num_threads(), part = omp_get_thread_num();                \
            size_t first = n / parts * part, last = part + 1 == parts ? n : n / parts * (part + 1); \
            NAME##_part(s + first, k + first, t + first, call + first, put + first, r, v, last - first); \
        }                                                                                     \
    }
BLACK_SCHOLES(BEST, black_scholes_best)
BLACK_SCHOLES(AVX2, black_scholes_avx2)
