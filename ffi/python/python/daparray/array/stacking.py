"""Arrays joined and taken apart, by NumPy's names beyond the standard's `concat` and `stack`."""

import operator

from .manipulation import _axis, at_least, concat, diag, expand_dims, flip, moveaxis, ravel, split, vstack


def _each(arrays, ndim):
    found = tuple(at_least(x, ndim) for x in arrays)
    return found[0] if len(found) == 1 else found


def atleast_1d(*arrays):
    """The arrays with one dimension or more. Views."""
    return _each(arrays, 1)


def atleast_2d(*arrays):
    """The arrays with two dimensions or more, those of one as rows. Views."""
    return _each(arrays, 2)


def atleast_3d(*arrays):
    """The arrays with three dimensions or more. Views."""
    return _each(arrays, 3)


def column_stack(arrays):
    """Arrays side by side, those of one dimension as columns. Collective."""
    return concat([x if x.ndim > 1 else expand_dims(at_least(x, 1), -1) for x in arrays], axis=1)


def dstack(arrays):
    """Arrays one behind the other along the third axis. Collective."""
    return concat([at_least(x, 3) for x in arrays], axis=2)


def append(x, values, axis=None):
    """`values` behind the elements along an axis, of all in C order without one. Collective."""
    return concat([ravel(x), ravel(values)] if axis is None else [x, values], axis=axis or 0)


def array_split(x, parts, axis=0):
    """As `split`; a number of parts need not divide the extent: the first ones have one more.
    Views."""
    if isinstance(parts, int):
        count, extent = operator.index(parts), x.shape[_axis(axis, x.ndim)]
        if count < 1:
            raise ValueError(f"{count} parts: at least 1")
        least, longer = divmod(extent, count)
        parts = [number * least + min(number, longer) for number in range(1, count)]
    return split(x, parts, axis)


def hsplit(x, parts):
    """`split` along the second axis; of one dimension along the only one. Views."""
    return split(x, parts, 0 if x.ndim == 1 else 1)


def vsplit(x, parts):
    """`split` along the first axis of two or more. Views."""
    if x.ndim < 2:
        raise ValueError(f"an array of {x.ndim} dimensions: two or more")
    return split(x, parts, 0)


def dsplit(x, parts):
    """`split` along the third axis. Views."""
    return split(x, parts, 2)


def fliplr(x):
    """The columns in reverse order. A view."""
    return flip(x, 1)


def flipud(x):
    """The rows in reverse order. A view."""
    return flip(x, 0)


def rollaxis(x, axis, start=0):
    """An axis moved before another one. A view."""
    axis, start = _axis(axis, x.ndim), start + x.ndim if start < 0 else start
    return moveaxis(x, axis, start - 1 if axis < start else start)


def diagflat(x, k=0):
    """The matrix with all elements, in C order, on a diagonal. Collective."""
    return diag(ravel(x), k)


# NumPy's old name.
row_stack = vstack


__all__ = [
    "append", "array_split", "atleast_1d", "atleast_2d", "atleast_3d", "column_stack", "diagflat", "dsplit", "dstack", "fliplr",
    "flipud", "hsplit", "rollaxis", "row_stack", "vsplit",
]  # fmt: skip
