"""Helpers that the tests of all adapters share.

Each is a program for `mpirun`; it prints how much it checked, or aborts all ranks.

The values of all arrays are their own places: element (i, j) of an array of shape (n, m) is i * m +
j. So each process can tell by itself, without the library, whether a section says the truth about
its memory.
"""

import sys
import traceback

import numpy
from mpi4py import MPI

import daparray

COMM = MPI.COMM_WORLD
_done = [0]


def values(shape, dtype="f8"):
    """The whole array."""
    return numpy.arange(numpy.prod(shape, dtype=int)).reshape(shape).astype(dtype)


def tells_the_truth(section, whole, rank=None, halo=False):
    """Each element that the section says is element (i, j) of `whole` is; with `halo` those in the
    padding too."""
    _done[0] += 1
    rank = COMM.rank if rank is None else rank
    layout, local = section.layout, numpy.asarray(section.local)
    assert section.rank == rank, (section.rank, rank)
    assert layout.shape == whole.shape, (layout.shape, whole.shape)
    assert layout.local_shape(rank) == local.shape
    owned = {axis: {run.local_start + k * run.local_stride + i for run in runs for k in range(run.count) for i in range(run.length)}
             for axis, runs in enumerate(layout.owned(rank))}  # fmt: skip
    for place in numpy.ndindex(*local.shape):
        if halo or all(at in owned[axis] for axis, at in enumerate(place)):
            at = layout.global_index(rank, place)
            assert local[place] == whole[at], (rank, place, at, local[place], whole[at])
    # All processes together own each element once.
    assert sum(numpy.prod(layout.owned_shape(one), dtype=int) for one in range(layout.processes)) == whole.size


def same_memory(one, other):
    """Two arrays begin at the same address: nothing was copied."""
    _done[0] += 1
    one, other = address(one), address(other)
    assert one == other, (hex(one), hex(other))


def address(array):
    for name in ("data_ptr", "unsafe_buffer_pointer"):
        if hasattr(array, name):
            return getattr(array, name)()
    if isinstance(array, daparray.Section):
        return array.local.address
    return array.address if isinstance(array, daparray.Local) else numpy.asarray(array).__array_interface__["data"][0]


def refused(says, call, *arguments, kind=BufferError, **keywords):
    """The call raises, on every process, a sentence with these words."""
    _done[0] += 1
    try:
        call(*arguments, **keywords)
    except kind as error:
        assert says in str(error), str(error)
        assert len(str(error)) > 40, str(error)
    else:
        raise AssertionError(f"not refused: {says}")
    COMM.Barrier()


def wrong_on_one(function, *arguments, **options):
    """An error of the last rank is raised on all: each argument replaced in turn, and an option
    that the function does not know."""
    last = COMM.rank == COMM.size - 1
    changes = [(place, wrong) for place, given in enumerate(arguments) if given is not COMM for wrong in (None, [1.0], object(), 2**63)]
    for place, wrong in [*changes, (None, None)]:
        _done[0] += 1
        given = [wrong if last and at == place else argument for at, argument in enumerate(arguments)]
        stated = {**options, "no_such_option": 1} if last and place is None else options
        try:
            function(*given, **stated)
            raised = None
        except Exception as error:
            raised = str(error)
        everyone = COMM.allgather(raised)
        assert all(everyone), (function, place, wrong, everyone)


def run(main):
    try:
        main()
        done = COMM.allreduce(_done[0])
        if COMM.rank == 0:
            print(f"ranks {COMM.size}, checks {done}", flush=True)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        # The others wait for this process.
        COMM.Abort(1)
