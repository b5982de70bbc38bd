"""The cases that Numba has, as a user writes them with `prange`: `numba_peer.py CASE n threads`."""

import math
import sys

import numba
import numpy

from timed import serve

case, n, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
numba.set_num_threads(threads)
compiled = numba.njit(parallel=True, cache=True)
side = math.isqrt(n)


@compiled
def triad(a, b, c, s):
    for i in numba.prange(len(a)):
        a[i] += b[i] + s * c[i]


@compiled
def triad_out(r, a, b, c, s):
    for i in numba.prange(len(a)):
        r[i] = a[i] + (b[i] + s * c[i])


@compiled
def star(a, b, c, w1, w2):
    rows, columns = a.shape
    for i in numba.prange(2, rows - 2):
        for j in range(2, columns - 2):
            b[i, j] += (
                c * a[i, j]
                + w1 * (a[i, j + 1] + a[i, j - 1] + a[i + 1, j] + a[i - 1, j])
                + w2 * (a[i, j + 2] + a[i, j - 2] + a[i + 2, j] + a[i - 2, j])
            )


@compiled
def black_scholes(spot, strike, years, call, put, rate, volatility):
    for i in numba.prange(len(spot)):
        root = volatility * math.sqrt(years[i])
        discounted = strike[i] * math.exp(-rate * years[i])
        first = (math.log(spot[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]) / root
        second = first - root
        normal = 0.5 + 0.5 * math.erf(first * math.sqrt(0.5))
        other = 0.5 + 0.5 * math.erf(second * math.sqrt(0.5))
        call[i] = spot[i] * normal - discounted * other
        put[i] = call[i] - spot[i] + discounted


@compiled
def julia(axis, counts):
    size = len(axis)
    for i in numba.prange(size):
        for j in range(size):
            re, im, count = axis[i], axis[j], 0
            while count < 100 and re * re + im * im <= numba.float32(4):
                re, im = (
                    re * re - im * im - numba.float32(0.045),
                    numba.float32(2) * re * im + numba.float32(0.45),
                )
                count += 1
            counts[i, j] = count


@compiled
def total(x):
    s = 0.0
    for i in numba.prange(len(x)):
        s += x[i]
    return s


@compiled
def variance(x):
    s = 0.0
    for i in numba.prange(len(x)):
        s += x[i]
    mean = s / len(x)
    squares = 0.0
    for i in numba.prange(len(x)):
        squares += (x[i] - mean) ** 2
    return squares / len(x)


@compiled
def least(x):
    s = math.inf
    for i in numba.prange(len(x)):
        s = min(s, x[i])
    return s


def random(count, low=0.0, high=1.0, seed=1):
    return numpy.random.default_rng(seed).uniform(low, high, count)


def work():
    """The function of the case, with its arguments."""
    if case == "triad in place":
        return triad, (random(n), random(n), random(n), 1e-9)
    if case == "triad out of place":
        return triad_out, (numpy.zeros(n), random(n), random(n), random(n), 1e-9)
    if case == "star stencil":
        return star, (random(n).reshape(side, side), numpy.zeros((side, side)), 0.5, 0.25, 0.125)
    if case == "Black-Scholes":
        arrays = random(n, 5, 30), random(n, 1, 100), random(n, 0.25, 10), numpy.zeros(n), numpy.zeros(n)
        return black_scholes, (*arrays, 0.02, 0.3)
    if case == "Julia set":
        axis = numpy.arange(side, dtype=numpy.float32) * numpy.float32(3 / side) - numpy.float32(1.5)
        return julia, (axis, numpy.zeros((side, side), numpy.uint32))
    return {"sum": total, "variance": variance, "min": least}[case], (random(n),)


function, arguments = work()
serve(lambda: function(*arguments))
