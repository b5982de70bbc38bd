"""A rank that raises an exception, and ranks that make different calls: the others' messages name
the line of the program. On two ranks.

    mpirun -n 2 python leaving_ranks.py FILE
"""

import atexit
import pathlib
import sys
import time

import daparray.array as da

said = pathlib.Path(sys.argv[1])
x = da.arange(10.0)
rank = x.context.rank


def heard():
    """The launcher ends the other rank with this one: not before it has written its message."""
    for _ in range(2000):
        if said.exists() and said.read_text().endswith("\n"):
            return
        time.sleep(0.01)


def line(text):
    """The number of the line of this file with a mark."""
    lines = pathlib.Path(__file__).read_text().splitlines()
    return next(number for number, it in enumerate(lines, 1) if it.endswith("# " + text))


try:
    if rank == 0:
        x.sum()  # sums
    else:
        x.max()  # finds the greatest
    raise AssertionError("different calls")
except RuntimeError as error:
    for mark in ("sums", "finds the greatest"):
        assert f"leaving_ranks.py:{line(mark)}" in str(error), error

if rank == 1:
    atexit.register(heard)
    raise KeyError("mine")  # leaves
try:
    x.sum()
except RuntimeError as error:
    good = f"rank 1: raised KeyError at {__file__}:{line('leaves')}" in str(error)
    said.write_text(f"{'good' if good else error}\n")
