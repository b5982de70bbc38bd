"""One program, or one notebook, drives distributed arrays on several ranks.

    from daparray.client import Context

    with Context(4) as context:                  # starts `mpirun -n 4 python -m daparray.engine`
        da = context.array                       # the functions of daparray.array, on all ranks
        x = da.linspace(0, 1, 1_000_000)         # a handle; the elements are on the ranks
        print(float((da.sin(x) ** 2).mean()))    # a value of all ranks comes once
        print(context.apply(lambda x: x.local.mean(), x))   # a list, with an entry a rank

=====================================  ==============================================================
all ranks call one function            `context.apply(f, x)`, `context.register(f)`
names of the ranks                     `context.push(a=1)`, `context.pull("a")`
source text on all ranks               `context.execute("b = a + rank")`; `%%spmd` in a notebook
the functions of the array             `context.array`, and the methods and operators of handles
what the ranks print, and their errors come with the rank's number; what all raise alike comes once
=====================================  ==============================================================

The same program under ``mpirun -n 4`` works in place: `Context` starts nothing then,
`context.array` is `daparray.array` itself, and rank 0 prints for all. In IPython, ``%load_ext
daparray.client`` brings `%%spmd`.
"""

from ._context import Context
from ._errors import RankError, RanksLost

__all__ = ["Context", "RankError", "RanksLost", "load_ipython_extension"]


def load_ipython_extension(ipython):
    """For ``%load_ext daparray.client``."""
    from ._magic import register

    register(ipython)
