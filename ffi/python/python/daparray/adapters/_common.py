"""What all adapters need: refusals on which all processes agree, and sections that are checked together."""

import math

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


def collective(comm, work):
    """The section of what `work()` gives, ``(dim_data, buffer)``, judged beside all other processes' and knowing its layout."""
    made = []

    def local():
        made.append(Section(*work()))
        return describe(made[0])

    report = validate(agreed(comm, local))
    report.raise_for_errors()
    return made[0].with_layout(report.layout)


def block(size, start, stop, grid=1, place=0, padding=(0, 0), periodic=False):
    """A block dimension's dictionary, without the keys that say nothing."""
    padding = tuple(int(width) for width in padding)
    return DimData.block(int(size), int(start), int(stop), proc_grid_size=int(grid), proc_grid_rank=int(place),
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
