"""Heat in a plate: shifted slices are a stencil, whose halos the array exchanges.

    mpirun -n 4 python heat.py [SIZE]

The upper edge of a square plate is kept at 100 degrees, the others at 0. Each step replaces a point
by the mean of its four neighbours, until no point changes by more than a thousandth. The harmonic
function of these edges is known as a series, by which the middle of the plate has 25 degrees.
"""

import sys

import daparray.array as da


def steady_state(size, tolerance=1e-3):
    """The plate, and the number of steps."""
    plate = da.zeros((size, size), distribution=("block", "block"))
    plate[0, :] = 100.0
    steps, change = 0, tolerance + 1
    while change > tolerance:
        mean = 0.25 * (plate[:-2, 1:-1] + plate[2:, 1:-1] + plate[1:-1, :-2] + plate[1:-1, 2:])
        if steps % 50 == 0:
            change = float(da.max(da.abs(mean - plate[1:-1, 1:-1])))
        plate[1:-1, 1:-1] = mean
        steps += 1
    return plate, steps


def main(size=33):
    plate, steps = steady_state(size)
    middle = float(plate[size // 2, size // 2])
    assert abs(middle - 25.0) < 0.5, middle
    if plate.context.rank == 0:
        print(f"{steps} steps, {middle:.3f} degrees in the middle")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
