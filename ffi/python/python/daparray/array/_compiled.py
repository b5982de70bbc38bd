"""Functions of the user an element: pointers to compiled functions, or Python's own.

| object | its signature |
|---|---|
| `numba.cfunc` | as it was compiled |
| a function of `ctypes` | its `argtypes` and `restype`, which must be declared |
| another callable | is called by Python, once an element |
"""

import ctypes
from contextlib import contextmanager

import numpy

from ._agreed import agree

#: The types of elements that compiled functions take.
TYPES = ("uint8", "int32", "int64", "float32", "float64")

_CTYPES = {name: numpy.ctypeslib.as_ctypes_type(numpy.dtype(name)) for name in TYPES}
_POINTER = "*"


def is_compiled(function):
    """Whether a function is a pointer to a compiled one."""
    return _is_numba(function) or isinstance(function, ctypes._CFuncPtr)


def _is_numba(function):
    return isinstance(getattr(function, "address", None), int) and hasattr(function, "_sig")


def _text(kind):
    """The name of a C type: NumPy's, with a star for a pointer to it."""
    if kind is None:
        return "void"
    if isinstance(kind, type) and issubclass(kind, ctypes._Pointer):
        return _text(kind._type_) + _POINTER
    return numpy.dtype(kind).name


def _signature(function):
    """(result, arguments) of a compiled function, as names of types."""
    if _is_numba(function):
        return str(function._sig.return_type), tuple(map(str, function._sig.args))
    if function.argtypes is None:
        raise TypeError("the function's types are not declared: set its `argtypes` and `restype`")
    return _text(function.restype), tuple(map(_text, function.argtypes))


def address(function, element, arguments):
    """The address of a compiled function of these arguments, whose result is an element.

    Raises `TypeError` for another signature."""
    check_element(element)
    expected, found = (element, tuple(arguments)), _signature(function)
    if found != expected:
        raise TypeError(f"the compiled function is {_shown(found)}, and must be {_shown(expected)}: compile it for that, or convert the array")
    if _is_numba(function):
        return function.address
    return ctypes.cast(function, ctypes.c_void_p).value


def _shown(signature):
    return f"{signature[0]}({', '.join(signature[1])})"


def check_element(element):
    """Refuses types of elements that compiled functions do not take."""
    if element not in TYPES:
        raise TypeError(f"a function an element takes arrays of {', '.join(TYPES)}, not of {element}: convert the array by `astype`")


@contextmanager
def address_of(function, context, element, arguments, neighbours=0):
    """The address of a function, compiled or Python's. At the end an exception of Python's function
    on one rank is raised on all; collective then."""
    if is_compiled(function):
        yield address(function, element, arguments)
        return
    if not callable(function):
        raise TypeError(f"`{type(function).__name__}` is no function")
    check_element(element)
    failures = []

    def guarded(*values):
        try:
            if neighbours:
                values = values[0][:neighbours]
            return function(*values)
        except Exception as error:
            failures.append(error)
            return 0

    kinds = [ctypes.POINTER(_CTYPES[name[:-1]]) if name.endswith(_POINTER) else _CTYPES[name] for name in arguments]
    pointer = ctypes.CFUNCTYPE(_CTYPES[element], *kinds)(guarded)
    yield ctypes.cast(pointer, ctypes.c_void_p).value
    agree(context, failures[0] if failures else None)
