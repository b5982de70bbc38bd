"""The programs of `examples`: each on several numbers of ranks, with the same output on all.

An array may be gathered to be printed or drawn, and for nothing else: programs run with `gather`
replaced by one that refuses more elements than a rank prints.
"""

import os
import pathlib
import subprocess
import sys
import unittest

from test_array import ENVIRONMENT, MPIRUN, RANKS, SAMPLE, SEED

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"

# Arguments that make a program short, and a line of its output that is known independently.
PROGRAMS = {
    "black_scholes.py": (["20000"], "calls 171"),
    "climatology.py": (["2"], "warmest month July, 13.250 degrees"),
    "conjugate_gradients.py": (["24"], "iterations, sum 0x"),
    "heat.py": (["17"], "degrees in the middle"),
    "julia_set.py": (["128"], "('block', 'none'): 513478 iterations"),
    "k_means.py": (["900"], "centres (-0.0062, 0.0015) (6.0066, 1.0051)"),
    "life.py": (["40"], "5 cells after 40 generations, where a glider should be: True"),
    "monte_carlo_pi.py": (["100000"], " of 100000 points inside: 3.1"),
    "n_body.py": (["20"], "energy -0.397274, then -0.3972"),
    "parts.py": ([], "10 000 times 1.1 is 11000.0"),
    "ring.py": ([], "the sum is as expected: True"),
    "tour.py": ([], "Array(int32, (64, 64) over 2x2: block(32), cyclic) (2, 2)"),
    "word_count.py": (["500"], "6000 words, 15719 letters, 13 different words: the 3000, of 1500, and 750"),
}
# Programs for one number of ranks.
FIXED = {"tour.py": [4]}
# Lines that say how the work is distributed differ with the number of ranks.
DIFFERS = {"julia_set.py": "; "}


def run(test, program, arguments, ranks):
    command = [MPIRUN, "-n", str(ranks), sys.executable, str(HERE / "example_ranks.py"), str(EXAMPLES / program), *arguments]
    done = subprocess.run(command, env={**ENVIRONMENT, "DAP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=300)
    test.assertEqual(done.returncode, 0, f"{program} on {ranks} ranks: {done.stdout}{done.stderr}")
    return [line.split(DIFFERS.get(program, "\n"))[0] for line in done.stdout.splitlines()]


class Examples(unittest.TestCase):
    def test_each_on_ranks(self):
        self.assertEqual({path.name for path in EXAMPLES.glob("*.py")} - {"drawing.py"}, set(PROGRAMS))
        for at, (program, (arguments, known)) in enumerate(sorted(PROGRAMS.items())):
            # A sample has two numbers of ranks for each program.
            sample = RANKS if SAMPLE == 1 else sorted({RANKS[(SEED + at + more) % len(RANKS)] for more in (0, 1)})
            chosen = FIXED.get(program, sample)
            found = {ranks: run(self, program, arguments, ranks) for ranks in chosen}
            for ranks, lines in found.items():
                with self.subTest(program=program, ranks=ranks):
                    self.assertTrue(any(line.startswith(known) or known in line for line in lines), lines)
                    self.assertEqual(lines, found[chosen[0]], f"{ranks} and {chosen[0]} ranks")

    def test_tour_from_a_client(self):
        command = [sys.executable, str(EXAMPLES / "tour.py")]
        done = subprocess.run(command, env={**ENVIRONMENT, "DAP_MPIRUN": MPIRUN}, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines(), run(self, "tour.py", [], 4))


if __name__ == "__main__":
    unittest.main()
