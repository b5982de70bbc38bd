"""`HaloExchange`: the padding of an array filled over a communicator of mpi4py.

An exchange is prepared once, in the engine of `daparray.array` (`_transport`), or else as messages:
the boxes to send and to fill, memory, and persistent requests. The processes agree before they
start, as in `Plan.execute`; an exchange that was started is carried to its end by `finish`. The way
of the elements is below the class, see `_halo_way`.
"""

import inspect

from ._agreement import Together, article, collective
from ._arguments import limit_of, ranks_of
from ._channel import Channel, intracommunicator
from ._daparray import Layout, _Halo
from ._halo_messages import OverMessages
from ._halo_transport import OverTransport
from ._signals import Deferred


@collective()
def _prepare(layout, dtype, comm, *, corners=True, ranks=None, limit=None):
    """The layout, this process's rank in it, its boxes, and the way of the elements."""
    if not isinstance(layout, Layout):
        raise TypeError(f"`layout` is {article(layout)}: pass a `daparray.Layout`")
    holders = ranks_of(comm, ranks, layout.processes, "layout", "`ranks`")
    rank = holders.index(comm.rank) if comm.rank in holders else None
    halo, limit = _Halo(layout, rank, dtype, corners), limit_of(limit)
    everyone = yield halo.number ^ hash((tuple(holders), limit)), halo.dtype
    _same(everyone)
    MPI, channel = yield Together(_channel)
    usable = yield channel.is_usable()
    if all(usable) and halo.itemsize > 0:
        way = OverTransport(halo, layout, holders)
        yield Together(lambda _: way.connect(MPI, channel))
        return layout, rank, halo, way
    way = OverMessages(halo, holders, limit)
    way.allocate()
    yield None  # all have the memory
    try:
        way.connect(MPI, channel)
        yield None  # all have their requests
    except BaseException:  # also that another process has none: the call ends at the `yield`
        way.free()
        raise
    return layout, rank, halo, way


_prepare.__wrapped__.__qualname__ = "HaloExchange"  # of which Python's own messages about arguments speak


def _channel(comm):
    from mpi4py import MPI

    return MPI, Channel.of(MPI, intracommunicator(MPI, comm))


def _same(everyone):
    for rank, (number, dtype) in enumerate(everyone):
        if dtype != everyone[0][1]:
            raise ValueError(f"the item types differ: rank 0 has {everyone[0][1]}, rank {rank} has {dtype}")
        if number != everyone[0][0]:
            raise ValueError(f"ranks 0 and {rank} prepare different exchanges: their layouts, `corners`, `ranks` or `limit` differ")


def _array(array):
    """The one argument of `start` and `exchange`."""
    return array


_ONE_ARRAY = inspect.signature(_array)


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

    def __init__(self, *arguments, **options):
        self._way = None
        self._layout, self._rank, self._halo, self._way = _prepare(*arguments, **options)

    @property
    def layout(self):
        """The layout of the arrays."""
        return self._layout

    def exchange(self, *arguments, **options):
        """Fills the padding of ``array``: a ``Section`` of the layout, or anything with the buffer
        protocol or ``__dlpack__`` in the shape of this process's part; None where it has none.

        Called by all processes. Once all have agreed, the exchange is carried to its end on every
        process, and a signal handler that raises meanwhile (Ctrl-C) is called when it is over.
        """
        with Deferred() as signals:
            self._way.start(signals, lambda: self._halo.memory(_array(*arguments, **options)))
            self._way.finish()

    def start(self, *arguments, **options):
        """Sends the elements of ``array`` that other processes hold in their padding. Called by all
        processes; what they own may be written afterwards.

        Returns the exchange, which a ``with`` statement finishes, also after an exception.
        """
        with Deferred() as signals:
            self._way.start(signals, lambda: self._halo.memory(_array(*arguments, **options)))
        return self

    def finish(self):
        """Fills the padding of the array that was started with. Called by all processes.

        ``RuntimeError`` if nothing was started.
        """
        with Deferred():
            if self._way.state != "started":
                raise RuntimeError("no halo exchange was started")
            self._way.finish()

    exchange.__signature__ = start.__signature__ = inspect.Signature(
        [inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY), *_ONE_ARRAY.parameters.values()]
    )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._way.state == "started":
            self.finish()

    def __del__(self):
        if self._way is not None:
            self._way.free()

    def __reduce__(self):
        raise TypeError("a `HaloExchange` cannot be pickled or copied: prepare another of its layout")

    def __repr__(self):
        rank = "no rank" if self._rank is None else f"rank {self._rank}"
        return f"<daparray.HaloExchange of {self._layout} {self._halo.dtype}, {rank}>"


HaloExchange.__signature__ = inspect.signature(_prepare)
