"""What `Array` has beside operators: the methods of the array API standard, and NumPy's."""

import numpy

from . import _engine, _html, _layouts, creation, dtypes, elementwise, manipulation, reductions, regions, selection
from ._agreed import agreed
from ._context import default_context
from ._distribution import placement
from ._engine import Array
from .._graph import Graph
from ._memory import lent, section_of


def _layout(self):
    """How the array is distributed, a `daparray.Layout`; None for an array without dimensions,
    whose value every rank has. Section r lies on rank `x.ranks[r]`. Local."""
    found = self._placement()
    return None if found is None else _layouts.to_layout(found)


def _ranks(self):
    """The rank that holds each section of `x.layout`. Local."""
    found = self._placement()
    if found is None:
        return None
    return list(range(_layouts.to_layout(found).processes)) if found[1] is None else found[1]


def _local(self):
    """This rank's elements as NumPy's array, shared; None where the rank holds none. Local. From
    then on operations that read the memory are evaluated at the call."""
    if self.ndim == 0:
        raise TypeError("an array without dimensions is a value that every rank has: use item()")
    return None if self._section_rank is None else numpy.asarray(section_of(self).local)


def _local_indices(self):
    """The global indices of this rank's elements, an array for each dimension, in the order of
    `x.local`; None where the rank holds none. Local."""
    section = self._section_rank
    return None if section is None else _layouts.owned_indices(self._placement(), section)


def gather(self, *, root=None):
    """All elements as NumPy's array: on rank `root` (None on the others), or on every rank, which
    takes the memory of the whole array on each. Collective."""
    if self.ndim == 0:
        whole = numpy.asarray(self.item(), self.dtype)
        return whole if root is None or self.context.rank == root else None
    elements = _engine.gather(self, root)
    return None if elements is None else numpy.frombuffer(elements, self.dtype).reshape(self.shape)


_EDGE = 3


def _elements_text(self):
    """The elements as NumPy prints them, on rank 0 (None on the others): of a large array the
    corners, which alone move. Collective."""
    corners = self
    summarised = self.size > numpy.get_printoptions()["threshold"]
    if summarised:
        for axis, extent in enumerate(self.shape):
            if extent > 2 * _EDGE + 1:
                ends = [*range(_EDGE + 1), *range(extent - _EDGE, extent)]
                corners = _engine.take_along(corners, [axis], [numpy.array(ends, numpy.int64)])
    elements = gather(corners, root=0)
    if elements is None:
        return None
    return numpy.array2string(elements, threshold=0 if summarised else self.size + 1, edgeitems=_EDGE)


def show(self):
    """Prints the array once, on rank 0, as NumPy would: of a large one the corners, which alone
    move. Collective."""
    text = _elements_text(self)
    if text is not None:
        print(text, flush=True)


def _repr_html(self):
    """For notebooks: shape, type, picture of the distribution, graph of a pending expression.
    Local, so that the elements are shown on a communicator of one rank only."""
    return _html.page(self, _elements_text(self) if self.context.size == 1 and self._state != "pending" else None)


def html_of_all(self):
    """The same with elements, on rank 0 (None on the others). Collective."""
    # Whether an array is pending may differ between ranks: rank 0 decides.
    state = self.context._broadcast(0, self._state.encode() if self.context.rank == 0 else None)
    text = None if state == b"pending" else _elements_text(self)
    return _html.page(self, text) if self.context.rank == 0 else None


def redistribute(self, distribution):
    """The same elements in another distribution: a `Layout`, kinds, or an array like which to lie.
    Collective. Memory is shared if the elements are there already."""
    if self.ndim == 0:
        return self
    return _engine.redistribute(self, placement(distribution, self.shape, self.context))


def balance(self):
    """The same elements with parts of the ranks that differ by one index at most along each
    distributed dimension. Collective."""
    if self.ndim == 0:
        return self
    layout = _layout(self)
    kinds = ["balanced" if dim.grid_size > 1 else "none" for dim in layout.dims]
    grid = [dim.grid_size for dim in layout.dims]
    return _engine.redistribute(self, _engine.build_layout(list(self.shape), kinds, self.context.size, grid))


def local_shapes(self):
    """The shape of each rank's elements; None for a rank that holds none. Local."""
    shapes = [None] * self.context.size
    layout = _layout(self)
    if layout is None:
        return [()] * self.context.size
    for section, rank in enumerate(_ranks(self)):
        shapes[rank] = tuple(layout.owned_shape(section))
    return shapes


def lshape_map(self):
    """The extents of each rank's elements, a row of NumPy's array for each rank, 0 where it holds
    none: as Heat's arrays have it. Local."""
    empty = (0,) * self.ndim
    return numpy.array([shape or empty for shape in local_shapes(self)], numpy.int64).reshape(self.context.size, self.ndim)


def explain(self):
    """The program of a pending expression, as text; None for other arrays. Local."""
    return self._explain()


def graph(self):
    """The graph of a pending expression, which notebooks show as a picture; None for other arrays.
    Local."""
    program = explain(self)
    return None if program is None else Graph(program, self._graph())


def _repr(self):
    """Type, shape and distribution: the same on all ranks. Local."""
    if self.ndim == 0:
        return f"Array({self.item()!r}, {self.dtype})"
    return f"Array({self.dtype}, {self._placement_text()})"


def _format(self, form):
    """A value is formatted as a number; of an array with dimensions only the text of `str`."""
    if not form:
        return str(self)
    if self.ndim:
        raise TypeError(f"an array with dimensions takes no format {form!r}: use `x.gather()` for its elements")
    return format(self.item(), form)


def _distarray(self):
    """This rank's part by the Distributed Array Protocol. Local; the memory is shared."""
    return section_of(self).__distarray__()


def _to_device(self, device, /, *, stream=None):
    """The array itself: there is one device."""
    dtypes.check_device(device)
    if stream is not None:
        raise ValueError("the processor has no streams: `stream` must be None")
    return self


def _namespace(self, /, *, api_version=None):
    """The module `daparray.array`."""
    import daparray.array

    if api_version not in (None, "2021.12", "2022.12", "2023.12", "2024.12", "2025.12"):
        raise ValueError(f"no version {api_version!r} of the array API standard is known, up to 2025.12")
    return daparray.array


def _whole_local(self):
    if self.ndim == 0:
        return numpy.asarray(self.item(), self.dtype)
    # Decided alike on all ranks, whichever of them hold elements.
    if self.context.size > 1:
        raise BufferError(
            "DLPack has no distributed arrays: use `x.local` for this rank's elements or `x.gather()` for all"
        )
    return _local(self)


def _dlpack(self, /, *, stream=None, max_version=None, dl_device=None, copy=None):
    """A capsule of DLPack, of an array on a communicator of one rank."""
    if stream is not None:
        raise BufferError("the processor has no streams: `stream` must be None")
    if dl_device not in (None, (1, 0)):
        raise BufferError("the memory is the processor's: `dl_device` must be (1, 0)")
    local = _whole_local(self)
    return local.__dlpack__(max_version=max_version, copy=copy)


def _dlpack_device(self):
    """The processor."""
    return 1, 0


def _reduce(self):
    """For `pickle`: each rank's own part, for the same rank of the same number of ranks."""
    if self.ndim == 0:
        return _value, (self.item(), self.dtype.name)
    local = lent(self)
    local = None if local is None else local.copy()
    return _unpickled, (self._placement(), self.dtype.name, local, self.context.rank, self.context.size)


def _value(value, dtype):
    return _engine.scalar(default_context(), dtype, value)


def _unpickled(where, dtype, mine, rank, size):
    """An array of each rank's part. Collective."""
    context = default_context()

    def made():
        if (context.rank, context.size) != (rank, size):
            raise ValueError(f"the part of rank {rank} of {size} is read by rank {context.rank} of {context.size}: pickle is for the same "
                             "ranks; write a file for others")
        array = _engine.empty(context, where, dtype)
        if mine is not None:
            lent(array)[...] = mine
        return array

    return agreed(context, made)


def _iter(self):
    """The parts along the first axis. Views; of one dimension values, each of which is
    collective."""
    if self.ndim == 0:
        raise TypeError("an array without dimensions cannot be iterated over")
    return (_engine.part(self, (index,)) for index in range(self.shape[0]))


def _function(function):
    def method(self, *arguments, **keywords):
        return function(self, *arguments, **keywords)

    method.__name__, method.__doc__ = function.__name__, function.__doc__
    return method


def _shaped(function):
    """A method that takes a shape as one tuple or as numbers."""

    def method(self, *shape, **keywords):
        return function(self, shape[0] if len(shape) == 1 else shape, **keywords)

    method.__name__, method.__doc__ = function.__name__, function.__doc__
    return method


def _transpose(self, *axes):
    """The axes in another order, in reverse by default. A view."""
    if not axes:
        return _engine.transpose(self) if self.ndim else self
    return manipulation.permute_dims(self, axes[0] if len(axes) == 1 and isinstance(axes[0], (tuple, list)) else axes)


def _new(cls, shape, dtype=float, **keywords):
    """`ndarray(shape)`: an array whose elements are unspecified, as `empty`."""
    return creation.empty(shape, dtype, **keywords)


def _define():
    for name in ("all", "any", "argmax", "argmin", "cumprod", "cumsum", "max", "mean", "min", "prod", "ptp", "std", "sum", "trace", "var"):
        setattr(Array, name, _function(getattr(reductions, name)))
    for name in ("astype",):
        setattr(Array, name, _function(getattr(dtypes, name)))
    for name in ("squeeze", "swapaxes", "repeat", "diagonal"):
        setattr(Array, name, _function(getattr(manipulation, name)))
    Array.__new__ = _new
    Array.reshape = _shaped(manipulation.reshape)
    Array.clip = _function(elementwise.clip)
    Array.round = _function(elementwise.round)
    Array.conj = _function(elementwise.conj)
    Array.take = _function(selection.take)
    Array.nonzero = _function(selection.nonzero)
    Array.transpose = _transpose
    Array.ravel = _function(lambda x: manipulation.reshape(x, (-1,)))
    Array.flatten = _function(lambda x: manipulation.reshape(x, (-1,), copy=True))
    Array.put = _function(selection.put)
    Array.copy = Array.__copy__ = _function(lambda x: _engine.copy(x))
    Array.__deepcopy__ = lambda self, memo: _engine.copy(self)
    Array.T = property(_transpose, doc="The axes in reverse order. A view.")
    Array.mT = property(manipulation.matrix_transpose, doc="The last two axes exchanged. A view.")
    Array.real = property(elementwise.real, doc="The real parts.")
    Array.imag = property(elementwise.imag, doc="The imaginary parts.")
    Array.device = property(lambda self: "cpu", doc="The processor.")
    Array.itemsize = property(lambda self: self.dtype.itemsize, doc="The bytes of an element.")
    Array.nbytes = property(lambda self: self.size * self.dtype.itemsize, doc="The bytes of all elements on all ranks.")
    Array.layout = property(_layout, doc=_layout.__doc__)
    Array.ranks = property(_ranks, doc=_ranks.__doc__)
    Array.local = property(_local, doc=_local.__doc__)
    Array.local_indices = property(_local_indices, doc=_local_indices.__doc__)
    Array.gather, Array.show, Array.redistribute, Array.explain = gather, show, redistribute, explain
    Array.graph, Array._repr_html_ = graph, _repr_html
    Array.balance, Array.local_shapes, Array.lshape_map = balance, local_shapes, lshape_map
    Array.read, Array.write, Array.writing, Array.open = regions.read, regions.write, regions.writing, regions.open
    Array.fill = lambda self, value: _engine.fill(self, value)
    Array.__repr__ = Array.__str__ = _repr
    Array.__format__ = _format
    Array.__distarray__ = _distarray
    Array.__getitem__, Array.__setitem__ = selection.getitem, selection.setitem
    Array.__iter__, Array.__reduce__ = _iter, _reduce
    # Equality is that of the elements.
    Array.__hash__ = None
    Array.to_device, Array.__array_namespace__ = _to_device, _namespace
    Array.__dlpack__, Array.__dlpack_device__ = _dlpack, _dlpack_device


_define()
