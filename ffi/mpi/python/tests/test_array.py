"""`daparray.array` beside NumPy on several ranks, each in a launch of its own: programs
`*_ranks.py`.

DAP_RANKS chooses the numbers of ranks; DAP_SAMPLE draws one launch of so many, by DAP_SEED.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "conformance" / "dump"))

from distarray_mpi import ENVIRONMENT, MPIRUN  # noqa: E402

SEED = int(os.environ.get("DAP_SEED", "0"))
SAMPLE = int(os.environ.get("DAP_SAMPLE", "1"))
RANKS = [int(ranks) for ranks in os.environ.get("DAP_RANKS", "1,2,3,4").split(",")]
DEFAULTS = ["block", "cyclic", "cyclic(3)", "irregular", "none,block"]


def run(test, program, *arguments, ranks=1, launcher=True, **variables):
    """The output of a program on some ranks, which must succeed."""
    command = [sys.executable, str(HERE / program), *map(str, arguments)]
    if launcher:
        command = [MPIRUN, "-n", str(ranks), *command]
    environment = {**ENVIRONMENT, "DAP_NUM_THREADS": "1", **variables}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    test.assertEqual(done.returncode, 0, done.stdout + done.stderr)
    return done.stdout


class Oracle(unittest.TestCase):
    def test_all_functions(self):
        for at, ranks in enumerate(RANKS):
            if (at + SEED) % SAMPLE:
                continue
            with self.subTest(ranks=ranks):
                default = DEFAULTS[(SEED + at) % len(DEFAULTS)]
                out = run(self, "oracle_ranks.py", 200, SEED, ranks=ranks, DAP_DEFAULT_DISTRIBUTION=default)
                self.assertIn(f"ranks {ranks}, cases 200", out)


class Rules(unittest.TestCase):
    """Rules beside values."""

    def test_on_ranks(self):
        for ranks in RANKS:
            with self.subTest(ranks=ranks):
                self.assertIn(f"ranks {ranks}, all rules hold", run(self, "rules_ranks.py", ranks=ranks))

    def test_programs_for_numpy(self):
        for ranks in RANKS:
            with self.subTest(ranks=ranks):
                self.assertIn(f"ranks {ranks}, programs 6", run(self, "programs_ranks.py", ranks=ranks))

    def test_without_a_launcher(self):
        self.assertIn("ranks 1, all rules hold", run(self, "rules_ranks.py", launcher=False))

    def test_each_rank_by_itself(self):
        for ranks in RANKS[:3]:
            with self.subTest(ranks=ranks):
                self.assertIn(f"ranks {ranks}, all parts", run(self, "spmd_ranks.py", ranks=ranks))

    def test_functions_of_the_user(self):
        with tempfile.TemporaryDirectory() as folder:
            library = str(pathlib.Path(folder) / "functions.so")
            compiler = os.environ.get("CC", "cc")
            subprocess.run([compiler, "-O2", "-ffp-contract=off", "-shared", "-fPIC", "-o", library, str(HERE / "functions.c")], check=True)
            for ranks in RANKS[:3]:
                with self.subTest(ranks=ranks):
                    self.assertIn(f"ranks {ranks}, all functions", run(self, "functions_ranks.py", library, ranks=ranks))

    def test_a_rank_that_leaves(self):
        with tempfile.TemporaryDirectory() as folder:
            said = pathlib.Path(folder) / "said"
            command = [MPIRUN, "-n", "2", sys.executable, str(HERE / "leaving_ranks.py"), str(said)]
            environment = {**ENVIRONMENT, "DAP_NUM_THREADS": "1", "DAP_CHECK": "1"}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(said.read_text(), "good\n", done.stderr)

    def test_lines_of_other_libraries(self):
        for ranks in RANKS[:3]:
            with self.subTest(ranks=ranks):
                self.assertIn(f"ranks {ranks}, lines", run(self, "migration_ranks.py", ranks=ranks))

    def test_mpi4py_first(self):
        for ranks in RANKS[:2]:
            with self.subTest(ranks=ranks):
                self.assertIn("all communicators", run(self, "mpi4py_ranks.py", ranks=ranks))


class Interpreter(unittest.TestCase):
    def test_no_mpi_at_import(self):
        code = "import daparray.array as da; from mpi4py import rc; rc.initialize = False; from mpi4py import MPI; print(MPI.Is_initialized())"
        done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stdout.strip(), "False", done.stderr)

    def test_a_rank_that_raises_ends_the_program(self):
        code = "import daparray.array as da; x = da.zeros(4)\nif x.context.rank: raise KeyError('mine')\nx.sum()"
        command = [MPIRUN, "-n", "2", sys.executable, "-c", code]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        # The ranks' lines may be mixed within one.
        self.assertIn("'mine'", done.stderr)


if __name__ == "__main__":
    unittest.main()
