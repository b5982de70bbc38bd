"""Messages between the processes of a communicator, by persistent requests.

All requests are made before an agreement, where an error is raised on all ranks, and are only
started after it. A request that was made and not started, or that is complete, is complete to
`Waitall`; so the end is one call, from wherever it is reached.
"""

LIMIT = 1 << 30


class Messages:
    """The messages of one process: `incoming` and `outgoing` list `(rank, buffer)`.

    A message travels in parts of at most `limit` bytes, which MPI can count; both ends cut it
    alike.
    """

    def __init__(self, MPI, comm, incoming, outgoing, limit=LIMIT, tag=0):
        self._MPI, self._arriving, self._owner, self._leaving = MPI, [], [], []
        self._parts, self._missing = [], []
        try:
            for number, (rank, message) in enumerate(incoming):
                parts = _cut(message, limit)
                for part in parts:
                    self._arriving.append(comm.Recv_init([part, MPI.BYTE], rank, tag))
                    self._owner.append(number)
                self._parts.append(len(parts))
            for rank, message in outgoing:
                for part in _cut(message, limit):
                    self._leaving.append(comm.Send_init([part, MPI.BYTE], rank, tag))
        except BaseException:
            self.free()
            raise

    def start(self):
        """Starts all requests; those that receive first."""
        self._missing = list(self._parts)
        for request in (*self._arriving, *self._leaving):
            request.Start()

    def next(self):
        """Waits for an incoming message, and gives its number; None when all are there."""
        while (at := self._MPI.Request.Waitany(self._arriving)) != self._MPI.UNDEFINED:
            number = self._owner[at]
            self._missing[number] -= 1
            if not self._missing[number]:
                return number
        return None

    def wait(self):
        """Waits for all requests."""
        self._MPI.Request.Waitall([*self._arriving, *self._leaving])

    def free(self):
        """Frees the requests, none of which is under way."""
        for request in (*self._arriving, *self._leaving):
            request.Free()
        self._arriving, self._owner, self._leaving = [], [], []


def _cut(message, limit):
    whole = memoryview(message)
    return [whole[begin : begin + limit] for begin in range(0, len(whole), limit)]
