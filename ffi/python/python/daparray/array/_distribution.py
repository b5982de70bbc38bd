"""The argument `distribution=`: which rank gets which elements.

=========================================  ==========================================================
`None`                                     the default: `"block"`, or what the environment variable
                                           DAP_DEFAULT_DISTRIBUTION names
a `daparray.Layout`                        as it says; section r lies on rank r
an `Array` of the same shape               as that array
a kind, or a sequence of kinds             for the first dimensions; the others are not distributed
=========================================  ==========================================================

The kinds: `"block"` (one run of indices a rank), `"balanced"` (runs that differ by one at most),
`"cyclic"` (index by index), `("cyclic", 4)` (four by four), `"none"`, `("bounds", [0, 3, 10])`,
`("unstructured", [[3, 0], [1, 2]])`, and `"irregular"`, bounds in proportion 1 : 2 : 3 and so on,
for tests. In DAP_DEFAULT_DISTRIBUTION they are separated by commas, `cyclic(4)` with its number;
kinds beyond an array's dimensions are ignored.
"""

import os
import re

from .. import Layout
from . import _engine, _layouts

_NAMES = ("block", "balanced", "cyclic", "none", "irregular")


def _default():
    text = os.environ.get("DAP_DEFAULT_DISTRIBUTION", "block")
    return [_named(part.strip()) for part in text.split(",")]


def _named(text):
    sized = re.fullmatch(r"cyclic\((\d+)\)", text)
    if sized:
        return "cyclic", int(sized[1])
    if text in _NAMES:
        return text
    raise ValueError(f"DAP_DEFAULT_DISTRIBUTION names no distribution {text!r}: {', '.join(_NAMES)} or cyclic(4)")


def _irregular(size, ranks):
    """Bounds in proportion 1 : 2 : 3 and so on."""
    whole = ranks * (ranks + 1) // 2
    return "bounds", [size * (rank * (rank + 1) // 2) // whole for rank in range(ranks + 1)]


def placement(distribution, shape, context):
    """The placement of an array of this shape, as a tuple."""
    shape = list(shape)
    if isinstance(distribution, _engine.Array):
        distribution = distribution._placement()
        if distribution is None:
            return [], None
        found = list(_layouts.to_layout(distribution).shape)
        if found != shape:
            raise ValueError(f"the distribution is of an array of shape {tuple(found)}, not {tuple(shape)}")
        return distribution
    if isinstance(distribution, Layout):
        if list(distribution.shape) != shape:
            raise ValueError(f"the layout is of an array of shape {distribution.shape}, not {tuple(shape)}")
        return _layouts.of_layout(distribution)
    if distribution is None:
        kinds = _default()[: len(shape)]
    else:
        one = isinstance(distribution, str) or (len(distribution) == 2 and distribution[0] in ("cyclic", "bounds", "unstructured")
                                                and not isinstance(distribution[1], (str, tuple)))
        kinds = [distribution] if one else list(distribution)
        kinds = ["none" if kind is None else kind for kind in kinds]
    if not shape:
        return [], None
    size = context.size
    kinds = [_irregular(extent, size) if kind == "irregular" else kind for kind, extent in zip(kinds, shape)] + kinds[len(shape) :]
    return _engine.build_layout(shape, kinds, size)
