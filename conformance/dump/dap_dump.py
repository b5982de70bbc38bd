"""Write what `__distarray__` returns to a file: `rank-<r>.json`, one for each process.

A library that implements the Distributed Array Protocol returns, on each process, one dictionary: a
buffer and one small dictionary per dimension. This file writes it down, so that it can be checked
(`dap-validate check DIRECTORY`), compared or sent to another person.

It is a single file that needs only Python 3.8: copy it beside your program.

In a program, on every process::

    import dap_dump
    dap_dump.dump(array, "out")                # out/rank-0.json, out/rank-1.json, ...
    dap_dump.dump(array, "out", data=True)     # ... and the buffers: out/rank-0.npy, ...

From the shell, where `heat_equation.make` is a function without arguments that returns an
array::

    mpirun -n 4 python dap_dump.py heat_equation:make out
    dap-validate check out

The text holds exactly the values that the producer returned, mistakes included: a missing key stays
missing, `True` stays `true`, and `3.0` stays a float although the protocol requires an integer. The
files exist to find such mistakes. Only Python's types change: tuples become lists, NumPy numbers
become numbers, a buffer of `indices` becomes a list. Values that JSON cannot hold (NaN, bytes, an
arbitrary object) are refused with their place.

A file is written under a temporary name and then renamed, so it is never incomplete. Files of the
same name are replaced. No other file in the directory changes, so start from an empty directory if
the number of processes has changed.
"""

import argparse
import importlib
import itertools
import json
import math
import os
import re
import struct
import sys
from collections.abc import Mapping, Sequence

__all__ = ["DumpError", "dump", "grid_rank", "to_export", "to_json"]

# PEP-3118 codes and the kind letters of NumPy's typestr. The size comes from the buffer:
# `l` has 8 bytes on Linux and 4 on Windows, and 4 everywhere after `<`, `=` or `>`.
_KINDS = {"?": "b", "O": "O"}
_KINDS.update(dict.fromkeys("bhilqn", "i"))
_KINDS.update(dict.fromkeys("BHILQN", "u"))
_KINDS.update(dict.fromkeys("efdg", "f"))
_KINDS.update(dict.fromkeys(("Ze", "Zf", "Zd", "Zg"), "c"))
_FORMAT = re.compile(r"([@=<>!^]?)(\d*)(Z?[A-Za-z?])")
_NATIVE = "<" if sys.byteorder == "little" else ">"


class DumpError(ValueError):
    """The export holds a value that no file of this kind can hold; the text gives its place."""


def dump(obj, directory, rank=None, data=False):
    """Write this process's export to `directory/rank-<rank>.json` and return that path.

    `obj` has a `__distarray__` method, or is the dictionary that one returned. `rank` is this
    process's rank; without it, the rank that MPI or its launcher gave the process, or, in a
    program of one process, the rank that the grid coordinates in `dim_data` have in C order.
    With `data`, the buffer goes to `rank-<rank>.npy`, in C order, or in Fortran order
    when that is how it lies in memory; `strides` in the JSON remain those of the live buffer.

    Raises `DumpError` when the export cannot be written, or has no usable coordinates and
    `rank` is not given; `OSError` when the file cannot be written.
    """
    export = _called(obj)
    if rank is None:
        # Use the launcher's rank, not the export's: the checker is meant to find an export with a
        # wrong coordinate.
        launched, size = _launched_rank()
        rank = launched if size > 1 else grid_rank(export)
    data_name = "rank-%d.npy" % rank if data else None
    text = to_json(export, data_name)
    os.makedirs(directory, exist_ok=True)
    if data:
        header, chunks = _npy(export["buffer"])
        _write(os.path.join(directory, data_name), itertools.chain([header], chunks))
    path = os.path.join(directory, "rank-%d.json" % rank)
    _write(path, [text.encode("utf-8")])
    return path


def to_json(obj, data=None):
    """Return the text of the file for `obj`: as `to_export`, one key a line."""
    return _pretty(to_export(obj, data), "") + "\n"


def to_export(obj, data=None):
    """Return the export of `obj` as plain dictionaries, lists, strings and numbers.

    `buffer` becomes its description: `dtype` (a NumPy typestr such as "<f8", a list of fields,
    or a PEP-3118 format), `shape`, `strides` in bytes and, if given, `data`, a file name.
    """
    export = _called(obj)
    if not isinstance(export, Mapping):
        return _plain(export, "export")
    written = {}
    for key, value in export.items():
        if key == "buffer":
            written[key] = _described(value, data)
        else:
            written[_key(key, "export")] = _plain(value, str(key))
    return written


def grid_rank(obj):
    """Return the rank that the grid coordinates of `obj` have in C order (last axis fastest)."""
    export = _called(obj)
    rank = 0
    try:
        for dim in export["dim_data"]:
            # `{}`, and `n` of protocol 0.9, have no coordinate; they count as 0 of 1.
            size, coordinate = dim.get("proc_grid_size", 1), dim.get("proc_grid_rank", 0)
            size, coordinate = _index(size), _index(coordinate)
            if not 0 <= coordinate < size:
                raise DumpError("coordinate %d of %d" % (coordinate, size))
            rank = rank * size + coordinate
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DumpError("dim_data gives no rank (%r); pass rank=" % (error,)) from error
    return rank


def _called(obj):
    method = getattr(obj, "__distarray__", None)
    return obj if method is None else method()


def _index(value):
    return value.__index__()


def _described(buffer, data):
    """Describe a buffer; an object without a buffer is written unchanged, for the checker to
    report."""
    if buffer is None or isinstance(buffer, (bool, int, float, str, Mapping, list, tuple)):
        return _plain(buffer, "buffer")
    shape, strides, dtype, _ = _layout(buffer)
    described = {"dtype": dtype, "shape": list(shape), "strides": list(strides)}
    if data is not None:
        described["data"] = data
    return described


def _layout(buffer):
    """Return `(shape, strides, dtype, view)`; the view is None if PEP 3118 has no format for the
    type."""
    dtype = getattr(buffer, "dtype", None)
    try:
        view = memoryview(buffer)
    except (TypeError, ValueError, BufferError) as error:
        # NumPy's dates have no PEP-3118 format. The export is invalid by the protocol, and the
        # checker reports it; it needs the dtype for that.
        if getattr(dtype, "kind", None) in ("M", "m"):
            return buffer.shape, buffer.strides, dtype.str, None
        if getattr(dtype, "names", None) and re.search("[<>][Mm]8", repr(dtype)):
            return buffer.shape, buffer.strides, _plain(dtype.descr, "dtype"), None
        message = "buffer (%s) offers no PEP-3118 buffer: %s"
        raise DumpError(message % (type(buffer).__name__, error)) from error
    if view.suboffsets:
        raise DumpError("buffer is indirect (PEP-3118 suboffsets); it has no strides")
    if getattr(dtype, "names", None):
        name = _plain(dtype.descr, "dtype")
    else:
        name = _typestr(view.format, view.itemsize)
    return view.shape, view.strides or _c_strides(view.shape, view.itemsize), name, view


def _typestr(format, itemsize):
    """Translate a PEP-3118 format of one item to NumPy's typestr, or return it unchanged."""
    match = _FORMAT.fullmatch(format or "B")
    if match is None:
        return format
    order, count, code = match.groups()
    order = {"<": "<", ">": ">", "!": ">"}.get(order, _NATIVE)
    if code == "s":
        return "|S%d" % itemsize
    if code == "x":
        return "|V%d" % itemsize
    if code == "w" and itemsize % 4 == 0:
        return "%sU%d" % (order, itemsize // 4)
    if count not in ("", "1"):
        return format
    if code == "c":
        return "|S1"
    if code == "O":
        return "|O"
    if code not in _KINDS:
        return format
    return "%s%s%d" % ("|" if itemsize == 1 else order, _KINDS[code], itemsize)


def _c_strides(shape, itemsize):
    strides, step = [], itemsize
    for extent in reversed(shape):
        strides.append(step)
        step *= max(extent, 1)
    return strides[::-1]


def _plain(value, place):
    """Convert `value` to JSON types; refuse values that JSON cannot hold, naming the place."""
    if value is None or isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise DumpError("%s is %r, which JSON cannot hold" % (place, value))
        return float(value)
    if isinstance(value, Mapping):
        return {_key(k, place): _plain(v, "%s[%r]" % (place, k)) for k, v in value.items()}
    if isinstance(value, (bytes, bytearray)) and not place.endswith("['indices']"):
        raise DumpError("%s is %r: bytes, where a string is meant?" % (place, bytes(value)))
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return [_plain(v, "%s[%d]" % (place, i)) for i, v in enumerate(value)]
    listed = _listed(value, place)
    if listed is value:
        raise DumpError("%s is a %s, which JSON cannot hold" % (place, type(value).__name__))
    return _plain(listed, place)


def _listed(value, place):
    """Turn NumPy arrays and numbers, and any other buffer, into lists and numbers."""
    if hasattr(value, "tolist") and not isinstance(value, memoryview):
        return value.tolist()
    try:
        view = memoryview(value)
    except TypeError:
        return value.__index__() if hasattr(value, "__index__") else value
    try:
        return view.tolist()
    except NotImplementedError:
        # memoryview reads native formats only; `struct` also knows the byte orders.
        items = struct.iter_unpack(view.format, view.tobytes())
        if view.ndim != 1:
            raise DumpError("%s has %d dimensions" % (place, view.ndim)) from None
        return [item[0] for item in items]


def _key(key, place):
    if not isinstance(key, str):
        raise DumpError("%s has the key %r; JSON has string keys only" % (place, key))
    return str(key)


def _pretty(value, indent):
    """JSON with one line for each key and for each dictionary, and lists of numbers on one line, so
    that a message about a key can show its line."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        lines = ["%s%s: %s" % (inner, json.dumps(k), _pretty(v, inner)) for k, v in value.items()]
        return "{\n%s\n%s}" % (",\n".join(lines), indent)
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        lines = [inner + _pretty(item, inner) for item in value]
        return "[\n%s\n%s]" % (",\n".join(lines), indent)
    return json.dumps(value, allow_nan=False)


def _npy(buffer):
    """Return the header of a `.npy` file, and its data in pieces."""
    shape, strides, dtype, view = _layout(buffer)
    descr = _fields(dtype) if isinstance(dtype, list) else dtype
    if isinstance(descr, str) and not re.fullmatch(r"[<>|][a-zA-Z]\d*(\[\w+\])?", descr):
        raise DumpError("no .npy dtype for the PEP-3118 format %r; wrap it in numpy" % (descr,))
    if "'|O'" in repr([descr]):
        raise DumpError("buffer holds Python objects, which mean nothing in a file")
    fortran = view is not None and view.f_contiguous and not view.c_contiguous
    text = "{'descr': %r, 'fortran_order': %r, 'shape': %r, }" % (descr, fortran, tuple(shape))
    encoding = "latin-1" if all(ord(letter) < 256 for letter in text) else "utf-8"
    text = text.encode(encoding)
    # Format 1.0, unless the header is too long for it (2.0) or names are not Latin-1 (3.0).
    version = 3 if encoding == "utf-8" else 1 if len(text) < 65000 else 2
    width = "<H" if version == 1 else "<I"
    magic = b"\x93NUMPY" + bytes([version, 0])
    # The data starts at a multiple of 64 bytes, so that a memory map is aligned.
    text += b" " * (-(len(magic) + struct.calcsize(width) + len(text) + 1) % 64) + b"\n"
    header = magic + struct.pack(width, len(text)) + text
    if view is None:
        return header, [buffer.tobytes()]
    if view.c_contiguous and view.nbytes:
        return header, [view]
    return header, [view.tobytes(order="F" if fortran else "C")]


def _fields(descr):
    """Field lists in a `.npy` header are tuples, as in `dtype.descr`."""
    fields = []
    for name, kind, *shape in descr:
        kind = _fields(kind) if isinstance(kind, list) else kind
        name = tuple(name) if isinstance(name, list) else name
        fields.append((name, kind) + tuple(tuple(extents) for extents in shape))
    return fields


def _write(path, chunks):
    temporary = "%s.%d.tmp" % (path, os.getpid())
    try:
        with open(temporary, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise


def _launched_rank(initialize=False):
    """Return this process's rank and the number of processes, from mpi4py or from the launcher.

    Without `initialize`, an mpi4py that the program has not imported stays unused: importing it
    starts MPI.
    """
    rank, size = 0, 1
    for prefix in ("OMPI_COMM_WORLD_", "PMI_"):
        if prefix + "RANK" in os.environ:
            rank = int(os.environ[prefix + "RANK"])
            size = int(os.environ.get(prefix + "SIZE", rank + 1))
            break
    if not initialize and "mpi4py.MPI" not in sys.modules:
        return rank, size
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError):
        return rank, size
    world = MPI.COMM_WORLD
    # An mpi4py of another MPI than the launcher's reports single processes: trust the launcher.
    if world.Get_size() >= size:
        return world.Get_rank(), world.Get_size()
    return rank, size


def _stale(directory, size):
    """Names of files in `directory` for ranks that this run does not have."""
    found = (re.fullmatch(r"rank-(\d+)\.json", name) for name in os.listdir(directory))
    return sorted(match.group() for match in found if match and int(match.group(1)) >= size)


def main(arguments=None):
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(description="Write an array's export as rank-<r>.json.")
    parser.add_argument("producer", metavar="MODULE:CALLABLE", help="returns the array; called without arguments")
    parser.add_argument("directory", metavar="DIRECTORY", help="made if it does not exist")
    parser.add_argument("--data", action="store_true", help="write the buffer as rank-<r>.npy, too")
    options = parser.parse_args(arguments)
    module, _, name = options.producer.partition(":")
    if not name:
        parser.error("%r is not MODULE:CALLABLE" % options.producer)
    rank, size = _launched_rank(initialize=True)
    sys.path.insert(0, os.getcwd())
    producer = importlib.import_module(module)
    for part in name.split("."):
        producer = getattr(producer, part)
    try:
        dump(producer(), options.directory, rank, options.data)
    except (DumpError, OSError) as error:
        print("dap_dump: rank %d: %s" % (rank, error), file=sys.stderr)
        return 1
    if rank == 0 and _stale(options.directory, size):
        message = "dap_dump: %s also holds files of another run: %s"
        print(message % (options.directory, ", ".join(_stale(options.directory, size))), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
