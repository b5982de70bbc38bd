"""A program of this folder under mpirun, and the line in which its rank 0 sums up."""

import importlib.util
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "conformance" / "dump"))

from distarray_mpi import ENVIRONMENT, MPIRUN, require  # noqa: E402


# Whether the engine of `daparray.array` carries elements: it is built, for the MPI of mpi4py. The
# tests run under another MPI as well, which `DAP_MPIRUN` names.
HAS_ENGINE = importlib.util.find_spec("daparray.array._engine") is not None and "DAP_MPIRUN" not in os.environ


def ways(processes):
    """The ways of the elements that programs of this many processes are tested with."""
    if not HAS_ENGINE:
        return ["messages"]
    return ["engine", "messages"] if processes in (2, 4) else ["engine"]


def summary(test, program, processes, *options, arguments=()):
    """The line "ranks N, ..." that rank 0 of `program` prints. An MPI prints lines of its own to
    the same output, before and after it."""
    require()
    command = [MPIRUN, "-n", str(processes), sys.executable, *options, str(HERE / program), *arguments]
    run = subprocess.run(command, cwd=HERE, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    test.assertEqual(run.returncode, 0, run.stderr)
    lines = [line for line in run.stdout.splitlines() if line.startswith("ranks ")]
    test.assertEqual(len(lines), 1, run.stdout)
    return lines[0]
