"""Conjugate gradients on a stencil: -u'' - u_yy = f without a matrix.

    mpirun -n 4 python conjugate_gradients.py [SIZE]

The five-point operator is an expression of shifted slices. f is made from a solution that is known,
so that the error is seen. Dot products are exactly rounded sums: the iterations, and each bit of
the result, are the same on any number of ranks.
"""

import sys

import daparray.array as da


def laplacian(u):
    """Four times a point less its neighbours; the edges are zero."""
    out = 4.0 * u
    out[1:, :] -= u[:-1, :]
    out[:-1, :] -= u[1:, :]
    out[:, 1:] -= u[:, :-1]
    out[:, :-1] -= u[:, 1:]
    return out


def solve(apply, right, tolerance=1e-10):
    """The solution of apply(u) = right, and the number of iterations."""
    u = da.zeros_like(right)
    residual, direction = da.asarray(right, copy=True), da.asarray(right, copy=True)
    squared = first = float(da.sum(residual * residual))
    count = 0
    while squared > tolerance**2 * first:
        image = apply(direction)
        step = squared / float(da.sum(direction * image))
        u += step * direction
        residual -= step * image
        before, squared = squared, float(da.sum(residual * residual))
        direction = residual + (squared / before) * direction
        count += 1
    return u, count


def main(size=48):
    x = da.linspace(0.0, 1.0, size + 2)[1:-1]
    known = da.sin(3 * da.pi * x)[:, None] * (x * (1 - x))[None, :]
    known = da.asarray(known, copy=True)
    u, count = solve(laplacian, laplacian(known))
    error = float(da.max(da.abs(u - known)))
    assert error < 1e-9, error
    if u.context.rank == 0:
        print(f"{count} iterations, sum {float(da.sum(u)).hex()}")
    else:
        da.sum(u)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
