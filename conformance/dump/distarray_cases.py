"""The arrays that `distarray_exports.py` makes with the real DistArray 0.6.

A case is a name, a sentence, and a way to make the array on each process. Cases are the same on
every process (the random ones are drawn from a seeded generator) and depend on the number of
processes only. Some are invalid on purpose, some because DistArray makes a mistake; this file holds
no verdicts, the oracle finds them.

Dimension dictionaries come as functions `coordinate -> dictionary` for one axis ("axis" below);
`Case.dim_data` picks each process's own.
"""

import itertools
import random

import numpy


class Case:
    """One array: `axes` with a `grid` for `Distribution(comm, dim_data)`, or `shape` and `dist`
    for `Distribution.from_shape`. `fill` makes the local buffer from its shape; `after` changes
    the finished local array; `coordinates` numbers the processes (default: C order)."""

    def __init__(self, name, how, grid, axes=None, shape=None, dist=None, **options):
        self.name, self.how, self.grid = name, how, grid
        self.axes, self.shape, self.dist = axes, shape, dist
        self.dtype = options.pop("dtype", "f8")
        self.fill = options.pop("fill", None)
        self.after = options.pop("after", None)
        self.coordinates = options.pop("coordinates", None)
        self.forms = options.pop("forms", ("json",))
        assert not options, options

    def dim_data(self, rank):
        """The dimension dictionaries of the process `rank`."""
        places = list(itertools.product(*[range(extent) for extent in self.grid]))
        place = (self.coordinates or places)[rank % len(places)]
        return tuple(axis(i) for axis, i in zip(self.axes, place))


ALL = ("json", "data", "dnpy", "dnpy-old")


def cases(processes):
    """All cases for this number of processes, in a fixed order."""
    made = list(itertools.chain(
        from_shape(processes), blocks(processes), cycles(processes), labels(processes),
        mixed(processes), dtypes(processes), memory(processes), mistakes(processes),
        python_values(processes),
    ))
    names = [case.name for case in made]
    assert len(set(names)) == len(names), sorted(n for n in names if names.count(n) > 1)
    return made


def grids(processes, ndim):
    """All grids of `ndim` axes with this number of processes."""
    candidates = itertools.product(range(1, processes + 1), repeat=ndim)
    return [grid for grid in candidates if numpy.prod(grid) == processes]


def x(numbers):
    return "x".join(str(number) for number in numbers)


# Axes ---------------------------------------------------------------------------------------


def common(dist_type, size, extent, coordinate):
    return {"dist_type": dist_type, "size": size, "proc_grid_size": extent, "proc_grid_rank": coordinate}


def block(size, bounds):
    """Blocks between the given bounds: `[0, 4, 10]` are two blocks."""

    def axis(i):
        return dict(common("b", size, len(bounds) - 1, i), start=bounds[i], stop=bounds[i + 1])

    return axis


def even_bounds(size, extent):
    width = -(-size // extent)
    return [min(i * width, size) for i in range(extent + 1)]


def cyclic(size, extent, block_size=1, source=0):
    def axis(i):
        dim = dict(common("c", size, extent, i), start=(i - source) % extent * block_size)
        return dim if block_size == 1 else dict(dim, block_size=block_size)

    return axis


def unstructured(size, parts, **keys):
    def axis(i):
        return dict(common("u", size, len(parts), i), indices=parts[i], **keys)

    return axis


def cut(draw, values, parts):
    """Cut a list into pieces at random places; some may be empty."""
    at = sorted(draw.randint(0, len(values)) for _ in range(parts - 1))
    return [values[a:b] for a, b in zip([0] + at, at + [len(values)])]


# Themes -------------------------------------------------------------------------------------


def from_shape(processes):
    """Arrays that DistArray makes by itself from a shape and letters."""
    sizes = sorted({0, 1, 2, processes - 1, processes, processes + 1, 2 * processes + 1, 10, 17})
    for dist, size in itertools.product("bc", sizes):
        how = "from_shape (%d,) '%s'" % (size, dist)
        yield Case("%s-%d" % (dist, size), how, (processes,), shape=(size,), dist=dist)
    draw = random.Random("shapes %d" % processes)
    letters = {2: ("bb", "bc", "cb", "cc", "bn", "cn", "nb"), 3: ("bbb", "bcb", "ccc", "ncb", "bnn"),
               4: ("bbbb", "bcbc", "cbnn", "nbcb")}
    for ndim, dists in letters.items():
        for dist in dists:
            fitting = [g for g in grids(processes, ndim) if all(d != "n" or e == 1 for d, e in zip(dist, g))]
            for grid in draw.sample(fitting, min(2, len(fitting))):
                shape = tuple(draw.randint(0 if draw.random() < 0.1 else 1, 9) for _ in dist)
                name = "%s-%s-on-%s" % (dist, x(shape), x(grid))
                how = "from_shape %s '%s' grid %s" % (shape, dist, grid)
                yield Case(name, how, grid, shape=shape, dist=dist)


def blocks(processes):
    """Irregular blocks, with empty blocks at every position and without gaps."""
    draw = random.Random("blocks %d" % processes)
    for number in range(6):
        size = draw.randint(0, 20)
        inner = sorted(draw.randint(0, size) for _ in range(processes - 1))
        bounds = [0] + inner + [size]
        yield Case("irregular-%d" % number, "bounds %s" % bounds, (processes,), [block(size, bounds)],
                   forms=ALL if number < 2 else ("json",))
    for empty in sorted({0, processes // 2, processes - 1}):
        bounds = [0]
        for i in range(processes):
            bounds.append(bounds[-1] + (0 if i == empty else 3))
        yield Case("empty-rank-%d" % empty, "bounds %s" % bounds, (processes,), [block(bounds[-1], bounds)])


def cycles(processes):
    """Block-cyclic: every small size, so that the last block is partial on every process."""
    for block_size, size in itertools.product((2, 3, 4), range(0, 15)):
        how = "size %d in blocks of %d" % (size, block_size)
        yield Case("k%d-%d" % (block_size, size), how, (processes,), [cyclic(size, processes, block_size)],
                   forms=ALL if size in (9, 12) else ("json",))
    for source, size in itertools.product(range(1, processes), (12 * processes, 7)):
        how = "size %d in blocks of 2, starting at grid rank %d" % (size, source)
        yield Case("k2-%d-from-%d" % (size, source), how, (processes,), [cyclic(size, processes, 2, source)])


def labels(processes):
    """Unstructured."""
    draw = random.Random("labels %d" % processes)
    for size in (0, 1, 7, 23):
        order = draw.sample(range(size), size)
        parts = cut(draw, order, processes)
        yield Case("u-%d" % size, "a permutation: %s" % parts, (processes,), [unstructured(size, parts)],
                   forms=ALL if size else ("json",))
    ring = [list(range(3 * i, 3 * i + 4)) for i in range(processes)]
    held, distinct = 4 * processes, 3 * processes + 1
    for size in sorted({held, distinct, held + 1}):
        how = "neighbours share one label; size %d for %d labels, %d distinct" % (size, held, distinct)
        yield Case("u-shared-%d" % size, how, (processes,), [unstructured(size, ring)])
    negative = [[-3 * i - 1, -3 * i - 2, 5 - 3 * i] for i in range(processes)]
    yield Case("u-negative", "negative labels", (processes,), [unstructured(3 * processes, negative)])
    sparse = [[100 * i + 7, 2 ** 40 + i] for i in range(processes)]
    yield Case("u-sparse", "labels far apart", (processes,), [unstructured(2 * processes, sparse)])
    repeated = [[2 * i, 2 * i + 1, 2 * i] for i in range(processes)]
    yield Case("u-repeated", "a label twice on one process", (processes,), [unstructured(3 * processes, repeated)])
    yield Case("u-fewer", "fewer labels than size", (processes,), [unstructured(10 * processes, [[i] for i in range(processes)])])
    one = [[2 * i, 2 * i + 1] for i in range(processes)]
    yield Case("u-one-to-one", "one_to_one given (DistArray drops it)", (processes,),
               [unstructured(2 * processes, one, one_to_one=True)])
    for dtype in ("i4", "u2", ">i8"):
        parts = [numpy.array(part, dtype) for part in one]
        yield Case("u-%s" % dtype.strip(">"), "indices of dtype %s" % dtype, (processes,),
                   [unstructured(2 * processes, parts)], forms=ALL)
    many = [list(range(600 * i, 600 * (i + 1))) for i in range(processes)]
    yield Case("u-long", "600 labels on each process", (processes,), [unstructured(600 * processes, many)],
               forms=("json", "dnpy"))
    many = [list(range(i, 1100 * processes, processes)) for i in range(processes)]
    yield Case("u-longer", "1100 labels on each process: NumPy's repr abbreviates them", (processes,),
               [unstructured(1100 * processes, many)], forms=("json", "dnpy"))


def mixed(processes):
    """Random products of all kinds, 2 to 4 dimensions, on every grid shape in turn."""
    draw = random.Random("mixed %d" % processes)
    for number in range(48):
        ndim = draw.choice((2, 2, 3, 4))
        grid = draw.choice(grids(processes, ndim))
        axes, letters = [], ""
        for extent in grid:
            letter, size = draw.choice("biickku"), draw.randint(0, 11)
            letters += letter
            bounds = [0] + sorted(draw.randint(0, size) for _ in range(extent - 1)) + [size]
            axes.append({
                "b": lambda: block(size, even_bounds(size, extent)),
                "i": lambda: block(size, bounds),
                "c": lambda: cyclic(size, extent),
                "k": lambda: cyclic(size, extent, draw.randint(2, 4)),
                "u": lambda: unstructured(size, cut(draw, draw.sample(range(size), size), extent)),
            }[letter]())
        how = "%s on grid %s (i irregular, k block-cyclic)" % (letters, grid)
        forms = ALL if number % 8 == 0 else ("json",)
        dtype = draw.choice(("f8", "f8", "i4", "c16", "u1"))
        yield Case("mixed-%02d-%s-on-%s" % (number, letters, x(grid)), how, grid, axes, dtype=dtype, forms=forms)


DTYPES = {
    "bool": "?", "i1": "i1", "i2": "i2", "i4": "i4", "i8": "i8", "u1": "u1", "u2": "u2", "u4": "u4", "u8": "u8",
    "f2": "f2", "f4": "f4", "f8": "f8", "c8": "c8", "c16": "c16", "longdouble": "g",
    "big-f8": ">f8", "big-i2": ">i2", "big-c8": ">c8",
    "u3": "<U3", "big-u2": ">U2", "s5": "S5", "v6": "V6",
    "struct": [("a", "<i4"), ("b", "<f8")],
    "struct-aligned": numpy.dtype([("a", "i1"), ("b", "f8")], align=True),
    "struct-big": [("a", ">i4"), ("b", "<i4")],
    "struct-nested": [("p", [("x", "<f4"), ("y", "<f4")]), ("name", "S4")],
    "struct-array": [("m", "<f4", (2, 3)), ("k", "u1")],
    "datetime": "M8[s]", "timedelta": "m8[ns]", "object": "O",
}


def dtypes(processes):
    """Every kind of item that a NumPy buffer can hold, and dates, which it cannot hold."""
    bounds = even_bounds(7, processes)
    for name, dtype in DTYPES.items():
        forms = ("json",) if name == "object" else ALL
        yield Case("dtype-%s" % name, "dtype %s" % (dtype,), (processes,), [block(7, bounds)],
                   dtype=dtype, forms=forms)


def memory(processes):
    """Buffers with various memory layouts."""
    grid, size = (processes, 1), 3 * processes
    axes = [block(size, even_bounds(size, processes)), block(4, [0, 4])]
    ways = {
        "fortran": lambda shape: numpy.zeros(shape, order="F"),
        "transposed": lambda shape: numpy.zeros(shape[::-1]).T,
        "every-other": lambda shape: numpy.zeros((2 * shape[0], 2 * shape[1]))[::2, ::2],
        "backwards": lambda shape: numpy.zeros(shape)[::-1, ::-1],
        "inside": lambda shape: numpy.zeros((shape[0] + 2, shape[1] + 3))[1:-1, 2:-1],
        "one-row": lambda shape: numpy.broadcast_to(numpy.zeros(shape[1]), shape),
        "field": lambda shape: numpy.zeros(shape, [("a", "<i2"), ("b", "<f8")])["b"],
        "read-only": lambda shape: numpy.frombuffer(bytes(8 * shape[0] * shape[1])).reshape(shape),
    }
    for name, fill in ways.items():
        yield Case("memory-%s" % name, "a buffer that lies %s" % name, grid, axes, fill=fill, dtype=None, forms=ALL)
    after = {
        "sum": lambda array: array + array, "sine": lambda array: numpy.sin(array),
        "astype": lambda array: array.astype("i2"), "copy": lambda array: array.copy(),
        "compared": lambda array: array < array,
        "view": lambda array: array.view(array.distribution, "i8"),
    }
    for name, change in after.items():
        yield Case("after-%s" % name, "the result of %s" % name, grid, axes, after=change)
    yield Case("scalar", "no dimensions, on every process", (), [])


def mistakes(processes):
    """Wrong descriptions that DistArray passes on, and valid ones that it makes wrong."""
    width = 4
    size, bounds = width * processes, [width * i for i in range(processes + 1)]
    right = block(size, bounds)

    def change(name, how, **changes):
        def axis(i):
            dim = right(i)
            dim.update({key: value(i, dim) for key, value in changes.items()})
            return dim

        return Case("wrong-" + name, how, (processes,), [axis], forms=("json", "dnpy"))

    last = processes - 1
    yield change("size-float", "size is a float", size=lambda i, dim: float(size))
    yield change("rank-bool", "proc_grid_rank 0 is False", proc_grid_rank=lambda i, dim: i or False)
    yield change("short", "the last block ends before size", stop=lambda i, dim: dim["stop"] - (i == last))
    yield change("beyond", "the last block ends after size", stop=lambda i, dim: dim["stop"] + (i == last))
    yield change("size-differs", "process 0 has a larger size", size=lambda i, dim: size + (i == 0))
    yield change("late", "block 0 starts at 1", start=lambda i, dim: dim["start"] + (i == 0))
    yield change("below", "block 0 starts at -1", start=lambda i, dim: dim["start"] - (i == 0))
    yield Case("wrong-alone", "every process says that it is alone", (1,), [block(5, [0, 5])])
    if processes > 1:
        yield change("gap", "a gap after block 0", stop=lambda i, dim: dim["stop"] - (i == 0))
        yield change("overlap", "an overlap without padding", stop=lambda i, dim: dim["stop"] + (i == 0))
        yield change("rank-beyond", "proc_grid_rank counted from 1", proc_grid_rank=lambda i, dim: i + 1)
        yield change("rank-negative", "proc_grid_rank counted from -1", proc_grid_rank=lambda i, dim: i - 1)
        backwards = [(i,) for i in reversed(range(processes))]
        yield Case("wrong-order", "ranks counted backwards", (processes,), [right], coordinates=backwards)
        kinds = [right, cyclic(size, processes)]
        yield Case("wrong-kinds", "process 0 says block, the others cyclic", (processes,), [lambda i: kinds[i > 0](i)])
        sizes = [cyclic(size, processes, 2), cyclic(size, processes, 4)]
        yield Case("wrong-block-sizes", "process 0 says block_size 2, the others 4", (processes,), [lambda i: sizes[i > 0](i)])
        yield Case("wrong-dtypes", "process 0 has another dtype", (processes,), [right], dtype=None,
                   fill=lambda shape: numpy.zeros(shape))
    if processes in (4, 6):
        columns = [(i % 2, i // 2) for i in range(processes)]
        axes = [block(8, [0, 4, 8]), block(9, even_bounds(9, processes // 2))]
        yield Case("wrong-fortran-order", "ranks counted down the columns", (2, processes // 2), axes, coordinates=columns)

    # Padding: valid as given, but DistArray's maps drop the key and keep the widened bounds.
    def padded(i):
        left, hi = int(i > 0), int(i < last)
        return dict(right(i), start=bounds[i] - left, stop=bounds[i + 1] + hi, padding=(left, hi), periodic=False)

    yield Case("padding-dropped", "communication padding, which DistArray drops", (processes,), [padded])
    yield Case("boundary-dropped", "boundary padding, which DistArray drops", (processes,),
               [lambda i: dict(right(i), padding=(2 * (i == 0), 2 * (i == last)))])


def python_values(processes):
    """NumPy's integers instead of Python's: the same numbers, but a different text in a .dnpy
    header."""
    size, bounds = 11, even_bounds(11, processes)
    for name, kind in (("int64", numpy.int64), ("int32", numpy.int32), ("uint8", numpy.uint8)):
        axes = [lambda i, kind=kind: {key: value if key == "dist_type" else kind(value)
                                      for key, value in block(size, bounds)(i).items()}]
        yield Case("numpy-%s" % name, "all numbers are numpy.%s" % name, (processes,), axes, forms=ALL)
