"""A client whose ranks others start: on two hosts that this machine plays, and by ipyparallel."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
sys.path.insert(0, str(ROOT / "conformance" / "dump"))

from distarray_mpi import ENVIRONMENT  # noqa: E402

os.environ.update(ENVIRONMENT)

from daparray.client import Context  # noqa: E402


class Hosts(unittest.TestCase):
    def test_two_hosts(self):
        with tempfile.TemporaryDirectory() as folder:
            program = [sys.executable, str(HERE / "client_hosts_ranks.py"), os.path.join(folder, "run.json")]
            done = subprocess.run([ROOT / ".ci" / "hosts", "2", "-n", "2", *program], capture_output=True, text=True, timeout=120)
        if done.returncode == 77:
            self.skipTest(done.stderr)
        # The launcher's status is that of the rank that ended.
        self.assertIn("interrupted\nsum 45\nrank 1 was lost (process ", done.stdout, f"status {done.returncode}: {done.stderr}")


class Ipyparallel(unittest.TestCase):
    def test_engines_of_ipyparallel(self):
        import ipyparallel

        with ipyparallel.Cluster(engines="mpi", n=2, log_level=40) as cluster:
            cluster.wait_for_engines(2)
            view = cluster[:]
            processes = view.apply_sync(os.getpid)
            # The engines are the view's again after each context.
            for _ in range(2):
                with Context.from_ipyparallel(view) as context:
                    self.assertEqual(sorted(process for _, process in context.processes), sorted(processes))
                    self.assertEqual(context.array.arange(5).gather().tolist(), [0, 1, 2, 3, 4])
                self.assertEqual(view.apply_sync(os.getpid), processes)


if __name__ == "__main__":
    unittest.main()
