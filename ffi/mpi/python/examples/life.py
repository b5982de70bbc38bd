"""The game of life on a torus: the neighbours of a cell lie on other ranks.

    mpirun -n 4 python life.py [GENERATIONS]

A glider moves by one row and one column in four generations. Rolled arrays bring the neighbours, so
the rule is one expression; only the edges of the blocks move between ranks.
"""

import sys

import daparray.array as da

GLIDER = [(0, 1), (1, 2), (2, 0), (2, 1), (2, 2)]
SHAPE = (12, 16)


def world(cells, shape=SHAPE):
    """A world with some cells alive."""

    def is_alive(row, column):
        return sum((row == at) & (column == there) for at, there in cells) > 0

    return da.fromfunction(is_alive, shape, dtype=da.bool)


def next_generation(alive):
    """A cell lives with three neighbours, and with two if it lived."""
    count = da.zeros_like(alive, dtype=da.int8)
    for rows in (-1, 0, 1):
        for columns in (-1, 0, 1):
            if rows or columns:
                count += da.roll(alive, (rows, columns), axis=(0, 1))
    return (count == 3) | ((count == 2) & alive)


def main(generations=40):
    alive = world(GLIDER)
    for _ in range(generations):
        alive = next_generation(alive)
    moved = generations // 4
    expected = world([((row + moved) % SHAPE[0], (column + moved) % SHAPE[1]) for row, column in GLIDER])
    as_expected = bool(da.all(alive == expected))
    alive.astype(da.int8).show()
    if alive.context.rank == 0:
        print(f"{int(da.sum(alive))} cells after {generations} generations, where a glider should be: {as_expected}")
    else:
        da.sum(alive)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
