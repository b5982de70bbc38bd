"""A star-shaped stencil as shifted slices: the benchmark that Ramba shows.

    mpirun -n 4 python star_stencil.py [SIZE [STEPS]]

A point takes weighted neighbours up to two rows and two columns away. Nothing says which rank holds
a neighbour: the slices are views of one array, and the expression exchanges its halo once. The
weights are differences, which give exactly 2 for the field row + column. So after n steps each
inner point has 2 n.
"""

import sys
import time

import daparray.array as da

RADIUS = 2


def star(field):
    """The stencil's value at all points that have all neighbours."""
    rows, columns = field.shape
    inner = slice(RADIUS, columns - RADIUS)
    result = 0.0
    for distance in range(1, RADIUS + 1):
        weight = 1 / (2 * distance * RADIUS)
        for sign in (1, -1):
            start = RADIUS + sign * distance
            result = result + sign * weight * field[start : rows - 2 * RADIUS + start, inner]
            result = result + sign * weight * field[RADIUS : rows - RADIUS, start : columns - 2 * RADIUS + start]
    return result


def main(size=1000, steps=10):
    size, steps = int(size), int(steps)
    field = da.fromfunction(lambda row, column: row + column, (size, size), distribution=("block", "block"))
    total = da.zeros_like(field)
    start = time.perf_counter()
    for _ in range(steps):
        total[RADIUS:-RADIUS, RADIUS:-RADIUS] += star(field)
        field += 1.0
    exact = float(da.max(da.abs(total[RADIUS:-RADIUS, RADIUS:-RADIUS] - 2.0 * steps)))
    took = time.perf_counter() - start
    norm = float(da.sum(da.abs(total))) / (size - 2 * RADIUS) ** 2
    if total.context.rank == 0:
        # Seven additions of products, and one of the result.
        print(f"norm {norm:.9f} after {steps} steps, the greatest error is below 1e-9: {exact < 1e-9}; {steps * size**2 / took / 1e6:.0f} million points a second")


if __name__ == "__main__":
    main(*sys.argv[1:])
