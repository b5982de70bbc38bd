"""The real DistArray 0.6 under mpirun: it lends to daparray and takes from it, without copies.

Needs `mpirun` and what `conformance/requirements.txt` names; skipped without, or failing with DAP_REQUIRE_MPI=1.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
DUMP = HERE.parents[2] / "conformance" / "dump"
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_rmaps_base_oversubscribe="1", OMP_NUM_THREADS="1")


def missing():
    """What this machine lacks for running DistArray, or None."""
    if shutil.which("mpirun") is None:
        return "no mpirun"
    command = [sys.executable, "-c", "import distarray_shim, distarray.localapi, mpi4py.MPI"]
    run = subprocess.run(command, cwd=DUMP, env=ENVIRONMENT, capture_output=True)
    return None if run.returncode == 0 else run.stderr.decode(errors="replace").strip().splitlines()[-1]


class BothWays(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        lack = missing()
        if lack and os.environ.get("DAP_REQUIRE_MPI"):
            raise AssertionError(lack)
        if lack:
            raise unittest.SkipTest(lack)

    def exchanges(self, processes):
        command = ["mpirun", "-n", str(processes), sys.executable, str(HERE / "distarray_ranks.py")]
        run = subprocess.run(command, cwd=HERE, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout.strip().splitlines()[-1]

    def test_one_process(self):
        self.assertEqual(self.exchanges(1), "ranks 1, exchanges 13")

    def test_two_processes(self):
        self.assertEqual(self.exchanges(2), "ranks 2, exchanges 13")

    def test_four_processes(self):
        self.assertEqual(self.exchanges(4), "ranks 4, exchanges 17")

    def test_twelve_processes(self):
        self.assertEqual(self.exchanges(12), "ranks 12, exchanges 14")


if __name__ == "__main__":
    unittest.main()
