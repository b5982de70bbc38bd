"""Words of a text are counted in a distributed dictionary.

    mpirun -n 4 python word_count.py [LINES]

Each rank counts the words of its lines, and gives its counts to the ranks that own the words. The
text is made by a formula, from which the counts are known, too.
"""

import collections
import heapq
import operator
import sys

import daparray.array as da

WORDS = "the of and to in a is that for it was on with as his they be at one have this from or had by".split()
LENGTH = 12


def line(number):
    """A line of the text. Each second word is the first of the list, each fourth the second one,
    each eighth the third one, and so on."""
    places = range(number * LENGTH + 1, (number + 1) * LENGTH + 1)
    return " ".join(WORDS[(place & -place).bit_length() - 1] for place in places)


def main(lines=20_000):
    ranks = da.default_context()
    mine = collections.Counter()
    for number in range(ranks.rank, lines, ranks.size):
        mine.update(line(number).split())
    count = da.DistDict()
    count.combine(mine, operator.add)

    total = lines * LENGTH
    times = count.get_all(WORDS, default=0)
    assert times == [(total >> at) - (total >> at + 1) for at in range(len(WORDS))], times
    different = count.total()
    assert different == total.bit_length()

    # A function of each item, and sums over the items of all ranks.
    letters = count.map(lambda word, times: times * len(word))
    written = ranks.reduce(sum(letters.values()), operator.add)
    assert written == sum(times * len(word) for word, times in zip(WORDS, times))

    # The most frequent words of each rank's items are enough to find those of all.
    frequent = ranks.gather(heapq.nlargest(3, count.items(), key=lambda item: item[1]))
    if ranks.rank == 0:
        frequent = heapq.nlargest(3, (item for part in frequent for item in part), key=lambda item: item[1])
        shown = ", ".join(f"{word} {times}" for word, times in frequent)
        print(f"{total} words, {written} letters, {different} different words: {shown}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
