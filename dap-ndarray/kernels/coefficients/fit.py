#!/usr/bin/env python3
"""Fits the polynomials of dap-kernels' mathematics and prints src/math/coefficients.rs.

    python3 fit.py > ../src/math/coefficients.rs && rustfmt ../src/math/coefficients.rs

It needs mpmath. Each polynomial is a weighted least-squares fit on Chebyshev points, in 60 digits,
whose weights Lawson's iteration drives to the minimax fit. Coefficients are rounded to f64 one
after the other from the lowest power on; the rest is fitted again to what the rounding left. The
comment of each table has the error reached, as a power of two.
"""

import textwrap

from mpmath import mp, mpf, matrix, lu_solve
import mpmath

mp.prec = 200


def solve(rows, powers):
    """Least squares: the coefficients of `powers` for rows of (z, value, weight)."""
    n = len(powers)
    a, b = matrix(n, n), matrix(n, 1)
    for z, value, weight in rows:
        basis = [z**power for power in powers]
        for i in range(n):
            b[i] += weight * basis[i] * value
            for j in range(i + 1):
                a[i, j] += weight * basis[i] * basis[j]
    for i in range(n):
        for j in range(i):
            a[j, i] = a[i, j]
    return list(lu_solve(a, b))


def fit(f, w, lo, hi, count, fixed=()):
    """The f64 coefficients of the polynomial p with nearly the least |w (p - f)| on [lo, hi].

    `fixed` has the first ones. Returns them and the error reached.
    """
    grid = [(lo + hi) / 2 - (hi - lo) / 2 * mpmath.cos(mp.pi * (i + mpf(1) / 2) / 160) for i in range(160)]
    f_grid, w_grid, lawson = [f(z) for z in grid], [w(z) ** 2 for z in grid], [mpf(1)] * len(grid)
    c = list(fixed)

    def rest():
        return [value - mpmath.polyval(c[::-1], z) for z, value in zip(grid, f_grid)] if c else f_grid

    for step in range(12):
        values, powers = rest(), range(len(c), count)
        p = solve(list(zip(grid, values, (a * b for a, b in zip(w_grid, lawson)))), powers)
        errors = [mpmath.sqrt(weight) * abs(sum(k * z**power for k, power in zip(p, powers)) - value)
                  for z, value, weight in zip(grid, values, w_grid)]
        mean = sum(errors) / len(errors)
        lawson = [weight * (error / mean + mpf("0.01")) for weight, error in zip(lawson, errors)]
    while len(c) < count:
        rows = list(zip(grid, rest(), (a * b for a, b in zip(w_grid, lawson))))
        c.append(mpf(float(solve(rows, range(len(c), count))[0])))
    check = [lo + (hi - lo) * (i + mpf(1) / 2) / 1000 for i in range(1000)]
    error = max(abs(w(z) * (mpmath.polyval(c[::-1], z) - f(z))) for z in check)
    return c, float(mpmath.log(error, 2))


def words(name, text, value, count):
    parts = []
    for _ in range(count):
        parts.append(float(value))
        value -= mpf(parts[-1])
    print(f"/// {text}\npub(super) const {name}: [f64; {count}] = [{', '.join(map(repr, parts))}];\n")


def table(name, text, f, w, lo, hi, count, fixed=()):
    lo, hi = mpf(lo), mpf(hi)
    c, error = fit(f, w, lo, hi, count, [mpf(x) for x in fixed])
    text = "\n/// ".join(textwrap.wrap(text, 96))
    print(f"/// {text}\n///\n/// The greatest error is 2^{error:.1f}.")
    print(f"pub(super) const {name}: [f64; {count}] = [{', '.join(repr(float(x)) for x in c)}];\n")


def words(name, text, value, count):
    parts = []
    for _ in range(count):
        parts.append(float(value))
        value -= mpf(parts[-1])
    print(f"/// {text}\npub(super) const {name}: [f64; {count}] = [{', '.join(map(repr, parts))}];\n")


def exact(z, f, series):
    """`f(z)`, by the first terms of its series near 0, where the closed form cancels."""
    return f(z) if abs(z) > mpf(2) ** -40 else series(z)


ln2, pi = mpmath.log(2), mp.pi
print("//! Constants and polynomial coefficients, printed by `coefficients/fit.py`: it says how they are made.")
print("//!\n//! A constant of several words is their unevaluated sum. Coefficients begin with the lowest power.\n")
print("#![expect(clippy::approx_constant, reason = \"the words of a constant stand together\")]\n")
words("LN_2", "ln 2.", ln2, 2)
print(f"/// ln 2 in a word of 40 bits, whose products with exponents are exact, and the rest.\npub(super) const LN_2_SHORT: [f64; 2] = [{float(mpmath.floor(ln2 * 2**40) / 2**40)!r}, {float(ln2 - mpmath.floor(ln2 * 2**40) / 2**40)!r}];\n")
words("LOG2_E", "1 / ln 2.", 1 / ln2, 2)
words("LOG10_E", "1 / ln 10.", 1 / mpmath.log(10), 2)
words("LOG10_2", "ln 2 / ln 10.", ln2 / mpmath.log(10), 2)
words("HALF_PI", "pi / 2.", pi / 2, 2)
first = float(pi / 2)
second = float(mpmath.floor((pi / 2 - first) * 2**83) / 2**83)
print(f"/// pi / 2, with a middle word of 30 bits.\npub(super) const HALF_PI_SHORT: [f64; 3] = [{first!r}, {second!r}, {float(pi / 2 - first - second)!r}];\n")
words("QUARTER_PI", "pi / 4.", pi / 4, 2)
words("PI", "pi.", pi, 2)
words("TWO_THIRDS", "2 / 3.", mpf(2) / 3, 2)
mp.prec = 1400
bits = int(mpmath.floor(2 / mp.pi * mpf(2) ** 1280))
print("/// The first 1280 bits of 2 / pi, 64 a word, the highest word first.")
print(f"pub(super) const TWO_OVER_PI: [u64; 20] = [{', '.join(hex(bits >> (64 * (19 - i)) & (2**64 - 1)) for i in range(20))}];\n")
mp.prec = 200

half = ln2 / 2 * mpf("1.0001")
table("EXP", "(e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, the error as that of e^r.",
      lambda r: exact(r, lambda r: (mpmath.expm1(r) - r) / r**2, lambda r: mpf(1) / 2 + r / 6 + r * r / 24),
      lambda r: r * r, -half, half, 10)
table("EXP_LONG", "(e^r - 1 - r - r^2 / 2) / r^3 for |r| <= ln 2 / 2, the error as that of e^r.",
      lambda r: exact(r, lambda r: (mpmath.expm1(r) - r - r**2 / 2) / r**3, lambda r: mpf(1) / 6 + r / 24 + r * r / 120),
      lambda r: abs(r) ** 3, -half, half, 10)
s_max = (mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1)
s_max2 = (s_max * mpf("1.0001")) ** 2


def atanh_rest(z):
    s = mpmath.sqrt(z)
    return exact(z, lambda z: (2 * mpmath.atanh(s) / s - 2) / z, lambda z: mpf(2) / 3 + 2 * z / 5 + 2 * z * z / 7)


table("LOG", "(2 atanh(s) / s - 2) / s^2 in z = s^2 for |s| <= 0.1716, the error relative to that of ln((1 + s) / (1 - s)).",
      atanh_rest, lambda z: z / 2, 0, s_max2, 7)
third = mpf(2) / 3
table("LOG_LONG", "As `LOG` without its first term 2 / 3, which has two words, and with more terms.",
      lambda z: exact(z, lambda z: (atanh_rest(z) - third) / z, lambda z: mpf(2) / 5 + 2 * z / 7),
      lambda z: z * z / 2, 0, s_max2, 8)
quarter2 = (pi / 4 * mpf("1.0001")) ** 2
table("SIN", "(sin(r) / r - 1) / r^2 in z = r^2 for |r| <= pi / 4, the error relative to that of sin.",
      lambda z: exact(z, lambda z: (mpmath.sin(mpmath.sqrt(z)) / mpmath.sqrt(z) - 1) / z, lambda z: -mpf(1) / 6 + z / 120),
      lambda z: z, 0, quarter2, 6)
table("COS", "(cos(r) - 1 + r^2 / 2) / r^4 in z = r^2 for |r| <= pi / 4, the error absolute.",
      lambda z: exact(z, lambda z: (mpmath.cos(mpmath.sqrt(z)) - 1 + z / 2) / z**2, lambda z: mpf(1) / 24 - z / 720),
      lambda z: z * z, 0, quarter2, 6)
eighth2 = (mpmath.tan(pi / 8) * mpf("1.0001")) ** 2
table("ATAN", "(atan(q) / q - 1) / q^2 in z = q^2 for |q| <= tan(pi / 8), the error relative to that of atan.",
      lambda z: exact(z, lambda z: (mpmath.atan(mpmath.sqrt(z)) / mpmath.sqrt(z) - 1) / z, lambda z: -mpf(1) / 3 + z / 5),
      lambda z: z, 0, eighth2, 12)
table("ASIN", "(asin(x) / x - 1) / x^2 in z = x^2 for |x| <= 1 / 2, the error relative to that of asin.",
      lambda z: exact(z, lambda z: (mpmath.asin(mpmath.sqrt(z)) / mpmath.sqrt(z) - 1) / z, lambda z: mpf(1) / 6 + 3 * z / 40),
      lambda z: z, 0, mpf(1) / 4, 13)
table("INVERSE_CBRT", "x^(-1/3) for x in [0.7, 5.7], the error relative.",
      lambda x: x ** (-mpf(1) / 3), lambda x: x ** (mpf(1) / 3), mpf("0.7"), mpf("5.7"), 6)
two_over_sqrt_pi = 2 / mpmath.sqrt(pi)
edge = mpf(7) / 8
table("ERF", "erf(x) / x - 1 in z = x^2 for |x| <= 7 / 8, the error relative to that of erf.",
      lambda z: exact(z, lambda z: mpmath.erf(mpmath.sqrt(z)) / mpmath.sqrt(z) - 1, lambda z: two_over_sqrt_pi * (1 - z / 3) - 1),
      lambda z: mpf(1), 0, edge**2, 12)
print(f"/// 1 - erf(7 / 8).\npub(super) const ERFC_EDGE: f64 = {float(mpmath.erfc(edge))!r};\n")
table("ERF_TAIL", "-log2(erfc(x) / erfc(7 / 8)) / t in t = x - 7 / 8 for 7 / 8 <= x <= 6, the error as that of erf.",
      lambda t: exact(t, lambda t: -mpmath.log(mpmath.erfc(edge + t) / mpmath.erfc(edge)) / t / ln2,
                      lambda t: two_over_sqrt_pi * mpmath.exp(-edge**2) / mpmath.erfc(edge) / ln2),
      lambda t: mpmath.erfc(edge + t) * (t + mpf("0.001")), 0, 6 - edge, 17)
table("EXP2", "(2^r - 1) / r for |r| <= 1 / 2, the error as that of 2^r.",
      lambda r: exact(r, lambda r: mpmath.expm1(r * ln2) / r, lambda r: ln2 + r * ln2**2 / 2),
      lambda r: abs(r), -mpf(1) / 2, mpf(1) / 2, 11)


def scaled_erfc(t):
    x = 4 * (1 + t) / (1 - t)
    return (1 + 2 * x) * mpmath.exp(x * x) * mpmath.erfc(x)


middle = scaled_erfc(mpf(0))
words("ERFC_MIDDLE", "(1 + 2 x) exp(x^2) erfc(x) for x = 4.", middle, 2)
table("ERFC", "(g(t) - g(0)) / t of g(t) = (1 + 2 x) exp(x^2) erfc(x) in t = (x - 4) / (x + 4) for 0 <= x <= 28, the error as that of g.",
      lambda t: exact(t, lambda t: (scaled_erfc(t) - middle) / t, lambda t: mpmath.diff(scaled_erfc, 0)), lambda t: t, -1, mpf(3) / 4, 23)
