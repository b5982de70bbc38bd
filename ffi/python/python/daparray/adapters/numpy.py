"""NumPy arrays, one in each process of an mpi4py program: blocks of rows, or the cells of any
process grid.

    section = adapters.numpy.rows(mine, comm)                  # this process's rows, in rank order
    section = adapters.numpy.grid(mine, comm, (2, 2), halo=1)  # a cell of a 2 x 2 grid, with halos
    mine = adapters.numpy.array(section)                       # the owned part, in the same memory

Rows may be unequal, and none on some processes. Any strides will do.
"""

import operator

import numpy

from ._common import ALONE, Refused, along, block, collective, described, memory, numbers, offers_memory, process_grid


@collective()
def rows(mine, comm=ALONE, *, axis=0):
    """The section of a process that holds some rows, the next after those of lower ranks; or
    columns, with `axis=1`."""
    held, axis = _array(mine), operator.index(axis)
    if not held.ndim and comm.size > 1:
        raise Refused("an array of no dimensions is a replica on each process, which protocol 0.10 has no word for: give it an axis, "
                      "`x[None]`, or describe one process's without a communicator")  # fmt: skip
    if held.ndim and not -held.ndim <= axis < held.ndim:
        raise ValueError(f"an array of {held.ndim} dimensions has no axis {axis} to share out")
    sides = [1] * held.ndim
    if sides:
        sides[axis] = comm.size
    return (yield from _cell(held, comm, sides, 0, 0, False))


@collective()
def grid(mine, comm=ALONE, grid=None, *, halo=0, boundary=0, periodic=False):
    """The section of a process that holds one cell of a process grid, ranks counting along the last
    axis first.

    `grid` has the number of processes along each dimension, and may be left out where there is one
    process. `halo` is how many of the neighbours' elements `mine` holds beside its own on each
    inner side, `boundary` how many it holds on the outer sides of the grid: a number, or one for
    each dimension. Elements at the outer sides belong to the array, for the protocol; where the
    grid is `periodic`, in all dimensions or in those that are true, it stands for the other end.
    """
    held = _array(mine)
    if grid is None and comm.size > 1:
        raise Refused(f"no process grid was given for {comm.size} processes, and an array of {held.ndim} dimensions does not say how it is cut: pass "
                      "`grid`, such as (2, 2), or use `adapters.numpy.rows(mine, comm)`")  # fmt: skip
    return (yield from _cell(held, comm, (1,) * held.ndim if grid is None else grid, halo, boundary, periodic))


def _cell(held, comm, grid, halo, boundary, periodic):
    sides = process_grid(grid, comm.size, held.ndim)
    coordinates = [int(place) for place in numpy.unravel_index(comm.rank, sides)] if sides else []
    ends = [(place == 0, place == side - 1) for place, side in zip(coordinates, sides)]
    inner, outer, wraps = (_each(width, held.ndim) for width in (halo, boundary, periodic))
    owned = []
    for dim, (extent, (first, last)) in enumerate(zip(held.shape, ends)):
        owned.append(extent - inner[dim] * ((not first) + (not last)))
        if owned[-1] < 0:
            raise ValueError(f"dimension {dim} has {extent} elements, less than its halos of {inner[dim]}")
    starts = yield from along(comm, coordinates, owned, "elements of their own")
    dims = []
    for dim, ((start, size), (first, last)) in enumerate(zip(starts, ends)):
        start -= 0 if first else inner[dim]
        padding = (outer[dim] if first else inner[dim], outer[dim] if last else inner[dim])
        dims.append(block(size, start, start + held.shape[dim], sides[dim], coordinates[dim], padding, wraps[dim]))
    return (yield from described(dims, held))


def array(section):
    """The part that this process owns as a NumPy array, in the same memory;
    `numpy.asarray(section.local)` has the halo as well."""
    return numpy.asarray(section.owned)


def _array(mine):
    if hasattr(type(mine), "__distarray__"):
        raise TypeError(f"{type(mine).__name__} says itself how it is distributed: describe it with `adapters.section(x, comm)`")
    mine = memory(mine)
    if not offers_memory(mine):
        raise TypeError(f"{type(mine).__name__} shows no memory, and NumPy would make a copy of what it holds: pass this process's part as an array")
    return memory(numpy.asarray(mine))


def _each(width, ndim):
    widths = numbers(width if hasattr(width, "__iter__") else (width,) * ndim, "a width")
    if len(widths) != ndim or any(one < 0 for one in widths):
        raise ValueError(f"widths {widths} for {ndim} dimensions: give one number, or one for each, none negative")
    return widths
