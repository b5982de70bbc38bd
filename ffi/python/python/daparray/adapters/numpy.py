"""NumPy arrays, one in each process of an mpi4py program: blocks of rows, or the cells of any process grid.

    section = adapters.numpy.rows(mine, comm)                  # this process's rows, after those of lower ranks
    section = adapters.numpy.grid(mine, comm, (2, 2), halo=1)  # a cell of a 2 x 2 grid, and the neighbours' edges
    mine = adapters.numpy.array(section)                       # what this process owns, in the same memory

Rows may be unequal, and none on some processes. Any strides will do.
"""

import operator

import numpy

from ._common import ALONE, Refused, agreed, along, block, collective, memory, process_grid


def rows(mine, comm=ALONE, *, axis=0):
    """The section of a process that holds some rows, the next after those of lower ranks; or columns, with `axis=1`."""

    def spread():
        ndim = _array(mine).ndim
        if not ndim:
            if comm.size > 1:
                raise Refused("an array of no dimensions is a replica on each process, which protocol 0.10 has no word for: give it an axis, "
                              "`x[None]`, or describe one process's without a communicator")  # fmt: skip
            return ()
        if not -ndim <= axis < ndim:
            raise ValueError(f"an array of {ndim} dimensions has no axis {axis} to share out")
        sides = [1] * ndim
        sides[axis] = comm.size
        return tuple(sides)

    return grid(mine, comm, agreed(comm, spread)[comm.rank])


def grid(mine, comm=ALONE, grid=None, *, halo=0, boundary=0, periodic=False):
    """The section of a process that holds one cell of a process grid, ranks counting along the last axis first.

    `halo` is how many of the neighbours' elements `mine` holds beside its own on each inner side, `boundary` how many it holds
    on the outer sides of the grid: a number, or one for each dimension. What lies at the outer sides belongs to the array,
    for the protocol; where the grid is `periodic`, in all dimensions or in those that are true, it stands for the other end.
    """
    work = []

    def cell():
        held = _array(mine)
        sides = process_grid((comm.size,) + (1,) * (held.ndim - 1) if grid is None else grid, comm.size, held.ndim)
        coordinates = [int(place) for place in numpy.unravel_index(comm.rank, sides)] if sides else []
        ends = [(place == 0, place == side - 1) for place, side in zip(coordinates, sides)]
        work.extend((held, sides, coordinates, ends, *(_each(width, held.ndim) for width in (halo, boundary, periodic))))
        inner, owned = work[4], []
        for dim, (extent, (first, last)) in enumerate(zip(held.shape, ends)):
            owned.append(extent - inner[dim] * ((not first) + (not last)))
            if owned[-1] < 0:
                raise ValueError(f"dimension {dim} has {extent} elements, less than its halos of {inner[dim]}")
        return coordinates, owned

    starts = along(comm, cell, "elements of their own")
    held, sides, coordinates, ends, inner, outer, wraps = work

    def dims():
        for dim, ((start, size), (first, last)) in enumerate(zip(starts, ends)):
            start -= 0 if first else inner[dim]
            padding = (outer[dim] if first else inner[dim], outer[dim] if last else inner[dim])
            yield block(size, start, start + held.shape[dim], sides[dim], coordinates[dim], padding, wraps[dim])

    return collective(comm, lambda: (list(dims()), held))


def array(section):
    """What this process owns as a NumPy array, in the same memory; `numpy.asarray(section.local)` has the halo as well."""
    return numpy.asarray(section.owned)


def _array(mine):
    return memory(numpy.asarray(memory(mine)))


def _each(width, ndim):
    widths = tuple(operator.index(one) for one in (width if hasattr(width, "__iter__") else (width,) * ndim))
    if len(widths) != ndim or any(one < 0 for one in widths):
        raise ValueError(f"widths {widths} for {ndim} dimensions: give one number, or one for each, none negative")
    return widths
