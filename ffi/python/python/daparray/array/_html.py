"""Arrays in notebooks: shape, type, distribution and its picture, elements, pending graph."""

from html import escape

_WIDTH = 480
# Pictures of more ranks are thin lines.
_MOST_RANKS = 4096


def page(array, elements):
    """The HTML of an array. ``elements`` is their text, or None without it. Local."""
    if array.ndim == 0:
        return f"<pre>{escape(repr(array))}</pre>"
    layout = array.layout
    facts = {
        "shape": array.shape,
        "dtype": array.dtype,
        "bytes": f"{array.nbytes:,}",
        "ranks": len(array.ranks),
        "distribution": str(layout),
        "state": array._state,
    }
    rows = "".join(f"<tr><th>{name}</th><td>{escape(str(value))}</td></tr>" for name, value in facts.items())
    parts = [f"<table>{rows}</table>"]
    if layout.processes <= _MOST_RANKS:
        parts.append(f"<div>{layout.svg(width=_WIDTH, buffers=0)}</div>")
    graph = array.graph()
    if graph is not None:
        parts.append(f"<div>{graph._repr_svg_()}</div><pre>{escape(str(graph))}</pre>")
    if elements is not None:
        parts.append(f"<pre>{escape(elements)}</pre>")
    return "".join(parts)
