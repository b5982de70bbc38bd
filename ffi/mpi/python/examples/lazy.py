"""Chunks, expressions that wait, and reductions: the first page of Dask's tutorial.

    mpirun -n 4 python lazy.py [SIZE [PICTURE]]

A chunk is a rank's part: ten rows after ten rows, from rank to rank. An element-wise expression is
pending until its elements are needed, and shows its program, the type and the place of its result.
A reduction is computed at once, in one pass over the expression, and is the same number on each
rank. PICTURE is an SVG file for the graph.
"""

import pathlib
import sys

import daparray.array as da


def main(size=1000, picture=None):
    size = int(size)

    # Dask's `mean` of 100 x 100 numbers in chunks of 10 rows.
    small = da.ones((100, 100), distribution=(("cyclic", 10), "none"))
    assert float(small.mean()) == 1.0

    # Nothing is computed here.
    x = da.random.default_rng(0).random((size, size))
    scaled = (x - 0.5) * 12**0.5
    if x.context.rank == 0:
        print("\n".join(line for line in scaled.explain().splitlines() if " = " in line))
        if picture:
            pathlib.Path(picture).write_text(scaled.graph()._repr_svg_())

    # Dask's random numbers differ from run to run; these are the same each time, on any ranks.
    mean, deviation, columns = float(x.mean()), float(scaled.std()), scaled.mean(axis=0)
    greatest = float(da.max(da.abs(columns)))
    if x.context.rank == 0:
        print(f"mean {mean!r}, deviation {deviation:.6f}, greatest mean of a column {greatest:.6f}")

    # Other chunks: the same numbers, in columns.
    y = x.redistribute(("none", "block"))
    same = float(y.mean()) == mean and bool(da.all(x == y))
    if x.context.rank == 0:
        print(f"in columns the mean has the same bits: {same}")


if __name__ == "__main__":
    main(*sys.argv[1:])
