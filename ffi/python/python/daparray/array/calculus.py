"""Differences and integrals of sampled functions, by NumPy's names. Collective."""

import operator

from . import _engine
from .creation import empty_like
from .dtypes import astype
from .manipulation import _axis
from .reductions import sum


def _along(x, axis, part):
    return _engine.part(x, (slice(None),) * axis + (part,))


def _gradient(x, spacing, axis):
    if x.shape[axis] < 2:
        raise ValueError(f"axis {axis} has {x.shape[axis]} elements: a gradient needs 2")
    found = empty_like(x)
    middle = (_along(x, axis, slice(2, None)) - _along(x, axis, slice(None, -2))) / (2 * spacing)
    _engine.assign(_along(found, axis, slice(1, -1)), middle)
    for end, one, other in ((slice(0, 1), slice(1, 2), slice(0, 1)), (slice(-1, None), slice(-1, None), slice(-2, -1))):
        _engine.assign(_along(found, axis, end), (_along(x, axis, one) - _along(x, axis, other)) / spacing)
    return found


def gradient(f, *spacing, axis=None):
    """The slopes along each axis, as a tuple, or along one: central differences, one-sided ones at
    the ends. The distance of samples is one number, or one for each axis, 1 by default."""
    axes = list(range(f.ndim)) if axis is None else [_axis(one, f.ndim) for one in (axis if isinstance(axis, tuple) else (axis,))]
    distances = list(spacing) * len(axes) if len(spacing) == 1 else list(spacing) or [1] * len(axes)
    if len(distances) != len(axes):
        raise TypeError(f"{len(distances)} distances for {len(axes)} axes")
    f = f if f.dtype.kind in "fc" else astype(f, float)
    found = tuple(_gradient(f, distance, one) for distance, one in zip(distances, axes, strict=True))
    return found[0] if len(found) == 1 else found


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The integral along an axis by straight lines between samples, at places `x` or at equal
    distances."""
    axis = _axis(operator.index(axis), y.ndim)
    pairs = _along(y, axis, slice(1, None)) + _along(y, axis, slice(None, -1))
    if x is not None:
        at = axis if x.ndim > 1 else 0
        widths = _along(x, at, slice(1, None)) - _along(x, at, slice(None, -1))
        shape = (-1,) + (1,) * (y.ndim - axis - 1)
        dx = widths if x.ndim > 1 else _engine.reshape(widths, list(shape)) if y.ndim > 1 else widths
    return sum(pairs * dx * 0.5, axis)


__all__ = ["gradient", "trapezoid"]
