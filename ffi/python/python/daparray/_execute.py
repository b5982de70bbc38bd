"""`Plan.execute`: a plan carried out over a communicator of mpi4py, by messages between each two
processes.

Everything that can go wrong on one process goes wrong before anything is sent: arguments, shapes
and item types are checked, each producer gives its memory once, memory for messages is allocated,
what goes out is packed, and all requests are made. Then all processes agree, in one reduction of
six numbers, that all is well and the same everywhere; if not, all raise the same exception.

After the agreement every process carries the move to its end, whatever is raised there: the others
have started their messages to it. Handlers of signals wait meanwhile. Messages travel on a
duplicate of the communicator, made once for each communicator that is used, so that they do not
meet the program's. If a move does break off (MPI itself failed), its requests and buffers are kept
for the life of the process, and the next move makes a new duplicate, so that nothing that was left
behind matches a later message.
"""

import operator
from array import array
from hashlib import blake2b

from ._agreement import Call, agreed, article, failure, throw
from ._move import LIMIT, Move
from ._signals import Deferred

NOTHING = (1 << 62) - 1
_KINDS = {"MemoryError": MemoryError, "TypeError": TypeError}
_private_key = None


def execute(plan, *arguments, **options):
    from mpi4py import MPI

    comm, _ = _CALL.communicator((plan, *arguments), options)
    if not isinstance(comm, MPI.Intracomm):
        raise TypeError(f"`comm` is {article(comm)}: pass a communicator of mpi4py, such as `MPI.COMM_WORLD`")
    with Deferred() as signals:
        channel = _Channel.of(MPI, comm)
        # The communicator was found, so it is an argument: what else does not fit is found within.
        prepared, problem = signals.attempt(lambda: _CALL.begin(comm, (plan, *arguments), options))
        move, dtype, numbers = prepared or (None, None, 0)
        while True:
            if problem is None:
                _, problem = signals.attempt(lambda: move.prepare(MPI, channel.comm))
            try:
                broken = _agree(MPI, channel, problem, numbers, dtype)
            except BaseException:
                if move is not None:
                    move.give_up()
                raise
            if not broken:
                break
            # A move broke off on some process: its messages may still be under way.
            move.give_up()
            channel.renew(comm)
        channel.clean = False
        move.carry_out(MPI)
        channel.clean = True
        if move.problem is not None:
            raise move.problem


def _prepared(plan, comm, source, target, *, source_ranks=None, target_ranks=None, limit=None):
    """The checked move, its item type, and a number that is the same on all processes that mean the
    same."""
    limit = _limit(limit)
    senders = _ranks(comm, source_ranks, plan.source.processes, "source")
    receivers = _ranks(comm, target_ranks, plan.target.processes, "target")
    for mine, ranks, side in zip(plan._ranks(), (senders, receivers), ("source", "target")):
        _mine(comm.rank, mine, ranks, side)
    # From here on the memory itself, so that no producer is asked again.
    source, target = _memory(source), _memory(target)
    dtype = plan._checked(source, target)
    move = Move(plan, source, target, senders, receivers, limit)
    return move, dtype, plan._layouts() ^ hash((tuple(senders), tuple(receivers), limit))


_prepared.__qualname__ = "Plan.execute"  # of which Python's own messages about arguments speak
_CALL = Call(_prepared)


def _memory(part):
    """The memory of a part."""
    from . import Local, Section

    if part is None or isinstance(part, Local):
        return part
    return part.local if isinstance(part, Section) else Local(part)


def _limit(limit):
    if limit is None:
        return LIMIT
    try:
        number = operator.index(limit)
    except TypeError:
        raise TypeError(f"`limit` is {limit!r}; a number of bytes is an integer of 1 to {LIMIT}") from None
    if not 0 < number <= LIMIT:
        raise ValueError(f"`limit` is {number}; messages are of 1 to {LIMIT} bytes")
    return number


def _ranks(comm, ranks, processes, side):
    """The communicator's rank of each rank of a layout."""
    name = f"`{side}_ranks`"
    if ranks is None:
        if processes > comm.size:
            raise ValueError(f"the {side} has {processes} processes, the communicator {comm.size}: plan for at most as many")
        return range(processes)
    if isinstance(ranks, (str, bytes)):
        raise TypeError(f"{name} is the text {ranks!r}; it lists ranks of the communicator as integers")
    found = []
    for at, rank in enumerate(ranks):
        try:
            found.append(operator.index(rank))
        except TypeError:
            raise TypeError(f"{name}[{at}] is {rank!r}; a rank of the communicator is an integer of 0 to {comm.size - 1}") from None
        if not 0 <= found[-1] < comm.size:
            raise ValueError(f"{name}[{at}] is {found[-1]}; the communicator has the ranks 0 to {comm.size - 1}")
    if len(found) != processes:
        raise ValueError(f"{name} lists {len(found)} ranks, the {side} has {processes} processes: list one for each")
    if len(set(found)) < processes:
        twice = next(rank for rank in found if found.count(rank) > 1)
        raise ValueError(f"{name} lists rank {twice} more than once; each process of the {side} is another rank")
    return found


def _mine(rank, mine, ranks, side):
    """Refuses a plan that was made for another process than this."""
    if mine is None and rank in ranks:
        raise ValueError(f"the plan is of a process without a part of the {side}; this one has part {ranks.index(rank)}")
    if mine is not None and ranks[mine] != rank:
        raise ValueError(f"the plan is of rank {mine} of the {side}, which is not this process")


def _agree(MPI, channel, problem, layouts, dtype):
    """Raises on all processes what is wrong on one of them, or differs between two.

    Whether a move broke off before, on any of them.
    """
    comm = channel.comm
    items = NOTHING if dtype is None else int.from_bytes(blake2b(dtype.encode(), digest_size=8).digest()) % NOTHING
    layouts &= NOTHING
    mine = array("q", [comm.size if problem is None else comm.rank, layouts, -layouts, items, -items if dtype else NOTHING, channel.clean])
    least = array("q", mine)
    comm.Allreduce([mine, MPI.INT64_T], [least, MPI.INT64_T], MPI.MIN)
    first, layouts, other, items, different, clean = least
    if first < comm.size:
        told = comm.bcast(failure(problem) if comm.rank == first else None, first)
        throw(agreed(comm.rank, problem, {first: told}, comm.size, _KINDS, ValueError), problem)
    if layouts != -other:
        raise ValueError("the processes have not planned the same: their layouts, ranks or limits differ")
    if items != NOTHING and items != -different:
        found = comm.allgather(dtype)
        raise ValueError(f"the item types differ: {', '.join(f'rank {rank} has {one}' for rank, one in enumerate(found) if one)}")
    return not clean


class _Channel:
    """A duplicate of a communicator for the messages of moves, kept as its attribute."""

    def __init__(self, comm):
        self.comm = comm.Dup()
        # False from the start of a move to its end: so also when the move broke off.
        self.clean = True

    @classmethod
    def of(cls, MPI, comm):
        global _private_key
        if _private_key is None:
            _private_key = MPI.Comm.Create_keyval(delete_fn=lambda comm, key, channel: channel.comm.Free())
        channel = comm.Get_attr(_private_key)
        if channel is None:
            channel = cls(comm)
            comm.Set_attr(_private_key, channel)
        return channel

    def renew(self, comm):
        """Another duplicate. The old one is not freed: messages may still be on their way in it."""
        self.comm, self.clean = comm.Dup(), True
