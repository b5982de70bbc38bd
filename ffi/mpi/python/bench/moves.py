"""`Plan.execute` and `HaloExchange` by the engine and by messages of mpi4py, in interleaved runs.

    mpirun -n 2 python ffi/mpi/python/bench/moves.py [SIDE]

A square of float64, 8192 by 8192, goes from rows to columns: NumPy's memory, and that of
`daparray.array`, which the processes of a node share. Medians in milliseconds.
"""

import statistics
import sys
import time

import numpy
from mpi4py import MPI

import daparray.array as da
from daparray import Block, HaloExchange, Layout, Plan, _channel, from_distarray

comm = MPI.COMM_WORLD
side = int(sys.argv[1]) if len(sys.argv) > 1 else 8192
rows, columns = Layout([Block(side, comm.size), Block(side)]), Layout([Block(side), Block(side, comm.size)])


def communicators():
    """A communicator with the engine, and one whose elements go by messages."""
    by_engine, by_messages = comm.Dup(), comm.Dup()
    transport, _channel.transport = _channel.transport, lambda MPI, comm: None
    _channel.Channel.of(MPI, by_messages)
    _channel.transport = transport
    return {"engine": by_engine, "messages": by_messages}


def medians(cases, rounds):
    """The median time of each case in milliseconds; the cases take turns."""
    times = {name: [] for name in cases}
    for _ in range(rounds):
        for name, body in cases.items():
            comm.Barrier()
            begin = time.perf_counter()
            body()
            comm.Barrier()
            times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(found) * 1e3 for name, found in times.items()}


def main():
    plan = Plan(rows, columns, comm.rank)
    arrays = [da.full((side, side), 1.0, distribution=layout) for layout in (rows, columns)]
    memories = {
        "NumPy's memory": [numpy.ones(layout.local_shape(comm.rank)) for layout in (rows, columns)],
        "memory of daparray.array": [from_distarray(array) for array in arrays],
    }
    ways = communicators()
    cases = {
        (memory, way): lambda comm=ways[way], parts=parts: plan.execute(comm, *parts)
        for memory, parts in memories.items()
        for way in ways
    }
    found = medians(cases, 9)
    padded = Layout([Block(side, comm.size, halo=1), Block(side)])
    field = padded.zeros(comm.rank)
    halos = {("a halo of one row", way): HaloExchange(padded, "f8", ways[way]) for way in ways}
    found |= medians({name: lambda halo=halo: halo.exchange(field) for name, halo in halos.items()}, 201)
    if comm.rank == 0:
        for name in dict.fromkeys(name for name, _ in found):
            engine, messages = found[name, "engine"], found[name, "messages"]
            print(f"{name:28} engine {engine:9.3f} ms  messages {messages:9.3f} ms  ratio {messages / engine:5.2f}", flush=True)


main()
