"""Which adapter an object's type asks for, found by the type's name: no library is imported to look."""

import importlib

from .._daparray import from_distarray
from ._common import ALONE, collective

# Full name of a type -> module and function that take `(object, comm, **options)`.
_TYPES = {
    "numpy.ndarray": ("daparray.adapters.numpy", "rows"),
    "petsc4py.PETSc.Vec": ("daparray.adapters.petsc4py", "section"),
    "mpi4py_fft.distarray.DistArray": ("daparray.adapters.mpi4py_fft", "section"),
    "heat.core.dndarray.DNDarray": ("daparray.adapters.heat", "section"),
    "dask.array.core.Array": ("daparray.adapters.dask", "section"),
    "dask.array._array_expr._collection.Array": ("daparray.adapters.dask", "section"),
    "jaxlib._jax.ArrayImpl": ("daparray.adapters.jax", "section"),
    "jaxlib.xla_extension.ArrayImpl": ("daparray.adapters.jax", "section"),
    "jax._src.array.ArrayImpl": ("daparray.adapters.jax", "section"),
}


def register(type_name, module, function="section"):
    """Lets `section` take a type of yours, for instance ``register("mylib.Field", "mylib.dap")``.

    `module` is imported when the first such object comes; its `function` takes ``(object, comm, **options)``.
    """
    _TYPES[type_name] = (module, function)


def known():
    """The names of the types that `section` takes, beside anything with `__distarray__` or `__partitioned__`."""
    return sorted(_TYPES)


def section(array, comm=None, **options):
    """This process's section of any known library's array, in the array's own memory. Collective over `comm`.

    Without `comm` it is the array's own communicator, or the program is one process. Options go to the library's adapter.
    """
    given = (array,) if comm is None else (array, comm)
    names = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(array).__mro__]
    for name in names:
        if name in _TYPES:
            module, function = _TYPES[name]
            return getattr(importlib.import_module(module), function)(*given, **options)
    if hasattr(type(array), "__distarray__"):
        def exported():
            mine = from_distarray(array, **options)
            return mine.dim_data, mine.local
        return collective(comm or ALONE, exported)
    if hasattr(type(array), "__partitioned__"):
        return importlib.import_module("daparray.adapters.partitioned").section(*given, **options)
    raise TypeError(f"no adapter knows {names[0]}; known are {', '.join(known())}, and objects with __distarray__ or __partitioned__")
