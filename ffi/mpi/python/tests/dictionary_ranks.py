"""The distributed dictionary beside one of Python's on each rank, on each number of ranks."""

import operator
import pathlib
import pickle
import tempfile
import threading
import time

import keys
import numpy
from checks import raises, run_parts

import daparray.array as da
from daparray.array import DistDict

context = da.default_context()
rank, size = context.rank, context.size
folder = pathlib.Path(context.bcast(tempfile.mkdtemp() if rank == 0 else None))


def check(found, expected):
    """Each rank has the items of a dictionary of Python's whose keys it owns."""
    mine = {key: value for key, value in expected.items() if found.owner(key) == rank}
    assert dict(found.items()) == mine and dict(zip(found.keys(), found.values(), strict=True)) == mine
    assert len(found) == len(mine) and set(found) == set(mine)
    assert found.total() == len(expected)
    for key, value in expected.items():
        if key in mine:
            assert key in found and found[key] == value
        else:
            for use in (lambda: key in found, lambda: found[key]):
                with raises(KeyError, "belongs to rank"):
                    use()
    assert found.get_all(expected) == list(expected.values())


def batches():
    """Random operations of all ranks, in their documented order."""
    random = numpy.random.default_rng(3)
    names = [0, 1.5, "a", "b", ("a", 1), (None, b"x"), frozenset("abc"), -7, float("inf"), True]
    found, expected = DistDict(), {}
    for turn in range(12):
        operations = [[(random.choice(["set", "set", "get", "remove"]), random.integers(len(names)), random.integers(99)) for _ in range(20)]
                      for _ in range(size)]
        tickets, answers = [], []
        for kind, key, value in operations[rank]:
            key = names[key]
            if kind == "set":
                found.set(key, [turn, int(value)])
            elif kind == "remove":
                found.remove(key)
            else:
                tickets.append(found.get(key))
        for member, listed in enumerate(operations):
            for kind, key, value in listed:
                key = names[key]
                if kind == "set":
                    expected[key] = [turn, int(value)]
                elif kind == "remove":
                    expected.pop(key, None)
                elif member == rank:
                    answers.append(expected.get(key, "nothing"))
        found.flush()
        assert [found.take(ticket, "nothing") for ticket in tickets] == answers
        check(found, expected)
    found.update({"mine": rank} if rank == size - 1 else ())
    found.update([(("of", rank), numpy.arange(rank)), ("last", rank)])
    assert found.get_all(["mine", "last", "neither"]) == [size - 1, size - 1, None]
    assert [len(part) for part in found.get_all([("of", member) for member in range(size)])] == list(range(size))
    assert found.get_all(["neither"], default=7) == [7] and found.get_all() == []
    # Objects are made anew: the dictionary does not change with them.
    found.update({"list": [1]})
    found.get_all(["list"])[0].append(2)
    assert found.get_all(["list"]) == [[1]]


def kinds_of_keys():
    """Equal keys are one key on all ranks, whatever their seeds of Python's hashes."""
    found = DistDict()
    row = keys.ROWS
    if rank == size - 1:
        found.update((row[at][-1], at) for at in range(len(row)))
    else:
        found.update()
    assert found.total() == len(row)
    assert found.get_all([one for some in row for one in some]) == [at for at, some in enumerate(row) for _ in some]
    for mutable in ([1], {}, {1}, (1, [2]), numpy.zeros(2)):
        with raises(TypeError, "unhashable"):
            found.set(mutable, 1)
    # The key is the one that was set last.
    found.update({1: "whole"})
    found.update({1.0: "float"})
    kept = [key for key in found if key == 1]
    assert all(type(key) is float for key in kept) and bool(kept) == (found.owner(1) == rank)


def combined():
    """Counts by key, removals, and the order of ranks."""
    words = ["the", "quick", "brown", "fox", "the", "dog"]
    text = [[words[(at * at + member) % 6] for at in range(30 + 5 * member)] for member in range(size)]
    count = DistDict()
    count.combine(((word, 1) for word in text[rank]), operator.add)
    expected = {}
    for word in (word for part in text for word in part):
        expected[word] = expected.get(word, 0) + 1
    check(count, expected)
    lists = DistDict()
    lists.combine({"order": rank}, lambda so_far, member: [*so_far, member], initial=[])
    check(lists, {"order": list(range(size))})
    lists.combine({"order": 1} if rank == 0 else {}, lambda so_far, one: DistDict.NOTHING)
    check(lists, {})
    # A key that is taken away begins again.
    lists.combine([("k", 1), ("k", -1), ("k", 5)], lambda old, more: old + more if old + more else DistDict.NOTHING)
    sums = {}
    for more in [1, -1, 5] * size:
        sums["k"] = sums["k"] + more if "k" in sums else more
        if sums["k"] == 0:
            del sums["k"]
    check(lists, sums)


def sessions():
    """Single operations, which other ranks serve."""
    found = DistDict()
    for turn in range(3):
        with found.open() as items:
            for at in range(20):
                items[rank, at] = turn * at
            del items[rank, 3]
            del items["neither"]
            assert items[rank, 7] == 7 * turn and (rank, 3) not in items and items.get((rank, 3), "none") == "none"
            items.serve()
            other = items.get(((rank + 1) % size, 5))
            assert other in (None, 5 * turn, 5 * (turn - 1))
            with raises(KeyError, "neither"):
                items["neither"]
            for use in (found.flush, found.total, lambda: found.set(1, 1), lambda: len(found), lambda: found.open().__enter__()):
                with raises(RuntimeError, "is open"):
                    use()
        check(found, {(member, at): turn * at for member in range(size) for at in range(20) if at != 3})
    with raises(RuntimeError, "not open"):
        items[1]
    # One rank is a client of the others.
    with found.open() as items:
        if rank == size - 1:
            assert sum(items[member, 2] for member in range(size)) == 4 * size
    with raises(ZeroDivisionError if rank == 0 else RuntimeError, "division by zero"), found.open() as items:
        items["before"] = 1
        if rank == 0:
            1 / 0
    assert found.get_all(["before"]) == [1]


def mapped():
    """A function of each item, which ranks without items compute, too."""
    found = DistDict()
    found.update({f"key {at}": at for at in range(rank, 100, size)})
    squares = found.map(lambda key, value: (key, value * value))
    check(squares, {f"key {at}": (f"key {at}", at * at) for at in range(100)})
    check(found, {f"key {at}": at for at in range(100)})
    check(DistDict().map(lambda key, value: 1 / 0), {})
    # All items lie on rank 0, which waits until another rank has computed one.
    own = [key for key in range(3000) if found.owner(key) == 0][:500]
    lonely, flag, computed = DistDict(), folder / "computed", []
    lonely.update(dict.fromkeys(own, 1) if rank == 0 else ())
    end = time.monotonic() + 60

    def compute(key, value):
        computed.append(key)
        if rank:
            flag.touch()
        elif size > 1 and not flag.exists():
            assert time.monotonic() < end, "no other rank has taken an item"
            time.sleep(0.01)
        return key + value

    check(lonely.map(compute), {key: key + 1 for key in own})
    counts = context.gather_all(len(computed))
    assert sum(counts) == 500 and (size == 1 or sum(counts[1:]) > 0), counts


def failures():
    """An exception of one rank is one of all ranks, and no item is changed."""
    found = DistDict()
    found.update((key, key) for key in range(40))
    expected = {key: key for key in range(40)}
    last = rank == size - 1

    def picky(*values):
        if last:
            raise LookupError("mine")
        return 0

    kind = LookupError if last else RuntimeError
    for attempt in (lambda: found.combine([(key, 1) for key in range(40)], picky), lambda: found.map(picky)):
        with raises(kind, "mine"):
            attempt()
        check(found, expected)
    with raises(Exception, "pickle" if last else f"rank {size - 1}"):
        found.update({"a": (lambda: 0) if last else 1})
    with raises(TypeError if last else RuntimeError, "unhashable"):
        found.get_all([[1]] if last else [1])
    check(found, expected)
    with raises(Exception, "pickle" if last else f"rank {size - 1}"):
        found.map(lambda key, value: (lambda: 0) if last else value)
    # A function that uses the dictionary would wait for itself.
    for use in (found.flush, found.close, lambda: found[1]):
        with raises(RuntimeError, "in use"):
            found.map(lambda key, value, use=use: use())
    ticket = found.get(1)
    with raises(RuntimeError, "call flush"):
        found.take(ticket)
    found.flush()
    assert found.take(ticket) == 1
    with raises(RuntimeError, "taken before"):
        found.take(ticket)
    with raises(TypeError, "not pickled"):
        pickle.dumps(found)
    assert repr(found) == f"DistDict({size} ranks)"
    found.close()
    found.close()
    for use in (found.flush, lambda: len(found), lambda: found.open().__enter__(), lambda: found.set(1, 1)):
        with raises(RuntimeError, "is closed"):
            use()


def other_threads_run():
    """While the main thread of the last rank waits in a call, another thread of it writes a file,
    for which rank 0 waits before it calls."""
    found = DistDict()
    found.update({rank: rank})
    for number, call in enumerate((found.flush, found.total, lambda: found.combine((), min), lambda: found.map(max), lambda: found.get_all([0]))):
        flag = folder / f"written {number}"
        if rank == size - 1 and size > 1:
            threading.Timer(0.1, flag.touch).start()
        elif rank == 0 and size > 1:
            end = time.monotonic() + 60
            while not flag.exists():
                assert time.monotonic() < end, f"call {number} does not let other threads run"
                time.sleep(0.01)
        call()


run_parts((batches, kinds_of_keys, combined, sessions, mapped, failures, other_threads_run), context)
if rank == 0:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    print(f"ranks {size}, the whole dictionary", flush=True)
