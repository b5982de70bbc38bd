"""Linear algebra of distributed arrays: products, diagonals and norms. All are collective.

Operands have any distribution, each its own. Panels of matrices move between the ranks, and none of
them collects a matrix; the book's page *Linear algebra* has the cost.
"""

import operator

from . import _engine, reductions
from ._engine import Array
from .dtypes import astype
from .manipulation import matrix_transpose, moveaxis

__all__ = [
    "cross", "diagonal", "dot", "einsum", "kron", "matmul", "matrix_norm", "matrix_transpose", "norm", "outer", "tensordot",
    "trace", "vecdot", "vector_norm",
]  # fmt: skip


def matmul(x1, x2, /):
    """The product of matrices in the last two axes, other axes broadcast together; an operand of
    one dimension is a vector. `x1 @ x2` is the same."""
    return _engine.product("matmul", x1, x2)


def vecdot(x1, x2, /, *, axis=-1):
    """The sums of products along an axis, the elements of `x1` conjugated."""
    return _engine.vecdot(x1, x2, axis)


def dot(a, b, /):
    """NumPy's product: sums over the last axis of `a` and the last but one of `b`, or `multiply` by
    a number."""
    return _engine.product("dot", a, b) if isinstance(a, Array) and isinstance(b, Array) else a * b


def tensordot(x1, x2, /, *, axes=2):
    """The sums of products over pairs of axes: a number of the last of `x1` and the first of `x2`,
    or a pair of sequences of axes."""
    if isinstance(axes, int):
        first, second = list(range(x1.ndim - axes, x1.ndim)), list(range(axes))
    else:
        first, second = ([operator.index(one) for one in ((side,) if isinstance(side, int) else side)] for side in axes)
    return _engine.tensordot(x1, x2, first, second)


def outer(x1, x2, /):
    """The products of all pairs of elements of two vectors."""
    return _engine.product("outer", x1, x2)


def kron(a, b, /):
    """The matrix of blocks `a[i, j] * b`."""
    return _engine.product("kron", a, b)


def cross(x1, x2, /, *, axis=-1):
    """The products of vectors of three elements along an axis."""
    return _engine.cross(x1, x2, axis)


def einsum(subscripts, /, *operands):
    """The sum of products that labels of axes name, as in ``einsum("ij,jk->ik", a, b)``. The order
    of the products is the one that costs least."""
    return _engine.einsum(subscripts, list(operands))


def diagonal(x, /, *, offset=0):
    """The elements of the last two axes whose indices differ by `offset`, along a new last axis."""
    return _engine.diagonal(x, offset)


def trace(x, /, *, offset=0, dtype=None):
    """The sums of the diagonals of the last two axes."""
    return reductions.sum(diagonal(x, offset=offset), axis=-1, dtype=dtype)


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """The norm of all elements, or of the vectors along axes. Orders: numbers and inf. The order 2
    is the root of the exact sum of squares, rounded once."""
    axes = None if axis is None else [operator.index(one) for one in (axis if isinstance(axis, tuple) else (axis,))]
    if axes is None and keepdims:
        axes = list(range(x.ndim))
    return _engine.vector_norm(x, float(ord), axes, keepdims)


def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    """The norms of matrices in the last two axes. Orders: 'fro', 1, -1, inf, -inf."""
    return _engine.matrix_norm(x, ord, keepdims)


def norm(x, ord=None, axis=None, keepdims=False):
    """NumPy's: of all elements as of a vector without an order; `vector_norm` along one axis or of
    one dimension, `matrix_norm` along a pair or of two."""
    if axis is None and ord is None:
        return vector_norm(x, keepdims=keepdims)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(axes) == 1:
        return vector_norm(x, axis=axes, keepdims=keepdims, ord=2 if ord is None else ord)
    if len(axes) != 2:
        raise ValueError(f"a norm along {len(axes)} axes: one for vectors, two for matrices")
    found = matrix_norm(moveaxis(x, axes, (-2, -1)), keepdims=keepdims, ord="fro" if ord is None else ord)
    return moveaxis(found, (-2, -1), axes) if keepdims else found


def _operand(function):
    """A product as an operator, which leaves other operands to their own classes."""

    def operated(self, other):
        return function(self, other) if isinstance(other, Array) else NotImplemented

    return operated


def _imatmul(self, other):
    if not isinstance(other, Array):
        return NotImplemented
    made = matmul(self, other)
    if made.shape != self.shape:
        raise ValueError(f"a product of shape {made.shape} does not fit the array of shape {self.shape}: use x = x @ y")
    self[...] = astype(made, self.dtype)
    return self


Array.__matmul__, Array.__rmatmul__, Array.__imatmul__ = _operand(matmul), _operand(lambda self, other: matmul(other, self)), _imatmul
Array.dot, Array.trace = dot, trace

