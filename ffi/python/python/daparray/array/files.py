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

__all__ = ["load", "load_attributes", "save"]

# The names of files of HDF5.
_HDF5 = ("h5", "hdf5")


def save(
    path,
    x,
    /,
    *,
    order=None,
    sync=True,
    name="data",
    mode="w",
    attributes=None,
    chunks=None,
    compression=None,
    shuffle=False,
):
    """Writes an array to a `.npy` file, to DistArray's `.dnpy` files, one for each section of its
    distribution (`name.dnpy` stands for `name_0.dnpy` and so on), or to a dataset of an `.h5` or
    `.hdf5` file. ``order`` is the order of the items in a `.npy` file, ``"C"`` or ``"F"``. With
    ``sync`` the call waits for the disk.

    The other keywords are those of HDF5. ``name`` is the name of the dataset, such as
    ``"group/field"``. With the mode ``"w"`` the file is new, with ``"a"`` the dataset is added to
    it. ``attributes`` are texts, numbers and lists of numbers by their names. ``chunks`` are the
    extents of a chunk; ``compression`` is the level of deflate, from 0 to 9; ``shuffle`` sorts the
    bytes of items before."""
    kind, path = _kind(path), os.fspath(path)
    if kind in _HDF5:
        if order not in (None, "C"):
            raise ValueError(f"HDF5 has the order 'C', not {order!r}: save a transposed view")
        if mode not in ("w", "a"):
            raise ValueError(f"no mode {mode!r}: 'w' for a new file, 'a' to add to one")
        chunks = None if chunks is None else [operator.index(extent) for extent in chunks]
        attributes = [(key, _attribute(value)) for key, value in (attributes or {}).items()]
        _engine.save_hdf5(x, path, name, attributes, chunks, compression, bool(shuffle), mode == "a", sync)
        return
    if name != "data" or mode != "w" or shuffle or not (attributes is chunks is compression is None):
        raise TypeError("name, mode, attributes, chunks, compression and shuffle are those of an .h5 file")
    if kind == "dnpy":
        _engine.save_dnpy(x, _stem(path))
    else:
        _engine.save_npy(x, path, order, sync)


def load(path, region=None, /, *, distribution=None, context=None, name="data"):
    """The array in a `.npy` file, in a set of `.dnpy` files, or in the dataset ``name`` of an `.h5`
    or `.hdf5` file, in any distribution: without one in blocks, or in that of the `.dnpy` or HDF5
    file, fitted to the ranks that there are. ``region`` is an index, such as ``numpy.s_[10:20]``:
    the part of a `.npy` or HDF5 file that is read."""
    context, kind = context or default_context(), _kind(path)
    if name != "data" and kind not in _HDF5:
        raise TypeError("a name is that of a dataset in an .h5 file")
    if kind == "dnpy":
        if region is not None:
            raise TypeError("a region is that of a .npy or .h5 file: load the array, and index it")
        if distribution is None:
            return _engine.load_dnpy(context, _stem(path))
        files = _engine.DnpySet(context, _stem(path))
        return files.load(placement(distribution, files.shape, context))
    if kind in _HDF5:
        file = _engine.Hdf5Dataset(context, os.fspath(path), name)
        if region is None and distribution is None:
            return file.load(None, None)
    else:
        file = _engine.NpyFile(context, os.fspath(path))
    if region is None:
        return file.load(placement(distribution, file.shape, context), None)
    subscripts = tuple(map(_subscript, region if isinstance(region, tuple) else (region,)))
    # The shape of the part, as NumPy has it; the array of the whole shape takes no memory.
    shape = numpy.broadcast_to(numpy.int8(0), file.shape)[subscripts].shape
    return file.load(placement(distribution, shape, context), subscripts)


def load_attributes(path, /, *, name="data", context=None):
    """The attributes of the dataset ``name`` of an `.h5` or `.hdf5` file: those that are texts,
    numbers or lists of numbers, by their names, without the description of the distribution."""
    if _kind(path) not in _HDF5:
        raise TypeError("attributes are those of a dataset in an .h5 file")
    return _engine.Hdf5Dataset(context or default_context(), os.fspath(path), name).attributes


def _attribute(value):
    """A text, a number or a list of numbers, of NumPy's values also."""
    return value.tolist() if isinstance(value, (numpy.generic, numpy.ndarray)) else value


def _subscript(part):
    return part if part is None or part is Ellipsis or isinstance(part, slice) else operator.index(part)


def _kind(path):
    name = os.fspath(path)
    if not isinstance(name, str):
        raise TypeError(f"a path is a text, not `{type(name).__name__}`")
    for kind in ("npy", "dnpy", *_HDF5):
        if name.endswith(f".{kind}"):
            return kind
    raise ValueError(f"the name {name!r} ends in none of .npy, .dnpy, .h5 and .hdf5")


def _stem(path):
    return os.fspath(path).removesuffix(".dnpy")
