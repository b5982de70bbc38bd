"""NumPy's functions with distributed arrays: `numpy.sin(x)` is `daparray.array.sin(x)`.

A function of NumPy that is not here raises: NumPy would otherwise collect the array on each rank.
"""

import numpy

from . import (
    _engine,
    calculus,
    creation,
    elementwise,
    linalg,
    manipulation,
    nan_reductions,
    reductions,
    selection,
    sorting,
    stacking,
    statistics,
)
from ._engine import Array
from .ufunc_methods import METHODS

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
    if (method, name) in METHODS and out is None:
        return METHODS[method, name](*inputs, **keywords)
    if method != "__call__" or name not in _UFUNCS:
        what = f"numpy.{name}" if method == "__call__" else f"numpy.{name}.{method}"
        raise TypeError(f"{what} does not take distributed arrays: {_INSTEAD}")
    if keywords:
        raise TypeError(f"numpy.{name} takes no {', '.join(keywords)} for distributed arrays")
    result = _engine.apply(_RENAMED.get(name, name), *inputs)
    if out is None:
        return result
    return elementwise.stored(result, out[0])


_RENAMED = {"absolute": "abs", "conjugate": "conj", "rint": "round"}


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


# NumPy's functions whose arguments are those of ours, by the module that has ours.
_ALIKE = {
    calculus: calculus.__all__,
    creation: ("empty_like", "full_like", "ones_like", "tril", "triu", "zeros_like"),
    elementwise: ("angle", "around", "clip", "imag", "isclose", "nan_to_num", "real", "round", "select", "where"),
    linalg: ("dot", "einsum", "inner", "kron", "outer", "tensordot", "vdot"),
    manipulation: (
        "broadcast_arrays", "broadcast_to", "diag", "diagonal", "diff", "expand_dims", "flip", "hstack", "moveaxis", "ndim", "repeat",
        "reshape", "roll", "rot90", "shape", "size", "split", "squeeze", "stack", "swapaxes", "tile", "vstack",
    ),
    nan_reductions: ("nanargmax", "nanargmin", "nancumprod", "nancumsum"),
    # NumPy has some of these from 2.1 on.
    reductions: (
        "allclose", "argmax", "argmin", "array_equal", "count_nonzero", "cumprod", "cumsum", "cumulative_prod", "cumulative_sum", "ptp",
        "trace",
    ),
    selection: ("argwhere", "flatnonzero", "nonzero", "put", "take", "take_along_axis"),
    sorting: (
        "bincount", "digitize", "histogram", "median", "nanmedian", "nanpercentile", "nanquantile", "percentile", "quantile",
        "searchsorted", "unique", "unique_all", "unique_counts", "unique_inverse", "unique_values",
    ),
    stacking: stacking.__all__,
    statistics: ("average", "corrcoef", "cov"),
}  # fmt: skip
_REDUCTIONS = {
    reductions: ("sum", "prod", "mean", "var", "std", "min", "max", "all", "any", "nansum", "nanmean"),
    nan_reductions: ("nanmax", "nanmin", "nanprod", "nanstd", "nanvar"),
}


def _named(table):
    """(NumPy's function, ours) of the names that this NumPy has."""
    return ((getattr(numpy, name), getattr(module, name)) for module, names in table.items() for name in names if hasattr(numpy, name))


_FUNCTIONS = {
    **{theirs: _call(ours) for theirs, ours in _named(_ALIKE)},
    **{theirs: _reduction(ours) for theirs, ours in _named(_REDUCTIONS)},
    numpy.clip: _call(lambda a, a_min=None, a_max=None, **limits: elementwise.clip(a, limits.get("min", a_min), limits.get("max", a_max))),
    numpy.concatenate: _call(lambda arrays, axis=0: manipulation.concat(arrays, axis)),
    numpy.cross: _call(lambda a, b, axis=-1: linalg.cross(a, b, axis=axis)),
    numpy.copy: _call(lambda a: _engine.copy(a)),
    numpy.isin: _call(lambda element, test_elements, invert=False: sorting.isin(element, test_elements, invert=invert)),
    numpy.pad: _call(lambda array, pad_width, mode="constant", constant_values=0: manipulation.pad(
        array, pad_width, mode, constant_values=constant_values)),
    numpy.ravel: _call(lambda a, order="C": manipulation.reshape(a, (-1,))),
    numpy.transpose: _call(lambda a, axes=None: _engine.transpose(a, axes)),
    **{getattr(numpy, name): _call(lambda a, axis=-1, kind=None, order=None, *, stable=None, function=getattr(sorting, name): function(a, axis))
       for name in ("sort", "argsort")},
    **{getattr(numpy.linalg, name): _call(getattr(linalg, name))
       for name in ("cholesky", "det", "eigh", "eigvalsh", "inv", "lstsq", "matrix_power", "matrix_rank", "norm", "pinv", "qr", "slogdet",
                    "solve", "svd")},
}


def _function(self, function, types, arguments, keywords):
    """Functions of NumPy that are no ufuncs."""
    known = _FUNCTIONS.get(function)
    if known is None:
        raise TypeError(f"numpy.{function.__name__} does not take distributed arrays: {_INSTEAD}")
    return known(*arguments, **keywords)


Array.__array__, Array.__array_ufunc__, Array.__array_function__ = _array, _ufunc, _function
