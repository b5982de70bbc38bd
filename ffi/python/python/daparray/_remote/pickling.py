"""Objects as buffers: pickle's fifth protocol, whose large arrays are buffers of their own.

Objects that stay on their side travel as references: `reference(object)` gives one, or None for an
object that travels itself, and `resolve(reference)` finds the object on the other side.

Functions and classes that were made in a notebook or script are no part of a module that the other
side could import. They travel as code if cloudpickle is installed.
"""

import io
import pickle
import types

try:
    from cloudpickle import Pickler as _Pickler
except ImportError:

    class _Pickler(pickle.Pickler):
        def reducer_override(self, one):
            if isinstance(one, (types.FunctionType, type)) and (one.__module__ == "__main__" or "<l" in one.__qualname__):
                raise pickle.PicklingError(
                    f"{one.__qualname__} was made in a script or notebook, which ranks cannot import: install cloudpickle (pip install "
                    "cloudpickle), or put it into a module"
                )
            return NotImplemented


# Classes of their own for each call would be cycles, which keep what they refer to until the
# garbage collector comes.
class _Referring(_Pickler):
    def __init__(self, file, reference, buffers):
        super().__init__(file, protocol=5, buffer_callback=buffers.append)
        self._reference = reference

    def persistent_id(self, one):
        return self._reference(one)


class _Resolving(pickle.Unpickler):
    def __init__(self, file, resolve, buffers):
        super().__init__(file, buffers=buffers)
        self._resolve = resolve

    def persistent_load(self, reference):
        return self._resolve(reference)


def dump(thing, reference):
    """The buffers of an object."""
    file, buffers = io.BytesIO(), []
    _Referring(file, reference, buffers).dump(thing)
    return [file.getbuffer(), *(buffer.raw() for buffer in buffers)]


def load(buffers, resolve):
    """The object of some buffers, which came from a process that knows the key."""
    return _Resolving(io.BytesIO(buffers[0]), resolve, buffers[1:]).load()


def header(*values):
    """Plain values at the beginning of a frame."""
    return pickle.dumps(values, protocol=5)


def read_header(buffer):
    """The values of `header`."""
    return pickle.loads(buffer)
