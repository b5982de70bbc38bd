"""The recorded verdicts of the 2014 validator and of DistArray are those that they give when
run."""

import os
import pathlib
import subprocess
import sys
import unittest

RECORD = pathlib.Path(__file__).resolve().parents[2] / "cases" / "record.py"


class Verdicts(unittest.TestCase):
    def test_recorded_verdicts_are_those_found(self):
        lack = subprocess.run([sys.executable, "-c", "import distarray, mpi4py.MPI"], stderr=subprocess.DEVNULL)
        if lack.returncode and not os.environ.get("DAP_REQUIRE_MPI"):
            self.skipTest("no DistArray, or no MPI")
        run = subprocess.run([sys.executable, RECORD], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual((run.returncode, run.stdout), (0, ""), "after a change: record.py --write, and look at it")


if __name__ == "__main__":
    unittest.main()
