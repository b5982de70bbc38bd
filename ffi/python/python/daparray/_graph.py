"""The graph of a pending expression, drawn from the program that `Array.explain` gives.

A line of the program is ``register = operation  type``, and operands are ``x0`` (an array), ``s0``
(a number) or a register. Registers are used again, so a line's node replaces the one before.
"""

import re
from html import escape

_LINE = re.compile(r"(\w+) = (.+?)  (\w+)$")
_INPUT = re.compile(r"(x\d+): (.+)$")
_OPERAND = re.compile(r"\b[rxsy]\d+\b")
_CALL = re.compile(r"(\w+)\(")
# Pixels.
_WIDTH, _HEIGHT, _ACROSS, _DOWN, _EDGE = 96, 26, 112, 56, 12


class Graph:
    """Operations and their operands. `str` is the program, and a notebook shows a picture; `dot` is
    the graph in the DOT language of Graphviz.

    ``nodes`` has the text and the level of each node, from the top; ``edges`` has pairs of nodes,
    from an operand to its operation.
    """

    def __init__(self, program, dot=None):
        self._program, self.dot = program.strip(), dot
        self.nodes, self.edges = [], []
        self._read()

    def _read(self):
        places = {}

        def node(text, level):
            self.nodes.append((text, level))
            return len(self.nodes) - 1

        for line in self._program.splitlines():
            found = _INPUT.match(line)
            if found:
                places[found[1]] = node(f"{found[1]}: {found[2].split()[0]}", 0)
                continue
            found = _LINE.match(line)
            if not found:
                continue
            target, operation, _ = found.groups()
            operands = _OPERAND.findall(operation)
            for name in operands:
                if name not in places:
                    places[name] = node(name, 0)
            sources = [places[name] for name in operands]
            level = 1 + max((self.nodes[one][1] for one in sources), default=0)
            called = _CALL.match(operation)
            text = called[1] if called else " ".join(_OPERAND.sub("", operation).split())
            places[target] = node(text, level)
            self.edges += [(one, places[target]) for one in dict.fromkeys(sources)]
        # An operand stands above the first operation that uses it.
        for number, (text, level) in enumerate(self.nodes):
            users = [self.nodes[target][1] for source, target in self.edges if source == number]
            if level == 0 and users:
                self.nodes[number] = text, min(users) - 1
        self._operations = {target for _, target in self.edges}

    def __str__(self):
        return self._program

    def __repr__(self):
        return f"<graph of {len(self._operations)} operations>"

    def _repr_svg_(self):
        columns, places = {}, []
        for _, level in self.nodes:
            column = columns.get(level, 0)
            columns[level] = column + 1
            places.append((_EDGE + column * _ACROSS, _EDGE + level * _DOWN))
        width = 2 * _EDGE + max(columns.values(), default=1) * _ACROSS - (_ACROSS - _WIDTH)
        height = 2 * _EDGE + max(columns, default=0) * _DOWN + _HEIGHT
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
            'font-family="monospace" font-size="12"><title>Pending expression</title>'
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
        ]
        for source, target in self.edges:
            (x1, y1), (x2, y2) = places[source], places[target]
            parts.append(
                f'<line x1="{x1 + _WIDTH // 2}" y1="{y1 + _HEIGHT}" x2="{x2 + _WIDTH // 2}" y2="{y2}" stroke="#888888"/>'
            )
        for number, ((text, _), (x, y)) in enumerate(zip(self.nodes, places)):
            fill = "#dbe9f6" if number in self._operations else "#f2f2f2"
            shown = text if len(text) <= 12 else text[:11] + "…"
            parts.append(
                f'<g><title>{escape(text)}</title><rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="4" fill="{fill}" '
                f'stroke="#888888"/><text x="{x + _WIDTH // 2}" y="{y + 17}" text-anchor="middle" fill="#222222">{escape(shown)}</text></g>'
            )
        return "".join(parts) + "</svg>"
