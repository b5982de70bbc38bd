"""The cases that numexpr has: `numexpr_peer.py CASE n threads`."""

import sys

import numexpr
import numpy

from timed import serve

case, n, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
numexpr.set_num_threads(threads)
random = [numpy.random.default_rng(seed).random(n) for seed in range(3)]
a, b, c = random
s = numpy.float64(1e-9)
out = a if case == "triad in place" else numpy.empty_like(a)
texts = {
    "triad in place": "a + (b + s * c)",
    "triad out of place": "a + (b + s * c)",
    "math exp": "exp(a)",
    "math log": "log(a)",
    "math sin": "sin(a)",
    "math power": "a ** b",
}
scales = {"math exp": (-20, 20), "math log": (0.01, 100), "math sin": (-100, 100), "math power": (0, 100)}
if case in scales:
    low, high = scales[case]
    a[:] = low + (high - low) * a
    b[:] = 20 * b - 10
text = texts[case]
serve(lambda: numexpr.evaluate(text, out=out))
