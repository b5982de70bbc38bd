"""Indexing: `x[...]`, `x[...] = v`, and the functions of the array API standard for it.

========================================  =========================================================
integers, slices, Ellipsis, None          a view: nothing moves. `x[3, 4]` is a value, and
collective a mask                                    a copy of one axis in the place of the mask's.
Collective arrays of integers                        a copy; their elements move. Collective
========================================  =========================================================

Indices are the same on every rank. An array of indices or a mask is a distributed array, or NumPy's
with the same elements on every rank.
"""

import operator

import numpy

from . import _engine
from ._engine import Array
from .creation import arange, asarray
from .manipulation import _axis, expand_all, expand_dims, reshape, squeeze, stack


def _is_array(part):
    """Whether a part of an index is an array of integers or a mask."""
    if isinstance(part, Array):
        return part.ndim > 0 or part.dtype.kind == "b"
    return isinstance(part, (numpy.ndarray, list)) or isinstance(part, (bool, numpy.bool_))


def _parts(x, key):
    """The index as a list with one part for each axis, and new axes."""
    parts = list(key) if isinstance(key, tuple) else [key]
    parts = [numpy.asarray(part) if isinstance(part, (list, bool, numpy.bool_)) else part for part in parts]
    taken = sum(_taken(part) for part in parts)
    if taken > x.ndim:
        raise IndexError(f"{taken} indices for an array of {x.ndim} dimensions")
    if sum(part is Ellipsis for part in parts) > 1:
        raise IndexError("an index has one Ellipsis at most")
    if not any(part is Ellipsis for part in parts):
        parts.append(Ellipsis)
    at = next(at for at, part in enumerate(parts) if part is Ellipsis)
    parts[at : at + 1] = [slice(None)] * (x.ndim - taken)
    axis = 0
    for at, part in enumerate(parts):
        if not (part is None or isinstance(part, slice) or _is_array(part)):
            try:
                parts[at] = operator.index(part)
            except TypeError:
                raise IndexError(f"`{type(part).__name__}` is no index: integers, slices, Ellipsis, None and arrays are") from None
            if not -x.shape[axis] <= parts[at] < x.shape[axis]:
                raise IndexError(f"index {parts[at]} is out of bounds: axis {axis} has {x.shape[axis]} elements")
        axis += _taken(part)
    return parts


def _taken(part):
    """The number of axes that a part of an index takes."""
    if part is None or part is Ellipsis:
        return 0
    if _is_array(part) and part.dtype.kind == "b":
        return part.ndim
    return 1


def _mask(part, x):
    return part if isinstance(part, Array) else asarray(part, context=x.context)


def _indices(part):
    """An array of indices as the engine takes it."""
    if isinstance(part, Array):
        if part.dtype.kind not in "iu":
            raise IndexError(f"an array of indices has integers, not {part.dtype}")
        return part
    if part.size == 0 and part.dtype.kind == "f":
        part = part.astype(numpy.int64)  # An empty list.
    if part.dtype.kind not in "iu":
        raise IndexError(f"an array of indices has integers, not {part.dtype}")
    return numpy.ascontiguousarray(part, numpy.int64)


def _basic(x, parts):
    return _engine.part(x, tuple(parts))


def _split(x, parts):
    """A view with the basic parts applied, and the axes and arrays of the others; integers beside
    arrays are arrays, as in NumPy."""
    basic, axes, arrays, axis = [], [], [], 0
    for part in parts:
        if part is None or isinstance(part, slice):
            basic.append(part)
            axis += 1
            continue
        found = [part]
        if not isinstance(part, int) and part.dtype.kind == "b":
            if part.ndim == 0:
                raise IndexError("a mask without dimensions stands alone in an index")
            shape = x.shape[_base_axis(basic) : _base_axis(basic) + part.ndim]
            if tuple(part.shape) != shape:
                raise IndexError(f"a mask of shape {tuple(part.shape)} over axes of {shape}")
            found = nonzero(part) if isinstance(part, Array) else numpy.nonzero(part)
        for one in found:
            basic.append(slice(None))
            axes.append(axis)
            arrays.append(_indices(numpy.asarray(one) if isinstance(one, int) else one))
            axis += 1
    return _basic(x, basic), axes, arrays


def _base_axis(basic):
    return sum(part is not None for part in basic)


def _only_mask(x, parts):
    """The mask of an index that is one mask over the first axes, and nothing else; or None."""
    masks = [part for part in parts if not isinstance(part, (int, slice)) and part is not None]
    if len(masks) != 1 or parts[0] is not masks[0] or masks[0].dtype.kind != "b" or masks[0].ndim == 0:
        return None
    if any(part != slice(None) for part in parts[1:]):
        return None
    mask = masks[0]
    if tuple(mask.shape) != x.shape[: mask.ndim]:
        raise IndexError(f"a mask of shape {tuple(mask.shape)} over the first axes of an array of shape {x.shape}")
    return _mask(mask, x)


def _truth(parts):
    """Whether an index that is one mask without dimensions is true; None for other indices."""
    first = parts[0] if parts else None
    if not _is_array(first) or first.ndim or first.dtype.kind != "b" or any(part != slice(None) for part in parts[1:]):
        return None
    return bool(first)


def getitem(x, key):
    """`x[key]`."""
    parts = _parts(x, key)
    truth = _truth(parts)
    if truth is not None:
        return _engine.copy(_engine.part(expand_dims(x), (slice(int(truth)),)))
    if not any(_is_array(part) for part in parts):
        if x.ndim == 0:
            return expand_all(x, len(parts)) if parts else _engine.copy(x)
        return _basic(x, parts)
    mask = _only_mask(x, parts)
    if mask is not None:
        return _engine.compress(x, mask)
    view, axes, arrays = _split(x, parts)
    return _picked(view, axes, arrays)


def _picked(view, axes, arrays):
    try:
        return _engine.take_along(view, axes, arrays)
    except ValueError as error:
        raise IndexError(str(error)) if "out of bounds" in str(error) else error from None


def setitem(x, key, value):
    """`x[key] = value`. Collective. The elements that are read are as they were before the first is
    written."""
    if not isinstance(value, (Array, int, float, complex, numpy.generic)):
        value = asarray(value, context=x.context)
    parts = _parts(x, key)
    truth = _truth(parts)
    if truth is not None:
        if truth and isinstance(value, Array) and value.ndim > x.ndim:
            value = squeeze(value, 0)
        if truth:
            _engine.assign(x, value)
        return
    if not any(_is_array(part) for part in parts):
        if x.ndim and all(isinstance(part, int) for part in parts):
            # A view of one element, which has a place, and not its value.
            parts = [slice(part, part + 1 or None) for part in parts]
        _engine.assign(_basic(x, parts) if x.ndim else x, value)
        return
    mask = _only_mask(x, parts)
    if mask is not None:
        _engine.put_where(x, mask, value)
        return
    view, axes, arrays = _split(x, parts)
    try:
        _engine.put_along(view, axes, arrays, value)
    except ValueError as error:
        raise IndexError(str(error)) if "out of bounds" in str(error) else error from None


def take(x, indices, /, axis=None):
    """The elements at indices along an axis. Collective."""
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"an array of {x.ndim} dimensions: say which axis")
        axis = 0
    given = indices if isinstance(indices, Array) else numpy.asarray(indices)
    return _picked(x, [_axis(axis, x.ndim)], [_indices(given)])


def take_along_axis(x, indices, /, axis=-1):
    """The elements at indices along an axis, other ones for each place of the other axes.
    Collective."""
    at = _axis(axis, x.ndim)
    given = _indices(indices if isinstance(indices, Array) else numpy.asarray(indices))
    if given.ndim != x.ndim:
        raise ValueError(f"indices of {given.ndim} dimensions for an array of {x.ndim}")
    shape = list(numpy.broadcast_shapes(
        tuple(1 if axis == at else n for axis, n in enumerate(x.shape)), tuple(1 if axis == at else n for axis, n in enumerate(given.shape))
    ))
    arrays = []
    for axis, extent in enumerate(x.shape):
        shape[axis] = extent if axis != at else given.shape[axis]
        arrays.append(given if axis == at else _engine.part(arange(extent, context=x.context), tuple(
            slice(None) if other == axis else None for other in range(x.ndim)
        )))
    return _picked(x, list(range(x.ndim)), arrays)


def put(x, indices, values, /, *, axis=None, mode="set"):
    """Overwrites the elements at indices along an axis, of all in C order without one; with mode
    `"add"` values are added to them, each as often as its index occurs, and sums of floats are
    rounded once. Collective."""
    if mode not in ("set", "add"):
        raise ValueError(f"no mode {mode!r}: 'set' or 'add'")
    given = _indices(indices if isinstance(indices, Array) else numpy.asarray(indices))
    if not isinstance(values, (Array, int, float, complex, numpy.generic)):
        values = asarray(values, context=x.context)
    if axis is not None:
        axes, arrays = [_axis(axis, x.ndim)], [given]
    else:
        axes, arrays = list(range(x.ndim)), _unravelled(given, x)
    try:
        _engine.put_along(x, axes, arrays, values, mode == "add")
    except ValueError as error:
        raise IndexError(str(error)) if "out of bounds" in str(error) else error from None


def _unravelled(numbers, x):
    """An index for each axis of numbers in C order."""
    if x.ndim == 1:
        return [numbers]
    if isinstance(numbers, Array):
        least, most = (int(_engine.reduce(numbers, name)) if numbers.size else 0 for name in ("min", "max"))
    else:
        least, most = (int(numbers.min()), int(numbers.max())) if numbers.size else (0, 0)
    if not -x.size <= least <= most < max(x.size, 1):
        raise IndexError(f"an index is out of bounds: the array has {x.size} elements")
    numbers = numbers % max(x.size, 1)
    found = []
    for extent in reversed(x.shape):
        found.append(numbers % max(extent, 1))
        numbers = numbers // max(extent, 1)
    return found[::-1]


def argwhere(x, /):
    """The indices of the elements that are not zero, in C order: a row for each. Collective."""
    return stack(nonzero(x), axis=1)


def flatnonzero(x, /):
    """The numbers in C order of the elements that are not zero. Collective."""
    return nonzero(reshape(x, (-1,)))[0]


def nonzero(x, /):
    """The indices of the elements that are not zero, in C order: an array for each axis.
    Collective."""
    if x.ndim == 0:
        raise ValueError("an array without dimensions has no indices")
    return tuple(_engine.nonzero(x))


