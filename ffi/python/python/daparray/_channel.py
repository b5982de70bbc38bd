"""A channel for the messages of collective calls over mpi4py, and the agreement before any message
is sent."""

from array import array
from hashlib import blake2b

from ._agreement import agreed, article, failure, throw
from ._transport import transport

NOTHING = (1 << 62) - 1
KINDS = {"MemoryError": MemoryError, "TypeError": TypeError}
_private_key = None


def intracommunicator(MPI, comm):
    """The communicator, refused unless it is one of mpi4py."""
    if not isinstance(comm, MPI.Intracomm):
        raise TypeError(f"`comm` is {article(comm)}: pass a communicator of mpi4py, such as `MPI.COMM_WORLD`")
    return comm


def agree(MPI, comm, problem, number, dtype, differ, more=(), kinds=KINDS):
    """Raises on all processes what is wrong on one of them, or differs between two: the item types,
    or the `number` that stands for the call and its arguments (`differ` says so).

    Returns the least of all processes' numbers, for each of `more`.
    """
    items = NOTHING if dtype is None else int.from_bytes(blake2b(dtype.encode(), digest_size=8).digest()) % NOTHING
    number &= NOTHING
    mine = array("q", [comm.size if problem is None else comm.rank, number, -number, items, -items if dtype else NOTHING, *more])
    least = array("q", mine)
    comm.Allreduce([mine, MPI.INT64_T], [least, MPI.INT64_T], MPI.MIN)
    first, number, other, items, different, *more = least
    if first < comm.size:
        told = comm.bcast(failure(problem) if comm.rank == first else None, first)
        throw(agreed(comm.rank, problem, {first: told}, comm.size, kinds, ValueError), problem)
    if number != -other:
        raise ValueError(differ)
    if items != NOTHING and items != -different:
        found = comm.allgather(dtype)
        raise ValueError(f"the item types differ: {', '.join(f'rank {rank} has {one}' for rank, one in enumerate(found) if one)}")
    return more


class Channel:
    """A duplicate of a communicator for messages, and the transport if there is one; kept as its
    attribute."""

    def __init__(self, MPI, comm):
        self.comm = comm.Dup()
        self.transport = transport(MPI, self.comm)
        # False from the start of a move to its end: so also when the move broke off.
        self.clean = True
        # The tag of the last exchange that was prepared; moves have 0.
        self.tag = 0

    @classmethod
    def of(cls, MPI, comm):
        global _private_key
        if _private_key is None:
            _private_key = MPI.Comm.Create_keyval(delete_fn=lambda comm, key, channel: channel.free(comm in (MPI.COMM_WORLD, MPI.COMM_SELF)))
        channel = comm.Get_attr(_private_key)
        if channel is None:
            channel = cls(MPI, comm)
            comm.Set_attr(_private_key, channel)
        return channel

    def is_usable(self):
        """Whether this thread may use the transport."""
        return self.transport is not None and self.transport.is_usable()

    def free(self, is_over):
        """Frees the duplicates with the communicator. Where MPI itself `is_over`, the transport's
        goes with it."""
        if self.transport is not None and not is_over:
            self.transport.close()
        self.comm.Free()

    def renew(self, comm):
        """Another duplicate. The old one is not freed: messages may still be on their way in it."""
        self.comm, self.clean = comm.Dup(), True
