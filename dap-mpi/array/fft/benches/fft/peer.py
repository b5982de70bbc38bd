"""Times of mpi4py-fft's forward transforms, as `main.rs` prints them: without a scale, planned by
FFTW_MEASURE."""

import sys
import time

import numpy
from mpi4py import MPI
from mpi4py_fft import PFFT, newDistArray

COUNT = 9
comm = MPI.COMM_WORLD
for word in sys.argv[1:]:
    shape = tuple(int(extent) for extent in word.split("x"))
    fft = PFFT(comm, shape, dtype=numpy.complex128, backend="fftw", planner_effort="FFTW_MEASURE")
    u, u_hat = newDistArray(fft, False), newDistArray(fft, True)
    u[:] = numpy.random.default_rng(comm.rank).random(u.shape)
    times = []
    for _ in range(COUNT + 2):
        comm.Barrier()
        begin = time.perf_counter()
        fft.forward(u, u_hat, normalize=False)
        times.append(comm.allreduce(time.perf_counter() - begin, MPI.MAX))
    if comm.rank == 0:
        print(f"{word} peer {sorted(times[2:])[COUNT // 2] * 1e3:.3f}", flush=True)
