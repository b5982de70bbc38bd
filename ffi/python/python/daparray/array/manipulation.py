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
        raise getattr(numpy, "exceptions", numpy).AxisError(number, ndim)
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


def ndim(x, /):
    """The number of dimensions. Local."""
    return x.ndim if isinstance(x, Array) else numpy.ndim(x)


def shape(x, /):
    """The extents. Local."""
    return x.shape if isinstance(x, Array) else numpy.shape(x)


def size(x, /, axis=None):
    """The number of elements, or the extent of an axis. Local."""
    return numpy.size(x, axis) if not isinstance(x, Array) else x.size if axis is None else x.shape[_axis(axis, x.ndim)]


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


def flip(x, /, axis=None):
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


def concat(arrays, /, axis=0):
    """Arrays one behind the other along an axis; one behind the other in C order with None. In the
    first one's distribution, along the axis as even as can be. Collective."""
    arrays = list(arrays)
    if axis is None:
        arrays, axis = [reshape(x, (-1,)) for x in arrays], 0
    if any(x.ndim == 0 for x in arrays):
        raise ValueError("arrays without dimensions cannot be joined: stack them")
    return _engine.concatenate(arrays, _axis(axis, arrays[0].ndim) if arrays else 0)


def stack(arrays, /, axis=0):
    """Arrays of one shape along a new axis. Collective."""
    arrays = list(arrays)
    if arrays and all(x.ndim == 0 for x in arrays):
        _axis(axis, 1)
        return _engine.concatenate([expand_all(x, 1) for x in arrays], 0)
    return _engine.stack(arrays, _axis(axis, arrays[0].ndim + 1) if arrays else 0)


def unstack(x, /, axis=0):
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


def repeat(x, repeats, /, axis=None):
    """Each element several times along an axis, of all elements in C order by default. `repeats` is
    a number, or a number for each index: the same on every rank, or an array. Collective."""
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    axis = _axis(axis, x.ndim)
    if not isinstance(repeats, Array):
        repeats = numpy.asarray(repeats)
    if repeats.ndim == 0 or repeats.size == 1:
        return _engine.repeat(x, int(repeats if repeats.ndim == 0 else _first(repeats)), axis)
    if repeats.shape != (x.shape[axis],):
        raise ValueError(f"{repeats.shape} numbers for {x.shape[axis]} indices")
    return _engine.take_along(x, [axis], [_repeated(repeats, x.context)])


def _repeated(counts, context):
    """Each index as often as its number says, ascending: a distributed array. The index at a place
    is the number of indices whose last repetition lies before it."""
    from .creation import asarray, zeros
    from .reductions import cumulative_sum

    counts = counts if isinstance(counts, Array) else asarray(counts, context=context)
    if counts.dtype.kind not in "iu":
        raise TypeError(f"numbers of repetitions are integers, not {counts.dtype}")
    if counts.dtype.kind == "i" and counts.size and int(_engine.reduce(counts, "min")) < 0:
        raise ValueError("a number of repetitions is below 0")
    ends = cumulative_sum(counts, dtype=numpy.int64)
    total = int(_engine.part(ends, (-1,))) if ends.size else 0
    steps = zeros((total + 1,), dtype=numpy.int64, context=context)
    if ends.size:
        _engine.put_along(steps, [0], [ends], 1, True)
    return _engine.part(cumulative_sum(steps), (slice(0, total),))


def _first(repeats):
    return _engine.part(repeats, (0,)) if isinstance(repeats, Array) else repeats[0]


def roll(x, /, shift, axis=None):
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


def diff(x, /, n=1, axis=-1, prepend=None, append=None):
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


def pad(x, widths, /, mode="constant", *, constant_values=0):
    """The array with new elements before and behind it along each axis: `widths` is a number, a
    pair for all axes, or a pair for each. `mode` is NumPy's: `"constant"`, `"edge"`, `"reflect"`,
    `"symmetric"` or `"wrap"`. Collective."""
    pairs = numpy.broadcast_to(numpy.asarray(widths), (x.ndim, 2)).tolist()
    return _engine.pad(x, pairs, mode, constant_values)


def ravel(x, /):
    """All elements in C order, along one axis. Collective, but for one dimension."""
    return reshape(x, (-1,))


def transpose(x, axes=None):
    """The axes in another order, in reverse by default. A view."""
    if axes is not None:
        return permute_dims(x, axes)
    return _engine.transpose(x) if x.ndim else x


def concatenate(arrays, axis=0):
    """NumPy's name of `concat`. Collective."""
    return concat(arrays, axis=axis)


def at_least(x, ndim):
    """With new axes of one element where NumPy's `atleast_*d` puts them. A view."""
    if x.ndim == 0:
        return expand_all(x, ndim)
    if x.ndim == 1 and ndim > 1:
        x = expand_dims(x, 0)
    return expand_dims(x, -1) if x.ndim == 2 and ndim > 2 else x


def hstack(arrays):
    """Arrays one behind the other along the second axis; of one dimension along the only one.
    Collective."""
    arrays = [at_least(x, 1) for x in arrays]
    return concat(arrays, axis=0 if arrays and arrays[0].ndim == 1 else 1)


def vstack(arrays):
    """Arrays one above the other, those of one dimension as rows. Collective."""
    return concat([at_least(x, 2) for x in arrays], axis=0)


def split(x, parts, axis=0):
    """The parts of an array along an axis, as a list of views: a number of equal ones, or the
    indices where a new one begins."""
    at = _axis(axis, x.ndim)
    extent = x.shape[at]
    if isinstance(parts, (list, tuple, numpy.ndarray)):
        ends = [None, *(operator.index(end) for end in parts), None]
    else:
        count = operator.index(parts)
        if count < 1 or extent % count:
            raise ValueError(f"{extent} elements along axis {at} are not {count} equal parts: give the indices where parts begin")
        ends = [number * (extent // count) for number in range(count + 1)]
    front = (slice(None),) * at
    return [_engine.part(x, (*front, slice(start, stop))) for start, stop in zip(ends, ends[1:], strict=False)]


def rot90(x, k=1, axes=(0, 1)):
    """The array turned by `k` right angles, from the first axis to the second. A view."""
    first, second = _axes(tuple(axes), x.ndim)
    turns = operator.index(k) % 4
    if turns == 0:
        return x
    if turns == 2:
        return _engine.flip(x, [first, second])
    if turns == 1:
        return swapaxes(_engine.flip(x, [second]), first, second)
    return _engine.flip(swapaxes(x, first, second), [second])


def diagonal(x, /, offset=0, axis1=0, axis2=1):
    """The elements whose indices along two axes differ by `offset`, along a new last axis. The axes
    are NumPy's, the first two by default; `linalg.diagonal` has the standard's last two.
    Collective."""
    return _engine.diagonal(moveaxis(x, (axis1, axis2), (-2, -1)), offset)


def diag(x, k=0):
    """The diagonal of a matrix; of an array of one dimension, the matrix with it as its diagonal.
    Collective."""
    from .creation import arange, zeros

    if x.ndim == 2:
        return diagonal(x, offset=k)
    if x.ndim != 1:
        raise ValueError(f"an array of {x.ndim} dimensions: one or two")
    n = x.size + abs(k)
    made = zeros((n, n), dtype=x.dtype, context=x.context)
    if x.size:
        line = arange(x.size, context=x.context)
        _engine.put_along(made, [0, 1], [line + max(0, -k), line + max(0, k)], x, False)
    return made
