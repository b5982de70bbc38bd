"""Moving a section's array into another's memory, over mpi4py; and filling halos."""

import itertools
import time

import numpy
from daparray import Plan


def move(comm, source, target):
    """Fills what `target` owns from `source`: two sections of arrays of one shape, on the processes
    of `comm`.

    Copies: once into messages, once out of them. A process's rank may differ from one layout to the
    other.
    """
    plan = Plan(source.layout, target.layout, source.rank, target.rank)
    ranks = comm.allgather((source.rank, target.rank))
    # The rank of each process of `comm` in either layout.
    here = [sorted(range(comm.size), key=lambda process: ranks[process][side]) for side in range(2)]
    plan.execute(comm, source, target, source_ranks=here[0], target_ranks=here[1])


def fill_halo(comm, section):
    """Fills the communication padding of blocks from the neighbours', dimension by dimension, so
    that corners come along."""
    layout, local = section.layout, numpy.asarray(section.local)
    here = layout.coordinates(section.rank)
    for dim, width in itertools.product(range(layout.ndim), ("low", "high")):
        step = 1 if width == "low" else -1  # who has my low padding is below, and mine goes to who is above
        above, below = (neighbour(layout, here, dim, way * step) for way in (1, -1))
        own = section.owned_slices[dim]
        give = 0 if above is None else _padding(layout, above, dim, step)
        edge = slice(own.stop - give, own.stop) if step == 1 else slice(own.start, own.start + give)
        place = slice(0, own.start) if step == 1 else slice(own.stop, local.shape[dim])
        cut = tuple(slice(None) for _ in range(dim))
        if above is not None:
            request = comm.isend(numpy.ascontiguousarray(local[(*cut, edge)]), above, dim)
        if below is not None:
            local[(*cut, place)] = comm.recv(source=below, tag=dim)
        if above is not None:
            request.wait()


def neighbour(layout, here, dim, step):
    """The rank one place further along a dimension, or None."""
    there = list(here)
    there[dim] += step
    return layout.rank(there) if 0 <= there[dim] < layout.grid_shape[dim] else None


def _padding(layout, rank, dim, step):
    stated = layout.dim_data(rank)[dim]
    low, high = stated["padding"] if "padding" in stated else (0, 0)
    return low if step == 1 else high


class Steps:
    """Says of each step how long it took on the slowest process, and whether it copied."""

    def __init__(self, comm):
        comm.Barrier()
        self.comm, self.began = comm, time.perf_counter()

    def __call__(self, step, copied):
        self.comm.Barrier()
        took = time.perf_counter() - self.began
        if self.comm.rank == 0:
            print(f"  {took * 1e3:9.2f} ms  {'copied    ' if copied else 'not copied'}  {step}", flush=True)
        self.comm.Barrier()
        self.began = time.perf_counter()


def address(array):
    return array.__array_interface__["data"][0]
