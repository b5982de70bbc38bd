"""The cost of handing a section over in Python, beside the cost that NumPy pays for a whole array,
in one run.

    .venv/bin/python ffi/python/bench/exchange.py [--json FILE] [--seconds S]

An exchange is: the producer exports, the consumer imports, both let go. Three dimensions, no data
touched. The rows are interleaved, so that all meet the same machine; the ratio is best to best,
because a disturbance only ever adds.
"""

import argparse
import gc
import json
import pathlib
import platform
import statistics
import time

import daparray
import numpy
from daparray import Block, Cyclic, Layout

BATCH = 2000


def rows():
    """The benchmarks: name, function, and the target in nanoseconds where there is one."""
    array = numpy.zeros((8, 9, 10))
    layout = Layout([Block(16, 2, halo=1), Cyclic(18, 2, 3), Block(10)])
    local = numpy.zeros(layout.local_shape(1))
    section = layout.section(1, local)
    dictionary = section.__distarray__()
    exporting = Exporting(dictionary)
    from_dlpack, from_distarray = numpy.from_dlpack, daparray.from_distarray
    asarray = numpy.asarray
    return [
        ("NumPy: from_dlpack(array)", lambda: from_dlpack(array), None),
        ("capsule, rules checked", lambda: from_distarray(section), 3000),
        ("capsule, trusted", lambda: from_distarray(section, check=False), 3000),
        ("capsule, then asarray(.local)", lambda: asarray(from_distarray(section).local), None),
        ("dictionary, made and read", lambda: from_distarray(section.__distarray__()), None),
        ("dictionary, read only", lambda: from_distarray(dictionary), None),
        ("dictionary of another class", lambda: from_distarray(exporting), None),
        ("make a section of an array", lambda: layout.section(1, local), None),
    ]


class Exporting:
    """A producer in Python."""

    def __init__(self, dictionary):
        self.dictionary = dict(dictionary, buffer=numpy.asarray(dictionary["buffer"]))

    def __distarray__(self):
        return self.dictionary


def measure(rows, seconds):
    """Nanoseconds of each batch for each row, interleaved."""
    samples = {name: [] for name, _, _ in rows}
    end = time.perf_counter() + seconds
    gc.collect()
    gc.disable()
    while time.perf_counter() < end or len(samples[rows[0][0]]) < 5:
        for name, function, _ in rows:
            begin = time.perf_counter_ns()
            for _ in range(BATCH):
                function()
            samples[name].append((time.perf_counter_ns() - begin) / BATCH)
    gc.enable()
    return samples


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=pathlib.Path, help="write the rows there, too")
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    table = rows()
    samples = measure(table, options.seconds)
    peer = min(samples[table[0][0]])
    print(f"exchange in Python {platform.python_version()}, NumPy {numpy.__version__}, 3 dimensions")
    print(f"{'':32} {'best':>9} {'median':>9} {'ratio':>6}  target")
    out = []
    for name, _, target in table:
        best, median = min(samples[name]), statistics.median(samples[name])
        goal = "" if target is None else f"< {target} ns"
        print(f"{name:32} {best:6.0f} ns {median:6.0f} ns {best / peer:6.2f}  {goal}")
        out.append({"name": name, "best_ns": best, "median_ns": median, "ratio": best / peer, "target_ns": target})
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps({"benchmark": "python exchange", "rows": out}, indent=1) + "\n")


if __name__ == "__main__":
    main()
