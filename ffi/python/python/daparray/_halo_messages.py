"""A halo exchange by messages of mpi4py: the way that works with mpi4py alone.

All exchanges of a communicator share one duplicate of it. Each has a tag of its own, so that an
exchange that broke off (MPI itself failed) leaves no message to a later one. Requests that are
under way are kept with their memory, also when the program drops the exchange.
"""

from ._halo_way import Way
from ._messages import Messages

# Messages that are under way: MPI may write to their memory.
_under_way = set()


class OverMessages(Way):
    """One message to and from each neighbour, through memory of the exchange's own."""

    def __init__(self, halo, holders, limit):
        super().__init__(halo)
        self._holders, self._limit = holders, limit

    def allocate(self):
        """Memory for all messages, and for elements of this process that its own padding images."""
        self._incoming = [(self._holders[peer], bytearray(size)) for peer, size in self._halo.receives]
        self._outgoing = [(self._holders[peer], bytearray(size)) for peer, size in self._halo.sends]
        self._kept = bytearray(self._halo.kept)

    def connect(self, MPI, channel):
        """Makes the requests on the duplicate of the communicator."""
        self.numbered(MPI, channel)
        self._messages = Messages(MPI, self._comm, self._incoming, self._outgoing, self._limit, self._tag)
        self.state = "idle"

    def _ready(self, memory):
        local = memory()
        if local is not None:
            for at, (_, message) in enumerate(self._outgoing):
                self._halo.pack(local, message, at)
            self._halo.pack(local, self._kept, None)
        return local

    def _begin(self):
        _under_way.add(self._messages)
        self._messages.start()

    def finish(self):
        """Receives and unpacks.

        An exception on the way is raised at the end: the messages are received all the same.
        """
        self.state, local, self._local = "broken", self._local, None
        problem = None
        if local is not None:
            problem = _problem(lambda: self._halo.unpack(local, self._kept, None))
        while (at := self._messages.next()) is not None:
            problem = _problem(lambda: self._halo.unpack(local, self._incoming[at][1], at)) or problem
        # An error here leaves the exchange broken, and the memory of its messages kept.
        self._messages.wait()
        _under_way.remove(self._messages)
        self.state = "idle"
        if problem is not None:
            raise problem

    def free(self):
        """Frees the requests, unless they are under way."""
        if self.state == "idle" and not self._MPI.Is_finalized():
            self._messages.free()


def _problem(work):
    try:
        work()
    except BaseException as error:  # handlers of signals wait; this is memory that ran out
        return error
    return None
