"""Every function of `daparray.array` beside NumPy's, on random arrays: all ranks run this program.

    mpirun -n 3 python oracle_ranks.py [CASES [SEED]]

Each rank makes the same random operands in NumPy, distributes them at random, and compares all
elements of the result with NumPy's. Extents of 0 and 1 occur often, and so do views as operands.
"""

import sys
import warnings

import numpy
import numpy_names
import operations

import daparray.array as da

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 400
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 0
ALL = operations.ALL + numpy_names.ALL
KINDS = ("block", "balanced", "cyclic", ("cyclic", 2), "irregular")


def distribution(random, ndim):
    """Kinds for some dimensions: irregular ones have all ranks."""
    if ndim == 0:
        return None
    kinds = [KINDS[random.integers(len(KINDS))] for _ in range(random.integers(1, ndim + 1))]
    if "irregular" in kinds:
        kinds = ["none"] * ndim
        kinds[random.integers(ndim)] = "irregular"
    return kinds


def values(random, shape, dtype):
    """Elements, special ones among them."""
    kind = numpy.dtype(dtype).kind
    if kind == "b":
        return random.integers(0, 2, shape).astype(bool)
    if kind in "iu":
        return random.integers(0 if kind == "u" else -9, 10, shape).astype(dtype)
    found = numpy.round(random.normal(size=shape) * 3, 2)
    if kind == "c":
        return (found + 1j * numpy.round(random.normal(size=shape), 2)).astype(dtype)
    special = random.random(shape) < 0.05
    return numpy.where(special, random.choice([numpy.nan, numpy.inf, -numpy.inf, -0.0, 0.0], shape), found).astype(dtype)


def made(random, shape, dtype):
    """The same array in NumPy and distributed; now and then a view of a larger one."""
    if len(shape) and random.random() < 0.3:
        larger = tuple(2 * n + 1 for n in shape)
        whole = values(random, larger, dtype)
        there = da.asarray(whole, distribution=distribution(random, len(shape)))
        part = tuple(slice(1, None, 2) if random.random() < 0.7 else slice(n - 1, None, -1) if n else slice(0, 0) for n in shape)
        return whole[part], there[part]
    whole = values(random, shape, dtype)
    return whole, da.asarray(whole, distribution=distribution(random, len(shape)))


def compare(expected, found, what):
    expected = numpy.asarray(expected)
    assert isinstance(found, da.Array), f"{what}: {type(found)}"
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}"
    assert found.dtype == expected.dtype, f"{what}: {found.dtype}, expected {expected.dtype}"
    there = found.gather()
    tolerance = {4: 1e-5, 8: 1e-5 if expected.dtype.kind == "c" else 1e-13, 16: 1e-13}.get(expected.dtype.itemsize, 0)
    if expected.dtype.kind in "fc":
        same = numpy.allclose(there, expected, rtol=tolerance, atol=tolerance * 1e-2, equal_nan=True)
    else:
        same = numpy.array_equal(there, expected)
    assert same, f"{what}:\n{there}\nexpected\n{expected}"


def main():
    done = {}
    for case in range(CASES):
        random = numpy.random.default_rng([SEED, case])
        operation = ALL[random.integers(len(ALL))]
        try:
            with warnings.catch_warnings(), numpy.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                for what, expected, found in operation(random, made):
                    compare(expected, found, what)
        except Exception as error:
            error.add_note(f"case {case} of seed {SEED}: {operation.__name__}")
            raise
        done[operation.__name__] = done.get(operation.__name__, 0) + 1
    context = da.default_context()
    assert len(set(context._gather_all(repr(done).encode()))) == 1
    if context.rank == 0:
        print(f"ranks {context.size}, cases {CASES}, operations {len(done)}", flush=True)


main()
