"""Constructors of DistributedArrays.jl, and an array assembled from parts made on separate ranks.

    mpirun -n 4 python assembly.py

`dzeros`, `dones`, `dfill`, `drand` and `drandn`, arrays on chosen ranks in chosen chunks, `DArray`
of a function or comprehension, of parts that are laid out 2 x 2, a distributed local array, views,
local indices, values of any type on each rank (`ddata`), and memory that is given back.
"""

import numpy

import daparray.array as da
from daparray import Block, Layout


def constructors():
    """Sums of arrays that constructors make."""
    rng = da.random.default_rng(1)
    made = {
        "zeros": da.zeros((100, 100)),
        "ones": da.ones((100, 100), distribution=("block", "block")),
        "fill": da.full((100, 100), 1.1),
        "uniform": rng.random((100, 100)),
        "normal": rng.standard_normal((100, 100)),
        # A comprehension: [10 i + j for i, j].
        "comprehension": da.fromfunction(lambda i, j: 10 * i + j, (6, 4), dtype=int),
    }
    return {name: da.sum(array).item() for name, array in made.items()}


def on_chosen_ranks(context):
    """100 x 100 in chunks of 100 x 25: on four ranks, or as many as there are."""
    chunks = min(4, context.size)
    layout = Layout([Block(100), Block(100, chunks)])
    array = da.ones((100, 100), distribution=layout)
    # Ranks beyond the layout's hold nothing.
    assert (array.local is not None) == (context.rank < chunks)
    return array


def two_by_two(context):
    """[[0, 1], [2, 3]] of parts of 2 x 3, which up to four ranks have made by themselves."""
    owners = [part % context.size for part in range(4)]
    parts = {part: numpy.full((2, 3), float(part)) for part in range(4) if owners[part] == context.rank}
    array = da.empty((4, 6), distribution=("block", "block"))
    # All ranks write at once; a rank without another part writes nothing.
    for turn in range(-(-4 // context.size)):
        part = next((one for one in sorted(parts)[turn : turn + 1]), None)
        if part is None:
            array.write()
        else:
            row, column = 2 * (part // 2), 3 * (part % 2)
            array.write((slice(row, row + 2), slice(column, column + 3)), parts[part])
    return array


def main():
    context = da.default_context()
    for name, total in constructors().items():
        if context.rank == 0:
            print(f"{name}: {total!r}")

    chosen = on_chosen_ranks(context)
    assert chosen.sum().item() == 10000.0
    two_by_two(context).show()

    # A local array of one rank is distributed; others give none.
    column = da.from_root(numpy.arange(7.0) if context.rank == 0 else None)
    with column.writing() as mine:
        if mine is not None and mine.size:
            mine += 10 * column.local_indices[0]  # global indices of the local part
    column[2:5] *= 2.0  # a range is a view
    column.show()
    column.close()

    # Values of any type: each rank its own, or those of one rank, spread out.
    words = da.ddata(lambda member: [f"rank {member}"], group=context.everyone)
    numbers = da.ddata(list(range(10)) if context.rank == 0 else None, group=context.everyone, root=0)
    each, squares = words.gather(), numbers.map(lambda number: number * number).reduce(lambda a, b: a + b)
    if context.rank == 0:
        assert each == [[f"rank {rank}"] for rank in range(context.size)]
        print(f"squares of ten numbers: {squares}")
    context.close_all()


if __name__ == "__main__":
    main()
