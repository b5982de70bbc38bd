"""PETSc's vectors, of any kind and of a DMDA: structured grids with or without ghost points.

    section = adapters.petsc4py.section(v)             # over v's own communicator; a DMDA's vector if v has a DMDA
    section = adapters.petsc4py.dmda(da, v)            # global vectors and local ones, with ghost points
    target = adapters.petsc4py.layout(da)              # what to move to; with ghosts=True for local vectors
    v = adapters.petsc4py.as_vec(section, comm, da)    # a Vec in the section's memory

PETSc's x axis varies fastest, in memory as well as in the ranks. So the axes come reversed, (z, y, x), and after them the
degrees of freedom of a point where there are several: then both are in C order and nothing is copied. Where a boundary has ghost points (ghosted,
periodic, mirror) they belong to the array for protocol 0.10, as boundary padding: a grid of 9 with a stencil of 1 becomes a
dimension of 11, and PETSc's index -1 is its 0.

PETSc remembers norms. After you wrote to a vector by way of its section, or to a section by way of its vector's memory, call
`v.stateIncrease()` before PETSc computes with it.
"""

from .._daparray import Block, Layout
from ._common import Refused, block, collective, here


def section(v, comm=None):
    """The section of a `Vec`: of a grid if it has a DMDA, otherwise of one dimension."""
    da = _dmda(v)
    return vec(v, comm) if da is None else dmda(da, v, comm)


def vec(v, comm=None):
    """The section of a `Vec` of one dimension. Of a vector with appended ghosts (VecGhost) only what the process owns."""
    comm = v.getComm().tompi4py() if comm is None else comm

    def dims():
        _has_memory(v)
        start, stop = v.getOwnershipRange()
        return [block(v.getSize(), start, stop, comm.size, comm.rank)], v.getArray()

    return collective(comm, dims)


def dmda(da, v, comm=None):
    """The section of a vector of `da`: global (`createGlobalVec`), or local with ghost points (`createLocalVec`).

    Not of `createNaturalVec`, which looks like a global vector and is numbered otherwise: `vec` takes it.
    """
    comm = da.getComm().tompi4py() if comm is None else comm

    def dims():
        _has_memory(v)
        ghosts = v.getComm().getSize() == 1 and v.getSize() == _points(da.getGhostCorners()[1]) * da.getDof()
        if not ghosts and v.getLocalSize() != _points(da.getCorners()[1]) * da.getDof():
            raise ValueError(f"a vector of {v.getLocalSize()} numbers here is neither a global nor a local vector of this DMDA")
        described = layout(da, ghosts).dim_data(comm.rank)
        return described, v.getArray().reshape([_extent(dim) for dim in described])

    return collective(comm, dims)


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


def as_vec(section, comm, da=None):
    """A `Vec` in the section's memory, which must lie in C order without gaps.

    With `da`, one of its vectors: local when the section has its ghost points, global when it has none. Without, a vector of
    one dimension.
    """
    from petsc4py import PETSc

    local, ghosted = here(comm, lambda: _fitting(section, da))
    dof = 1 if da is None else da.getDof()
    if ghosted:
        vector = PETSc.Vec().createWithArray(local, bsize=dof, comm=PETSc.COMM_SELF)
    else:
        vector = PETSc.Vec().createWithArray(local, size=(local.size, section.layout.size), bsize=dof, comm=comm)
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


def _dmda(v):
    """The vector's DMDA, or None."""
    dm = v.getDM()
    if not dm.handle:
        return None
    # petsc4py 3.18's `getDM` does not count its reference: without this the DM would be freed too early.
    before = dm.getRefCount()
    again = v.getDM()
    if again.getRefCount() == before:
        dm.incRef()
        again.incRef()
    if dm.getType() != "da":
        return None
    # Nor does it give a DMDA, which `query` does.
    v.compose("daparray", dm)
    da = v.query("daparray")
    v.compose("daparray", None)
    return da


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
