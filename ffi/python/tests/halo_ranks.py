"""Run under mpirun by `test_halo.py`: padding filled in many layouts, each place of each buffer
compared with a slow oracle; mistakes of one rank; handlers that raise; exchanges that overlap."""

import faulthandler
import gc
import itertools
import random
import sys
import threading

import numpy
from armed import Arms, Raised, Timer
from daparray import Block, Cyclic, HaloExchange, Layout, Plan, _halo_messages
from mpi4py import MPI
from way import choose

comm = MPI.COMM_WORLD
way = choose(MPI)
HOLE = -7


def ring(size, processes, width):
    """A periodic dimension of `size` distinct indices, as version 0.10 says it."""
    return Block(size + 2 * width, processes, halo=min(width, 1), boundary=(width, width), periodic=True)


def dims(processes):
    """Dimensions of this many processes, each with the widths of its image at the two ends."""
    yield Block(12, processes, halo=1), (0, 0)
    yield Block(13, processes, halo=1, boundary=(2, 1)), (0, 0)
    yield ring(9, processes, 1), (1, 1)
    yield Block(11, processes, halo=1, periodic=True, wrap=1), (0, 0)
    yield Cyclic(7, processes, 2), (0, 0)
    if processes < 4:
        yield Block(14, processes, halo=2), (0, 0)
        yield ring(13, processes, 2), (2, 2)


def layouts():
    """Layouts of all shapes of grids, each with the widths of its dimensions' images."""
    size = comm.size
    grids = [(size,), (size, 1), (1, size), *[(side, size // side) for side in range(2, size) if size % side == 0]]
    for grid in grids:
        for chosen in itertools.product(*[list(dims(processes)) for processes in grid]):
            if any(images != (0, 0) for _, images in chosen) and any("wrap" in repr(dim) for dim, _ in chosen):
                continue  # no version of the protocol has both
            yield Layout([dim for dim, _ in chosen]), [images for _, images in chosen]
    if size == 4:
        yield Layout([Block(8, 2, halo=1), ring(5, 2, 1), Block(4)]), [(0, 0), (1, 1), (0, 0)]
    if size > 1:
        yield Layout([Block(9, size - 1, halo=1), Block(3)]), [(0, 0), (0, 0)]  # the last process has no part


def number(index, shape):
    """The value of an element, by its global index."""
    return 1 + sum(at * step for at, step in zip(index, (1, 31, 977))) % 1000


def filled(layout, images, corners, before):
    """This rank's buffer as an exchange finds it, or leaves it: the oracle looks at each place."""
    at = layout.coordinates(comm.rank)
    array = numpy.full(layout.local_shape(comm.rank), HOLE, "i8")
    owned = layout.section(comm.rank, array).owned_slices
    for place in numpy.ndindex(array.shape):
        index, copies = [], 0
        for dim, (low, high), grid_rank, local, own in zip(layout.dims, images, at, place, owned):
            found = dim.global_index(grid_rank, local)
            period = dim.size - low - high
            is_image = found < low or found >= dim.size - high
            if is_image:
                found += period if found < low else -period
            index.append(found)
            copies += is_image or not own.start <= local < own.stop
        if copies == 0 or not before and (corners or copies == 1):
            array[place] = number(index, layout.shape)
    return array


def memories(array):
    """The same items in memory of other orders and types."""
    yield array.copy()
    yield numpy.asfortranarray(array)
    yield numpy.repeat(array, 2, axis=-1)[..., ::2].astype("f8")
    yield array.astype(">i4")
    struct = numpy.zeros(array.shape, [("a", "i2"), ("b", "f4")])
    struct["a"] = struct["b"] = array
    yield struct


def everywhere():
    count = 0
    for number_of, (layout, images) in enumerate(layouts()):
        takes_part = comm.rank < layout.processes
        for corners in (True, False):
            before, after = (filled(layout, images, corners, when) if takes_part else None for when in (True, False))
            kinds = list(memories(before))[number_of % 5 :: 5] if takes_part else [None]
            dtype = comm.bcast(kinds[0].dtype if comm.rank == 0 else None)
            halo = HaloExchange(layout, dtype, comm, corners=corners, limit=24 if number_of % 3 == 0 else None)
            for turn in range(2):  # several arrays, one after the other
                if not takes_part:
                    halo.exchange(None) if turn else halo.start(None).finish()
                    continue
                array = list(memories(before))[number_of % 5]
                given = array if number_of % 2 else layout.section(comm.rank, array)
                if turn:
                    halo.exchange(given)
                else:
                    halo.start(given).finish()
                found = array["b"] if array.dtype.names else array
                assert (found == after).all(), (layout, corners, turn, dtype, found, after)
                assert not array.dtype.names or (array["a"] == after).all()
            count += 1
    return count


def rows(value):
    """Rows of one layout, owned rows being of this value, padding a hole."""
    layout = Layout([Block(3 * comm.size, comm.size, halo=1), Block(2)])
    section = layout.zeros(comm.rank)
    numpy.asarray(section.local)[...] = HOLE
    numpy.asarray(section.owned)[...] = value + comm.rank
    return layout, section


def is_filled(section, value):
    array, own = numpy.asarray(section.local), section.owned_slices[0]
    return (array[: own.start] == value + comm.rank - 1).all() and (array[own.stop :] == value + comm.rank + 1).all()


def overlapping():
    """Exchanges that are under way at the same time, with a move between them; owned elements
    written meanwhile."""
    layout, first = rows(10)
    _, second = rows(20)
    one, other = HaloExchange(layout, float, comm), HaloExchange(layout, "float64", comm)
    one.start(first)
    other.start(second)
    columns = Layout([Block(3 * comm.size), Block(2, comm.size)])
    moved = numpy.zeros(columns.local_shape(comm.rank))
    Plan(layout, columns, comm.rank).execute(comm, first, moved)
    assert (moved == 10 + numpy.repeat(numpy.arange(comm.size), 3)[:, None]).all()
    numpy.asarray(first.owned)[...] = 99
    other.finish()
    one.finish()
    assert is_filled(first, 10) and is_filled(second, 20)
    dropped = HaloExchange(layout, "f8", comm)
    dropped.start(second)
    del dropped
    gc.collect()
    comm.Barrier()
    one.exchange(first)
    assert is_filled(first, 99 - comm.rank) or comm.size > 1
    ranks = list(range(comm.size))[::-1]
    _, turned = rows(0)
    mirrored = layout.section(ranks[comm.rank], numpy.full(layout.local_shape(ranks[comm.rank]), HOLE * 1.0))
    numpy.asarray(mirrored.owned)[...] = ranks[comm.rank]
    HaloExchange(layout, "f8", comm, ranks=ranks).exchange(mirrored)
    own = mirrored.owned_slices[0]
    assert (numpy.asarray(mirrored.local)[: own.start] == ranks[comm.rank] - 1).all()
    try:
        with one.start(first):
            raise Raised
    except Raised:
        pass
    numpy.asarray(first.owned)[...] = comm.rank
    with one.start(first) as under_way:
        assert under_way is one
    assert is_filled(first, 0)


def refused(call, kind, says, here=Exception):
    """The call is refused on all ranks, by the same words but on the rank that is wrong."""
    try:
        call()
    except here as error:
        found = type(error).__name__, str(error)
    else:
        raise AssertionError(f"not refused: {says}")
    everyone = comm.allgather(found)
    assert all(one[0] == kind for one in everyone), everyone
    assert all(says in one[1] for one in everyone), (says, everyone)
    return 1


def mistakes():
    bad = comm.rank == comm.size - 1
    layout, section = rows(1)
    halo = HaloExchange(layout, "f8", comm)
    array = numpy.asarray(section.local)
    fixed = array.copy()
    fixed.flags.writeable = False
    count = 0
    for wrong, kind, says in [
        (numpy.zeros((1, 1)), "ValueError", "has the shape (1, 1), its layout"),
        (array.astype("f4"), "ValueError", "the items are float32, the exchange is of float64"),
        (fixed, "BufferError", "may only be read"),
        (None, "ValueError", "this process has a part of the array; None was given"),
        (object(), "BufferError", "neither the buffer protocol nor `__dlpack__`"),
        (layout.section(0, numpy.zeros(layout.local_shape(0))), "ValueError", "is the part of rank 0, the exchange is of rank"),
    ]:
        if isinstance(wrong, type(section)) and comm.size == 1:
            continue
        for call in (halo.exchange, halo.start):
            count += refused(lambda: call(wrong if bad else section), kind, says)
        assert (array == numpy.asarray(section.local)).all()
        halo.exchange(section)
        assert is_filled(section, 1)
    count += refused(lambda: halo.exchange(*([] if bad else [section])), "TypeError", "missing")
    count += refused(lambda: halo.exchange(section, **({"more": 1} if bad else {})), "TypeError", "more")
    count += refused(halo.finish, "RuntimeError", "no halo exchange was started")
    halo.start(section)
    count += refused(lambda: halo.start(section), "RuntimeError", "under way: finish it first")
    halo.finish()
    for wrong, kind, says in [
        (lambda: HaloExchange(layout, object, comm), "ValueError", "addresses of objects"),
        (lambda: HaloExchange(layout, "no such type", comm), "ValueError", "no such type"),
        (lambda: HaloExchange(7, "f8", comm), "TypeError", "`layout` is of type int"),
        (lambda: HaloExchange(layout, "f8", comm, limit=0), "ValueError", "messages are of 1 to"),
        (lambda: HaloExchange(layout, "f8", comm, ranks=[0] * comm.size), "ValueError", "more than once"),
        (lambda: HaloExchange(layout, "f8", comm, no_such_option=1), "TypeError", "no_such_option"),
        (lambda: HaloExchange(Layout([Block(40, 40)]), "f8", comm), "ValueError", "the layout has 40 processes"),
    ]:
        if comm.size == 1 and "more than once" in says:
            continue
        count += refused(lambda: wrong() if bad else HaloExchange(layout, "f8", comm), kind, says)
    if comm.size > 1:
        other = Layout([Block(3 * comm.size, comm.size, halo=1), Block(3)])
        count += refused(lambda: HaloExchange(other if bad else layout, "f8", comm), "ValueError", "prepare different exchanges")
        count += refused(lambda: HaloExchange(layout, "f8", comm, corners=not bad), "ValueError", "prepare different exchanges")
        count += refused(lambda: HaloExchange(layout, "f4" if bad else "f8", comm), "ValueError", "the item types differ: rank 0 has float64")
        again = HaloExchange(layout, "f8", comm)
        count += refused(lambda: (again if bad else halo).exchange(section), "ValueError", "the processes are in different calls")
    halo.exchange(section)
    assert is_filled(section, 1)
    if way == "messages":
        requests_are_freed(layout, bad)
    # Without a communicator there is none to agree with: each process raises by itself.
    for comm_of, kind, says in [(None, TypeError, "`comm` is None"), (MPI.COMM_NULL, ValueError, "`comm` is COMM_NULL")]:
        try:
            HaloExchange(layout, "f8", comm_of)
            raise AssertionError(f"not refused: {says}")
        except kind as error:
            assert says in str(error), error
    return count


def requests_are_freed(layout, bad):
    """One process cannot make its requests: the others free those that they have made."""
    made, freed = _halo_messages.Messages, []

    class Failing:
        def __init__(self, *_):
            raise MemoryError("no requests here")

    class Counted(made):
        def free(self):
            freed.append(len(self._arriving) + len(self._leaving))
            super().free()

    _halo_messages.Messages = Failing if bad else Counted
    try:
        refused(lambda: HaloExchange(layout, "f8", comm), "MemoryError", "no requests here")
    finally:
        _halo_messages.Messages = made
    neighbours = (comm.rank > 0) + (comm.rank < comm.size - 1)
    assert freed == ([] if bad else [2 * neighbours]), freed


def freed():
    """Exchanges over a communicator that the program frees while one of them is still there."""
    for _ in range(3):
        mine = comm.Dup()
        layout, section = rows(5)
        halo = HaloExchange(layout, "f8", mine)
        halo.exchange(section)
        assert is_filled(section, 5)
        mine.Free()
        del halo


def threads():
    """An exchange that another thread uses than the one that prepared it: refused by the engine."""
    layout, section = rows(3)
    halo, outcome = HaloExchange(layout, "f8", comm), []

    def use():
        try:
            halo.exchange(section)
            outcome.append("")
        except RuntimeError as error:
            outcome.append(str(error))
        # One that is prepared in this thread, and a move, go by messages.
        HaloExchange(layout, "f8", comm).exchange(section)
        moved = layout.zeros(comm.rank)
        Plan(layout, layout, comm.rank).execute(comm, section, moved)
        assert (numpy.asarray(moved.owned) == numpy.asarray(section.owned)).all()

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert (outcome == [""]) == (way == "messages") and len(outcome) == 1, outcome
    assert outcome == [""] or "belongs to another thread" in outcome[0], outcome
    assert is_filled(section, 3)
    halo.exchange(section)


def interrupted():
    """A handler that raises at a random moment of an exchange: it is over on all ranks."""
    layout, section = rows(1)
    halo, count = HaloExchange(layout, "f8", comm), 0
    chance = random.Random(comm.rank)
    timer = Timer()
    for turn in range(60):
        numpy.asarray(section.owned)[...] = turn + comm.rank
        comm.Barrier()
        outcome = None
        try:
            is_victim = turn % comm.size == comm.rank
            halo.exchange(Arms(numpy.asarray(section.local), timer, chance.uniform(1e-5, 6e-4)) if is_victim else section)
            timer.wait()
        except (Raised, ValueError) as error:
            outcome = error
        count += outcome is not None
        assert timer.is_installed() and not timer.is_set
        comm.Barrier()
        halo.exchange(section)
        assert is_filled(section, turn), (turn, outcome)
    return comm.allreduce(count)


def main():
    faulthandler.dump_traceback_later(250, exit=True)  # where it hangs
    count = everywhere()
    overlapping()
    freed()
    threads()
    refusals, raised = mistakes(), interrupted()
    if comm.rank == 0:
        print(f"ranks {comm.size}, exchanged {count}, refused {refusals}, interrupted {raised}, by {way}")
    sys.stdout.flush()


main()
