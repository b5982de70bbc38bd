"""The page of all functions is the one that `function_table.py` makes, and has every name."""

import pathlib
import sys
import unittest

FOLDER = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FOLDER))

import function_table  # noqa: E402


class FunctionTable(unittest.TestCase):
    maxDiff = None

    def test_each_name_has_a_row(self):
        self.assertEqual(function_table.mistakes(), dict.fromkeys(function_table.mistakes(), []))

    def test_the_page_is_current(self):
        path = FOLDER.parents[2] / "spec" / "guide" / "array-functions.md"
        self.assertEqual(path.read_text(), function_table.page(), f"run: python {FOLDER / 'function_table.py'} {path}")


if __name__ == "__main__":
    unittest.main()
