"""NumPy arrays, one in each process of an mpi4py program: blocks of rows, or the cells of any process grid.

    section = adapters.numpy.rows(mine, comm)                  # this process's rows, after those of lower ranks
    section = adapters.numpy.grid(mine, comm, (2, 2), halo=1)  # a cell of a 2 x 2 grid, and the neighbours' edges
    mine = adapters.numpy.array(section)                       # what this process owns, in the same memory

Rows may be unequal, and none on some processes. Any strides will do.
"""

import math

import numpy

from ._common import ALONE, agreed, along, block, collective


def rows(mine, comm=ALONE, *, axis=0):
    """The section of a process that holds some rows, the next after those of lower ranks; or columns, with `axis=1`."""
    mine = numpy.asarray(mine)

    def spread():
        if not -mine.ndim <= axis < mine.ndim:
            raise ValueError(f"an array of {mine.ndim} dimensions has no axis {axis} to share out")
        places = [1] * mine.ndim
        places[axis] = comm.size
        return tuple(places)

    return grid(mine, comm, agreed(comm, spread)[comm.rank])


def grid(mine, comm=ALONE, grid=None, *, halo=0, boundary=0):
    """The section of a process that holds one cell of a process grid, ranks counting along the last axis first.

    `halo` is how many of the neighbours' elements `mine` holds beside its own on each inner side, `boundary` how many it holds
    on the outer sides of the grid: a number, or one for each dimension. What lies at the outer sides belongs to the array,
    for the protocol.
    """
    mine = numpy.asarray(mine)
    work = []

    def cell():
        places = tuple(grid) if grid is not None else (comm.size,) + (1,) * (mine.ndim - 1)
        if len(places) != mine.ndim or math.prod(places) != comm.size:
            raise ValueError(f"a grid of {places} for {comm.size} processes and an array of {mine.ndim} dimensions")
        coordinates = [int(place) for place in numpy.unravel_index(comm.rank, places)] if places else []
        inner, outer = (_each(width, mine.ndim) for width in (halo, boundary))
        work.append((places, coordinates, inner, outer))
        owned = []
        for dim, extent in enumerate(mine.shape):
            first, last = coordinates[dim] == 0, coordinates[dim] == places[dim] - 1
            owned.append(extent - inner[dim] * ((not first) + (not last)))
            if owned[-1] < 0:
                raise ValueError(f"dimension {dim} has {extent} elements, less than its halos of {inner[dim]}")
        return coordinates, owned

    starts = along(comm, cell, "elements of their own")
    places, coordinates, inner, outer = work[0]

    def dims():
        for dim, (start, size) in enumerate(starts):
            first, last = coordinates[dim] == 0, coordinates[dim] == places[dim] - 1
            start -= 0 if first else inner[dim]
            padding = (outer[dim] if first else inner[dim], outer[dim] if last else inner[dim])
            yield block(size, start, start + mine.shape[dim], places[dim], coordinates[dim], padding)

    return collective(comm, lambda: (list(dims()), mine))


def array(section):
    """What this process owns as a NumPy array, in the same memory; `numpy.asarray(section.local)` has the halo as well."""
    return numpy.asarray(section.owned)


def _each(width, ndim):
    widths = (width,) * ndim if isinstance(width, int) else tuple(width)
    if len(widths) != ndim or any(one < 0 for one in widths):
        raise ValueError(f"widths {widths} for {ndim} dimensions: give one number, or one for each, none negative")
    return widths
