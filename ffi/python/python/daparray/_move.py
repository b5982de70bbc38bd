"""A move between its agreement and its end: messages, their requests, and what is done whatever is
raised.

All requests are persistent: they are made before the agreement, where an error is raised on all
ranks, and are only started after it. A request that was made and not started, or that is complete,
is complete to `Waitall`; so the end of a move is one call, from wherever it is reached.
"""

LIMIT = 1 << 30
# Moves that MPI could not end: it may still write to their buffers.
_broken = []


class Move:
    def __init__(self, plan, source, target, senders, receivers, limit):
        self.plan, self.source, self.target, self.problem = plan, source, target, None
        self._senders, self._receivers, self._limit = senders, receivers, limit
        sends, receives = plan._sends(), plan._receives()
        itemsize = (source if source is not None else target).itemsize if sends or receives else 0
        self._incoming = [(peer, bytearray(elements * itemsize)) for peer, elements in receives]
        self._outgoing = [(peer, plan.pack(peer, source)) for peer, _ in sends]
        self._arriving, self._owner, self._missing, self._leaving = [], [], [], []

    def prepare(self, MPI, comm):
        """Makes all requests on a communicator."""
        for number, (peer, message) in enumerate(self._incoming):
            parts = self._parts(message)
            for part in parts:
                self._arriving.append(comm.Recv_init([part, MPI.BYTE], self._senders[peer]))
                self._owner.append(number)
            self._missing.append(len(parts))
        for peer, message in self._outgoing:
            for part in self._parts(message):
                self._leaving.append(comm.Send_init([part, MPI.BYTE], self._receivers[peer]))

    def give_up(self):
        """Frees requests that were not started."""
        for request in (*self._arriving, *self._leaving):
            request.Free()
        self._arriving, self._owner, self._missing, self._leaving = [], [], [], []

    def carry_out(self, MPI):
        """Moves everything.

        An exception on the way becomes `problem`, and the move goes on: other processes have
        started theirs.
        """
        _broken.append(self)
        for request in (*self._arriving, *self._leaving):
            request.Start()
        self._try(self._keep)
        while (at := self._try(lambda: MPI.Request.Waitany(self._arriving))) not in (None, MPI.UNDEFINED):
            self._try(lambda: self._arrived(self._owner[at]))
        # An error here leaves the move among those whose memory is kept.
        MPI.Request.Waitall([*self._arriving, *self._leaving])
        _broken.remove(self)
        self.give_up()

    def _try(self, work):
        try:
            return work()
        except BaseException as error:  # handlers of signals wait; this is memory that ran out, or MPI
            self.problem = self.problem or error
            return None

    def _keep(self):
        """Copies what stays on this process."""
        if None not in self.plan._ranks():
            self.plan.copy_local(self.source, self.target)

    def _arrived(self, number):
        """Unpacks a message once its last part is there."""
        self._missing[number] -= 1
        if not self._missing[number]:
            peer, message = self._incoming[number]
            self.plan.unpack(peer, message, self.target)

    def _parts(self, message):
        """A message in parts that MPI can count; both ends cut it alike."""
        whole = memoryview(message)
        return [whole[begin : begin + self._limit] for begin in range(0, len(whole), self._limit)]
