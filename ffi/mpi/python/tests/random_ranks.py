"""Random arrays on some ranks: NumPy's bits, and the same array in any distribution."""

import math

import numpy

import daparray.array as da

context = da.default_context()
DISTRIBUTIONS = [("block", "none"), ("cyclic", "none"), (("cyclic", 3), "block"), ("none", "block"), "irregular"]
SHAPE = (37, 11)


def check(condition, what):
    assert condition, f"rank {context.rank}: {what}"


# NumPy's bits, from call to call.
for seed in (0, 7, 2**100 + 3, [1, 2, 3]):
    ours, theirs = da.random.default_rng(seed), numpy.random.Generator(numpy.random.Philox(seed))
    for distribution in DISTRIBUTIONS:
        check(numpy.array_equal(ours.random(SHAPE, distribution=distribution).gather(), theirs.random(SHAPE)), f"random {seed}")
    x = ours.uniform(-2, 5, SHAPE).gather()
    check(numpy.array_equal(x, theirs.uniform(-2, 5, SHAPE)), f"uniform {seed}")
spawned = numpy.random.SeedSequence(5, spawn_key=(9,))
theirs = numpy.random.Generator(numpy.random.Philox(spawned)).random(20)
check(numpy.array_equal(da.random.default_rng(5, stream=9).random(20).gather(), theirs), "a stream")

# The same array in any distribution, and a position that comes again.
draws = {
    "integers": lambda rng, where: rng.integers(-5, 1000, SHAPE, distribution=where),
    "small integers": lambda rng, where: rng.integers(0, 3, SHAPE, dtype=da.uint8, endpoint=True, distribution=where),
    "normal": lambda rng, where: rng.normal(1.0, 2.0, SHAPE, distribution=where),
    "complex": lambda rng, where: rng.standard_normal(SHAPE, dtype=da.complex128, distribution=where),
    "float32": lambda rng, where: rng.random(SHAPE, dtype=da.float32, distribution=where),
    "exponential": lambda rng, where: rng.exponential(3.0, SHAPE, distribution=where),
    "choice": lambda rng, where: rng.choice(50, SHAPE, distribution=where),
    "weighted": lambda rng, where: rng.choice(3, SHAPE, p=[0.5, 0.25, 0.25], distribution=where),
    "once": lambda rng, where: rng.choice(1000, SHAPE, replace=False, distribution=where),
}
rng = da.random.default_rng(11)
for name, draw in draws.items():
    begin = rng.position
    first = draw(rng, None).gather()
    end = rng.position
    for distribution in DISTRIBUTIONS:
        rng.position = begin
        check(numpy.array_equal(draw(rng, distribution).gather(), first), f"{name} over {distribution}")
        check(rng.position == end, f"the position behind {name}")
    if name == "once":
        check(len(numpy.unique(first)) == first.size, "numbers that are chosen once")

# Moments, with a fixed seed: five standard errors.
n = 20_000
x = rng.normal(3.0, 2.0, n)
check(abs(float(x.mean()) - 3) < 10 / math.sqrt(n) and abs(float(x.std()) - 2) < 10 / math.sqrt(2 * n), "moments")

# Permutations: of numbers, of an array along an axis, in place.
order = rng.permutation(100)
check(sorted(order.gather().tolist()) == list(range(100)), "a permutation of numbers")
rows = da.fromfunction(lambda i, j: 10 * i + j, (12, 3), dtype=da.int64)
mixed = rng.permutation(rows).gather()
check(sorted(map(tuple, mixed)) == sorted(map(tuple, rows.gather())), "a permutation of rows")
pending = rows + 0
rng.shuffle(rows, axis=1)
check((numpy.sort(rows.gather(), axis=1) == numpy.arange(12)[:, None] * 10 + numpy.arange(3)).all(), "shuffled columns")
check((pending.gather() == numpy.arange(12)[:, None] * 10 + numpy.arange(3)).all(), "what was pending")
picked = rng.choice(rows, 5, axis=0)
check(picked.shape == (5, 3) and rng.choice(rows).shape == (3,), "a choice of rows")

# A single number, and no seed: the same on all ranks.
one = rng.random()
check(one.shape == () and 0 <= float(one) < 1, "a number")
check(len(set(context.gather(float(da.random.default_rng().random()), root=0) or [0])) == 1, "a seed of rank 0")

for mistake in (
    lambda: da.random.default_rng(-1),
    lambda: da.random.default_rng("seven"),
    lambda: rng.integers(5, 5, 3),
    lambda: rng.integers(0, 300, 3, dtype=da.uint8),
    lambda: rng.normal(0, -1, 3),
    lambda: rng.choice(3, 4, replace=False),
    lambda: rng.choice(3, 4, p=[0.5, 0.5]),
    lambda: rng.random(3, dtype=da.int64),
):
    begin = rng.position
    try:
        mistake()
    except (ValueError, TypeError):
        check(rng.position == begin, "the position after an error")
    else:
        check(False, "no error")

if context.rank == 0:
    print(f"ranks {context.size}, the same numbers")
