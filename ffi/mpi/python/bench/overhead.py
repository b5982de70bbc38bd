"""The costs of an operation beside its elements: a pending one, one that is evaluated, and the
import.

    mpirun -n 2 python ffi/mpi/python/bench/overhead.py

Medians of 41 rounds in microseconds, NumPy's beside ours.
"""

import statistics
import subprocess
import sys
import time

import numpy

import daparray.array as da


def median(body, calls=2000, rounds=41):
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        for _ in range(calls):
            body()
        times.append((time.process_time() - begin) / calls)
    return statistics.median(times) * 1e6


def imported(module):
    """Seconds of processor time, the least of nine imports in processes of their own."""
    code = f"import time; t = time.process_time(); import {module}; print(time.process_time() - t)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(9)]
    return min(float(run.stdout) for run in runs)


def main():
    context = da.default_context()
    size = 1000 * context.size
    x, y = da.ones(size), da.ones(size)
    a, b = numpy.ones(1000), numpy.ones(1000)
    rows = [
        ("x + y, pending", median(lambda: x + y), None),
        ("x + 1, pending", median(lambda: x + 1), None),
        ("x + y of 1000 elements a rank, evaluated", median(lambda: (x + y)._force()), median(lambda: a + b)),
        ("x * y + x, evaluated", median(lambda: (x * y + x)._force()), median(lambda: a * b + a)),
        ("sum", median(x.sum, 200), median(a.sum)),
        ("x[1:], a view", median(lambda: x[1:]), median(lambda: a[1:])),
        ("a value + 1", median(lambda v=x.sum(): v + 1), None),
    ]
    if context.rank == 0:
        for name, ours, numpys in rows:
            print(f"{name:44} {ours:8.2f} us" + ("" if numpys is None else f"  NumPy {numpys:8.2f} us"), flush=True)
        if context.size == 1:
            both, alone = imported("daparray.array"), imported("numpy")
            print(f"{'import daparray.array':44} {both:8.3f} s   NumPy alone {alone:8.3f} s", flush=True)


main()
