"""A cyclic array of DistArray 0.6 -> blocks with halos -> one stencil step -> back into DistArray's
own memory.

    mpirun -n 4 python stencil.py [n]
"""

import pathlib
import sys
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).parents[4] / "conformance" / "dump"))
import distarray_shim  # noqa: E402  (first: it makes DistArray importable)
import numpy  # noqa: E402
from daparray import Block, HaloExchange, Layout, adapters  # noqa: E402
from distarray.localapi import localarray, maps  # noqa: E402
from moving import Steps, address, move  # noqa: E402
from mpi4py import MPI  # noqa: E402

assert distarray_shim
comm = MPI.COMM_WORLD
n = int(sys.argv[1]) if len(sys.argv) > 1 else 300


def main():
    shape = (n, n // 2 + 1)
    whole = numpy.random.default_rng(3).random(shape)
    spread = maps.Distribution.from_shape(comm, shape, {0: "c", 1: "b"}, (comm.size, 1))
    theirs = localarray.LocalArray(spread, dtype="f8")
    theirs.ndarray[...] = whole[comm.rank :: comm.size]
    memory = address(theirs.ndarray)
    steps = Steps(comm)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of NumPy's integers in what DistArray exports
        dealt = adapters.section(theirs, comm)
    assert dealt.local.address == memory and dealt.layout.dims[0].dist_type == "c"
    steps("DistArray's cyclic array taken over", False)

    down = max(side for side in range(1, comm.size + 1) if comm.size % side == 0 and side * side <= comm.size)
    blocks = Layout([Block(shape[0], down, halo=1), Block(shape[1], comm.size // down, halo=1)])
    mine = blocks.zeros(comm.rank)
    move(comm, dealt, mine)
    steps(f"moved to {blocks.grid_shape} blocks", True)
    HaloExchange(blocks, mine.dtype, comm, corners=False).exchange(mine)
    steps("halos filled by the neighbours", True)

    old = numpy.asarray(mine.local)
    new = old.copy()
    new[1:-1, 1:-1] = (old[:-2, 1:-1] + old[2:, 1:-1] + old[1:-1, :-2] + old[1:-1, 2:]) / 4
    after = blocks.section(comm.rank, new)
    steps("one stencil step, into a second array", True)

    move(comm, after, dealt)
    assert address(theirs.ndarray) == memory
    steps("moved back into DistArray's own memory", True)

    expected = whole.copy()
    expected[1:-1, 1:-1] = (whole[:-2, 1:-1] + whole[2:, 1:-1] + whole[1:-1, :-2] + whole[1:-1, 2:]) / 4
    assert numpy.array_equal(theirs.ndarray, expected[comm.rank :: comm.size])
    if comm.rank == 0:
        print(f"  {shape} points on {comm.size} processes: DistArray holds what NumPy gets, to the last bit")


main()
