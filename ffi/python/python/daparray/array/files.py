"""Arrays in files: all ranks write and read one file at once. All are collective.

A save writes a new file beside the old one and renames it, so that an error of any rank (a full
disk, say) is raised on all ranks and leaves the old file as it was.
"""

import operator
import os

import numpy

from . import _engine
from ._context import default_context
from ._distribution import placement

__all__ = ["load", "save"]


def save(path, x, /, *, order=None, sync=True):
    """Writes an array to a `.npy` file, or to DistArray's `.dnpy` files, one for each section of
    its distribution: `name.dnpy` stands for `name_0.dnpy` and so on. ``order`` is the order of the
    items in a `.npy` file, ``"C"`` or ``"F"``. With ``sync`` the call waits for the disk."""
    if _kind(path) == "dnpy":
        _engine.save_dnpy(x, _stem(path))
    else:
        _engine.save_npy(x, os.fspath(path), order, sync)


def load(path, region=None, /, *, distribution=None, context=None):
    """The array in a `.npy` file or in a set of `.dnpy` files, in any distribution: without one in
    blocks, or in that of the `.dnpy` files, fitted to the ranks that there are. ``region`` is an
    index, such as ``numpy.s_[10:20]``: the part of a `.npy` file that is read."""
    context = context or default_context()
    if _kind(path) == "dnpy":
        if region is not None:
            raise TypeError("a region is that of a .npy file: load the array, and index it")
        if distribution is None:
            return _engine.load_dnpy(context, _stem(path))
        files = _engine.DnpySet(context, _stem(path))
        return files.load(placement(distribution, files.shape, context))
    file = _engine.NpyFile(context, os.fspath(path))
    if region is None:
        return file.load(placement(distribution, file.shape, context), None)
    subscripts = tuple(map(_subscript, region if isinstance(region, tuple) else (region,)))
    # The shape of the part, as NumPy has it; the array of the whole shape takes no memory.
    shape = numpy.broadcast_to(numpy.int8(0), file.shape)[subscripts].shape
    return file.load(placement(distribution, shape, context), subscripts)


def _subscript(part):
    return part if part is None or part is Ellipsis or isinstance(part, slice) else operator.index(part)


def _kind(path):
    name = os.fspath(path)
    if not isinstance(name, str):
        raise TypeError(f"a path is a text, not `{type(name).__name__}`")
    for kind in ("npy", "dnpy"):
        if name.endswith(f".{kind}"):
            return kind
    raise ValueError(f"the name {name!r} ends neither in .npy nor in .dnpy")


def _stem(path):
    return os.fspath(path).removesuffix(".dnpy")
