"""`HaloExchange` under mpirun, beside a slow oracle; and what it says of itself."""

import inspect
import re
import subprocess
import sys
import unittest

import daparray
from launch import summary, ways


class OverMpi(unittest.TestCase):
    def ranks(self, processes, counts):
        for way in ways(processes):
            with self.subTest(way=way):
                said = summary(self, "halo_ranks.py", processes, "-W", "error", arguments=[way])
                self.assertRegex(said, rf"ranks {processes}, {counts}, interrupted [1-9]\d*, by {way}")

    def test_one_process(self):
        self.ranks(1, "exchanged 194, refused 20")

    def test_two_processes(self):
        self.ranks(2, "exchanged 196, refused 27")

    def test_three_processes(self):
        self.ranks(3, "exchanged 196, refused 27")

    def test_four_processes(self):
        self.ranks(4, "exchanged 232, refused 27")


class Class(unittest.TestCase):
    def test_signatures(self):
        said = str(inspect.signature(daparray.HaloExchange))
        self.assertEqual(said, "(layout, dtype, comm, *, corners=True, ranks=None, limit=None)")
        for method in (daparray.HaloExchange.start, daparray.HaloExchange.exchange):
            self.assertEqual(list(inspect.signature(method).parameters), ["self", "array"])

    def test_mpi4py_is_not_imported_before_it_is_used(self):
        code = "import sys, daparray; daparray.HaloExchange; assert 'mpi4py' not in sys.modules"
        subprocess.run([sys.executable, "-c", code], check=True)

    def test_a_process_by_itself(self):
        layout = daparray.Layout([daparray.Block(8, 1, halo=1)])
        for comm, kind, says in [(None, TypeError, "`comm` is None"), ("comm", TypeError, "of type str")]:
            with self.assertRaisesRegex(kind, re.escape(says)):
                daparray.HaloExchange(layout, "f8", comm)
        with self.assertRaisesRegex(TypeError, "missing"):
            daparray.HaloExchange(layout)


if __name__ == "__main__":
    unittest.main()
