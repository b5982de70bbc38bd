"""The operations that `oracle_ranks.py` draws: each gives (description, NumPy's result, ours)."""

import numpy

import daparray.array as da

REAL = ("float32", "float64")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
COMPLEX = ("complex64", "complex128")
NUMBERS = (*INTEGERS, *REAL, *COMPLEX)
ALL_TYPES = ("bool", *NUMBERS)


def _shape(random, most=3, least=0):
    return tuple(int(n) for n in random.choice([0, 1, 2, 3, 5, 8], random.integers(least, most + 1)))


def _pick(random, options):
    return options[random.integers(len(options))]


def _narrower(random, shape):
    """A shape that broadcasts to this one."""
    kept = shape[random.integers(len(shape) + 1) :]
    return tuple(1 if random.random() < 0.3 else n for n in kept)


UNARY = {
    ALL_TYPES: ("logical_not", "isnan", "isinf", "isfinite"),
    NUMBERS: ("negative", "positive", "abs", "square"),
    INTEGERS: ("bitwise_invert",),
    REAL: ("sqrt", "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh", "acos", "asin",
           "atan", "acosh", "asinh", "atanh", "floor", "ceil", "trunc", "round", "sign", "signbit", "reciprocal"),
    COMPLEX: ("real", "imag", "conj"),
}
BINARY = {
    ALL_TYPES: ("equal", "not_equal", "logical_and", "logical_or", "logical_xor"),
    NUMBERS: ("add", "subtract", "multiply"),
    (*INTEGERS, *REAL): ("less", "less_equal", "greater", "greater_equal", "maximum", "minimum"),
    ("bool", *INTEGERS): ("bitwise_and", "bitwise_or", "bitwise_xor"),
    REAL: ("divide", "hypot", "copysign", "nextafter", "atan2", "logaddexp"),
}


def _drawn(random, table):
    types = _pick(random, list(table))
    return _pick(random, table[types]), types


def unary(random, made):
    name, types = _drawn(random, UNARY)
    x, y = made(random, _shape(random), _pick(random, types))
    yield name, getattr(numpy, name)(x), getattr(da, name)(y)


def binary(random, made):
    name, types = _drawn(random, BINARY)
    shape = _shape(random)
    a, b = made(random, shape, _pick(random, types))
    c, d = made(random, _narrower(random, shape), _pick(random, types))
    if {a.dtype.kind, c.dtype.kind} == {"i", "u"} and "uint64" in (a.dtype, c.dtype) and name.startswith("bitwise"):
        return
    if random.random() < 0.5:
        a, b, c, d = c, d, a, b
    yield f"{name} {a.shape} {a.dtype} {c.shape} {c.dtype}", getattr(numpy, name)(a, c), getattr(da, name)(b, d)


def scalars(random, made):
    """Numbers of Python give way, those of NumPy do not."""
    x, y = made(random, _shape(random), _pick(random, NUMBERS))
    number = _pick(random, [2, 1.5, True, numpy.float32(1.5), numpy.int16(3)])
    yield f"{x.dtype} + {number!r}", x + number, y + number
    yield f"{number!r} * {x.dtype}", number * x, number * y
    if x.dtype.kind != "c":
        yield f"{x.dtype} < {number!r}", x < number, y < number


def expression(random, made):
    """Several operations, pending ones among them, with intermediate results that are used
    again."""
    shape = _shape(random)
    (a, x), (b, y), (c, z) = (made(random, shape, "float64") for _ in range(3))
    d, u = a * 2 + b, x * 2 + y
    e, v = numpy.where(c > 0, d, -d), da.where(z > 0, u, -u)
    yield "sum of products", e * e + d - c, v * v + u - z
    yield "used again", d, u


def written(random, made):
    """A write does not change what was computed before it, and views see it."""
    shape = _shape(random, least=1)
    (a, x), (b, y) = (made(random, shape, "float64") for _ in range(2))
    a = a.copy()
    before, pending = a + b, x + y
    a += b
    x += y
    yield "before", before, pending
    yield "after", a, x
    before, pending = a * 2, x * 2
    a[1:] = 7
    x[1:] = 7
    yield "before a slice", before, pending
    a[1:] += a[:-1].copy()
    x[1:] += x[:-1]
    yield "overlapping", a, x


def astype(random, made):
    x, y = made(random, _shape(random), _pick(random, ("bool", *INTEGERS, "float32")))
    x, y = numpy.nan_to_num(x, posinf=3, neginf=-3), da.where(da.isfinite(y), y, da.where(da.isnan(y), 0, da.where(y > 0, 3, -3)))
    to = _pick(random, ALL_TYPES)
    y = da.astype(y, x.dtype, copy=False)
    if x.dtype.kind == "f" and to in INTEGERS and to.startswith("u"):
        x, y = abs(x), abs(y)
    yield f"{x.dtype} to {to}", x.astype(to), da.astype(y, to)


REDUCTIONS = {
    ALL_TYPES: ("all", "any", "count_nonzero"),
    NUMBERS: ("sum", "prod"),
    (*INTEGERS, "float64"): ("min", "max", "argmin", "argmax"),
    ("float64",): ("mean", "var", "std"),
}


def reduction(random, made):
    name, types = _drawn(random, REDUCTIONS)
    shape = _shape(random, least=1)
    x, y = made(random, shape, _pick(random, types))
    if name in ("sum", "prod", "mean", "var", "std"):
        x, y = _tame(x, y)
    axis = None if random.random() < 0.3 else int(random.integers(-len(shape), len(shape)))
    keepdims = bool(random.random() < 0.5)
    reduced = x.size if axis is None else x.shape[axis]
    if reduced == 0 and (name.startswith("arg") or name in ("min", "max", "mean", "var", "std")):
        return
    typed = {}
    if name in ("sum", "prod") and x.dtype.kind == "f":
        typed = {"dtype": x.dtype}
    expected = getattr(numpy, name)(x, axis=axis, keepdims=keepdims, **typed)
    if name == "prod" and x.dtype.kind in "iu":
        expected = numpy.asarray(expected)
    yield f"{name} {x.dtype} {x.shape} axis {axis}", expected, getattr(da, name)(y, axis=axis, keepdims=keepdims)


def _tame(x, y):
    """Without infinities and NaN, and near 1: sums in another order than NumPy's stay within the
    tolerance."""
    if x.dtype.kind not in "fc":
        return x, y
    return numpy.where(numpy.isfinite(x), x, 1).astype(x.dtype) / 4 + 1, da.where(da.isfinite(y), y, 1) / 4 + 1


def cumulative(random, made):
    shape = _shape(random, least=1)
    x, y = _tame(*made(random, shape, _pick(random, ("int16", "uint8", "float64", "bool"))))
    axis = int(random.integers(-len(shape), len(shape)))
    start = bool(random.random() < 0.3)
    yield "sum", numpy.cumulative_sum(x, axis=axis, include_initial=start), da.cumulative_sum(y, axis=axis, include_initial=start)
    yield "prod", numpy.cumulative_prod(x, axis=axis, include_initial=start), da.cumulative_prod(y, axis=axis, include_initial=start)


def several_axes(random, made):
    shape = _shape(random, least=2)
    x, y = made(random, shape, "int64")
    axes = tuple(int(n) for n in random.permutation(len(shape))[: random.integers(1, len(shape) + 1)])
    yield f"sum {shape} {axes}", x.sum(axes), y.sum(axes)


def shapes(random, made):
    shape = _shape(random, least=1)
    x, y = made(random, shape, _pick(random, ("int32", "float64", "bool", "complex64")))
    ndim = len(shape)
    axis = int(random.integers(-ndim, ndim))
    order = tuple(int(n) for n in random.permutation(ndim))
    yield "permute_dims", x.transpose(order), da.permute_dims(y, order)
    yield "T", x.T, y.T
    yield "flip", numpy.flip(x, axis), da.flip(y, axis=axis)
    yield "expand_dims", numpy.expand_dims(x, axis), da.expand_dims(y, axis=axis)
    yield "moveaxis", numpy.moveaxis(x, axis, 0), da.moveaxis(y, axis, 0)
    yield "reshape", x.reshape(-1) if x.size else x.reshape(x.size), y.reshape(x.size)
    yield "roll", numpy.roll(x, 2, axis), da.roll(y, 2, axis=axis)
    yield "roll all", numpy.roll(x, -3), da.roll(y, -3)
    yield "tile", numpy.tile(x, (2, 1)), da.tile(y, (2, 1))
    yield "repeat", numpy.repeat(x, 2, axis), da.repeat(y, 2, axis=axis)
    yield "diff", numpy.diff(x, axis=axis), da.diff(y, axis=axis)
    if x.size:
        mode = _pick(random, ["edge", "reflect", "symmetric", "wrap"])
        yield f"pad {mode}", numpy.pad(x, 1, mode), da.pad(y, 1, mode=mode)
    yield "pad", numpy.pad(x, (2, 1)), da.pad(y, (2, 1))
    yield "broadcast_to", numpy.broadcast_to(x, (2, *shape)), da.broadcast_to(y, (2, *shape))


def joined(random, made):
    shape = _shape(random, least=1)
    axis = int(random.integers(-len(shape), len(shape)))
    other = list(shape)
    other[axis] = int(random.integers(0, 5))
    (a, x), (b, y) = made(random, shape, "float32"), made(random, tuple(other), _pick(random, ("float32", "int16")))
    yield f"concat {shape} {other} {axis}", numpy.concatenate([a, b], axis), da.concat([x, y], axis=axis)
    (c, z) = made(random, shape, "float32")
    yield "stack", numpy.stack([a, c], axis), da.stack([x, z], axis=axis)
    for one, ours in zip(numpy.unstack(a, axis=axis), da.unstack(x, axis=axis), strict=True):
        yield "unstack", one, ours


def _basic_index(random, shape):
    parts = []
    for n in shape:
        draw = random.random()
        if draw < 0.3 and n:
            parts.append(int(random.integers(-n, n)))
        elif draw < 0.4:
            parts.extend([None, slice(None)])
        else:
            bounds = [None if random.random() < 0.3 else int(random.integers(-n - 2, n + 3)) for _ in range(2)]
            parts.append(slice(*bounds, _pick(random, [None, 1, 2, 3, -1, -2])))
    if random.random() < 0.3:
        parts = [*parts[: len(parts) // 2], Ellipsis]
    return tuple(parts)


def basic(random, made):
    shape = _shape(random, least=1)
    x, y = made(random, shape, "int64")
    index = _basic_index(random, shape)
    try:
        expected = x[index]
    except IndexError:
        return
    yield f"{shape} {index}", expected, y[index]
    x = x.copy()
    x[index], y[index] = 5, 5
    yield f"assigned {shape} {index}", x, y
    value, ours = made(random, _narrower(random, expected.shape), "int32")
    x[index], y[index] = value, ours
    yield f"assigned {value.shape} {shape} {index}", x, y


def arrays_of_indices(random, made):
    shape = _shape(random, least=1)
    if 0 in shape:
        return
    x, y = made(random, shape, "float64")
    axis = int(random.integers(len(shape)))
    places = random.integers(-shape[axis], shape[axis], _shape(random, 2, 1))
    theirs = da.asarray(places) if random.random() < 0.5 else places
    yield f"take {shape} {places.shape}", numpy.take(x, places, axis), da.take(y, theirs, axis=axis)
    front = (slice(None),) * axis
    yield "index", x[(*front, places)], y[(*front, theirs)]
    if len(shape) > 1 and axis + 1 < len(shape):
        yield "with an integer", x[(*front, places, 0)], y[(*front, theirs, 0)]
    if len(shape) > 2 and axis == 0:
        yield "apart", x[places, :, 0], y[theirs, :, 0]
    x = x.copy()
    x[(*front, places)], y[(*front, theirs)] = 3.5, 3.5
    yield "assigned", x, y


def masks(random, made):
    shape = _shape(random, least=1)
    x, y = made(random, shape, "int64")
    covered = int(random.integers(1, len(shape) + 1))
    mask, ours = made(random, shape[:covered], "bool")
    yield f"mask {shape} {covered}", x[mask], y[ours]
    for one, theirs in zip(numpy.nonzero(mask), da.nonzero(ours), strict=True):
        yield "nonzero", one, theirs
    truth = numpy.asarray(bool(random.random() < 0.5))
    yield "mask without dimensions", x[truth], y[da.asarray(truth)]
    x = x.copy()
    x[mask], y[ours] = 9, 9
    yield "assigned", x, y
    count = int(mask.sum())
    value, there = made(random, (count, *shape[covered:]), "int64")
    x[mask], y[ours] = value, there
    yield "assigned values", x, y


def moved(random, made):
    shape = _shape(random, least=1)
    x, y = made(random, shape, _pick(random, ALL_TYPES))
    kind = _pick(random, ["block", "cyclic", ("cyclic", 3), "balanced", "none"])
    yield f"to {kind}", x, y.redistribute(kind)


def created(random, made):
    start, count = int(random.integers(-5, 5)), int(random.integers(0, 9))
    kind = _pick(random, ["block", "cyclic", ("cyclic", 2), "irregular"])
    yield "arange", numpy.arange(start, start + count), da.arange(start, start + count, distribution=kind)
    yield "arange of floats", numpy.arange(0.5, count, 0.75), da.arange(0.5, count, 0.75, distribution=kind)
    yield "linspace", numpy.linspace(start, 9, count), da.linspace(start, 9, count, distribution=kind)
    yield "eye", numpy.eye(count, 4, start), da.eye(count, 4, k=start, distribution=kind)
    shape = _shape(random, least=2)
    x, y = made(random, shape, "int32")
    yield "tril", numpy.tril(x, start), da.tril(y, k=start)
    yield "triu", numpy.triu(x, start), da.triu(y, k=start)
    yield "full", numpy.full(shape, 2.5), da.full(shape, 2.5)
    yield "zeros_like", numpy.zeros_like(x), da.zeros_like(y)
    yield "fromfunction", numpy.fromfunction(lambda *i: sum(i) + 1.0, shape), da.fromfunction(lambda *i: sum(i) + 1.0, shape)


def transforms(random, made):
    """Fourier transforms. Points near 0 have the others' error: all are compared 1000 away."""
    shape = _shape(random, least=1)
    if 0 in shape:
        return
    kind = _pick(random, ("complex128", "complex64", "float64", "float32", "int16", "bool"))
    x, y = made(random, shape, kind)
    if x.dtype.kind == "f":
        x, y = numpy.where(numpy.isfinite(x), x, 1).astype(x.dtype), da.where(da.isfinite(y), y, 1)
    axis = int(random.integers(-len(shape), len(shape)))
    norm = _pick(random, ("backward", "ortho", "forward"))
    n = _pick(random, (None, 1, 4, 5))
    for name in ("fft", "ifft", "hfft", "irfft") + (() if x.dtype.kind == "c" else ("rfft", "ihfft")):
        if n is None and shape[axis] == 1 and name in ("hfft", "irfft"):
            continue
        yield name, 1000 + getattr(numpy.fft, name)(x, n, axis, norm), 1000 + getattr(da.fft, name)(y, n=n, axis=axis, norm=norm)
    axes = tuple(int(axis) for axis in random.permutation(len(shape))[: random.integers(1, len(shape) + 1)])
    s = None if random.random() < 0.5 else [int(random.integers(1, 7)) for _ in axes]
    for name in ("fftn", "ifftn") + (() if x.dtype.kind == "c" else ("rfftn",)):
        yield name, 1000 + getattr(numpy.fft, name)(x, s, axes, norm), 1000 + getattr(da.fft, name)(y, s=s, axes=axes, norm=norm)
    if s is not None:
        yield "irfftn", 1000 + numpy.fft.irfftn(x, s, axes, norm), 1000 + da.fft.irfftn(y, s=s, axes=axes, norm=norm)
    if len(shape) >= 2:
        yield "fft2", 1000 + numpy.fft.fft2(x), 1000 + da.fft.fft2(y)
        yield "ifft2", 1000 + numpy.fft.ifft2(x), 1000 + da.fft.ifft2(y)
        there, here = (numpy.fft.rfft2(x), da.fft.rfft2(y)) if x.dtype.kind != "c" else (x, y)
        yield "rfft2", 1000 + there, 1000 + here
        yield "irfft2", 1000 + numpy.fft.irfft2(there, (3, 4)), 1000 + da.fft.irfft2(here, (3, 4))
    yield "fftshift", numpy.fft.fftshift(x, axes), da.fft.fftshift(y, axes=axes)
    yield "ifftshift", numpy.fft.ifftshift(x, axis), da.fft.ifftshift(y, axes=axis)
    n = int(random.integers(1, 12))
    yield "fftfreq", numpy.fft.fftfreq(n, 0.1), da.fft.fftfreq(n, d=0.1)
    yield "rfftfreq", numpy.fft.rfftfreq(n, 0.1), da.fft.rfftfreq(n, d=0.1)


def through_numpy(random, made):
    """NumPy's own functions."""
    x, y = made(random, _shape(random, least=1), "float64")
    yield "numpy.sin", numpy.sin(x), numpy.sin(y)
    yield "numpy.add", numpy.add(x, 1), numpy.add(y, 1)
    yield "numpy.sum", numpy.count_nonzero(x), numpy.count_nonzero(y)
    yield "numpy.concatenate", numpy.concatenate([x, x]), numpy.concatenate([y, y])
    out = da.zeros_like(y)
    numpy.multiply(y, 2, out=out)
    yield "out", x * 2, out


def products(random, made):
    """Products of matrices and vectors, of whole numbers, whose sums are exact in any order."""
    m, k, n = (int(extent) for extent in random.choice([0, 1, 2, 3, 7], 3))
    stack = (int(random.integers(1, 4)),) * int(random.integers(2))
    dtype = _pick(random, ["float64", "complex128", "int64", "int8", "bool", "float32"])

    def whole(shape):
        x, y = made(random, shape, dtype)
        if x.dtype.kind == "f":
            return numpy.floor(numpy.clip(x, -9, 9)) + 0.0, da.floor(da.clip(y, -9, 9)) + 0.0
        if x.dtype.kind == "c":
            return numpy.floor(x.real) + 0j, da.floor(da.real(y)) + 0j
        return x, y

    (a, b), (c, d) = whole((*stack, m, k)), whole((k, n))
    (u, v), (w, z) = whole((k,)), whole((k,))
    yield f"matmul {a.shape} {c.shape} {dtype}", a @ c, b @ d
    yield f"numpy.matmul {dtype}", numpy.matmul(a, c), numpy.matmul(b, d)
    yield f"matrix times vector {dtype}", a @ u, b @ v
    yield f"vector times matrix {dtype}", u @ c, v @ d
    yield f"vector times vector {dtype}", u @ w, v @ z
    yield f"outer {dtype}", numpy.outer(u, w), da.outer(v, z)
    yield f"tensordot {dtype}", numpy.tensordot(a, c, 1), da.tensordot(b, d, axes=1)
    yield f"diagonal {dtype}", numpy.diagonal(a, 1, -2, -1), da.linalg.diagonal(b, offset=1)
    if dtype != "bool":
        yield f"einsum {dtype}", numpy.einsum("...ij,jk->k...i", a, c), da.einsum("...ij,jk->k...i", b, d)
        yield f"dot {dtype}", numpy.dot(a, c), numpy.dot(b, d)
        yield f"kron {dtype}", numpy.kron(u, w), da.kron(v, z)
        yield f"trace {dtype}", numpy.trace(c), numpy.trace(d)
    if dtype in REAL and k:
        yield f"norm {dtype}", numpy.linalg.norm(u), da.linalg.vector_norm(v)
        if m:
            yield f"norms {dtype}", numpy.linalg.norm(a, axis=-1), da.linalg.vector_norm(b, axis=-1)
            yield f"matrix norms {dtype}", numpy.linalg.norm(a, numpy.inf, axis=(-2, -1)), da.linalg.matrix_norm(b, ord=numpy.inf)
    (p, q), (r, t) = whole((3,)), whole((m, 3))
    if dtype not in ("bool", "int8"):
        yield f"cross {dtype}", numpy.cross(p, r), da.cross(q, t) if q.shape == t.shape else da.cross(da.broadcast_to(q, t.shape), t)
        yield f"vecdot {dtype}", (numpy.conj(r) * p).sum(-1), da.vecdot(t, q)


def factorizations(random, made):
    """Factors whose products are the matrix, and solutions of equations, within some roundings."""
    linalg = da.linalg
    m, n = (int(extent) for extent in random.choice([1, 2, 3, 6], 2))
    stack = (int(random.integers(1, 4)),) * int(random.integers(2))
    dtype = _pick(random, ["float64", "complex128"])

    def matrix(shape):
        x, y = made(random, shape, dtype)
        if dtype == "float64":
            y = da.where(da.isfinite(y), y, 0.5)
        # Its own values are the oracle: special ones are gone.
        return y.gather(), y

    def near(what, found, expected):
        scale = 1 + abs(numpy.asarray(expected)).max(initial=0)
        found = found if isinstance(found, da.Array) else da.asarray(found)
        return what, numpy.bool_(True), da.all(da.abs(found - da.asarray(expected)) < 1e-9 * scale)

    a, b = matrix((*stack, m, n))
    q, r = linalg.qr(b)
    yield near("qr", q @ r, a)
    yield near("orthonormal columns", da.conj(linalg.matrix_transpose(q)) @ q, numpy.broadcast_to(numpy.eye(min(m, n)), (*stack, min(m, n), min(m, n))))
    u, values, vh = linalg.svd(b, full_matrices=False)
    yield near("svd", (u * values[..., None, :]) @ vh, a)
    yield near("singular values", linalg.svdvals(b), numpy.linalg.svd(a, compute_uv=False))
    yield near("norm 2", linalg.matrix_norm(b, ord=2), numpy.linalg.norm(a, 2, axis=(-2, -1)))
    yield near("pinv", linalg.pinv(b), numpy.linalg.pinv(a))
    square, there = matrix((*stack, n, n))
    square, there = square + 20 * numpy.eye(n), there + 20 * da.eye(n)
    right, given = matrix((*stack, n, m))
    yield near("solve", linalg.solve(there, given), numpy.linalg.solve(square, right))
    yield near("inv", linalg.inv(there), numpy.linalg.inv(square))
    yield near("det", linalg.det(there), numpy.linalg.det(square))
    yield near("slogdet", linalg.slogdet(there).logabsdet, numpy.linalg.slogdet(square)[1])
    hermitian = square + numpy.conj(numpy.swapaxes(square, -1, -2))
    ours = there + da.conj(linalg.matrix_transpose(there))
    values, vectors = linalg.eigh(ours)
    yield near("eigenvalues", values, numpy.linalg.eigvalsh(hermitian))
    yield near("eigh", ours @ vectors, (vectors * values[..., None, :]).gather())
    values, vectors = linalg.eig(there)
    yield near("eig", there @ vectors, (vectors * values[..., None, :]).gather())
    yield near("eigvals", da.sum(linalg.eigvals(there) ** 2, axis=-1), numpy.trace(square @ square, axis1=-2, axis2=-1))
    factor = linalg.cholesky(ours)
    yield near("cholesky", factor @ da.conj(linalg.matrix_transpose(factor)), hermitian)
    yield near("matrix power", linalg.matrix_power(there, -2), numpy.linalg.matrix_power(square, -2))
    if not stack:
        x, residuals, rank, values = linalg.lstsq(b, given if m == n else matrix((m, 2))[1])
        yield "rank", numpy.int64(numpy.linalg.matrix_rank(a)), da.linalg.matrix_rank(b)
    try:
        linalg.inv(da.zeros((2, 2)))
    except numpy.linalg.LinAlgError:
        pass
    else:
        raise AssertionError("a singular matrix has an inverse")


def sorting(random, made):
    """Sorting and searching, beside NumPy."""
    shape = _shape(random, least=1)
    dtype = _pick(random, ALL_TYPES)
    x, y = made(random, shape, dtype)
    axis = int(random.integers(-len(shape), len(shape)))
    yield f"sort {dtype} {shape} along {axis}", numpy.sort(x, axis=axis), da.sort(y, axis=axis)
    yield f"argsort {dtype}", numpy.argsort(x, axis=axis, kind="stable"), da.argsort(y, axis=axis)
    yield f"sort of all {dtype}", numpy.sort(x, axis=None), da.sort(y, axis=None)
    if dtype not in COMPLEX:
        values, places, inverse, counts = numpy.unique(x, True, True, True)
        ours = da.unique(y, True, True, True)
        yield f"unique {dtype}", values, ours[0]
        yield f"unique counts {dtype}", counts, ours[3]
        yield f"unique inverse {dtype}", inverse.reshape(x.shape), ours[2]
        if dtype not in REAL:
            yield f"places of unique {dtype}", places, ours[1]
        among, theirs = made(random, _shape(random, 2), dtype)
        yield f"isin {dtype}", numpy.isin(x, among), da.isin(y, theirs)
        flat, there = made(random, (int(random.integers(9)),), dtype)
        side = _pick(random, ["left", "right"])
        yield f"searchsorted {dtype}", numpy.searchsorted(numpy.sort(flat), x, side), da.searchsorted(da.sort(there), y, side=side)
    if dtype == "float64" and x.size:
        q = [0.0, 0.3, 0.5, 1.0]
        finite, ours = numpy.nan_to_num(x, posinf=9, neginf=-9), da.where(da.isnan(y), 0.0, da.clip(y, -9, 9))
        finite = numpy.clip(finite, -9, 9)
        yield "quantile", numpy.quantile(finite, q, axis=axis), da.quantile(ours, q, axis=axis)
        yield "percentile of all", numpy.percentile(finite, 30, method="lower"), da.percentile(ours, 30, method="lower")
        yield "median", numpy.median(finite, axis=axis, keepdims=True), da.median(ours, axis=axis, keepdims=True)
        counts, edges = numpy.histogram(finite, 5, (-9, 9))
        there, found = da.histogram(ours, 5, (-9, 9))
        yield "histogram", counts, there
        yield "edges", edges, da.asarray(found)
        yield "digitize", numpy.digitize(finite, edges), da.digitize(ours, edges)
    if dtype == "uint8":
        yield "bincount", numpy.bincount(x.ravel()), da.bincount(da.ravel(y))
    if dtype in ("int64", "float32") and shape[axis]:
        k = int(random.integers(1, shape[axis] + 1))
        values, places = da.topk(y, k, axis=axis)
        if dtype == "int64":
            yield "topk", numpy.flip(numpy.sort(x, axis=axis), axis=axis).take(range(k), axis=axis), values
            yield "places of topk", numpy.take_along_axis(x, places.gather(), axis=axis), values


ALL = (unary, unary, binary, binary, scalars, expression, written, astype, reduction, reduction, cumulative, several_axes, shapes, joined, basic, basic,
       arrays_of_indices, masks, moved, created, transforms, through_numpy, products, factorizations, sorting)
