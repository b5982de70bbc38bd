"""Groups along an axis: elements whose labels are equal, reduced together.

    months = temperature.groupby(month)       # 365 x 180 x 360, a month for each day
    mean = months.mean()                      # 12 x 180 x 360
    anomaly = months - mean                   # 365 x 180 x 360

No bit of a result depends on the distribution. The groups of a result are distributed in even
blocks over the ranks of the axis, and the other axes as in the array. The book's page *Groups* has
the cost.
"""

import operator

import numpy

from . import _engine
from ._engine import Array
from .creation import asarray
from .dtypes import is_number

__all__ = ["GroupBy", "groupby"]


def groupby(x, labels, axis=0, *, groups=None):
    """Groups of the indices of an axis, by their labels: a `GroupBy`, whose reductions have one
    result for each group in place of the axis. Collective.

    `labels` has one label for each index of the axis. It is a distributed array of integers,
    booleans or real floats, or a sequence or NumPy's array, the same on all ranks, which may have
    texts and dates, too. The groups are the different labels in ascending order. Indices whose
    label is NaN or NaT are in no group.

    With `groups`, a number of groups that are known, labels are the numbers of the groups, integers
    from 0 to `groups` - 1. A group may be empty then, and indices with a negative number are in no
    group.

    Labels go to the ranks of the axis, and the label and size of each group to all ranks. No
    element of `x` moves. Errors are the same on all ranks: `ValueError` for an axis that is not
    there, another number of labels, and a number that is no group's."""
    return GroupBy(x, labels, axis, groups)


class GroupBy:
    """An array with groups along an axis; made by `groupby`. It reads the elements of the array
    when a function is called, and the labels once.

    Operators take a result for each group, as reductions give them: `g - g.mean()` is each element
    less the mean of its group."""

    __hash__ = None
    # NumPy leaves operators to this class.
    __array_ufunc__ = None

    def __init__(self, x, labels, axis, groups):
        #: The array.
        self.array = x
        #: The axis of the groups, counted from 0.
        self.axis = operator.index(axis)
        groups = None if groups is None else operator.index(groups)
        labels, names, groups = _labels(labels, x.context, groups)
        self._grouped = _engine.Grouped(x, self.axis, labels, groups)
        self.axis %= x.ndim
        #: The labels of the groups in order, as NumPy's array, on all ranks.
        self.labels = numpy.array(self._grouped.labels(), labels.dtype) if names is None else names

    @property
    def sizes(self):
        """The number of indices of each group, as NumPy's array, on all ranks. Local."""
        return numpy.array(self._grouped.sizes(), numpy.int64)

    def __len__(self):
        return len(self.labels)

    def count(self):
        """The number of indices of each group, in the shape and distribution of a reduction. It
        sends no message."""
        return self._grouped.count()

    def var(self, *, correction=0.0):
        """The variance of each group, divided by n - `correction` and rounded once; NaN of an empty
        group. Collective."""
        return self._grouped.reduce("var", float(correction))

    def std(self, *, correction=0.0):
        """The root of the variance of each group, rounded once. Collective."""
        return self._grouped.reduce("std", float(correction))

    def first(self):
        """The element of each group with the least index. An empty group is a `ValueError`.
        Collective: each result moves once."""
        return self._grouped.edge(False)

    def last(self):
        """The element of each group with the greatest index; see `first`. Collective."""
        return self._grouped.edge(True)

    def expand(self, results):
        """The result of its group at each element, in the shape and distribution of the array: NaN
        for elements of no group, 0 if the results are integers or booleans. `results` has the shape
        of a reduction. Collective: the results of all groups go to each rank of the axis."""
        return self._grouped.expand(results)

    def __repr__(self):
        return f"GroupBy({len(self)} groups along axis {self.axis} of {self.array!r})"


_REDUCTIONS = {
    "sum": "The sum of each group: of floats rounded once, of integers wrapped; 0 of an empty group.",
    "nansum": "The sum of each group without NaN.",
    "mean": "The mean of each group, rounded once; NaN of an empty group.",
    "nanmean": "The mean of each group without NaN.",
    "prod": "The product of each group; 1 of an empty group.",
    "min": "The least element of each group, NaN if there is one. An empty group has NaN among floats, and is else a `ValueError`.",
    "max": "The greatest element of each group; see `min`.",
    "all": "Whether no element of a group is zero.",
    "any": "Whether an element of a group is not zero.",
    "count_nonzero": "The number of elements of each group that are not zero.",
}
_OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide", "mod": "remainder",
    "pow": "power", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
}
_COMPARISONS = {"lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal"}


def _reduction(name, doc):
    def method(self):
        return self._grouped.reduce(name)

    method.__name__, method.__doc__ = name, f"{doc} Collective."
    return method


def _operator(name):
    def method(self, results):
        return self._grouped.apply(name, results) if isinstance(results, Array) else NotImplemented

    return method


def _reflected(name):
    def method(self, results):
        return _engine.apply(name, self.expand(results), self.array) if isinstance(results, Array) else NotImplemented

    return method


for _name, _doc in _REDUCTIONS.items():
    setattr(GroupBy, _name, _reduction(_name, _doc))
for _name, _operation in (_OPERATORS | _COMPARISONS).items():
    setattr(GroupBy, f"__{_name}__", _operator(_operation))
for _name, _operation in _OPERATORS.items():
    setattr(GroupBy, f"__r{_name}__", _reflected(_operation))


def _labels(labels, context, groups):
    """Labels as a distributed array; the groups' labels, or None where those are to be found; the
    number of groups that are known."""
    known = None if groups is None else numpy.arange(groups)
    if isinstance(labels, Array):
        return labels, known, groups
    labels = numpy.asarray(labels)
    if is_number(labels.dtype) or groups is not None:
        return asarray(labels, context=context), known, groups
    if labels.dtype.kind not in "USMm" or labels.ndim != 1:
        raise TypeError(f"labels are one axis of numbers, texts or dates, not {labels.ndim} of {labels.dtype}")
    is_missing = numpy.isnat(labels) if labels.dtype.kind in "Mm" else numpy.zeros(len(labels), bool)
    names, numbers = numpy.unique(labels[~is_missing], return_inverse=True)
    every = numpy.full(len(labels), -1)
    every[~is_missing] = numbers
    return asarray(every, context=context), names, len(names)


Array.groupby = groupby
