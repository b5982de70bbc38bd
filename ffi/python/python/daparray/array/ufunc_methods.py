"""What NumPy's ufuncs have beside the call: `add.reduce`, `add.accumulate`, `add.outer`, `add.at`.

`numpy.add.outer(x, y)` of distributed arrays comes here, and so does `daparray.array.add.outer`.
"""

from . import elementwise, linalg, reductions, selection
from ._engine import Array, apply
from .manipulation import reshape


def _accumulate(function):
    return lambda array, axis=0, **keywords: function(array, axis=axis, **keywords)


def _reduce(function):
    def reduce(array, axis=0, keepdims=False, **keywords):
        return function(array, axis=axis, keepdims=keepdims, **keywords)

    return reduce


def _outer(operation):
    def outer(x1, x2, /):
        """The operation on all pairs of elements: an axis for each of `x1`, then of `x2`."""
        if isinstance(x1, Array) and isinstance(x2, Array) and x2.ndim:
            x1 = reshape(x1, x1.shape + (1,) * x2.ndim)
        return apply(operation, x1, x2)

    return outer


def _at(array, indices, values):
    """`numpy.add.at`: each index as often as it occurs."""
    parts = indices if isinstance(indices, tuple) else (indices,)
    if len(parts) != 1:
        raise TypeError("numpy.add.at takes one array of indices for distributed arrays")
    selection.put(array, parts[0], values, axis=0, mode="add")


# By the method and NumPy's name of the operation.
METHODS = {
    ("__call__", "matmul"): lambda a, b: linalg.matmul(a, b),
    ("__call__", "vecdot"): lambda a, b, axis=-1: linalg.vecdot(a, b, axis=axis),
    ("at", "add"): _at,
    **{("accumulate", name): _accumulate(function) for name, function in {
        "add": reductions.cumulative_sum, "multiply": reductions.cumulative_prod, "maximum": reductions.cumulative_max,
        "minimum": reductions.cumulative_min,
    }.items()},
    **{("reduce", name): _reduce(function) for name, function in {
        "add": reductions.sum, "multiply": reductions.prod, "maximum": reductions.max, "minimum": reductions.min,
        "logical_and": reductions.all, "logical_or": reductions.any,
    }.items()},
    **{("outer", name): _outer(name) for name in elementwise.BINARY_OPERATIONS},
}

for (method, operation), function in METHODS.items():
    if method != "__call__":
        setattr(elementwise.BINARY_OPERATIONS[operation], method, function)
