"""Heat: balanced and unbalanced splits along either axis, empty processes, and DNDarrays in memory
of ours."""

import heat
import numpy
from daparray import Block, Cyclic, Layout, adapters
from ranks import COMM, refused, run, same_memory, tells_the_truth, values, wrong_on_one


def main():
    size, rank = COMM.size, COMM.rank
    for shape, split in (((11, 4), 0), ((4, 6), 1), ((3,), 0), ((2, 3, 5), 2)):
        whole = values(shape, "f4")
        x = heat.array(whole, split=split)
        section = adapters.heat.section(x)
        tells_the_truth(section, whole)
        assert section.dtype == "<f4" and section.layout == adapters.heat.layout(shape, split, size)
        if x.larray.numel():
            same_memory(section, x.larray)
        assert adapters.section(x).layout == section.layout
        # Back, in our memory; Heat computes with it, and moves it to another axis by itself.
        mine = numpy.array(numpy.asarray(section.local))
        y = adapters.heat.as_dndarray(section.layout.section(rank, mine), COMM, split)
        if mine.size:
            same_memory(y.larray, mine)
        assert y.is_balanced(force_check=True) and y.split == split and y.shape == shape
        assert float(y.sum()) == whole.sum()
        if len(shape) > 1:
            y.resplit_(0 if split else 1)
            tells_the_truth(adapters.heat.section(y), whole)
        # The dictionary of parts that Heat itself gives, another way to the same.
        if size > 1:
            other = adapters.partitioned.section(x, COMM)
            assert other.layout == section.layout
            if x.larray.numel():
                same_memory(other, x.larray)

    x = heat.arange(20, split=0)[5:16]  # unbalanced: the first process may hold none
    whole = numpy.arange(5, 16, dtype="i4")
    section = adapters.heat.section(x)
    tells_the_truth(section, whole)
    y = adapters.heat.as_dndarray(section, COMM)
    assert int(y.sum()) == whole.sum() and y.shape == (11,)
    y.balance_()
    tells_the_truth(adapters.heat.section(y), whole)

    column = heat.array(values((11, 4), "f4"), split=0)[:, 1]  # with strides
    section = adapters.heat.section(column)
    tells_the_truth(section, values((11, 4), "f4")[:, 1])

    truths = heat.array(values((11,)) > 4, split=0)  # older PyTorch has no DLPack of them
    section = adapters.heat.section(truths)
    tells_the_truth(section, values((11,)) > 4)
    adapters.heat.as_dndarray(section, COMM)
    # Older PyTorch ends the program at these, when they come by DLPack.
    refused("does not take this memory", adapters.heat.as_dndarray, adapters.numpy.rows(numpy.arange(6.0)[::-1], COMM), COMM)
    mine = numpy.zeros(3)
    mine.flags.writeable = rank < size - 1
    refused("read only", adapters.heat.as_dndarray, adapters.numpy.rows(mine, COMM), COMM)

    halo = Layout([Block(12, size, halo=1)])
    mine = halo.zeros(rank)
    y = adapters.heat.as_dndarray(mine, COMM)  # without the halo
    same_memory(y.larray, mine.owned)
    assert y.shape == (12,) and tuple(y.larray.shape) == halo.owned_shape(rank)

    x = heat.arange(20, split=0)
    wrong_on_one(adapters.heat.section, x)
    wrong_on_one(adapters.heat.section, x, COMM)
    wrong_on_one(adapters.section, x)
    wrong_on_one(adapters.section, x, COMM)
    wrong_on_one(adapters.heat.as_dndarray, adapters.heat.section(x))
    half = COMM.Split(rank % 2, rank)
    own = heat.arange(20, split=0, comm=heat.communication.MPICommunication(half))
    tells_the_truth(adapters.heat.section(own, half), numpy.arange(20, dtype="i4"), half.rank)
    if size > 1:
        refused("pass it, `x.comm.handle`", adapters.heat.section, own, kind=ValueError)
        refused("pass the array's own", adapters.heat.section, own, COMM, kind=ValueError)
        refused("has the axes 0 to 1", adapters.heat.layout, (4, 4), 2, size, kind=ValueError)
    if size > 1:
        refused("no replicas", adapters.heat.section, heat.ones(5))
        refused("no replicas", adapters.partitioned.section, heat.ones(5), COMM)
        refused("move it first", adapters.heat.as_dndarray, Layout([Cyclic(8, size)]).zeros(rank), COMM)
    if size == 4:
        refused("splits one dimension", adapters.heat.as_dndarray, Layout([Block(8, 2), Block(8, 2)]).zeros(rank), COMM)
    if size == 1:
        tells_the_truth(adapters.heat.section(heat.ones(5)), numpy.ones(5))


run(main)
