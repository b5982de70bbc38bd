"""ScaLAPACK: every rotation, both orders of the grid, gaps between columns; beside its own INDXL2G,
NUMROC and PDGEMR2D."""

import itertools
import pathlib
import sys

import numpy
from daparray import Block, Cyclic, Layout, adapters
from ranks import COMM, refused, run, same_memory, tells_the_truth, values

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "examples" / "handover"))
import scalapack  # noqa: E402

adapter = adapters.scalapack


def described(grid, order, m, n, mb, nb, rsrc, csrc, gap):
    shape = (grid.rows, grid.columns)
    rows, columns = grid.numroc(m, mb, rsrc, False), grid.numroc(n, nb, csrc, True)
    desc = grid.descriptor(m, n, mb, nb, rsrc, csrc, max(1, rows) + gap)
    whole = values((m, n))
    local = numpy.full((max(1, rows) + gap, columns), -1.0, order="F")
    for i, j in numpy.ndindex(rows, columns):
        local[i, j] = whole[grid.global_index(i, mb, rsrc, False), grid.global_index(j, nb, csrc, True)]
    # Memory as ScaLAPACK has it: with LLD, or as one long line.
    for memory in (local, local.T.reshape(-1)):
        section = adapter.section(desc, memory, COMM, grid=shape, order=order)
        tells_the_truth(section, whole.T if order == "Col" else whole)
        assert section.layout == adapter.layout(desc, shape, order)
        if rows and columns:
            same_memory(section, memory)
        # The nine integers again, as far as this process can see its leading dimension.
        again = adapter.descriptor(section, desc[1], order)
        if rows and columns > 1:
            assert again == desc, (again, desc)
        assert again[:8] == desc[:8], (again, desc)
    assert adapter.numroc(m, mb, grid.row, rsrc, grid.rows) == rows and adapter.numroc(n, nb, grid.column, csrc, grid.columns) == columns


def main():
    size, rank = COMM.size, COMM.rank
    shapes = [(1, size), (size, 1)] + [(2, 2)] * (size == 4)
    for shape, order in itertools.product(dict.fromkeys(shapes), ("Row", "Col")):
        grid = scalapack.Grid(*shape, order)
        for rsrc, csrc in itertools.product(range(shape[0]), range(shape[1])):
            described(grid, order, 5, 9, 2, 2, rsrc, csrc, 0)
            described(grid, order, 7, 3, 3, 1, rsrc, csrc, 2)
        described(grid, order, 1, 1, 4, 4, 0, 0, 0)  # most processes hold nothing
        described(grid, order, 0, 3, 2, 2, 0, 0, 0)
        towards(grid, shape, order)
        grid.exit()

    refused("DTYPE 501", adapter.layout, [501, 0, 5, 2, 0, 3, 0, 0, 0], (1, 1))
    refused("not in the BLACS grid", adapter.layout, [1, -1, 5, 5, 2, 2, 0, 0, 3], (1, 1))
    refused("RSRC (number 7", adapter.layout, [1, 0, 5, 5, 2, 2, 1, 0, 3], (1, 1), kind=ValueError)
    refused("cannot be interpreted as an integer", adapter.layout, [1, 0, 5.5, 5, 2, 2, 0, 0, 3], (1, 1), kind=TypeError)
    refused("a grid of (0, 0)", adapter.layout, [1, 0, 5, 5, 2, 2, 0, 0, 3], (0, 0), kind=ValueError)
    refused("asfortranarray", adapter.section, [1, 0, 5, 5, 2, 2, 0, 0, 5], numpy.zeros((5, 5)), grid=(1, 1), kind=ValueError)
    refused("no memory to share", adapter.section, [1, 0, 5, 5, 2, 2, 0, 0, 5], [0.0] * 25, grid=(1, 1), kind=TypeError)
    refused("Cyclic", adapter.descriptor, Layout([Block(bounds=[0, 1, 8]), Block(8)]).section(0, numpy.zeros((1, 8), order="F")), 0)
    refused("Fortran order", adapter.descriptor, Layout([Cyclic(8, 2), Cyclic(8)]).section(0, numpy.zeros((4, 8))), 0)
    refused("halos", adapter.descriptor, Layout([Block(8, 2, halo=1), Block(8)]).section(0, numpy.zeros((5, 8), order="F")), 0)
    huge = Layout([Cyclic(2**40, 2**20, 64), Cyclic(1)])
    refused("32-bit", adapter.descriptor, huge.section(0, numpy.zeros((2**20, 1), "u1", order="F")), 0)


def towards(grid, shape, order):
    """Sections of ours for ScaLAPACK: PDGEMR2D takes them, and fills them."""
    m, n = 9, 7
    turn = -1 if order == "Col" else 1
    ways = [[Cyclic(m, shape[0], 2, source=shape[0] - 1), Cyclic(n, shape[1], 3)], [Block(m, shape[0]), Block(n, shape[1])]]
    whole = values((m, n))
    made = []
    for dims in ways:
        layout = Layout(dims[::turn])
        local = layout.local_shape(COMM.rank)
        memory = numpy.zeros(local, order="F" if turn == 1 else "C")
        made.append((layout.section(COMM.rank, memory), memory))
    (first, source), (second, target) = made
    for place in numpy.ndindex(*source.shape):
        source[place] = whole[first.layout.global_index(COMM.rank, place)[::turn]]
    scalapack.gemr2d(m, n, source, adapter.descriptor(first, grid.context, order), target, adapter.descriptor(second, grid.context, order), grid.context)
    tells_the_truth(second, whole[:, :] if turn == 1 else whole.T)


run(main)
