"""The cell magic `%%spmd` of IPython: a cell that runs on all ranks.

    %load_ext daparray.client
    context = Context(4)

    %%spmd -i x -o mean
    mean = x.local.mean()
    print("my part has", x.local.shape)

The cell runs among the names of the ranks, and `da`, `rank` and `size`. `-i` pushes names of the
notebook before, `-o` pulls names into it afterwards, several with commas between them. The value of
the last expression is shown: once if it is the same on all ranks, otherwise with each rank's
number.
"""

import argparse
import shlex

from .._remote.agreement import equal
from ._context import latest


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise ValueError(f"%%spmd {message}: %%spmd [-i NAMES] [-o NAMES] [CONTEXT]")


def _parser():
    parser = _Parser("%%spmd", add_help=False)
    parser.add_argument("-i", default="")
    parser.add_argument("-o", default="")
    parser.add_argument("context", nargs="?")
    return parser


def register(ipython):
    """Gives `%%spmd` to IPython."""
    cells = 0

    def spmd(line, cell):
        nonlocal cells
        cells += 1
        given = _parser().parse_args(shlex.split(line))
        names = ipython.user_ns
        context = names[given.context] if given.context else latest()
        if context is None:
            raise ValueError("%%spmd has no context: context = daparray.client.Context(4) makes one")
        pushed = {name: names[name] for name in filter(None, given.i.split(","))}
        if pushed:
            context.push(pushed)
        found = context.execute(cell, file=f"<spmd cell {cells}>")
        for name in filter(None, given.o.split(",")):
            names[name] = context.pull(name)
        _show(found)

    ipython.register_magic_function(spmd, "cell", "spmd")


def _show(found):
    from IPython.display import display

    if not isinstance(found, list):
        if found is not None:
            display(found)
    elif all(equal(one, found[0]) for one in found):
        display(found[0])
    else:
        for rank, one in enumerate(found):
            print(f"[{rank}] {one!r}")
