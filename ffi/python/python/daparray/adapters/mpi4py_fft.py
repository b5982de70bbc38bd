"""Pencils of mpi4py-fft.

    section = adapters.mpi4py_fft.section(u, comm)             # of a DistArray
    target = adapters.mpi4py_fft.layout(u.pencil)              # the target of a move to this pencil
    u = adapters.mpi4py_fft.as_distarray(section, u.pencil)    # a DistArray in the section's memory
"""

import math

from .._daparray import Block, Layout
from ._common import ALONE, Refused, alike, article, block, collective, described, in_order, layout_of


@collective()
def section(array, comm=ALONE, pencil=None):
    """The section of a `DistArray`, or of any array on a `pencil`, such as a transform's output on
    `fft.pencil[1]`.

    After `redistribute` the processes may stand in another order than the communicator's. That is
    refused; with `adapters.ordered(comm, coordinates, grid)` as `comm` it is described. An array
    with more dimensions than the pencil is of tensors, whose components are the first dimensions
    and all on each process.
    """
    import numpy

    if not isinstance(array, numpy.ndarray):
        raise TypeError(f"`array` is {article(array)}; this describes a DistArray, or a NumPy array on a pencil that is named")
    held = pencil
    if pencil is None:
        if not hasattr(array, "pencil"):
            raise Refused(f"this {type(array).__name__} has no pencil: a slice of a DistArray is not distributed by itself. Name the pencil that "
                          "the array lies on, `section(array, comm, pencil)`")  # fmt: skip
        if not array.flags.c_contiguous:
            raise Refused("a DistArray that is not in C order is a view of another with its axes exchanged, and its pencil does not say so: "
                          "describe the one that it is a view of")  # fmt: skip
        held = array.pencil
    if held is None:
        raise Refused("mpi4py-fft does not distribute arrays of one dimension: each process holds all of it, a replica. "
                      "Describe one process's with `adapters.numpy.rows(array)`")  # fmt: skip
    free = array.ndim - len(held.shape)
    if free < 0 or array.shape[free:] != tuple(held.subshape):
        raise ValueError(f"an array of shape {array.shape} is not on this pencil, of which this process has {tuple(map(int, held.subshape))}: name the pencil "
                         "that the array lies on, `section(array, comm, pencil)`")  # fmt: skip
    places, coordinates = ([one] * free + list(some) for one, some in zip((1, 0), grid(held)))
    in_order(comm, coordinates, places)
    shape, starts = array.shape[:free] + tuple(held.shape), (0,) * free + tuple(held.substart)
    dims = [block(size, start, start + extent, side, place)
            for size, start, extent, side, place in zip(shape, starts, array.shape, places, coordinates)]  # fmt: skip
    # `view`: a DistArray's own indexing is not NumPy's.
    return (yield from described(dims, array.view(numpy.ndarray)))


def grid(pencil):
    """The process grid of a `Pencil`, and where this process stands: for `adapters.ordered(comm,
    coordinates, grid)`."""
    return tuple(part.Get_size() for part in pencil.subcomm), tuple(part.Get_rank() for part in pencil.subcomm)


def layout(pencil):
    """How a `Pencil` shares its array out: the first processes along an axis get one more when it
    does not come out even."""
    return Layout([Block(int(size), part.Get_size(), balanced=True) for size, part in zip(pencil.shape, pencil.subcomm)])


def _implied(named):
    """All processes of the program, if the pencil has as many."""
    from mpi4py import MPI

    try:
        processes = math.prod(grid(named["pencil"])[0])
    except Exception:  # no pencil, which all processes are to know
        return MPI.COMM_WORLD
    if processes != MPI.COMM_WORLD.size:
        raise ValueError(f"the pencil is on {processes} processes and the program has {MPI.COMM_WORLD.size}: pass the communicator of the pencil's processes "
                         "as `comm`")  # fmt: skip
    return MPI.COMM_WORLD


@collective(_implied)
def as_distarray(section, pencil, comm=None):
    """A `DistArray` on the pencil's processes in the section's memory.

    `Refused` unless the section is laid out like the pencil.

    `comm` is the communicator of the pencil's processes, by default all of the program; all of them
    call this together.
    """
    import mpi4py_fft
    import numpy

    if not isinstance(pencil, mpi4py_fft.pencil.Pencil):
        raise TypeError(f"`pencil` is {article(pencil)}; a DistArray lies on a mpi4py_fft.pencil.Pencil, such as `u.pencil`")
    held, wanted = layout_of(section), layout(pencil)
    if held != wanted:
        raise Refused(f"this pencil is {wanted}, the section is of {held}: move it first, with "
                      "`daparray.Plan(section.layout, adapters.mpi4py_fft.layout(pencil), rank)`")  # fmt: skip
    coordinates = tuple(held.coordinates(section.rank))
    if coordinates != grid(pencil)[1]:
        raise Refused(f"the section is the part at {coordinates} of the process grid, and this process is at {grid(pencil)[1]} of the pencil's: "
                      "move it first, or make the section with `adapters.ordered(comm, coordinates, grid)`")  # fmt: skip
    local = numpy.asarray(section.local)
    if not local.flags.c_contiguous:
        raise Refused("mpi4py-fft's arrays lie in C order without gaps, this memory does not: copy it with `numpy.ascontiguousarray`")
    if not local.flags.writeable:
        raise Refused("the section's memory is read only, and a DistArray is not: copy it first")
    yield from alike({"the item type": section.dtype}, "pass parts of one array")
    return mpi4py_fft.DistArray(wanted.shape, subcomm=pencil.subcomm, dtype=local.dtype, buffer=local, alignment=pencil.axis)
