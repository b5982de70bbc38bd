"""A vector of a PETSc DMDA -> a pencil of mpi4py-fft, which solves Poisson's equation on it -> back
into PETSc's vector.

    mpirun -n 4 python spectrum.py [n]
"""

import sys

import numpy
from daparray import adapters
from moving import Steps, address, move
from mpi4py import MPI
from mpi4py_fft import PFFT, newDistArray
from petsc4py import PETSc

comm = MPI.COMM_WORLD
n = int(sys.argv[1]) if len(sys.argv) > 1 else 48


def main():
    shape = (n, n - 2, n + 4)  # z, y, x
    da = PETSc.DMDA().create(shape[::-1], dof=1, stencil_width=1, boundary_type=["periodic"] * 3, stencil_type="box", comm=comm)
    v = da.createGlobalVec()
    source = adapters.petsc4py.dmda(da, v)
    values = v.getArray()
    assert source.local.address == address(values)
    # f = product of sines, each process where it is; -laplace(u) = f has u = f / 14.
    (zs, zw), (ys, yw), (xs, xw) = zip(*[part[::-1] for part in da.getCorners()])
    angles = [2 * numpy.pi * (start + numpy.arange(width)) / size for start, width, size in zip((zs, ys, xs), (zw, yw, xw), shape)]
    z, y, x = numpy.meshgrid(*angles, indexing="ij", sparse=True)
    f = numpy.sin(z) * numpy.cos(2 * y) * numpy.sin(3 * x)
    numpy.asarray(source.local)[...] = f
    fft = PFFT(comm, shape, axes=(0, 1, 2), dtype="d")
    u = newDistArray(fft, False)
    steps = Steps(comm)

    source = adapters.petsc4py.dmda(da, v)
    steps("PETSc's vector described", False)

    places, coordinates = adapters.mpi4py_fft.grid(u.pencil)
    pencil = adapters.mpi4py_fft.section(u, adapters.ordered(comm, coordinates, places))
    assert pencil.local.address == address(u)
    steps(f"mpi4py-fft's array described: {pencil.layout.grid_shape} processes, PETSc has {source.layout.grid_shape}", False)

    move(comm, source, pencil)
    steps("moved into the pencil", True)

    hat = fft.forward(u)
    k = [numpy.fft.fftfreq(size, 1 / size) for size in shape[:2]] + [numpy.arange(shape[2] // 2 + 1.0)]
    mine = [wave[part] for wave, part in zip(k, fft.local_slice(True))]
    square = sum(wave**2 for wave in numpy.meshgrid(*mine, indexing="ij", sparse=True))
    hat /= numpy.where(square == 0, 1, square)
    fft.backward(hat, u)
    assert pencil.local.address == address(u)
    steps("mpi4py-fft transformed, divided and transformed back", False)

    move(comm, pencil, source)
    assert source.local.address == address(values)
    steps("moved back into PETSc's vector", True)

    worst = comm.allreduce(abs(numpy.asarray(source.local) - f / 14).max(initial=0), MPI.MAX)
    assert worst < 1e-13, worst
    norm = v.norm(PETSc.NormType.NORM_INFINITY)  # PETSc sees it
    assert abs(norm - comm.allreduce(abs(f).max() / 14, MPI.MAX)) < 1e-13
    if comm.rank == 0:
        print(f"  {shape} points on {comm.size} processes; farthest from the exact solution: {worst:.1e}")


main()
