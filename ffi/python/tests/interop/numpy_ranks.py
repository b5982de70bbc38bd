"""NumPy and mpi4py: rows, columns and cells of any grid."""

import numpy
from daparray import Block, Layout, adapters, from_distarray
from ranks import COMM, refused, run, same_memory, tells_the_truth, values


class Derived(numpy.ndarray):
    pass


def main():
    rank, size = COMM.rank, COMM.size
    uneven = [0, 3, 3, 4, 11][: size + 1]
    whole = values((uneven[-1], 5))
    mine = whole[uneven[rank] : uneven[rank + 1]].copy()
    section = adapters.numpy.rows(mine, COMM)
    tells_the_truth(section, whole)
    assert section.layout == Layout([Block(bounds=uneven), Block(5)])
    if mine.size:
        same_memory(section, mine)
        same_memory(adapters.numpy.array(section), mine)
        same_memory(from_distarray(section), mine)
    # An array that says nothing of a distribution is not guessed at: the two calls that say it are
    # named.
    for says in ("`adapters.numpy.rows(x, comm)`", "`adapters.numpy.grid(x, comm, (2, 2), halo=1)`"):
        for some in (mine, mine.T[::-1], memoryview(mine.copy()), mine.view(Derived), numpy.float64(3)):
            refused(says, adapters.section, some, COMM)
            refused(says, adapters.section, some)
    refused("pass `grid`", adapters.numpy.grid, mine, COMM) if size > 1 else None
    refused("says itself how it is distributed", adapters.numpy.rows, section, COMM, kind=TypeError)

    columns = values((4, uneven[-1]), "i4")
    mine = columns[:, uneven[rank] : uneven[rank + 1]]  # with strides
    section = adapters.numpy.rows(mine, COMM, axis=1)
    tells_the_truth(section, columns)
    if mine.size:
        same_memory(section, mine)

    for places in [(size, 1), (1, size)] + [(2, 2)] * (size == 4):
        whole = values((7, 9))
        at = numpy.unravel_index(rank, places)
        cuts = [numpy.linspace(0, extent, count + 1).astype(int) for extent, count in zip(whole.shape, places)]
        lo, hi = ([int(cut[place + step]) for cut, place in zip(cuts, at)] for step in (0, 1))
        cell = tuple(slice(max(0, start - 1), min(extent, stop + 1)) for start, stop, extent in zip(lo, hi, whole.shape))
        mine = whole[cell].copy()
        section = adapters.numpy.grid(mine, COMM, places, halo=1)
        tells_the_truth(section, whole, halo=True)
        same_memory(section, mine)
        assert section.layout.grid_shape == places
        inner = whole[tuple(slice(start, stop) for start, stop in zip(lo, hi))]
        assert numpy.array_equal(adapters.numpy.array(section), inner)
        # With the outer edge as boundary padding: the array is two larger each way.
        wide = values((9, 11))
        mine = wide[tuple(slice(start, stop + 2) for start, stop in zip(lo, hi))].copy()
        section = adapters.numpy.grid(mine, COMM, places, halo=1, boundary=1)
        tells_the_truth(section, wide, halo=True)

        # Of a periodic grid they are images of the other end.
        section = adapters.numpy.grid(mine, COMM, places, halo=numpy.int64(1), boundary=1, periodic=(False, True))
        tells_the_truth(section, wide, halo=True)
        assert [dim.to_dict().get("periodic", False) for dim in section.dim_data] == [False, True]

    line = values((2 * size,))
    tells_the_truth(adapters.numpy.rows(line[2 * rank : 2 * rank + 2], COMM), line)
    refused("a grid of", adapters.numpy.grid, mine, COMM, (size + 1, 1), kind=ValueError)
    refused("a grid of", adapters.numpy.grid, mine, COMM, (-size, -1), kind=ValueError)
    refused("`x.mask`", adapters.section, numpy.ma.masked_equal(line, 1), COMM)
    refused("`x.view('i8')`", adapters.numpy.rows, numpy.zeros(3, "M8[s]"), COMM)
    refused("no memory to share", adapters.numpy.rows, [1.0, 2.0], COMM, kind=TypeError)
    scalar = adapters.numpy.rows(numpy.array(3.0))
    assert scalar.layout == Layout([]) and float(numpy.asarray(scalar.local)) == 3
    if size > 1:
        refused("give it an axis", adapters.numpy.rows, numpy.array(3.0), COMM)
        refused("of 2 dimensions and rank 1 one of 1", adapters.numpy.rows, numpy.zeros((2,) * (1 + (rank == 0))), COMM)
        ragged = numpy.zeros((2, 3 + (rank == 1)))
        refused("do not form a grid", adapters.numpy.rows, ragged, COMM)
        # One process's mistake is an error of all, and names it.
        refused("rank 1: an array of 2 dimensions has no axis 2", adapters.numpy.rows, ragged, COMM, axis=2 if rank == 1 else 0, kind=ValueError)
    if size == 4:
        halves = COMM.Split(0, [0, 2, 1, 3][rank])
        assert adapters.ordered(COMM, (rank % 2, rank // 2), (2, 2)).rank == halves.rank


run(main)
