"""Rows of NumPy arrays -> ScaLAPACK's 2-D block-cyclic matrix -> `pdgesv` -> the solution as rows
again.

    mpirun -n 4 python solve.py [n]
"""

import sys

import numpy
import scalapack
from daparray import Block, Cyclic, Layout, adapters
from moving import Steps, address, move
from mpi4py import MPI

comm = MPI.COMM_WORLD
n = int(sys.argv[1]) if len(sys.argv) > 1 else 600
right, block = 3, 32


def main():
    # Each process makes its own rows of A and B, as many as it likes.
    cuts = numpy.linspace(0, n, comm.size + 1).astype(int)
    mine = slice(cuts[comm.rank], cuts[comm.rank + 1])
    random = numpy.random.default_rng(7)
    whole_a, whole_b = random.random((n, n)) + n * numpy.eye(n), random.random((n, right))
    a_rows, b_rows = whole_a[mine].copy(), whole_b[mine].copy()
    steps = Steps(comm)

    a = adapters.numpy.rows(a_rows, comm)
    b = adapters.numpy.rows(b_rows, comm)
    assert a.local.address == address(a_rows) and b.local.address == address(b_rows)
    steps("NumPy's rows described", False)

    down = max(side for side in range(1, comm.size + 1) if comm.size % side == 0 and side * side <= comm.size)
    grid = scalapack.Grid(down, comm.size // down)
    dealt = [Layout([Cyclic(n, grid.rows, block), Cyclic(width, grid.columns, block)]) for width in (n, right)]
    a_matrix, b_matrix = (numpy.zeros(layout.local_shape(comm.rank), order="F") for layout in dealt)
    a_there, b_there = (layout.section(comm.rank, matrix) for layout, matrix in zip(dealt, (a_matrix, b_matrix)))
    move(comm, a, a_there)
    move(comm, b, b_there)
    steps(f"moved to {grid.rows} x {grid.columns} processes, blocks of {block}", True)

    a_desc, b_desc = (adapters.scalapack.descriptor(section, grid.context) for section in (a_there, b_there))
    assert scalapack.gesv(n, right, a_matrix, a_desc, b_matrix, b_desc) == 0
    assert b_there.local.address == address(b_matrix)
    steps("ScaLAPACK's pdgesv solved in that memory", False)

    x_rows = numpy.empty_like(b_rows)
    x = Layout([Block(bounds=[int(cut) for cut in cuts]), Block(right)]).section(comm.rank, x_rows)
    move(comm, b_there, x)
    steps("moved back to rows", True)

    expected = numpy.linalg.solve(whole_a, whole_b)[mine]
    worst = comm.allreduce(abs(x_rows - expected).max(initial=0), MPI.MAX)
    assert worst < 1e-12, worst
    if comm.rank == 0:
        print(f"  {n} equations on {comm.size} processes; farthest from NumPy's own solution: {worst:.1e}")


main()
