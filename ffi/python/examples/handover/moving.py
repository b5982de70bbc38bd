"""Moving a section's array into another's memory, with mpi4py and what `daparray.Plan` says; and filling halos.

The plan is data: this file is all that it takes to carry one out over any transport.
"""

import itertools
import time

import numpy
from daparray import Plan


def move(comm, source, target):
    """Fills what `target` owns from `source`: two sections of arrays of one shape, on the processes of `comm`.

    A process's rank may differ from one layout to the other. Copies: once into messages, once out of them.
    """
    # Who in `comm` has which rank of either layout.
    ranks = comm.allgather((source.rank, target.rank))
    of_source = {rank: here for here, (rank, _) in enumerate(ranks)}
    of_target = {rank: here for here, (_, rank) in enumerate(ranks)}
    plan = Plan(source.layout, target.layout, source.rank, target.rank)
    out, into = numpy.asarray(source.local), numpy.asarray(target.local)
    sends = {of_target[transfer.peer]: transfer for transfer in plan.sends}
    receives = {of_source[transfer.peer]: transfer for transfer in plan.receives}
    counts = [sends[peer].elements if peer in sends else 0 for peer in range(comm.size)]
    awaited = [receives[peer].elements if peer in receives else 0 for peer in range(comm.size)]
    message = numpy.concatenate([out[places(sends[peer].source)].reshape(-1) for peer in sorted(sends)] or [numpy.empty(0, out.dtype)])
    received = numpy.empty(sum(awaited), into.dtype)
    comm.Alltoallv([message, counts], [received, awaited])
    start = 0
    for peer in sorted(receives):
        part = receives[peer]
        into[places(part.target)] = received[start : start + part.elements].reshape([len(some) for some in part.target])
        start += part.elements
    if plan.kept is not None:
        into[places(plan.kept.target)] = out[places(plan.kept.source)]


def places(along):
    """What a transfer names, as an index for NumPy: slices where they will do, which copy nothing."""
    if all(isinstance(some, range) and some.step > 0 for some in along):
        return tuple(slice(some.start, some.stop, some.step) for some in along)
    return numpy.ix_(*along)


def fill_halo(comm, section):
    """Fills the communication padding of blocks from the neighbours', dimension by dimension, so that corners come along."""
    layout, local = section.layout, numpy.asarray(section.local)
    here = layout.coordinates(section.rank)
    for dim, width in itertools.product(range(layout.ndim), ("low", "high")):
        step = 1 if width == "low" else -1  # who has my low padding is below, and mine goes to who is above
        above, below = (neighbour(layout, here, dim, way * step) for way in (1, -1))
        own = section.owned_slices[dim]
        give = 0 if above is None else _padding(layout, above, dim, step)
        edge = slice(own.stop - give, own.stop) if step == 1 else slice(own.start, own.start + give)
        place = slice(0, padding) if step == 1 else slice(own.stop, local.shape[dim])
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
