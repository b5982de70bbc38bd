"""ScaLAPACK's descriptors: nine integers that describe a block-cyclic matrix, and the memory of one
process.

    section = adapters.scalapack.section(desc, local, comm, grid=(2, 2)) # BLACS grid in "Row" order
    target = adapters.scalapack.layout(desc, (2, 2))                      # target of a move
    desc = adapters.scalapack.descriptor(section, context)                # of the section's memory

A grid that BLACS counts down its columns ("Col") has its ranks in C order when it is read the other
way round, and so has column-major memory. With `order="Col"` the section is of the transposed
matrix, (columns, rows), in the same memory.
"""

import math
import operator

from .._daparray import Cyclic, Layout
from ._common import ALONE, Refused, alike, collective, described, layout_of, memory, numbers, process_grid, told

NAMES = ("DTYPE", "CTXT", "M", "N", "MB", "NB", "RSRC", "CSRC", "LLD")
DTYPE, CTXT, M, N, MB, NB, RSRC, CSRC, LLD = range(9)


def numroc(size, block_size, rank, source, processes):
    """How many of `size` indices a process owns, as ScaLAPACK's NUMROC:

    `rank` counts along one side of the grid.
    """
    return Cyclic(size, processes, block_size, source=source).owned_len(rank)


def layout(desc, grid, order="Row"):
    """How a descriptor deals its matrix out to a BLACS grid of `grid` processes."""
    desc, (rows, columns) = _checked(desc, grid), numbers(grid, "`grid`")
    dims = [Cyclic(desc[M], rows, desc[MB], source=desc[RSRC]), Cyclic(desc[N], columns, desc[NB], source=desc[CSRC])]
    return Layout(dims[::-1] if _transposed(order) else dims)


@collective()
def section(desc, local, comm=ALONE, *, grid, order="Row"):
    """The section of a process of the BLACS grid: `local` is its memory, LLD items for each column.

    `local` is an array in Fortran order, or of one dimension. `order` is what `BLACS_GRIDINIT` was
    given, which a descriptor does not say: "Row" if it is left out.
    """
    import numpy

    desc, grid = _checked(desc, grid), numbers(grid, "`grid`")
    if math.prod(grid) != comm.size:
        raise Refused(f"a grid of {grid[0]} x {grid[1]} and {comm.size} processes: pass the communicator of just those in the grid")
    shared = layout(desc, grid, order)
    shared_fields = {f"{name} of the descriptor": desc[at] for at, name in enumerate(NAMES) if M <= at < LLD}
    yield from alike({**shared_fields, "`grid`": grid, "`order`": _transposed(order)}, "only CTXT and LLD may differ: pass the same matrix")
    rows, columns = shared.local_shape(comm.rank)[:: -1 if _transposed(order) else 1]
    matrix = _matrix(numpy, numpy.asarray(memory(local)), rows, columns, desc[LLD])
    return (yield from described(shared.dim_data(comm.rank), matrix.T if _transposed(order) else matrix))


@collective()
def descriptor(section, context, order="Row", *, comm=ALONE):
    """The nine integers for a section's memory, `context` being the BLACS grid's.

    `Refused` for what no descriptor says.

    With `comm` all its processes get theirs, or all raise, before one of them enters a routine of
    ScaLAPACK.
    """
    held, context = layout_of(section), operator.index(context)
    desc = _described(section, held, context, order)
    yield from alike({"the layout": told(held), "`order`": _transposed(order)}, "pass parts of one array")
    return desc


def _described(section, held, context, order):
    local = section.local
    if held.ndim != 2:
        raise Refused(f"ScaLAPACK's arrays have two dimensions, this has {held.ndim}: reshape each process's part before it is described")
    turn = -1 if _transposed(order) else 1
    sides = [_dealt(dim, number) for number, dim in enumerate(held.dims)][::turn]
    (rows, columns), (down, right) = local.shape[::turn], local.strides[::turn]
    if rows > 1 and columns > 0 and down != local.itemsize:
        raise Refused("ScaLAPACK needs each column without gaps (Fortran order): copy with `numpy.asfortranarray`, or, for memory in C "
                      "order, solve for the transposed matrix with order='Col'")  # fmt: skip
    leading = right // local.itemsize if columns > 1 else max(1, rows)
    if columns > 1 and (right % local.itemsize or leading < max(1, rows)):
        raise Refused(f"columns {right} bytes apart are no leading dimension for {rows} rows of {local.itemsize} bytes: copy with `numpy.asfortranarray`")
    (size, nb, source), (size2, nb2, source2) = sides
    desc = [1, context, size, size2, nb, nb2, source, source2, leading]
    if max(desc) >= 2**31 or leading * columns >= 2**31:
        raise Refused(f"{max(max(desc), leading * columns)} does not fit the 32-bit integers of ScaLAPACK: use more processes, or its 64-bit build")
    return desc


def _dealt(dim, number):
    if dim.dist_type == "c":
        source = next(rank for rank in range(dim.grid_size) if dim.size == 0 or dim.owner(0)[0] == rank)
        return dim.size, dim.block_size, source
    if dim.dist_type == "b" and all(dim.extent(rank) == dim.owned_len(rank) for rank in range(dim.grid_size)):
        width = max(1, dim.owned_len(0))
        if all(dim.owned_len(rank) == numroc(dim.size, width, rank, 0, dim.grid_size) for rank in range(dim.grid_size)) and width * dim.grid_size >= dim.size:
            return dim.size, width, 0
    raise Refused(f"dimension {number} is {dim}: ScaLAPACK deals equal blocks round-robin, the last one smaller, without halos. Move the array "
                  "first, to a `Cyclic` dimension or to `Block(size, processes)`")  # fmt: skip


def _checked(desc, grid):
    desc = list(numbers(desc, "the descriptor"))
    if len(desc) != 9:
        raise ValueError(f"a descriptor of a dense matrix has 9 integers, this has {len(desc)}")
    if desc[DTYPE] != 1:
        raise Refused(f"DTYPE {desc[DTYPE]}: only dense matrices (DTYPE 1) are described here; 501, 502 and 601 are of banded and out-of-core ones")
    if desc[CTXT] < 0:
        raise Refused("CTXT is negative: this process is not in the BLACS grid and holds nothing. Leave it out: split the communicator")
    grid = numbers(grid, "`grid`")
    rows, columns = process_grid(grid, math.prod(grid), 2)
    for name, at, least, limit in (("M", M, 0, None), ("N", N, 0, None), ("MB", MB, 1, None), ("NB", NB, 1, None),
                                   ("RSRC", RSRC, 0, rows), ("CSRC", CSRC, 0, columns), ("LLD", LLD, 1, None)):  # fmt: skip
        if desc[at] < least or (limit is not None and desc[at] >= limit):
            bound = f"{least} or more" if limit is None else f"{least} to {limit - 1}"
            raise ValueError(f"{name} (number {at + 1} of the descriptor) is {desc[at]}, it must be {bound}")
    return desc


def _transposed(order):
    if not isinstance(order, str) or order[:1].upper() not in ("R", "C"):
        raise ValueError(f"order {order!r}: BLACS_GRIDINIT takes 'Row' and 'Col'")
    return order[:1].upper() == "C"


def _other_leading(memory, leading):
    """The remedy for columns whose distance is not that of LLD."""
    if leading * memory.itemsize == memory.strides[1] and leading >= memory.shape[0]:
        return f"give the descriptor LLD {leading}"
    return f"copy the memory with `numpy.asfortranarray`, and give LLD {memory.shape[0]}"


def _matrix(numpy, memory, rows, columns, leading):
    """The `rows` x `columns` that a process owns in memory with `leading` items for each column."""
    if leading < max(1, rows):
        raise ValueError(f"LLD is {leading}, at least {max(1, rows)} is expected: this process holds {rows} rows")
    item = memory.itemsize
    if memory.ndim == 2 and rows and columns:
        if memory.shape[0] < rows or memory.shape[1] < columns:
            raise ValueError(f"the memory has the shape {memory.shape}, and by the descriptor this process holds {rows} x {columns}: pass this process's "
                             "own part, and its own place of the grid")  # fmt: skip
        down, right = memory.strides
        if memory.shape[0] > 1 and down != item:
            raise ValueError(f"the items of a column are {down} bytes apart, {item} are expected: copy the memory with `numpy.asfortranarray`, and give "
                             f"LLD {memory.shape[0]}")  # fmt: skip
        if memory.shape[1] > 1 and right != leading * item:
            raise ValueError(f"the columns are {right} bytes apart, and by LLD, {leading}, they are {leading * item}: {_other_leading(memory, right // item)}")
        return memory[:rows, :columns]
    if memory.ndim == 2:
        return numpy.ndarray((rows, columns), memory.dtype, memory if memory.size else numpy.empty(1, memory.dtype), 0, (item, leading * item))
    if memory.ndim != 1 or not memory.flags.contiguous:
        raise ValueError("give the local memory as an array in Fortran order, or as one dimension without gaps")
    needed = leading * (columns - 1) + rows if rows and columns else 0
    if memory.size < needed:
        raise ValueError(f"{memory.size} items are too few: {columns} columns with LLD {leading} need {needed}")
    return numpy.ndarray((rows, columns), memory.dtype, memory if memory.size else numpy.empty(1, memory.dtype), 0, (item, leading * item))
