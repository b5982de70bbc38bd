"""Messages between ranks: each exchanges numbers with both neighbours of a ring.

    mpirun -n 4 python ring.py [ROUNDS]

After the example of DistributedArrays.jl: ten times, each rank sends its number to both neighbours
and adds what it receives from them.
"""

import sys

import daparray.array as da


def main(rounds=10):
    ranks = da.default_context()
    before, behind = (ranks.rank - 1) % ranks.size, (ranks.rank + 1) % ranks.size
    number = ranks.rank + 1
    for turn in range(rounds):
        ranks.send(number, before, tag=2 * turn)
        ranks.send(number, behind, tag=2 * turn + 1)
        number = ranks.recv(behind, tag=2 * turn) + ranks.recv(before, tag=2 * turn + 1)
    # Each number goes to two neighbours, so that the sum doubles with each round.
    every = ranks.gather(number)
    if ranks.rank == 0:
        expected = 2**rounds * ranks.size * (ranks.size + 1) // 2
        print(f"the sum is as expected: {sum(every) == expected}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
