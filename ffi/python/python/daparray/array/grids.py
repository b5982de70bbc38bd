"""Arrays of coordinates and of simple matrices, by NumPy's names. Nothing moves."""

import numpy

from . import _engine
from .creation import _filled, coordinates, eye, linspace


def _line(part):
    """The first number, the step and the number of points of a slice: an imaginary step is a number
    of points, the end among them."""
    start = 0 if part.start is None else part.start
    step = 1 if part.step is None else part.step
    if isinstance(step, complex):
        count = int(abs(step))
        return float(start), (part.stop - start) / (count - 1) if count > 1 else 0.0, count
    return start, step, max(0, int(numpy.ceil((part.stop - start) / step)))


class _Grid:
    """What `mgrid[...]` and `ogrid[...]` take: a slice for each dimension."""

    def __init__(self, is_open, doc):
        self._is_open = is_open
        self.__doc__ = doc

    def __getitem__(self, key):
        lines = [_line(part) for part in (key if isinstance(key, tuple) else (key,))]
        dtype = numpy.result_type(*(type(number) for start, step, _ in lines for number in (start, step)))
        ndim = len(lines)
        if self._is_open or not isinstance(key, tuple):
            axes = [
                _filled(
                    tuple(count if other == axis else 1 for other in range(ndim)), dtype, None, None,
                    lambda *index, axis=axis, start=start, step=step: start + index[axis] * step,
                )
                for axis, (start, step, count) in enumerate(lines)
            ]  # fmt: skip
            return tuple(axes) if isinstance(key, tuple) else axes[0]
        return coordinates([count for _, _, count in lines], dtype, None, None, [(start, step) for start, step, _ in lines])


mgrid = _Grid(False, "`mgrid[0:3, 0:1:5j]`: the coordinates of a grid, as `indices`, from a slice for each dimension.")
ogrid = _Grid(True, "`ogrid[0:3, 0:1:5j]`: an array for each dimension of a grid, which broadcast together.")


def identity(n, dtype=None, *, distribution=None, context=None):
    """Ones on the diagonal of a square matrix, zeros elsewhere."""
    return eye(n, dtype=dtype, distribution=distribution, context=context)


def tri(n, m=None, k=0, dtype=float, *, distribution=None, context=None):
    """Ones on and below a diagonal, zeros elsewhere."""
    return _filled((n, n if m is None else m), dtype, distribution, context, lambda row, column: column <= row + k)


def geomspace(start, stop, num=50, *, distribution=None, context=None):
    """`num` numbers from `start` to `stop`, each by the same factor greater than the one before."""
    if start * stop <= 0:
        raise ValueError(f"numbers from {start} to {stop} by a factor: both above 0, or both below")
    sign = 1 if start > 0 else -1
    line = linspace(0, 1, num, distribution=distribution, context=context)
    return start * _engine.apply("power", sign * stop / (sign * start), line)


__all__ = ["geomspace", "identity", "mgrid", "ogrid", "tri"]
