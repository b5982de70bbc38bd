"""Moving a section's array into another's memory, over mpi4py; and the time of each step."""

import time

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
