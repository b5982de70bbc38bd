"""`Context`: a communicator; MPI's beginning and end."""

import atexit
import sys

from . import _engine


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
        _engine.register(context)
        return context

    @property
    def comm(self):
        """The communicator that the context was made of, as mpi4py has it. Needs mpi4py."""
        if self._comm is None:
            from mpi4py import MPI

            _mpi4py()
            return MPI.COMM_WORLD
        return self._comm

    def __repr__(self):
        return f"Context(rank {self.rank} of {self.size})"


_default = None


def default_context():
    """The context of all processes, on which arrays are made where no context is given. Collective
    at the first call."""
    global _default
    if _default is None:
        _default = Context()
    return _default


atexit.register(_finish)
