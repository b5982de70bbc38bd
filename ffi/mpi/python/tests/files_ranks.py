"""Files on some ranks, beside NumPy's: `files_ranks.py FOLDER`."""

import importlib.util
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
    whole = x
    da.save(path, da.asarray(x, distribution=KINDS[4]), name="steps", mode="a", maxshape=(None, 6), chunks=(4, 6))
    for kind in KINDS:
        da.append_to_file(path, da.asarray(x[:3], distribution=kind), name="steps", sync=False)
        whole = numpy.concatenate([whole, x[:3]])
        check(numpy.array_equal(da.load(path, name="steps").gather(), whole), f"{kind} behind others in HDF5")
    if importlib.util.find_spec("h5py"):
        import h5py

        with h5py.File(path, "r") as file:
            check(numpy.array_equal(file["steps"][...], whole), "h5py reads")
            check(file["steps"].maxshape == (None, 6), "the largest extents")
    context.barrier()

traced = os.path.join(folder, "traced.npy")
with da.traced_files() as trace:
    da.save(traced, da.asarray(x, distribution=("block", "none")), sync=False)
written = [row for row in trace.rows if row[2] == "writes"]
check(sum(row[5] for row in written) == x.nbytes, f"each byte is written once: {trace}")
check([row[0] for row in written] == list(range(len(written))), f"each rank writes its rows: {trace}")
check(all(row[1] == traced for row in trace.rows), f"one file: {trace}")
check(str(trace).count("\n") == 1 + len(trace.rows) and trace.svg.startswith("<svg"), str(trace))
da.load(traced)
with da.traced_files() as trace:
    pass
check(trace.rows == [], "nothing is recorded outside")

store = os.path.join(folder, "x.zarr")
try:
    da.save(store, array, sync=False)
    has_zarr = True
except RuntimeError as error:
    check("1.91" in str(error) and not os.environ.get("DAP_REQUIRE_ZARR"), str(error))
    has_zarr = False
if has_zarr:
    attributes |= {"nested": {"of": [None, True, "ä"]}}
    for kind in KINDS:
        array = da.asarray(x, distribution=kind)
        options = {"chunks": (5, 4), "compression": 3, "checksum": True} if kind else {}
        da.save(store, array, attributes=attributes, sync=False, **options)
        check(da.load(store).layout == array.layout, f"the distribution {kind} in Zarr")
        for other in KINDS:
            check(numpy.array_equal(da.load(store, distribution=other).gather(), x), f"{kind} as {other} in Zarr")
        region = numpy.s_[1:9:2, ::-1]
        check(numpy.array_equal(da.load(store + "/", region).gather(), x[region]), "a region of Zarr")
        check(numpy.array_equal(da.load(store, 3, distribution="cyclic").gather(), x[3]), "a row of Zarr")
    found = da.load_attributes(store)
    check(found == attributes | {"scale": [0.5, 2.0]}, f"attributes of Zarr: {found}")
    whole = x
    for kind in KINDS:
        part = x[:, : 1 + len(kind or ())]
        da.append_to_file(store, da.asarray(part, distribution=kind), axis=-1, sync=False)
        whole = numpy.concatenate([whole, part], axis=1)
        check(numpy.array_equal(da.load(store).gather(), whole), f"{kind} behind others in Zarr")
    check(da.load_attributes(store) == found, "an append keeps the attributes")
    if importlib.util.find_spec("zarr"):
        import zarr

        there = zarr.open_array(store, mode="r")
        check(numpy.array_equal(there[...], whole) and there.attrs["nested"] == attributes["nested"], "zarr-python reads")
    context.barrier()

name = os.path.join(folder, "x.dnpy")
for call, kind in (
    (lambda: da.save(store, array, attributes={"a": 1j}), TypeError if has_zarr else Exception),
    (lambda: da.save(store, array, attributes={"a": numpy.nan}), ValueError if has_zarr else Exception),
    (lambda: da.save(store, array, name="x"), TypeError),
    (lambda: da.save(store, array, order="F"), ValueError),
    (lambda: da.save(path, array, checksum=True), TypeError),
    (lambda: da.load_attributes(store, name="x"), TypeError),
    (lambda: da.load(store, 99), Exception),
    (lambda: da.append_to_file(store, array.astype("float32"), axis=1), ValueError if has_zarr else Exception),
    (lambda: da.append_to_file(store, array[:2], axis=0), ValueError if has_zarr else Exception),
    (lambda: da.append_to_file(store, array, axis=2), ValueError),
    (lambda: da.append_to_file(path, array, name="group/x"), Exception),
    (lambda: da.append_to_file(store, array, name="x"), TypeError),
    (lambda: da.save(store, array, maxshape=(None, 6)), TypeError),
    (lambda: da.append_to_file(os.path.join(folder, "x.npy"), array), TypeError),
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
