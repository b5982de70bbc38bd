"""`Plan.execute`: a plan carried out over a communicator of mpi4py, by the engine of
`daparray.array` (`_transport`), or else by messages between each two processes.

Everything that can go wrong on one process goes wrong before anything is sent: arguments, shapes
and item types are checked, and each producer gives its memory once. For messages, memory is
allocated, what goes out is packed, and all requests are made. Then all processes agree, in one
reduction of a few numbers, that all is well and the same everywhere; if not, all raise the same
exception.

After the agreement every process carries the move to its end, whatever is raised there: the others
have started their messages to it. Handlers of signals wait meanwhile. Messages travel on a
duplicate of the communicator, made once for each communicator that is used, so that they do not
meet the program's. If a move does break off (MPI itself failed), its requests and buffers are kept
for the life of the process, and the next move makes a new duplicate, so that nothing that was left
behind matches a later message.
"""

from ._agreement import Call
from ._arguments import limit_of, ranks_of
from ._channel import NOTHING, Channel, agree, intracommunicator
from ._move import Move
from ._signals import Deferred
from ._transport import carry_out

_DIFFER = "the processes have not planned the same: their layouts, ranks or limits differ"


def execute(plan, *arguments, **options):
    from mpi4py import MPI

    comm, _ = _CALL.communicator((plan, *arguments), options)
    intracommunicator(MPI, comm)
    with Deferred() as signals:
        channel = Channel.of(MPI, comm)
        # The communicator was found, so it is an argument: what else does not fit is found within.
        checked, problem = signals.attempt(lambda: _CALL.begin(comm, (plan, *arguments), options))
        if channel.transport is not None:
            move, dtype, number = checked or (None, None, 0)
            itemsize = move.itemsize if dtype is not None else NOTHING
            numbers = channel.is_usable(), itemsize
            is_usable, itemsize = agree(MPI, channel.comm, problem, number, dtype, _DIFFER, numbers)
            # Without items, or without bytes in them, there is nothing to move.
            if is_usable and 0 < itemsize < NOTHING:
                carry_out(channel.transport, move, number & NOTHING, itemsize)
                return
        _by_messages(MPI, comm, channel, signals, checked, problem)


def _by_messages(MPI, comm, channel, signals, checked, problem):
    move, dtype, number = checked or (None, None, 0)
    if problem is None:
        _, problem = signals.attempt(move.pack)
    while True:
        if problem is None:
            _, problem = signals.attempt(lambda: move.prepare(MPI, channel.comm))
        try:
            (is_clean,) = agree(MPI, channel.comm, problem, number, dtype, _DIFFER, (channel.clean,))
        except BaseException:
            if move is not None:
                move.give_up()
            raise
        if is_clean:
            break
        # A move broke off on some process: its messages may still be under way.
        move.give_up()
        channel.renew(comm)
    channel.clean = False
    move.carry_out()
    channel.clean = True
    if move.problem is not None:
        raise move.problem


def _prepared(plan, comm, source, target, *, source_ranks=None, target_ranks=None, limit=None):
    """The checked move, its item type, and a number that is the same on all processes that mean the
    same."""
    limit = limit_of(limit)
    senders = ranks_of(comm, source_ranks, plan.source.processes, "source", "`source_ranks`")
    receivers = ranks_of(comm, target_ranks, plan.target.processes, "target", "`target_ranks`")
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


def _mine(rank, mine, ranks, side):
    """Refuses a plan that was made for another process than this."""
    if mine is None and rank in ranks:
        raise ValueError(f"the plan is of a process without a part of the {side}; this one has part {ranks.index(rank)}")
    if mine is not None and ranks[mine] != rank:
        raise ValueError(f"the plan is of rank {mine} of the {side}, which is not this process")
