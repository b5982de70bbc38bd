"""An error of one rank is an error of all, at every collective entry point; signal handlers that
raise in a move; broken moves."""

import subprocess
import sys
import unittest

from test_distarray import ENVIRONMENT, HERE, MPIRUN, require


class OverMpi(unittest.TestCase):
    def ranks(self, program, processes, says):
        require()
        command = [MPIRUN, "-n", str(processes), sys.executable, str(HERE / program)]
        run = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=240)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout.strip().splitlines()[-1], says)

    def test_errors_of_one_rank(self):
        for processes in (1, 2, 3):
            with self.subTest(processes=processes):
                self.ranks("agreement_ranks.py", processes, rf"ranks {processes}, refused on all [1-9]\d\d")

    def test_signals_and_broken_moves(self):
        for processes in (2, 3):
            with self.subTest(processes=processes):
                self.ranks("interrupt_ranks.py", processes, rf"ranks {processes}, interrupted [1-9]")


if __name__ == "__main__":
    unittest.main()
