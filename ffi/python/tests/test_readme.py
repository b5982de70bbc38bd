"""README's program runs as it stands there, on one process and on several."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from test_distarray import ENVIRONMENT, require

README = pathlib.Path(__file__).resolve().parents[3] / "README.md"


class Readme(unittest.TestCase):
    def test_the_program(self):
        require()
        section = README.read_text().split("## From Python\n")[1].split("\n## ")[0]
        (program,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place, "exchange.py")
            path.write_text(program)
            for processes in (1, 2, 3):
                command = ["mpirun", "-n", str(processes), sys.executable, "-W", "error", str(path)]
                run = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
                self.assertEqual(run.returncode, 0, run.stderr)
                # The output of several processes may share a line: the end of a line can be written
                # by itself.
                for rank in range(processes):
                    says = f"rank {rank}: <daparray.Section of (10, 4) float64 over {processes}x1, rank {rank}, local"
                    self.assertEqual(run.stdout.count(says), 1, run.stdout)


if __name__ == "__main__":
    unittest.main()
