"""Check a small array's exports by the protocol's text, slowly and obviously.

The checker in Rust computes with formulas. This file enumerates: it lists every index that a
process holds, distributes the blocks of a cyclic dimension one by one, and compares the lists. It
shares no code with the checker, so that an agreement of the two is evidence. Use it on small
arrays: its cost grows with the number of indices.

`violations(exports)` takes all exports of one array in rank order, as read from their files, and
returns the list of violations of the text (DAP 0.10, with the decisions of `spec/protocol.md` where
the text is silent). An empty list means valid.
"""

KEYS = {"__version__", "buffer", "dim_data"}


def violations(exports):
    """Return one sentence for each mistake of the array; none if it is valid."""
    wrong = []
    arrays = [_Section(rank, export, wrong) for rank, export in enumerate(exports)]
    if wrong:
        return wrong
    for name in ("version", "dtype", "ndim"):
        _same(name, [getattr(section, name) for section in arrays], wrong)
    if wrong:
        return wrong
    grids = {tuple(dim.grid_size for dim in section.dims) for section in arrays}
    if len(grids) > 1:
        return ["the ranks disagree on the process grid: %s" % sorted(grids)]
    grid = grids.pop()
    wrong += _wrong_places(arrays, grid)
    if wrong:
        return wrong
    for axis in range(len(grid)):
        _check_axis(axis, [section.dims[axis] for section in arrays], wrong)
    return wrong


def _same(name, values, wrong):
    if any(value != values[0] for value in values):
        wrong.append("the ranks disagree on %s: %s" % (name, values))


def _wrong_places(arrays, grid):
    """Compare each rank's coordinate with the coordinate by counting in C order."""
    coordinates = [()]
    for extent in grid:
        coordinates = [prefix + (i,) for prefix in coordinates for i in range(extent)]
    if len(coordinates) != len(arrays):
        return ["the grid %s has %d processes, not %d" % (grid, len(coordinates), len(arrays))]
    return [
        "rank %d is at %s, in C order it belongs at %s" % (section.rank, section.place, expected)
        for section, expected in zip(arrays, coordinates)
        if section.place != expected
    ]


class _Section:
    """One rank's export."""

    def __init__(self, rank, export, wrong):
        self.rank, self.dims = rank, []
        if not isinstance(export, dict) or set(export) != KEYS:
            wrong.append("rank %d: the keys are not %s" % (rank, sorted(KEYS)))
            return
        self.version = export["__version__"]
        if not str(self.version).startswith("0.10."):
            wrong.append("rank %d: version %s is not checked here" % (rank, self.version))
        buffer, dim_data = export["buffer"], export["dim_data"]
        self.dtype, shape = str(buffer["dtype"]), buffer["shape"]
        if any(date in self.dtype for date in ("<M8", ">M8", "<m8", ">m8")):
            wrong.append("rank %d: a date has no PEP-3118 format" % rank)
        self.ndim = len(dim_data)
        if self.ndim != len(shape):
            wrong.append("rank %d: %d dictionaries, %d extents" % (rank, self.ndim, len(shape)))
            return
        for axis, (described, extent) in enumerate(zip(dim_data, shape)):
            dim = _Dim(described, extent)
            wrong += ["rank %d dim %d: %s" % (rank, axis, text) for text in dim.wrong]
            self.dims.append(dim)

    @property
    def place(self):
        return tuple(dim.grid_rank for dim in self.dims)


class _Dim:
    """One dimension dictionary and the buffer's extent there."""

    def __init__(self, described, extent):
        self.wrong, self.extent = [], extent
        if not described:
            described = {"dist_type": "b", "proc_grid_rank": 0, "proc_grid_size": 1,
                         "start": 0, "stop": extent, "size": extent}
        self.described = described
        self.dist_type = described.get("dist_type")
        needed = {"b": ["start", "stop"], "c": ["start"], "u": ["indices"]}.get(self.dist_type)
        if needed is None:
            self.wrong.append("dist_type %r" % (self.dist_type,))
            return
        for key in ["size", "proc_grid_size", "proc_grid_rank"] + needed:
            if key not in described:
                self.wrong.append("no %s" % key)
            elif key != "indices" and type(described[key]) is not int:
                self.wrong.append("%s is %r" % (key, described[key]))
        for key in ("periodic", "one_to_one"):
            if type(described.get(key, False)) is not bool:
                self.wrong.append("%s is %r" % (key, described[key]))
        if self.wrong:
            return
        self.size, self.grid_size = described["size"], described["proc_grid_size"]
        self.grid_rank = described["proc_grid_rank"]
        if self.size < 0 or self.grid_size < 1 or not 0 <= self.grid_rank < self.grid_size:
            self.wrong.append("size %d, process %d of %d" % (self.size, self.grid_rank, self.grid_size))
            return
        {"b": self._block, "c": self._cyclic, "u": self._unstructured}[self.dist_type]()

    def _block(self):
        start, stop = self.described["start"], self.described["stop"]
        padding = self.described.get("padding", [0, 0])
        if len(padding) != 2 or any(type(width) is not int or width < 0 for width in padding):
            self.wrong.append("padding %r" % (padding,))
            return
        if not 0 <= start <= stop <= self.size:
            self.wrong.append("start %d, stop %d, size %d" % (start, stop, self.size))
            return
        held = list(range(start, stop))
        if len(held) != self.extent:
            self.wrong.append("holds %d indices, the buffer %d" % (len(held), self.extent))
        self.left = padding[0] if self.grid_rank > 0 else 0
        self.right = padding[1] if self.grid_rank < self.grid_size - 1 else 0
        if sum(padding) > len(held):
            self.wrong.append("padding %r around %d indices" % (padding, len(held)))
        self.owned = held[self.left : len(held) - self.right]

    def _cyclic(self):
        start, block = self.described["start"], self.described.get("block_size", 1)
        if type(block) is not int or block < 1 or start < 0:
            self.wrong.append("start %r, block_size %r" % (start, block))
            return
        # The distribution may start at any process, the same one for all (ScaLAPACK's RSRC). A
        # section that gets no index may have `size` as its start.
        self.sources = {}
        for source in range(self.grid_size):
            first = (self.grid_rank - source) % self.grid_size * block
            if start in (first, min(first, self.size)):
                self.sources[source] = self._distributed(source, block)
        if not self.sources:
            self.wrong.append("start %d fits no cyclic distribution of blocks of %d" % (start, block))
            return
        fitting = {s: owned for s, owned in self.sources.items() if len(owned) == self.extent}
        if not fitting:
            counts = sorted({len(owned) for owned in self.sources.values()})
            self.wrong.append("owns %s indices, the buffer has %d" % (counts, self.extent))
        self.sources = fitting

    def _distributed(self, source, block):
        owned = [[] for _ in range(self.grid_size)]
        process, index = source, 0
        while index < self.size:
            for _ in range(block):
                if index < self.size:
                    owned[process].append(index)
                    index += 1
            process = (process + 1) % self.grid_size
        return owned[self.grid_rank]

    def _unstructured(self):
        self.owned = self.described["indices"]
        if any(type(index) is not int for index in self.owned):
            self.wrong.append("indices are not all integers")
            return
        if len(set(self.owned)) != len(self.owned):
            self.wrong.append("indices repeat")
        if len(self.owned) != self.extent:
            self.wrong.append("lists %d indices, the buffer has %d" % (len(self.owned), self.extent))

    def shared(self):
        """The keys that all processes with this grid rank share: all except outer padding."""
        keys = ("dist_type", "size", "proc_grid_size", "start", "stop", "indices")
        values = [(key, str(self.described.get(key))) for key in keys]
        values += [("block_size", self.described.get("block_size", 1))]
        values += [(key, self.described.get(key, False)) for key in ("periodic", "one_to_one")]
        if self.dist_type == "b":
            values += [("inner padding", (self.left, self.right))]
        return values


def _check_axis(axis, dims, wrong):
    """Check along one axis: `dims` are the dictionaries of all ranks."""
    by_rank = {}
    for dim in dims:
        first = by_rank.setdefault(dim.grid_rank, dim)
        for (key, here), (_, there) in zip(dim.shared(), first.shared()):
            if here != there:
                wrong.append("dim %d: grid rank %d has %s %s and %s" % (axis, dim.grid_rank, key, there, here))
    line = [by_rank[grid_rank] for grid_rank in sorted(by_rank)]
    for key, values in (
        ("dist_type", [dim.dist_type for dim in line]),
        ("size", [dim.size for dim in line]),
        ("block_size", [dim.described.get("block_size", 1) for dim in line]),
        ("periodic", [dim.described.get("periodic", False) for dim in line]),
        ("one_to_one", [dim.described.get("one_to_one", False) for dim in line]),
    ):
        if any(value != values[0] for value in values):
            wrong.append("dim %d: the grid ranks disagree on %s: %s" % (axis, key, values))
    if wrong:
        return
    check = {"b": _check_blocks, "c": _check_cyclic, "u": _check_labels}[line[0].dist_type]
    wrong += ["dim %d: %s" % (axis, text) for text in check(line)]


def _check_blocks(line):
    owned = [index for dim in line for index in dim.owned]
    if owned != list(range(line[0].size)):
        yield "the owned indices in grid order are %s, not 0..%d" % (_short(owned), line[0].size - 1)
    for here, there in zip(line, line[1:]):
        end = here.described["stop"] - here.right
        begin = there.described["start"] + there.left
        if end != begin:
            yield "grid rank %d ends at %d, the next begins at %d" % (here.grid_rank, end, begin)
        if here.right != there.left:
            yield "padding %d meets padding %d" % (here.right, there.left)
        if here.right > len(there.owned) or there.left > len(here.owned):
            yield "communication padding is wider than the neighbour's owned range"


def _check_cyclic(line):
    common = set(line[0].sources)
    for dim in line[1:]:
        common &= set(dim.sources)
    if not common:
        yield "no starting process gives these blocks: %s" % [sorted(d.sources) for d in line]


def _check_labels(line):
    labels = [index for dim in line for index in dim.owned]
    distinct, size = len(set(labels)), line[0].size
    one_to_one = line[0].described.get("one_to_one", False)
    if one_to_one and (distinct != len(labels) or size != len(labels)):
        yield "one_to_one with %d labels, %d distinct, size %d" % (len(labels), distinct, size)
    if size not in (len(labels), distinct):
        yield "%d labels, %d distinct, size %d" % (len(labels), distinct, size)


def _short(values):
    return values if len(values) < 24 else values[:20] + ["..."]
