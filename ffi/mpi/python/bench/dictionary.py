"""The distributed dictionary beside the same work written by hand with mpi4py and Python's `dict`.

    mpirun -n 2 python ffi/mpi/python/bench/dictionary.py [ITEMS [ROUNDS]]

Each rank sets, reads, counts and maps its part of the items. By hand, pairs are put into a list for
each rank by their key's hash, and exchanged by one `alltoall`. The two take turns; the best time of
each, on the slowest rank, in microseconds for each item of a rank.
"""

import operator
import sys
import time

from mpi4py import MPI

import daparray.array as da

ITEMS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
comm = MPI.COMM_WORLD
context = da.default_context()
mine = range(comm.rank, ITEMS, comm.size)


class ByHand:
    """The operations of a program that needs no dictionary of its own."""

    def __init__(self):
        self.items = {}

    def exchanged(self, pairs):
        to = [[] for _ in range(comm.size)]
        for pair in pairs:
            to[hash(pair[0]) % comm.size].append(pair)
        return comm.alltoall(to)

    def update(self, pairs):
        for part in self.exchanged(pairs):
            self.items.update(part)

    def get_all(self, keys):
        keys = list(keys)
        asked = self.exchanged((key, None) for key in keys)
        answers = comm.alltoall([[self.items[key] for key, _ in part] for part in asked])
        parts = [iter(part) for part in answers]
        return [next(parts[hash(key) % comm.size]) for key in keys]

    def combine(self, pairs, function):
        for part in self.exchanged(pairs):
            for key, value in part:
                self.items[key] = function(self.items[key], value) if key in self.items else value

    def map(self, function):
        made = ByHand()
        made.items = {key: function(key, value) for key, value in self.items.items()}
        return made


def timed(body):
    comm.Barrier()
    begin = time.perf_counter()
    result = body()
    return result, comm.allreduce(time.perf_counter() - begin, MPI.MAX) / len(mine) * 1e6


def main():
    best = {}
    for _ in range(ROUNDS):
        for kind in (da.DistDict, ByHand):
            items, counts = kind(), kind()
            _, setting = timed(lambda: items.update((key, 7 * key) for key in mine))
            found, getting = timed(lambda: items.get_all(mine))
            assert found == [7 * key for key in mine]
            _, counting = timed(lambda: counts.combine(((key % 1000, 1) for key in mine), operator.add))
            doubled, mapping = timed(lambda: items.map(lambda key, value: 2 * value))
            assert doubled.get_all([mine[-1]]) == [14 * mine[-1]]
            for name, spent in zip(("set", "get", "count", "map"), (setting, getting, counting, mapping)):
                best[name, kind] = min(spent, best.get((name, kind), spent))
    if comm.rank == 0:
        print(f"{ITEMS} items on {comm.size} ranks, us an item   DistDict   by hand")
        for name in ("set", "get", "count", "map"):
            print(f"{name:40} {best[name, da.DistDict]:8.2f}  {best[name, ByHand]:8.2f}", flush=True)


main()
