"""Agreement: local work succeeds on all processes of a communicator, or the call raises on all of
them.

An entry point that takes `comm` is written below `@collective`, as a generator:

    @collective()
    def rows(mine, comm=ALONE):
        held = memory(mine)           # local work: its exceptions are raised on all processes
        extents = yield held.shape    # gives this process's value, gets all values in rank order
        ...
        # A collective call of another library.
        vector = yield Together(lambda comm: Vec().createWithArray(held, comm=comm))
        return section                # when all have come to their end

Between two `yield`s, and from the call itself (arguments that do not fit included) to the first,
everything is local work. Its `comm` has `rank` and `size` and nothing to communicate by, so that no
collective call can stand where one process may already have raised. An exception of any kind
becomes an outcome; outcomes are exchanged in one `allgather`, and the lowest rank that failed gives
all processes its number and message. `KeyboardInterrupt`, `SystemExit` and exceptions of unknown
types stay on their own rank what they are; the other ranks raise `RuntimeError`, or the base class
that they know.

The communicator is the one argument that processes cannot agree about: a process whose `comm` is
none raises alone.
"""

import functools
import inspect
import pickle
import sys

from ._daparray import ValidationError
from ._signals import Deferred


class _Alone:
    """Stands for a communicator where the program is one process."""

    rank, size = 0, 1

    def allgather(self, item):
        return [item]

    def __repr__(self):
        return "ALONE"


ALONE = _Alone()
# The exception on other ranks: the first of these among the classes of the exception.
KINDS = {kind.__name__: kind for kind in (ArithmeticError, AttributeError, BufferError, ImportError, IndexError, KeyError, LookupError, MemoryError,
                                          NotImplementedError, OverflowError, RuntimeError, TypeError, ValidationError, ValueError)}  # fmt: skip


def carried(kind):
    """Lets other ranks raise this class of exception as well, which takes one text."""
    KINDS[kind.__name__] = kind
    return kind


class Together:
    """A collective call of another library, which all processes make when all have come to it:

    `call(comm)`.
    """

    def __init__(self, call):
        self.call = call


class Place:
    """The communicator as local work sees it: where the process stands, and whether the caller
    named the communicator."""

    def __init__(self, comm, given):
        self.rank, self.size, self.given, self._comm = comm.rank, comm.size, given, comm

    def matches(self, other):
        """Whether another communicator, of mpi4py, has the same processes in the same order.

        A local question.
        """
        MPI = _mpi()
        if MPI is None or not (isinstance(self._comm, MPI.Comm) and isinstance(other, MPI.Comm)):
            return self.size == other.size and self.rank == other.rank
        return MPI.Comm.Compare(self._comm, other) in (MPI.IDENT, MPI.CONGRUENT)


class Call:
    """An entry point with a parameter `comm`: finds the communicator among arguments that may not
    fit."""

    def __init__(self, function, implied=None):
        parameters = inspect.signature(function).parameters
        self.function, self.implied, self.names = function, implied, list(parameters)
        self.position, self.default = self.names.index("comm"), parameters["comm"].default
        self.name = f"{function.__module__.removeprefix('daparray.')}.{function.__name__}"

    def communicator(self, arguments, options):
        """The communicator of a call, and whether the caller named it.

        Raises on this process alone: without a communicator there is none to agree with.
        """
        given = options.get("comm", arguments[self.position] if len(arguments) > self.position else self.default)
        if self.implied is not None and given is None:
            return self.implied({**dict(zip(self.names, arguments)), **options}), False
        if given is inspect.Parameter.empty:
            self.function(*arguments, **options)  # Python's own words
        return checked(given), given is not ALONE

    def begin(self, place, arguments, options):
        """The call itself, where an argument that does not fit is found."""
        if len(arguments) > self.position:
            arguments = (*arguments[: self.position], place, *arguments[self.position + 1 :])
        else:
            options = {**options, "comm": place}
        return self.function(*arguments, **options)


def _mpi():
    """mpi4py's MPI if the program has imported it: without, no communicator is one of its."""
    return sys.modules.get("mpi4py.MPI")


def checked(comm):
    """The communicator if it is one within which processes can agree."""
    MPI = _mpi()
    if MPI is not None and isinstance(comm, MPI.Comm):
        if comm == MPI.COMM_NULL:
            raise ValueError("`comm` is COMM_NULL: this process is not in the communicator, and only its processes make this call")
        if comm.is_inter:
            raise TypeError("`comm` is an intercommunicator; the processes of one array are those of an intracommunicator: use `comm.Merge()`")
    lacks = [name for name in ("rank", "size", "allgather") if not hasattr(comm, name)]
    if lacks:
        raise TypeError(f"`comm` is {article(comm)}, which has no {', '.join(lacks)}: pass a communicator of mpi4py, such as `MPI.COMM_WORLD`")
    return comm


def article(thing):
    """The type of an argument for a message."""
    return "None" if thing is None else f"of type {type(thing).__qualname__}"


def collective(implied=None):
    """Makes an entry point of a function or a generator with a parameter `comm`: all processes
    succeed, or all raise.

    `implied(named)` is the communicator of a call without one, `named` being its arguments by name.
    Like a wrong `comm` it may raise on this process alone; whatever else is wrong with an argument,
    it must give the communicator that the other processes have.
    """

    def decorate(function):
        call = Call(function, implied)

        @functools.wraps(function)
        def entry(*arguments, **options):
            comm, given = call.communicator(arguments, options)
            return _conduct(call, comm, Place(comm, given), arguments, options)

        entry.collective = call
        return entry

    return decorate


def _conduct(call, comm, place, arguments, options):
    generator = None

    def advance(answer):
        """Local work up to the next exchange: what this process says there, or what it returns."""
        try:
            item = generator.send(answer)
        except StopIteration as end:
            return "return", end.value
        return ("call", item.call) if isinstance(item, Together) else ("exchange", item)

    def begin():
        nonlocal generator
        result = call.begin(place, arguments, options)
        if not inspect.isgenerator(result):
            return "return", result
        generator = result
        return advance(None)

    def told(work):
        """The outcome of local work, and its text for the other processes, which is local work
        too."""
        state, item = work()
        return state, item, pickle.dumps((call.name, number, state, item if state == "exchange" else None))

    work, number = begin, 0
    with Deferred() as signals:
        while True:
            outcome, error = signals.attempt(lambda: told(work))
            mine = pickle.dumps((call.name, number, "raise", failure(error))) if error is not None else outcome[2]
            outcome = outcome if error is None else (None, None, mine)
            everyone = [_heard(rank, one) for rank, one in enumerate(comm.allgather(mine))]
            failures = {rank: item for rank, (_, _, state, item) in enumerate(everyone) if state == "raise"}
            if failures:
                if generator is not None and error is None:
                    generator.close()
                throw(agreed(place.rank, error, failures, len(everyone)), error)
            for rank, one in enumerate(everyone):
                if one[:3] != everyone[0][:3]:
                    raise RuntimeError(f"rank 0 is in step {everyone[0][1]} of {everyone[0][0]} and rank {rank} in step {one[1]} of {one[0]}: all processes "
                                       "make the same calls in the same order")  # fmt: skip
            state, item, _ = outcome
            if state == "return":
                return item
            if state == "call":
                # Handlers of signals wait: one that raised here would leave the others in the call.
                work = _called(advance, item, comm)
            else:
                work = functools.partial(advance, [one[3] for one in everyone])
            number += 1


def _called(advance, call, comm):
    """Makes a collective call; the work that goes on with its outcome."""
    try:
        return functools.partial(advance, call(comm))
    except BaseException as error:
        raised = error

    def work():
        raise raised

    return work


def _heard(rank, text):
    """The value that a process gave, unless it is in a collective call of another kind."""
    try:
        name, number, state, item = pickle.loads(text)
    except Exception:
        raise RuntimeError(f"rank {rank} is in another collective call: all processes make the same calls in the same order") from None
    return name, number, state, item


def failure(error):
    """An exception as what can be sent: the names of its classes, its text, and whether it was
    agreed upon already."""
    try:
        text = str(error)
    except Exception:
        text = "(no text: its `__str__` raises)"
    return [kind.__name__ for kind in type(error).__mro__], text, was_agreed(error)


def was_agreed(error):
    return getattr(error, "_daparray_agreed", False)


def throw(raised, own):
    """Raises what was agreed, with this process's own exception as its cause where that is
    another."""
    if raised is own:
        raise raised
    raise raised from own


def agreed(rank, own, failures, size, kinds=KINDS, otherwise=RuntimeError):
    """The exception that `rank` of `size` raises; `failures` has the `failure` of each rank that
    failed, `own` is this rank's.

    `kinds` are the classes that every rank can raise, `otherwise` for an exception that is none of
    them.
    """
    if own is not None and was_agreed(own):
        return own
    if own is not None and not isinstance(own, Exception):
        own.add_note(f"raised on rank {rank}; the other processes of the communicator raise an exception that names it")
        return own
    first = min(failures)
    names, text, before = failures[first]
    if own is not None and len(failures) == size and all(one[:2] == (names, text) for one in failures.values()) and kinds is KINDS:
        return _marked(own)  # no rank is to be named
    kind = next((kinds[name] for name in names if name in kinds), otherwise if "Exception" in names else RuntimeError)
    if own is not None and rank == first and type(own) is not kind and kinds is KINDS:
        own.add_note(f"raised on rank {rank}; the other processes of the communicator raise {kind.__name__}")
        return _marked(own)
    if not text or not any(name in KINDS for name in names):
        text = ": ".join(filter(None, (names[0], text)))
    raised = kind(text if before else f"rank {first}: {text}")
    if own is not None and rank == first:
        vars(raised).update(vars(own))
    return _marked(raised)


def _marked(error):
    error._daparray_agreed = True
    return error
