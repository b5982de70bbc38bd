"""Objects of every class of the package, for tests that are generated over all of them."""

import daparray
import numpy
from daparray import Block, Cyclic, DimData, Layout, Local, Plan, Section, Unstructured, _daparray

LAYOUT = Layout([Block(12, 3, halo=1), Cyclic(7, 2, 2), Unstructured([[2, 0], [1]])])
OTHER = Layout([Block(12), Unstructured([[6, 0, 3], [5, 1, 2, 4]]), Block(3, 3)])
PLAN = Plan(LAYOUT, OTHER, 1)
WRONG = [
    {"__version__": "0.10.0", "buffer": numpy.zeros(stop - start), "dim_data": (
        {"dist_type": "b", "size": 10, "proc_grid_size": 2, "proc_grid_rank": rank, "start": start, "stop": stop, "colour": 1},)}
    for rank, (start, stop) in enumerate([(0, 4), (5, 10)])
]  # fmt: skip
REPORT = daparray.validate(WRONG)
FINE = [LAYOUT.zeros(rank) for rank in range(LAYOUT.processes)]

OBJECTS = {
    Block: [Block(10), Block(10, 4, balanced=True), Block(12, 3, halo=1, periodic=True, wrap=2), Block(bounds=[0, 2, 2, 10]),
            Block(16, 3, sections=[(0, 5, 0, 2, 1, 0), (5, 9, 2, 1, 0, 0), (9, 16, 1, 0, 0, 0)])],
    Cyclic: [Cyclic(10, 3), Cyclic(11, 2, 2, source=1)],
    Unstructured: [Unstructured([[3, 0], [1, 2]]), Unstructured([[1], [0]], one_to_one=True), Unstructured([[0, 1], [1, 2]], size=3)],
    DimData: [DimData.block(10, 0, 5, padding=(1, 0), periodic=True), DimData.unstructured(3, [2, 0, 1]), DimData({})],
    daparray.Runs: [run for dim in LAYOUT.dims for run in dim.owned(0)],
    Layout: [LAYOUT, OTHER, Layout([])],
    Plan: [PLAN, Plan(LAYOUT, OTHER, None, 2), Plan(OTHER, LAYOUT, 2, None),
           Plan.reshape(Layout([Block(6, 2), Block(4)]), Layout([Block(24, 3)]), 1)],
    daparray.Transfer: [*PLAN.sends, *PLAN.receives, *filter(None, [PLAN.kept])],
    daparray.Diagnostic: list(REPORT.diagnostics),
    daparray.Report: [REPORT, daparray.validate(FINE), daparray.validate("no json"), daparray.validate(FINE[:1], profile="strict"),
                      daparray.validate(FINE[:2])],
    Section: [FINE[0], LAYOUT.section(0, numpy.zeros(LAYOUT.local_shape(0))), daparray.from_distarray(FINE[1])],
    Local: [FINE[0].local, Local(b"abc"), Local(numpy.zeros((2, 3)))],
}  # fmt: skip

# Classes without objects of their own.
ABSTRACT = {daparray.Dim, daparray.ValidationError, daparray.ProtocolWarning}

VALUES = [kind for kind in OBJECTS if kind not in (Section, Local)]


def classes():
    """Every class of the module that programs see."""
    return {thing for name, thing in vars(_daparray).items() if isinstance(thing, type) and not name.startswith("_")}


def every(kinds=OBJECTS):
    return [(kind, one) for kind in kinds for one in OBJECTS[kind]]
