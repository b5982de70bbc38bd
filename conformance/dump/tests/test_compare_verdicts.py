"""`compare_verdicts` on stand-ins for a validator: a correct one, and incorrect ones of each
kind."""

import contextlib
import io
import os
import stat
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
DUMP = os.path.dirname(HERE)
EXAMPLES = os.path.join(os.path.dirname(DUMP), "examples")
sys.path.insert(0, DUMP)

import compare_verdicts  # noqa: E402

# Answers from the index itself, so that only the use of the answers is tested.
RIGHT = """#!%s
import json, os, sys
assert sys.argv[1:4] == ["check", "--output-format", "json"], sys.argv
examples, name = os.path.split(sys.argv[4])
entry = json.load(open(os.path.join(examples, "index.json")))[name]
found = [{"rule": rule, "severity": "error", "message": "wrong"} for rule in entry.get("rules", [])]
status = 0 if entry["valid"] else 1
%%s
print(json.dumps({"diagnostics": found}))
sys.exit(status)
""" % sys.executable


class Judge(unittest.TestCase):
    def verdict(self, change, *arguments):
        """Run `compare_verdicts` on the examples with a changed validator; return its status and
        its text."""
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "validator")
            with open(path, "w") as file:
                file.write(RIGHT % change)
            os.chmod(path, stat.S_IRWXU)
            text = io.StringIO()
            with contextlib.redirect_stdout(text):
                status = compare_verdicts.main([EXAMPLES, "--validator", path, *arguments])
        return status, text.getvalue()

    def test_agreement(self):
        status, text = self.verdict("")
        self.assertEqual(status, 0, text)
        self.assertIn("verdicts agree", text)

    def test_each_kind_of_disagreement(self):
        for change, expected in (
            ("status = 1 - status", "exit 0, expected 1"),
            ("status = 2", "exit 2, expected 0"),
            ("sys.exit(status)", "no JSON report"),
            ("found = []", "exit 1 with 0 errors"),
            ("found = [dict(d, rule='DAP999') for d in found]", "no DAP404 among ['DAP999']"),
            ("found += [{'severity': 'error', 'rule': 'DAP999'}]", "exit 0 with 1 errors"),
        ):
            status, text = self.verdict(change, "--show", "100", "--only", "p2-bc")
            self.assertEqual(status, 1)
            self.assertIn(expected, text)

    def test_a_warning_is_no_error(self):
        status, text = self.verdict("found += [{'severity': 'warning', 'rule': 'DAP209'}]", "--only", "p2-bc")
        self.assertEqual(status, 0, text)

    def test_nothing_to_compare(self):
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(self.verdict("", "--only", "no such case")[0], 2)
            self.assertEqual(compare_verdicts.main([HERE, "--validator", "none"]), 2)


if __name__ == "__main__":
    unittest.main()
