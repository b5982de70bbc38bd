"""Errors of ranks, as the client raises them."""

import pickle


class RankError(RuntimeError):
    """Some ranks raised, not all of them alike.

    ``errors`` has each rank's message, ``tracebacks`` its traceback as text.
    """

    def __init__(self, message, errors=None, tracebacks=None):
        super().__init__(message)
        self.errors, self.tracebacks = errors or {}, tracebacks or {}


class RanksLost(RuntimeError):
    """The ranks have ended: one of them was lost, could not be interrupted, or the context was
    closed."""


def named(ranks):
    """Ranks as text: ``rank 1``, ``ranks 0 to 3``, ``ranks 0, 2``."""
    if len(ranks) == 1:
        return f"rank {ranks[0]}"
    if ranks == list(range(ranks[0], ranks[-1] + 1)):
        return f"ranks {ranks[0]} to {ranks[-1]}"
    return f"ranks {', '.join(map(str, ranks))}"


def _received(sent):
    """An exception that a rank sent; None if it could not travel, or if its class is not here."""
    try:
        return None if sent is None else pickle.loads(sent)
    except Exception:  # constructors and imports raise anything
        return None


def exception(errors, size, is_secondary):
    """The exception for some ranks' errors.

    An error that all ranks raised alike is that exception itself, with rank 0's traceback as a
    note. ``is_secondary(error)`` says of an error whether it is a consequence of another rank's:
    the rank waited for that rank in vain.
    """
    first = {rank: error for rank, error in errors.items() if not is_secondary(error)} or errors
    groups = {}
    for rank, error in sorted(errors.items()):
        groups.setdefault((error["kind"], error["message"]), []).append(rank)
    kind, message = next(iter(groups))
    if len(groups) == 1 and len(errors) == size:
        found = _received(errors[0]["exception"])
        # An exit of the ranks is no exit of the client.
        if isinstance(found, Exception):
            where = "rank 0" if size == 1 else f"all {size} ranks"
            found.add_note(f"raised alike on {where}:\n{errors[0]['traceback'].rstrip()}")
            return found
    lines = []
    for (kind, message), ranks in groups.items():
        if ranks[0] in first:
            lines.append(f"{named(ranks)} raised {kind}: {message}")
    waiting = [rank for rank in sorted(errors) if rank not in first]
    if waiting:
        lines.append(f"{named(waiting)} waited for it in a collective call")
    found = RankError(
        "; ".join(lines),
        {rank: f"{error['kind']}: {error['message']}" for rank, error in errors.items()},
        {rank: error["traceback"] for rank, error in errors.items()},
    )
    rank = min(first)
    found.add_note(f"on rank {rank}:\n{first[rank]['traceback'].rstrip()}")
    return found
