"""mpi4py-fft: slabs and pencils, tensors of them, and DistArrays in memory of ours."""

import mpi4py_fft
import numpy
from daparray import Block, Layout, adapters
from mpi4py_fft.pencil import Subcomm
from ranks import COMM, refused, run, same_memory, tells_the_truth, values, wrong_on_one


def main():
    shape = (8, 9, 10)
    whole = values(shape)
    for aligned in ([0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 0, 0]):
        u = mpi4py_fft.DistArray(shape, subcomm=Subcomm(COMM, aligned))
        u[...] = whole[u.local_slice()]
        section = adapters.mpi4py_fft.section(u, COMM)
        tells_the_truth(section, whole)
        same_memory(section, u)
        assert section.layout == adapters.mpi4py_fft.layout(u.pencil)
        assert adapters.section(u, COMM).layout == section.layout
        # Back: a DistArray in our memory, on the same pencil; mpi4py-fft moves it to another
        # alignment.
        mine = numpy.array(u)
        back = adapters.mpi4py_fft.as_distarray(section.layout.section(COMM.rank, mine), u.pencil)
        same_memory(back, mine)
        assert isinstance(back, mpi4py_fft.DistArray) and back.local_slice() == u.local_slice()
        other = next(axis for axis in range(3) if axis != back.alignment)
        moved = back.redistribute(other)
        # Which may leave the processes in another order.
        places, coordinates = adapters.mpi4py_fft.grid(moved.pencil)
        ordered = adapters.ordered(COMM, coordinates, places)
        tells_the_truth(adapters.mpi4py_fft.section(moved, ordered), whole, ordered.rank)

    # The output of a transform, complex, is laid out as its pencil says; each process checks it
    # beside NumPy's own.
    fft = mpi4py_fft.PFFT(COMM, shape, dtype="d")
    u = mpi4py_fft.newDistArray(fft, False)
    u[...] = whole[u.local_slice()]
    transformed = fft.forward(u, normalize=False)
    places, coordinates = adapters.mpi4py_fft.grid(fft.pencil[1])
    ordered = adapters.ordered(COMM, coordinates, places)
    section = adapters.mpi4py_fft.section(transformed, ordered, fft.pencil[1])
    same_memory(section, transformed)
    expected = numpy.fft.rfftn(whole)
    assert section.shape == expected.shape
    local = numpy.asarray(section.local)
    for place in numpy.ndindex(*local.shape):
        assert abs(local[place] - expected[section.layout.global_index(ordered.rank, place)]) < 1e-8 * abs(expected).max()

    tensor = values((3, 8, 9))
    u = mpi4py_fft.DistArray((3, 8, 9), rank=1)
    for component in range(3):
        u[component][...] = tensor[component][u.local_slice()[1:]]
    section = adapters.mpi4py_fft.section(u, COMM)
    tells_the_truth(section, tensor)
    tells_the_truth(adapters.mpi4py_fft.section(u[1], COMM), tensor[1])

    cube = mpi4py_fft.DistArray((8, 8, 8), subcomm=Subcomm(COMM, [0, 0, 1]))
    refused("axes exchanged", adapters.mpi4py_fft.section, cube.transpose(1, 0, 2), COMM)
    refused("no pencil", adapters.mpi4py_fft.section, cube[:, :, :4], COMM)
    refused("one dimension", adapters.mpi4py_fft.section, mpi4py_fft.DistArray((8,)), COMM)
    u = mpi4py_fft.DistArray((8, 9), subcomm=Subcomm(COMM, [0, 1]))
    transposed = Layout([Block(8), Block(9, COMM.size)])
    if COMM.size > 1:
        refused("move it first", adapters.mpi4py_fft.as_distarray, transposed.zeros(COMM.rank), u.pencil)
        # The processes of a pencil in another order than the communicator's.
        backwards = COMM.Split(0, -COMM.rank)
        turned = mpi4py_fft.DistArray((8, 9), subcomm=Subcomm(backwards, [0, 1]))
        refused("ordered", adapters.mpi4py_fft.section, turned, COMM)
        turned[...] = values((8, 9))[turned.local_slice()]
        ordered = adapters.ordered(COMM, (COMM.size - 1 - COMM.rank, 0), (COMM.size, 1))
        tells_the_truth(adapters.mpi4py_fft.section(turned, ordered), values((8, 9)), ordered.rank)
    held = adapters.mpi4py_fft.layout(u.pencil)
    wrong_on_one(adapters.mpi4py_fft.section, u, COMM)
    wrong_on_one(adapters.mpi4py_fft.as_distarray, held.zeros(COMM.rank), u.pencil)
    refused("is not on this pencil", adapters.mpi4py_fft.section, numpy.zeros((20, 20)), COMM, u.pencil, kind=ValueError)
    fortran = numpy.zeros(held.local_shape(COMM.rank), order="F")
    refused("C order", adapters.mpi4py_fft.as_distarray, held.section(COMM.rank, fortran), u.pencil)


run(main)
