"""`Context`: a communicator; MPI's beginning and end."""

import atexit
import functools
import pathlib
import sys

from . import _engine
from .spmd import Group

# As the code of the package has it: links are not followed.
_FOLDER = str(pathlib.Path(__file__).parents[1]) + "/"
_engine.set_package(_FOLDER)


def _mpi4py():
    """mpi4py's module, if the program has imported it, compared with the MPI of this package."""
    module = sys.modules.get("mpi4py.MPI")
    if module is None:
        return None
    theirs = module.Get_library_version().rstrip("\0").strip()
    ours = _engine.library_version().strip()
    if theirs != ours:
        raise RuntimeError(
            f"mpi4py runs {theirs.splitlines()[0]!r}, and daparray.array was built for {ours.splitlines()[0]!r}. Install daparray "
            "for the same MPI: MPICC=/path/to/its/mpicc pip install --force-reinstall --no-cache-dir daparray"
        )
    return module


def _finish():
    """Ends MPI. A rank that an exception ends does not wait for the others: the launcher ends
    them."""
    failed = hasattr(sys, "last_value") and not hasattr(sys, "ps1")
    if not failed:
        _engine.finalize()


def _place(trace):
    """The file and line of the program where an exception was raised."""
    place = "an unknown place"
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith(_FOLDER):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _publish(kind, error, trace):
    """Says to the ranks that wait for this one that it has raised an exception and ends."""
    # An interactive interpreter goes on.
    if not hasattr(sys, "ps1"):
        _engine.leave(f"raised {kind.__name__} at {_place(trace)}")


@functools.cache
def _hook():
    """Adds `_publish` to the functions that an exception calls which ends the program."""
    others = sys.excepthook

    def hook(kind, error, trace):
        _publish(kind, error, trace)
        others(kind, error, trace)

    sys.excepthook = hook


class Context(_engine.Context):
    """A communicator, and what the arrays on it share. Collective.

    ``comm`` is a communicator of mpi4py; without it, all processes of the program. Operands of one
    operation are on one context. A context's duplicate of the communicator lives until the end of
    the process, and a context belongs to the thread that made it.
    """

    def __new__(cls, comm=None):
        if comm is not None and not hasattr(comm, "py2f"):
            raise TypeError(f"`comm` is a communicator of mpi4py, not `{type(comm).__name__}`")
        _mpi4py()
        context = super().__new__(cls, None if comm is None else comm.py2f())
        context._comm = comm
        #: Values that this rank keeps with the context, by name.
        context.storage = {}
        context._group = None
        _engine.register(context)
        _hook()
        return context

    @property
    def comm(self):
        """The communicator that the context was made of, as mpi4py has it. Needs mpi4py."""
        if self._comm is None:
            from mpi4py import MPI

            _mpi4py()
            return MPI.COMM_WORLD
        return self._comm

    def group(self, ranks=None):
        """The `Group` of these ranks, in this order; of all ranks without. Each member makes it, and
        no message is sent."""
        return Group(self, ranks)

    @property
    def everyone(self):
        """The group of all ranks, in order, whose functions the context has, too: `send`, `recv`,
        `bcast`, `scatter`, `gather`, `gather_all`, `reduce` and `scan`."""
        if self._group is None:
            self._group = Group(self)
        return self._group

    def split(self, colour):
        """A new context of the ranks that give the same colour, in order; None for a rank that
        gives None. Collective. Needs mpi4py."""
        from mpi4py import MPI

        part = self.comm.Split(MPI.UNDEFINED if colour is None else colour, self.rank)
        return None if colour is None else Context(part)

    def __repr__(self):
        return f"Context(rank {self.rank} of {self.size})"


def _of_everyone(name):
    def method(self, *arguments, **keywords):
        return getattr(self.everyone, name)(*arguments, **keywords)

    method.__name__, method.__doc__ = name, getattr(Group, name).__doc__
    return method


for _name in ("send", "recv", "recv_any", "bcast", "scatter", "gather", "gather_all", "reduce", "scan"):
    setattr(Context, _name, _of_everyone(_name))


_default = None


def default_context():
    """The context of all processes, on which arrays are made where no context is given. Collective
    at the first call."""
    global _default
    if _default is None:
        _default = Context()
    return _default


atexit.register(_finish)
