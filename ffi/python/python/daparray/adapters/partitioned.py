"""`__partitioned__`: a dictionary of an array's parts and where they are.

    section = adapters.partitioned.section(x, comm)    # an object, or the dictionary itself
    x = adapters.partitioned.Partitioned(section)      # in the section's memory

A part's place in `partition_tiling` must be that of its process, counted along the last axis first.
"""

import inspect
from collections.abc import Mapping

from ._common import ALONE, Refused, Together, article, block, collective, described, in_order, layout_of, memory, numbers


@collective()
def section(x, comm=ALONE):
    """The section of the part that this process holds."""
    if not isinstance(x, Mapping) and inspect.getattr_static(x, "__partitioned__", None) is None:
        raise TypeError(f"`x` is {article(x)}; this describes an object with `__partitioned__`, or the dictionary that this is")
    # Some libraries (Heat) exchange messages when they are asked.
    stated = x if isinstance(x, Mapping) else (yield Together(lambda comm: x.__partitioned__))
    if not isinstance(stated, Mapping):
        raise TypeError(f"`__partitioned__` is {article(stated)}; it is a dictionary")
    _has(stated, "__partitioned__", "shape", "partition_tiling", "partitions")
    shape, tiling, parts = numbers(stated["shape"], "`shape`"), numbers(stated["partition_tiling"], "`partition_tiling`"), stated["partitions"]
    if len(tiling) != len(shape):
        raise ValueError(f"partition_tiling {tiling} and shape {shape} have different numbers of dimensions")
    for place, part in parts.items():
        _has(part, f"part {place}", "start", "shape", "data", "location")
        if isinstance(part["location"], (list, tuple)) and len(part["location"]) > 1:
            raise Refused(f"part {place} is in {len(part['location'])} places, and protocol 0.10 has no replicas: name one location for each part")
    mine = stated.get("locals")
    if mine is None:
        mine = [place for place, part in parts.items() if part.get("data") is not None]
    if len(mine) != 1:
        raise Refused(f"this process holds {len(mine)} parts, and an export of protocol 0.10 is one block for each process: join the parts, "
                      "or run one process for each")  # fmt: skip
    place = numbers(mine[0], "the place of the part")
    if comm.size > 1 and len(parts) == 1:
        raise Refused(f"one part and {comm.size} processes: either all hold the same part, and protocol 0.10 has no replicas, or only one does. "
                      "Split the array, or pass the communicator of one process")  # fmt: skip
    if place not in parts:
        raise ValueError(f"part {place} is named in `locals` and is not in `partitions`")
    in_order(comm, place, tiling)
    part = parts[place]
    if part["data"] is None:
        raise ValueError(f"part {place} is on this process and its `data` is None")
    get = stated.get("get", lambda data: data)
    data = get(part["data"])
    dims = [block(size, start, start + extent, grid, at)
            for size, start, extent, grid, at in zip(shape, part["start"], part["shape"], tiling, place, strict=True)]  # fmt: skip
    return (yield from described(dims, memory(data)))


def _has(stated, what, *keys):
    for key in keys:
        if key not in stated:
            raise ValueError(f"{what} has no {key!r}; needed are {', '.join(keys)}")


class Partitioned:
    """A section as an object with `__partitioned__`.

    Only blocks: the halo is left out, a part being what a process owns.
    """

    def __init__(self, section):
        import numpy

        self._layout, self._rank = layout_of(section), section.rank
        for number, dim in enumerate(self._layout.dims):
            if dim.dist_type != "b":
                raise Refused(f"dimension {number} is {dim}, and the parts of __partitioned__ are boxes: move the array to blocks first")
        self._data = numpy.asarray(section.owned)

    @property
    def __partitioned__(self):
        held, parts, places = self._layout, {}, []
        for rank in range(held.processes):
            place = held.coordinates(rank)
            owned = [dim.owned(at) for dim, at in zip(held.dims, place)]
            starts = [runs[0].global_start if runs else _start(dim, at) for runs, dim, at in zip(owned, held.dims, place)]
            parts[place] = {"start": tuple(starts), "shape": held.owned_shape(rank), "location": [rank],
                            "data": self._data if rank == self._rank else None, "dtype": self._data.dtype, "device": "cpu"}  # fmt: skip
            places += [place] if rank == self._rank else []
        return {"shape": held.shape, "partition_tiling": held.grid_shape, "partitions": parts, "locals": places, "get": lambda data: data}


def _start(dim, place):
    return sum(dim.owned_len(before) for before in range(place))
