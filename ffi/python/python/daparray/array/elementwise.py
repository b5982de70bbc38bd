"""Element-wise functions, by the names of the array API standard, and a few of NumPy's.

They stay pending where their operands lie alike. An operand is an array, a number of Python, whose
type gives way, or a scalar of NumPy. At least one is an array.
"""

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


def _unary(name, operation):
    apply = _engine.apply

    def function(x, /):
        return apply(operation, x)

    function.__doc__ = f"`{name}` of each element."
    return function


def _binary(name, operation):
    apply = _engine.apply

    def function(x1, x2, /):
        return apply(operation, x1, x2)

    function.__doc__ = f"`{name}` of the elements of two operands, broadcast together."
    return function


def _named(name, function):
    function.__name__ = function.__qualname__ = name
    function.__module__ = "daparray.array"
    return function


globals().update({name: _named(name, _unary(name, other or name)) for name, other in _UNARY.items()})
globals().update({name: _named(name, _binary(name, other or name)) for name, other in _BINARY.items()})


def where(condition, x1, x2, /):
    """The elements of `x1` where `condition` is true, of `x2` elsewhere."""
    return _engine.apply("where", condition, x1, x2)


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


__all__ = [*_UNARY, *_BINARY, "where", "clip"]
