"""Record the results of the 2014 validator and DistArray 0.6 for each case, by running them.

    python record.py            compare with verdicts.json; exit status 1 if something differs
    python record.py --write    write verdicts.json

Needs the packages of `conformance/requirements.txt`, and no `mpirun`: DistArray only asks its
communicator for a process grid of a given shape. So each rank's export is handed to it with a
communicator that grants any grid with the array's number of processes (see `Pretended`). A verdict
is that on the first rank, in rank order, whose export is not accepted, or "accepts":

    reference   accepts | rejects | crashes: <the exception's type>
    distarray   accepts | raises: <the exception's type>

A case without a verdict has a text that Python cannot read, or a buffer that NumPy cannot make.
"""

import array
import json
import pathlib
import sys
import warnings

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "dump"))
warnings.simplefilter("ignore")

import distarray_shim  # noqa: E402  first: it lets DistArray import on current Pythons

import numpy  # noqa: E402
from distarray.externals import protocol_validator  # noqa: E402
from distarray.localapi.localarray import LocalArray  # noqa: E402
from mpi4py import MPI  # noqa: E402

assert distarray_shim
VERDICTS = HERE / "verdicts.json"


class NoBuffer(Exception):
    """NumPy cannot make the buffer that an export describes."""


class Pretended(MPI.Intracomm):
    """A communicator that grants every grid that has enough processes."""

    processes = 1

    def Create_cart(self, dims, periods=None, reorder=False):
        needed = 1
        for extent in dims:
            if extent < 1:
                raise MPI.Exception(MPI.ERR_DIMS)
            needed *= extent
        if needed > self.processes:
            raise MPI.Exception(MPI.ERR_DIMS)
        return self


def cases():
    """Every case, in order of its id."""
    for path in sorted(HERE.glob("*/*.json"), key=lambda path: path.name):
        yield json.loads(path.read_text(encoding="utf-8"))


def exports(case):
    """The exports of a case as Python reads them, or None."""
    if "ranks" in case:
        return case["ranks"]
    try:
        if case["form"] == "lines":
            return [json.loads(line) for line in case["text"].splitlines() if line.strip()]
        document = json.loads(case["text"])
    except (ValueError, RecursionError):
        return None
    ranks = document.get("ranks") if case["form"] == "bundle" else [document]
    return ranks if isinstance(ranks, list) else None


def in_python(export):
    """The export as a Python producer returns it: tuples, a buffer, buffers of indices."""
    if not isinstance(export, dict):
        return export
    export = dict(export)
    if isinstance(export.get("buffer"), dict):
        export["buffer"] = buffer(export["buffer"])
    if isinstance(export.get("dim_data"), list):
        export["dim_data"] = tuple(dictionary(dim) for dim in export["dim_data"])
    return export


def dictionary(dim):
    if not isinstance(dim, dict):
        return dim
    dim = dict(dim)
    if isinstance(dim.get("padding"), list):
        dim["padding"] = tuple(dim["padding"])
    if isinstance(dim.get("indices"), list):
        integers = all(type(index) is int for index in dim["indices"])
        dim["indices"] = array.array("q" if integers else "d", dim["indices"])
    return dim


def buffer(description):
    """A buffer of this type and shape that takes no memory."""
    try:
        dtype = description["dtype"]
        if isinstance(dtype, list):
            dtype = [tuple(field) for field in dtype]
        shape = tuple(description["shape"])
        one = numpy.zeros(1, dtype)
        strides = (0,) * len(shape)
        return numpy.lib.stride_tricks.as_strided(one, shape, strides)
    except (KeyError, TypeError, ValueError, OverflowError, MemoryError) as problem:
        raise NoBuffer from problem


def reference(export):
    try:
        return "accepts" if protocol_validator.validate(export)[0] else "rejects"
    except Exception as problem:
        return "crashes: " + type(problem).__name__


def distarray(export, processes):
    communicator = Pretended(MPI.COMM_SELF)
    communicator.processes = processes
    try:
        LocalArray.from_distarray(communicator, export)
    except Exception as problem:
        return "raises: " + type(problem).__name__
    return "accepts"


def first_refusal(verdicts):
    return next((verdict for verdict in verdicts if verdict != "accepts"), "accepts")


def verdicts():
    """The verdicts by case, for the cases that both programs can read."""
    found = {}
    for case in cases():
        ranks = exports(case)
        if not ranks:
            continue
        try:
            in_memory = [in_python(export) for export in ranks]
        except NoBuffer:
            continue
        found[case["id"]] = {
            "reference": first_refusal(reference(export) for export in in_memory),
            "distarray": first_refusal(distarray(export, len(ranks)) for export in in_memory),
        }
    return found


def main(arguments):
    found = verdicts()
    lines = ["  %s: %s" % (json.dumps(name), json.dumps(verdict)) for name, verdict in found.items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if arguments == ["--write"]:
        VERDICTS.write_text(text)
        return 0
    recorded = json.loads(VERDICTS.read_text())
    differ = sorted(name for name in set(found) | set(recorded) if found.get(name) != recorded.get(name))
    for name in differ:
        print("%s: recorded %s, found %s" % (name, recorded.get(name), found.get(name)))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
