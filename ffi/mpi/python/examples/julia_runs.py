"""The runs of DistArray's Julia set benchmark: NumPy, then four distributions on 1, 2, 3, 4 ranks.

    mpirun -n 4 python julia_runs.py [RESOLUTION [PICTURE]]

Each run counts the same iterations. The ranks share them as the distribution says: in blocks of
rows, the ranks in the middle of the plane have most of the work. PICTURE is an SVG file with a bar
for each rank of each run.
"""

import sys
import time

import numpy

import daparray.array as da
import julia_set
import subsets

DISTRIBUTIONS = {"b-n": ("block", "none"), "c-n": ("cyclic", "none"), "b-b": ("block", "block"), "c-c": ("cyclic", "cyclic")}


def by_numpy(resolution):
    """The iterations of all points, by NumPy alone."""
    line = -1.5 + 3.0 / resolution * numpy.arange(resolution)
    z = line[:, None] + 1j * line
    counts = numpy.zeros(z.shape, int)
    for _ in range(julia_set.MOST):
        inside = abs(z) <= julia_set.RADIUS
        counts += inside
        z[inside] = z[inside] ** 2 + julia_set.C
    return int(counts.sum())


def run(resolution, distribution, context):
    """The iterations of each rank of a context, and the seconds."""
    z = julia_set.plane(resolution, distribution, context)
    context.barrier()
    start = time.perf_counter()
    counts = julia_set.iterations(z)
    context.barrier()
    return julia_set.work_of_ranks(counts), time.perf_counter() - start


def main(resolution=1024, picture=None):
    resolution, is_first = int(resolution), da.default_context().rank == 0
    if is_first:
        start = time.perf_counter()
        total = by_numpy(resolution)
        print(f"numpy: {total} iterations; {time.perf_counter() - start:.2f} s", flush=True)
    groups = []
    for size, context in subsets.contexts([1, 2, 3, 4]).items():
        for name, distribution in DISTRIBUTIONS.items():
            work, seconds = run(resolution, distribution, context)
            if is_first:
                assert work.sum() == total, (work, total)
                groups.append((f"{name} {size}", work))
                print(f"{name} on {size}: {' '.join(map(str, work))}; {work.max() / work.mean():.2f} of the mean, {seconds:.2f} s", flush=True)
    if is_first and picture:
        import drawing

        drawing.save_bars(groups, picture, ("distribution and number of ranks", "iterations of each rank"))


if __name__ == "__main__":
    main(*sys.argv[1:])
