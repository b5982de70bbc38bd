"""Pi by random points: the same digits on any number of ranks.

    mpirun -n 4 python monte_carlo_pi.py [POINTS]

A point's numbers follow from its index, not from the rank that draws it. The expression is reduced
in one pass: no array of points is ever made but the two of coordinates.
"""

import sys

import daparray.array as da


def main(points=1_000_000):
    rng = da.random.default_rng(2026)
    x, y = rng.random(points), rng.random(points)
    inside = int(da.sum(x * x + y * y < 1.0))
    estimate = 4 * inside / points
    assert abs(estimate - da.pi) < 10 / points**0.5, estimate
    if x.context.rank == 0:
        print(f"{inside} of {points} points inside: {estimate}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
