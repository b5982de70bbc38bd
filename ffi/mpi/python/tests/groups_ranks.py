"""Groups along an axis beside NumPy, on each number of ranks."""

import operator
import warnings

import numpy
from checks import raises, run_parts

import daparray.array as da

context = da.default_context()
rank, size = context.rank, context.size
random = numpy.random.default_rng(5)
KINDS = ("block", "cyclic", ("cyclic", 2), "irregular", "none")
TYPES = ("bool", "int8", "uint16", "int64", "uint64", "float32", "float64", "complex64", "complex128")
# NumPy's functions of the same names, and types for which they are left out.
REDUCTIONS = {
    "sum": "", "nansum": "c", "mean": "", "nanmean": "c", "prod": "", "min": "c", "max": "c", "all": "", "any": "", "count_nonzero": "",
    "var": "", "std": "",
}  # fmt: skip


def values(shape, dtype):
    """Quarters of small integers, whose sums are exact in any order, with NaN among floats."""
    kind = numpy.dtype(dtype).kind
    if kind == "b":
        return random.integers(0, 2, shape).astype(bool)
    found = random.integers(0 if kind == "u" else -4, 5, shape) / (4 if kind in "fc" else 1)
    if kind == "c":
        found = found + 1j * random.integers(-4, 5, shape) / 4
    if kind == "f":
        found = numpy.where(random.random(shape) < 0.1, numpy.nan, found)
    return found.astype(dtype)


def distribution(ndim):
    """A kind for each dimension, or for one of them if it is irregular."""
    kinds = [KINDS[random.integers(len(KINDS))] for _ in range(ndim)]
    if "irregular" in kinds:
        kinds = ["none"] * ndim
        kinds[random.integers(ndim)] = "irregular"
    return kinds


def equal(found, expected, what=""):
    assert isinstance(found, da.Array) and found.shape == expected.shape, f"{what}: {found!r}, expected {expected.shape}"
    assert found.dtype == expected.dtype, f"{what}: {found.dtype}, expected {expected.dtype}"
    numpy.testing.assert_array_equal(found.gather(), expected, what)


def near(found, expected, what):
    """Equal within some roundings: NumPy's means and variances are not rounded once."""
    assert found.shape == expected.shape and found.dtype == expected.dtype, f"{what}: {found!r}, expected {expected.dtype}"
    is_single = expected.dtype in ("float32", "complex64")
    tolerance = 1e-5 if is_single else 1e-13
    numpy.testing.assert_allclose(found.gather(), expected, tolerance, tolerance, err_msg=what)


def by_group(name, whole, axis, places):
    """NumPy's reduction of the elements at the places of each group."""
    parts = [getattr(numpy, name)(numpy.take(whole, at, axis), axis=axis) for at in places]
    return numpy.stack(parts, axis) if parts else None


def reductions():
    """All reductions of all types, over random shapes, axes and distributions."""
    for case in range(3 * len(TYPES)):
        dtype = TYPES[case % len(TYPES)]
        shape = tuple(int(extent) for extent in random.choice([1, 2, 3, 5, 11], random.integers(1, 4)))
        axis = int(random.integers(-len(shape), len(shape)))
        whole = values(shape, dtype)
        labels = random.integers(-2, 3, shape[axis])
        x = da.asarray(whole, distribution=distribution(len(shape)))
        given = (labels, labels.tolist(), da.asarray(labels, distribution=distribution(1)))[case % 3]
        grouped = x.groupby(given, axis)
        names = numpy.unique(labels)
        assert grouped.labels.tolist() == names.tolist() and len(grouped) == len(names) and grouped.axis == axis % len(shape)
        places = [numpy.flatnonzero(labels == name) for name in names]
        assert grouped.sizes.tolist() == [len(at) for at in places]
        what = f"case {case}: {dtype} {shape} along {axis}"
        for name, without in REDUCTIONS.items():
            if whole.dtype.kind in without or not without and name in ("var", "std") and whole.dtype.kind == "b":
                continue
            with warnings.catch_warnings(), numpy.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                expected = by_group(name, whole, axis, places)
            is_exact = name not in ("mean", "nanmean", "var", "std", "prod")
            (equal if is_exact else near)(getattr(grouped, name)(), expected, f"{name}, {what}")
        if whole.dtype.kind in "if":
            with warnings.catch_warnings(), numpy.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                expected = [numpy.take(whole, at, axis).var(axis=axis, ddof=1) for at in places]
            near(grouped.var(correction=1), numpy.stack(expected, axis), f"corrected variance, {what}")
        equal(grouped.first(), numpy.stack([numpy.take(whole, at[0], axis) for at in places], axis), f"first, {what}")
        equal(grouped.last(), numpy.stack([numpy.take(whole, at[-1], axis) for at in places], axis), f"last, {what}")
        counts = numpy.stack([numpy.full(numpy.delete(shape, axis), len(at)) for at in places], axis)
        equal(grouped.count(), counts, f"count, {what}")


def arithmetic():
    """Operations of elements with the results of their groups, in both orders."""
    whole = random.integers(1, 9, (12, 5)) / 4
    month = numpy.arange(12) * 7 % 5
    for kind in KINDS:
        for axis, array in ((0, whole), (1, whole.T.copy())):
            x = da.asarray(array, distribution=[kind, "none"])
            grouped = da.groupby(x, month, axis)
            means = grouped.mean()
            there = numpy.take(means.gather(), month, axis)
            equal(grouped.expand(means), there)
            for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lt", "le", "gt", "ge", "eq", "ne"):
                operation = getattr(operator, name)
                check = near if name == "pow" else equal
                check(operation(grouped, means), operation(array, there), name)
                check(operation(means, grouped), operation(there, array), f"{name}, reflected")
    x = da.arange(12)
    grouped = x.groupby(month)
    for name in ("and_", "or_", "xor"):
        operation = getattr(operator, name)
        equal(operation(grouped, grouped.max()), operation(numpy.arange(12), numpy.array([10, 8, 11, 9, 7])[month]), name)
    y = da.asarray(whole)
    grouped = y.groupby(month)
    anomaly = grouped - grouped.mean()
    assert float(da.max(da.abs((anomaly.groupby(month).mean())))) < 1e-15
    # Elements are read when a function is called, labels once.
    labels = da.asarray(month)
    grouped = y.groupby(labels)
    labels[...] = 0
    y *= 2
    equal(grouped.sum(), by_group("sum", 2 * whole, 0, [numpy.flatnonzero(month == name) for name in range(5)]))
    for wrong in (2, numpy.float64(2), numpy.ones((5, 5)), "text"):
        for mistaken in (lambda: grouped - wrong, lambda: wrong - grouped):
            with raises(TypeError, "operand"):
                mistaken()
    with raises(ValueError, "shape"):
        grouped - y


def kinds_of_labels():
    """Booleans, floats with NaN, texts, dates, and numbers of known groups."""
    x = da.arange(8, distribution="cyclic")
    grouped = x.groupby([True, False] * 4)
    assert grouped.labels.dtype == bool and grouped.labels.tolist() == [False, True]
    equal(grouped.sum(), numpy.array([16, 12]))
    grouped = x.groupby(numpy.array([0.5, numpy.nan, -0.0, 0.0, -numpy.inf, 0.5, numpy.nan, 2], "float32"))
    assert grouped.labels.dtype == "float32" and grouped.labels.tolist() == [-numpy.inf, 0, 0.5, 2]
    equal(grouped.sum(), numpy.array([4, 5, 5, 7]))
    # Elements of no group.
    equal(grouped.expand(grouped.sum()), numpy.array([5, 0, 5, 5, 4, 5, 0, 7]))
    equal(grouped - grouped.mean(), numpy.array([-2.5, numpy.nan, -0.5, 0.5, 0, 2.5, numpy.nan, 0]))
    grouped = x.groupby(["winter", "summer", "autumn", "winter"] * 2)
    assert grouped.labels.tolist() == ["autumn", "summer", "winter"] and grouped.sizes.tolist() == [2, 2, 4]
    equal(grouped.sum(), numpy.array([8, 6, 14]))
    dates = numpy.array(["2026-01", "2026-02", "NaT", "2026-02"] * 2, "datetime64[M]")
    grouped = x.groupby(dates)
    assert grouped.labels.tolist() == numpy.unique(dates)[:2].tolist() and grouped.labels.dtype == dates.dtype
    equal(grouped.max(), numpy.array([4, 7]))
    numbers = numpy.array([0, -1, 3, 3, 0, -7, 0, 3], "int8")
    for given in (numbers, da.asarray(numbers, distribution="irregular")):
        grouped = x.groupby(given, groups=5)
        assert grouped.labels.tolist() == list(range(5)) and grouped.sizes.tolist() == [3, 0, 0, 3, 0]
        equal(grouped.sum(), numpy.array([10, 0, 0, 12, 0]))
        equal(grouped.prod(), numpy.array([0, 1, 1, 42, 1]))
        equal(grouped.mean(), numpy.array([10 / 3, numpy.nan, numpy.nan, 4, numpy.nan]))
        equal((x * 1.0).groupby(given, groups=5).min(), numpy.array([0, numpy.nan, numpy.nan, 2, numpy.nan]))
        for name in ("min", "max", "first", "last"):
            with raises(ValueError, "group 1"):
                getattr(grouped, name)()
    empty = da.zeros((0, 3)).groupby(numpy.zeros(0, int))
    assert len(empty) == 0
    equal(empty.sum(), numpy.zeros((0, 3)))
    equal(da.zeros((0, 3)).groupby(numpy.zeros(0, int), groups=2).sum(), numpy.zeros((2, 3)))


def views():
    """Arrays that are views, pending, masked, or without dimensions."""
    whole = numpy.arange(60.0).reshape(10, 6)
    x = da.asarray(whole, distribution=("cyclic", "none"))
    labels = numpy.arange(5) % 2
    equal(x[::-2, 1:].groupby(labels).sum(), by_group("sum", whole[::-2, 1:], 0, [[0, 2, 4], [1, 3]]))
    equal((x.T + 1).groupby([1, 0, 1, 0, 1, 1]).max(), by_group("max", whole.T + 1, 0, [[1, 3], [0, 2, 4, 5]]))
    chosen = x[x > 30]
    equal(chosen.groupby(da.arange(29) % 3).sum(), by_group("sum", whole[whole > 30], 0, [range(start, 29, 3) for start in range(3)]))
    equal(da.broadcast_to(x[0], (4, 6)).groupby([0, 1, 1, 1]).sum(), numpy.stack([whole[0], 3 * whole[0]]))
    terms = numpy.array([1e300, 1.0, -1e300, 1e-300, 3.0, -1.0])
    # The exact sum of each group is 3, and no order of additions in floats gives it.
    hard = da.asarray(numpy.repeat(terms, 2), distribution="cyclic")
    equal(hard.groupby([0, 1] * 6).sum(), numpy.array([3.0, 3.0]))
    with raises(ValueError, "axis 0"):
        da.asarray(2.5).groupby([1])


def mistakes():
    """Errors on all ranks; the array is as before."""
    x = da.asarray(numpy.arange(24.0).reshape(6, 4))
    for labels in ([0] * 5, numpy.zeros(7), da.zeros(4), numpy.zeros((6, 1))):
        with raises(ValueError, "expected one for each of 6 indices"):
            x.groupby(labels)
    with raises(ValueError, "expected one for each of 6 indices"):
        x.groupby(["text"] * 5)
    for axis in (2, -3):
        with raises(ValueError, f"axis {axis}"):
            x.groupby([0] * 6, axis)
    with raises(TypeError, "integer"):
        x.groupby([0] * 6, 0.5)
    with raises(ValueError, "complex128"):
        x.groupby(numpy.zeros(6, complex))
    with raises(TypeError, "numbers, texts or dates"):
        x.groupby([None] * 6)
    with raises(ValueError, "number 5 is out of bounds: there are 5 groups"):
        x.groupby(range(6), groups=5)
    with raises(ValueError, "-1 groups"):
        x.groupby(range(6), groups=-1)
    with raises(ValueError, "float64"):
        x.groupby(numpy.zeros(6), groups=5)
    with raises(ValueError, "Min"):
        (x * 1j).groupby([0] * 6).min()
    with raises(TypeError, "Array"):
        x.groupby([0] * 6).expand(numpy.zeros((1, 4)))
    equal(x.groupby([0] * 6).sum(), numpy.arange(24.0).reshape(6, 4).sum(0, keepdims=True))
    text = repr(x.groupby([0, 1] * 3))
    assert text.startswith("GroupBy(2 groups along axis 0 of Array(") and len(set(context.gather_all(text))) == 1


run_parts((reductions, arithmetic, kinds_of_labels, views, mistakes), context)
if rank == 0:
    print(f"ranks {size}, all groups", flush=True)
