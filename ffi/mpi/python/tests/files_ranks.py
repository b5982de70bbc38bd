"""Files on some ranks, beside NumPy's: `files_ranks.py FOLDER`."""

import os
import sys

import numpy

import daparray.array as da

folder = sys.argv[1]
context = da.default_context()
KINDS = [None, ("block", "none"), ("cyclic", "none"), ("none", "block"), (("cyclic", 2), "block"), "irregular"]
SHAPE = (13, 6)


def check(condition, what):
    assert condition, f"rank {context.rank}: {what}"


x = numpy.arange(78.0).reshape(SHAPE)
path = os.path.join(folder, "x.npy")
for kind in KINDS:
    array = da.asarray(x, distribution=kind)
    da.save(path, array, sync=False)
    check(numpy.array_equal(numpy.load(path), x), f"NumPy reads {kind}")
    context.barrier()
    for other in KINDS:
        check(numpy.array_equal(da.load(path, distribution=other).gather(), x), f"{kind} as {other}")
da.save(path, da.asarray(x).T)
found = numpy.load(path)
check(numpy.array_equal(found, x.T) and found.flags.f_contiguous, "Fortran's order")
region = numpy.s_[1:5, ::2]
check(numpy.array_equal(da.load(path, region).gather(), x.T[region]), "a region")
check(numpy.array_equal(da.load(path, 2, distribution="cyclic").gather(), x.T[2]), "a row")
context.barrier()

name = os.path.join(folder, "x.dnpy")
array = da.asarray(x, distribution=("cyclic", "none"))
da.save(name, array)
check(da.load(name).layout == array.layout and numpy.array_equal(da.load(name).gather(), x), ".dnpy")
check(numpy.array_equal(da.load(name, distribution=("none", "block")).gather(), x), ".dnpy in another distribution")

path = os.path.join(folder, "x.h5")
attributes = {"unit": "m/s", "step": 3, "time": 0.5, "origin": [0, 1], "scale": numpy.array([0.5, 2.0])}
try:
    da.save(path, array, sync=False)
    has_hdf5 = True
except RuntimeError as error:
    check("libhdf5-dev" in str(error) and not os.environ.get("DAP_REQUIRE_HDF5"), str(error))
    has_hdf5 = False
if has_hdf5:
    da.save(path, array, name="group/x", mode="a", attributes=attributes, sync=False)
    for kind in KINDS:
        array = da.asarray(x, distribution=kind)
        options = {"chunks": (5, 4), "compression": 4, "shuffle": True} if kind else {"chunks": (5, 4)}
        da.save(path, array, name=f"kinds/{kind}", mode="a", sync=False, **options)
        check(da.load(path, name=f"kinds/{kind}").layout == array.layout, f"the distribution {kind}")
        for other in KINDS:
            loaded = da.load(path, name=f"kinds/{kind}", distribution=other)
            check(numpy.array_equal(loaded.gather(), x), f"{kind} as {other} in HDF5")
    check(numpy.array_equal(da.load(path).gather(), x), "the dataset `data`")
    found = da.load_attributes(path, name="group/x")
    check(found == attributes | {"scale": [0.5, 2.0]}, f"attributes: {found}")
    region = numpy.s_[1:9:2, ::-1]
    for name in ("data", "kinds/irregular"):
        check(numpy.array_equal(da.load(path, region, name=name).gather(), x[region]), "a region of HDF5")
    context.barrier()

name = os.path.join(folder, "x.dnpy")
for call, kind in (
    (lambda: da.load(path, name="nothing"), Exception),
    (lambda: da.save(path, array, attributes={"a": {}}), Exception),
    (lambda: da.save(path, array, mode="r"), ValueError),
    (lambda: da.save(os.path.join(folder, "x.npy"), array, chunks=(2, 2)), TypeError),
    (lambda: da.load(os.path.join(folder, "nothing.npy")), Exception),
    (lambda: da.save(os.path.join(folder, "no", "x.npy"), array), Exception),
    (lambda: da.save(os.path.join(folder, "x.txt"), array), ValueError),
    (lambda: da.load(name, 3), TypeError),
):
    try:
        call()
    except kind as error:
        texts = context.gather(str(error), root=0)
        check(texts is None or len(set(texts)) == 1, f"the same error everywhere: {texts}")
    else:
        check(False, "no error")
if context.rank == 0:
    print(f"ranks {context.size}, the same files")
