"""Types of elements: NumPy's, as far as arrays can be computed with."""

import builtins
import typing

import numpy

from . import _engine
from ._engine import Array

# NumPy's types of scalars: `float64(3)` is a scalar, and `x.dtype == float64` is true.
from numpy import bool_ as bool
from numpy import complex64, complex128, float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64

_ALL = tuple(
    numpy.dtype(it)
    for it in (bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, complex64, complex128)
)


def named(dtype):
    """The name of a type that arrays can have."""
    return numpy.dtype(dtype).name


def is_number(dtype):
    """Whether arrays can have elements of a type."""
    return numpy.dtype(dtype).newbyteorder("=") in _ALL


def astype(x, dtype, /, *, copy=True, device=None):
    """The elements as another type. Stays pending."""
    check_device(device)
    if not copy and x.dtype == dtype:
        return x
    if x.dtype == dtype:
        return _engine.copy(x)
    return _engine.cast(x, named(dtype))


def check_device(device):
    """Refuses devices other than the processor."""
    if device not in (None, "cpu"):
        raise ValueError(f"arrays are on the device 'cpu', not {device!r}")


def _of(thing):
    return thing.dtype if isinstance(thing, Array) else thing


def result_type(*arrays_and_dtypes):
    """The type of the result of an operation on these arrays, types and numbers of Python."""
    things = [_of(thing) for thing in arrays_and_dtypes]
    if builtins.all(isinstance(thing, (builtins.bool, int, float, complex)) for thing in things):
        raise ValueError("numbers of Python alone have no type of elements: pass an array or a type")
    return numpy.result_type(*things)


def promote_types(type1, type2, /):
    """The type to which elements of two types are converted."""
    return numpy.promote_types(type1, type2)


def can_cast(from_, to, /):
    """Whether a type's values can be converted to another by the rules of promotion."""
    return numpy.can_cast(_of(from_), to)


_KINDS = {
    "bool": "b", "signed integer": "i", "unsigned integer": "u", "integral": "iu", "real floating": "f", "complex floating": "c",
    "numeric": "iufc",
}


def isdtype(dtype, kind):
    """Whether a type is of a kind, as the array API standard names kinds, or of one of several; a
    type is the kind of itself."""
    if isinstance(kind, tuple):
        return builtins.any(isdtype(dtype, one) for one in kind)
    if not isinstance(kind, str):
        return numpy.dtype(dtype) == kind
    if kind not in _KINDS:
        raise ValueError(f"no kind of types {kind!r}: {', '.join(_KINDS)}")
    return numpy.dtype(dtype).kind in _KINDS[kind]


class FloatLimits(typing.NamedTuple):
    """The limits of a type of floats, as numbers of Python."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: numpy.dtype


def finfo(type, /):
    """The limits of a type of real floats, or of the parts of a complex one."""
    limits = numpy.finfo(_of(type))
    numbers = (float(number) for number in (limits.eps, limits.max, limits.min, limits.smallest_normal))
    return FloatLimits(int(limits.bits), *numbers, limits.dtype)


def iinfo(type, /):
    """The limits of a type of integers."""
    return numpy.iinfo(_of(type))


class __array_namespace_info__:
    """The properties of this namespace, as the array API standard asks."""

    def capabilities(self):
        """Shapes never depend on data unless a function says so; sizes after a mask do."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self):
        """The processor."""
        return "cpu"

    def devices(self):
        """The processor."""
        return ("cpu",)

    def default_dtypes(self, *, device=None):
        """The types of new arrays."""
        check_device(device)
        names = {"real floating": float64, "complex floating": complex128, "integral": int64, "indexing": int64}
        return {kind: numpy.dtype(it) for kind, it in names.items()}

    def dtypes(self, *, device=None, kind=None):
        """The types, by name; of a kind or of some."""
        check_device(device)
        kinds = kind if isinstance(kind, tuple) or kind is None else (kind,)
        return {it.name: it for it in _ALL if kinds is None or isdtype(it, kinds)}
