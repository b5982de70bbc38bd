"""Arrays from parts, and parts of arrays, as in the manual of DistributedArrays.jl.

    mpirun -n 4 python parts.py

Each rank makes its part, the parts become an array, and each rank reads any region of it.
"""

import numpy

import daparray.array as da
from daparray import Block, Layout


def main():
    ranks = da.default_context()

    # A function of the global indices, called once by each rank.
    table = da.fromfunction(lambda row, column: 10 * row + column, (6, 4), distribution=("block", "none"))
    assert int(table[5, 3]) == 53

    # From parts that each rank has made: rank r has r + 1 elements.
    bounds = [rank * (rank + 1) // 2 for rank in range(ranks.size + 1)]
    layout = Layout([Block(bounds=bounds)])
    mine = numpy.full(ranks.rank + 1, float(ranks.rank))
    parts = da.from_local(mine, layout)
    assert parts.local is not None and numpy.shares_memory(parts.local, mine)
    assert float(da.sum(parts)) == sum(rank * (rank + 1) for rank in range(ranks.size))

    # Each rank reads a region of its own; indices of its own elements.
    read = table.read((slice(ranks.rank, ranks.rank + 2), slice(0, 1)))
    assert read.ravel().tolist() == [10.0 * ranks.rank, 10.0 * (ranks.rank + 1)][: len(read)]
    if table.local is not None and table.local.size:
        rows, columns = table.local_indices
        assert (table.local == 10 * rows.reshape(-1, 1) + columns.reshape(1, -1)).all()

    # A sum that does not depend on who adds: 10 000 times 1.1, rounded once.
    total = float(da.sum(da.full((100, 100), 1.1)))

    # Any value on each rank.
    words = ranks.gather(f"rank {ranks.rank} has {len(mine)}")
    if ranks.rank == 0:
        assert words == [f"rank {rank} has {rank + 1}" for rank in range(ranks.size)]
        print(f"parts are arrays, and arrays have parts; 10 000 times 1.1 is {total!r}")


if __name__ == "__main__":
    main()
