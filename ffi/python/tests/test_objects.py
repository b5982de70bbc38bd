"""Python objects are never moved: a plan would copy their addresses without counting them as
references."""

import ctypes
import importlib.util
import itertools
import sys
import unittest

import numpy
from daparray import Block, Cyclic, Layout, Local, Plan

ROWS, DEALT = Layout([Block(8, 2)]), Layout([Cyclic(8, 2)])
# Items that are or hold objects: by themselves, in structs, in nested ones, and as arrays within
# items.
OBJECTS = [
    "O",
    [("a", "O")],
    [("n", "i4"), ("a", "O")],
    [("x", "f8"), ("b", [("n", "i4"), ("a", "O")])],
    [("x", "f8"), ("a", "O", (2,))],
    [("b", [("a", "O", (2, 1))], (3,))],
    {"names": ["a"], "formats": ["O"], "offsets": [8], "itemsize": 32},
]


class Thing:
    """Something whose references can be counted."""


class Pointers(ctypes.Structure):
    _fields_ = [("n", ctypes.c_int64), ("p", ctypes.py_object)]


def arrays(format):
    """Four items of a type, each with objects in it, as NumPy's array and by the buffer
    protocol."""
    thing = Thing()
    array = numpy.zeros(4, numpy.dtype(format, align=True))
    fill(array, thing)
    return thing, [array, memoryview(array), Local(array)]


def fill(array, thing):
    if array.dtype.names is None:
        if array.dtype == object:
            array[...] = thing
        return
    for name in array.dtype.names:
        fill(array[name], thing)


class NeverMoved(unittest.TestCase):
    def refused(self, kind, call, *arguments):
        with self.assertRaisesRegex(kind, "addresses of objects"):
            call(*arguments)

    def test_every_entry_point(self):
        for plan, format in itertools.product((Plan(ROWS, DEALT, 0), Plan.reshape(ROWS, DEALT, 0)), OBJECTS):
            thing, sources = arrays(format)
            other, targets = arrays(format)
            raw = numpy.zeros(4, f"V{sources[0].dtype.itemsize}")
            count = sys.getrefcount(thing), sys.getrefcount(other)
            for source, target in zip(sources, targets):
                with self.subTest(format=format, given=type(source).__name__):
                    peer = plan.sends[0].peer
                    self.refused(ValueError, plan.pack, peer, source)
                    self.refused(ValueError, plan.pack, peer, source, bytearray(1000))
                    self.refused(ValueError, plan.unpack, peer, bytearray(1000), target)
                    self.refused(ValueError, plan.copy_local, source, target)
                    self.refused(ValueError, plan.copy_local, source, raw)
                    self.refused(ValueError, plan.copy_local, raw, target)
                    self.refused(ValueError, plan._checked, source, target)
                    # Nor is anything written over them, or read out of them, as a message.
                    self.refused(ValueError, plan.pack, peer, numpy.zeros(4, "i1"), target)
                    self.refused(ValueError, plan.unpack, peer, source, numpy.zeros(4, "i1"))
            self.assertEqual((sys.getrefcount(thing), sys.getrefcount(other)), count)

    def test_packed_structs(self):
        # Their format says that they are aligned, so that they cannot be described, and are refused
        # the sooner.
        items = numpy.zeros(4, [("n", "i4"), ("a", "O")])
        plan = Plan(ROWS, DEALT, 0)
        for call, arguments in [
            (plan.pack, (1, items)), (plan.unpack, (1, bytearray(100), items)), (plan.copy_local, (items, items)), (plan._checked, (items, items)),
        ]:  # fmt: skip
            with self.assertRaisesRegex(BufferError, "cannot be described"):
                call(*arguments)

    def test_ctypes(self):
        plan = Plan(ROWS, DEALT, 0)
        for kind in (Pointers, ctypes.py_object, ctypes.POINTER(ctypes.c_double)):
            items = (kind * 4)()
            try:
                Local(items)
            except BufferError:
                continue  # its format cannot be described, so nothing of it is moved either
            with self.subTest(kind=kind.__name__):
                self.refused(ValueError, plan.pack, 1, items)
                self.refused(ValueError, plan.copy_local, items, items)

    @unittest.skipUnless(importlib.util.find_spec("mpi4py"), "mpi4py is not installed")
    def test_execute(self):
        from mpi4py import MPI

        whole = Layout([Block(4)])
        for plan, format in itertools.product((Plan(whole, whole, 0), Plan.reshape(whole, whole, 0)), OBJECTS):
            thing, sources = arrays(format)
            _, targets = arrays(format)
            count = sys.getrefcount(thing)
            for source, target in zip(sources, targets):
                with self.subTest(format=format, given=type(source).__name__):
                    self.refused(ValueError, plan.execute, MPI.COMM_SELF, source, target)
            self.assertEqual(sys.getrefcount(thing), count)


class OtherParts(unittest.TestCase):
    def test_the_section_of_another_rank(self):
        plan = Plan(ROWS, DEALT, 0)
        mine, theirs = [[layout.zeros(rank) for rank in range(2)] for layout in (ROWS, DEALT)]
        text = "part of rank 1, the plan is of rank 0"
        for call, arguments in [
            (plan.pack, (1, mine[1])), (plan.unpack, (1, bytearray(100), theirs[1])), (plan.copy_local, (mine[1], theirs[0])),
            (plan.copy_local, (mine[0], theirs[1])), (plan._checked, (mine[1], theirs[0])), (plan._checked, (mine[0], theirs[1])),
        ]:  # fmt: skip
            with self.assertRaisesRegex(ValueError, text):
                call(*arguments)
        plan.unpack(1, plan.pack(1, mine[0]), theirs[0])
        plan.copy_local(mine[0], theirs[0])

    def test_the_section_of_another_distribution(self):
        plan = Plan(ROWS, DEALT, 0)
        with self.assertRaisesRegex(ValueError, "another distribution"):
            plan.pack(1, DEALT.zeros(0))
        with self.assertRaisesRegex(ValueError, "another distribution"):
            plan.copy_local(ROWS.zeros(0), ROWS.zeros(0))


if __name__ == "__main__":
    unittest.main()
