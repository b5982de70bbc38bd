"""Averages and covariances. All are collective.

Matrices of covariances are computed row by row, so that no product of the data with itself is
stored.
"""

import numpy

from . import _engine
from ._engine import Array
from .creation import asarray, zeros, zeros_like
from .dtypes import astype, result_type
from .elementwise import clip, conj, real, sqrt
from .manipulation import _axis, concat, expand_dims, reshape, stack
from .reductions import any, mean, sum


def average(x, /, axis=None, weights=None, returned=False, *, keepdims=False):
    """The mean, with weights if they are given: an array of `x`'s shape, or of one dimension along
    the axis. With `returned` the sum of the weights, too."""
    if weights is None:
        found = mean(astype(x, result_type(x.dtype, numpy.float64), copy=False) if x.dtype.kind in "biu" else x, axis=axis, keepdims=keepdims)
        count = x.size if axis is None else int(numpy.prod([x.shape[_axis(one, x.ndim)] for one in (axis if isinstance(axis, tuple) else (axis,))]))
        return (found, zeros_like(found) + count) if returned else found
    weights = weights if isinstance(weights, Array) else asarray(weights, context=x.context)
    if weights.shape != x.shape:
        if not isinstance(axis, int) or weights.shape != (x.shape[_axis(axis, x.ndim)],):
            raise ValueError(f"weights of shape {weights.shape} for an array of shape {x.shape}: the same, or one for each index of one axis")
        weights = reshape(weights, tuple(-1 if at == _axis(axis, x.ndim) else 1 for at in range(x.ndim)))
    kind = result_type(x.dtype, weights.dtype, numpy.float64) if x.dtype.kind in "biu" else result_type(x.dtype, weights.dtype)
    x, weights = astype(x, kind, copy=False), astype(weights, kind, copy=False)
    total = sum(weights, axis=axis, keepdims=keepdims)
    if any(total == 0).item():
        raise ZeroDivisionError("the sum of the weights is 0")
    found = sum(x * weights, axis=axis, keepdims=keepdims) / total
    return (found, zeros_like(found) + total) if returned else found


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
