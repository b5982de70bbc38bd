"""NumPy's functions with distributed arrays: `numpy.sin(x)` is `daparray.array.sin(x)`.

A function of NumPy that is not here raises: NumPy would otherwise collect the array on each rank.
"""

import numpy

from . import _engine, creation, elementwise, linalg, manipulation, reductions, selection, sorting, statistics
from ._engine import Array

_INSTEAD = "use `x.local` for this rank's elements, or `x.gather()` for all of them as NumPy's array"


def _array(self, dtype=None, copy=None):
    """The value of an array without dimensions, which every rank has. Of others NumPy's array of
    the whole would be made silently, which is refused."""
    if self.ndim == 0:
        return numpy.asarray(self.item(), self.dtype if dtype is None else dtype)
    raise TypeError(f"numpy.asarray would collect the distributed array on each rank: {_INSTEAD}")


def _ufunc(self, ufunc, method, *inputs, out=None, **keywords):
    """Element-wise functions of NumPy."""
    name = ufunc.__name__
    if (method, name) in _METHODS and out is None:
        return _METHODS[method, name](*inputs, **keywords)
    if method != "__call__" or name not in _UFUNCS:
        what = f"numpy.{name}" if method == "__call__" else f"numpy.{name}.{method}"
        raise TypeError(f"{what} does not take distributed arrays: {_INSTEAD}")
    if keywords:
        raise TypeError(f"numpy.{name} takes no {', '.join(keywords)} for distributed arrays")
    result = _engine.apply(_RENAMED.get(name, name), *inputs)
    if out is None:
        return result
    (target,) = out
    if not isinstance(target, Array):
        raise TypeError(f"`out` is a distributed array, not `{type(target).__name__}`")
    if not numpy.can_cast(result.dtype, target.dtype, "same_kind"):
        raise TypeError(f"results of {result.dtype} do not fit `out`, of {target.dtype}")
    if target.shape != result.shape:
        raise ValueError(f"results of shape {result.shape} do not fit `out`, of shape {target.shape}")
    _engine.assign(target, result)
    return target


_RENAMED = {"absolute": "abs", "conjugate": "conj", "rint": "round"}


def _accumulate(function):
    return lambda array, axis=0, **keywords: function(array, axis=axis, **keywords)


def _reduce(function):
    def reduce(array, axis=0, keepdims=False, **keywords):
        return function(array, axis=axis, keepdims=keepdims, **keywords)

    return reduce


def _at(array, indices, values):
    """`numpy.add.at`: each index as often as it occurs."""
    parts = indices if isinstance(indices, tuple) else (indices,)
    if len(parts) != 1:
        raise TypeError(f"numpy.add.at takes one array of indices for distributed arrays: {_INSTEAD}")
    selection.put(array, parts[0], values, axis=0, mode="add")


_METHODS = {
    ("__call__", "matmul"): lambda a, b: linalg.matmul(a, b),
    ("__call__", "vecdot"): lambda a, b, axis=-1: linalg.vecdot(a, b, axis=axis),
    ("at", "add"): _at,
    **{("accumulate", name): _accumulate(function) for name, function in {
        "add": reductions.cumulative_sum, "multiply": reductions.cumulative_prod, "maximum": reductions.cumulative_max,
        "minimum": reductions.cumulative_min,
    }.items()},
    **{("reduce", name): _reduce(function) for name, function in {
        "add": reductions.sum, "multiply": reductions.prod, "maximum": reductions.max, "minimum": reductions.min,
        "logical_and": reductions.all, "logical_or": reductions.any,
    }.items()},
}
_UFUNCS = {
    *(other or name for table in (elementwise._UNARY, elementwise._BINARY) for name, other in table.items()),
    *_RENAMED,
}


def _call(function):
    """A function with NumPy's arguments, of which those with their default are left out."""

    def called(*arguments, **keywords):
        given = {name: value for name, value in keywords.items() if value is not numpy._NoValue}
        return function(*arguments, **given)

    return called


def _reduction(function):
    def called(a, axis=None, dtype=None, out=None, keepdims=False, **keywords):
        if out is not None:
            raise TypeError("`out` is not taken: assign the result by `out[...] = `")
        given = {} if dtype is None else {"dtype": dtype}
        if "ddof" in keywords:
            given["correction"] = keywords.pop("ddof")
        if any(value is not numpy._NoValue for value in keywords.values()):
            raise TypeError(f"for distributed arrays {function.__name__} takes no {', '.join(keywords)}")
        return function(a, axis=axis, keepdims=False if keepdims is numpy._NoValue else keepdims, **given)

    return called


_FUNCTIONS = {
    **{getattr(numpy, name): _reduction(getattr(reductions, name))
       for name in ("sum", "prod", "mean", "var", "std", "min", "max", "all", "any", "nansum", "nanmean")},
    **{getattr(numpy, name): _call(getattr(reductions, name)) for name in ("argmin", "argmax", "count_nonzero")},
    **{getattr(numpy, name): _call(getattr(manipulation, name))
       for name in ("broadcast_arrays", "broadcast_to", "expand_dims", "moveaxis", "repeat", "reshape", "squeeze", "stack", "swapaxes",
                    "tile")},
    numpy.concatenate: _call(lambda arrays, axis=0: manipulation.concat(arrays, axis=axis)),
    numpy.flip: _call(lambda m, axis=None: manipulation.flip(m, axis=axis)),
    numpy.roll: _call(lambda a, shift, axis=None: manipulation.roll(a, shift, axis=axis)),
    numpy.diff: _call(lambda a, n=1, axis=-1: manipulation.diff(a, n=n, axis=axis)),
    numpy.transpose: _call(lambda a, axes=None: _engine.transpose(a, axes)),
    numpy.ravel: _call(lambda a, order="C": manipulation.reshape(a, (-1,))),
    numpy.take: _call(lambda a, indices, axis=None: selection.take(a, indices, axis=axis)),
    numpy.take_along_axis: _call(lambda arr, indices, axis=-1: selection.take_along_axis(arr, indices, axis=axis)),
    numpy.nonzero: _call(selection.nonzero),
    numpy.where: _call(lambda condition, x, y: elementwise.where(condition, x, y)),
    numpy.clip: _call(lambda a, a_min=None, a_max=None: elementwise.clip(a, a_min, a_max)),
    numpy.round: _call(lambda a: elementwise.round(a)),
    numpy.real: elementwise.real,
    numpy.imag: elementwise.imag,
    **{getattr(numpy, name): _call(getattr(creation, name)) for name in ("empty_like", "zeros_like", "ones_like", "full_like")},
    **{getattr(numpy, name): _call(lambda m, k=0, function=getattr(creation, name): function(m, k=k)) for name in ("tril", "triu")},
    **{getattr(numpy, name): _call(getattr(reductions, name)) for name in ("cumsum", "cumprod", "allclose")},
    **{getattr(numpy, name): _call(getattr(manipulation, name)) for name in ("hstack", "vstack", "split", "rot90", "diag")},
    **{getattr(numpy, name): _call(getattr(statistics, name)) for name in ("cov", "corrcoef")},
    **{getattr(numpy, name): _call(getattr(sorting, name))
       for name in ("bincount", "digitize", "histogram", "unique", "median", "nanmedian", "percentile", "nanpercentile", "quantile",
                    "nanquantile")},
    **{getattr(numpy, name): _call(getattr(sorting, name)) for name in ("unique_all", "unique_counts", "unique_inverse", "unique_values")
       if hasattr(numpy, name)},
    **{getattr(numpy, name): _call(lambda a, axis=-1, kind=None, order=None, *, stable=None, function=getattr(sorting, name): function(a, axis=axis))
       for name in ("sort", "argsort")},
    numpy.searchsorted: _call(lambda a, v, side="left", sorter=None: sorting.searchsorted(a, v, side=side, sorter=sorter)),
    numpy.isin: _call(lambda element, test_elements, invert=False: sorting.isin(element, test_elements, invert=invert)),
    **{getattr(numpy, name): _call(getattr(selection, name)) for name in ("argwhere", "flatnonzero")},
    # NumPy has these from 2.1 on.
    **{getattr(numpy, name): _call(getattr(reductions, name)) for name in ("cumulative_sum", "cumulative_prod") if hasattr(numpy, name)},
    **{getattr(numpy, name): _call(getattr(linalg, name)) for name in ("dot", "outer", "kron", "einsum")},
    numpy.tensordot: _call(lambda a, b, axes=2: linalg.tensordot(a, b, axes=axes)),
    numpy.cross: _call(lambda a, b, axis=-1: linalg.cross(a, b, axis=axis)),
    numpy.trace: _call(lambda a, offset=0, axis1=0, axis2=1, dtype=None: linalg.trace(
        manipulation.moveaxis(a, (axis1, axis2), (-2, -1)), offset=offset, dtype=dtype)),
    numpy.linalg.norm: _call(linalg.norm),
    numpy.linalg.svd: _call(lambda a, full_matrices=True: linalg.svd(a, full_matrices=full_matrices)),
    numpy.linalg.qr: _call(lambda a, mode="reduced": linalg.qr(a, mode=mode)),
    **{getattr(numpy.linalg, name): _call(getattr(linalg, name))
       for name in ("cholesky", "det", "eigh", "eigvalsh", "inv", "lstsq", "matrix_power", "matrix_rank", "pinv", "slogdet", "solve")},
    numpy.isclose: _call(elementwise.isclose),
    numpy.diagonal: _call(lambda a, offset=0, axis1=0, axis2=1: manipulation.diagonal(a, offset=offset, axis1=axis1, axis2=axis2)),
    numpy.average: _call(lambda a, axis=None, weights=None, returned=False, *, keepdims=False: statistics.average(
        a, axis=axis, weights=weights, returned=returned, keepdims=keepdims)),
    numpy.put: _call(lambda a, ind, v: selection.put(a, ind, v)),
    numpy.pad: _call(lambda array, pad_width, mode="constant", constant_values=0: manipulation.pad(
        array, pad_width, mode=mode, constant_values=constant_values)),
    numpy.shape: lambda a: a.shape,
    numpy.ndim: lambda a: a.ndim,
    numpy.size: lambda a, axis=None: a.size if axis is None else a.shape[axis],
    numpy.copy: _call(lambda a: _engine.copy(a)),
}


def _function(self, function, types, arguments, keywords):
    """Functions of NumPy that are no ufuncs."""
    known = _FUNCTIONS.get(function)
    if known is None:
        raise TypeError(f"numpy.{function.__name__} does not take distributed arrays: {_INSTEAD}")
    return known(*arguments, **keywords)


Array.__array__, Array.__array_ufunc__, Array.__array_function__ = _array, _ufunc, _function
