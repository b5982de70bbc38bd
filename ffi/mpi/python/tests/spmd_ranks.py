"""Each rank by itself: regions, writes, messages, values of any type; memory given back. On each
number of ranks."""

import pickle

import numpy
from checks import raises, run_parts

import daparray
import daparray.array as da

context = da.default_context()
rank, size = context.rank, context.size
KINDS = ("block", "cyclic", ("cyclic", 2), "irregular", "none")


def equal(found, expected):
    numpy.testing.assert_array_equal(found.gather() if isinstance(found, da.Array) else found, expected)


def regions():
    whole = numpy.arange(60.0).reshape(10, 6)
    for kind in KINDS:
        x = da.asarray(whole, distribution=kind)
        equal(x.read((slice(rank, None, 2), -1)), whole[rank::2, -1])
        found = x.read(None if rank else (3, ...))
        assert found is None if rank else (found == whole[3]).all()
        y = x + 1  # Pending: it reads the elements as they are before the write.
        x.write((rank, slice(1, 3)), rank + 0.5)
        expected = whole.copy()
        expected[:size, 1:3] = numpy.arange(size)[:, None] + 0.5
        equal(x, expected)
        equal(y, whole + 1)
        x.write(*(((slice(8, 10),), [1, 2, 3, 4, 5, 6]) if rank == size - 1 else ()))
        expected[8:] = [1, 2, 3, 4, 5, 6]
        equal(x, expected)
    kind = IndexError if rank == 0 else RuntimeError
    with raises(kind, "out of bounds"):
        x.read(99 if rank == 0 else 0)
    with raises(ValueError if rank == 0 else RuntimeError, "broadcast"):
        x.write(0, numpy.zeros(7 if rank == 0 else 6))
    if size > 1:
        with raises(ValueError, "rank"):
            x.write(0, 1)
    equal(x, expected)


def written():
    x = da.arange(10.0)
    y = x + 1
    with x.writing() as mine:
        if mine is not None:
            mine *= 2
    equal(x, numpy.arange(10.0) * 2)
    equal(y, numpy.arange(10.0) + 1)
    kind = KeyError if rank == 0 else RuntimeError
    with raises(kind, "mine"), x.writing():
        if rank == 0:
            raise KeyError("mine")
    with raises(ValueError if da.broadcast_to(x, (2, 10)).local is not None else RuntimeError, "only be read"):
        with da.broadcast_to(x, (2, 10)).writing():
            pass
    view = da.broadcast_to(da.arange(4), (3, 4))
    with raises(ValueError, "repeats elements"):
        view[:] = 1
    with raises(ValueError, "repeats elements"):
        view += 1


def opened():
    whole = numpy.arange(24.0).reshape(8, 3)
    for kind in KINDS:
        x = da.asarray(whole, distribution=kind)
        y = x + 1
        with x.open() as there:
            assert there[-1, 2] == 23 and (there[1:3] == whole[1:3]).all()
            context.barrier()
            there[rank, 0] = 100 + rank
            there.add((7, 2), 1)
            if rank == 0:
                there[4:6, 1:] = [[1, 2], [3, 4]]
            if x._section_rank is not None:
                with raises(RuntimeError, "open for one-sided access"):
                    x.local
            with raises(IndexError, "out of bounds"):
                there[8, 0]
        expected = whole.copy()
        expected[:size, 0] = 100 + numpy.arange(size)
        expected[7, 2] += size
        expected[4:6, 1:] = [[1, 2], [3, 4]]
        equal(x, expected)
        equal(y, whole + 1)
    with raises(KeyError if rank == 0 else RuntimeError, "mine"), x.open() as there:
        if rank == 0:
            raise KeyError("mine")
    with raises(ValueError, "not open any more"):
        there[0, 0]
    equal(x, expected)
    with raises(ValueError, "repeats elements"), da.broadcast_to(x, (2, 8, 3)).open():
        pass


def masked():
    """A reduction of masked elements copies none of them, and a write comes before it."""
    whole = numpy.random.default_rng(1).normal(size=(9, 4))
    for kind in KINDS:
        x = da.asarray(whole, distribution=kind)
        m = x > 0
        chosen = whole[whole > 0]
        found = x[m]
        assert found.shape == chosen.shape and float(found.sum()) == float(da.sum(da.asarray(chosen)))
        if kind in ("block", "irregular"):
            assert found._state == "pending"
            assert float(found.sum()) == float(found.copy().sum()) and found._state == "settled"
        rows = numpy.arange(9) % 2 == 0
        assert float(x[da.asarray(rows)].prod()) == float(da.asarray(whole[rows]).prod())
        later = x[m]
        x += 1
        equal(later, chosen)
        later = x[m]
        m[:] = False
        equal(later, chosen + 1)
        equal(x[m] * 2, numpy.zeros(0))
        assert float(x[m].sum()) == 0 and not bool(da.any(x[m])) and int(da.count_nonzero(x[x > 1])) == (whole + 1 > 1).sum()
        for name in ("mean", "min", "max", "std"):
            numpy.testing.assert_allclose(float(getattr(x[x > 1], name)()), getattr((whole + 1)[whole + 1 > 1], name)(), rtol=1e-14)


def shapes():
    x = da.arange(10.0 * size, distribution=("bounds", [0, *[10 * size] * size]))
    assert x.local_shapes()[0] == (10 * size,) and x.lshape_map().tolist() == [[10 * size], *[[0]] * (size - 1)]
    y = x.balance()
    assert y.lshape_map().tolist() == [[10]] * size
    equal(y, numpy.arange(10.0 * size))
    z = da.zeros((4, 4 * size), distribution=("none", "cyclic")).balance()
    assert z.local_shapes() == [(4, 4)] * size
    assert da.asarray(3).balance().local_shapes() == [()] * size


def strictness():
    x, y = da.arange(12.0), da.arange(12.0, distribution="cyclic")
    if size > 1:
        with da.strict():
            assert (x + x.redistribute("block")).shape == (12,)
            with raises(ValueError, "strict"):
                x + y
            with raises(ValueError, "strict"):
                x[:] = y
    equal(x + y, numpy.arange(12.0) * 2)


def closed():
    x = da.ones(8)
    y = x * 2
    x.close()
    equal(y, numpy.full(8, 2.0))
    with raises(RuntimeError, "closed"):
        x.sum()
    da.asarray(2).close()
    z, w = da.ones(3) + 1, da.ones(4)
    assert "y0 = s0 + x0" in z.explain() and z.graph().dot.startswith("digraph") and w.graph() is None
    assert not w.is_exposed
    assert (w.local is not None) == w.is_exposed


def messages():
    right, left = (rank + 1) % size, (rank - 1) % size
    context.send({"from": rank}, right)
    assert context.recv(left) == {"from": left}
    context.send(numpy.arange(rank), right, tag=7)
    source, found = context.recv_any(tag=7)
    assert source == left and found.tolist() == list(range(left))
    assert context.bcast("word" if rank == size - 1 else None, root=size - 1) == "word"
    assert context.scatter([[n] for n in range(size)] if rank == 0 else None) == [rank]
    assert context.gather(rank) == (list(range(size)) if rank == 0 else None)
    assert context.gather_all(rank * 2) == list(range(0, 2 * size, 2))
    assert context.reduce(str(rank), lambda a, b: a + b) == "".join(map(str, range(size)))
    assert context.scan([rank], lambda a, b: a + b) == list(range(rank + 1))
    with raises(ValueError, "pickle"):
        context.gather_all((lambda: 0) if rank == 0 else 1)
    if size > 1:
        with raises(ValueError, "ZeroDivisionError"):
            context.reduce(0, lambda a, b: a // b)
    context.storage["count"] = 1
    assert context.storage == {"count": 1}
    odd = context.group(range(1, size, 2)) if size > 1 else context.group()
    if odd.member is not None:
        odd.storage["mine"] = odd.gather_all(rank)
        assert odd.storage["mine"] == odd.ranks and odd.size == len(odd.ranks)
        odd.barrier()
    else:
        with raises(ValueError, "no member"):
            odd.bcast(1)


def values():
    group = context.everyone
    data = da.ddata(lambda member: ["a"] * member, group=group)
    assert data.counts() == list(range(size)) and len(data) == rank
    assert data.map(str.upper).gather_all() == [["A"] * member for member in range(size)]
    even = da.ddata(list(range(7)) if rank == 0 else None, group=group, root=0)
    assert [one for part in even.gather_all() for one in part] == list(range(7)) and max(even.counts()) - min(even.counts()) <= 1
    assert even.reduce(lambda a, b: a + b) == 21 and da.ddata(group=group).reduce(max) is None


def pickled():
    for x in (da.arange(10, distribution="cyclic") * 2, da.asarray(2.5), da.zeros((0, 3)), da.arange(12)[::-2]):
        y = pickle.loads(pickle.dumps(x))
        assert y.dtype == x.dtype and repr(y) == repr(x)
        equal(y, x.gather())
    # Each rank reads its own part.
    if size > 1:
        texts = context.gather_all(pickle.dumps(da.arange(10)))
        with raises((ValueError, RuntimeError), "rank"):
            pickle.loads(texts[1 - rank if rank < 2 else rank])


class Field:
    """An array of another library, of which an adapter knows."""

    def __init__(self, mine):
        self.mine = mine


def section(field, comm=None):
    return daparray.adapters.numpy.rows(field.mine, comm)


def adapters():
    daparray.adapters.register(f"{__name__}.Field", __name__)
    mine = numpy.full((2, 3), float(rank))
    x = da.asarray(Field(mine))
    assert x.is_exposed and x.shape == (2 * size, 3) and x.local.ctypes.data == mine.ctypes.data
    mine += 1
    equal(x.sum(axis=1), (numpy.repeat(numpy.arange(size), 2) + 1) * 3)
    x += 1
    assert mine[0, 0] == rank + 2
    # Halos are a part of the memory, and not of the array.
    layout = daparray.Layout([daparray.Block(5 * size, size, halo=1)])
    wide = numpy.arange(float(layout.local_shape(rank)[0])) if size > 1 else numpy.arange(5.0)
    y = da.from_local(wide, layout)
    assert y.local_shapes() == [(5,)] * size and float(y.max()) >= 4
    z = da.zeros(5 * size, distribution=layout)
    assert z.local_shapes() == [(5,)] * size
    equal(daparray.from_distarray(y).local, wide)


run_parts((regions, written, opened, masked, shapes, strictness, closed, messages, values, pickled, adapters), context)
if rank == 0:
    print(f"ranks {size}, all parts", flush=True)
