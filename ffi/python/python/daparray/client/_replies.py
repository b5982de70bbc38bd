"""The replies of all ranks to one request: their text, their errors, their values."""

from .._remote import output, pickling
from .._remote.agreement import MISMATCH, equal
from ._errors import RankError, exception


class Different(Exception):
    """Ranks that gave another digest than rank 0: their values have to be compared."""

    def __init__(self, ranks):
        super().__init__(ranks)
        self.ranks = ranks


def read(reply):
    """``(kind, header's other values, payload)`` of a reply's buffers."""
    head, *payload = reply
    kind, _, *values = pickling.read_header(head)
    return kind, values, payload


def _is_secondary(error):
    return MISMATCH in error["message"]


def finish(replies, resolve, *, each, prefix):
    """The value of a request, of the replies in rank order.

    With `each` a list with an entry a rank, but one value where all ranks gave the same handles.
    `resolve` finds the objects of references. Prints the ranks' text.
    """
    read_replies = [read(reply) for reply in replies]
    _show([values[-1] for _, values, _ in read_replies], prefix)
    errors = {rank: values[0] for rank, (kind, values, _) in enumerate(read_replies) if kind == "error"}
    if errors:
        raise exception(errors, len(replies), _is_secondary)
    digests = [values[0] for _, values, _ in read_replies]
    if not each:
        different = [rank for rank, digest in enumerate(digests) if digest != digests[0]]
        if different:
            raise Different(different)
        return pickling.load(read_replies[0][2], resolve)
    found, counted = [], Counted(resolve)
    for _, _, payload in read_replies:
        found.append(pickling.load(payload, counted))
    if counted.references and len(set(digests)) == 1:
        return found[0]
    return found


def _show(texts, prefix):
    """Prints the ranks' text. Without `prefix`, text that all ranks printed comes once."""
    for rank, text in enumerate(texts):
        if prefix or rank == 0 or text != texts[0]:
            output.show(rank, text, prefix=prefix or rank > 0)


class Counted:
    """A resolver that counts its references."""

    def __init__(self, resolve):
        self._resolve, self.references = resolve, 0

    def __call__(self, reference):
        self.references += 1
        return self._resolve(reference)


def compare(values):
    """Rank 0's value, of those that ranks gave as one: `RankError` if they differ."""
    first = values[0]
    for rank, value in values.items():
        if not equal(value, first):
            raise RankError(
                f"rank {rank} gave another value than rank 0: {value!r:.200} and {first!r:.200}; use apply() for what differs between ranks",
                {rank: repr(value)[:200] for rank, value in values.items()},
            )
    return first
