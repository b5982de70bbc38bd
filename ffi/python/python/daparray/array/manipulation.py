"""The same elements in other shapes and orders.

Views move nothing: transposed, flipped, broadcast and expanded arrays, and slices. The others copy
and are collective.
"""

import operator

import numpy

from . import _engine
from ._engine import Array


def _axis(axis, ndim):
    """An axis counted from the front.

    Raises `ValueError` where there is none (NumPy's `AxisError`)."""
    number = operator.index(axis)
    if not -ndim <= number < ndim:
        raise numpy.exceptions.AxisError(number, ndim)
    return number % ndim if ndim else 0


def _axes(axis, ndim):
    axes = [_axis(one, ndim) for one in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    if len(set(axes)) < len(axes):
        raise ValueError(f"an axis is named twice: {axis}")
    return axes


def _extents(shape):
    return [operator.index(extent) for extent in (shape if isinstance(shape, (tuple, list)) else (shape,))]


def expand_all(x, ndim):
    """A value as an array with `ndim` axes of one element."""
    return _engine.with_dimensions(x, ndim) if ndim else x


def broadcast_to(x, /, shape):
    """The elements repeated to a larger shape. A view; a value becomes a new array."""
    shape = _extents(shape)
    if x.ndim == 0:
        from .creation import full

        return full(tuple(shape), x.item(), dtype=x.dtype, context=x.context)
    return x if list(x.shape) == shape else _engine.broadcast_to(x, shape)


def broadcast_arrays(*arrays):
    """The arrays repeated to a common shape, as a tuple. Views."""
    shape = broadcast_shapes(*(x.shape for x in arrays))
    return tuple(broadcast_to(x, shape) for x in arrays)


def broadcast_shapes(*shapes):
    """The shape to which arrays of these shapes are broadcast. Local."""
    return numpy.broadcast_shapes(*shapes)


def expand_dims(x, /, axis=0):
    """New axes of one element, at these places of the result. A view."""
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    ndim = x.ndim + len(axes)
    new = _axes(tuple(axes), ndim)
    if x.ndim == 0:
        return expand_all(x, ndim)
    return _engine.part(x, tuple(None if at in new else slice(None) for at in range(ndim)))


def squeeze(x, /, axis=None):
    """Without these axes, which have one element. A view."""
    axes = [at for at, extent in enumerate(x.shape) if extent == 1] if axis is None else _axes(axis, x.ndim)
    for at in axes:
        if x.shape[at] != 1:
            raise ValueError(f"axis {at} has {x.shape[at]} elements, and only axes of one can be left out")
    if x.ndim == 0 or not axes:
        return x
    return _engine.part(x, tuple(0 if at in axes else slice(None) for at in range(x.ndim)))


def permute_dims(x, /, axes):
    """The axes in another order. A view."""
    if x.ndim == 0 and len(axes) == 0:
        return x
    return _engine.transpose(x, _extents(axes))


def matrix_transpose(x, /):
    """The last two axes exchanged. A view."""
    if x.ndim < 2:
        raise ValueError(f"a matrix has two dimensions, the array has {x.ndim}")
    return swapaxes(x, -1, -2)


def swapaxes(x, axis1, axis2):
    """Two axes exchanged. A view."""
    order = list(range(x.ndim))
    one, other = _axis(axis1, x.ndim), _axis(axis2, x.ndim)
    order[one], order[other] = other, one
    return permute_dims(x, order)


def moveaxis(x, source, destination, /):
    """Some axes at other places, the others in their order. A view."""
    sources, destinations = _axes(source, x.ndim), _axes(destination, x.ndim)
    if len(sources) != len(destinations):
        raise ValueError(f"{len(sources)} axes for {len(destinations)} places")
    order = [at for at in range(x.ndim) if at not in sources]
    for place, at in sorted(zip(destinations, sources, strict=True)):
        order.insert(place, at)
    return permute_dims(x, order)


def flip(x, /, *, axis=None):
    """The elements in reverse order along some axes, all by default. A view."""
    axes = list(range(x.ndim)) if axis is None else _axes(axis, x.ndim)
    return _engine.flip(x, axes) if axes else x


def reshape(x, /, shape, *, copy=None):
    """The same elements in C order, in another shape; one extent may be -1. A view where only axes
    of one element come or go, else collective."""
    shape = _extents(shape)
    if x.ndim == 0:
        if any(extent not in (1, -1) for extent in shape) or shape.count(-1) > 1:
            raise ValueError(f"one element has no shape {tuple(shape)}")
        return _engine.copy(x) if not shape else expand_all(x, len(shape))
    if shape == list(x.shape):
        return _engine.copy(x) if copy else x
    if copy is False and [n for n in x.shape if n != 1] != [n for n in shape if n != 1]:
        raise ValueError("elements of another shape lie on other ranks: copy=False is not possible")
    made = _engine.reshape(x, shape)
    return _engine.copy(made) if copy else made


def concat(arrays, /, *, axis=0):
    """Arrays one behind the other along an axis; one behind the other in C order with None. In the
    first one's distribution, along the axis as even as can be. Collective."""
    arrays = list(arrays)
    if axis is None:
        arrays, axis = [reshape(x, (-1,)) for x in arrays], 0
    if any(x.ndim == 0 for x in arrays):
        raise ValueError("arrays without dimensions cannot be joined: stack them")
    return _engine.concatenate(arrays, _axis(axis, arrays[0].ndim) if arrays else 0)


def stack(arrays, /, *, axis=0):
    """Arrays of one shape along a new axis. Collective."""
    arrays = list(arrays)
    if arrays and all(x.ndim == 0 for x in arrays):
        _axis(axis, 1)
        return _engine.concatenate([expand_all(x, 1) for x in arrays], 0)
    return _engine.stack(arrays, _axis(axis, arrays[0].ndim + 1) if arrays else 0)


def unstack(x, /, *, axis=0):
    """The parts along an axis, as a tuple of views."""
    at = _axis(axis, x.ndim)
    front = (slice(None),) * at
    return tuple(_engine.part(x, (*front, index)) for index in range(x.shape[at]))


def tile(x, repetitions, /):
    """The array several times along each axis. Collective."""
    repetitions = _extents(repetitions)
    if x.ndim == 0:
        x = expand_all(x, max(1, len(repetitions)))
        return _engine.tile(x, repetitions) if repetitions else reshape(x, ())
    return _engine.tile(x, repetitions) if repetitions else _engine.copy(x)


def repeat(x, repeats, /, *, axis=None):
    """Each element several times along an axis, of all elements in C order by default. `repeats` is
    a number, or a number for each index: the same on every rank, or an array. Collective."""
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    axis = _axis(axis, x.ndim)
    if not isinstance(repeats, Array):
        repeats = numpy.asarray(repeats)
    if repeats.ndim == 0 or repeats.size == 1:
        return _engine.repeat(x, int(repeats if repeats.ndim == 0 else _first(repeats)), axis)
    counts = repeats.gather() if isinstance(repeats, Array) else repeats
    if counts.shape != (x.shape[axis],):
        raise ValueError(f"{counts.shape} numbers for {x.shape[axis]} indices")
    indices = numpy.repeat(numpy.arange(len(counts), dtype=numpy.int64), counts)
    return _engine.take_along(x, [axis], [indices])


def _first(repeats):
    return _engine.part(repeats, (0,)) if isinstance(repeats, Array) else repeats[0]


def roll(x, /, shift, *, axis=None):
    """The elements moved along some axes, round the ends; in C order of all without one.
    Collective."""
    if axis is None:
        shape = x.shape
        if x.ndim == 0:
            return _engine.copy(x)
        return reshape(_engine.roll(reshape(x, (-1,)), [operator.index(shift)], [0]), shape)
    axes = [_axis(one, x.ndim) for one in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    shifts = list(shift) if isinstance(shift, (tuple, list)) else [shift] * len(axes)
    if len(shifts) != len(axes):
        raise ValueError(f"{len(shifts)} shifts for {len(axes)} axes")
    total = {}
    for at, by in zip(axes, shifts, strict=True):
        total[at] = total.get(at, 0) + operator.index(by)
    return _engine.roll(x, list(total.values()), list(total))


def diff(x, /, *, axis=-1, n=1, prepend=None, append=None):
    """The differences of neighbours along an axis, `n` times. Collective."""
    if n < 0:
        raise ValueError(f"{n} differences: at least 0")
    at = _axis(axis, x.ndim)
    parts = [part for part in (prepend, x, append) if part is not None]
    if len(parts) > 1:
        x = concat(parts, axis=at)
    front = (slice(None),) * at
    for _ in range(n):
        later, earlier = _engine.part(x, (*front, slice(1, None))), _engine.part(x, (*front, slice(None, -1)))
        x = later != earlier if x.dtype.kind == "b" else later - earlier
    return x


def pad(x, widths, /, *, mode="constant", constant_values=0):
    """The array with new elements before and behind it along each axis: `widths` is a number, a
    pair for all axes, or a pair for each. `mode` is NumPy's: `"constant"`, `"edge"`, `"reflect"`,
    `"symmetric"` or `"wrap"`. Collective."""
    pairs = numpy.broadcast_to(numpy.asarray(widths), (x.ndim, 2)).tolist()
    return _engine.pad(x, pairs, mode, constant_values)
