"""Sorting and searching of distributed arrays. All are collective.

No rank has the whole of an array: elements go to the rank of their place in the result. Results lie
as the array does. The order is NumPy's: NaN behind all numbers, complex numbers by the real and
then the imaginary part. The book's page *Sorting* has the cost.
"""

import collections
import operator

import numpy

from . import _engine
from ._engine import Array
from .creation import asarray
from .manipulation import expand_all, expand_dims

__all__ = [
    "argsort", "bincount", "digitize", "histogram", "isin", "median", "nanmedian", "nanpercentile", "nanquantile", "percentile",
    "quantile", "searchsorted", "sort", "topk", "unique", "unique_all", "unique_counts", "unique_inverse", "unique_values",
]  # fmt: skip

UniqueAll = collections.namedtuple("UniqueAllResult", ["values", "indices", "inverse_indices", "counts"])
UniqueCounts = collections.namedtuple("UniqueCountsResult", ["values", "counts"])
UniqueInverse = collections.namedtuple("UniqueInverseResult", ["values", "inverse_indices"])


def sort(x, /, axis=-1, *, descending=False, stable=True):
    """The elements in order along an axis, or all of them in one dimension with None."""
    return _engine.sort(x, axis, descending)


def argsort(x, /, axis=-1, *, descending=False, stable=True):
    """The indices that sort along an axis; equal elements keep their order."""
    return _engine.argsort(x, axis, descending)


def topk(x, k, /, *, axis=-1, largest=True):
    """The `k` largest or least elements along an axis, in order, and their indices."""
    return _engine.topk(x, operator.index(k), axis, largest)


def unique_all(x, /):
    """The different elements in order, the index of the first of each in C order, for each element
    the number of its value, and the counts. Each NaN is an element of its own."""
    values, indices, inverse, counts = _engine.unique(x, "all", False)
    return UniqueAll(values, indices, inverse, counts)


def unique_counts(x, /):
    """The different elements in order, and their counts. Each NaN is an element of its own."""
    return UniqueCounts(*_engine.unique(x, "counts", False))


def unique_inverse(x, /):
    """The different elements in order, and for each element the number of its value. Each NaN is an
    element of its own."""
    return UniqueInverse(*_engine.unique(x, "inverse", False))


def unique_values(x, /):
    """The different elements in order. Each NaN is an element of its own."""
    return _engine.unique(x, "values", False)[0]


def unique(x, return_index=False, return_inverse=False, return_counts=False, *, equal_nan=True):
    """NumPy's: the different elements in order, and what else is asked for."""
    if not (return_index or return_inverse):
        found = _engine.unique(x, "counts" if return_counts else "values", equal_nan)
        return tuple(found) if return_counts else found[0]
    values, *others = _engine.unique(x, "all", equal_nan)
    return (values, *(other for other, wanted in zip(others, (return_index, return_inverse, return_counts)) if wanted))


def searchsorted(x1, x2, /, side="left", sorter=None):
    """The places at which the elements of `x2` can be inserted into the sorted array `x1`. With
    `sorter`, the elements of `x1` at these indices are sorted."""
    if side not in ("left", "right"):
        raise ValueError(f"no side {side!r}: 'left' or 'right'")
    values = x2 if isinstance(x2, Array) else asarray(x2, context=x1.context)
    return _engine.searchsorted(x1, values, side == "right", sorter)


def isin(x1, x2, /, *, invert=False):
    """Whether each element of `x1` is among those of `x2`; with `invert`, whether it is not."""
    first, second = (one if isinstance(one, Array) else asarray(one, context=other.context) for one, other in ((x1, x2), (x2, x1)))
    return _engine.isin(first, second, invert)


def _axes(axis):
    return None if axis is None else [operator.index(one) for one in (axis if isinstance(axis, tuple) else (axis,))]


def _kept(found, x, axis, front):
    """The reduced axes again, with one element, behind `front` new ones."""
    axes = range(x.ndim) if axis is None else sorted(one % x.ndim for one in _axes(axis))
    for one in axes:
        found = expand_dims(found, axis=one + front)
    return found


def _quantiles(x, q, scale, axis, method, keepdims, skips_nan):
    numbers = numpy.asarray(q, numpy.float64) / scale
    if numbers.ndim > 1:
        raise ValueError(f"quantiles of {numbers.ndim} dimensions: a number, or a sequence of numbers")
    found = _engine.quantile(x, numbers.ravel().tolist(), _axes(axis), method, skips_nan)
    if keepdims:
        found = _kept(found, x, axis, 1)
    return found[0] if numbers.ndim == 0 else found


def quantile(x, q, /, axis=None, *, method="linear", keepdims=False):
    """Exact quantiles along some axes, or of all elements: `q` is between 0 and 1, and a sequence
    of them makes a new first axis. `method` is one of NumPy's."""
    return _quantiles(x, q, 1, axis, method, keepdims, False)


def percentile(x, q, /, axis=None, *, method="linear", keepdims=False):
    """As `quantile`, with numbers between 0 and 100."""
    return _quantiles(x, q, 100, axis, method, keepdims, False)


def nanquantile(x, q, /, axis=None, *, method="linear", keepdims=False):
    """As `quantile`, without NaN."""
    return _quantiles(x, q, 1, axis, method, keepdims, True)


def nanpercentile(x, q, /, axis=None, *, method="linear", keepdims=False):
    """As `percentile`, without NaN."""
    return _quantiles(x, q, 100, axis, method, keepdims, True)


def _median(x, axis, keepdims, skips_nan):
    found = _engine.median(x, _axes(axis), skips_nan)
    if not keepdims:
        return found
    return expand_all(found, x.ndim) if found.ndim == 0 else _kept(found, x, axis, 0)


def median(x, /, axis=None, *, keepdims=False):
    """The exact medians along some axes, or of all elements."""
    return _median(x, axis, keepdims, False)


def nanmedian(x, /, axis=None, *, keepdims=False):
    """As `median`, without NaN."""
    return _median(x, axis, keepdims, True)


def _weights(weights, x):
    return weights if weights is None or isinstance(weights, Array) else asarray(weights, context=x.context)


def histogram(x, bins=10, range=None, weights=None, *, density=False):
    """(counts, edges): how many elements lie in each bin, or the exact sums of their weights.
    `bins` is a number of equal ones between the least and the greatest element, or between those of
    `range`; or the edges. The edges are NumPy's array."""
    is_count = isinstance(bins, int)
    edges = None if is_count else numpy.asarray(bins, numpy.float64).tolist()
    limits = None if range is None else [float(limit) for limit in range]
    counts, found = _engine.histogram(x, bins if is_count else 0, limits, edges, _weights(weights, x), density)
    return counts, numpy.asarray(found) if is_count else numpy.asarray(bins)


def bincount(x, /, weights=None, minlength=0):
    """How often each number from 0 on occurs, or the exact sum of its weights."""
    if x.ndim != 1:
        raise ValueError(f"an array of {x.ndim} dimensions: one")
    return _engine.bincount(x, _weights(weights, x), operator.index(minlength))


def digitize(x, bins, right=False):
    """The number of the bin of each element: `bins` is a sequence of edges, the same on every
    rank."""
    if isinstance(bins, Array):
        raise TypeError("the edges are the same on every rank: NumPy's array, such as `bins.gather()`")
    return _engine.digitize(x, numpy.asarray(bins, numpy.float64).tolist(), right)


def _sort_in_place(self, axis=-1, *, descending=False, stable=True):
    """Puts the elements in order along an axis. Collective."""
    self[...] = sort(self, axis=axis, descending=descending)


Array.sort, Array.argsort = _sort_in_place, argsort

