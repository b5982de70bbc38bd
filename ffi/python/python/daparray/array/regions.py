"""Parts of an array that each rank reads or writes by itself."""

from contextlib import contextmanager

import numpy

from . import _engine
from ._agreed import agree, agreed
from .selection import _is_array, _parts


def _region(self, key):
    """A region as the engine takes it, and its shape."""
    parts = tuple(_parts(self, key))
    if any(_is_array(part) for part in parts):
        raise IndexError("a region has integers and slices: index the array for arrays of indices")
    return parts, numpy.broadcast_to(numpy.empty((), self.dtype), self.shape)[parts].shape


def read(self, region=None):
    """The elements of a region as NumPy's array: each rank names its own, an index of integers and
    slices, or None, and then gets None. Collective: each owner sends a reader its part."""
    found = agreed(self.context, lambda: None if region is None else _region(self, region)[0])
    elements = _engine.read_region(self, found)
    return None if elements is None else numpy.frombuffer(elements[1], self.dtype).reshape(elements[0])


def write(self, region=None, values=None):
    """Overwrites a region: each rank names its own, or none, with values that are broadcast to it
    and converted as NumPy's assignment does. Regions of two ranks have no element in common.
    Collective."""

    def prepared():
        if region is None:
            return None, None, None
        parts, shape = _region(self, region)
        room = numpy.empty(shape, self.dtype)
        room[...] = values
        return parts, list(shape), room.tobytes()

    _engine.write_region(self, *agreed(self.context, prepared))


class OneSided:
    """An array inside of `with x.open() as there`: `there[3, 4]` is a number, `there[1:3]` NumPy's
    array, and both can be assigned. No other rank takes part in an access."""

    def __init__(self, array):
        self._array, self._open = array, _engine.Open(array)

    def _index(self, key):
        """The numbers of one element's index; None of a region."""
        parts = _parts(self._array, key)
        return parts if len(parts) == self._array.ndim and all(isinstance(part, int) for part in parts) else None

    def __getitem__(self, key):
        index = self._index(key)
        if index is not None:
            return self._open.get(index)
        shape, elements = self._open.read(_region(self._array, key)[0])
        return numpy.frombuffer(elements, self._array.dtype).reshape(shape)

    def __setitem__(self, key, value):
        index = self._index(key)
        if index is not None:
            self._open.set(index, value, self._array.dtype.name)
            return
        parts, shape = _region(self._array, key)
        room = numpy.empty(shape, self._array.dtype)
        room[...] = value
        self._open.write(self._array, parts, list(shape), room.tobytes())

    def add(self, key, value):
        """Adds to one element at once: additions of several ranks do not disturb each other."""
        index = self._index(key)
        if index is None:
            raise IndexError("additions are to one element: give an integer for each dimension")
        self._open.set(index, value, self._array.dtype.name, True)


@contextmanager
def open(self):
    """One-sided access to any elements inside of `with x.open() as there`, in any order, on one
    node and on several: see `OneSided`. Collective at both ends; until all ranks have left the
    block, each other use of the array is an error. An element that one rank writes while another
    one reads or writes it has an unspecified value; an exception of one rank is raised on all."""
    if self.ndim == 0:
        raise TypeError("an array without dimensions is a value that every rank has: use item()")
    there, error = OneSided(self), None
    try:
        yield there
    except Exception as found:
        error = found
    try:
        there._open.close(None if error is None else f"raised {type(error).__name__}: {error}")
    except RuntimeError:
        if error is None:
            raise
    if error is not None:
        raise error


@contextmanager
def writing(self):
    """This rank's elements as NumPy's array, or None, to be written inside of `with`. Collective at
    both ends: expressions that read the memory are evaluated before, and an exception of one rank
    is raised on all."""
    error, local = None, None
    try:
        self._prepare_write()
        local = self.local
        if local is not None and not local.flags.writeable:
            raise ValueError("the array's memory may only be read: copy the array first")
    except Exception as found:
        error = found
    agree(self.context, error)
    try:
        yield local
    except Exception as found:
        error = found
    agree(self.context, error)
