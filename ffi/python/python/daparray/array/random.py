"""Random arrays: the same global array on any number of ranks and in any distribution.

    rng = da.random.default_rng(7)
    x = rng.random((4096, 4096), distribution=("block", "block"))
    noise = rng.normal(0.0, 0.1, x.shape, distribution=x)

Each element has its own place in the stream of a seed, which its global index names: a rank makes
its elements without those of others and without a message. `random` and `uniform` have the bits of
``numpy.random.Generator(numpy.random.Philox(seed))``; the other functions have documented methods
of their own (the book's page *Random arrays*).

All ranks make a generator of the same seed, and call the same functions in the same order. Without
a seed, rank 0 chooses one.
"""

import operator
import os

import numpy

from . import _engine
from ._context import default_context
from ._distribution import placement
from ._engine import Array
from .creation import _shape
from .dtypes import named

__all__ = ["Generator", "default_rng"]

_LARGEST = (1 << 128) - 1


def default_rng(seed=None, *, stream=(), context=None):
    """A `Generator`. ``seed`` is an integer or a sequence of integers, as for NumPy's Philox.
    Without one, rank 0 chooses it, and the call is collective. ``stream`` names one of many
    independent streams of a seed: NumPy's ``spawn_key``."""
    return Generator(seed, stream=stream, context=context)


class Generator:
    """A stream of random numbers, and the position in it. See `default_rng`.

    ``size`` is the shape of the result, None for a single number; ``distribution`` and ``context``
    are those of `zeros`. ``position`` counts the words of the stream that were used; the same seed
    and position give the same numbers.
    """

    def __init__(self, seed=None, *, stream=(), context=None):
        self._context = context
        if seed is None:
            seed = int.from_bytes(self._context_of()._broadcast(0, os.urandom(16)), "little")
        self._generator = _engine.Generator(_numbers("seed", seed), _numbers("stream", stream))

    @property
    def position(self):
        """The number of 64-bit words of the stream that were used."""
        return self._generator.position

    @position.setter
    def position(self, words):
        self._generator.position = words

    def random(self, size=None, *, dtype=numpy.float64, distribution=None, context=None):
        """Numbers in [0, 1), with NumPy's bits."""
        return self._made(size, distribution, context, lambda *where: self._generator.random(*where, named(dtype)))

    def uniform(self, low=0.0, high=1.0, size=None, *, dtype=numpy.float64, distribution=None, context=None):
        """Numbers in [low, high), with NumPy's bits."""
        return self._made(size, distribution, context, lambda *where: self._generator.uniform(*where, named(dtype), (low, high)))

    def integers(self, low, high=None, size=None, *, dtype=numpy.int64, endpoint=False, distribution=None, context=None):
        """Integers from ``low`` up to ``high``, which is left out without ``endpoint``; with one
        bound, from 0 to it. Each has the same probability, exactly."""
        low, high = (0, low) if high is None else (low, high)
        low, high = operator.index(low), operator.index(high) + bool(endpoint)
        return self._made(size, distribution, context, lambda *where: self._generator.integers(*where, named(dtype), low, high))

    def standard_normal(self, size=None, *, dtype=numpy.float64, distribution=None, context=None):
        """Normal numbers of mean 0 and variance 1, real or complex."""
        return self.normal(0.0, 1.0, size, dtype=dtype, distribution=distribution, context=context)

    def normal(self, loc=0.0, scale=1.0, size=None, *, dtype=numpy.float64, distribution=None, context=None):
        """Normal numbers of mean ``loc`` and standard deviation ``scale``. Of complex numbers, the
        squared distance from the mean is ``scale`` squared on average."""
        return self._made(size, distribution, context, lambda *where: self._generator.normal(*where, named(dtype), loc, scale))

    def exponential(self, scale=1.0, size=None, *, dtype=numpy.float64, distribution=None, context=None):
        """Exponential numbers of mean ``scale``."""
        return self._made(size, distribution, context, lambda *where: self._generator.exponential(*where, named(dtype), scale))

    def choice(self, a, size=None, *, replace=True, p=None, axis=0, distribution=None, context=None):
        """Random elements of an array along an axis, or of the numbers below an integer ``a``. ``p``
        is a list of probabilities, the same on all ranks. Collective for arrays: the elements that
        were chosen move."""
        is_array = isinstance(a, Array)
        n = a.shape[axis] if is_array else operator.index(a)
        weights = None if p is None else [float(weight) for weight in p]
        context = context or (a.context if is_array else None)
        found = self._made(size, distribution, context, lambda *where: self._generator.choice(*where, n, not replace, weights))
        if not is_array:
            return found
        from .selection import take

        if found.ndim == 0:
            return a[(slice(None),) * (axis % a.ndim) + (int(found),)]
        return take(a, found, axis=axis)

    def permutation(self, x, *, axis=0, distribution=None, context=None):
        """The numbers below an integer in a random order; of an array a new one, whose parts along
        an axis are in a random order (collective: they move)."""
        if isinstance(x, Array):
            return self._generator.permuted(x, axis)
        return self._made(operator.index(x), distribution, context, self._generator.permutation)

    def shuffle(self, x, *, axis=0):
        """Puts the parts of an array along an axis into a random order, in place. Collective."""
        self._generator.shuffle(x, axis)

    def _context_of(self, context=None):
        return context or self._context or default_context()

    def _made(self, size, distribution, context, draw):
        context = self._context_of(context if context is not None or not isinstance(distribution, Array) else distribution.context)
        shape = (1,) if size is None else _shape(size)
        if not shape:
            return self._made(None, distribution, context, draw)
        made = draw(context, placement(None if size is None else distribution, shape, context))
        return made[0] if size is None else made

    def __repr__(self):
        return f"Generator(Philox, position {self.position})"


def _numbers(name, given):
    """A seed as a list of integers."""
    try:
        numbers = [operator.index(given)]
    except TypeError:
        try:
            numbers = [operator.index(number) for number in given]
        except TypeError:
            raise TypeError(f"a {name} is an integer, or a sequence of integers, not `{type(given).__name__}`") from None
    for number in numbers:
        if not 0 <= number <= _LARGEST:
            raise ValueError(f"the {name} {number} is not between 0 and 2**128 - 1")
    return numbers
