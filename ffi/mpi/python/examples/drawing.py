"""Pictures of the examples' arrays: in the terminal, as PNG and as SVG, without another library.

Rank 0 collects for a picture no more than it shows. Each function is collective.
"""

import struct
import zlib

import numpy

SHADES = " .:-=+*#%@"
# Colours from low to high, between which others are interpolated.
COLOURS = [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)]
WIDTH, HEIGHT, EDGE = 480, 320, 64


def scaled(values):
    """Numbers from 0 for the least value to 1 for the greatest."""
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else numpy.zeros(values.shape)


def show(array, columns=64):
    """Prints every n-th element of a 2-D array as a shade; each line begins with its first rank."""
    step = max(1, array.shape[1] // columns)
    # A character is twice as high as wide.
    values = array[:: 2 * step, ::step].gather(root=0)
    if values is None:
        return
    for row, line in enumerate(scaled(values)):
        owner = array.ranks[array.layout.owner((2 * step * row, 0))[0]]
        print(f"rank {owner} |" + "".join(SHADES[int(shade * (len(SHADES) - 1) + 0.5)] for shade in line))


def save(array, path, longest=256):
    """Writes every n-th element of a 2-D array as PNG, at most `longest` along an axis."""
    step = -(-max(array.shape) // longest)
    values = array[::step, ::step].gather(root=0)
    if values is None:
        return
    place = scaled(values.astype(float)) * (len(COLOURS) - 1)
    channels = [numpy.interp(place, range(len(COLOURS)), [colour[at] for colour in COLOURS]) for at in range(3)]
    pixels = numpy.stack(channels, axis=2).round().astype(numpy.uint8)
    # PNG has a byte for the filter before each row.
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    height, width = values.shape
    chunks = {b"IHDR": struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0), b"IDAT": zlib.compress(rows, 9), b"IEND": b""}
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for name, data in chunks.items():
            file.write(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)))


def save_line(x, y, path, labels, logarithmic=False):
    """Writes a line through points as SVG; the axes may be logarithmic. Called on one rank."""
    points = places(x, y, logarithmic)
    shapes = [f'<polyline points="{" ".join(f"{a},{b}" for a, b in points)}" fill="none" stroke="#0072b2" stroke-width="2"/>']
    save_svg(path, shapes, labels, ends(x, y))


def save_points(array, path, labels):
    """Writes the rows of an array of two columns as points in SVG."""
    values = array.gather(root=0)
    if values is None:
        return
    x, y = values.T
    shapes = [f'<circle cx="{a}" cy="{b}" r="2" fill="#0072b2" fill-opacity="0.5"/>' for a, b in places(x, y)]
    save_svg(path, shapes, labels, ends(x, y))


def places(x, y, logarithmic=False):
    """The points in pixels."""
    change = numpy.log if logarithmic else numpy.asarray
    across = EDGE + scaled(change(numpy.asarray(x, float))) * (WIDTH - EDGE - 20)
    down = HEIGHT - EDGE / 2 - scaled(change(numpy.asarray(y, float))) * (HEIGHT - EDGE)
    return [(round(float(a), 1), round(float(b), 1)) for a, b in zip(across, down)]


def ends(x, y):
    """The least and the greatest value along both axes, as text."""
    return [f"{float(one):.3g}" for one in (min(x), max(x), min(y), max(y))]


def save_bars(groups, path, labels):
    """Writes groups of bars as SVG: pairs of a name and numbers. Called on one rank."""
    most = max(max(numbers) for _, numbers in groups)
    room = (WIDTH - EDGE - 20) / len(groups)
    bottom = HEIGHT - EDGE // 2
    shapes = []
    for number, (name, values) in enumerate(groups):
        left = EDGE + number * room
        wide = room / (len(values) + 1)
        for place, value in enumerate(values):
            high = value / most * (HEIGHT - EDGE)
            x, y = left + (place + 0.5) * wide, bottom - high
            shapes.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide - 0.5:.1f}" height="{high:.1f}" fill="#0072b2"/>')
        shapes.append(f'<text x="{left + room / 2:.1f}" y="{bottom + 14}" text-anchor="middle" font-size="9">{name}</text>')
    save_svg(path, shapes, labels, ["", "", "0", f"{most:.3g}"], 28)


def save_svg(path, shapes, labels, ends, down=16):
    """Writes shapes with axes, their labels and the values at their ends."""
    left, right, low, high = ends
    bottom = HEIGHT - EDGE // 2
    texts = [
        (EDGE, bottom + 16, "start", left),
        (WIDTH - 20, bottom + 16, "end", right),
        ((WIDTH + EDGE) // 2, bottom + down, "middle", labels[0]),
        (EDGE - 6, bottom, "end", low),
        (EDGE - 6, EDGE // 2 + 6, "end", high),
        (EDGE, 20, "start", labels[1]),
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="12">',
        f"<title>{labels[1]} by {labels[0]}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<path d="M{EDGE} {EDGE // 2 - 4}V{bottom + 2}H{WIDTH - 16}" fill="none" stroke="#555555"/>',
        *(f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="#222222">{text}</text>' for x, y, anchor, text in texts),
        *shapes,
        "</svg>",
    ]
    with open(path, "w") as file:
        file.write("\n".join(parts) + "\n")
