"""`DistDict`: a dictionary whose items are spread over the ranks of a context.

    count = da.DistDict()
    count.combine(((word, 1) for word in words_of_this_rank), operator.add)
    print(count.total(), "different words,", count.get_all(["the"]), "times `the`")

A key belongs to one rank, its owner, which the key's value determines. Keys and values are objects
that `pickle` takes. The owner keeps an item as bytes, and each access makes a new object of them.
All ranks make the same dictionaries and call the collective functions in the same order.

==============================================  ===================================================
task                                            functions
==============================================  ===================================================
operations in batches                           `set`, `get` and `remove` queue; `flush` executes
                                                those of all ranks; `take` gives the values
the same in one call                            `update`, `get_all`
counts and sums by key                          `combine`
single operations, which other ranks serve      `with d.open() as items: items[key] = value`
this rank's items                               `len(d)`, `for key in d`, `d[key]`, `key in d`,
                                                `keys`, `values`, `items`
a function of each item, by any idle rank       `map`
==============================================  ===================================================

Two keys are equal if they are equal in Python, as far as numbers, texts, bytes, and tuples and
frozensets of these are concerned: `1`, `1.0` and `True` are one key, and `"1"` is another. All NaN
are one key. Other objects are equal if they have the same class and their state is equal. A key
without a hash is a `TypeError`, as in Python.
"""

import pickle

from . import _engine
from ._agreed import agreed
from ._context import default_context
from ._keys import key_bytes

__all__ = ["DistDict", "Session"]

_NO_INITIAL = object()


def _item(key, value):
    return pickle.dumps((key, value), protocol=5)


def _value(item, default):
    return default if item is None else pickle.loads(item)[1]


def _pairs(items):
    """The bytes of the key and of the item of each pair."""
    pairs = items.items() if hasattr(items, "keys") else items
    return [(key_bytes(key), _item(key, value)) for key, value in pairs]


class DistDict:
    """A dictionary whose items are spread over the ranks of a context, by default all. Each rank
    makes it, and no message is sent.

    `len`, `in`, `[]`, iteration, `keys`, `values` and `items` are those of this rank's items, and
    send no message. Operations that are queued have no effect on them before `flush`."""

    #: A function of `combine` returns it to take the key away.
    NOTHING = type("Nothing", (), {"__repr__": lambda self: "DistDict.NOTHING"})()

    def __init__(self, *, context=None):
        self._begin(context or default_context(), _engine.DistDict)

    def _begin(self, context, make):
        #: The context.
        self.context = context
        self._dict = make(context)

    def owner(self, key):
        """The rank to which a key belongs, whether it has a value or not. Local."""
        return self._dict.owner(key_bytes(key))

    def set(self, key, value):
        """Gives a key a value, with the next `flush`. Local."""
        self._dict.set(key_bytes(key), _item(key, value))

    def remove(self, key):
        """Takes a key away, if it is there, with the next `flush`. Local."""
        self._dict.remove(key_bytes(key))

    def get(self, key):
        """Asks for the value of a key, with the next `flush`: a ticket, for which `take` gives the
        value. Local."""
        return self._dict.get(key_bytes(key))

    def flush(self):
        """Executes the queued operations of all ranks: those of rank 0 in their order, then those
        of rank 1, and so on. Collective: each operation goes to the owner of its key, and the
        values that were asked for come back."""
        self._dict.flush()

    def take(self, ticket, default=None):
        """The value that a ticket of the last `flush` asked for, once; `default` if there was no
        such key. Local. `update`, `get_all` and `combine` flush, too; a ticket of an earlier flush
        is a `RuntimeError`."""
        return _value(self._dict.take(ticket), default)

    def update(self, items=()):
        """Gives keys values: each rank has its own pairs, a dictionary or none, and of equal keys
        the last pair of the highest rank counts. Queued operations come before. Collective."""
        self._dict.set_all(agreed(self.context, lambda: _pairs(items)))
        self.flush()

    def get_all(self, keys=(), default=None):
        """The values of this rank's list of keys, `default` for those that are not there. Queued
        operations come before. Collective."""
        found = self._dict.get_all(agreed(self.context, lambda: [key_bytes(key) for key in keys]))
        return [_value(item, default) for item in found]

    def combine(self, items, function, *, initial=_NO_INITIAL):
        """Changes values by a function: for each pair of key and argument that a rank gives, the
        new value is `function(value, argument)`. A key without a value gets
        `function(initial, argument)`, or the argument itself without `initial`. The owner of the
        key calls the function, for the arguments of rank 0 first, in their order. A result
        `DistDict.NOTHING` takes the key away.

        Queued operations come before. Collective: each pair goes to the owner of its key. An
        exception of the function on one rank is raised on all, and no value is changed then."""

        def combined(old, pair):
            key, argument = pickle.loads(pair)
            if old is not None:
                key, value = pickle.loads(old)
            elif initial is _NO_INITIAL:
                return pair
            else:
                value = initial
            value = function(value, argument)
            return None if value is DistDict.NOTHING else _item(key, value)

        self._dict.update(agreed(self.context, lambda: _pairs(items)), combined)

    def map(self, function):
        """A new dictionary of `function(key, value)` of each item, under the same keys. A rank that
        has finished its items takes half of those that another one still has, so that a function
        whose cost varies keeps all ranks busy; it gives the same result on each rank, and calls no
        collective function of the context.

        Collective: items that another rank computes move there, and their results back. An
        exception of the function on one rank is raised on all."""

        def mapped(item):
            key, value = pickle.loads(item)
            return _item(key, function(key, value))

        made = DistDict.__new__(DistDict)
        made._begin(self.context, lambda _: self._dict.map(mapped))
        return made

    def open(self):
        """Single operations of any rank, in a block `with d.open() as items`: a `Session`, which
        looks like a dictionary of all items. A rank serves the others while it waits for an answer,
        and at the end of its block until all ranks have left theirs; a block that computes for long
        calls `items.serve()` now and then. Collective at both ends, and no other function of the
        dictionary is called in between. An exception of one rank is raised on all."""
        return Session(self._dict)

    def total(self):
        """The number of items of all ranks. Collective."""
        return self._dict.total()

    def __len__(self):
        return self._dict.local_len()

    def __iter__(self):
        return self.keys()

    def __getitem__(self, key):
        item = self._own(key)
        if item is None:
            raise KeyError(key)
        return _value(item, None)

    def __contains__(self, key):
        return self._own(key) is not None

    def _own(self, key):
        """The item of a key that this rank owns, or None."""
        encoded = key_bytes(key)
        owner = self._dict.owner(encoded)
        # The answer "no" would be wrong, and differ between ranks.
        if owner != self.context.rank:
            raise KeyError(f"{key!r} belongs to rank {owner}, this is rank {self.context.rank}: use `get_all`, or `with d.open() as items`")
        return self._dict.local_get(encoded)

    def items(self):
        """This rank's items as pairs, in an order that the keys determine. Local."""
        return map(pickle.loads, self._dict.local_items())

    def keys(self):
        """The keys of `items`. Local."""
        return (key for key, _ in self.items())

    def values(self):
        """The values of `items`. Local."""
        return (value for _, value in self.items())

    def close(self):
        """Gives this rank's memory back: later operations fail. Local; each rank calls it."""
        self._dict.close()

    def __reduce__(self):
        raise TypeError("a distributed dictionary is not pickled: each rank has its own items, `dict(d.items())`")

    def __repr__(self):
        return f"DistDict({self.context.size} ranks)"


class Session:
    """The items of all ranks inside of `with d.open() as items`. Setting and deleting send one
    message to the owner of the key, and do not wait; reading waits for the owner. A rank sees its
    own operations; those of others have no order."""

    def __init__(self, engine):
        self._dict = engine

    def __enter__(self):
        self._dict.open()
        return self

    def __exit__(self, kind, error, trace):
        try:
            self._dict.close_session(None if kind is None else f"raised {kind.__name__}: {error}")
        except RuntimeError:
            # This rank's own exception goes on.
            if kind is None:
                raise

    def get(self, key, default=None):
        """The value of a key, `default` if there is none."""
        return _value(self._dict.session_get(key_bytes(key)), default)

    def __getitem__(self, key):
        item = self._dict.session_get(key_bytes(key))
        if item is None:
            raise KeyError(key)
        return _value(item, None)

    def __contains__(self, key):
        return self._dict.session_get(key_bytes(key)) is not None

    def __setitem__(self, key, value):
        self._dict.session_set(key_bytes(key), _item(key, value))

    def __delitem__(self, key):
        self._dict.session_remove(key_bytes(key))

    def serve(self):
        """Serves the requests of other ranks that have arrived, without waiting."""
        self._dict.session_serve()
