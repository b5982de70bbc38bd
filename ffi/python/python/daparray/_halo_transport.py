"""A halo exchange by the engine of `daparray.array`: one copy between the processes of a node."""

from ._halo_way import Way
from ._transport import placement


class OverTransport(Way):
    """An exchange that a transport has prepared, by its number there."""

    def __init__(self, halo, layout, holders):
        super().__init__(halo)
        self._layout, self._holders = layout, holders

    def allocate(self):
        """The engine has the memory."""

    def connect(self, MPI, channel):
        """Prepares the exchange. Collective."""
        self.numbered(MPI, channel)
        self._transport = channel.transport
        where, itemsize = placement(self._layout, self._holders), self._halo.itemsize
        self._number = self._transport.prepare_exchange(where, itemsize, self._halo.corners)
        self.state = "idle"

    def finish(self):
        """Fills the padding."""
        self.state, local, self._local = "broken", self._local, None
        self._transport.finish_exchange(self._number, self._halo.itemsize, local)
        self.state = "idle"

    def free(self):
        """Lets the transport drop the exchange, also one that is under way."""
        if self.state != "unconnected":
            self._transport.drop_exchange(self._number)

    def _ready(self, memory):
        if not self._transport.is_usable():
            raise RuntimeError("the halo exchange belongs to another thread: the one that prepared it uses it, while its communicator is there")
        return memory()

    def _begin(self):
        self._transport.start_exchange(self._number, self._halo.itemsize, self._local)
