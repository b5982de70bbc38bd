"""Fourier transforms of distributed arrays: the array API's `fft` extension, and NumPy's `fft2`,
`ifft2`, `rfft2` and `irfft2`.

All but `fftfreq` and `rfftfreq` are collective. Any number of points is served, along any axes, in
any distribution; the result has the distribution of `x`. `n` and `s` cut an axis off, or pad it
with zeros; `norm` is "backward", "ortho" or "forward". `float32` and `complex64` give `complex64`,
all other types `complex128`.
"""

import operator

import numpy

from . import _engine
from .creation import _filled
from .dtypes import check_device
from .manipulation import roll

__all__ = [
    "fft", "ifft", "fftn", "ifftn", "rfft", "irfft", "rfftn", "irfftn", "hfft", "ihfft", "fftfreq", "rfftfreq",
    "fftshift", "ifftshift", "fft2", "ifft2", "rfft2", "irfft2",
]  # fmt: skip


def _along(name, x, n, axis, norm):
    """A transform of one axis."""
    lengths = None if n is None else [operator.index(n)]
    return _engine.fourier(x, name, lengths, [operator.index(axis)], norm or "backward")


def _several(name, x, s, axes, norm):
    """A transform of several axes."""
    s, axes = (None if given is None else [operator.index(one) for one in given] for given in (s, axes))
    return _engine.fourier(x, name, s, axes, norm or "backward")


def fft(x, /, n=None, axis=-1, norm="backward"):
    """The transform along an axis, of `n` points."""
    return _along("fft", x, n, axis, norm)


def ifft(x, /, n=None, axis=-1, norm="backward"):
    """The inverse of `fft`."""
    return _along("ifft", x, n, axis, norm)


def rfft(x, /, n=None, axis=-1, norm="backward"):
    """The first `n // 2 + 1` points of the transform of real numbers along an axis."""
    return _along("rfft", x, n, axis, norm)


def irfft(x, /, n=None, axis=-1, norm="backward"):
    """The inverse of `rfft`: `n` real numbers, by default `2 * (m - 1)` from m points."""
    return _along("irfft", x, n, axis, norm)


def hfft(x, /, n=None, axis=-1, norm="backward"):
    """The real transform of half a signal with Hermitian symmetry: `n` numbers, by default
    `2 * (m - 1)` from m points."""
    return _along("hfft", x, n, axis, norm)


def ihfft(x, /, n=None, axis=-1, norm="backward"):
    """The inverse of `hfft`: `n // 2 + 1` points from real numbers."""
    return _along("ihfft", x, n, axis, norm)


def fftn(x, /, s=None, axes=None, norm="backward"):
    """The transform along several axes, by default all: `s` has the number of points of each."""
    return _several("fftn", x, s, axes, norm)


def ifftn(x, /, s=None, axes=None, norm="backward"):
    """The inverse of `fftn`."""
    return _several("ifftn", x, s, axes, norm)


def rfftn(x, /, s=None, axes=None, norm="backward"):
    """`rfft` along the last of some axes, then `fft` along the others."""
    return _several("rfftn", x, s, axes, norm)


def irfftn(x, /, s=None, axes=None, norm="backward"):
    """The inverse of `rfftn`."""
    return _several("irfftn", x, s, axes, norm)


def fft2(x, /, s=None, axes=(-2, -1), norm="backward"):
    """`fftn` along two axes."""
    return _several("fftn", x, s, axes, norm)


def ifft2(x, /, s=None, axes=(-2, -1), norm="backward"):
    """`ifftn` along two axes."""
    return _several("ifftn", x, s, axes, norm)


def rfft2(x, /, s=None, axes=(-2, -1), norm="backward"):
    """`rfftn` along two axes."""
    return _several("rfftn", x, s, axes, norm)


def irfft2(x, /, s=None, axes=(-2, -1), norm="backward"):
    """`irfftn` along two axes."""
    return _several("irfftn", x, s, axes, norm)


def _frequencies(n, d, length, numbers, dtype, device, distribution, context):
    """`length` frequencies: `numbers(indices)` in units of one period in `n` samples."""
    check_device(device)
    if n < 1:
        raise ValueError(f"{n} samples have no frequencies: at least 1 is needed")
    unit = 1.0 / (n * d)
    kind = numpy.dtype(float if dtype is None else dtype)
    return _filled((length,), kind, distribution, context, lambda index: numbers(index) * unit)


def fftfreq(n, /, d=1.0, *, dtype=None, device=None, distribution=None, context=None):
    """The frequencies of the points of `fft`, of `n` samples at distances `d`."""
    n = operator.index(n)
    return _frequencies(n, d, n, lambda index: numpy.where(index <= (n - 1) // 2, index, index - n), dtype, device,
                        distribution, context)


def rfftfreq(n, /, d=1.0, *, dtype=None, device=None, distribution=None, context=None):
    """The frequencies of the points of `rfft`, of `n` samples at distances `d`."""
    n = operator.index(n)
    return _frequencies(n, d, n // 2 + 1, lambda index: index, dtype, device, distribution, context)


def _shifted(x, axes, shift):
    if axes is None:
        axes = range(x.ndim)
    elif not isinstance(axes, (tuple, list)):
        axes = (axes,)
    return roll(x, [shift(x.shape[axis]) for axis in axes], axis=list(axes))


def fftshift(x, /, axes=None):
    """The points with frequency 0 in the middle, along some axes, by default all."""
    return _shifted(x, axes, lambda size: size // 2)


def ifftshift(x, /, axes=None):
    """The inverse of `fftshift`."""
    return _shifted(x, axes, lambda size: -(size // 2))
