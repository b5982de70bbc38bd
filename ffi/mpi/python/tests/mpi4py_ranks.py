"""mpi4py has initialised MPI: its communicators go in and come out."""

from mpi4py import MPI

import daparray.array as da

world = MPI.COMM_WORLD
assert da.default_context().comm == world and da.default_context().size == world.size
half = world.Split(world.rank % 2, world.rank)
context = da.Context(half)
assert (context.rank, context.size) == (half.rank, half.size) and context.comm == half
x = da.arange(10, context=context)
assert x.context is context and int(x.sum()) == 45
try:
    x + da.arange(10)
except ValueError as error:
    assert "context" in str(error)
else:
    raise AssertionError("operands of two contexts")
try:
    da.Context("world")
except TypeError as error:
    assert "mpi4py" in str(error)
else:
    raise AssertionError("a text as a communicator")
world.Barrier()
if world.rank == 0:
    print("all communicators", flush=True)
