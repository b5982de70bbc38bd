"""One process of several: the real DistArray 0.6 lends arrays to daparray, and takes arrays from
it.

    mpirun -n 4 python distarray_ranks.py

Run by `test_distarray.py`. The arrays are those of DistArray's own tests of the protocol (its
`paralleltest_distributed_array_protocol.py`): what those assert is asserted here with daparray at
the other end.
"""

import pathlib
import sys
import traceback
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "conformance" / "dump"))

import distarray_shim  # noqa: E402  (first: it makes DistArray importable)
import numpy  # noqa: E402
from mpi4py import MPI  # noqa: E402

import daparray  # noqa: E402
from daparray import Block, Cyclic, Layout, Unstructured, from_distarray  # noqa: E402
from distarray.localapi import localarray, maps  # noqa: E402
from distarray.externals import protocol_validator  # noqa: E402

assert distarray_shim
LocalArray, Distribution = localarray.LocalArray, maps.Distribution
COMM = MPI.COMM_WORLD


def distributed(shape, dist, grid, dtype="f8"):
    local = LocalArray(Distribution.from_shape(COMM, shape, dist, grid), dtype=dtype)
    local.ndarray[...] = numpy.arange(local.ndarray.size).reshape(local.ndarray.shape) + 1000 * COMM.rank
    return local


def lopsided():
    bounds = (0, 20, 50)
    if COMM.size != 2:
        bounds = (0, *range(20, 20 + 3 * COMM.size, 3))
    start, stop = bounds[COMM.rank], bounds[COMM.rank + 1]
    dim = {"dist_type": "b", "size": bounds[-1], "proc_grid_size": COMM.size, "proc_grid_rank": COMM.rank, "start": start,
           "stop": stop}
    return LocalArray(Distribution(COMM, (dim,)), buf=numpy.arange(stop - start))


def unstructured():
    indices = numpy.arange(COMM.rank, 5 * COMM.size, COMM.size)[::-1].copy()
    dim = {"dist_type": "u", "size": 5 * COMM.size, "proc_grid_size": COMM.size, "proc_grid_rank": COMM.rank, "indices": indices}
    return LocalArray(Distribution(COMM, (dim,)), buf=numpy.arange(5.0))


def producers():
    """Local arrays of DistArray by name, for this number of processes."""
    size = COMM.size
    yield "block", distributed((16, 16), {0: "b"}, (size, 1))
    yield "unsigned", distributed((16, 16), {0: "b"}, (size, 1), "uint8")
    yield "complex", distributed((16, 16), {0: "b"}, (size, 1), "complex128")
    yield "undistributed second", distributed((16, 16), {0: "b", 1: "n"}, (size, 1))
    yield "undistributed first", distributed((30, 60), {0: "n", 1: "b"}, (1, size))
    yield "cyclic", distributed((53, 77), {0: "c"}, (size, 1))
    yield "lopsided", lopsided()
    yield "unstructured", unstructured()
    if size == 4:
        yield "two blocks", distributed((53, 77), {0: "b", 1: "b"}, (2, 2))
        yield "cyclic and block", distributed((53, 77), {0: "c", 1: "b"}, (2, 2))
        yield "three mixed", distributed((53, 77, 99), {0: "b", 1: "n", 2: "c"}, (2, 1, 2))
    if size == 12:
        yield "three blocks", distributed((53, 77, 99), {0: "b", 1: "b", 2: "b"}, (2, 2, 3))


def layouts():
    """Layouts of ours that DistArray has a map for, for this number of processes."""
    size = COMM.size
    lists = [list(range(rank, 7 * size, size))[::-1] for rank in range(size)]
    yield Layout([Block(16, size), Block(5)])
    yield Layout([Block(bounds=[0] + [3 * rank + 2 for rank in range(1, size)] + [3 * size + 6])])
    yield Layout([Block(3), Cyclic(19, size)])
    yield Layout([Cyclic(12 * size, size, 3)])
    yield Layout([Unstructured(lists)])
    if size == 4:
        yield Layout([Block(10, 2), Cyclic(12, 2, 2), Block(4)])


def same(taken, array):
    """What DistArray's tests compare after a round trip."""
    for name in ("dist", "global_shape", "ndim", "global_size", "comm_size", "comm_rank", "cart_coords", "grid_shape",
                 "local_shape"):
        assert getattr(taken, name) == getattr(array, name), name
    assert len(taken.distribution) == len(array.distribution)
    assert taken.ndarray.dtype == array.ndarray.dtype
    assert numpy.array_equal(taken.ndarray, array.ndarray)


def take_theirs(name, array):
    """daparray takes DistArray's array, and DistArray takes it back, all in the same memory."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        section = from_distarray(array)
        again = from_distarray(array.__distarray__())
    address = array.ndarray.ctypes.data
    assert section.local.address == again.local.address == address, name
    assert section.shape == array.global_shape and section.local.shape == array.local_shape
    assert numpy.dtype(section.dtype) == array.dtype
    assert section.rank == array.distribution.comm.Get_rank()
    # It says `NumPy's integer` of what is one, and nothing of what is strict.
    assert all("strictly" in str(entry.message) for entry in caught), [str(entry.message) for entry in caught]
    # All ranks together make the layout, on every rank the same.
    layout = Layout.from_exports(COMM.allgather(daparray.describe(section)))
    assert daparray.validate(COMM.allgather(daparray.describe(array))), name
    for place in numpy.ndindex(*array.local_shape[:1]):
        local = place + (0,) * (array.ndim - 1)
        mine = layout.global_index(COMM.rank, local)
        assert tuple(array.global_from_local(local)) == mine, (name, local)
        assert layout.owner(mine) == (COMM.rank, local)
    # And back: what we export passes DistArray's validator, and its own import shares the memory.
    good, why = validate(section)
    assert good, why
    taken = LocalArray.from_distarray(COMM, section)
    same(taken, array)
    same(LocalArray.from_distarray(COMM, section.__distarray__()), array)
    assert taken.ndarray.ctypes.data == address, name
    if array.ndarray.size:
        taken.ndarray[(0,) * array.ndim] = 99
        assert array.ndarray[(0,) * array.ndim] == 99


def validate(section):
    return protocol_validator.validate(section.__distarray__())


def give_ours(layout):
    """DistArray takes our section, in our memory; daparray takes it back."""
    mine = numpy.arange(numpy.prod(layout.local_shape(COMM.rank)), dtype="f8").reshape(layout.local_shape(COMM.rank))
    section = layout.section(COMM.rank, mine)
    good, why = validate(section)
    assert good, why
    taken = LocalArray.from_distarray(COMM, section)
    assert taken.ndarray.ctypes.data == mine.ctypes.data
    assert taken.global_shape == layout.shape and taken.grid_shape == layout.grid_shape
    assert taken.cart_coords == layout.coordinates(COMM.rank)
    for local in numpy.ndindex(*mine.shape):
        assert tuple(taken.global_from_local(local)) == layout.global_index(COMM.rank, local), (layout, local)
    taken.ndarray *= 2
    assert mine.sum() == 2 * numpy.arange(mine.size).sum()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again = from_distarray(taken)
    assert again.local.address == mine.ctypes.data
    assert Layout.from_exports(COMM.allgather(daparray.describe(again))) == layout


def main():
    done = 0
    for name, array in producers():
        take_theirs(name, array)
        done += 1
    for layout in layouts():
        give_ours(layout)
        done += 1
    done = COMM.allreduce(done)
    if COMM.rank == 0:
        print("ranks %d, exchanges %d" % (COMM.size, done // COMM.size))


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        # The others wait for this process.
        COMM.Abort(1)
