"""Reductions that leave NaN out, by NumPy's names; `nansum` and `nanmean` are beside `sum`. All
are collective. Where no element is left, the result is NaN, of arg reductions an error.
"""

import math

from . import _engine
from .elementwise import isnan, sqrt, where
from .reductions import _correction, all, any, argmax, argmin, count_nonzero, cumprod, cumsum, max, min, prod, sum


def _with(x, value):
    """The elements, `value` in the place of NaN."""
    return where(x != x, value, x) if x.dtype.kind in "fc" else x


def _extreme(function, x, value, axis, keepdims):
    if x.dtype.kind != "f":
        return function(x, axis, keepdims=keepdims)
    found = function(_with(x, value), axis, keepdims=keepdims)
    return where(all(isnan(x), axis, keepdims=keepdims), math.nan, found)


def nanmax(x, /, axis=None, *, keepdims=False):
    """The greatest element without NaN."""
    return _extreme(max, x, -math.inf, axis, keepdims)


def nanmin(x, /, axis=None, *, keepdims=False):
    """The least element without NaN."""
    return _extreme(min, x, math.inf, axis, keepdims)


def nanprod(x, /, axis=None, dtype=None, *, keepdims=False):
    """The product without NaN."""
    return prod(_with(x, 1), axis, dtype, keepdims=keepdims)


def nanvar(x, /, axis=None, *, correction=None, ddof=None, keepdims=False):
    """The variance without NaN, see `var`: from the distances to the mean, not rounded once."""
    # `nanmean` takes no complex numbers.
    centred = x - sum(_with(x, 0), axis, keepdims=True) / count_nonzero(x == x, axis, keepdims=True)
    squares = centred * centred if x.dtype.kind != "c" else _engine.apply("square", _engine.apply("abs", centred))
    total = sum(_with(squares, 0), axis, keepdims=keepdims)
    left = count_nonzero(x == x, axis, keepdims=keepdims) - _correction(correction, ddof)
    return total / where(left > 0, left, math.nan)


def nanstd(x, /, axis=None, *, correction=None, ddof=None, keepdims=False):
    """The root of the variance without NaN."""
    return sqrt(nanvar(x, axis, correction=correction, ddof=ddof, keepdims=keepdims))


def _place(function, x, value, axis, keepdims):
    if x.dtype.kind == "f" and bool(any(all(isnan(x), axis))):
        raise ValueError("all elements are NaN")
    return function(_with(x, value) if x.dtype.kind == "f" else x, axis, keepdims=keepdims)


def nanargmax(x, /, axis=None, *, keepdims=False):
    """The index of the greatest element without NaN, see `argmax`."""
    return _place(argmax, x, -math.inf, axis, keepdims)


def nanargmin(x, /, axis=None, *, keepdims=False):
    """The index of the least element without NaN, see `argmin`."""
    return _place(argmin, x, math.inf, axis, keepdims)


def nancumsum(x, axis=None, dtype=None):
    """The sums up to each place, NaN as 0; see `cumsum`."""
    return cumsum(_with(x, 0), axis, dtype)


def nancumprod(x, axis=None, dtype=None):
    """The products up to each place, NaN as 1; see `cumprod`."""
    return cumprod(_with(x, 1), axis, dtype)


__all__ = ["nanargmax", "nanargmin", "nancumprod", "nancumsum", "nanmax", "nanmin", "nanprod", "nanstd", "nanvar"]
