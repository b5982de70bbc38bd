"""Results of the examples by NumPy on one process, or by a formula: the lines that they print."""

import math
from fractions import Fraction

import numpy


def generator(seed):
    """The same random numbers as those of the examples."""
    return numpy.random.Generator(numpy.random.Philox(seed))


def assembly():
    uniform = math.fsum(generator(1).random((100, 100)).ravel())
    table = sum(10 * i + j for i in range(6) for j in range(4))
    column = numpy.arange(7.0) + 10 * numpy.arange(7)
    column[2:5] *= 2
    squares = sum(number * number for number in range(10))
    return [
        f"uniform: {uniform!r}", "fill: 11000.0", f"comprehension: {table}", "[[0. 0. 0. 1. 1. 1.]",
        " [2. 2. 2. 3. 3. 3.]]", str(column), f"squares of ten numbers: {squares}",
    ]


def fft_scaling(points):
    energy = math.fsum(generator(5).random(points) ** 2)
    return [f"{(round(points ** (1 / ndim)),) * ndim}: energy {energy:.9f}, all facts hold: True" for ndim in (1, 2, 3)]


def grids():
    return [
        "square: (64, 64) over 4x4: block(16), block(16), parts of (16, 16), sum 4096",
        "long: (400, 10) over 16x1: block(25), block(10), parts of (25, 10), sum 4000",
    ]


def julia_runs(resolution):
    """Point by point, in complex numbers of Python."""
    line = [-1.5 + 3.0 / resolution * at for at in range(resolution)]

    def steps(z):
        for count in range(100):
            if abs(z) > 2.0:
                return count
            z = z * z + (-0.045 + 0.45j)
        return 100

    counts = numpy.array([[steps(complex(x, y)) for y in line] for x in line])
    half = resolution // 2
    squares = [counts[rows, columns].sum() for rows in (slice(half), slice(half, None)) for columns in (slice(half), slice(half, None))]
    works = {
        "b-n on 3": [part.sum() for part in numpy.split(counts, [-(-resolution // 3), 2 * -(-resolution // 3)])],
        "b-n on 4": [part.sum() for part in numpy.split(counts, 4)],
        "c-n on 4": [counts[rank::4].sum() for rank in range(4)],
        "b-b on 4": squares,
        "c-c on 4": [counts[row::2, column::2].sum() for row in (0, 1) for column in (0, 1)],
    }
    return [f"numpy: {counts.sum()} iterations"] + [f"{name}: {' '.join(map(str, work))}" for name, work in works.items()]


def lazy(size):
    x = generator(0).random((size, size))
    mean = float(sum(map(Fraction, x.ravel())) / size**2)
    scaled = (x - 0.5) * 12**0.5
    greatest = abs(scaled.mean(axis=0)).max()
    return [
        f"mean {mean!r}, deviation {scaled.std():.6f}, greatest mean of a column {greatest:.6f}",
        "in columns the mean has the same bits: True",
    ]


def pca(count):
    rng = generator(11)
    directions = numpy.array([[0.6, 0.8, 0, 0, 0], [0, 0, 2 / 3, -2 / 3, 1 / 3]])
    points = (rng.random((count, 2)) - 0.5) * [3.0, 1.0] @ directions + 0.05 * (rng.random((count, 5)) - 0.5)
    # Another way than the example's: eigenvectors of the covariance matrix.
    values, vectors = numpy.linalg.eigh(numpy.cov(points, rowvar=False))
    lines = []
    for value, vector in zip(values[::-1], vectors.T[::-1]):
        vector = vector * numpy.sign(vector[abs(vector).argmax()])
        lines.append(f"{100 * value / values.sum():8.4f} % along " + " ".join(f"{one + 0.0:7.4f}" for one in vector.round(4)))
    return lines


def prediction(rows):
    rng = generator(4)
    features = numpy.column_stack([numpy.ones(rows), rng.random((rows, 2))])
    values = features @ [2.0, -1.0, 0.5] + 0.1 * (rng.random(rows) - 0.5)
    step = max(1, rows // 500)
    trained = numpy.linalg.lstsq(features[::step], values[::step], rcond=None)[0]
    explained = 1 - numpy.var(values - features @ trained) / numpy.var(values)
    return ["trained " + " ".join(f"{one:.6f}" for one in trained), f"explains {100 * explained:.4f} % of the variance of {rows} rows"]


def region_sum():
    b = numpy.zeros((100, 100))
    b[20:60] += 4
    b[50:, 30:90:2] *= 10
    regions = {"the array": b, "rows 20 to 60": b[20:60], "left half": b[:, :50], "right half": b[:, 50:], "corner": b[:20, :20]}
    return [f"{name}: {region.sum():.1f}" for name, region in regions.items()]


def star_stencil(steps):
    return [f"norm {2.0 * steps:.9f} after {steps} steps, the greatest error is below 1e-9: True"]


def triad(elements, turns):
    return [f"sum {turns * (sum(range(elements)) + 1.5 * elements):.1f}, as known: True"]


def turbulence(points):
    energies = [k ** (-5 / 3) for k in range(1, points // 2)]
    return [f"k = {k:2}: energy {energy:.9f}" for k, energy in enumerate(energies, 1)] + [f"in all {sum(energies):.9f}"]
