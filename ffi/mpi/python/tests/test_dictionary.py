"""`daparray.array.DistDict` on several ranks, and from a client; its keys as bytes."""

import os
import pathlib
import subprocess
import sys
import unittest

import keys
import numpy
from test_array import ENVIRONMENT, RANKS, SAMPLE, SEED, run
from test_client import Context

HERE = pathlib.Path(__file__).resolve().parent


def is_nan(key):
    return isinstance(key, (float, numpy.floating)) and key != key


class Keys(unittest.TestCase):
    def test_equal_keys_have_equal_bytes(self):
        rows = keys.rows()
        for row, found in zip(keys.ROWS, rows, strict=True):
            with self.subTest(keys=row):
                self.assertEqual(len(set(found)), 1)
        self.assertEqual(len({row[0] for row in rows}), len(rows))

    def test_equality_is_that_of_python(self):
        every = [(key, found) for row, bytes_of_row in zip(keys.ROWS, keys.rows(), strict=True) for key, found in zip(row, bytes_of_row, strict=True)]
        for key, found in every:
            for other, theirs in every:
                # All NaN are one key, and Python's dictionaries tell them apart.
                if other in {key: None}:
                    self.assertEqual(found, theirs, (key, other))
                elif not (is_nan(key) and is_nan(other)):
                    self.assertNotEqual(found, theirs, (key, other))

    def test_all_processes_have_the_same(self):
        outputs = set()
        for seed in ("0", "1", "77"):
            command = [sys.executable, str(HERE / "keys.py")]
            done = subprocess.run(command, env={**ENVIRONMENT, "PYTHONHASHSEED": seed}, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            outputs.add(done.stdout)
        self.assertEqual(len(outputs), 1)
        self.assertEqual(len(outputs.pop().splitlines()), len(keys.ROWS))


def filled():
    """On each rank."""
    from daparray.array import DistDict, default_context

    found = DistDict()
    found.update({("of", default_context().rank): os.getpid()})
    return found


def ask(found):
    return found.get_all([("of", 0), ("of", 1), ("of", 2)])


def add_one(found):
    """Each rank changes an item of the other one."""
    with found.open() as items:
        items["of", 1 - found.context.rank] += 1


class Dictionaries(unittest.TestCase):
    def test_on_ranks(self):
        for at, ranks in enumerate(RANKS):
            if (at + SEED) % SAMPLE:
                continue
            with self.subTest(ranks=ranks):
                # A comparison of the ranks' calls must not wait for a rank that needs an answer.
                found = run(self, "dictionary_ranks.py", ranks=ranks, DAP_CHECK=str(at % 2))
                self.assertIn(f"ranks {ranks}, the whole dictionary", found)

    def test_from_a_client(self):
        with Context(2) as context:
            found = context.apply(filled)
            first, second = context.apply(ask, found)
            self.assertEqual(first, second)
            self.assertEqual((len(set(first)), first[2]), (3, None))
            self.assertEqual(found.total(), 2)
            lengths = context.apply(lambda one: len(one), found)
            self.assertEqual(sum(lengths), 2)
            context.apply(add_one, found)
            self.assertEqual(context.apply(ask, found)[1], [first[0] + 1, first[1] + 1, None])
            with self.assertRaisesRegex(Exception, "raised ZeroDivisionError"):
                context.apply(lambda one: one.map(lambda key, value: value // (key[1] - 1)), found)
            doubled = context.apply(lambda one: one.map(lambda key, value: 2 * value), found)
            self.assertEqual(context.apply(ask, doubled)[0][:2], [2 * first[0] + 2, 2 * first[1] + 2])


if __name__ == "__main__":
    unittest.main()
