"""The real DistArray 0.6 under mpirun: it lends to daparray and takes from it, without copies.

Needs `mpirun` and what `conformance/requirements.txt` names; skipped without, or failing with
DAP_REQUIRE_MPI=1.
"""

import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "conformance" / "dump"))

from distarray_mpi import ENVIRONMENT, MPIRUN, require  # noqa: E402


class BothWays(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require()

    def exchanges(self, processes):
        command = [MPIRUN, "-n", str(processes), sys.executable, str(HERE / "distarray_ranks.py")]
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
