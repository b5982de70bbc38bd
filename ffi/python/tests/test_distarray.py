"""The real DistArray 0.6 under mpirun: it lends to daparray and takes from it, without copies.

Needs `mpirun` and what `conformance/requirements.txt` names; skipped without, or failing with
DAP_REQUIRE_MPI=1.
"""

import unittest

from launch import summary


class BothWays(unittest.TestCase):
    def exchanges(self, processes):
        return summary(self, "distarray_ranks.py", processes)

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
