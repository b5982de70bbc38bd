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
