"""The triad a += b + s * c: a whole expression in one pass over memory.

    mpirun -n 4 python triad.py [ELEMENTS [TURNS]]

No temporary array is made. The time shows it: a pass reads three arrays and writes one, and each
rank works on its own part without a message.
"""

import sys
import time

import daparray.array as da


def main(elements=10_000_000, turns=10):
    elements, turns = int(elements), int(turns)
    a, b, c = da.zeros(elements), da.arange(elements, dtype=da.float64), da.full(elements, 0.5)
    least = float("inf")
    for _ in range(turns):
        a.context.barrier()
        start = time.perf_counter()
        a += b + 3.0 * c
        a.context.barrier()
        least = min(least, time.perf_counter() - start)
    # Each turn adds index + 1.5, and the sum is exact.
    total, known = float(da.sum(a)), turns * (elements * (elements - 1) // 2 + 1.5 * elements)
    if a.context.rank == 0:
        print(f"sum {total:.1f}, as known: {total == known}; {4 * a.nbytes / least / 1e9:.1f} GB/s")


if __name__ == "__main__":
    main(*sys.argv[1:])
