"""A move: its checked arguments; and by messages, from its agreement to its end, whatever is
raised."""

from ._messages import Messages

# Moves that MPI could not end: it may still write to their buffers.
_broken = []


class Move:
    def __init__(self, plan, source, target, senders, receivers, limit):
        self.plan, self.source, self.target, self.problem = plan, source, target, None
        self.senders, self.receivers, self.limit = senders, receivers, limit
        self._messages = None

    @property
    def itemsize(self):
        """The bytes of an item; this process has a part."""
        return (self.source if self.source is not None else self.target).itemsize

    def pack(self):
        """Allocates memory for all messages, and packs those that go out."""
        sends, receives = self.plan._sends(), self.plan._receives()
        itemsize = self.itemsize if sends or receives else 0
        self._incoming = [(peer, bytearray(elements * itemsize)) for peer, elements in receives]
        self._outgoing = [(peer, self.plan.pack(peer, self.source)) for peer, _ in sends]

    def prepare(self, MPI, comm):
        """Makes all requests on a communicator."""
        incoming = [(self.senders[peer], message) for peer, message in self._incoming]
        outgoing = [(self.receivers[peer], message) for peer, message in self._outgoing]
        self._messages = Messages(MPI, comm, incoming, outgoing, self.limit)

    def give_up(self):
        """Frees requests that were not started."""
        if self._messages is not None:
            self._messages.free()

    def carry_out(self):
        """Moves everything.

        An exception on the way becomes `problem`, and the move goes on: other processes have
        started theirs.
        """
        _broken.append(self)
        self._messages.start()
        self._try(self._keep)
        while (number := self._try(self._messages.next)) is not None:
            self._try(lambda: self._arrived(number))
        # An error here leaves the move among those whose memory is kept.
        self._messages.wait()
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
        peer, message = self._incoming[number]
        self.plan.unpack(peer, message, self.target)
