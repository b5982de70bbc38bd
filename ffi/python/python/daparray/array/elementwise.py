"""Element-wise functions, by the names of the array API standard, and a few of NumPy's.

They stay pending where their operands lie alike. An operand is an array, a number of Python, whose
type gives way, or a scalar of NumPy. At least one is an array.
"""

import builtins
import math

import numpy

from . import _engine
from ._engine import Array

# The functions of the standard, and the names of their operations where NumPy has another.
_UNARY = {
    **dict.fromkeys(
        (
            "abs", "cbrt", "ceil", "conj", "cos", "cosh", "erf", "exp", "exp2", "expm1", "floor",
            "imag", "isfinite", "isinf", "isnan", "log", "log10", "log1p", "log2", "logical_not",
            "negative", "positive", "real", "reciprocal", "round", "sign", "signbit", "sin",
            "sinh", "sqrt", "square", "tan", "tanh", "trunc",
        )
    ),
    "acos": "arccos",
    "asin": "arcsin",
    "atan": "arctan",
    "acosh": "arccosh",
    "asinh": "arcsinh",
    "atanh": "arctanh",
    "bitwise_invert": "invert",
}
_BINARY = {
    **dict.fromkeys(
        (
            "add", "bitwise_and", "bitwise_or", "bitwise_xor", "copysign", "divide", "equal",
            "floor_divide", "fmod", "greater", "greater_equal", "hypot", "less", "less_equal",
            "logaddexp", "logical_and", "logical_or", "logical_xor", "maximum", "minimum",
            "multiply", "nextafter", "not_equal", "remainder", "subtract",
        )
    ),
    "pow": "power",
    "atan2": "arctan2",
    "bitwise_left_shift": "left_shift",
    "bitwise_right_shift": "right_shift",
}


# NumPy's names of functions for which the standard has others.
_ALIASES = {
    "absolute": "abs", "arccos": "acos", "arcsin": "asin", "arctan": "atan", "arccosh": "acosh",
    "arcsinh": "asinh", "arctanh": "atanh", "arctan2": "atan2", "conjugate": "conj",
    "invert": "bitwise_invert", "left_shift": "bitwise_left_shift",
    "right_shift": "bitwise_right_shift", "power": "pow", "bitwise_not": "bitwise_invert", "mod": "remainder",
    "true_divide": "divide", "rint": "round",
}


def _unary(name, operation):
    apply = _engine.apply

    def function(x, /, out=None):
        return apply(operation, x) if out is None else stored(apply(operation, x), out)

    function.__doc__ = f"`{name}` of each element, stored in `out` where that is given."
    return function


def _binary(name, operation):
    apply = _engine.apply

    def function(x1, x2, /, out=None):
        return apply(operation, x1, x2) if out is None else stored(apply(operation, x1, x2), out)

    function.__doc__ = f"`{name}` of the elements of two operands, broadcast together; stored in `out` where that is given."
    return function


def stored(result, out):
    """`out`, whose elements are those of a result now. Collective."""
    if not isinstance(out, Array):
        raise TypeError(f"`out` is a distributed array, not `{type(out).__name__}`")
    if not numpy.can_cast(result.dtype, out.dtype, "same_kind"):
        raise TypeError(f"results of {result.dtype} do not fit `out`, of {out.dtype}")
    if out.shape != result.shape:
        raise ValueError(f"results of shape {result.shape} do not fit `out`, of shape {out.shape}")
    _engine.assign(out, result)
    return out


def _named(name, function):
    function.__name__ = function.__qualname__ = name
    function.__module__ = "daparray.array"
    return function


globals().update({name: _named(name, _unary(name, other or name)) for name, other in _UNARY.items()})
globals().update({name: _named(name, _binary(name, other or name)) for name, other in _BINARY.items()})
globals().update({name: globals()[other] for name, other in _ALIASES.items()})
# The functions of two operands, by NumPy's names of their operations.
BINARY_OPERATIONS = {other or name: globals()[name] for name, other in _BINARY.items()}


def where(condition, x1=None, x2=None, /):
    """The elements of `x1` where `condition` is true, of `x2` elsewhere. With a condition alone,
    its `nonzero`, which is collective."""
    if x1 is None and x2 is None:
        from .selection import nonzero

        return nonzero(condition)
    return _engine.apply("where", condition, x1, x2)


def select(conditions, choices, default=0):
    """At each place the element of the first choice whose condition is true there. Stays
    pending."""
    if len(conditions) != len(choices) or not conditions:
        raise ValueError(f"{len(conditions)} conditions for {len(choices)} choices")
    found = default
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        found = where(condition, choice, found)
    return found


def clip(x, /, min=None, max=None):
    """The elements, none below `min` and none above `max`; in the type of `x`."""
    clipped = x
    if min is not None:
        clipped = _engine.apply("maximum", clipped, min)
    if max is not None:
        clipped = _engine.apply("minimum", clipped, max)
    if isinstance(x, Array) and clipped.dtype != x.dtype:
        clipped = _engine.cast(clipped, x.dtype.name)
    return _engine.copy(x) if clipped is x else clipped


def round(x, /, decimals=0):
    """The elements rounded to a number of decimal places, halves to even numbers. Stays pending."""
    if decimals == 0 or x.dtype.kind in "biu" and decimals > 0:
        return _engine.apply("round", x)
    scale = 10.0 ** builtins.abs(decimals)
    scaled = _engine.apply("round", x * scale if decimals > 0 else x / scale)
    found = scaled / scale if decimals > 0 else scaled * scale
    return found if found.dtype == x.dtype else _engine.cast(found, x.dtype.name)


def degrees(x, /):
    """Angles in degrees, of angles in radians. Stays pending."""
    return x * (180 / math.pi)


def radians(x, /):
    """Angles in radians, of angles in degrees. Stays pending."""
    return x * (math.pi / 180)


def fmax(x1, x2, /):
    """The greater elements; of a number and NaN the number. Stays pending."""
    return _number_first("maximum", x1, x2)


def fmin(x1, x2, /):
    """The lesser elements; of a number and NaN the number. Stays pending."""
    return _number_first("minimum", x1, x2)


def _number_first(name, x1, x2):
    apply = _engine.apply
    return apply("where", x1 != x1, x2, apply("where", x2 != x2, x1, apply(name, x1, x2)))


def nan_to_num(x, /, nan=0.0, posinf=None, neginf=None):
    """The elements, other numbers in the place of NaN and of infinities: by default 0 and the
    greatest and least number of the type. Stays pending."""
    if x.dtype.kind not in "f":
        return _engine.copy(x)
    limits, apply = numpy.finfo(x.dtype), _engine.apply
    high, low = (float(limits.max) if posinf is None else posinf), (float(limits.min) if neginf is None else neginf)
    finite = apply("where", x == math.inf, high, apply("where", x == -math.inf, low, x))
    return apply("where", x != x, nan, finite)


def angle(z, /, deg=False):
    """The angles of complex numbers in the plane. Stays pending."""
    found = _engine.apply("arctan2", _engine.apply("imag", z), _engine.apply("real", z))
    return degrees(found) if deg else found


around = round
deg2rad, rad2deg = radians, degrees


def _float(x):
    """An operand whose differences do not wrap."""
    if isinstance(x, Array):
        kind = numpy.result_type(x.dtype, 1.0)
        return x if x.dtype == kind else _engine.cast(x, kind.name)
    return x if isinstance(x, complex) else float(x)


def isclose(x1, x2, /, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether elements are equal within `atol + rtol * abs(x2)`, as NumPy's function. Stays
    pending."""
    x1, x2 = _float(x1), _float(x2)
    apply = _engine.apply
    is_finite = apply("isfinite", x2) if isinstance(x2, Array) else bool(numpy.isfinite(x2))
    close = (builtins.abs(x1 - x2) <= atol + rtol * builtins.abs(x2)) & is_finite | (x1 == x2)
    if equal_nan:
        nan1, nan2 = (apply("isnan", x) if isinstance(x, Array) else bool(numpy.isnan(x)) for x in (x1, x2))
        close = close | nan1 & nan2
    return close


__all__ = [
    *_UNARY, *_BINARY, *_ALIASES, "where", "clip", "isclose", "angle", "around", "deg2rad", "degrees", "fmax", "fmin", "nan_to_num",
    "rad2deg", "radians", "select",
]  # fmt: skip
