"""Classes that are no arrays say so where NumPy expects one.

NumPy makes an array of one Python object of whatever it does not know, so that `numpy.sum(section)`
would be the section. Every class of the package but `Local`, which is memory, refuses instead. An
array of Python objects is still made where it is asked for, by `dtype=object`.
"""

_INSTEAD = {
    "Section": "it is one process's part of an array: use `section.local` (all of its memory) or `section.owned` (without the halo)",
    "DimData": "it is one dimension's dictionary: `dict(dim_data)` is a plain one",
    "Layout": "it says how an array is distributed, and holds no items: `layout.section(rank, buffer)` gives it some",
    "Plan": "it says what moves, and holds no items: `plan.execute(comm, source, target)` moves some",
    "Transfer": "it lists places in a buffer: use `buffer[numpy.ix_(*transfer.source)]`",
}


def _refusal(kind):
    name = next((base.__name__ for base in kind.__mro__ if base.__name__ in _INSTEAD), None)
    instead = _INSTEAD[name] if name else "to put it into an array of Python objects, pass dtype=object"
    return TypeError(f"a `{kind.__name__}` is not an array: {instead}")


def _array(self, dtype=None, copy=None):
    """Refuses, but for ``dtype=object``."""
    import numpy

    if dtype is None or numpy.dtype(dtype) != object:
        raise _refusal(type(self))
    boxed = numpy.empty((), object)
    boxed[()] = self
    return boxed


def _array_function(self, function, types, arguments, keywords):
    """Refuses."""
    raise _refusal(type(self))


def _array_ufunc(self, ufunc, method, *inputs, **keywords):
    """Refuses."""
    raise _refusal(type(self))


def refuse_numpy(section, values):
    """Gives the classes NumPy's hooks. An array is not equal to one of `values`, as a whole."""
    for kind in (section, *values):
        kind.__array__ = _array
        kind.__array_function__ = _array_function
        # None lets Python's operators go on as if NumPy were not there, so that `==` has an answer.
        kind.__array_ufunc__ = _array_ufunc if kind is section else None
