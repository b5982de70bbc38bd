"""`Context`: the ranks that a program drives, or those that it runs on."""

import collections
import os
import sys
import weakref

from .._remote import pickling
from . import _launch, _replies
from ._handles import Function, Indexed, Namespace, Remote, RemoteArray
from ._ranks import Ranks

# Variables by which launchers tell a process that it is a rank, with the number of ranks.
_SIZES = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE")


def ranks_of_launcher():
    """The number of ranks if a launcher started this process as one of them, or None."""
    for name in _SIZES:
        if os.environ.get(name, "").isdigit():
            return int(os.environ[name])
    # SLURM's own launcher with PMIx.
    size = os.environ.get("SLURM_STEP_NUM_TASKS", "") if "PMIX_RANK" in os.environ else ""
    return int(size) if size.isdigit() else None


# The context that was made last, for `%%spmd`.
_latest = None


def latest():
    """The context that was made last, or None."""
    return _latest and _latest()


class Base:
    """The functions of both kinds of contexts: `apply` and its relatives.

    A kind has `_request(operation, arguments, each, prefix)`, which returns the value.
    """

    def __init__(self):
        global _latest
        self._functions = 0
        _latest = weakref.ref(self)

    def _call(self, target, arguments, keywords, *, each=False, keep=False, prefix=False):
        return self._request("call", (target, list(arguments), keywords, keep), each=each, prefix=prefix)

    def apply(self, function, /, *arguments, keep=False, **keywords):
        """Calls a function on each rank and returns a list of the results, one a rank.

        Arrays among the arguments are the rank's arrays: `x.local` is its part. A result that is an
        array is one handle. With ``keep=True`` results stay on the ranks, whatever they are.
        """
        return self._call(("object", function), arguments, keywords, each=True, keep=keep, prefix=True)

    def register(self, function, name=None):
        """Sends a function to the ranks once; then ``context.<name>(...)`` applies it. Returns what
        is called, so that it works as a decorator."""
        name = name or function.__name__
        if hasattr(type(self), name) or name.startswith("_"):
            raise ValueError(f"a context has something else of the name {name!r}: choose one by name=")
        self._functions += 1
        number = self._functions
        self._request("register", (number, function), each=False, prefix=False)

        def registered(*arguments, keep=False, **keywords):
            return self._call(("registered", number), arguments, keywords, each=True, keep=keep, prefix=True)

        registered.__name__, registered.__doc__ = name, function.__doc__
        setattr(self, name, registered)
        return registered

    def push(self, names=None, /, **more):
        """Gives values to names of the ranks, the same on all; a handle becomes the rank's array."""
        self._request("push", ({**(names or {}), **more},), each=False, prefix=False)

    def pull(self, *names):
        """The values of names of the ranks: a list with an entry a rank; an array is one handle. Of
        several names a tuple."""
        found = [self._request("pull", ([name],), each=True, prefix=False) for name in names]
        return found[0] if len(found) == 1 else tuple(found)

    def execute(self, source, *, file="<spmd>"):
        """Runs source text on each rank, among the names that `push` has made, and `da`, `rank`,
        `size`. Returns the values of the last expression, as `apply` does, or None without one."""
        found = self._request("execute", (source, file), each=True, prefix=True)
        is_nothing = isinstance(found, list) and all(one is None for one in found)
        return None if is_nothing else found

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Context(Base):
    """Ranks that this program drives, `ranks` of them.

    Without ``ranks`` there are as many as cores. ``launcher`` is the launcher's command
    (DAP_MPIRUN, or mpirun), to which ``-n RANKS python -m daparray.engine`` is added. Ranks connect
    to a Unix socket that this user alone can open; ``interface``, the name or an address of a
    network interface, is given where ranks run on other nodes, and TCP is used there.

    With ``connection_file`` no launcher is started: the address and the key are written to a new
    file that this user alone can read, and the context waits for ``ranks`` engines that a batch
    system starts as ``python -m daparray.engine --connection FILE``. The file is removed once they
    are there. ``begin(address, key)`` starts engines in any other way: each of them calls
    `daparray.engine.attach`. ``timeout`` is the greatest wait in seconds, by default 60, and none
    with a connection file.

    In a program that a launcher started, such as ``mpirun -n 4 python program.py``, the context is
    the program's own ranks; ``ranks`` must be their number then.
    """

    def __new__(cls, ranks=None, **options):
        size = ranks_of_launcher()
        # A launcher of one process, as for a shell within a job, leaves the ranks to the client.
        if size is None or (size == 1 and ranks not in (None, 1)):
            return super().__new__(cls)
        from ._in_place import InPlace

        if ranks not in (None, size):
            raise ValueError(f"the program runs on {size} ranks, and a context of {ranks} was asked for")
        return InPlace()

    def __init__(self, ranks=None, *, launcher=None, interface=None, connection_file=None, timeout=None, begin=None):
        super().__init__()
        self._close = None
        ranks = os.cpu_count() if ranks is None else ranks
        if isinstance(ranks, bool) or not isinstance(ranks, int) or not 1 <= ranks <= 1 << 16:
            raise ValueError(f"`ranks` is the number of ranks, from 1 to 65536, not {ranks!r}")
        if timeout is None and connection_file is None:
            timeout = 60
        started, connections = _launch.start(ranks, launcher, interface, connection_file, begin, timeout)
        self._dead = collections.deque()
        self._ranks = Ranks(started, connections)
        # Without the context itself, so that it can die.
        self._close = weakref.finalize(self, self._ranks.close)
        self.size = ranks
        self._request("search", ([path or os.getcwd() for path in sys.path],), each=False, prefix=False)
        names, *self._of_arrays, self._each = self._request("surface", (), each=False, prefix=False)
        self.array = Namespace(self, "", names)

    @classmethod
    def from_ipyparallel(cls, view, *, interface=None):
        """A context of the engines of ipyparallel, which an MPI launcher started:
        ``ipyparallel.Cluster(engines="mpi", n=4)``, and a view of all of them.

        The address and the key travel in a message of ipyparallel. Until the context is closed, the
        engines work for it and have no time for the view.
        """
        from ..engine import attach

        return cls(len(view), interface=interface, begin=lambda address, key: view.apply_async(attach, address, key))

    @property
    def processes(self):
        """The host and the process number of each rank."""
        return list(self._ranks.processes)

    def _reference(self, one):
        """References to what the ranks have."""
        if isinstance(one, Remote):
            if one._context is not self:
                raise ValueError("the handle belongs to another context")
            return one._reference
        if isinstance(one, (Namespace, Function, Indexed)):
            return "array", one._path
        if isinstance(one, Base):
            raise TypeError("a context is the client's: on the ranks, use daparray.array.default_context()")
        return None

    def _request(self, operation, arguments, *, each, prefix):
        payload = pickling.dump((operation, arguments, each), self._reference)
        handles = {}

        def resolve(reference):
            key, (kind, *about) = reference
            if key not in handles:
                handles[key] = (RemoteArray if kind == "array" else Remote)(self, key, *about)
            return handles[key]

        with self._ranks.lock:
            replies = self._ranks.request(self._take_dead, payload)
            try:
                return _replies.finish(replies, resolve, each=each, prefix=prefix)
            except _replies.Different:
                return self._compared(replies, resolve)
            except BaseException:
                self._ranks.forget_last()
                raise

    def _compared(self, replies, resolve):
        """Rank 0's value, of replies whose digests differ: the same value may have other bytes."""
        values = self._ranks.request(list, pickling.dump(("value", (), True), self._reference))
        buffers = [_replies.read(reply)[2] for reply in (replies[0], *values[1:])]
        return _replies.compare({rank: pickling.load(one, resolve) for rank, one in enumerate(buffers)})

    def _take_dead(self):
        dead = []
        while self._dead:
            dead.append(self._dead.popleft())
        return dead

    def _html(self, array):
        return self._request("html", (array,), each=True, prefix=False)[0]

    def close(self):
        """Ends the ranks. Handles are of no use then."""
        self._close()

    def __repr__(self):
        return f"Context({self.size} ranks)"


