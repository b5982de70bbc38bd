"""PETSc: vectors, and grids of one to three dimensions with every kind of ghost points, checked
beside PETSc's own numbering."""

import itertools

import numpy
from daparray import Block, Cyclic, Layout, adapters
from petsc4py import PETSc
from ranks import COMM, refused, run, same_memory, tells_the_truth, values, wrong_on_one


def vectors():
    v = PETSc.Vec().createMPI(11, comm=COMM)
    start, stop = v.getOwnershipRange()
    v.getArray()[:] = numpy.arange(start, stop)
    section = adapters.petsc4py.vec(v)
    tells_the_truth(section, values((11,)))
    same_memory(section, v.getArray())
    assert adapters.section(v).layout == section.layout

    # Only what a process owns of a vector with appended ghosts.
    ghosted = PETSc.Vec().createGhost([0], (None, 11), comm=COMM)
    ghosted.getArray()[:] = numpy.arange(*ghosted.getOwnershipRange())
    tells_the_truth(adapters.petsc4py.vec(ghosted), values((11,)))

    # Back: PETSc computes in our memory, here with an empty process.
    bounds = [0, 0, 3, 4, 11][: COMM.size] + [11]
    mine = values((11,))[bounds[COMM.rank] : bounds[COMM.rank + 1]].copy()
    section = adapters.numpy.rows(mine, COMM)
    v = adapters.petsc4py.as_vec(section, COMM)
    assert v.norm(PETSc.NormType.N1) == 55 and v.getOwnershipRange() == tuple(bounds[COMM.rank : COMM.rank + 2])
    if mine.size:
        same_memory(v.getArray(), mine)
    v.scale(2)
    assert numpy.array_equal(mine, 2 * values((11,))[bounds[COMM.rank] : bounds[COMM.rank + 1]])
    tells_the_truth(adapters.petsc4py.vec(v), 2 * values((11,)))

    # The vector keeps the memory, and PETSc keeps a norm until the state is increased.
    v = adapters.petsc4py.as_vec(adapters.numpy.rows(numpy.ones(4), COMM), COMM)
    assert v.norm(PETSc.NormType.N1) == 4 * COMM.size
    numpy.asarray(adapters.section(v).local)[...] = 2
    v.stateIncrease()
    assert v.norm(PETSc.NormType.N1) == 8 * COMM.size

    dealt = Layout([Cyclic(11, COMM.size)])
    # One process's mistake is raised on all processes, and none waits for it within PETSc.
    mine = numpy.zeros(3)
    mine.flags.writeable = COMM.rank < COMM.size - 1
    refused("may write to", adapters.petsc4py.as_vec, adapters.numpy.rows(mine, COMM), COMM)
    parts = [PETSc.Vec().createMPI((length, None), comm=COMM) for length in (2, 3)]
    refused("nested", adapters.petsc4py.vec, PETSc.Vec().createNest(parts, comm=COMM))
    refused("Move it first", adapters.petsc4py.as_vec, dealt.zeros(COMM.rank), COMM)
    refused("computes in float64", adapters.petsc4py.as_vec, Layout([Block(11, COMM.size)]).zeros(COMM.rank, "f4"), COMM)


def computed():
    """`daparray.array` computes in PETSc's memory, and says so."""
    import daparray.array

    v = PETSc.Vec().createMPI(11, comm=COMM)
    v.getArray()[:] = numpy.arange(*v.getOwnershipRange())
    x = daparray.array.asarray(v)
    assert x.is_exposed and x.shape == (11,) and float(x.sum()) == 55
    same_memory(x.local, v.getArray())
    x *= 2
    v.stateIncrease()
    assert v.sum() == 110 and float((x + 1).max()) == 21
    same_memory(adapters.petsc4py.as_vec(adapters.section(x, COMM), COMM).getArray(), v.getArray())


def grid(sizes, kinds, dof, stencil, width):
    da = PETSc.DMDA().create(sizes, dof=dof, stencil_width=width, stencil_type=stencil, boundary_type=kinds, comm=COMM)
    shape = tuple(reversed(da.getSizes())) + ((dof,) if dof > 1 else ())
    whole = values(shape)

    v = da.createGlobalVec()
    # PETSc's own way to a grid point, independent of its memory: natural order.
    natural = da.createNaturalVec()
    start, stop = natural.getOwnershipRange()
    natural.getArray()[:] = numpy.arange(start, stop)
    da.naturalToGlobal(natural, v)
    section = adapters.petsc4py.dmda(da, v)
    tells_the_truth(section, whole)
    same_memory(section, v.getArray())
    assert section.layout == adapters.petsc4py.layout(da) == adapters.section(v).layout

    local = da.createLocalVec()
    local.set(-1)
    da.globalToLocal(v, local)
    section = adapters.petsc4py.dmda(da, local)
    same_memory(section, local.getArray())
    # The array in the protocol's sense has the ghost points of the outer boundary: as PETSc fills
    # them.
    axes = list(reversed(range(len(sizes))))
    outer = [0 if kinds[axis] == "none" else width for axis in axes]
    padded = numpy.full([size + 2 * wide for size, wide in zip(shape, outer)] + list(shape[len(outer):]), -1.0)
    padded[tuple(slice(wide, wide + size) for size, wide in zip(shape, outer))] = whole
    for dim, axis in enumerate(axes):
        if kinds[axis] == "periodic" and outer[dim]:
            wide, size = outer[dim], shape[dim]
            line = numpy.moveaxis(padded, dim, 0)
            line[:wide], line[size + wide :] = line[size : size + wide].copy(), line[wide : 2 * wide].copy()
        if kinds[axis] == "mirror":
            line = numpy.moveaxis(padded, dim, 0)
            line[0], line[-1] = line[2].copy(), line[-3].copy()
    assert section.shape == padded.shape, (section.shape, padded.shape)
    mine = numpy.asarray(section.local)
    for place in numpy.ndindex(*mine.shape):
        expected = padded[section.layout.global_index(COMM.rank, place)]
        # A star has no corners: PETSc leaves them as they were.
        assert mine[place] == expected or (stencil == "star" and mine[place] == -1), (place, mine[place], expected)
    assert [dim.to_dict().get("periodic", False) for dim in section.dim_data[: len(sizes)]] == [kinds[axis] == "periodic" and width > 0 for axis in axes]

    # Back: vectors of the DMDA in our memory, which PETSc exchanges between.
    ours = adapters.petsc4py.layout(da).section(COMM.rank, numpy.array(numpy.asarray(adapters.petsc4py.dmda(da, v).local)))
    theirs = adapters.petsc4py.as_vec(ours, COMM, da)
    same_memory(theirs.getArray(), ours)
    back = adapters.petsc4py.layout(da, True).zeros(COMM.rank)
    into = adapters.petsc4py.as_vec(back, COMM, da)
    same_memory(into.getArray(), back)
    into.set(-1)
    da.globalToLocal(theirs, into)
    assert numpy.array_equal(numpy.asarray(back.local), mine)


def main():
    vectors()
    computed()
    kinds = ("none", "ghosted", "periodic")
    for pair in itertools.product(kinds, kinds):
        grid([9, 8], pair, 1, "box", 1)
    grid([13], ("periodic",), 1, "box", 2)
    grid([9, 8], ("periodic", "none"), 2, "star", 1)
    grid([9, 8], ("mirror", "ghosted"), 1, "star", 1)
    grid([6, 7, 8], ("none", "periodic", "ghosted"), 1, "box", 2)
    grid([6, 7, 8], ("periodic", "none", "none"), 3, "star", 1)
    grid([9, 8], ("ghosted", "none"), 1, "box", 0)
    da = PETSc.DMDA().create([9, 8], boundary_type=("none", "none"), comm=COMM)
    refused("Move it first", adapters.petsc4py.as_vec, Layout([Block(9, COMM.size), Block(8)]).zeros(COMM.rank), COMM, da)
    v = da.createGlobalVec()
    plain = PETSc.Vec().createMPI(11, comm=COMM)
    wrong_on_one(adapters.petsc4py.section, v)
    wrong_on_one(adapters.section, v)
    wrong_on_one(adapters.petsc4py.vec, plain)
    wrong_on_one(adapters.petsc4py.dmda, da, v)
    wrong_on_one(adapters.petsc4py.as_vec, adapters.petsc4py.dmda(da, v), COMM, da)
    if COMM.size > 1:
        refused("createNaturalVec", adapters.petsc4py.dmda, da, da.createNaturalVec())
    whole = PETSc.Vec().createMPI(11, comm=COMM)
    refused("neither a global nor a local", adapters.petsc4py.dmda, da, whole, kind=ValueError)


run(main)
