"""Rules of `daparray.array` beside values: laziness, memory, threads, refusals, on each number of
ranks."""

import contextlib
import gc
import io
import math
import threading
import weakref

import numpy
from checks import raises, run_parts

import daparray
import daparray.array as da

context = da.default_context()
rank, size = context.rank, context.size


def pending():
    x, y = da.arange(20.0), da.ones(20)
    z = da.sqrt(x * 2 + y)
    assert z._state == "pending" and "sqrt" in z.explain()
    assert z.shape == (20,) and z.dtype == da.float64
    assert z.sum()._state == "value" and z._state == "settled"
    # Operands that lie otherwise are moved at the call.
    other = da.ones(20, distribution="cyclic")
    assert (x + other)._state == "settled"
    # Evaluation is local: one rank alone may do it.
    w = x - y
    if rank == 0:
        w._force()
    numpy.testing.assert_array_equal(w.gather(), numpy.arange(20.0) - 1)
    # A deep expression is evaluated on the way.
    for _ in range(500):
        x = x + 1
    numpy.testing.assert_array_equal(x.gather(), numpy.arange(20.0) + 500)


def cheaper():
    """Operations that are computed as cheaper ones with the same result."""
    x, z = da.arange(5.0), da.arange(5) + 1j
    for power in (x**2, x**2.0, da.pow(x, 2), da.astype(x, da.float32) ** 2):
        assert "power" not in power.explain(), power.explain()
    assert "hypot" in abs(z.copy()).explain()
    # Functions of numbers alone are NumPy's.
    assert da.sqrt(2.0) == numpy.sqrt(2.0) and type(da.add(1, numpy.float32(2))) is numpy.float32 and da.erf(0.5) == math.erf(0.5)
    whole = da.arange(5, dtype=da.int8)
    assert ((whole**2).dtype, (whole**2.0).dtype, ((whole > 2) ** 2).dtype) == (da.int8, da.float64, da.int8)
    for power in (whole**2, whole**2.0, x**2):
        numpy.testing.assert_array_equal(power.gather(), numpy.arange(5) ** 2)
    numpy.testing.assert_allclose(abs(z).gather(), abs(numpy.arange(5) + 1j), rtol=1e-15)
    numpy.testing.assert_array_equal((z**2).gather(), (numpy.arange(5) + 1j) ** 2)


def writes():
    x = da.arange(12)
    view, later = x[2:], x + 1
    view *= 2
    assert later._state == "settled"
    expected = numpy.arange(12)
    numpy.testing.assert_array_equal(later.gather(), expected + 1)
    expected[2:] *= 2
    numpy.testing.assert_array_equal(x.gather(), expected)
    with raises(TypeError, "cannot hold"):
        x += 0.5
    with raises(ValueError, "repeats elements"):
        da.broadcast_to(x, (3, 12))[:, 0] = 1
    value = x.sum()
    value += 1
    assert int(value) == expected.sum() + 1
    # A write on behalf of a handle that some ranks have dropped.
    later = x * 3
    if rank == size - 1:
        del later
        gc.collect()
    x[...] = 0
    assert x.sum() == 0


def exposed():
    x = da.zeros(4 * size)
    later = x + 1
    local = x.local
    assert later._state == "settled"
    if local is not None:
        local[...] = 5
        assert numpy.shares_memory(local, x.local)
    # Memory that others may write is read at the call.
    assert (x + 1)._state == "settled"
    numpy.testing.assert_array_equal(x.gather(), numpy.full(4 * size, 5.0))
    numpy.testing.assert_array_equal(later.gather(), numpy.ones(4 * size))
    if local is not None:
        export = x.__distarray__()
        assert numpy.asarray(export["buffer"]).ctypes.data == local.ctypes.data
        assert export["dim_data"][0]["size"] == 4 * size
        assert len(x.local_indices[0]) == len(local)
        again = da.from_local(local, x.layout)
    else:
        again = da.from_local(None, x.layout, dtype=float)
    again[...] = 2
    assert local is None or (local == 2).all()
    shared = da.asarray(daparray.from_distarray(x)) if x.layout.processes == size else x
    shared[0] = 7
    assert float(x[0]) == 7


def layouts():
    layout = daparray.Layout([daparray.Block(10, size, balanced=True), daparray.Cyclic(6)])
    x = da.zeros((10, 6), distribution=layout)
    assert x.layout == layout and x.ranks == list(range(size))
    assert da.ones_like(x).layout == layout and (x.T).shape == (6, 10)
    assert da.zeros((10, 6), distribution=x).layout == layout
    lists = [list(range(part, 9, size))[::-1] for part in range(size)]
    y = da.asarray(numpy.arange(9), distribution=("unstructured", lists))
    assert [list(one) for one in [y.local]] == [lists[rank]]
    numpy.testing.assert_array_equal(y[::-1].gather(), numpy.arange(9)[::-1])
    with raises(ValueError, "no distribution"):
        da.zeros(3, distribution="diagonal")
    with raises(ValueError, "shape"):
        da.zeros(3, distribution=layout)


def texts():
    x = da.zeros((40, 50), distribution=("block", "cyclic"))
    assert repr(x).startswith("Array(float64, (40, 50) over ") and len(set(context._gather_all(repr(x).encode()))) == 1
    assert repr(x.sum()) == "Array(0.0, float64)"
    assert (f"{x[0, 0] + 2:.3f}", f"{x.sum()}", f"{x}") == ("2.000", repr(x.sum()), repr(x))
    with raises(TypeError, "no format '.2f': use `x.gather()`"):
        f"{x:.2f}"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        da.arange(5).show()
        da.asarray(numpy.arange(2500.0).reshape(50, 50)).show()
    expected = f"[0 1 2 3 4]\n{numpy.arange(2500.0).reshape(50, 50)}\n" if rank == 0 else ""
    assert out.getvalue() == expected, out.getvalue()


def values():
    x = da.arange(10)
    s = x.sum()
    assert (int(s), float(s), bool(s), s.item(), s == 45) == (45, 45.0, True, 45, True)
    assert range(100)[s] == 45 and complex(s) == 45
    numpy.testing.assert_array_equal(da.asarray([[x[1], x[2]], [x[3], 5]]).gather(), [[1, 2], [3, 5]])
    assert x[3].shape == () and int(x[3]) == 3 and int(x[-1]) == 9
    assert (s + 1)._state == "value" and ((s / 2) + x).dtype == da.float64
    for function in (bool, float, int, complex):
        with raises(TypeError, "without dimensions"):
            function(x)
    with raises(IndexError, "out of bounds"):
        x[10]
    with raises(IndexError, "out of bounds"):
        x[numpy.array([3, 10])]
    with raises(IndexError, "dimensions"):
        x[0, 0]
    with raises(OverflowError, "out of the range"):
        da.zeros(3, dtype="uint8") + 300


def refusals():
    x = da.arange(10.0)
    with raises(TypeError, "gather"):
        numpy.asarray(x)
    with raises(TypeError, "gather"):
        numpy.fft.fft(x)
    with raises(TypeError, "gather"):
        numpy.subtract.reduce(x)
    for combine in (lambda: numpy.ones(10) + x, lambda: x + numpy.ones(10)):
        with raises(TypeError, "asarray"):
            combine()
    assert [float(value) for value in x] == list(range(10))
    if size > 1:
        with raises(BufferError, "gather"):
            numpy.from_dlpack(x)
    else:
        assert numpy.from_dlpack(x)[3] == 3
    for product in (lambda: x @ numpy.ones(10), lambda: da.vecdot(numpy.ones(10), x), lambda: da.tensordot(x, numpy.ones(10), axes=1)):
        with raises(TypeError, "asarray"):
            product()
    with raises(TypeError, "cannot be computed with"):
        da.zeros(3, dtype="float16")
    with raises(ValueError, "broadcast"):
        x + da.zeros(3)
    with raises(TypeError, "not defined"):
        da.arange(3.0) << 1
    with raises(TypeError, "hash"):
        hash(x)


def roots():
    whole = numpy.arange(12, dtype="float32").reshape(3, 4) if rank == size - 1 else None
    x = da.from_root(whole, root=size - 1, distribution=("none", "block"))
    numpy.testing.assert_array_equal(x.gather(), numpy.arange(12).reshape(3, 4))
    assert (x.gather(root=size - 1) is None) == (rank != size - 1)
    with raises(TypeError, "gives no array"):
        da.from_root(None)
    assert float(da.from_root(2.5 if rank == 0 else None)) == 2.5


def threads():
    x = da.arange(4.0)
    y = x + 1
    errors = []

    def use():
        for attempt in (lambda: x + 1, lambda: x.shape, lambda: x.sum(), lambda: context.barrier(), lambda: x.local):
            try:
                attempt()
            except RuntimeError as error:
                errors.append("another thread" in str(error))

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert errors == [True] * 5, errors
    # An array that another thread drops is freed by its owner, at the next use of an array.
    memory = numpy.zeros(4)
    kept = weakref.ref(memory)
    whole = da.from_local(memory if rank == 0 else None, daparray.Layout([daparray.Block(4)]), dtype=float)
    del memory
    box = [whole]
    del whole
    thread = threading.Thread(target=box.clear)
    thread.start()
    thread.join()
    assert rank or kept() is not None
    assert x.ndim == 1
    gc.collect()
    assert kept() is None
    del y


def other_threads_run():
    """A rank that waits lets other threads of its process go on: rank 0 waits until a thread of it
    has counted, and the others until it arrives."""
    counted = threading.Event()
    if rank == 0:
        thread = threading.Thread(target=lambda: counted.set())
        thread.start()
        thread.join()
    context.barrier()
    assert rank or counted.is_set()


def numpy_functions():
    x = da.linspace(0.0, 1.0, 11)
    assert isinstance(numpy.sin(x), da.Array) and isinstance(numpy.mean(x), da.Array)
    assert x.__array_namespace__() is da and (x.device, da.e, da.newaxis) == ("cpu", numpy.e, None)
    info = da.__array_namespace_info__()
    assert info.dtypes(kind="bool") == {"bool": da.bool} and len(info.dtypes()) == 13


run_parts((pending, cheaper, writes, exposed, layouts, texts, values, refusals, roots, threads, other_threads_run, numpy_functions), context)
if rank == 0:
    print(f"ranks {size}, all rules hold", flush=True)
