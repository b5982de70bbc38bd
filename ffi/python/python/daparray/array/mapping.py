"""Functions of the user: of elements, of elements with their indices, of local parts, and
associative ones in reductions and scans.

A *compiled* function is a `numba.cfunc` or a function of `ctypes`; it is called an element at a
time, by several threads, at the speed of C. It takes and returns elements of `uint8`, `int32`,
`int64`, `float32` or `float64`. Another callable of Python gets NumPy's arrays where a table says
so, and elements otherwise, which is slow. An exception on one rank is raised on all.

================================  =====================================  ==========================
function                          compiled `f`                           Python's `f`, once a rank
================================  =====================================  ==========================
`map(f, x, y)`                    `T f(T x, T y)`                        `f(x, y)` of arrays
`map_with_index(f, x)`            `T f(int64 i, int64 j, T x)`           `f(i, j, x)` of arrays
`map_local(f, x)`                                                        `f(x, [i, j])` of arrays
`reduce(f, x)`, `scan(f, x)`      `T f(T, T)`                            an element at a time
================================  =====================================  ==========================
"""

import operator

import numpy

from . import _engine, _layouts
from ._agreed import agree
from ._compiled import address, address_of, is_compiled
from ._engine import Array
from ._memory import lent
from .dtypes import astype, named, result_type
from .manipulation import _axis, broadcast_shapes, broadcast_to, expand_all


def map(function, x, /, *others, dtype=None):
    """A new array of a function of the elements in the same place of one or more arrays, which are
    broadcast together, and moved to the ranks of the first one of that shape. A compiled function
    takes up to four. Collective."""
    arrays = (x, *others)
    if is_compiled(function):
        common = dtype or result_type(*arrays)
        arrays = [astype(array, common, copy=False) for array in arrays]
        at = address(function, named(common), [named(common)] * len(arrays))
        return _engine.map_elements(arrays, at)
    shape = broadcast_shapes(*(array.shape for array in arrays))
    arrays = [broadcast_to(array, shape) for array in arrays]
    return _called(arrays, lambda parts, indices: function(*parts), dtype)


def map_with_index(function, x, /, *, dtype=None):
    """A new array of a function of the global index and the value of each element, in this
    distribution: one number for each axis, then the element. Python's function gets arrays of
    `int64` that broadcast together. Collective."""
    if is_compiled(function):
        element = named(x.dtype)
        return _engine.map_indexed(x, address(function, element, ["int64"] * x.ndim + [element]))
    return _called([x], lambda parts, indices: function(*numpy.ix_(*indices), *parts), dtype)


def map_local(function, x, /, *, dtype=None):
    """A new array in this distribution: on each rank that holds elements `function` is called once,
    with NumPy's array of them and a list of their global indices along each axis, and returns an
    array of the same shape. The arrays are lent for the call. Collective."""
    if is_compiled(function):
        raise TypeError("`map_local` calls a function of Python: use `map` for a compiled one")
    return _called([x], lambda parts, indices: function(*parts, indices), dtype)


def _called(arrays, call, dtype):
    """A new array that `call(parts, indices)` gives on each rank that holds elements."""
    first = arrays[0]
    if first.ndim == 0:
        values = [numpy.asarray(array.item(), array.dtype) for array in arrays]
        made = numpy.asarray(call(values, []), dtype)
        return _engine.scalar(first.context, named(made.dtype), made[()])
    placement, context = first._placement(), first.context
    arrays = [first, *(_engine.redistribute(array, placement) for array in arrays[1:])]
    parts, error, made = [lent(array) for array in arrays], None, None
    if parts[0] is not None:
        try:
            for part in parts:
                part.flags.writeable = False
            made = numpy.asarray(call(parts, _layouts.owned_indices(placement, first._section_rank)), dtype)
            made = numpy.broadcast_to(made, parts[0].shape)
        except Exception as found:
            error = found
    del parts
    agree(context, error)
    # Ranks without elements have not called the function, and take the type of the others.
    names = context._gather_all(b"" if made is None else named(made.dtype).encode())
    names = sorted({name.decode() for name in names if name})
    if len(names) > 1 and dtype is None:
        raise TypeError(f"the function returned elements of {' and of '.join(names)} on different ranks: give `dtype`")
    result = _engine.empty(context, placement, names[0])
    if made is not None:
        lent(result)[...] = made
    return result


def reduce(function, x, /, *, axis=None, keepdims=False):
    """The elements combined by an associative function: all of them to a value, or those along some
    axes. The order of the combination depends on the shape alone, so that the result has the same
    bits on any number of ranks. Collective."""
    axes = list(range(x.ndim)) if axis is None else [operator.index(one) for one in (axis if isinstance(axis, tuple) else (axis,))]
    if x.ndim == 0:
        return x
    element = named(x.dtype)
    with address_of(function, x.context, element, [element, element]) as at:
        return _engine.reduce_elements(x, axes, bool(keepdims), at)


def scan(function, x, /, *, axis=None):
    """At each place along an axis the elements up to it, combined by an associative function.
    Collective."""
    if axis is None:
        if x.ndim > 1:
            raise ValueError(f"an array of {x.ndim} dimensions: say along which axis")
        axis = 0
    element = named(x.dtype)
    with address_of(function, x.context, element, [element, element]) as at:
        return _engine.scan_elements(x if x.ndim else expand_all(x, 1), _axis(axis, max(x.ndim, 1)), at)


def stencil(x, taps, function=None, /, *, boundary="none", value=0):
    """A new array of the results of a stencil: each element from its neighbours, in `x`'s
    distribution. Each rank receives the neighbours that it does not hold while it computes the
    interior. Collective.

    `taps` with weights is a dictionary of offsets, `{(0, -1): 1.0, (0, 1): 1.0}`, or an array of
    odd extents with the weights, whose centre is the element itself. With a function it is a list
    of offsets: a compiled `T f(const T *neighbours)`, of at most 27, or Python's `f(a, b, ...)`.

    `boundary` says how the array goes on beyond its ends: `"none"` (elements with a neighbour
    there are not computed, and are 0), `"constant"` (by `value`), `"periodic"`, `"reflect"`
    (without repeating the outermost element) or `"nearest"`."""
    return _stencil(x, taps, function, boundary, value, False)


def explain_stencil(x, taps, function=None, /, *, boundary="none", value=0):
    """The text of what `stencil` moves, with the same arguments. Local."""
    return _stencil(x, taps, function, boundary, value, True)


def _stencil(x, taps, function, boundary, value, only_explain):
    if function is None:
        weights = [(offset, float(weight)) for offset, weight in _weights(taps)]
        return _engine.stencil_weighted(x, weights, boundary, value, only_explain)
    offsets = [_offset(offset) for offset in taps]
    element = named(x.dtype)
    with address_of(function, x.context, element, [f"{element}*"], len(offsets)) as at:
        return _engine.stencil_function(x, offsets, at, boundary, value, only_explain)


def _offset(offset):
    return [operator.index(one) for one in (offset if isinstance(offset, (tuple, list)) else (offset,))]


def _weights(taps):
    """The offsets and their weights."""
    if isinstance(taps, dict):
        return [(_offset(offset), weight) for offset, weight in taps.items()]
    if isinstance(taps, Array):
        raise TypeError("the weights are the same on every rank: a dictionary or NumPy's array")
    weights = numpy.asarray(taps)
    if any(extent % 2 == 0 for extent in weights.shape):
        raise ValueError(f"an array of weights has odd extents, not {weights.shape}")
    places = numpy.argwhere(weights != 0)
    centre = numpy.array(weights.shape) // 2
    return [((place - centre).tolist(), weights[tuple(place)]) for place in places]
