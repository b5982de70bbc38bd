"""`Plan.execute`: a plan carried out over a communicator of mpi4py, by messages between each two processes.

Everything that can go wrong on one process goes wrong before anything is sent: shapes and item types are checked, memory for
messages is got, and what goes out is packed. Then all processes agree, in one reduction of five numbers, that all is well and the
same everywhere; if not, all raise the same exception. What follows are messages on a communicator of its own, made once for
each communicator that is used, so that they do not meet the program's.
"""

from array import array
from hashlib import blake2b

LIMIT = 1 << 30
NOTHING = (1 << 62) - 1
_private_key = None


def execute(plan, comm, source, target, source_ranks, target_ranks, limit):
    from mpi4py import MPI

    if not isinstance(comm, MPI.Intracomm):
        raise TypeError(f"`comm` is a communicator of mpi4py, not {type(comm).__name__}")
    private = _private(MPI, comm)
    problem, dtype, places, outgoing, incoming = None, None, 0, [], []
    try:
        limit = LIMIT if limit is None else limit
        if not 0 < limit <= LIMIT:
            raise ValueError(f"`limit` is {limit}, of 1 to {LIMIT} bytes")
        senders = _ranks(comm, source_ranks, plan.source.processes, "source")
        receivers = _ranks(comm, target_ranks, plan.target.processes, "target")
        for mine, ranks, side in zip(plan._ranks(), (senders, receivers), ("source", "target")):
            _mine(comm.rank, mine, ranks, side)
        places = hash((tuple(senders), tuple(receivers), limit))
        dtype = plan._checked(source, target)
        sends, receives = plan._sends(), plan._receives()
        if sends or receives:
            itemsize = _local(source if source is not None else target).itemsize
            incoming = [(peer, bytearray(elements * itemsize)) for peer, elements in receives]
            outgoing = [(peer, plan.pack(peer, source)) for peer, _ in sends]
    except Exception as error:
        problem = error
    _agree(MPI, private, problem, plan._layouts() ^ places, dtype)

    arriving, owner, missing = [], [], []
    for number, (peer, message) in enumerate(incoming):
        parts = _parts(message, limit)
        arriving += [private.Irecv([part, MPI.BYTE], senders[peer]) for part in parts]
        owner += [number] * len(parts)
        missing.append(len(parts))
    leaving = [
        private.Isend([part, MPI.BYTE], receivers[peer]) for peer, message in outgoing for part in _parts(message, limit)
    ]
    if None not in plan._ranks():
        plan.copy_local(source, target)
    for _ in arriving:
        number = owner[MPI.Request.Waitany(arriving)]
        missing[number] -= 1
        if not missing[number]:
            peer, message = incoming[number]
            plan.unpack(peer, message, target)
            incoming[number] = None
    MPI.Request.Waitall(leaving)


def _local(part):
    """The memory of a part."""
    from . import Local, Section

    return part.local if isinstance(part, Section) else Local(part)


def _parts(message, limit):
    """A message in parts that MPI can count; both ends cut it alike."""
    whole = memoryview(message)
    return [whole[begin : begin + limit] for begin in range(0, len(whole), limit)]


def _ranks(comm, ranks, processes, side):
    """The communicator's rank of each rank of a layout."""
    ranks = range(processes) if ranks is None else [int(rank) for rank in ranks]
    if len(ranks) != processes:
        raise ValueError(f"`{side}_ranks` lists {len(ranks)} ranks, the {side} has {processes} processes")
    if processes > comm.size or any(not 0 <= rank < comm.size for rank in ranks[-1:]):
        raise ValueError(f"the {side} has {processes} processes, the communicator {comm.size}")
    if not isinstance(ranks, range) and (min(ranks) < 0 or max(ranks) >= comm.size or len(set(ranks)) < processes):
        raise ValueError(f"`{side}_ranks` are not different ranks of a communicator of {comm.size}")
    return ranks


def _mine(rank, mine, ranks, side):
    """Refuses a plan that was made for another process than this."""
    if mine is None and rank in ranks:
        raise ValueError(f"the plan is of a process without a part of the {side}; this one has part {ranks.index(rank)}")
    if mine is not None and ranks[mine] != rank:
        raise ValueError(f"the plan is of rank {mine} of the {side}, which is not this process")


def _agree(MPI, comm, problem, layouts, dtype):
    """Raises on all processes what is wrong on one of them, or differs between two."""
    items = NOTHING if dtype is None else int.from_bytes(blake2b(dtype.encode(), digest_size=8).digest()) % NOTHING
    layouts &= NOTHING
    mine = array("q", [comm.size if problem is None else comm.rank, layouts, -layouts, items, -items if dtype else NOTHING])
    least = array("q", mine)
    comm.Allreduce([mine, MPI.INT64_T], [least, MPI.INT64_T], MPI.MIN)
    first, layouts, other, items, different = least
    if first < comm.size:
        name, text = comm.bcast((type(problem).__name__, str(problem)) if comm.rank == first else None, first)
        raise {"MemoryError": MemoryError, "TypeError": TypeError}.get(name, ValueError)(f"rank {first}: {text}") from problem
    if layouts != -other:
        raise ValueError("the processes have not planned the same: their layouts, ranks or limits differ")
    if items != NOTHING and items != -different:
        found = comm.allgather(dtype)
        raise ValueError(f"the item types differ: {', '.join(f'rank {rank} has {one}' for rank, one in enumerate(found) if one)}")


def _private(MPI, comm):
    """A duplicate of a communicator, kept as its attribute."""
    global _private_key
    if _private_key is None:
        _private_key = MPI.Comm.Create_keyval(delete_fn=lambda comm, key, private: private.Free())
    private = comm.Get_attr(_private_key)
    if private is None:
        private = comm.Dup()
        comm.Set_attr(_private_key, private)
    return private
