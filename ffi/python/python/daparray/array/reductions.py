"""Reductions. All are collective: over all axes to a value that every rank has, over some to an
array that keeps the distribution of the other axes.

Sums, means, variances and norms of floats are the exact result, rounded once: the same bits on any
number of ranks and for any distribution.
"""

import builtins
import operator

import numpy

from . import _engine
from .creation import full
from .dtypes import astype
from .elementwise import isclose
from .manipulation import _axis, concat, diagonal, expand_all, reshape


def _axes(axis):
    """The axes as a list; None for all."""
    if axis is None:
        return None
    if isinstance(axis, tuple):
        return [operator.index(one) for one in axis]
    return [operator.index(axis)]


def _reduced(x, name, axis, keepdims, ddof=0.0):
    axes = _axes(axis)
    if axes is None and not keepdims:
        return _engine.reduce(x, name, ddof)
    if axes is None:
        return expand_all(_engine.reduce(x, name, ddof), x.ndim)
    return _engine.reduce_along(x, name, axes, keepdims, ddof)


def _typed(x, name, axis, dtype, keepdims):
    """A sum or product: computed and returned as `dtype`, by default with 64 bits for integers."""
    dtype = _summed(x) if dtype is None else dtype
    x = astype(x, dtype, copy=False)
    return astype(_reduced(x, name, axis, keepdims), dtype, copy=False)


def _summed(x):
    """The type of a sum or product: of integers that with 64 bits."""
    if x.dtype.kind in "bi":
        return numpy.dtype("int64")
    return numpy.dtype("uint64") if x.dtype.kind == "u" else x.dtype


def _correction(correction, ddof):
    if correction is not None and ddof is not None:
        raise TypeError("`correction` and `ddof` are one argument: give one of them")
    return float(ddof or 0 if correction is None else correction)


def sum(x, /, axis=None, dtype=None, *, keepdims=False):
    """The sum: of floats rounded once, of integers wrapped."""
    return _typed(x, "sum", axis, dtype, keepdims)


def nansum(x, /, axis=None, dtype=None, *, keepdims=False):
    """The sum without NaN."""
    return _typed(x, "nansum", axis, dtype, keepdims)


def prod(x, /, axis=None, dtype=None, *, keepdims=False):
    """The product."""
    return _typed(x, "prod", axis, dtype, keepdims)


def mean(x, /, axis=None, dtype=None, *, keepdims=False):
    """The mean, rounded once; NaN without elements. It is computed as `dtype`, where that is
    given."""
    return _reduced(x if dtype is None else astype(x, dtype, copy=False), "mean", axis, keepdims)


def nanmean(x, /, axis=None, *, keepdims=False):
    """The mean without NaN."""
    return _reduced(x, "nanmean", axis, keepdims)


def var(x, /, axis=None, *, correction=None, ddof=None, keepdims=False):
    """The variance: squared distances from the mean, divided by n - `correction`, rounded once;
    `ddof` is NumPy's name of `correction`."""
    return _reduced(x, "var", axis, keepdims, _correction(correction, ddof))


def std(x, /, axis=None, *, correction=None, ddof=None, keepdims=False):
    """The root of the variance, rounded once."""
    return _reduced(x, "std", axis, keepdims, _correction(correction, ddof))


def min(x, /, axis=None, *, keepdims=False):
    """The least element, NaN if there is one."""
    return _reduced(x, "min", axis, keepdims)


def max(x, /, axis=None, *, keepdims=False):
    """The greatest element, NaN if there is one."""
    return _reduced(x, "max", axis, keepdims)


def all(x, /, axis=None, *, keepdims=False):
    """Whether no element is zero."""
    return _reduced(x, "all", axis, keepdims)


def any(x, /, axis=None, *, keepdims=False):
    """Whether an element is not zero."""
    return _reduced(x, "any", axis, keepdims)


def count_nonzero(x, /, axis=None, *, keepdims=False):
    """The number of elements that are not zero."""
    return _reduced(x, "count_nonzero", axis, keepdims)


def ptp(x, /, axis=None, *, keepdims=False):
    """The greatest element less the least."""
    return max(x, axis, keepdims=keepdims) - min(x, axis, keepdims=keepdims)


def trace(x, /, offset=0, axis1=0, axis2=1, dtype=None):
    """The sum of the elements whose indices along two axes differ by `offset`. The axes are
    NumPy's, the first two by default; `linalg.trace` has the standard's last two."""
    return sum(diagonal(x, offset, axis1, axis2), -1, dtype)


def array_equal(x1, x2, /, equal_nan=False):
    """Whether two arrays have one shape and equal elements: a `bool` of Python. Collective."""
    if x1.shape != x2.shape:
        return False
    same = x1 == x2
    if equal_nan:
        same = same | (x1 != x1) & (x2 != x2)
    return builtins.bool(all(same))


amax, amin = max, min


def _place(x, least, axis, keepdims):
    if axis is None:
        found = _engine.arg_reduce(x, least)
        return expand_all(found, x.ndim) if keepdims else found
    return _engine.arg_reduce_along(x, least, operator.index(axis), keepdims)


def argmin(x, /, axis=None, *, keepdims=False):
    """The index of the least element along an axis; of all elements, its number in C order. The
    first one wins, and the first NaN over all."""
    return _place(x, True, axis, keepdims)


def argmax(x, /, axis=None, *, keepdims=False):
    """The index of the greatest element; see `argmin`."""
    return _place(x, False, axis, keepdims)


def _cumulative(x, name, axis, dtype, include_initial, initial):
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"an array of {x.ndim} dimensions: say along which axis")
        axis = 0
    axis = _axis(axis, x.ndim)
    dtype = _summed(x) if dtype is None else dtype
    result = astype(_engine.cumulative(astype(x, dtype, copy=False), name, axis), dtype, copy=False)
    if not include_initial:
        return result
    shape = [1 if at == axis else extent for at, extent in enumerate(x.shape)]
    return concat([full(tuple(shape), initial, dtype=dtype, context=x.context), result], axis=axis)


def cumulative_sum(x, /, *, axis=None, dtype=None, include_initial=False):
    """The sums of all elements up to each place along an axis: of floats rounded once each."""
    return _cumulative(x, "sum", axis, dtype, include_initial, 0)


def cumulative_prod(x, /, *, axis=None, dtype=None, include_initial=False):
    """The products of all elements up to each place along an axis."""
    return _cumulative(x, "prod", axis, dtype, include_initial, 1)


def cumulative_max(x, /, *, axis=None):
    """The greatest elements up to each place along an axis; NaN from the first NaN on."""
    return _extremes(x, "max", axis)


def cumulative_min(x, /, *, axis=None):
    """The least elements up to each place along an axis; NaN from the first NaN on."""
    return _extremes(x, "min", axis)


def _extremes(x, name, axis):
    if axis is None and x.ndim != 1:
        raise ValueError(f"an array of {x.ndim} dimensions: say along which axis")
    return _engine.cumulative(x, name, _axis(0 if axis is None else axis, x.ndim))


def cumsum(x, axis=None, dtype=None):
    """NumPy's name: `cumulative_sum`, along all elements in C order without an axis."""
    return cumulative_sum(reshape(x, (-1,)) if axis is None else x, axis=0 if axis is None else axis, dtype=dtype)


def cumprod(x, axis=None, dtype=None):
    """NumPy's name: `cumulative_prod`, along all elements in C order without an axis."""
    return cumulative_prod(reshape(x, (-1,)) if axis is None else x, axis=0 if axis is None else axis, dtype=dtype)


def allclose(x1, x2, /, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether all elements are equal within tolerances, see `isclose`: a `bool` of Python.
    Collective."""
    return builtins.bool(all(isclose(x1, x2, rtol=rtol, atol=atol, equal_nan=equal_nan)))
