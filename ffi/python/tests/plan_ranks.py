"""Run under mpirun by `test_execute.py`: every pair of layouts moved and compared with NumPy, and
mistakes of one rank."""

import itertools
import sys

import numpy
from daparray import Block, Cyclic, Layout, Plan, Unstructured, from_distarray
from mpi4py import MPI
from way import choose

comm = MPI.COMM_WORLD
way = choose(MPI)
SHAPE = (11, 6)


def layouts(processes):
    """Layouts on all processes, on fewer, and on grids."""
    yield Layout([Block(11, processes), Block(6)])
    yield Layout([Block(11), Cyclic(6, processes)])
    yield Layout([Cyclic(11, processes, 2), Block(6)])
    yield Layout([Block(bounds=[0] * processes + [11], halo=0), Block(6)])
    yield Layout([Unstructured([list(range(10 - rank, -1, -processes)) for rank in range(processes)], size=11), Block(6)])
    yield Layout([Block(11), Block(6)])
    if processes > 1:
        yield Layout([Block(11, processes - 1, halo=1), Block(6)])
    if processes == 4:
        yield Layout([Block(11, 2, halo=1), Cyclic(6, 2, source=1)])


def whole(dtype):
    return numpy.arange(66).reshape(SHAPE).astype(dtype)


def places(layout, rank):
    """Local and global indices of what a rank owns, for numpy.ix_."""
    local, there = [], []
    for dim, runs in enumerate(layout.owned(rank)):
        mine = [run.local_start + k * run.local_stride + i for run in runs for k in range(run.count) for i in range(run.length)]
        local.append(mine)
        at = [0] * 2
        found = []
        for place in mine:
            at[dim] = place
            found.append(layout.dims[dim].global_index(layout.coordinates(rank)[dim], place))
        there.append(found)
    return numpy.ix_(*local), numpy.ix_(*there)


def part(layout, rank, values, order="C"):
    """A rank's part: what it owns of `values`, and -1 elsewhere."""
    if rank >= layout.processes:
        return None
    mine = numpy.full(layout.local_shape(rank), -1, values.dtype, order=order)
    local, there = places(layout, rank)
    mine[local] = values[there]
    return mine


def moves():
    """Each pair of layouts, with item types, orders and limits in turn."""
    count = 0
    variants = itertools.cycle(itertools.product(["f8", "i1", "c16", "i2"], "CF", [None, 7, 64]))
    for source, target in itertools.product(layouts(comm.size), layouts(comm.size)):
        dtype, order, limit = next(variants)
        values = whole(dtype)
        rank = [comm.rank if comm.rank < layout.processes else None for layout in (source, target)]
        plan = Plan(source, target, rank[0], rank[1])
        mine = part(source, comm.rank, values, order)
        theirs = part(target, comm.rank, numpy.full_like(values, -1))
        if count % 2 and theirs is not None:
            theirs = target.section(comm.rank, theirs)
        plan.execute(comm, mine, theirs, limit=limit)
        wanted = part(target, comm.rank, values)
        found = theirs if theirs is None or isinstance(theirs, numpy.ndarray) else numpy.asarray(theirs.local)
        assert wanted is None and found is None or (wanted == found).all(), (source, target, dtype, order, limit)
        count += 1
    return count


def mistakes():
    """A mistake on one rank is raised on all, with the same text, and nothing is written."""
    source, target = Layout([Block(11, comm.size), Block(6)]), Layout([Cyclic(11, comm.size), Block(6)])
    last = comm.size - 1
    plan = Plan(source, target, comm.rank)
    texts = []

    def refused(change, kind=ValueError):
        arguments = [comm, part(source, comm.rank, whole("f8")), part(target, comm.rank, whole("f8") * 0 - 1)]
        keywords = {}
        replaced = change(arguments, keywords) if comm.rank == last else None
        try:
            (replaced or plan).execute(*arguments, **keywords)
        except kind as error:
            texts.append(str(error))
        else:
            raise AssertionError(f"not refused: {texts}")
        assert comm.rank == last or (arguments[2] == part(target, comm.rank, whole("f8") * 0 - 1)).all()
        comm.bcast(None)  # the communicator is as good as before

    def put(at, value):
        return lambda arguments, keywords: arguments.__setitem__(at, value)

    refused(put(1, numpy.zeros((2, 2))))
    refused(put(1, None))
    refused(put(1, "no memory"))
    readonly = part(target, comm.rank, whole("f8"))
    readonly.flags.writeable = False
    refused(put(2, readonly))
    refused(lambda arguments, keywords: arguments.__setitem__(2, arguments[1]))
    refused(put(2, part(target, comm.rank, whole("f4"))))
    refused(lambda arguments, keywords: keywords.update(limit=0))
    refused(lambda arguments, keywords: keywords.update(limit=2**63))
    refused(lambda arguments, keywords: keywords.update(limit=1.5), TypeError)
    refused(lambda arguments, keywords: keywords.update(no_such_option=1), TypeError)
    # Python objects are addresses, which no other process has.
    for dtype in (object, [("a", "i4"), ("b", object)]):
        refused(lambda arguments, keywords: arguments.__setitem__(slice(1, 3), [one.astype("i4").astype(dtype) for one in arguments[1:]]))
    for ranks in ([-1] * comm.size, [0.5] * comm.size, "0123"[: comm.size], [comm.size] * comm.size):
        refused(lambda arguments, keywords: keywords.update(source_ranks=ranks), (TypeError, ValueError))
    refused(lambda arguments, keywords: keywords.update(source_ranks=[0] * (comm.size + 1)))
    refused(lambda arguments, keywords: Plan(source, target, (comm.rank + 1) % comm.size) if comm.size > 1 else arguments.pop(), (ValueError, TypeError))
    if comm.size > 1:
        refused(lambda arguments, keywords: Plan(source, Layout([Block(11, comm.size), Block(6)]), comm.rank))
        refused(lambda arguments, keywords: arguments.__setitem__(slice(1, 3), [one.astype("f4") for one in arguments[1:]]))
        # Records that begin alike, and are as long.
        def records(name):
            return [(name, "<f4"), ("v", "<f4")]

        arguments = [(part(layout, comm.rank, whole("f8")) * 0) for layout in (source, target)]
        dtype = records("pressure of air" if comm.rank == last else "pressure of oil")
        try:
            plan.execute(comm, *(one.view(dtype) for one in arguments))
        except ValueError as error:
            texts.append(str(error))
            assert "the item types differ" in texts[-1], texts[-1]
        # A list of ranks that cannot be read is no reason for the others to wait.
        refused(lambda arguments, keywords: keywords.update(source_ranks=numpy.zeros((comm.size, 2))), (ValueError, TypeError))
        everywhere = comm.allgather(texts)
        assert all(one == texts for one in everywhere), everywhere
        assert texts[0].startswith(f"rank {last}: the source has the shape (2, 2)"), texts[0]
    return len(texts)


def other_ranks():
    """From the first processes to the last, which are others."""
    if comm.size < 2:
        return
    half = comm.size // 2
    source, target = Layout([Block(11, half), Block(6)]), Layout([Block(11), Block(6, comm.size - half)])
    given, taken = list(range(half)), list(range(comm.size - 1, half - 1, -1))
    mine = given.index(comm.rank) if comm.rank in given else None
    theirs = taken.index(comm.rank) if comm.rank in taken else None
    plan = Plan(source, target, mine, theirs)
    values = whole("i8")
    new = None if theirs is None else part(target, theirs, values * 0)
    # Lists of any kind, also of another kind on each process.
    given, taken = (ranks if comm.rank else numpy.array(ranks) for ranks in (given, taken))
    plan.execute(comm, None if mine is None else part(source, mine, values), new, source_ranks=given, target_ranks=taken)
    assert new is None or (new == part(target, theirs, values)).all()
    # To list all ranks is to list none.
    rows, columns = Layout([Block(11, comm.size), Block(6)]), Layout([Block(11), Block(6, comm.size)])
    new = part(columns, comm.rank, values * 0)
    ranks = None if comm.rank else numpy.arange(comm.size)
    Plan(rows, columns, comm.rank).execute(comm, part(rows, comm.rank, values), new, source_ranks=ranks)
    assert (new == part(columns, comm.rank, values)).all()


def reshapes():
    """To arrays of other shapes and back, and what one process takes for a move of the same
    layouts."""
    count = 0
    targets = [Layout([Block(22, comm.size), Block(3)]), Layout([Cyclic(66, comm.size, 5)]), Layout([Block(6), Block(11, comm.size)])]
    for source, target in itertools.product(layouts(comm.size), targets):
        ranks = [comm.rank if comm.rank < layout.processes else None for layout in (source, target)]
        values = whole("f8")
        there, back = Plan.reshape(source, target, *ranks), Plan.reshape(target, source, *reversed(ranks))
        mine = part(source, comm.rank, values, "CF"[count % 2])
        theirs = numpy.zeros(target.local_shape(comm.rank), order="FC"[count % 2])
        there.execute(comm, mine, theirs)
        everything = Plan(target, Layout([Block(size) for size in target.shape]), ranks[1], 0 if comm.rank == 0 else None)
        gathered = numpy.zeros(target.shape) if comm.rank == 0 else None
        everything.execute(comm, theirs, gathered)
        assert gathered is None or (gathered == values.reshape(target.shape)).all(), (source, target)
        again = part(source, comm.rank, values * 0)
        back.execute(comm, theirs, again)
        assert again is None or (again == mine).all(), (source, target)
        count += 1
    if comm.size > 1:
        layout = Layout([Block(11, comm.size), Block(6)])
        plan = (Plan if comm.rank == 0 else Plan.reshape)(layout, layout, comm.rank)
        mine, theirs = (part(layout, comm.rank, whole("f8") * factor) for factor in (1, 0))
        try:
            plan.execute(comm, mine, theirs)
        except ValueError as error:
            assert "not planned the same" in str(error)
        else:
            raise AssertionError("a move and a reshape were taken for the same")


def freed():
    """Moves over communicators that the program frees, more of them than an engine keeps moves
    for."""
    layouts = [(Layout([Block(20 + size, comm.size)]), Layout([Cyclic(20 + size, comm.size)])) for size in range(20)]
    for again in range(3):
        mine = comm.Dup()
        for source, target in [*layouts, *layouts[: 3 * again]]:
            values = numpy.arange(source.shape[0]) + again
            found = numpy.zeros(target.local_shape(comm.rank), values.dtype)
            start = -(-source.shape[0] // comm.size) * comm.rank
            Plan(source, target, comm.rank).execute(mine, values[start : start + source.owned_shape(comm.rank)[0]].copy(), found)
            assert (found == values[comm.rank :: comm.size]).all(), (source, again)
        mine.Free()


def emptiness():
    """Arrays without items, and items without bytes."""
    source, target = Layout([Block(0, comm.size)]), Layout([Cyclic(0, comm.size)])
    Plan(source, target, comm.rank).execute(comm, numpy.zeros(0), numpy.zeros(0))
    nothing = numpy.zeros(comm.size, "V0")[:1]
    source, target = Layout([Block(comm.size, comm.size)]), Layout([Cyclic(comm.size, comm.size)])
    Plan(source, target, comm.rank).execute(comm, nothing, nothing.copy())
    # No process has a part of a layout of no dimensions but the first.
    everything = Layout([])
    at = 0 if comm.rank == 0 else None
    found = numpy.zeros(()) if comm.rank == 0 else None
    Plan(everything, everything, at).execute(comm, None if at is None else numpy.array(7.0), found)
    assert found is None or found == 7


def shared():
    """Memory that the processes of a node can read of each other, which the arrays of
    `daparray.array` have; and items of any size and order of bytes."""
    if way == "messages":
        return
    import daparray.array as da

    rows, columns = Layout([Block(40, comm.size), Block(9)]), Layout([Block(40), Block(9, comm.size)])
    values = numpy.arange(360.0).reshape(40, 9)
    source, target = (da.zeros((40, 9), distribution=layout) for layout in (rows, columns))
    source[...] = da.asarray(values)
    Plan(rows, columns, comm.rank).execute(comm, from_distarray(source), from_distarray(target))
    assert (target.gather() == values).all()
    for dtype in (">i4", [("a", "i1"), ("b", ">f8")], "S3", "c16", "V37"):
        there = numpy.zeros((40, 9), dtype)
        there.view(numpy.uint8)[...] = numpy.random.default_rng(1).integers(0, 256, there.view(numpy.uint8).shape)
        mine = part(rows, comm.rank, there)
        found = numpy.zeros(columns.local_shape(comm.rank), dtype)
        Plan(rows, columns, comm.rank).execute(comm, mine, found)
        local, at = places(columns, comm.rank)
        assert found[local].tobytes() == there[at].tobytes(), dtype


moved, refusals = moves(), mistakes()
other_ranks()
reshapes()
freed()
emptiness()
shared()
if comm.rank == 0:
    print(f"ranks {comm.size}, moved {moved}, refused {refusals}, by {way}")
sys.stdout.flush()
