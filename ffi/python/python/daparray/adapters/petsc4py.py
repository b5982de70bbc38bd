"""PETSc's vectors, of any kind and of a DMDA: structured grids with or without ghost points.

    section = adapters.petsc4py.section(v)             # over v's own communicator; with its DMDA
    section = adapters.petsc4py.dmda(da, v)            # global vectors and local ones, with ghost points
    target = adapters.petsc4py.layout(da)              # target of a move; ghosts=True if local
    v = adapters.petsc4py.as_vec(section, comm, da)    # a Vec in the section's memory

PETSc's x axis varies fastest, in memory as well as in the ranks. So the axes come reversed, (z, y,
x), and after them the degrees of freedom of a point where there are several: then both are in C
order and nothing is copied. Where a boundary has ghost points (ghosted, periodic, mirror) they
belong to the array for protocol 0.10, as boundary padding: a grid of 9 with a stencil of 1 becomes
a dimension of 11, and PETSc's index -1 is its 0.

PETSc remembers norms. After you wrote to a vector by way of its section, or to a section by way of
its vector's memory, call `v.stateIncrease()` before PETSc computes with it.
"""

from .._daparray import Block, Layout
from ._common import Refused, Together, alike, article, block, collective, described, layout_of, told


def is_one(v):
    """Whether `v` is a vector, in a program that has imported petsc4py."""
    from petsc4py import PETSc

    return isinstance(v, PETSc.Vec)


def implied(owner):
    """PETSc's default communicator, if it is that of `owner`, a vector or a DMDA, or that is none:
    over it a process with a wrong one is expected."""
    from mpi4py import MPI
    from petsc4py import PETSc

    default = PETSc.Sys.getDefaultComm().tompi4py()
    if isinstance(owner, PETSc.Object) and owner.handle:
        own = owner.getComm().tompi4py()
        if MPI.Comm.Compare(default, own) not in (MPI.IDENT, MPI.CONGRUENT):
            raise ValueError(f"this {type(owner).__name__} is on a communicator of {own.size} processes that is not PETSc's default one, of {default.size}: "
                             "pass it, `x.getComm().tompi4py()`, as `comm`")  # fmt: skip
    return default


@collective(lambda named: implied(named.get("v")))
def section(v, comm=None):
    """The section of a `Vec`: of a grid if it has a DMDA, otherwise of one dimension.

    `comm` is needed for a vector that is not on PETSc's default communicator.
    """
    _is_vector(v)
    da = _dmda(v)
    yield from alike({"whether the vector has a DMDA": da is not None}, "pass parts of one vector")
    return (yield from (_vec(v, comm) if da is None else _grid(da, v, comm)))


@collective(lambda named: implied(named.get("v")))
def vec(v, comm=None):
    """The section of a `Vec` of one dimension.

    Of a vector with appended ghosts (VecGhost) only what the process owns.
    """
    _is_vector(v)
    return (yield from _vec(v, comm))


def _vec(v, comm):
    _has_memory(v)
    _on(comm, v)
    start, stop = v.getOwnershipRange()
    return (yield from described([block(v.getSize(), start, stop, comm.size, comm.rank)], v.getArray()))


@collective(lambda named: implied(named.get("da")))
def dmda(da, v, comm=None):
    """The section of a vector of `da`: global (`createGlobalVec`), or local with ghost points
    (`createLocalVec`).

    Not of `createNaturalVec`, which is numbered otherwise: `vec` takes it.
    """
    from petsc4py import PETSc

    if not isinstance(da, PETSc.DMDA) or not da.handle:
        raise TypeError(f"`da` is {article(da)}; this describes vectors of a petsc4py.PETSc.DMDA")
    _is_vector(v)
    return (yield from _grid(da, v, comm))


def _grid(da, v, comm):
    _has_memory(v)
    _on(comm, da)
    ghosts = v.getComm().getSize() == 1 and v.getSize() == _points(da.getGhostCorners()[1]) * da.getDof()
    if not ghosts and v.getLocalSize() != _points(da.getCorners()[1]) * da.getDof():
        raise ValueError(f"a vector of {v.getLocalSize()} numbers here is neither a global nor a local vector of this DMDA")
    if comm.size > 1 and _dm(v) is None:
        raise Refused("this vector does not name its DMDA, and one that `createNaturalVec` made has the same size and another order: describe a natural "
                      "vector with `adapters.petsc4py.vec(v)`, and call `v.setDM(da)` on one that is in the order of `da.createGlobalVec()`")  # fmt: skip
    yield from alike({"whether the vector has ghost points": ghosts and comm.size > 1}, "pass local vectors or a global one")
    described_by = layout(da, ghosts).dim_data(comm.rank)
    return (yield from described(described_by, v.getArray().reshape([_extent(dim) for dim in described_by])))


def layout(da, ghosts=False):
    """How a DMDA shares out its global vectors, or with `ghosts=True` its local ones."""
    from petsc4py import PETSc

    kinds = PETSc.DM.BoundaryType
    width = da.getStencilWidth() if ghosts else 0
    dims = []
    for shares, kind in zip(da.getOwnershipRanges(), da.getBoundaryType(), strict=True):
        if kind == kinds.TWIST:
            raise Refused("a twisted boundary has no form in protocol 0.10; use the global vector, which has no ghost points")
        outer = 0 if kind == kinds.NONE else width
        bounds = [0]
        for share in shares:
            bounds.append(bounds[-1] + int(share))
        bounds[1:] = [bound + outer for bound in bounds[1:]]
        bounds[-1] += outer
        halo = width if len(shares) > 1 else 0
        dims.append(Block(bounds=bounds, halo=halo, boundary=(outer, outer), periodic=bool(outer) and kind == kinds.PERIODIC))
    dims.reverse()
    if da.getDof() > 1:
        dims.append(Block(da.getDof()))
    return Layout(dims)


@collective()
def as_vec(section, comm, da=None):
    """A `Vec` in the section's memory, which must lie in C order without gaps.

    With `da`, one of its vectors: local when the section has its ghost points, global when it has
    none. Without, a vector of one dimension.
    """
    from petsc4py import PETSc

    held = layout_of(section, comm)
    if da is not None and (not isinstance(da, PETSc.DMDA) or not da.handle):
        raise TypeError(f"`da` is {article(da)}; pass a petsc4py.PETSc.DMDA, or None for a vector of one dimension")
    if da is not None:
        _on(comm, da)
    local, ghosted = _fitting(section, da)
    dof = 1 if da is None else da.getDof()
    yield from alike({"the layout": told(held), "whether there is a DMDA": da is not None}, "pass parts of one array")
    if ghosted:
        vector = PETSc.Vec().createWithArray(local, bsize=dof, comm=PETSc.COMM_SELF)
    else:
        vector = yield Together(lambda whole: PETSc.Vec().createWithArray(local, size=(local.size, held.size), bsize=dof, comm=whole))
    if da is not None:
        vector.setDM(da)
    return vector


def _fitting(section, da):
    """The section's memory as PETSc takes it, and whether it is that of a local vector."""
    import numpy
    from petsc4py import PETSc

    held, local = section.layout, numpy.asarray(section.local)
    ghosted = da is not None and held != layout(da) and held == layout(da, True)
    if da is None and (held.ndim != 1 or held.dims[0].dist_type != "b" or held.local_shape(section.rank) != held.owned_shape(section.rank)):
        raise Refused(f"a Vec holds one dimension in blocks without halos, in rank order; this is {held}. Move it first to such a layout, or "
                      "name the DMDA that it belongs to")  # fmt: skip
    if da is not None and not ghosted and held != layout(da):
        raise Refused(f"the DMDA's vectors are {layout(da)}, or with ghosts {layout(da, True)}; the section is of {held}. Move it first, to "
                      "`adapters.petsc4py.layout(da)`")  # fmt: skip
    if local.dtype != PETSc.ScalarType:
        raise Refused(f"this PETSc computes in {numpy.dtype(PETSc.ScalarType)}, the array is {local.dtype}: convert it, which is a copy")
    if not local.flags.c_contiguous or not local.flags.writeable:
        raise Refused("PETSc needs memory in C order without gaps that it may write to: copy it with `numpy.array(section.local)`")
    return local.reshape(-1), ghosted


def _dm(v):
    """The vector's DM, or None."""
    dm = v.getDM()
    if not dm.handle:
        return None
    # petsc4py 3.18's `getDM` does not count its reference: without this the DM would be freed too
    # early.
    before = dm.getRefCount()
    again = v.getDM()
    if again.getRefCount() == before:
        dm.incRef()
        again.incRef()
    return dm


def _dmda(v):
    """The vector's DMDA, or None."""
    dm = _dm(v)
    if dm is None:
        return None
    if dm.getType() != "da":
        return None
    # Nor does it give a DMDA, which `query` does.
    v.compose("daparray", dm)
    da = v.query("daparray")
    v.compose("daparray", None)
    return da


def _is_vector(v):
    if not is_one(v) or not v.handle:
        raise TypeError(f"`v` is {article(v)}; this describes a petsc4py.PETSc.Vec that was created")


def _on(comm, owner):
    """Refuses a communicator of other processes, or of the same in another order."""
    if not comm.matches(owner.getComm().tompi4py()):
        raise ValueError(f"the {type(owner).__name__} is on {owner.getComm().getSize()} processes and `comm` has {comm.size}, or has them in another order: pass "
                         "its own, `x.getComm().tompi4py()`")  # fmt: skip


def _has_memory(v):
    if v.getType() == "nest":
        raise Refused("a nested vector has no memory of its own, PETSc copies its parts together: describe each of `v.getNestSubVecs()`")
    if "cuda" in v.getType() or "hip" in v.getType() or "kokkos" in v.getType():
        raise Refused(f"a vector of type {v.getType()} may lie on a device, and a buffer of the protocol is in the host's memory: "
                      "copy it to a vector of type `standard`")  # fmt: skip


def _points(widths):
    product = 1
    for width in widths:
        product *= width
    return product


def _extent(dim):
    return dim["stop"] - dim["start"]
