"""Functions of the user and stencils beside NumPy, on each number of ranks.

    mpirun -n 3 python functions_ranks.py functions.so

`functions.so` is compiled from `functions.c`.
"""

import ctypes
import sys

import numpy
from checks import raises, run_parts

import daparray.array as da

context = da.default_context()
rank, size = context.rank, context.size
library = ctypes.CDLL(sys.argv[1])
double, int64 = ctypes.c_double, ctypes.c_int64


def compiled(name, result, *arguments):
    function = library[name]
    function.restype, function.argtypes = result, arguments
    return function


square = compiled("square", double, double)
hypotenuse = compiled("hypotenuse", double, double, double)
weigh = compiled("weigh", double, int64, int64, double)
larger = compiled("larger", double, double, double)
last = compiled("last", int64, int64, int64)
median = compiled("median", double, ctypes.POINTER(double))
random = numpy.random.default_rng(3)
KINDS = ("block", "cyclic", ("cyclic", 2), "irregular", "none")


def arrays(*shape):
    """The same elements in NumPy and in several distributions."""
    whole = random.normal(size=shape)
    for kind in KINDS:
        yield whole, da.asarray(whole, distribution=kind)


def equal(found, expected):
    assert found.dtype == expected.dtype and found.shape == expected.shape, (found, expected.shape)
    numpy.testing.assert_array_equal(found.gather(), expected)


def maps():
    for whole, x in arrays(7, 3):
        equal(da.map(square, x), whole * whole)
        equal(da.map(hypotenuse, x, da.asarray(whole[0])), whole * whole + whole[0] * whole[0])
        equal(da.map(lambda a, b: a + 2 * b, x, da.asarray(whole[:, :1], distribution="cyclic")), whole + 2 * whole[:, :1])
        equal(da.map(lambda a: a > 0, x), whole > 0)
        equal(da.map_with_index(weigh, x), whole * (10 * numpy.arange(7)[:, None] + numpy.arange(3)))
        equal(da.map_with_index(lambda i, j, a: a * i + j, x), whole * numpy.arange(7)[:, None] + numpy.arange(3))
        equal(da.map_local(lambda a, indices: a * indices[0][:, None], x), whole * numpy.arange(7)[:, None])
    equal(da.map(numpy.sqrt, da.asarray(4.0)), numpy.asarray(2.0))
    equal(da.map(square, da.zeros((0, 3))), numpy.zeros((0, 3)))
    with raises(TypeError, "must be int32(int32)"):
        da.map(square, da.arange(3, dtype="int32"))
    with raises(TypeError, "argtypes"):
        da.map(ctypes.CDLL(sys.argv[1])["square"], da.arange(3.0))
    with raises(TypeError, "not of int16"):
        da.map(square, da.arange(3, dtype="int16"))


def failures():
    """An exception of one rank is one of all."""

    def picky(a):
        if rank == size - 1:
            raise KeyError("mine")
        return a

    x = da.arange(4.0 * size)
    kind = KeyError if rank == size - 1 else RuntimeError
    for attempt in (lambda: da.map(picky, x), lambda: da.map_local(lambda a, i: picky(a), x), lambda: da.fromfunction(picky, (9,)),
                    lambda: da.stencil(x, [0], picky)):
        with raises(kind, "mine"):
            attempt()
    equal(x + 1, numpy.arange(4.0 * size) + 1)


def reductions():
    for whole, x in arrays(6, 5):
        assert da.reduce(larger, x).item() == whole.max()
        assert da.reduce(max, x).item() == whole.max()
        equal(da.reduce(larger, x, axis=1), whole.max(1))
        equal(da.reduce(larger, x, axis=0, keepdims=True), whole.max(0, keepdims=True))
        equal(da.scan(larger, x, axis=0), numpy.maximum.accumulate(whole, 0))
        equal(da.scan(lambda a, b: max(a, b), x, axis=1), numpy.maximum.accumulate(whole, 1))
    # The order is that of the elements: `last` is associative and does not commute.
    y = da.arange(11, distribution="cyclic")
    assert da.reduce(last, y).item() == 10
    equal(da.scan(last, y), numpy.arange(11))
    with raises(ValueError, "no element"):
        da.reduce(larger, da.zeros(0))


def stencils():
    modes = {"periodic": "wrap", "reflect": "reflect", "nearest": "edge", "constant": "constant"}
    for whole, x in arrays(9):
        for boundary, mode in modes.items():
            wide = numpy.pad(whole, 1, mode, **({"constant_values": 2} if mode == "constant" else {}))
            found = da.stencil(x, {-1: 1.0, 0: -2.0, 1: 1.0}, boundary=boundary, value=2)
            equal(found, (wide[:-2] * 1.0 + wide[1:-1] * -2.0) + wide[2:])
            found = da.stencil(x, [-1, 0, 1], median, boundary=boundary, value=2)
            equal(found, numpy.median([wide[:-2], wide[1:-1], wide[2:]], 0))
        found = da.stencil(x, [(-1,), (1,)], lambda left, right: right - left)
        equal(found[1:-1], whole[2:] - whole[:-2])
        assert found[0].item() == found[8].item() == 0
    for whole, x in arrays(5, 6):
        cross = numpy.array([[0, 1, 0], [1, -4, 1], [0, 1, 0.0]])
        wide = numpy.pad(whole, 1, "wrap")
        found = da.stencil(x, cross, boundary="periodic")
        equal(found, (((wide[:-2, 1:-1] + wide[1:-1, :-2]) + whole * -4.0) + wide[1:-1, 2:]) + wide[2:, 1:-1])
    assert "y0: float64" in da.explain_stencil(da.zeros(8), {1: 1.0}, boundary="periodic")
    board = da.asarray(numpy.eye(5, dtype="uint8"))
    equal(da.stencil(board, [(0, 1)], lambda right: right, boundary="constant"), numpy.eye(5, k=-1, dtype="uint8"))
    with raises(ValueError, "odd extents"):
        da.stencil(board, numpy.zeros((2, 3)))
    with raises(ValueError, "no boundary"):
        da.stencil(da.zeros(3), {0: 1.0}, boundary="wrap")
    with raises(ValueError, "at most 27"):
        da.stencil(da.zeros(40), list(range(28)), median)


run_parts((maps, failures, reductions, stencils), context)
if rank == 0:
    print(f"ranks {size}, all functions", flush=True)
