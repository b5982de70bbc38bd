"""Arrays in files: all ranks write and read one file at once. All are collective.

A save writes a new file beside the old one and renames it, so that an error of any rank (a full
disk, say) is raised on all ranks and leaves the old file as it was.
"""

import contextlib
import json
import operator
import os

import numpy

from . import _engine
from ._context import default_context
from ._distribution import placement

__all__ = ["FileTrace", "append_to_file", "load", "load_attributes", "save", "traced_files"]

# The names of files of HDF5.
_HDF5 = ("h5", "hdf5")
# Those with chunks, attributes and a description of the distribution.
_CHUNKED = (*_HDF5, "zarr")


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
    maxshape=None,
    compression=None,
    shuffle=False,
    checksum=False,
):
    """Writes an array to a `.npy` file, to DistArray's `.dnpy` files, one for each section of its
    distribution (`name.dnpy` stands for `name_0.dnpy` and so on), to a dataset of an `.h5` or
    `.hdf5` file, or to a `.zarr` folder. ``order`` is the order of the items in a `.npy` file,
    ``"C"`` or ``"F"``. With ``sync`` the call waits for the disk.

    The other keywords are those of HDF5 and Zarr. ``attributes`` are texts, numbers and lists of
    numbers by their names; those of Zarr are anything that JSON has. ``chunks`` are the extents of
    a chunk. ``compression`` is a level: that of deflate in HDF5, from 0 to 9, and that of Zstandard
    in Zarr, from 1 to 22.

    HDF5 alone has these: ``name`` is the name of the dataset, such as ``"group/field"``; with the
    mode ``"w"`` the file is new, with ``"a"`` the dataset is added to it; ``shuffle`` sorts the
    bytes of items before they are compressed; ``maxshape`` has the largest extents that the dataset
    may have later, None for one without a limit (`append_to_file`). Zarr alone has ``checksum``,
    CRC-32C of each chunk."""
    kind, path = _kind(path), os.fspath(path)
    if kind in _CHUNKED:
        if order not in (None, "C"):
            raise ValueError(f"a {kind} file has the order 'C', not {order!r}: save a transposed view")
        chunks = None if chunks is None else [operator.index(extent) for extent in chunks]
    elif not (attributes is chunks is compression is None):
        raise TypeError("attributes, chunks and compression are those of .h5 and .zarr files")
    if kind not in _HDF5 and (name != "data" or mode != "w" or shuffle or maxshape is not None):
        raise TypeError("name, mode, shuffle and maxshape are those of an .h5 file")
    if kind != "zarr" and checksum:
        raise TypeError("a checksum is that of a .zarr file")
    if kind in _HDF5:
        if mode not in ("w", "a"):
            raise ValueError(f"no mode {mode!r}: 'w' for a new file, 'a' to add to one")
        attributes = [(key, _attribute(value)) for key, value in (attributes or {}).items()]
        if maxshape is not None:
            maxshape = [extent if extent is None else operator.index(extent) for extent in maxshape]
        _engine.save_hdf5(
            x, path, name, attributes, chunks, maxshape, compression, bool(shuffle), mode == "a", sync
        )
        return
    if kind == "zarr":
        attributes = json.dumps(dict(attributes or {}), default=_json, allow_nan=False)
        _engine.save_zarr(x, path, attributes, chunks, compression, bool(checksum), sync)
        return
    if kind == "dnpy":
        _engine.save_dnpy(x, _stem(path))
    else:
        _engine.save_npy(x, path, order, sync)


def load(path, region=None, /, *, distribution=None, context=None, name="data"):
    """The array in a `.npy` file, in a set of `.dnpy` files, in the dataset ``name`` of an `.h5` or
    `.hdf5` file, or in a `.zarr` folder, in any distribution: without one in blocks, or in that of
    the `.dnpy`, HDF5 or Zarr file, fitted to the ranks that there are. ``region`` is an index, such
    as ``numpy.s_[10:20]``: the part of a file that is read, but of `.dnpy` files."""
    context, kind = context or default_context(), _kind(path)
    if name != "data" and kind not in _HDF5:
        raise TypeError("a name is that of a dataset in an .h5 file")
    if kind == "dnpy":
        if region is not None:
            raise TypeError("a region is that of a .npy, .h5 or .zarr file: load the array, and index it")
        if distribution is None:
            return _engine.load_dnpy(context, _stem(path))
        files = _engine.DnpySet(context, _stem(path))
        return files.load(placement(distribution, files.shape, context))
    file = _stored(kind, context, path, name)
    if kind in _CHUNKED and region is None and distribution is None:
        return file.load(None, None)
    if region is None:
        return file.load(placement(distribution, file.shape, context), None)
    subscripts = tuple(map(_subscript, region if isinstance(region, tuple) else (region,)))
    # The shape of the part, as NumPy has it; the array of the whole shape takes no memory.
    shape = numpy.broadcast_to(numpy.int8(0), file.shape)[subscripts].shape
    return file.load(placement(distribution, shape, context), subscripts)


def append_to_file(path, x, /, *, axis=0, name="data", sync=True):
    """Appends an array to that of a `.zarr` folder, or to the dataset ``name`` of an `.h5` or
    `.hdf5` file that was saved with ``maxshape``: behind its elements along ``axis``, in its chunks
    and by its compression. The array in the file has the items' type and the other extents of
    ``x``. An HDF5 file is copied. A reader, and a failure, find the old array or the new one. With
    ``sync`` the call waits for the disk."""
    kind = _kind(path)
    if kind not in _CHUNKED:
        raise TypeError(f"an array is appended to .h5 and .zarr files, not to a .{kind} file")
    if name != "data" and kind not in _HDF5:
        raise TypeError("a name is that of a dataset in an .h5 file")
    axis = operator.index(axis)
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis {axis} of an array with {x.ndim} axes")
    if kind in _HDF5:
        _engine.append_hdf5(x, os.fspath(path), name, axis % x.ndim, sync)
    else:
        _engine.append_zarr(x, os.fspath(path), axis % x.ndim, sync)


def load_attributes(path, /, *, name="data", context=None):
    """The attributes of the dataset ``name`` of an `.h5` or `.hdf5` file, those that are texts,
    numbers or lists of numbers, or of a `.zarr` folder, by their names, without the description of
    the distribution."""
    kind = _kind(path)
    if kind not in _CHUNKED:
        raise TypeError("attributes are those of .h5 and .zarr files")
    if name != "data" and kind not in _HDF5:
        raise TypeError("a name is that of a dataset in an .h5 file")
    found = _stored(kind, context or default_context(), path, name).attributes
    return json.loads(found) if isinstance(found, str) else found


class FileTrace:
    """The requests of all ranks to files: ``rows`` of (rank, file, ``"reads"`` or ``"writes"``,
    first byte, end, bytes, requests, seconds), `str` as a table, and ``svg``, a picture of the
    bytes by ranks. Made by `traced_files`."""

    def __init__(self):
        self.rows, self._table, self.svg = [], "", ""

    def __str__(self):
        return self._table

    def _repr_html_(self):
        return self.svg

    def _fill(self, rows, table, svg):
        self.rows = [(rank, file, "writes" if writes else "reads", *rest) for rank, file, writes, *rest in rows]
        self._table, self.svg = table, svg


@contextlib.contextmanager
def traced_files(*, context=None):
    """Records which rank reads and writes which bytes of which file within a ``with``: its
    `FileTrace` is filled at the end, on all ranks."""
    context, trace = context or default_context(), FileTrace()
    _engine.record_requests(True)
    try:
        yield trace
    finally:
        _engine.record_requests(False)
    trace._fill(*_engine.collect_requests(context))


def _stored(kind, context, path, name):
    """The file, its metadata read."""
    if kind in _HDF5:
        return _engine.Hdf5Dataset(context, os.fspath(path), name)
    if kind == "zarr":
        return _engine.ZarrArray(context, os.fspath(path))
    return _engine.NpyFile(context, os.fspath(path))


def _attribute(value):
    """A text, a number or a list of numbers, of NumPy's values also."""
    return value.tolist() if isinstance(value, (numpy.generic, numpy.ndarray)) else value


def _json(value):
    """What JSON has, of values that it has not."""
    if isinstance(value, (numpy.generic, numpy.ndarray)):
        return value.tolist()
    raise TypeError(f"an attribute of a .zarr file cannot be a `{type(value).__name__}`")


def _subscript(part):
    return part if part is None or part is Ellipsis or isinstance(part, slice) else operator.index(part)


def _kind(path):
    name = os.fspath(path)
    if not isinstance(name, str):
        raise TypeError(f"a path is a text, not `{type(name).__name__}`")
    for kind in ("npy", "dnpy", *_CHUNKED):
        # A folder may end in a slash.
        if name.endswith((f".{kind}", f".{kind}/") if kind == "zarr" else f".{kind}"):
            return kind
    raise ValueError(f"the name {name!r} ends in none of .npy, .dnpy, .h5, .hdf5 and .zarr")


def _stem(path):
    return os.fspath(path).removesuffix(".dnpy")
