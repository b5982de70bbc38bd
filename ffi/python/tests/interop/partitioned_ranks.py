"""`__partitioned__`: dictionaries as its specification shows them, and sections as such objects."""

import numpy
from daparray import Block, Cyclic, Layout, adapters
from ranks import COMM, refused, run, same_memory, tells_the_truth, values


class Theirs:
    """A two-dimensional array of blocks, as a library would state it."""

    def __init__(self, whole, tiling):
        cuts = [numpy.linspace(0, extent, count + 1).astype(int) for extent, count in zip(whole.shape, tiling)]
        self.mine = {}
        parts = {}
        for place in numpy.ndindex(*tiling):
            rank = int(numpy.ravel_multi_index(place, tiling))
            start = tuple(int(cut[at]) for cut, at in zip(cuts, place))
            shape = tuple(int(cut[at + 1] - cut[at]) for cut, at in zip(cuts, place))
            parts[place] = {"start": start, "shape": shape, "data": None, "location": [("127.0.0.1", rank)]}
            if rank == COMM.rank:
                self.mine["handle"] = whole[tuple(slice(at, at + extent) for at, extent in zip(start, shape))].copy()
                parts[place]["data"] = "handle"
        local = [place for place, part in parts.items() if part["data"]]
        self.__partitioned__ = {"shape": whole.shape, "partition_tiling": tiling, "partitions": parts, "locals": local, "get": self.mine.get}

    __partitioned__ = None


def main():
    size = COMM.size
    whole = values((7, 9))
    for tiling in [(size, 1), (1, size)] + [(2, 2)] * (size == 4):
        theirs = Theirs(whole, tiling)
        section = adapters.partitioned.section(theirs, COMM)
        tells_the_truth(section, whole)
        same_memory(section, theirs.mine["handle"])
        assert adapters.section(theirs, COMM).layout == section.layout
        stated = dict(theirs.__partitioned__)
        del stated["locals"]  # optional
        assert adapters.partitioned.section(stated, COMM).layout == section.layout
        # Back and forth.
        again = adapters.partitioned.section(adapters.partitioned.Partitioned(section), COMM)
        assert again.layout == section.layout
        same_memory(again, section)

        for key in ("start", "shape", "data", "location"):
            less = Theirs(whole, tiling)
            for part in less.__partitioned__["partitions"].values():
                del part[key]
            refused(f"has no '{key}'", adapters.partitioned.section, less, COMM, kind=ValueError)
        lost = Theirs(whole, tiling)
        lost.__partitioned__["locals"] = [(9, 9)]
        refused("is not in `partitions`", adapters.partitioned.section, lost, COMM, kind=ValueError)
        fraction = Theirs(whole, tiling)
        fraction.__partitioned__["shape"] = (7.5, 9)
        refused("cannot be interpreted as an integer", adapters.partitioned.section, fraction, COMM, kind=TypeError)

        replica = Theirs(whole, tiling)
        next(iter(replica.__partitioned__["partitions"].values()))["location"] = [0, 1]
        refused("no replicas", adapters.partitioned.section, replica, COMM)
        several = Theirs(whole, tiling)
        several.__partitioned__["locals"] = [(0, 0), (0, 1)]
        refused("one block for each process", adapters.partitioned.section, several, COMM)

    lopsided = Layout([Block(bounds=[0, 0, 5, 6, 9][: size + 1])])
    section = adapters.numpy.rows(values((lopsided.size,))[slice(*[[0, 0, 5, 6, 9][COMM.rank + step] for step in (0, 1)])], COMM)
    tells_the_truth(adapters.partitioned.section(adapters.partitioned.Partitioned(section), COMM), values((lopsided.size,)))
    refused("are boxes", adapters.partitioned.Partitioned, Layout([Cyclic(8, size)]).zeros(COMM.rank))
    if size == 4:
        # Parts counted down the columns.
        theirs = Theirs(whole, (2, 2))
        turned = COMM.Split(0, [0, 2, 1, 3][COMM.rank])
        refused("ordered", adapters.partitioned.section, theirs, turned)
        back = adapters.ordered(turned, divmod(COMM.rank, 2), (2, 2))
        tells_the_truth(adapters.partitioned.section(theirs, back), whole)


run(main)
