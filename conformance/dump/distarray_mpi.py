"""The environment for the real DistArray 0.6 under `mpirun`, and the software that a machine lacks
for it."""

import os
import shutil
import subprocess
import sys
import unittest

DUMP = os.path.dirname(os.path.abspath(__file__))
# By default, Open MPI refuses to run as root, and to run more processes than there are cores.
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_rmaps_base_oversubscribe="1", OMP_NUM_THREADS="1")
# The launcher; `.ci/python` names the one of a second MPI.
MPIRUN = os.environ.get("DAP_MPIRUN", "mpirun")


def missing():
    """The software that this machine lacks for running DistArray, or None."""
    if shutil.which(MPIRUN) is None:
        return f"no {MPIRUN}"
    command = [sys.executable, "-c", "import distarray_shim, distarray.localapi, mpi4py.MPI"]
    run = subprocess.run(command, cwd=DUMP, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return None if run.returncode == 0 else run.stderr.decode(errors="replace").strip().splitlines()[-1]


def require():
    """Skips the test if some software is missing, or fails it with DAP_REQUIRE_MPI=1."""
    lack = missing()
    if lack and os.environ.get("DAP_REQUIRE_MPI"):
        raise AssertionError(lack)
    if lack:
        raise unittest.SkipTest(lack)
