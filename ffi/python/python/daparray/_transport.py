"""The engine of `daparray.array` as a transport for moves and halo exchanges: one copy between the
processes of a node, bounded memory elsewhere.

It carries them where the package has its part for MPI, that MPI is mpi4py's, and the calling thread
may use it: on all processes of the communicator, or on none. Otherwise the messages of mpi4py do.

A transport is kept with the communicator. It belongs to the thread that made the first call there;
calls from other threads go by messages.
"""

from ._messages import LIMIT


def engine(MPI):
    """The module of the engine; None where there is none for the MPI of mpi4py and this thread."""
    try:
        from .array import _engine
    except ImportError:
        return None
    theirs, ours = (text.rstrip("\0").strip() for text in (MPI.Get_library_version(), _engine.library_version()))
    return _engine if theirs == ours and _engine.Transport.is_possible() else None


def transport(MPI, comm):
    """A transport on a communicator; None on all processes if one of them has no engine.
    Collective."""
    module = engine(MPI)
    if not comm.allreduce(module is not None, MPI.LAND):
        return None
    try:
        made = module.Transport(comm.py2f())
    except Exception:
        made = None
    return made if comm.allreduce(made is not None, MPI.LAND) else None


def placement(layout, ranks):
    """A layout, and the rank of the communicator that holds each section, as the engine takes
    them: the same on all processes, whatever kind of list each was given."""
    ranks = list(ranks)
    return layout._tuples(), None if ranks == list(range(len(ranks))) else ranks


def carry_out(transport, move, number, itemsize):
    """Moves everything, once all processes have agreed on the move's number. Collective.

    A prepared move is used again by plans that have the same number on all processes.
    """
    if not transport.has_move(number, itemsize):
        plan, limit = move.plan, None if move.limit == LIMIT else move.limit
        source, target = placement(plan.source, move.senders), placement(plan.target, move.receivers)
        transport.prepare_move(number, itemsize, source, target, plan.groups is not None, limit)
    transport.execute_move(number, itemsize, move.source, move.target)
