"""The real DistArray 0.6 under mpirun: its exports are made, written, and checked.

Needs `mpirun` and the packages of `conformance/requirements.txt`; without them the tests are
skipped (with DAP_REQUIRE_MPI=1 they fail instead). With DAP_VALIDATE=PATH/dap-validate, its
verdicts are compared with the oracle's, for these exports and for the committed examples.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
DUMP = os.path.dirname(HERE)
EXAMPLES = os.path.join(os.path.dirname(DUMP), "examples")
PROCESSES = (1, 2, 3, 4, 6)
ENGINES = (2, 4)
sys.path.insert(0, DUMP)

import compare_verdicts  # noqa: E402
from distarray_mpi import ENVIRONMENT, require  # noqa: E402
from text_oracle import violations  # noqa: E402

VALIDATOR = os.environ.get("DAP_VALIDATE")


def mpirun(processes, *command):
    subprocess.run(["mpirun", "-n", str(processes), sys.executable, *command], cwd=DUMP,
                   env=ENVIRONMENT, check=True, timeout=300)


def section(directory, rank):
    with open(os.path.join(directory, "rank-%d.json" % rank)) as file:
        return json.load(file)


class RealExports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require()
        cls.directory = tempfile.mkdtemp(prefix="distarray-exports-")
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        for processes in PROCESSES:
            mpirun(processes, "distarray_exports.py", cls.directory)
        for engines in ENGINES:
            mpirun(1 + engines, "distarray_client.py", cls.directory)
        with open(os.path.join(cls.directory, "index.json")) as file:
            cls.index = json.load(file)

    def test_every_case_was_made(self):
        self.assertGreater(len(self.index), 2200)
        self.assertEqual({name: entry for name, entry in self.index.items() if "refused" in entry}, {})
        for name, entry in self.index.items():
            directory = os.path.join(self.directory, name)
            suffix = ".dnpy" if entry["form"].startswith("dnpy") else ".json"
            files = [file for file in os.listdir(directory) if file.endswith(suffix)]
            self.assertEqual(len(files), entry["processes"], name)

    def test_the_files_match_the_index(self):
        for name, entry in self.index.items():
            if entry["form"] in ("json", "data"):
                directory = os.path.join(self.directory, name)
                found = violations([section(directory, rank) for rank in range(entry["processes"])])
                self.assertEqual(found, entry["violations"], name)

    def test_known_verdicts(self):
        """By hand: 7 in blocks of 2 on 2 processes is [0 1 4 5], [2 3 6]; DistArray has 5 and 2."""
        for name in ("p2-k2-7", "p3-k4-5", "p4-wrong-gap", "p2-wrong-order", "p2-scalar", "p3-padding-dropped",
                     "p1-dtype-datetime", "p2-u-repeated", "p6-wrong-fortran-order", "p1-u-longer.dnpy", "g2-k2-11"):
            self.assertFalse(self.index[name]["valid"], name)
        for name in ("p2-k2-9", "p1-k2-7", "p2-k2-8", "p4-b-5", "p6-c-1", "p2-u-7", "p1-scalar", "p2-u-shared-7",
                     "p2-u-shared-8", "p3-k2-36-from-1", "p4-memory-one-row", "p2-dtype-struct", "p2-u-longer", "g4-slice-07", "g4-sum"):
            self.assertTrue(self.index[name]["valid"], name)

    def test_data_files_hold_the_buffers(self):
        import numpy
        for name, entry in self.index.items():
            if entry["form"] == "data":
                path = os.path.join(self.directory, name)
                loaded = numpy.load(os.path.join(path, "rank-0.npy"))
                self.assertEqual(list(loaded.shape), section(path, 0)["buffer"]["shape"], name)

    def test_the_command_line_under_mpirun(self):
        with tempfile.TemporaryDirectory() as place:
            with open(os.path.join(place, "mine.py"), "w") as file:
                file.write(
                    "import distarray_shim\n"
                    "from mpi4py import MPI\n"
                    "from distarray.localapi import localarray, maps\n"
                    "def make():\n"
                    "    return localarray.ones(maps.Distribution.from_shape(MPI.COMM_WORLD, (7, 4), 'bb', (3, 1)))\n"
                )
            run = dict(ENVIRONMENT, PYTHONPATH=os.pathsep.join([place, DUMP]))
            command = ["mpirun", "-n", "3", sys.executable, os.path.join(DUMP, "dap_dump.py"), "mine:make", "out"]
            subprocess.run(command, cwd=place, env=run, check=True, timeout=60)
            sections = [section(os.path.join(place, "out"), rank) for rank in range(3)]
            self.assertEqual(violations(sections), [])
            self.assertEqual([s["buffer"]["shape"] for s in sections], [[3, 4], [3, 4], [1, 4]])

    @unittest.skipUnless(VALIDATOR, "DAP_VALIDATE is not set")
    def test_the_validator_agrees(self):
        self.assertEqual(compare_verdicts.main([self.directory, "--validator", VALIDATOR]), 0)


class Examples(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(EXAMPLES, "index.json")) as file:
            self.index = json.load(file)

    def test_the_oracle_agrees_with_the_index(self):
        checked = 0
        for name, entry in self.index.items():
            directory = os.path.join(EXAMPLES, name)
            self.assertTrue(os.path.isdir(directory), name)
            if entry["protocol"].startswith("0.10") and os.path.exists(os.path.join(directory, "rank-0.json")):
                found = violations([section(directory, rank) for rank in range(entry["processes"])])
                self.assertEqual(not found, entry["valid"], (name, found))
                checked += 1
        self.assertGreater(checked, 20)

    def test_every_example_is_in_the_index_and_in_the_table(self):
        on_disk = {name for name in os.listdir(EXAMPLES) if os.path.isdir(os.path.join(EXAMPLES, name))}
        self.assertEqual(on_disk, set(self.index))
        with open(os.path.join(EXAMPLES, "README.md")) as file:
            table = file.read()
        self.assertEqual([name for name in on_disk if "| `%s` |" % name not in table], [])

    @unittest.skipUnless(VALIDATOR, "DAP_VALIDATE is not set")
    def test_the_validator_agrees(self):
        self.assertEqual(compare_verdicts.main([EXAMPLES, "--validator", VALIDATOR]), 0)


if __name__ == "__main__":
    unittest.main()
