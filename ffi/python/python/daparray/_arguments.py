"""Arguments that several collective calls take: a limit of bytes, and ranks of a communicator."""

import operator

from ._messages import LIMIT


def limit_of(limit):
    if limit is None:
        return LIMIT
    try:
        number = operator.index(limit)
    except TypeError:
        raise TypeError(f"`limit` is {limit!r}; a number of bytes is an integer of 1 to {LIMIT}") from None
    if not 0 < number <= LIMIT:
        raise ValueError(f"`limit` is {number}; messages are of 1 to {LIMIT} bytes")
    return number


def ranks_of(comm, ranks, processes, side, name):
    """The communicator's rank of each rank of a layout."""
    if ranks is None:
        if processes > comm.size:
            raise ValueError(f"the {side} has {processes} processes, the communicator {comm.size}: use a layout of at most as many")
        return range(processes)
    if isinstance(ranks, (str, bytes)):
        raise TypeError(f"{name} is the text {ranks!r}; it lists ranks of the communicator as integers")
    found = []
    for at, rank in enumerate(ranks):
        try:
            found.append(operator.index(rank))
        except TypeError:
            raise TypeError(f"{name}[{at}] is {rank!r}; a rank of the communicator is an integer of 0 to {comm.size - 1}") from None
        if not 0 <= found[-1] < comm.size:
            raise ValueError(f"{name}[{at}] is {found[-1]}; the communicator has the ranks 0 to {comm.size - 1}")
    if len(found) != processes:
        raise ValueError(f"{name} lists {len(found)} ranks, the {side} has {processes} processes: list one for each")
    if len(set(found)) < processes:
        twice = next(rank for rank in found if found.count(rank) > 1)
        raise ValueError(f"{name} lists rank {twice} more than once; each process of the {side} is another rank")
    return found
