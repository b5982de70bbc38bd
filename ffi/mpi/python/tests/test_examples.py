"""The programs of `examples`: each on several numbers of ranks, with the same output on all.

An array may be gathered to be printed or drawn, and for nothing else: programs run with `gather`
replaced by one that refuses more elements than a rank prints.
"""

import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

import example_results as results
from test_array import ENVIRONMENT, MPIRUN, RANKS, SAMPLE, SEED

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"

# Arguments that make a program short, and lines of its output, or parts of lines, that are known
# independently.
PROGRAMS = {
    "assembly.py": ([], results.assembly()),
    "black_scholes.py": (["20000"], ["calls 171"]),
    "climatology.py": (["2"], ["warmest month July, 13.250 degrees"]),
    "conjugate_gradients.py": (["24"], ["iterations, sum 0x"]),
    "demo.py": (["128"], ["(128, 128) over 2x1: block(64), block(128): ", " = 513478 iterations"]),
    "fft_scaling.py": (["4096", "1"], results.fft_scaling(4096)),
    "grids.py": ([], results.grids()),
    "heat.py": (["17"], ["degrees in the middle"]),
    "julia_runs.py": (["64"], results.julia_runs(64)),
    "julia_set.py": (["128"], ["('block', 'none'): 513478 iterations"]),
    "k_means.py": (["900"], ["centres (-0.0062, 0.0015) (6.0066, 1.0051)"]),
    "lazy.py": (["100"], results.lazy(100)),
    "life.py": (["40"], ["5 cells after 40 generations, where a glider should be: True"]),
    "monte_carlo_pi.py": (["100000"], [" of 100000 points inside: 3.1"]),
    "n_body.py": (["20"], ["energy -0.397274, then -0.3972"]),
    "notebook.py": ([], ["Array(int32, (64, 64) over 2x2: block(32), cyclic) (2, 2)", "19.0 Array(float64, (4,) over 4: block(1)) [1.  3.5 6.  8.5]"]),
    "parts.py": ([], ["10 000 times 1.1 is 11000.0"]),
    "pca.py": (["1000"], results.pca(1000)),
    "prediction.py": (["10000"], results.prediction(10000)),
    "region_sum.py": ([], results.region_sum()),
    "ring.py": ([], ["the sum is as expected: True"]),
    "star_stencil.py": (["60", "5"], results.star_stencil(5)),
    "triad.py": (["10000", "3"], results.triad(10000, 3)),
    "turbulence.py": (["16"], results.turbulence(16)),
    "word_count.py": (["500"], ["6000 words, 15719 letters, 13 different words: the 3000, of 1500, and 750"]),
}
# Functions of several programs.
NO_PROGRAMS = {"drawing.py", "subsets.py"}
# Programs for one number of ranks.
FIXED = {"demo.py": [2], "grids.py": [16], "julia_runs.py": [4], "notebook.py": [4]}
# Lines end with times, or with what each rank has, which differ.
DIFFERS = {name: "; " for name in ("fft_scaling.py", "julia_runs.py", "julia_set.py", "region_sum.py", "star_stencil.py", "triad.py")}


def run(test, program, arguments, ranks):
    command = [MPIRUN, "-n", str(ranks), sys.executable, str(HERE / "example_ranks.py"), str(EXAMPLES / program), *arguments]
    done = subprocess.run(command, env={**ENVIRONMENT, "DAP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=300)
    test.assertEqual(done.returncode, 0, f"{program} on {ranks} ranks: {done.stdout}{done.stderr}")
    return [line.split(DIFFERS.get(program, "\n"))[0] for line in done.stdout.splitlines()]


class Examples(unittest.TestCase):
    def test_each_on_ranks(self):
        self.assertEqual({path.name for path in EXAMPLES.glob("*.py")} - NO_PROGRAMS, set(PROGRAMS))
        for at, (program, (arguments, known)) in enumerate(sorted(PROGRAMS.items())):
            # A sample has two numbers of ranks for each program.
            sample = RANKS if SAMPLE == 1 else sorted({RANKS[(SEED + at + more) % len(RANKS)] for more in (0, 1)})
            chosen = FIXED.get(program, sample)
            found = {ranks: run(self, program, arguments, ranks) for ranks in chosen}
            for ranks, lines in found.items():
                with self.subTest(program=program, ranks=ranks):
                    for one in known:
                        self.assertTrue(any(one in line for line in lines), f"{one!r} is not in {lines}")
                    self.assertEqual(lines, found[chosen[0]], f"{ranks} and {chosen[0]} ranks")

    def test_notebook_from_a_client(self):
        command = [sys.executable, str(EXAMPLES / "notebook.py")]
        done = subprocess.run(command, env={**ENVIRONMENT, "DAP_MPIRUN": MPIRUN}, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines(), run(self, "notebook.py", [], 4))

    def test_pictures(self):
        with tempfile.TemporaryDirectory() as folder:
            picture = os.path.join(folder, "picture")
            run(self, "julia_set.py", ["64", picture], 3)
            pixels = png(pathlib.Path(picture).read_bytes())
            self.assertEqual((len(pixels), pixels[0][:3], pixels[32][96:99]), (64, bytes([68, 1, 84]), bytes([253, 231, 37])))
            # Logarithms along both axes make a power law a straight line.
            run(self, "turbulence.py", ["16", picture], 2)
            points = re.search('points="(.*?)"', pathlib.Path(picture).read_text())[1].split()
            (x, y), *_, (right, bottom) = line = [tuple(map(float, point.split(","))) for point in points]
            self.assertEqual(len(line), 7)
            for a, b in line:
                self.assertAlmostEqual((b - y) / (bottom - y), (a - x) / (right - x), delta=0.001)
            run(self, "pca.py", ["1000", picture], 2)
            self.assertEqual(pathlib.Path(picture).read_text().count("<circle "), 400)
            run(self, "lazy.py", ["100", picture], 1)
            self.assertEqual(pathlib.Path(picture).read_text().count("<line "), 4)
            run(self, "julia_runs.py", ["32", picture], 3)
            # The background, and a bar for each rank of each of twelve runs.
            self.assertEqual(pathlib.Path(picture).read_text().count("<rect "), 1 + 4 * (1 + 2 + 3))
            run(self, "grids.py", [folder], 4)
            self.assertEqual(sorted(name for name in os.listdir(folder) if name != "picture"),
                             ["block-cyclic.svg", "box.svg", "cyclic.svg", "long.svg", "square.svg"])


def png(data):
    """The rows of bytes of a PNG picture whose rows have no filter."""
    chunks, at = {}, 8
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        chunks[name] = data[at + 8 : at + 8 + length]
        at += length + 12
    rows = zlib.decompress(chunks[b"IDAT"])
    width = 1 + 3 * struct.unpack(">I", chunks[b"IHDR"][:4])[0]
    return [rows[start + 1 : start + width] for start in range(0, len(rows), width)]


if __name__ == "__main__":
    unittest.main()
