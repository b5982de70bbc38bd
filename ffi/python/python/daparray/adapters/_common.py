"""What all adapters need: refusals on which all processes agree, and sections that are checked together."""

import math
import operator

from .._daparray import DimData, Section, describe, validate


class Refused(BufferError):
    """Protocol 0.10 has no words for this array. The text says why, and what to do instead."""


class _Alone:
    """Stands for a communicator where the program is one process."""

    rank, size = 0, 1

    def allgather(self, item):
        return [item]


ALONE = _Alone()
_KINDS = {"Refused": Refused, "BufferError": BufferError, "TypeError": TypeError}


def agreed(comm, work):
    """All processes' `work()`, in rank order. If one raises all raise, so that nobody waits for it for ever."""
    error = None
    try:
        mine = (None, work())
    except Exception as raised:  # whatever it is: the others wait
        error, mine = raised, (type(raised).__name__, str(raised))
    everybody = comm.allgather(mine)
    if error is not None:
        raise error
    for rank, (kind, outcome) in enumerate(everybody):
        if kind is not None:
            raise _KINDS.get(kind, ValueError)(f"rank {rank} refused: {outcome}")
    return [outcome for _, outcome in everybody]


def here(comm, work):
    """This process's `work()`, which does not leave it, when all processes' have succeeded. If one raises all raise."""
    made = []
    agreed(comm, lambda: made.append(work()))
    return made[0]


def collective(comm, work):
    """The section of what `work()` gives, ``(dim_data, buffer)``, judged beside all other processes' and knowing its layout."""
    made = []

    def local():
        made.append(Section(*work()))
        return describe(made[0])

    report = validate(agreed(comm, local))
    report.raise_for_errors()
    return made[0].with_layout(report.layout)


def memory(data):
    """What `Section` takes for `data`: its own memory, and all that it says. Refuses what would be a copy, or a part of the truth."""
    if isinstance(data, (list, tuple)):
        raise TypeError(f"a {type(data).__name__} has no memory to share: make an array of it first, and keep that")
    if hasattr(data, "mask") and hasattr(data, "filled"):
        raise Refused("a masked array is two arrays, and an export of protocol 0.10 has one buffer: describe `x.data` and `x.mask`, or `x.filled()`")
    if hasattr(data, "detach"):
        # Not by DLPack, which has no bool in older versions of PyTorch: its NumPy view is of the same memory.
        try:
            data = data.detach().numpy()
        except (TypeError, RuntimeError) as error:
            raise Refused(f"PyTorch does not show this tensor's memory ({error}): convert it first, which copies") from None
    if hasattr(data, "__array_interface__"):
        try:
            memoryview(data)
        except (ValueError, BufferError) as error:
            raise Refused(f"a buffer has no item type {data.dtype} ({error}): describe the same memory as integers, "
                          f"`x.view('i{data.dtype.itemsize}')`") from None  # fmt: skip
    return data


def process_grid(grid, processes, ndim):
    """A process grid as integers, one for each dimension, as many places as there are processes."""
    grid = tuple(operator.index(extent) for extent in grid)
    if math.prod(grid) != processes or len(grid) != ndim or any(extent < 1 for extent in grid):
        raise ValueError(f"a grid of {grid} for {processes} processes and an array of {ndim} dimensions")
    return grid


def block(size, start, stop, grid=1, place=0, padding=(0, 0), periodic=False):
    """A block dimension's dictionary, without the keys that say nothing."""
    size, start, stop, grid, place = (operator.index(number) for number in (size, start, stop, grid, place))
    padding = tuple(operator.index(width) for width in padding)
    return DimData.block(size, start, stop, proc_grid_size=grid, proc_grid_rank=place,
                         padding=padding if any(padding) else None, periodic=True if periodic else None)  # fmt: skip


def c_order(coordinates, grid):
    """The rank that the protocol gives to a place of the process grid: the last axis varies fastest."""
    rank = 0
    for place, extent in zip(coordinates, grid, strict=True):
        rank = rank * extent + place
    return rank


def in_order(comm, coordinates, grid):
    """Refuses when this process is not where the protocol expects its rank."""
    if math.prod(grid) != comm.size:
        raise Refused(f"the process grid {tuple(grid)} has {math.prod(grid)} places and the communicator {comm.size} processes; "
                      "pass the communicator of just the processes that hold a part")  # fmt: skip
    rank = c_order(coordinates, grid)
    if rank != comm.rank:
        raise Refused(f"rank {comm.rank} stands at {tuple(coordinates)} of the process grid {tuple(grid)}, which is rank {rank} for "
                      "protocol 0.10: it counts along the last axis first. Pass `adapters.ordered(comm, coordinates, grid)` as comm, "
                      "the same processes in that order")  # fmt: skip


def ordered(comm, coordinates, grid):
    """The same processes numbered as the protocol counts them: an mpi4py communicator for the adapters. Collective."""
    return comm.Split(0, c_order(coordinates, grid))


def along(comm, work, what):
    """Where each process's block starts, from ``(coordinates, extents)`` of `work()` on each: for each dimension ``(start, size)``."""
    everybody = agreed(comm, work)
    coordinates, extents = everybody[comm.rank]
    for rank, (_, sizes) in enumerate(everybody):
        if len(sizes) != len(everybody[0][1]):
            raise Refused(f"rank 0 holds an array of {len(everybody[0][1])} dimensions and rank {rank} one of {len(sizes)}: parts of one array "
                          "have the same number, also where they are empty")  # fmt: skip
    result = []
    for dim in range(len(extents)):
        at = {}
        for rank, (theirs, sizes) in enumerate(everybody):
            first, extent = at.setdefault(theirs[dim], (rank, sizes[dim]))
            if extent != sizes[dim]:
                raise Refused(f"ranks {first} and {rank} are both number {theirs[dim]} along dimension {dim} and hold {extent} and "
                              f"{sizes[dim]} {what}: their blocks do not form a grid, as protocol 0.10 asks. Cut them along common lines")  # fmt: skip
        before = [at[place][1] for place in sorted(at) if place < coordinates[dim]]
        result.append((sum(before), sum(extent for _, extent in at.values())))
    return result
