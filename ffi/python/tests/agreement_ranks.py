"""Run under mpirun by `test_agreement.py`: each kind of error of one rank, at every collective
entry point that NumPy suffices for.

`collective_functions` of the package are found, not listed: one without a right call below fails
the test. Those of other libraries are tried by the interop tests, with `wrong_on_one`.
"""

import importlib
import inspect
import sys
import types

import numpy
from daparray import Block, Layout, Plan, adapters
from mpi4py import MPI

comm = MPI.COMM_WORLD
BAD = comm.size - 1
layout = Layout([Block(4 * comm.size, comm.size), Block(3)])
columns = Layout([Block(4 * comm.size, comm.size, balanced=True), Block(3)])


class Interrupts:
    """A producer that is interrupted when it is asked for its memory."""

    def __init__(self, error):
        self.error = error

    def __dlpack_device__(self):
        return (1, 0)

    def __getattr__(self, name):
        if name in ("__dlpack__", "__array_interface__", "__partitioned__", "mask", "layout", "split"):
            raise self.error
        raise AttributeError(name)

    def __dlpack__(self, **_):
        raise self.error


class Own(Exception):
    pass


def parts():
    mine = numpy.zeros((4, 3))
    return mine, layout.section(comm.rank, mine)


def calls():
    """A right call of each entry point: the function, its arguments, and its options."""
    mine, section = parts()
    dictionary = {"shape": (4 * comm.size, 3), "partition_tiling": (comm.size, 1), "locals": [(comm.rank, 0)],
                  "partitions": {(rank, 0): {"start": (4 * rank, 0), "shape": (4, 3), "location": [rank], "data": mine if rank == comm.rank else None}
                                 for rank in range(comm.size)}}  # fmt: skip
    fortran = numpy.zeros((4, 3), order="F")
    blocks = layout.section(comm.rank, fortran)
    return {
        "adapters.numpy.rows": (adapters.numpy.rows, [mine, comm], {}),
        "adapters.numpy.grid": (adapters.numpy.grid, [mine, comm, (comm.size, 1)], {}),
        "adapters._common.ordered": (adapters.ordered, [comm, (comm.rank,), (comm.size,)], {}),
        "adapters._registry.section": (adapters.section, [section, comm], {}),
        "adapters._registry._exported": (importlib.import_module("daparray.adapters._registry")._exported, [section, comm], {}),
        "adapters.partitioned.section": (adapters.partitioned.section, [dictionary, comm], {}),
        "adapters.scalapack.section": (adapters.scalapack.section, [[1, 0, 4 * comm.size, 3, 4, 3, 0, 0, 4], fortran, comm], {"grid": (comm.size, 1)}),
        "adapters.scalapack.descriptor": (adapters.scalapack.descriptor, [blocks, 0], {"comm": comm}),
        "adapters.dask.section": (adapters.dask.section, [None, comm], None),
        "adapters.jax.section": (adapters.jax.section, [None, comm], None),
        "adapters.heat.section": (adapters.heat.section, [None, comm], None),
        "adapters.heat.as_dndarray": (adapters.heat.as_dndarray, [None, comm], None),
        "adapters.mpi4py_fft.section": (adapters.mpi4py_fft.section, [None, comm], None),
        "adapters.mpi4py_fft.as_distarray": (adapters.mpi4py_fft.as_distarray, [None, None, comm], None),
        "adapters.petsc4py.section": (adapters.petsc4py.section, [None, comm], None),
        "adapters.petsc4py.vec": (adapters.petsc4py.vec, [None, comm], None),
        "adapters.petsc4py.dmda": (adapters.petsc4py.dmda, [None, None, comm], None),
        "adapters.petsc4py.as_vec": (adapters.petsc4py.as_vec, [None, comm], None),
        "Plan.execute": (Plan(layout, columns, comm.rank).execute, [comm, mine, numpy.zeros(columns.local_shape(comm.rank))], {}),
    }


def collective_functions():
    """The name of every function of the adapters that has a parameter `comm`, and whether it
    agrees; `Plan`'s methods likewise."""
    found = {}
    for name in ("_common", "_registry", *adapters._MODULES):
        module = importlib.import_module(f"daparray.adapters.{name}")
        for thing in vars(module).values():
            if isinstance(thing, types.FunctionType) and thing.__module__ == module.__name__ and "comm" in inspect.signature(thing).parameters:
                public = not thing.__name__.startswith("_") or hasattr(thing, "collective")
                if public and thing.__name__ not in ("in_order", "along"):
                    found[f"adapters.{name}.{thing.__name__}"] = hasattr(thing, "collective")
    for name, thing in vars(Plan).items():
        if callable(thing) and not name.startswith("_") and "comm" in inspect.signature(thing).parameters:
            found[f"Plan.{name}"] = True
    return found


def mistakes(arguments, options):
    """Changed arguments and options of the rank that is wrong, each with the exception that this
    rank itself may raise."""
    at = [place for place, value in enumerate(arguments) if value is not comm]
    for place in at:
        for wrong in (None, [1.0, 2.0], object(), "text", 1.5, 2**63, numpy.zeros((1, 1, 1)), Interrupts(KeyboardInterrupt()), Interrupts(SystemExit(3)),
                      Interrupts(Own("own"))):  # fmt: skip
            yield [*arguments[:place], wrong, *arguments[place + 1 :]], options
    yield arguments, {**options, "no_such_option": 1}
    yield [*arguments, 1, 2, 3, 4], options
    for name in ("axis", "halo", "grid", "order", "limit", "source_ranks"):
        for wrong in (1.5, 2**63, "text", object()):
            yield arguments, {**options, name: wrong}


def outcome(function, arguments, options):
    try:
        function(*arguments, **options)
    except BaseException as error:
        return type(error).__name__, str(error), getattr(error, "__notes__", [])
    return None


def main():
    right, checked = calls(), 0
    found = collective_functions()
    assert set(found) == set(right), set(found) ^ set(right)
    assert all(found.values()), [name for name, agrees in found.items() if not agrees]
    for name, (function, arguments, options) in right.items():
        if options is None:
            continue  # `wrong_on_one` of the interop tests, which have the library
        assert outcome(function, arguments, options) is None, (name, outcome(function, arguments, options))
        for wrong, strange in mistakes(arguments, options):
            mine = outcome(function, wrong, strange) if comm.rank == BAD else outcome(function, arguments, options)
            everyone = comm.allgather(mine)
            raised = [one is not None for one in everyone]
            assert all(raised) or not any(raised), (name, wrong, strange, everyone)
            if all(raised) and comm.size > 1:
                for rank, one in enumerate(everyone):
                    assert f"rank {BAD}" in " ".join((one[1], *one[2])) or "differ" in one[1] or "rank" in one[1], (name, rank, one)
                if everyone[BAD][0] in ("KeyboardInterrupt", "SystemExit"):
                    assert {one[0] for rank, one in enumerate(everyone) if rank != BAD} == {"RuntimeError"}, everyone
                    assert all(everyone[BAD][0] in one[1] for rank, one in enumerate(everyone) if rank != BAD), everyone
            checked += all(raised)
        # The communicator is as good as before.
        assert outcome(function, arguments, options) is None, name
    if comm.rank == 0:
        print(f"ranks {comm.size}, refused on all {checked}")
    sys.stdout.flush()


main()
