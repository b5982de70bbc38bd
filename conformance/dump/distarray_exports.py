"""Make real exports of the real DistArray 0.6, and check them without the checker.

    mpirun -n 4 python distarray_exports.py DIRECTORY

writes one directory for each case in `distarray_cases.py`, for this number of processes:
`DIRECTORY/p4-<case>/rank-<r>.json`, or `<case>_<r>.dnpy`. `DIRECTORY/index.json` records how each
was made and whether it violates the protocol's text (`text_oracle.py`); runs with other numbers of
processes add to it. `compare_verdicts.py` compares it with a validator's verdicts.

Arrays that DistArray itself refuses to make are listed in the index under "refused".
"""

import json
import os
import sys

import distarray_shim  # first: it makes the following imports possible

import numpy
from mpi4py import MPI

from distarray.localapi import localarray, maps

import dap_dump
from distarray_cases import cases
from text_oracle import violations

assert distarray_shim


class Refused(Exception):
    """DistArray raised on some process; the text is the first process's."""


def main():
    comm, directory = MPI.COMM_WORLD, sys.argv[1]
    index = {}
    for case in cases(comm.size):
        name = "p%d-%s" % (comm.size, case.name)
        try:
            array = make(case, comm)
        except Refused as reason:
            index[name] = {"how": case.how, "processes": comm.size, "refused": str(reason)}
            continue
        for form in case.forms:
            place = name if form == "json" else "%s.%s" % (name, form)
            entry = write(array, os.path.join(directory, place), case.name, form, comm)
            if entry is not None:
                index[place] = dict(entry, how=case.how, processes=comm.size, form=form)
        if array.distribution.comm != MPI.COMM_NULL:
            array.distribution.comm.Free()
    if comm.rank == 0:
        merge(os.path.join(directory, "index.json"), index)


def together(comm, action):
    """Run a function on every process; if it fails on one, raise `Refused` on all of them."""
    result, problem = None, None
    try:
        result = action()
    except Exception as error:  # whatever a library of 2015 raises on a Python of today
        problem = "%s: %s" % (type(error).__name__, error)
    problems = [text for text in comm.allgather(problem) if text]
    if problems:
        raise Refused(problems[0])
    return result


def make(case, comm):
    """The local array of this process."""
    if case.axes is None:
        distribution = together(comm, lambda: maps.Distribution.from_shape(comm, case.shape, case.dist, case.grid))
    else:
        dim_data = case.dim_data(comm.rank)
        # The constructor is collective: first try the parts of it that can fail on one process.
        together(comm, lambda: [maps.map_from_dim_dict(dim) for dim in dim_data])
        distribution = together(comm, lambda: maps.Distribution(comm, dim_data))
    return together(comm, lambda: local_array(case, distribution, comm.rank))


def local_array(case, distribution, rank):
    shape = distribution.local_shape
    buffer = case.fill(shape) if case.fill else numpy.zeros(shape, case.dtype)
    if case.name == "wrong-dtypes" and rank == 0:
        buffer = buffer.astype("f4")
    array = localarray.LocalArray(distribution, buf=buffer)
    return case.after(array) if case.after else array


def write(array, directory, name, form, comm):
    """Write the export in one form; on process 0, return the oracle's answer for it."""
    texts = comm.gather(dap_dump.to_json(array))
    os.makedirs(directory, exist_ok=True)
    spoiled = False
    if form in ("json", "data"):
        dap_dump.dump(array, directory, comm.rank, data=form == "data")
    else:
        # NumPy 2 writes `np.int64(3)` where NumPy 1 wrote `3`; files of both kinds exist.
        with numpy.printoptions(legacy="1.25" if form == "dnpy-old" else False):
            path = os.path.join(directory, "%s_%d.dnpy" % (name, comm.rank))
            localarray.save_dnpy(path, array)
        spoiled = comm.allreduce(b"..." in header(path), MPI.LOR)
    if texts is None:
        return None
    found = violations([json.loads(text) for text in texts])
    if spoiled:
        found.append("a .dnpy header holds abbreviated indices: [0, 1, ..., 9]")
    return {"valid": not found, "violations": found}


def header(path):
    with open(path, "rb") as file:
        start = file.read(10)
        return file.read(int.from_bytes(start[8:10], "little"))


def merge(path, index):
    """Add to the index of runs with other numbers of processes."""
    known = {}
    if os.path.exists(path):
        with open(path) as file:
            known = json.load(file)
    known.update(index)
    with open(path, "w") as file:
        json.dump(known, file, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
