"""Dask: a chunk for each process, tables of chunks, joined chunks, and arrays of sections."""

import dask
import dask.array
import numpy
from daparray import Block, Cyclic, Layout, adapters
from ranks import COMM, refused, run, same_memory, tells_the_truth, values, wrong_on_one


def main():
    size, rank = COMM.size, COMM.rank
    whole = values((9, 10))
    layout = Layout([Block(9, size), Block(10)])
    x = dask.array.from_array(whole, chunks=adapters.dask.chunks(layout)).persist(scheduler="synchronous")
    section = adapters.dask.section(x, COMM)
    tells_the_truth(section, whole)
    assert section.layout == layout and adapters.section(x, COMM).layout == layout
    # The chunk that Dask holds, not a copy of it.
    same_memory(section, dask.get(x.__dask_graph__(), (x.name, rank, 0)))

    wrong_on_one(adapters.dask.section, x, COMM)
    wrong_on_one(adapters.section, x, COMM)
    # Computed here, by this process alone.
    lazy = (dask.array.from_array(whole, chunks=(-1, 10)) * 2).rechunk(adapters.dask.chunks(layout))
    tells_the_truth(adapters.dask.section(lazy, COMM), 2 * whole)
    sliced = dask.array.from_array(whole, chunks=(3, 3))[1 : 1 + 2 * size, 4:9]  # lopsided chunks
    cut = sliced.rechunk({0: 2})
    tells_the_truth(adapters.dask.section(cut, COMM, grid=(size, 1), copy=True), whole[1 : 1 + 2 * size, 4:9])

    # Several chunks become one block by a copy that has to be asked for.
    many = dask.array.from_array(whole, chunks=(2, 4))
    section = adapters.dask.section(many, COMM, grid=(size, 1), copy=True)
    tells_the_truth(section, whole)
    refused("one block", adapters.dask.section, many, COMM, grid=(size, 1))
    refused("say which process has which", adapters.dask.section, many, COMM, copy=True)
    if size == 4:
        tells_the_truth(adapters.dask.section(many, COMM, grid=(2, 2), copy=True), whole)
        table = [[0, 0, 1], [0, 0, 1], [0, 0, 1], [2, 2, 3], [2, 2, 3]]
        section = adapters.dask.section(many, COMM, owners=table, copy=True)
        tells_the_truth(section, whole)
        assert section.layout == Layout([Block(bounds=[0, 6, 9]), Block(bounds=[0, 8, 10])])
        refused("rearrange `owners`", adapters.dask.section, many, COMM, owners=[[0, 0, 2]] * 3 + [[1, 1, 3]] * 2, copy=True)
        refused("rearrange `owners`", adapters.dask.section, many, COMM, owners=[[0, 1, 0], [2, 3, 2]] * 2 + [[0, 1, 0]], copy=True)
    if size > 1:
        refused("chunks for", adapters.dask.section, dask.array.from_array(whole, chunks=-1), COMM, grid=(size, 1))
    refused("a grid of", adapters.dask.section, x, COMM, grid=(-size, -1), kind=ValueError)
    refused("of integers", adapters.dask.section, x, COMM, owners=numpy.zeros((size, 1)), kind=ValueError)
    refused("`x.mask`", adapters.dask.section, dask.array.ma.masked_equal(x, 1), COMM)
    known = dask.array.from_array(numpy.arange(size * 3.0), chunks=3)
    unknown = known[known > 2]
    refused("compute_chunk_sizes", adapters.dask.section, unknown, COMM)
    with dask.config.set(scheduler="synchronous"):
        unknown.compute_chunk_sizes()
    tells_the_truth(adapters.dask.section(unknown, COMM), numpy.arange(3, size * 3.0)) if size > 1 else None

    # Back: all parts of an array in one process, each in its own memory.
    layout = Layout([Block(9, 2, halo=1), Block(bounds=[0, 0, 3, 10])])
    sections = [layout.zeros(one) for one in range(layout.processes)]
    for one in sections:
        numpy.asarray(one.owned)[...] = one.rank
    y = adapters.dask.as_dask(sections)
    assert y.shape == (9, 10) and y.chunks == ((5, 4), (0, 3, 7))
    assert float(y.sum().compute(scheduler="synchronous")) == sum(one.rank * numpy.asarray(one.owned).size for one in sections)
    same_memory(dask.get(y.__dask_graph__(), (y.name, 1, 2)), sections[5].owned)
    # Dask takes arrays of one name for one array, also when what the first was made of is gone.
    one, two = (adapters.dask.as_dask([Layout([Block(4)]).section(0, numpy.full(4, value))]) for value in (1.0, 10.0))
    assert (one + two).compute(scheduler="synchronous").tolist() == [11] * 4
    mixed = Layout([Block(2, 2)])
    refused("item types differ", adapters.dask.as_dask, [mixed.zeros(0), mixed.zeros(1, "f4")], kind=ValueError)
    refused("needs them all", adapters.dask.as_dask, [])
    refused("needs them all", adapters.dask.as_dask, sections[1:])
    refused("blocks first", adapters.dask.chunks, Layout([Cyclic(8, 2)]))


run(main)
