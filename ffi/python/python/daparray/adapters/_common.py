"""Helpers of all adapters: refusals on which all processes agree, and sections that are checked
together."""

import itertools
import math
import operator

from .._agreement import ALONE, Together, article, carried, collective
from .._daparray import DimData, Section, describe, validate

__all__ = ["ALONE", "Refused", "Together", "article", "collective"]


@carried
class Refused(BufferError):
    """Protocol 0.10 has no words for this array. The text says why, and what to do instead."""


def described(dim_data, buffer):
    """The section of this process's part, judged beside all other processes' and knowing its
    layout. Part of a collective call."""
    made = Section(dim_data, buffer)
    report = validate((yield describe(made)))
    report.raise_for_errors()
    return made.with_layout(report.layout)


def alike(stated, advice):
    """Refuses when processes state different values of something, by name.

    Part of a collective call.
    """
    everyone = yield stated
    for (rank, theirs), name in itertools.product(enumerate(everyone), stated):
        if theirs[name] != everyone[0][name]:
            raise ValueError(f"{name} differs: {everyone[0][name]} on rank 0, {theirs[name]} on rank {rank}; {advice} on all processes")


def told(layout):
    """A layout as a text that is the same for equal layouts alone, lists of indices included."""
    return f"{layout} (hash {hash(layout) & 0xFFFFFFFF:08x})"


def layout_of(section, place=None):
    """The layout of a section that knows it; of this process's section, where a process's place is
    given."""
    if not isinstance(section, Section):
        raise TypeError(f"the section is {article(section)}: make one with `adapters.section(array, comm)` or an adapter's own function")
    held = section.layout
    if held is None:
        raise ValueError("this section does not know its layout, which one process's part does not say: take it with `adapters.section(section, comm)`")
    if place is not None and (held.processes != place.size or section.rank != place.rank):
        raise ValueError(f"the section is of rank {section.rank} of {held.processes} processes, and this is rank {place.rank} of {place.size} of the "
                         "communicator: pass the communicator of the processes that hold the array, in the order of its ranks")  # fmt: skip
    return held


def memory(data):
    """What `Section` takes for `data`: its own memory, and all that it says.

    Refuses what would be a copy, or a part of the truth.
    """
    if isinstance(data, (list, tuple)):
        raise TypeError(f"a {type(data).__name__} has no memory to share: make an array of it first, and keep that")
    if data is None:
        raise TypeError("None has no memory to share: pass this process's part, an array with no elements where it holds nothing")
    if hasattr(data, "mask") and hasattr(data, "filled"):
        raise Refused("a masked array is two arrays, and an export of protocol 0.10 has one buffer: describe `x.data` and `x.mask`, or `x.filled()`")
    if hasattr(data, "detach"):
        # Not by DLPack, which has no bool in older versions of PyTorch: its NumPy view is of the
        # same memory.
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


def offers_memory(thing):
    """Whether an object lets others see its memory: by the buffer protocol, DLPack or NumPy's
    interface."""
    if any(hasattr(type(thing), name) for name in ("__array_interface__", "__dlpack__")):
        return True
    try:
        memoryview(thing)
    except TypeError:
        return False
    except (ValueError, BufferError):  # it offers memory, of an item type that no buffer has
        return True
    return True


def numbers(values, what):
    """A tuple of integers, of whatever types of integers they came as."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise TypeError(f"{what} is {values!r}; it is a sequence of integers")
    values = tuple(values)
    try:
        return tuple(operator.index(value) for value in values)
    except TypeError as error:
        raise TypeError(f"{what} is ({', '.join(map(str, values))}), and {error}: give a sequence of integers") from None


def process_grid(grid, processes, ndim):
    """A process grid as integers, one for each dimension, with one place for each process."""
    grid = numbers(grid, "`grid`")
    if math.prod(grid) != processes or len(grid) != ndim or any(extent < 1 for extent in grid):
        raise ValueError(f"a grid of {grid} for {processes} processes and an array of {ndim} dimensions: give an extent of at least 1 for each "
                         "dimension, whose product is the number of processes")  # fmt: skip
    return grid


def block(size, start, stop, grid=1, place=0, padding=(0, 0), periodic=False):
    """A block dimension's dictionary, without the keys that say nothing."""
    size, start, stop, grid, place = (operator.index(number) for number in (size, start, stop, grid, place))
    padding = tuple(operator.index(width) for width in padding)
    return DimData.block(size, start, stop, proc_grid_size=grid, proc_grid_rank=place,
                         padding=padding if any(padding) else None, periodic=True if periodic else None)  # fmt: skip


def c_order(coordinates, grid):
    """The rank that the protocol gives to a place of the process grid: the last axis varies
    fastest."""
    rank = 0
    for place, extent in zip(coordinates, grid, strict=True):
        rank = rank * extent + place
    return rank


def in_order(comm, coordinates, grid):
    """Refuses when this process is not where the protocol expects its rank."""
    coordinates, grid = numbers(coordinates, "the place"), numbers(grid, "the process grid")
    if len(coordinates) != len(grid):
        raise ValueError(f"place {coordinates} of the process grid {grid}: they have different numbers of dimensions")
    if math.prod(grid) != comm.size:
        raise Refused(f"the process grid {grid} has {math.prod(grid)} places and the communicator {comm.size} processes; "
                      "pass the communicator of just the processes that hold a part")  # fmt: skip
    rank = c_order(coordinates, grid)
    if rank != comm.rank:
        raise Refused(f"rank {comm.rank} stands at {coordinates} of the process grid {grid}, which is rank {rank} for "
                      "protocol 0.10: it counts along the last axis first. Pass `adapters.ordered(comm, coordinates, grid)` as comm, "
                      "the same processes in that order")  # fmt: skip


@collective()
def ordered(comm, coordinates, grid):
    """The same processes numbered as the protocol counts them: an mpi4py communicator for the
    adapters. Collective."""
    sides, place = numbers(grid, "`grid`"), numbers(coordinates, "`coordinates`")
    if math.prod(sides) != comm.size or any(side < 1 for side in sides):
        raise ValueError(f"`grid` is {sides} for {comm.size} processes: give extents of at least 1 whose product is the number of processes")
    if len(place) != len(sides) or any(not 0 <= at < side for at, side in zip(place, sides)):
        raise ValueError(f"`coordinates` are {place}, which is no place of the process grid {sides}: give one number for each axis, from 0 to its extent - 1")
    everyone = yield place, sides
    first = {}
    for rank, (at, stated) in enumerate(everyone):
        if stated != everyone[0][1]:
            raise ValueError(f"`grid` is {everyone[0][1]} on rank 0 and {stated} on rank {rank}: pass the same on all processes")
        if first.setdefault(at, rank) != rank:
            raise ValueError(f"ranks {first[at]} and {rank} are both at {at} of the process grid: each process has a place of its own")
    return (yield Together(lambda comm: comm.Split(0, c_order(place, sides))))


def along(comm, coordinates, extents, what):
    """Where each process's block starts, from this one's coordinates and extents: for each
    dimension ``(start, size)``.

    Part of a collective call.
    """
    everyone = yield coordinates, extents
    for rank, (_, sizes) in enumerate(everyone):
        if len(sizes) != len(everyone[0][1]):
            raise Refused(f"rank 0 holds an array of {len(everyone[0][1])} dimensions and rank {rank} one of {len(sizes)}: parts of one array "
                          "have the same number, also where they are empty")  # fmt: skip
    result = []
    for dim in range(len(extents)):
        at = {}
        for rank, (theirs, sizes) in enumerate(everyone):
            first, extent = at.setdefault(theirs[dim], (rank, sizes[dim]))
            if extent != sizes[dim]:
                raise Refused(f"ranks {first} and {rank} are both number {theirs[dim]} along dimension {dim} and hold {extent} and "
                              f"{sizes[dim]} {what}: their blocks do not form a grid, as protocol 0.10 asks. Cut them along common lines")  # fmt: skip
        before = [at[place][1] for place in sorted(at) if place < coordinates[dim]]
        result.append((sum(before), sum(extent for _, extent in at.values())))
    return result
