"""More operations that `oracle_ranks.py` draws: NumPy's names beside those of the array API
standard. Each gives (description, NumPy's result, ours)."""

import numpy
from operations import INTEGERS, _pick, _shape, _tame

import daparray.array as da


def aliases(random, made):
    x, y = made(random, _shape(random), "float64")
    yield "arctan", numpy.arctan(x), da.arctan(y)
    yield "absolute", numpy.absolute(x), da.absolute(y)
    yield "arctan2", numpy.arctan2(x, 2.0), da.arctan2(y, 2.0)
    x, y = made(random, _shape(random), "int32")
    yield "invert", numpy.invert(x), da.invert(y)
    yield "left_shift", numpy.left_shift(abs(x), 2), da.left_shift(abs(y), 2)
    yield "power", numpy.power(x, 2), da.power(y, 2)


def close(random, made):
    shape = _shape(random)
    (a, x), (b, y) = made(random, shape, "float64"), made(random, shape, _pick(random, ("float64", "int16", "uint8")))
    b, y = numpy.where(a > 1, a * (1 + 1e-6), b), da.where(x > 1, x * (1 + 1e-6), y)
    equal_nan = bool(random.random() < 0.5)
    yield "isclose", numpy.isclose(a, b, equal_nan=equal_nan), da.isclose(x, y, equal_nan=equal_nan)
    yield "isclose to a number", numpy.isclose(a, 2), da.isclose(x, 2)
    assert da.allclose(x, y, equal_nan=True) == numpy.allclose(a, b, equal_nan=True)


def extremes(random, made):
    shape = _shape(random, least=1)
    x, y = made(random, shape, _pick(random, ("int16", "float64", "bool", "uint8")))
    axis = int(random.integers(-len(shape), len(shape)))
    yield "cumulative_max", numpy.maximum.accumulate(x, axis), da.cumulative_max(y, axis=axis)
    yield "cumulative_min", numpy.minimum.accumulate(x, axis), da.cumulative_min(y, axis=axis)
    yield "maximum.accumulate", numpy.maximum.accumulate(x, axis), numpy.maximum.accumulate(y, axis)


def cumulated(random, made):
    shape = _shape(random, least=1)
    x, y = _tame(*made(random, shape, _pick(random, ("int16", "float64"))))
    axis = None if random.random() < 0.3 else int(random.integers(-len(shape), len(shape)))
    yield "cumsum", numpy.cumsum(x, axis), da.cumsum(y, axis)
    yield "cumprod", numpy.cumprod(x, axis), y.cumprod(axis)
    yield "add.accumulate", numpy.add.accumulate(x), numpy.add.accumulate(y)
    yield "add.reduce", numpy.add.reduce(x, 0, dtype=x.dtype), numpy.add.reduce(y, 0, dtype=x.dtype)


def splitting(random, made):
    shape = _shape(random, least=1)
    x, y = made(random, shape, "int32")
    axis = int(random.integers(-len(shape), len(shape)))
    ends = sorted(int(end) for end in random.integers(-2, 9, random.integers(0, 3)))
    for one, ours in zip(numpy.split(x, ends, axis), da.split(y, ends, axis), strict=True):
        yield f"split {shape} {ends} {axis}", one, ours
    if shape[axis]:
        yield "equal parts", numpy.split(x, shape[axis], axis)[-1], da.split(y, shape[axis], axis)[-1]
    yield "hstack", numpy.hstack([x, x]), da.hstack([y, y])
    yield "vstack", numpy.vstack([x, x]), da.vstack([y, y])
    yield "ravel", numpy.ravel(x), da.ravel(y)
    if len(shape) > 1:
        k, axes = int(random.integers(-5, 6)), tuple(int(n) for n in random.permutation(len(shape))[:2])
        yield f"rot90 {k} {axes}", numpy.rot90(x, k, axes), da.rot90(y, k, axes)


def diagonals(random, made):
    shape = _shape(random, least=2)
    x, y = made(random, shape, "float32")
    offset = int(random.integers(-4, 5))
    axes = tuple(int(n) for n in random.permutation(len(shape))[:2])
    yield f"diagonal {shape} {offset} {axes}", numpy.diagonal(x, offset, *axes), da.diagonal(y, offset=offset, axis1=axes[0], axis2=axes[1])
    x, y = made(random, _shape(random, 1, 1), "int16")
    yield f"diag {x.shape} {offset}", numpy.diag(x, offset), da.diag(y, offset)
    yield "indices", numpy.indices(shape), da.indices(shape)
    yield "logspace", numpy.logspace(0, 2, 5), da.logspace(0, 2, 5)


def repeated(random, made):
    shape = _shape(random, least=1)
    x, y = made(random, shape, "float64")
    axis = int(random.integers(-len(shape), len(shape)))
    counts = random.integers(0, 4, shape[axis])
    theirs = da.asarray(counts, distribution=_pick(random, ["block", "cyclic"])) if random.random() < 0.5 else counts
    if shape[axis] != 1:
        yield f"repeat {shape} {counts} {axis}", numpy.repeat(x, counts, axis), da.repeat(y, theirs, axis=axis)
    if 0 in shape:
        return
    along = list(shape)
    along[axis] = int(random.integers(0, 5))
    places, there = made(random, tuple(along), "int64")
    places, there = places % shape[axis], there % shape[axis]
    yield f"take_along_axis {shape} {along} {axis}", numpy.take_along_axis(x, places, axis), da.take_along_axis(y, there, axis=axis)


def puts(random, made):
    shape = _shape(random, least=1)
    if 0 in shape:
        return
    x, y = made(random, shape, "int64")
    x, count = x.copy(), int(random.integers(0, 9))
    places = random.integers(-x.size, x.size, count)
    theirs = da.asarray(places) if random.random() < 0.5 else places
    numpy.put(x, places, 7)
    da.put(y, theirs, 7)
    yield "put", x, y
    flat = x.reshape(-1)
    numpy.add.at(flat, places, numpy.arange(count))
    da.put(y, theirs, da.arange(count), mode="add")
    yield "put, added", flat.reshape(shape), y
    numpy.add.at(x, [0] * 3, 2)
    numpy.add.at(y, [0] * 3, 2)
    yield "add.at", x, y
    yield "argwhere", numpy.argwhere(x > 0), da.argwhere(y > 0)
    yield "flatnonzero", numpy.flatnonzero(x), da.flatnonzero(y)


def counting(random, made):
    x, y = made(random, _shape(random, 1, 1), _pick(random, INTEGERS))
    yield "bincount", numpy.bincount(abs(x).astype("int64"), minlength=3), da.bincount(da.astype(abs(y), "int64"), minlength=3)
    x, y = _tame(*made(random, _shape(random), "float64"))
    edges = numpy.sort(random.normal(size=5))
    right = bool(random.random() < 0.5)
    yield "digitize", numpy.digitize(x, edges, right), da.digitize(y, edges, right)
    yield "histogram", numpy.histogram(x, edges)[0], da.histogram(y, edges)[0]
    expected, bins = numpy.histogram(x, 4)
    found, ours = da.histogram(y, 4)
    yield "equal bins", expected, found
    numpy.testing.assert_array_equal(bins, ours)
    weights, there = _tame(*made(random, x.shape, "float64"))
    yield "weights", numpy.histogram(x, edges, weights=weights)[0], da.histogram(y, edges, weights=there)[0]


def averages(random, made):
    shape = _shape(random, least=1)
    if 0 in shape:
        return
    x, y = _tame(*made(random, shape, _pick(random, ("float64", "int32"))))
    axis = int(random.integers(-len(shape), len(shape)))
    weights = random.random(shape[axis]) + 0.5
    yield "average", numpy.average(x, axis), da.average(y, axis=axis)
    yield "weighted", numpy.average(x, axis, weights), da.average(y, axis=axis, weights=weights)
    yield "weighted all", numpy.average(x, weights=x * 0 + 2), da.average(y, weights=y * 0 + 2)
    for given, total in zip(numpy.average(x, axis, weights, True), da.average(y, axis, weights, True), strict=True):
        yield "sum of weights", given, total
    rows = shape[:2] if len(shape) > 1 else shape
    if rows[-1] > 1:
        x, y = _tame(*made(random, rows, _pick(random, ("float64", "complex128"))))
        yield "cov", numpy.cov(x), da.cov(y)
        yield "cov of columns", numpy.cov(x.T, rowvar=False, bias=True), da.cov(y.T, rowvar=False, bias=True)
        x, y = made(random, rows, "float64")
        x, y = numpy.arange(x.size).reshape(rows) ** 2.0, da.reshape(da.arange(x.size) ** 2.0, rows)
        yield "corrcoef", numpy.corrcoef(x), da.corrcoef(y)


def positional(random, made):
    """NumPy's arguments by their places, of both namespaces."""
    shape = _shape(random, least=1)
    x, y = _tame(*made(random, shape, "float64"))
    axis = int(random.integers(-len(shape), len(shape)))
    for name in ("sum", "prod", "all", "any", "count_nonzero", "flip", "stack", "sort", "argsort", "nancumsum", "nancumprod"):
        given = ([x], [y]) if name == "stack" else (x, y)
        yield name, getattr(numpy, name)(given[0], axis), getattr(da, name)(given[1], axis)
        if name != "stack":
            yield f"numpy.{name}", getattr(numpy, name)(x, axis), getattr(numpy, name)(y, axis)
    for name in ("sum", "mean", "std", "ptp", "argmax") if 0 not in shape else ():
        yield f"method {name}", getattr(numpy, name)(x, axis), getattr(y, name)(axis)
    yield "flatten", x.flatten(), y.flatten()
    yield "method round", x.round(1), y.round(1)
    yield "roll", numpy.roll(x, 2, axis), da.roll(y, 2, axis)
    yield "repeat", numpy.repeat(x, 2, axis), da.repeat(y, 2, axis)
    yield "diff", numpy.diff(x, 1, axis), da.diff(y, 1, axis)
    yield "pad", numpy.pad(x, 1, "constant"), da.pad(y, 1, "constant")
    yield "round", numpy.round(x, 1), numpy.round(y, 1)
    yield "around", numpy.around(x * 100, -1), da.around(y * 100, -1)
    yield "zeros", numpy.zeros(shape, "int32"), da.zeros(shape, "int32")
    yield "full", numpy.full(shape, 3, "int32"), da.full(shape, 3, "int32")
    yield "array", numpy.array(x, "float32", ndmin=5), da.array(y, "float32", ndmin=5)
    if shape[axis] > 1:
        yield "var", numpy.var(x, axis, ddof=1), da.var(y, axis, ddof=1)
        yield "std", numpy.std(x, axis, ddof=1), numpy.std(y, axis, ddof=1)
        yield "gradient", numpy.gradient(x, 0.5, axis=axis), da.gradient(y, 0.5, axis=axis)
    yield "trapezoid", numpy.trapezoid(x, dx=0.5, axis=axis), da.trapezoid(y, dx=0.5, axis=axis)
    places = numpy.arange(shape[axis]) ** 2.0
    yield "trapezoid at places", numpy.trapezoid(x, places, axis=axis), da.trapezoid(y, da.asarray(places), axis=axis)
    yield "where", numpy.where(x > 1)[0], da.where(y > 1)[0]
    assert numpy.array_equal(x, x) is da.array_equal(y, y) is True
    assert da.array_equal(y, y + 1) is (y.size == 0) and numpy.size(y, axis) == da.size(y, axis) == shape[axis]


def without_nan(random, made):
    shape = _shape(random, least=1)
    x, y = made(random, shape, "float64")
    x, y = numpy.where(numpy.isinf(x), 2, x), da.where(da.isinf(y), 2, y)
    axis = None if random.random() < 0.3 else int(random.integers(-len(shape), len(shape)))
    for name in ("nanprod", "nanvar", "nanstd", "nancumsum"):
        yield name, getattr(numpy, name)(x, axis), getattr(da, name)(y, axis)
    if 0 not in shape:
        yield "ptp", numpy.ptp(x, axis), da.ptp(y, axis)
        for name in ("nanmax", "nanmin"):
            yield name, getattr(numpy, name)(x, axis), getattr(numpy, name)(y, axis)
        if not numpy.isnan(x).all(axis).any():
            yield "nanargmax", numpy.nanargmax(x, axis), da.nanargmax(y, axis)
            yield "nanargmin", numpy.nanargmin(x, axis), da.nanargmin(y, axis)
    yield "nan_to_num", numpy.nan_to_num(x), da.nan_to_num(y)
    yield "fmax", numpy.fmax(x, 1.5), da.fmax(y, 1.5)
    yield "fmin", numpy.fmin(x, 1.5), da.fmin(y, 1.5)
    yield "degrees", numpy.degrees(x), da.degrees(y)
    yield "select", numpy.select([x > 1, x < 0], [x, -x], 5.0), da.select([y > 1, y < 0], [y, -y], 5.0)
    x, y = made(random, shape, "complex128")
    yield "angle", numpy.angle(x), da.angle(y)
    yield "nanvar of complex numbers", numpy.nanvar(x, axis), da.nanvar(y, axis)


def joined(random, made):
    shape = _shape(random, least=1)
    x, y = made(random, shape, "int32")
    axis, parts = int(random.integers(-len(shape), len(shape))), int(random.integers(1, 5))
    for one, ours in zip(numpy.array_split(x, parts, axis), da.array_split(y, parts, axis), strict=True):
        yield f"array_split {shape} {parts} {axis}", one, ours
    for name in ("atleast_1d", "atleast_2d", "atleast_3d", "flipud", "diagflat"):
        if name != "diagflat" or x.size < 20:
            yield name, getattr(numpy, name)(x), getattr(da, name)(y)
    yield "column_stack", numpy.column_stack([x, x]), da.column_stack([y, y])
    yield "dstack", numpy.dstack([x, x]), da.dstack([y, y])
    yield "append", numpy.append(x, x, axis), da.append(y, y, axis)
    yield "append all", numpy.append(x, x), numpy.append(y, y)
    if len(shape) > 1:
        start = int(random.integers(0, len(shape)))
        yield "fliplr", numpy.fliplr(x), da.fliplr(y)
        yield "rollaxis", numpy.rollaxis(x, axis, start), da.rollaxis(y, axis, start)
        yield "trace", numpy.trace(x), da.trace(y)
        yield "hsplit", numpy.hsplit(x, [1])[0], da.hsplit(y, [1])[0]
        yield "vsplit", numpy.vsplit(x, [1])[1], da.vsplit(y, [1])[1]


def grids(random, made):
    count, step = int(random.integers(1, 6)), float(random.random() + 0.1)
    for expected, found in zip(numpy.ogrid[0:count, 1:3:step], da.ogrid[0:count, 1:3:step], strict=True):
        yield "ogrid", expected, found
    yield "mgrid", numpy.mgrid[0:count, 1 : 3 : count * 1j], da.mgrid[0:count, 1 : 3 : count * 1j]
    yield "mgrid of integers", numpy.mgrid[2 : 9 : count, -1:count], da.mgrid[2 : 9 : count, -1:count]
    yield "one line", numpy.mgrid[0:count:step], da.mgrid[0:count:step]
    yield "tri", numpy.tri(count, 4, 1), da.tri(count, 4, 1)
    yield "identity", numpy.identity(count), da.identity(count)
    yield "geomspace", numpy.geomspace(-1, -8, count), da.geomspace(-1, -8, count)


def outer_products(random, made):
    (a, x), (b, y) = _tame(*made(random, _shape(random, 2), "float64")), _tame(*made(random, _shape(random, 2), "float64"))
    yield "subtract.outer", numpy.subtract.outer(a, b), da.subtract.outer(x, y)
    yield "numpy.maximum.outer", numpy.maximum.outer(a, b), numpy.maximum.outer(x, y)
    if a.ndim:
        yield "add.reduce", numpy.add.reduce(a), da.add.reduce(x)
        yield "maximum.accumulate", numpy.maximum.accumulate(a), da.maximum.accumulate(x)
        yield "vdot", numpy.vdot(a, a), da.vdot(x, x)
        yield "inner", numpy.inner(a, a), da.inner(x, x)


ALL = (
    aliases, close, extremes, cumulated, splitting, diagonals, repeated, puts, counting, averages, positional, without_nan, joined, grids,
    outer_products,
)  # fmt: skip
