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

for call, kind in (
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
