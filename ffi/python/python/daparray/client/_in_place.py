"""A context in a program that a launcher started: every rank runs the program, and nothing travels
but results.

Rank 0 prints for all, so that the program prints what it prints when it drives engines: the
standard output of the other ranks is closed while the context lives, and the text of functions
comes from rank 0 with the rank's number.
"""

import os
import sys

from .._remote import pickling
from .._remote.agreement import MISMATCH
from .._remote.output import show
from .._remote.worker import Worker
from . import _replies
from ._context import Base


class _Silence:
    """The standard output of a rank, closed while some context lives."""

    def __init__(self):
        self._contexts, self._before, self._closed = 0, None, None

    def begin(self):
        self._contexts += 1
        if self._contexts == 1:
            self._before, self._closed = sys.stdout, open(os.devnull, "w")
            sys.stdout = self._closed

    def end(self):
        self._contexts -= 1
        if self._contexts == 0:
            # A stream that the program has set meanwhile stays.
            if sys.stdout is self._closed:
                sys.stdout = self._before
            self._closed.close()


_silence = _Silence()


class InPlace(Base):
    """The ranks of this program. Collective, as all its functions are."""

    def __init__(self):
        super().__init__()
        # Calls that differ between ranks are errors and no hang, as on engines.
        os.environ.setdefault("DAP_CHECK", "1")
        import daparray.array

        self.array = daparray.array
        context = daparray.array.default_context()
        self.size = context.size
        self.processes = self._all(context, (os.uname().nodename, os.getpid()))
        self._worker = Worker(context, lambda parts: show(context.rank, parts))
        self._number, self._is_open = 0, True
        if context.rank:
            _silence.begin()

    @staticmethod
    def _all(context, mine):
        """Each rank's value. Other ranks may still be in a call that this one has left by an error."""
        mine = pickling.dump(mine, lambda one: None)
        packed = pickling.dump([bytes(one) for one in mine], lambda one: None)[0]
        while True:
            try:
                found = context._gather_all(bytes(packed))
                break
            except RuntimeError as error:
                if MISMATCH not in str(error):
                    raise
        return [pickling.load(pickling.load([one], None), None) for one in found]

    def _request(self, operation, arguments, *, each, prefix):
        self._number += 1
        reply = self._worker.perform_here(self._number, operation, arguments, each)
        replies = self._all(self._worker.context, [bytes(one) for one in reply])
        resolve = self._worker.resolve_here
        try:
            return _replies.finish(replies, resolve, each=each, prefix=prefix)
        except _replies.Different:
            values = self._all(self._worker.context, [bytes(one) for one in self._worker.unsent or reply[1:]])
            return _replies.compare({rank: pickling.load(one, resolve) for rank, one in enumerate(values)})
        finally:
            self._worker.forget()

    def close(self):
        """Other ranks print again, once all contexts are closed."""
        if self._is_open and self._worker.context.rank:
            _silence.end()
        self._is_open = False

    def __repr__(self):
        return f"Context({self.size} ranks)"
