"""Which adapter an object's type asks for, found by the type's name: no library is imported to
look."""

import importlib
import sys

from .._daparray import from_distarray
from ._common import ALONE, Refused, Together, collective, described, memory, offers_memory

# Full name of a type -> module and function that take `(object, comm, **options)`.
_TYPES = {
    "petsc4py.PETSc.Vec": ("daparray.adapters.petsc4py", "section"),
    "mpi4py_fft.distarray.DistArray": ("daparray.adapters.mpi4py_fft", "section"),
    "heat.core.dndarray.DNDarray": ("daparray.adapters.heat", "section"),
    "dask.array.core.Array": ("daparray.adapters.dask", "section"),
    "dask.array._array_expr._collection.Array": ("daparray.adapters.dask", "section"),
    "jaxlib._jax.ArrayImpl": ("daparray.adapters.jax", "section"),
    "jaxlib.xla_extension.ArrayImpl": ("daparray.adapters.jax", "section"),
    "jax._src.array.ArrayImpl": ("daparray.adapters.jax", "section"),
}
# Those of them whose arrays one process has.
_OF_ONE_PROCESS = {name for name in _TYPES if name.startswith(("dask.", "jax"))}
# Libraries whose arrays have a communicator of their own, and the adapters that know it.
_COMMUNICATORS = {"heat": "heat", "petsc4py.PETSc": "petsc4py"}


def register(type_name, module, function="section"):
    """Lets `section` take a type of yours, for instance ``register("mylib.Field", "mylib.dap")``.

    `module` is imported when the first such object comes; its `function` takes ``(object,
    comm, **options)``.
    """
    _TYPES[type_name] = (module, function)


def known():
    """The names of the types that `section` takes, beside anything with `__distarray__` or
    `__partitioned__`."""
    return sorted(_TYPES)


def is_distributed(array):
    """Whether an object is one of a library whose arrays are distributed over the processes of a
    program of MPI, or has `__partitioned__`, or its type was `register`ed. No library is imported
    to look."""
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(array).__mro__}
    return any(name in _TYPES and name not in _OF_ONE_PROCESS for name in names) or hasattr(type(array), "__partitioned__")


def _implied(named):
    """The array's own communicator; otherwise the default one of a library in the program that has
    one; otherwise this process."""
    adapters = [importlib.import_module(f"daparray.adapters.{name}") for library, name in _COMMUNICATORS.items() if library in sys.modules]
    array = named.get("array")
    for adapter in adapters:
        if adapter.is_one(array):
            return adapter.implied(array)
    return adapters[0].implied(None) if adapters else ALONE


@collective(_implied)
def section(array, comm=None, **options):
    """This process's section of any known library's array, in the array's own memory.

    Collective over `comm`.

    Without `comm` an array of Heat or PETSc is on its library's default communicator, over which
    then all processes call this; and in a program without these libraries the array is this
    process's alone. Options go to the library's adapter.

    `Refused` for an array that does not say how it is distributed, such as NumPy's: name
    `adapters.numpy.rows` or `.grid`.
    """
    name, function = _adapter(array)
    for rank, other in enumerate((yield name)):
        if other != name:
            raise TypeError(f"rank {comm.rank} has an array for {name}, rank {rank} one for {other}: pass parts of one array, of one library")
    return (yield Together(lambda whole: function(array, *([whole] if comm.given else []), **options)))


def _adapter(array):
    """The name of what describes an object, and a collective function for it."""
    names = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(array).__mro__]
    for name in names:
        if name in _TYPES:
            module, function = _TYPES[name]
            return f"{module}.{function}", getattr(importlib.import_module(module), function)
    if hasattr(type(array), "__distarray__"):
        return "objects with __distarray__", _exported
    if hasattr(type(array), "__partitioned__"):
        return "objects with __partitioned__", importlib.import_module("daparray.adapters.partitioned").section
    if offers_memory(array):
        memory(array)  # which may know better what is wrong with it
        raise Refused(f"{names[0]} is memory of one process, and does not say how the array is distributed. Say it with "
                      "`adapters.numpy.rows(x, comm)` where each process has the rows after those of lower ranks, or with "
                      "`adapters.numpy.grid(x, comm, (2, 2), halo=1)` where it has a cell of a process grid")  # fmt: skip
    raise TypeError(f"no adapter knows {names[0]}; known are {', '.join(known())}, and objects with __distarray__ or __partitioned__")


@collective()
def _exported(array, comm=ALONE, **options):
    """The section of an object that exports itself."""
    mine = from_distarray(array, **options)
    return (yield from described(mine.dim_data, mine.local))
