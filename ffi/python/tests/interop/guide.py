"""Runs the programs of the guide "bring your own array" that are for one environment: `guide.py
debian`, under mpirun.

With `alone` those that are for one process.
"""

import pathlib
import re
import subprocess
import sys

from mpi4py import MPI

import daparray

GUIDE = pathlib.Path(__file__).resolve().parents[4] / "spec" / "guide" / "bring-your-own-array.md"
COMM = MPI.COMM_WORLD


def main():
    wanted = " ".join(sys.argv[1:])
    programs = re.findall(r"^```python (.*?)\n(.*?)^```", GUIDE.read_text(), re.M | re.S)
    assert len(programs) >= 9, "the guide has lost its programs"
    chosen = [program for words, program in programs if words == wanted]
    assert chosen, wanted
    for program in chosen:
        if "alone" in wanted:
            # What JAX reads from the environment it reads once.
            subprocess.run([sys.executable, "-c", program + "\nassert len(sections) == 4 and sections[0].layout\n"], check=True)
            continue
        names = {}
        exec(compile(program, str(GUIDE), "exec"), names)
        section = names["section"]
        assert isinstance(section, daparray.Section) and section.layout.processes == COMM.size
        assert len(program.strip().splitlines()) <= 6, "as short as promised"
    if COMM.rank == 0:
        print(f"ranks {COMM.size}, checks {len(chosen)}", flush=True)


try:
    main()
except BaseException:
    import traceback

    traceback.print_exc()
    sys.stderr.flush()
    COMM.Abort(1)
