"""The way of the elements of a halo exchange: by messages of mpi4py, or by the engine of
`daparray.array`.

`HaloExchange` chooses the way and has no data of its own. A way has `allocate` (memory, before the
processes agree), `connect` (once they have), `start`, `finish` and `free`, and its `state`.
"""

from ._channel import KINDS, agree

_KINDS = {**KINDS, "RuntimeError": RuntimeError, "BufferError": BufferError}
_DIFFER = "the processes are in different calls: all start the same exchange in the same order"


class Way:
    """The common part of both ways: state, number of the exchange, agreement of `start`."""

    def __init__(self, halo):
        self.state = "unconnected"
        self._halo, self._local = halo, None

    def numbered(self, MPI, channel):
        """Takes the next tag of the communicator's duplicate, which no other exchange there has."""
        channel.tag = channel.tag % MPI.COMM_WORLD.Get_attr(MPI.TAG_UB) + 1
        self._MPI, self._comm, self._tag = MPI, channel.comm, channel.tag

    def start(self, signals, memory):
        """Sends; `memory` is the local work that gives this process's checked memory."""
        local, problem = signals.attempt(lambda: self._checked(memory))
        # A tuple of this length is no other call's number.
        agree(self._MPI, self._comm, problem, hash((self._tag, 0, 1)), self._halo.dtype, _DIFFER, kinds=_KINDS)
        self._local, self.state = local, "broken"
        self._begin()
        self.state = "started"

    def _checked(self, memory):
        if self.state == "started":
            raise RuntimeError("a halo exchange is under way: finish it first")
        if self.state == "broken":
            raise RuntimeError("a halo exchange broke off when MPI failed: prepare another")
        return self._ready(memory)
