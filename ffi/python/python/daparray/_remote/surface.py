"""The names that a client forwards: those of `daparray.array` and of arrays.

The client takes them from the ranks, whose package may be another version or have more functions.
"""

import inspect
import types

import numpy

import daparray.array
from daparray.array import Array

# Attributes of which each rank has its own.
EACH = ("local", "local_indices")
# Classes that are called as functions are.
_CALLED = ("__array_namespace_info__",)


def surface():
    """``(namespace, methods, properties, each)``: the functions of `daparray.array` and what takes
    an index there, with their documentation, with a dictionary for each module in it and constants
    as they are; and the same of arrays."""
    methods, properties = {}, {}
    for name in dir(Array):
        if name.startswith("_"):
            continue
        found = getattr(Array, name)
        (methods if callable(found) else properties)[name] = inspect.getdoc(found) or ""
    return _namespace(daparray.array), methods, properties, EACH


def _namespace(module):
    found = {}
    for name in dir(module):
        one = getattr(module, name)
        if name.startswith("_") and name not in ("__array_api_version__", "__array_namespace_info__"):
            continue
        if isinstance(one, types.ModuleType):
            # Only modules that are a part of the interface: arrays' `linalg`, `fft`, `random`.
            if name in module.__all__ and one.__name__.startswith("daparray.array."):
                found[name] = ("module", _namespace(one))
        elif callable(one) and (name in _CALLED or not isinstance(one, type)):
            found[name] = ("function", inspect.getdoc(one) or "")
        elif hasattr(type(one), "__getitem__") and type(one).__module__.startswith("daparray."):
            found[name] = ("indexed", inspect.getdoc(one) or "")
        elif _is_constant(one):
            found[name] = ("constant", one)
    return found


def _is_constant(one):
    """Whether the client has an object by itself: a number, a type of elements, an error, an object
    of NumPy's; not the package's own, which the client cannot import without an MPI."""
    if isinstance(one, type):
        return issubclass(one, (numpy.generic, numpy.dtype, Exception)) and not one.__module__.startswith("daparray.")
    return not type(one).__module__.startswith("daparray.")


def described(one):
    """The facts that a client's handle has without asking: shape, type and text of an array."""
    if isinstance(one, Array):
        return "array", one.shape, one.dtype, repr(one) if one.ndim else None
    return "object", type(one).__name__
