"""The Distributed Array Protocol: describe, check and hand over distributed arrays without copying.

On each process a distributed array is one buffer and one small dictionary for each dimension: a
`Section`. How all processes share the array is a `Layout`.

=====================================================  ==================================================
take one process's part from any library               `from_distarray(obj)`
make one of your own memory                            `Section(dim_data, buffer)`, `layout.section(rank, buffer)`
its memory, for NumPy, PyTorch and others              `section.local`, `section.owned`
how an array is distributed, and who owns what         `Layout`, `Block`, `Cyclic`, `Unstructured`
what moves from one layout to another                  `Plan(source, target, rank)`
move it, over mpi4py or piece by piece                 `plan.execute(comm, mine, theirs)`, `plan.pack`, ...
fill padding from the neighbours, over mpi4py          `HaloExchange(layout, dtype, comm)`
share memory that C or Fortran lends                   `from_address(address, shape, dtype, owner=...)`
check one export, or those of all processes            `validate(obj)`, `validate(list)`
an export as text, to send to another process          `describe(obj)`
=====================================================  ==================================================

Every `Section` has `__distarray__()` (the protocol's dictionary) and `__distarray_c__()` (a capsule
with a C struct), so any library that knows either can take it.
"""

from ._daparray import (
    Block,
    Cyclic,
    Diagnostic,
    Dim,
    DimData,
    Layout,
    Local,
    Plan,
    ProtocolWarning,
    Report,
    Runs,
    Section,
    Transfer,
    Unstructured,
    ValidationError,
    __version__,
    describe,
    from_address,
    from_distarray,
    validate,
)
from ._halo import HaloExchange
from ._no_array import refuse_numpy

refuse_numpy(Section, (DimData, Dim, Runs, Layout, Plan, Transfer, Diagnostic, Report, HaloExchange))
del refuse_numpy

__all__ = [
    "Block",
    "Cyclic",
    "Diagnostic",
    "Dim",
    "DimData",
    "HaloExchange",
    "Layout",
    "Local",
    "Plan",
    "ProtocolWarning",
    "Report",
    "Runs",
    "Section",
    "Transfer",
    "Unstructured",
    "ValidationError",
    "__version__",
    "describe",
    "from_address",
    "from_distarray",
    "validate",
]
