from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, SupportsIndex, final

from ._daparray import Layout, Section, _Memory

@final
class HaloExchange:
    """Fills the padding of arrays of one layout from the processes that own its elements.

        halo = HaloExchange(layout, "float64", comm)     # once
        halo.exchange(field)                             # in each time step, or in two halves:

        with halo.start(field):
            ...                                          # the interior, while messages are under way
        ...                                              # the elements beside the padding

    ``layout`` has the widths: ``Block(size, processes, halo=1)``. On a periodic dimension the
    boundary padding images the other end, and is filled as well: a ring of 10 elements with a halo
    of 1 is ``Block(12, processes, halo=1, boundary=(1, 1), periodic=True)``. With ``corners`` the
    elements of diagonal neighbours come too, in the same round. ``dtype`` is spelled as for
    ``Layout.zeros``.

    ``comm`` is a communicator of mpi4py, and the exchange is made and started by all its processes.
    The layout's ranks are its ranks, or those that ``ranks`` lists; a process without a part gives
    None. If something is wrong on one process, all raise the same exception, and no message is
    sent. Messages are of at most ``limit`` bytes.

    The engine of ``daparray.array`` carries the elements where it was built for the MPI of mpi4py,
    in memory that the processes of a node share. The exchange then belongs to the thread that
    prepared it. Without the engine, messages of mpi4py do.
    """
    def __init__(
        self,
        layout: Layout,
        dtype: Any,
        comm: Any,
        *,
        corners: bool = True,
        ranks: Sequence[SupportsIndex] | None = None,
        limit: SupportsIndex | None = None,
    ) -> None: ...
    @property
    def layout(self) -> Layout:
        """The layout of the arrays."""
    def exchange(self, array: Section | _Memory | None) -> None:
        """Fills the padding of ``array``: a ``Section`` of the layout, or anything with the buffer
        protocol or ``__dlpack__`` in the shape of this process's part; None where it has none.

        Called by all processes. Once all have agreed, the exchange is carried to its end on every
        process, and a signal handler that raises meanwhile (Ctrl-C) is called when it is over.
        """
    def start(self, array: Section | _Memory | None) -> Self:
        """Sends the elements of ``array`` that other processes hold in their padding. Called by all
        processes; what they own may be written afterwards.

        Returns the exchange, which a ``with`` statement finishes, also after an exception.
        """
    def finish(self) -> None:
        """Fills the padding of the array that was started with. Called by all processes.

        ``RuntimeError`` if nothing was started.
        """
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
