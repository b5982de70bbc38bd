"""A Fortran program's heat equation, watched by Python while it runs, in Fortran's own memory; and
drawn.

    mpirun -n 4 python watch.py libheat.so heat.png
"""

import ctypes
import sys

import daparray
import numpy
from moving import Steps
from mpi4py import MPI

comm = MPI.COMM_WORLD
heat = ctypes.CDLL(sys.argv[1])
heat.heat_address.restype = ctypes.c_void_p
BORROWER = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32)
ROWS, COLUMNS, STEPS, EVERY = 96, 128, 900, 50

api = ctypes.pythonapi
api.PyCapsule_New.restype, api.PyCapsule_New.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
api.PyCapsule_GetName.restype, api.PyCapsule_GetName.argtypes = ctypes.c_char_p, [ctypes.py_object]
# As daparray names its own. A capsule keeps the pointer to its name.
NAME = api.PyCapsule_GetName(daparray.Section([{}], numpy.zeros(1)).__distarray_c__())


class Lent:
    """A DapArray at an address, which Fortran owns: the capsule does not release, the section made
    of it does."""

    def __init__(self, address):
        self.address = address

    def __distarray_c__(self, max_version=None, copy=None):
        return api.PyCapsule_New(self.address, NAME, None)

    def __distarray__(self):
        raise BufferError("take it by __distarray_c__")


frames, warmth, problems = [], [], []


def watch(address, step):
    """Once in every few steps: what Python sees is Fortran's array."""
    try:
        section = daparray.from_distarray(Lent(address))
        assert section.local.address == heat.heat_address()
        mine = numpy.asarray(section.owned)  # without the halo, strided, not copied
        warmth.append((step, comm.allreduce(mine.sum()) / (ROWS * COLUMNS)))
        if step % 300 == 0:
            # To draw all of it, one process needs all of it: this copies.
            parts = comm.gather(mine)
            if comm.rank == 0:
                frames.append((step, numpy.concatenate(parts)))
        if step == 0:
            layout = daparray.Layout.from_exports(comm.allgather(daparray.describe(section)))
            assert layout.shape == (ROWS, COLUMNS) and layout.grid_shape == (comm.size, 1), layout
    except BaseException as problem:  # ctypes would print it and go on
        problems.append(problem)


def main():
    heat.heat_start(comm.py2f(), ROWS, COLUMNS)
    steps = Steps(comm)
    code = heat.heat_run(STEPS, EVERY, BORROWER(watch))
    if problems:
        raise problems[0]
    assert code == 0, code
    steps(f"{STEPS} steps in Fortran, watched in place every {EVERY}", False)
    comm.Barrier()
    if comm.rank == 0:
        check(frames)
        draw(sys.argv[2])
        print(f"  {ROWS} x {COLUMNS} points on {comm.size} processes, as NumPy computes them; {len(frames)} frames gathered (copied) for {sys.argv[2]}")


def check(frames):
    """The same steps in NumPy, on one process."""
    whole = numpy.zeros((ROWS, COLUMNS))
    whole[0] = 1
    whole[ROWS // 2 : 3 * ROWS // 4, COLUMNS // 4 : COLUMNS // 2] = 2
    done = 0
    for step, frame in frames:
        for _ in range(step - done):
            around = whole[:-2, 1:-1] + whole[2:, 1:-1] + whole[1:-1, :-2] + whole[1:-1, 2:]
            whole[1:-1, 1:-1] += 0.2 * (around - 4 * whole[1:-1, 1:-1])
        done = step
        assert abs(frame - whole).max() < 1e-12, (step, abs(frame - whole).max())


def draw(path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(frames) + 1, figsize=(3.4 * (len(frames) + 1), 3), layout="constrained")
    for axis, (step, frame) in zip(axes, frames):
        picture = axis.imshow(frame, vmin=0, vmax=2, cmap="inferno")
        axis.set_title(f"step {step}")
        for cut in range(1, comm.size):
            axis.axhline(ROWS * cut // comm.size - 0.5, color="white", linewidth=0.5, linestyle=":")
    if comm.size > 1:
        axes[0].set_xlabel(f"dotted: between the {comm.size} processes")
    figure.colorbar(picture, ax=axes[-2], label="temperature")
    axes[-1].plot(*zip(*warmth), marker=".")
    axes[-1].set(title="mean, seen in place", xlabel="step", box_aspect=0.75)
    figure.savefig(path, dpi=110)


main()
