#include <stdint.h>

double square(double x) { return x * x; }
double hypotenuse(double x, double y) { return x * x + y * y; }
double weigh(int64_t i, int64_t j, double x) { return x * (double)(10 * i + j); }
double larger(double x, double y) { return x < y ? y : x; }
int64_t last(int64_t x, int64_t y) { return (void)x, y; }

double median(const double *x) {
    double low = x[0] < x[1] ? x[0] : x[1], high = x[0] < x[1] ? x[1] : x[0];
    return x[2] < low ? low : x[2] > high ? high : x[2];
}
