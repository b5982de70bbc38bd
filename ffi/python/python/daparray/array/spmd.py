"""Messages and values among ranks: `Group`, `DData`, and the same functions of a `Context`.

Values are objects of Python that `pickle` takes; NumPy's arrays are among them. The members of a
group are counted from 0. An error of one member in a collective call is raised on all.
"""

import functools
import pickle

from . import _engine


def _dumps(value):
    """A value as the engine sends it: its bytes, or the text of why it has none."""
    try:
        return pickle.dumps(value, protocol=5)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Group:
    """Some ranks of a context, in an order: the members, counted from 0. Each member makes the
    group, and no message is sent. Messages of one group are not mixed with those of another."""

    def __init__(self, context, ranks=None):
        self.context = context
        #: Values that this rank keeps with the group, by name.
        self.storage = {}
        self._group = _engine.Group(context, list(range(context.size)) if ranks is None else list(ranks))

    @property
    def ranks(self):
        """The ranks of the members in the context."""
        return self._group.ranks

    @property
    def size(self):
        """The number of members."""
        return len(self._group.ranks)

    @property
    def member(self):
        """The member that this rank is; None if it is none."""
        return self._group.member

    def send(self, value, to, *, tag=0):
        """Sends a value to a member. It does not wait."""
        self._group.send(to, tag, pickle.dumps(value, protocol=5))

    def recv(self, source, *, tag=0):
        """The next value that a member has sent with the tag. It waits for the message."""
        return pickle.loads(self._group.recv(source, tag))

    def recv_any(self, *, tag=0):
        """(member, value): the next value with the tag from any member."""
        source, message = self._group.recv_any(tag)
        return source, pickle.loads(message)

    def bcast(self, value=None, *, root=0):
        """The value of member `root`, on all members. Collective."""
        return pickle.loads(self._group.bcast(root, _dumps(value) if self.member == root else None))

    def scatter(self, values=None, *, root=0):
        """To each member its value of those that `root` lists. Collective."""
        mine = None if values is None or self.member != root else [_dumps(value) for value in values]
        return pickle.loads(self._group.scatter(root, mine))

    def gather(self, value, *, root=0):
        """The values of all members in order, on `root`; None on the others. Collective."""
        messages = self._group.gather(root, _dumps(value))
        return None if messages is None else [pickle.loads(message) for message in messages]

    def gather_all(self, value):
        """The values of all members in order. Collective."""
        return [pickle.loads(message) for message in self._group.gather_all(_dumps(value))]

    def reduce(self, value, function):
        """The values of all members combined by a function in order, on all members: member 0 calls
        it. Collective."""
        values = self.gather(value)
        return self._of_first(lambda: functools.reduce(function, values))

    def scan(self, value, function):
        """The values of the members up to this one combined by a function in order. Collective."""
        values = self.gather(value)

        def prefixes():
            found = values[:1]
            for one in values[1:]:
                found.append(function(found[-1], one))
            return found

        return self._of_first(prefixes)[self.member]

    def _of_first(self, compute):
        """What member 0 computes, on all members."""
        message = None
        if self.member == 0:
            try:
                message = _dumps(compute())
            except Exception as error:
                message = f"{type(error).__name__}: {error}"
        return pickle.loads(self._group.bcast(0, message))

    def barrier(self):
        """Waits for all members. Collective."""
        self._group.barrier()

    def __repr__(self):
        return f"Group(member {self.member} of {self.ranks})"


class DData:
    """Values of any type on each member of a group, a list on each: distributed data that is no
    array."""

    def __init__(self, group, values=()):
        self.group = group
        #: This member's values, a list to be changed as one likes.
        self.local = list(values)

    def map(self, function):
        """A function of each value. It sends no message."""
        return DData(self.group, [function(value) for value in self.local])

    def counts(self):
        """The number of values of each member. Collective."""
        return self.group.gather_all(len(self.local))

    def gather(self, *, root=0):
        """The lists of all members, on `root`; None on the others. Collective."""
        return self.group.gather(self.local, root=root)

    def gather_all(self):
        """The lists of all members. Collective."""
        return self.group.gather_all(self.local)

    def reduce(self, function):
        """All values combined by a function, on all members; None without a value. Collective."""
        mine = [functools.reduce(function, self.local)] if self.local else []
        parts = self.group.reduce(mine, lambda left, right: [function(left[0], right[0])] if left and right else left or right)
        return parts[0] if parts else None

    def __len__(self):
        return len(self.local)

    def __iter__(self):
        return iter(self.local)

    def __repr__(self):
        return f"DData({len(self.local)} values on {self.group!r})"


def ddata(values=None, *, group, root=None):
    """Distributed data: `values` is a function of the member, which gives its list, or each
    member's list; with `root`, the list of that member, which is distributed as evenly as can be.
    Collective with `root`."""
    if root is None:
        return DData(group, values(group.member) if callable(values) else () if values is None else values)
    parts = None
    if group.member == root:
        whole, extra = divmod(len(values), group.size)
        ends = [member * whole + min(member, extra) for member in range(group.size + 1)]
        parts = [list(values[start:stop]) for start, stop in zip(ends, ends[1:], strict=False)]
    return DData(group, group.scatter(parts, root=root))
