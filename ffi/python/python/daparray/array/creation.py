"""New arrays, in any distribution. None of these sends a message unless it says *collective*.

`distribution=` is explained in `daparray.array._distribution`; `context=` is a `Context`, by
default all processes. Functions that compute elements from their indices do so on each rank for its
own.
"""

import json
import math
import operator

import numpy

from .. import Section, adapters, from_distarray
from . import _engine, _layouts
from ._agreed import agreed
from ._context import default_context
from ._distribution import placement
from ._engine import Array
from ._memory import lent
from .dtypes import astype, check_device, is_number, named


def _shape(shape):
    """A shape as a tuple of integers."""
    try:
        extents = (operator.index(shape),)
    except TypeError:
        extents = tuple(operator.index(extent) for extent in shape)
    if any(extent < 0 for extent in extents):
        raise ValueError(f"an extent is below 0: {extents}")
    return extents


def _made(shape, dtype, distribution, context, value=None):
    """An array of one value, or of unspecified elements without one."""
    context = context or default_context()
    shape = _shape(shape)
    name = named(dtype)
    if not shape:
        return _engine.scalar(context, name, 0 if value is None else value)
    where = placement(distribution, shape, context)
    return _engine.empty(context, where, name) if value is None else _engine.full(context, where, name, value)


def _filled(shape, dtype, distribution, context, elements):
    """An array of the elements that `elements(*indices)` gives on each rank for its own: `indices`
    has an array for each dimension, shaped so that they broadcast together."""
    array = _made(shape, dtype, distribution, context)
    return _fill(array, elements)


def _fill(array, elements):
    """Overwrites a new array's elements, see `_filled`."""
    if array.ndim == 0:
        return _engine.fill(array, numpy.asarray(elements(), array.dtype)[()]) or array
    local = lent(array)
    if local is not None and local.size:
        indices = _layouts.owned_indices(array._placement(), array._section_rank)
        local[...] = elements(*numpy.ix_(*indices))
    return array


def empty(shape, dtype=None, *, device=None, distribution=None, context=None):
    """An array whose elements are unspecified."""
    check_device(device)
    return _made(shape, dtype or float, distribution, context)


def zeros(shape, dtype=None, *, device=None, distribution=None, context=None):
    """An array of zeros."""
    check_device(device)
    return _made(shape, dtype or float, distribution, context, 0)


def ones(shape, dtype=None, *, device=None, distribution=None, context=None):
    """An array of ones."""
    check_device(device)
    return _made(shape, dtype or float, distribution, context, 1)


def full(shape, fill_value, dtype=None, *, device=None, distribution=None, context=None):
    """An array of one value, of its type where no other is given."""
    check_device(device)
    if dtype is None:
        dtype = fill_value.dtype if hasattr(fill_value, "dtype") else numpy.asarray(fill_value).dtype
    return _made(shape, dtype, distribution, context, fill_value)


def _like(x, dtype, device, distribution, value):
    check_device(device)
    made = _engine.empty_like(x, named(dtype or x.dtype))
    if distribution is not None:
        made = _engine.empty(x.context, placement(distribution, x.shape, x.context), named(made.dtype))
    if value is not None:
        _engine.fill(made, value)
    return made


def empty_like(x, /, dtype=None, *, device=None, distribution=None):
    """An array of `x`'s shape and distribution whose elements are unspecified."""
    return _like(x, dtype, device, distribution, None)


def zeros_like(x, /, dtype=None, *, device=None, distribution=None):
    """Zeros in `x`'s shape and distribution."""
    return _like(x, dtype, device, distribution, 0)


def ones_like(x, /, dtype=None, *, device=None, distribution=None):
    """Ones in `x`'s shape and distribution."""
    return _like(x, dtype, device, distribution, 1)


def full_like(x, /, fill_value, dtype=None, *, device=None, distribution=None):
    """One value in `x`'s shape and distribution."""
    return _like(x, dtype, device, distribution, fill_value)


def arange(start, /, stop=None, step=1, dtype=None, *, device=None, distribution=None, context=None):
    """The numbers from `start` up to `stop`, which is left out."""
    check_device(device)
    if stop is None:
        start, stop = 0, start
    if dtype is None:
        dtype = int if all(isinstance(number, int) for number in (start, stop, step)) else float
    if step == 0:
        raise ValueError("the step is 0")
    length = len(range(start, stop, step)) if all(isinstance(number, int) for number in (start, stop, step)) else max(
        0, math.ceil((stop - start) / step)
    )
    kind = numpy.dtype(dtype)

    def elements(index):
        if kind.kind in "iu":
            return (index.astype(kind) * numpy.asarray(step).astype(kind) + numpy.asarray(start).astype(kind)).astype(kind)
        return start + index * step

    return _filled((length,), kind, distribution, context, elements)


def linspace(start, stop, /, num=50, *, dtype=None, device=None, endpoint=True, distribution=None, context=None):
    """`num` numbers at equal distances from `start` to `stop`, which is among them with
    `endpoint`."""
    check_device(device)
    if dtype is None:
        dtype = complex if isinstance(start, complex) or isinstance(stop, complex) else float
    parts = num - 1 if endpoint else num

    def elements(index):
        if parts <= 0:
            return numpy.full(index.shape, start)
        step = (stop - start) / parts
        # As NumPy does, so that the results are the same: the step may underflow.
        values = index * step + start if step != 0 else index / parts * (stop - start) + start
        return numpy.where(index == num - 1, stop, values) if endpoint else values

    return _filled((num,), dtype, distribution, context, elements)


def eye(n_rows, n_cols=None, /, k=0, dtype=None, *, device=None, distribution=None, context=None):
    """Ones on a diagonal, zeros elsewhere."""
    check_device(device)
    shape = (n_rows, n_rows if n_cols is None else n_cols)
    return _filled(shape, dtype or float, distribution, context, lambda row, column: column == row + k)


def logspace(start, stop, /, num=50, *, endpoint=True, base=10.0, dtype=None, device=None, distribution=None, context=None):
    """`base` to the power of `num` numbers at equal distances from `start` to `stop`."""
    line = linspace(start, stop, num, device=device, endpoint=endpoint, distribution=distribution, context=context)
    powers = _engine.apply("power", base, line)
    return powers if dtype is None else astype(powers, dtype, copy=False)


def fromfunction(function, shape, *, dtype=None, distribution=None, context=None):
    """The elements `function(*indices)`. Each rank calls it once, with the indices of its own
    elements: an array of `int64` for each dimension, shaped so that they broadcast together.
    Collective: an exception on one rank is raised on all."""
    context = context or default_context()
    array = _made(shape, dtype or float, distribution, context)
    return agreed(context, lambda: _fill(array, function))


def indices(shape, dtype=int, *, distribution=None, context=None):
    """The indices of a grid: along a new first axis, which is not distributed, an array for each
    dimension."""
    shape = _shape(shape)
    return coordinates(shape, dtype, distribution, context, [(0, 1)] * len(shape))


def coordinates(shape, dtype, distribution, context, lines):
    """Along a new first axis, which is not distributed, an array for each dimension: `start + index
    * step` of its line, a pair of numbers."""
    context = context or default_context()
    dims, ranks = placement(distribution, tuple(shape), context)
    made = _engine.empty(context, ([("b", [0, len(shape)]), *dims], ranks), named(dtype))

    def elements(axis, *index):
        found = numpy.zeros([1] * (1 + len(shape)), dtype)
        for number, (one, (start, step)) in enumerate(zip(index, lines, strict=True)):
            found = found + numpy.where(axis == number, start + one * step, 0)
        return found

    return _fill(made, elements)


def _triangle(x, k, is_kept):
    if x.ndim < 2:
        raise ValueError(f"a triangle needs two dimensions, the array has {x.ndim}")
    mask = _fill(_engine.empty_like(x, "bool"), lambda *index: is_kept(index[-2] + k, index[-1]))
    return _engine.apply("where", mask, x, _engine.scalar_like(x, 0))


def tril(x, /, k=0):
    """The elements on and below a diagonal, zeros elsewhere."""
    return _triangle(x, k, lambda row, column: column <= row)


def triu(x, /, k=0):
    """The elements on and above a diagonal, zeros elsewhere."""
    return _triangle(x, k, lambda row, column: column >= row)


def meshgrid(*arrays, indexing="xy"):
    """Arrays of one dimension as coordinates: each broadcast to the grid that they span.
    Collective."""
    from .manipulation import broadcast_arrays, reshape

    if indexing not in ("xy", "ij"):
        raise ValueError(f"`indexing` is 'xy' or 'ij', not {indexing!r}")
    ndim = len(arrays)
    axes = list(range(ndim))
    if indexing == "xy" and ndim > 1:
        axes[0], axes[1] = 1, 0
    placed = [reshape(x, tuple(x.size if at == axis else 1 for at in range(ndim))) for x, axis in zip(arrays, axes, strict=True)]
    return tuple(_engine.copy(x) for x in broadcast_arrays(*placed))


def copy(x, /):
    """A new array with the same elements in the same distribution. Local."""
    return _engine.copy(x)


def asarray(obj, /, dtype=None, *, device=None, copy=None, distribution=None, context=None):
    """An array of `obj`.

    ==============================================  =====================================================
    an `Array`                                      itself, or its elements as `dtype`, moved to
                                                    `distribution` (collective), copied with `copy`
    NumPy's arrays, numbers, nested lists           the same value on every rank: each takes its own
                                                    elements, and nothing is sent
    what has `__distarray__` or `__distarray_c__`   shares its memory, in its own distribution.
                                                    Collective
    arrays of PETSc, Heat, mpi4py-fft, and what     share their memory, by `daparray.adapters`; the
    has `__partitioned__`                           program keeps them as they are. Collective
    ==============================================  =====================================================

    `x.is_exposed` says whether the memory is shared with other code.
    """
    check_device(device)
    if isinstance(obj, Array):
        return _converted(obj, dtype, copy, distribution)
    if hasattr(obj, "__distarray__") or hasattr(obj, "__distarray_c__"):
        return _converted(_from_distarray(obj, context), dtype, copy, distribution)
    if adapters.is_distributed(obj):
        return _converted(_from_library(obj, context), dtype, copy, distribution)
    whole = numpy.asarray(obj, dtype=dtype)
    if copy is False:
        raise ValueError("the elements of the value are copied to their ranks: copy=False is not possible")
    if whole.ndim == 0:
        return _engine.scalar(context or default_context(), named(whole.dtype), whole[()])
    return _filled(whole.shape, whole.dtype.newbyteorder("="), distribution, context, lambda *index: whole[index])


def array(obj, dtype=None, *, copy=True, ndmin=0, distribution=None, context=None):
    """NumPy's: as `asarray`, and the elements are copied."""
    made = asarray(obj, dtype, distribution=distribution, context=context)
    if copy and made is obj:
        made = _engine.copy(made)
    missing = ndmin - made.ndim
    if missing <= 0:
        return made
    from .manipulation import expand_dims

    return expand_dims(made, tuple(range(missing)))


def _converted(array, dtype, copy, distribution):
    if dtype is not None and array.dtype != dtype:
        if copy is False:
            raise ValueError(f"elements of {array.dtype} become {numpy.dtype(dtype)} by a copy: copy=False is not possible")
        array, copy = astype(array, dtype), None
    if distribution is not None:
        array = array.redistribute(distribution)
    return _engine.copy(array) if copy else array


def _from_distarray(obj, context):
    """An array over memory that another library holds. Collective."""
    context = context or default_context()
    capsule = agreed(context, lambda: from_distarray(obj).__distarray_c__())
    return _engine.import_section(context, capsule)


class _Ranks:
    """A context as adapters take a communicator."""

    def __init__(self, context):
        self.rank, self.size, self.allgather = context.rank, context.size, context.gather_all


def _from_library(obj, context):
    """An array over the memory of an array that an adapter knows. Collective."""
    context = context or default_context()
    section = adapters.section(obj, _Ranks(context))
    return _engine.import_section(context, section.__distarray_c__())


def from_local(local, distribution, *, dtype=None, context=None):
    """An array over memory that each rank has: NumPy's array of the shape that `distribution`, a
    `daparray.Layout`, says for the rank, halo included, or a `Section`; None on ranks that hold
    nothing. With `dtype` another type is refused. The memory is shared, not copied. Collective."""
    context = context or default_context()

    def capsule():
        if local is None:
            return None
        section = local if isinstance(local, Section) else distribution.section(context.rank, local)
        if dtype is not None and numpy.dtype(dtype) != section.local.dtype:
            raise TypeError(f"the rank's elements are {section.local.dtype}, not {numpy.dtype(dtype)}")
        return section.__distarray_c__()

    return _engine.import_section(context, agreed(context, capsule))


def from_root(array, *, root=0, distribution=None, context=None):
    """An array of NumPy's that one rank has, distributed: `array` is read on rank `root`, the
    others give None. Collective."""
    context = context or default_context()
    mine = None
    if context.rank == root:
        given = None if array is None else numpy.asarray(array)
        # An error is raised on all ranks, which wait for the shape.
        error = f"rank {root} gives no array" if given is None else None if is_number(given.dtype) else f"no array can have {given.dtype}"
        mine = json.dumps([error, *([] if error else [given.shape, named(given.dtype)])]).encode()
    error, *said = json.loads(context._broadcast(root, mine))
    if error:
        raise TypeError(error)
    shape, name = said
    where = placement(distribution, shape, context)
    if not shape:
        value = context._broadcast(root, given.tobytes() if context.rank == root else None)
        return _engine.scalar(context, name, numpy.frombuffer(value, name)[0])
    on_root = [("b", [0, extent]) for extent in shape], [root]
    whole = _engine.empty(context, on_root, name)
    if context.rank == root:
        lent(whole)[...] = given
    return _engine.redistribute(whole, where)


def from_dlpack(x, /, *, device=None, copy=None):
    """An array of another library's by DLPack: the same value on every rank."""
    check_device(device)
    if isinstance(x, Array):
        return _converted(x, None, copy, None)
    return asarray(numpy.from_dlpack(x), copy=copy or None)
