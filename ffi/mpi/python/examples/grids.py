"""Process grids that are chosen for an array, and pictures of who owns what.

    mpirun -n 16 python grids.py [FOLDER]

Without a grid of its own, an array gets the one whose parts have the least surface: 64 x 64
elements on 16 ranks are 16 squares, and a long array is cut along its long axis only. FOLDER gets a
picture of each distribution, which needs its layout and no element.
"""

import pathlib
import sys

import daparray.array as da

# Names of the pictures, shapes and distributions; the first is that of the slides of 2009.
ARRAYS = {
    "square": ((64, 64), ("block", "block")),
    "long": ((400, 10), ("block", "block")),
    "box": ((32, 32, 32), ("block", "block", "block")),
    "cyclic": ((64, 64), ("block", "cyclic")),
    "block-cyclic": ((64, 64), (("cyclic", 4), ("cyclic", 8))),
}


def main(folder=None):
    for name, (shape, distribution) in ARRAYS.items():
        array = da.zeros(shape, distribution=distribution)
        # An array of any distribution is computed with alike.
        array += 1.0
        total = float(array.sum())
        if array.context.rank == 0:
            parts = sorted(set(array.local_shapes()))
            print(f"{name}: {array.layout}, parts of {' or '.join(map(str, parts))}, sum {total:.0f}")
            if folder:
                picture = array.layout.svg(width=420, buffers=0)
                pathlib.Path(folder, f"{name}.svg").write_text(picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
