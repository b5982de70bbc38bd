"""Averages, covariances, and counts of values. All are collective.

Matrices of covariances are computed row by row, so that no product of the data with itself is
stored. Counts go to the ranks of the result once for each rank and value.
"""

import numpy

from . import _engine
from ._engine import Array
from ._memory import lent
from .creation import asarray, zeros
from .dtypes import astype, result_type
from .elementwise import clip, conj, real, sqrt
from .manipulation import _axis, concat, expand_dims, reshape, stack
from .mapping import map
from .reductions import mean, sum
from .selection import put


def average(x, /, *, axis=None, weights=None, keepdims=False, returned=False):
    """The mean, with weights if they are given: an array of `x`'s shape, or of one dimension along
    the axis. With `returned` the sum of the weights, too."""
    if weights is None:
        found = mean(astype(x, result_type(x.dtype, numpy.float64), copy=False) if x.dtype.kind in "biu" else x, axis=axis, keepdims=keepdims)
        count = x.size if axis is None else int(numpy.prod([x.shape[_axis(one, x.ndim)] for one in (axis if isinstance(axis, tuple) else (axis,))]))
        return (found, found * 0 + count) if returned else found
    weights = weights if isinstance(weights, Array) else asarray(weights, context=x.context)
    if weights.shape != x.shape:
        if not isinstance(axis, int) or weights.shape != (x.shape[_axis(axis, x.ndim)],):
            raise ValueError(f"weights of shape {weights.shape} for an array of shape {x.shape}: the same, or one for each index of one axis")
        weights = reshape(weights, tuple(-1 if at == _axis(axis, x.ndim) else 1 for at in range(x.ndim)))
    kind = result_type(x.dtype, weights.dtype, numpy.float64) if x.dtype.kind in "biu" else result_type(x.dtype, weights.dtype)
    x, weights = astype(x, kind, copy=False), astype(weights, kind, copy=False)
    total = sum(x * 0 + weights if weights.shape != x.shape else weights, axis=axis, keepdims=keepdims)
    if total.ndim == 0 and total.item() == 0:
        raise ZeroDivisionError("the sum of the weights is 0")
    found = sum(x * weights, axis=axis, keepdims=keepdims) / total
    return (found, total) if returned else found


def cov(m, y=None, rowvar=True, bias=False, ddof=None):
    """The matrix of covariances of variables: the rows of `m` and `y`, or the columns without
    `rowvar`; their axis of observations may be distributed."""
    variables = _variables(m, rowvar)
    if y is not None:
        variables = concat([variables, _variables(y, rowvar)], axis=0)
    count = variables.shape[1]
    divisor = count - ((0 if bias else 1) if ddof is None else ddof)
    variables = astype(variables, result_type(variables.dtype, numpy.float64), copy=False)
    centred = variables - mean(variables, axis=1, keepdims=True) if count else variables
    rows = [_row(centred, number) for number in range(variables.shape[0])]
    found = stack(rows, axis=0) / (divisor if divisor > 0 else float("nan") if divisor == 0 else divisor) if rows else zeros((0, 0), context=m.context)
    return reshape(found, ()) if found.shape == (1, 1) else found


def _row(centred, number):
    """The sums of products of one variable with all."""
    return sum(_engine.part(centred, (slice(number, number + 1),)) * conj(centred), axis=1)


def _variables(m, rowvar):
    if m.ndim > 2:
        raise ValueError(f"an array of {m.ndim} dimensions: variables and observations are two")
    if m.ndim < 2:
        return expand_dims(m if m.ndim else reshape(m, (1,)), axis=0)
    return m if rowvar or m.shape[0] == 1 else _engine.transpose(m)


def corrcoef(x, y=None, rowvar=True):
    """The matrix of correlations of variables, see `cov`."""
    found = cov(x, y, rowvar)
    if found.ndim == 0:
        return found / found
    from .manipulation import diagonal

    widths = sqrt(real(diagonal(found)))
    found = found / expand_dims(widths, axis=1) / expand_dims(widths, axis=0)
    return clip(found, -1, 1) if found.dtype.kind != "c" else found


def _tally(numbers, length, context, weights=None):
    """How often each number from 0 to `length` occurs on all ranks together, or the sums of
    weights: `numbers` are this rank's."""
    found, places = numpy.unique(numbers, return_inverse=True)
    if weights is None:
        counts = numpy.bincount(places.ravel(), minlength=len(found))
    else:
        counts = numpy.bincount(places.ravel(), weights, len(found))
    made = zeros((length,), dtype=int if weights is None else float, context=context)
    put(made, _joined(found.astype(numpy.int64), context), _joined(counts, context), mode="add")
    return made


def _joined(mine, context):
    """An array of one dimension of all ranks' elements, each on its rank."""
    counts = [int.from_bytes(count, "little") for count in context._gather_all(len(mine).to_bytes(8, "little"))]
    bounds = [0, *numpy.cumsum(counts).tolist()]
    made = _engine.empty(context, ([("b", bounds)], None), mine.dtype.name)
    lent(made)[...] = mine
    return made


def _mine(x):
    """This rank's elements along one axis, none twice."""
    local = lent(x) if x.ndim else numpy.asarray([x.item()] if x.context.rank == 0 else [], x.dtype)
    return numpy.zeros(0, x.dtype) if local is None else local.ravel()


def bincount(x, /, weights=None, minlength=0):
    """How often each number from 0 on occurs, or the sum of its weights: added up by each rank for
    its own, then exactly over the ranks."""
    if x.ndim != 1:
        raise ValueError(f"an array of {x.ndim} dimensions: one")
    if x.dtype.kind not in "iu":
        raise TypeError(f"numbers that are counted are integers, not {x.dtype}")
    if x.size and int(_engine.reduce(x, "min")) < 0:
        raise ValueError("a number is below 0")
    length = max(minlength, int(_engine.reduce(x, "max")) + 1 if x.size else 0)
    if weights is not None:
        weights = (weights if isinstance(weights, Array) else asarray(weights, context=x.context)).redistribute(x)
    return _tally(_mine(x), length, x.context, None if weights is None else _mine(weights))


def digitize(x, bins, right=False):
    """The number of the bin of each element: `bins` is a sequence of edges, the same on every
    rank."""
    if isinstance(bins, Array):
        raise TypeError("the edges are the same on every rank: NumPy's array, such as `bins.gather()`")
    edges = numpy.asarray(bins)
    return map(lambda elements: numpy.digitize(elements, edges, right), x, dtype=numpy.int64)


def histogram(x, bins=10, range=None, weights=None):
    """(counts, edges): how many elements lie in each bin, or the sums of their weights. `bins` is a
    number of equal ones between the least and the greatest element, or between those of `range`;
    or the edges. The edges are NumPy's array."""
    if isinstance(bins, int):
        if range is None:
            ends = [x.dtype.type(_engine.reduce(x, name).item()) for name in ("min", "max")] if x.size else [0.0, 1.0]
            if not numpy.isfinite(ends).all():
                raise ValueError(f"the elements from {ends[0]} to {ends[1]} have no equal bins: give `range`")
            edges = numpy.histogram_bin_edges(numpy.asarray(ends), bins)
        else:
            edges = numpy.histogram_bin_edges(numpy.zeros(0), bins, range)
    else:
        edges = numpy.asarray(bins)
        if edges.ndim != 1 or (numpy.diff(edges) < 0).any():
            raise ValueError("edges ascend along one dimension")
    if weights is not None:
        weights = (weights if isinstance(weights, Array) else asarray(weights, context=x.context)).redistribute(x)
    mine = _mine(x)
    places = numpy.searchsorted(edges, mine, "right") - 1
    places[mine == edges[-1]] = len(edges) - 2
    inside = (places >= 0) & (mine <= edges[-1])
    return _tally(places[inside], len(edges) - 1, x.context, None if weights is None else _mine(weights)[inside]), edges
