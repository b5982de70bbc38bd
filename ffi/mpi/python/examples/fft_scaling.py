"""Fourier transforms in one, two and three dimensions, and their time on 1, 2, 4 ... ranks.

    mpirun -n 4 python fft_scaling.py [POINTS [TURNS]]

As in the slides of IPython's distributed arrays. Each context of the first 1, 2, 4 ... ranks makes
the same field, because random numbers follow from their index. The transform and its inverse are
timed, and three facts are checked: the inverse returns the field, the energy of the spectrum is
that of the field, and a wave has a single peak.
"""

import sys
import time

import numpy

import daparray.array as da
import subsets


def shapes(points):
    """Shapes of about the same number of points in one, two and three dimensions."""
    return [tuple(round(points ** (1 / ndim)) for _ in range(ndim)) for ndim in (1, 2, 3)]


def checked(shape, context):
    """The energy of a field and of its spectrum, and whether the three facts hold."""
    field = da.random.default_rng(5).random(shape, context=context)
    spectrum = da.fft.fftn(field, norm="ortho")
    energy, in_spectrum = float(da.sum(field * field)), float(da.sum(da.abs(spectrum) ** 2))
    returned = float(da.max(da.abs(da.fft.ifftn(spectrum, norm="ortho") - field))) < 1e-12
    wave = da.fromfunction(lambda first, *others: numpy.exp(2j * da.pi * 3 * first / shape[0]) + 0 * sum(others), shape,
                           dtype=complex, context=context)
    peak = int(da.argmax(da.abs(da.fft.fftn(wave)))) == 3 * (wave.size // shape[0])
    return energy, abs(in_spectrum - energy) < 1e-12 * energy and returned and peak


def seconds(shape, context, turns):
    """The least time of a transform with its inverse."""
    field = da.random.default_rng(5).random(shape, context=context) + 0j
    least = float("inf")
    for _ in range(turns):
        context.barrier()
        start = time.perf_counter()
        float(da.real(da.fft.ifftn(da.fft.fftn(field))[(0,) * len(shape)]))
        least = min(least, time.perf_counter() - start)
    return least


def main(points=262144, turns=3):
    each = subsets.contexts([1, 2, 4, 8, 16])
    for shape in shapes(int(points)):
        energy, holds = checked(shape, da.default_context())
        times = {size: seconds(shape, context, int(turns)) for size, context in each.items()}
        if da.default_context().rank == 0:
            speed = ", ".join(f"{1000 * one:.1f} ms on {size} (x {times[1] / one:.2f})" for size, one in times.items())
            print(f"{shape}: energy {energy:.9f}, all facts hold: {holds}; {speed}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
