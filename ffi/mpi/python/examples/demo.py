"""The program of `make demo`: a Julia set on the ranks that there are, in two distributions.

    mpirun -n 2 python demo.py [RESOLUTION [FOLDER]]

It prints the distributions, the iterations of each rank and their sum, and a picture in the
terminal; FOLDER gets the picture, and one of who owns what.
"""

import pathlib
import sys

import daparray.array as da
import drawing
import julia_set

# DistArray's count, by resolution.
KNOWN = {1024: 32_763_832}


def main(resolution=1024, folder=None):
    resolution = int(resolution)
    say = print if da.default_context().rank == 0 else lambda *_, **__: None
    counts = julia_set.iterations(julia_set.plane(resolution, ("block", "none")))
    # Most points leave the circle within a few steps, so shades follow the logarithm.
    shades = da.log2(1 + counts)
    drawing.show(shades)
    for array in (counts, counts.redistribute(("cyclic", "block"))):
        total, work = int(da.sum(array)), julia_set.work_of_ranks(array)
        say(f"{array.layout}: {' + '.join(map(str, work))} = {total} iterations")
        assert total == KNOWN.get(resolution, total), total
    say("The sum is the same for any distribution on any number of ranks, and the one that DistArray counted.")
    if folder:
        drawing.save(shades, pathlib.Path(folder, "julia.png"))
        if counts.context.rank == 0:
            pathlib.Path(folder, "owners.svg").write_text(counts.layout.svg(width=420, buffers=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
