"""The triad by numexpr: `n threads place`, place `in` or `out`."""

import sys
import time

import numexpr
import numpy

n, threads, place = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
numexpr.set_num_threads(threads)
a, b, c = (numpy.random.default_rng(seed).random(n) for seed in range(3))
s = numpy.float64(1e-9)
out = a if place == "in" else numpy.empty_like(a)
print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    numexpr.evaluate("a + (b + s * c)", out=out)
    print(time.perf_counter() - start, flush=True)
