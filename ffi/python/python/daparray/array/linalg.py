"""Linear algebra of distributed arrays: products, equations, factorizations, norms. All are
collective.

Operands have any distribution, each its own. Panels of matrices move between the ranks, and none of
them collects a matrix; the book's page *Linear algebra* has the cost. A singular matrix raises
`LinAlgError` on all ranks.
"""

import collections
import operator

from numpy.linalg import LinAlgError

from . import _engine, reductions
from ._engine import Array
from .creation import zeros
from .dtypes import astype
from .elementwise import abs, conj, square, where
from .manipulation import expand_dims, matrix_transpose, moveaxis, reshape

__all__ = [
    "LinAlgError", "cholesky", "cross", "det", "diagonal", "dot", "eig", "eigh", "eigvals", "eigvalsh", "einsum", "inv", "kron", "lstsq", "matmul",
    "matrix_norm", "matrix_power", "matrix_rank", "matrix_transpose", "norm", "outer", "pinv", "qr", "slogdet", "solve", "svd",
    "svdvals", "tensordot", "trace", "vecdot", "vector_norm",
]  # fmt: skip

EigResult = collections.namedtuple("EigResult", ["eigenvalues", "eigenvectors"])
EighResult = collections.namedtuple("EighResult", ["eigenvalues", "eigenvectors"])
LstsqResult = collections.namedtuple("LstsqResult", ["x", "residuals", "rank", "s"])
QRResult = collections.namedtuple("QRResult", ["Q", "R"])
SlogdetResult = collections.namedtuple("SlogdetResult", ["sign", "logabsdet"])
SVDResult = collections.namedtuple("SVDResult", ["U", "S", "Vh"])


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


def tensordot(x1, x2, /, axes=2):
    """The sums of products over pairs of axes: a number of the last of `x1` and the first of `x2`,
    or a pair of sequences of axes."""
    if isinstance(axes, int):
        first, second = list(range(x1.ndim - axes, x1.ndim)), list(range(axes))
    else:
        first, second = ([operator.index(one) for one in ((side,) if isinstance(side, int) else side)] for side in axes)
    return _engine.tensordot(x1, x2, first, second)


def inner(a, b, /):
    """NumPy's: the sums of products over the last axis of each, for all pairs of the others."""
    return tensordot(a, b, (-1, -1)) if a.ndim and b.ndim else a * b


def vdot(a, b, /):
    """The sum of the products of all elements, those of `a` conjugated. Collective."""
    return vecdot(reshape(a, (-1,)), reshape(b, (-1,)))


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
    """The norms of matrices in the last two axes. Orders: 'fro', 'nuc', 1, -1, 2, -2, inf, -inf;
    'nuc', 2 and -2 are of the singular values."""
    if ord not in ("nuc", 2, -2):
        return _engine.matrix_norm(x, ord, keepdims)
    values = svdvals(x)
    found = {"nuc": reductions.sum, 2: reductions.max, -2: reductions.min}[ord](values, axis=-1)
    return expand_dims(expand_dims(found, axis=-1), axis=-1) if keepdims else found


def _factors(name, x, flag=False):
    """The factors of the engine; what it refuses of a matrix is NumPy's error."""
    return _raising(lambda: _engine.factorize(name, x, flag))


def _raising(call):
    try:
        return call()
    except ValueError as error:
        if any(word in str(error) for word in _OF_MATRICES):
            raise LinAlgError(str(error)) from None
        raise


# Words of errors that NumPy has a class for.
_OF_MATRICES = ("singular", "positive definite", "not finite", "last two extents", "not converge")


def qr(x, /, mode="reduced"):
    """Matrices with orthonormal columns, and upper triangles. ``mode`` is ``"reduced"`` or
    ``"complete"``. Of a tall matrix the rows stay on their ranks."""
    if mode not in ("reduced", "complete"):
        raise ValueError(f"no mode {mode!r}: 'reduced' or 'complete'")
    return QRResult(*_factors("qr", x, mode == "complete"))


def cholesky(x, /, *, upper=False):
    """The lower triangles whose products with their adjoints are the positive definite matrices;
    the upper ones with `upper`."""
    return _factors("cholesky", x, upper)[0]


def eigh(x, /):
    """The eigenvalues of Hermitian matrices, ascending, and the eigenvectors in columns. The lower
    triangle is read."""
    return EighResult(*_factors("eigh", x))


def eigvalsh(x, /):
    """The eigenvalues of Hermitian matrices, ascending."""
    return _factors("eigvalsh", x)[0]


def eig(x, /):
    """The eigenvalues of square matrices, in no order, and the eigenvectors in columns of length 1;
    both are complex."""
    return EigResult(*_factors("eig", x))


def eigvals(x, /):
    """The eigenvalues of square matrices, complex, in no order."""
    return _factors("eigvals", x)[0]


def svd(x, /, full_matrices=True):
    """The singular value decomposition: left vectors in columns, values, descending, and right
    vectors in rows."""
    return SVDResult(*_factors("svd", x, full_matrices))


def svdvals(x, /):
    """The singular values, descending."""
    return _factors("svdvals", x)[0]


def inv(x, /):
    """The inverses of matrices."""
    return _factors("inv", x)[0]


def det(x, /):
    """The determinants of matrices."""
    return _factors("det", x)[0]


def slogdet(x, /):
    """The signs of the determinants, and the logarithms of their magnitudes."""
    return SlogdetResult(*_factors("slogdet", x))


def solve(x1, x2, /):
    """The solutions of `x1 @ x = x2`, by elimination with partial pivoting."""
    return _raising(lambda: _engine.solve(x1, x2))[0]


def lstsq(a, b, rcond=None):
    """The shortest least-squares solution of `a @ x = b`, the sums of squared residuals (empty
    unless the columns of a tall `a` are independent), the rank and the singular values."""
    solution, rank, values = _raising(lambda: _engine.lstsq(a, b, rcond))
    rank = int(rank)
    rows, columns = a.shape
    if rank < columns or rows <= columns:
        residuals = zeros(0, dtype=values.dtype, context=a.context)
    else:
        residuals = reductions.sum(square(abs(matmul(a, solution) - b)), axis=0, keepdims=b.ndim == 1)
    return LstsqResult(solution, residuals, rank, values)


def _above(values, rtol):
    """Which singular values count: those above `rtol`, one for each matrix, times the greatest."""
    return values > expand_dims(rtol, axis=-1) * reductions.max(values, axis=-1, keepdims=True)


def pinv(x, /, *, rtol=None):
    """The pseudo-inverses of matrices. Singular values of at most `rtol` times the greatest count
    as zero; an array has one for each matrix."""
    if not isinstance(rtol, Array) or rtol.ndim == 0:
        return _raising(lambda: _engine.pinv(x, rtol if rtol is None else float(rtol), False))[0]
    left, values, right = svd(x, full_matrices=False)
    inverses = where(_above(values, rtol), 1 / values, 0.0)
    return matmul(conj(matrix_transpose(right)) * expand_dims(inverses, axis=-2), conj(matrix_transpose(left)))


def matrix_rank(x, /, *, rtol=None):
    """The numbers of singular values above `rtol` times the greatest; an array has one for each
    matrix."""
    if not isinstance(rtol, Array) or rtol.ndim == 0:
        return _raising(lambda: _engine.pinv(x, rtol if rtol is None else float(rtol), True))[0]
    return reductions.count_nonzero(_above(svdvals(x), rtol), axis=-1)


def matrix_power(x, n, /):
    """The product of a square matrix with itself, `n` times; of its inverse for negative `n`."""
    return _raising(lambda: _engine.matrix_power(x, operator.index(n)))[0]


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
Array.dot = dot

