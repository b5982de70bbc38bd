"""Each line of the right columns of `spec/guide/migration.md`, in order; and of the left columns
for mpi4py, whose values are those of the right ones. On each number of ranks."""

import pathlib
import re

import numpy
from mpi4py import MPI

import daparray
import daparray.array as da

PAGE = (pathlib.Path(__file__).resolve().parents[4] / "spec" / "guide" / "migration.md").read_text()
setup = re.search(r"```python start.py\n(.*?)```", PAGE, re.S)[1]
count = 0
for section in PAGE.split("\n## ")[1:]:
    scope = {"daparray": daparray, "MPI": MPI, "comm": MPI.COMM_WORLD, "value": "value"}
    exec(setup, scope)
    title = section.splitlines()[0]
    for left, right in re.findall(r"^\| (.*?) \| `(.*)` \|$", section, re.M):
        try:
            if " = " in right:
                exec(right, scope)
            else:
                found = eval(right, scope)
                theirs = re.fullmatch(r"`(.*)`", left)
                if title == "mpi4py" and theirs and "whole" not in theirs[1] and "Split" not in theirs[1]:
                    expected = eval(theirs[1], scope)
                    assert numpy.array_equal(found, expected) or found is expected, f"{found} is not {expected}"
        except Exception as error:
            error.add_note(f"{title}: {right}")
            raise
        count += 1
context = da.default_context()
context.barrier()
if context.rank == 0:
    print(f"ranks {context.size}, lines {count}", flush=True)
