"""Arrays of other libraries as sections, and back: one module for each library, imported when it is
used and not before.

    from daparray import adapters
    section = adapters.section(array, comm)             # looks at the array's type
    section = adapters.numpy.rows(mine, comm)           # or by name, with what the type does not tell

=================  =========================================================================================
`numpy`            each process has some rows, or a cell of a process grid: `rows`, `grid`; with halos
`petsc4py`         `vec`, and vectors of a DMDA with or without ghost points: `dmda`; back: `layout`, `as_vec`
`mpi4py_fft`       `section` of a DistArray; back: `layout`, `as_distarray`
`heat`             `section` of a DNDarray; back: `layout`, `as_dndarray`
`dask`             `section`: which process has which chunks; back: `as_dask`
`jax`              `sections` (one process, many devices), `section` (a device for each process); back: `as_jax`
`scalapack`        `section` of a descriptor; back: `layout`, `descriptor`; `numroc`
`partitioned`      `section` of anything with `__partitioned__`; back: `Partitioned`
=================  =========================================================================================

Every function that takes `comm` is collective: each process of the communicator calls it, all
succeed or all raise; an error of one process names its rank on all. A process whose `comm` is no
communicator raises alone. Of the communicator `rank`, `size` and `allgather` are needed, as
mpi4py's have. Without `comm`, arrays of Heat and PETSc are expected on their library's default one.
Memory is shared, never copied, unless an argument `copy=True` says so. An array that protocol 0.10
cannot express raises `Refused`, with a sentence on the alternative.
"""

import importlib

from ._common import Refused, ordered
from ._registry import is_distributed, known, register, section

__all__ = ["Refused", "is_distributed", "known", "ordered", "register", "section"]
_MODULES = ("dask", "heat", "jax", "mpi4py_fft", "numpy", "partitioned", "petsc4py", "scalapack")


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*__all__, *_MODULES])
