"""Garbage collection and weak references: all cycles are found, and exported memory stays."""

import ctypes
import gc
import unittest
import weakref

import daparray
import numpy
import objects
from daparray import Block, Layout, Local, Plan, Section, from_distarray

LAYOUT = Layout([Block(8, 2)])


class Array(numpy.ndarray):
    """Takes attributes, as ndarray does not."""


class Ints(ctypes.Array):
    _type_, _length_ = ctypes.c_int, 4


class Bytes(bytearray):
    pass


def array():
    return numpy.zeros(4).view(Array)


class Struct:
    def __init__(self, section):
        self.section = section

    def __distarray_c__(self, **keywords):
        return self.section.__distarray_c__(**keywords)


class Dictionary(Struct):
    def __distarray__(self):
        return self.section.__distarray__()

    __distarray_c__ = None


del Dictionary.__distarray_c__

# Every way by which an object of the package comes to hold the memory of `x`.
HOLDERS = {
    "section": lambda x: LAYOUT.section(0, x),
    "Section": lambda x: Section(LAYOUT.dim_data(0), x),
    "Local": lambda x: Local(x),
    "Local of Local": lambda x: Local(Local(x)),
    "local": lambda x: LAYOUT.section(0, x).local,
    "owned": lambda x: LAYOUT.section(0, x).owned,
    "with_layout": lambda x: Section(LAYOUT.dim_data(0), x).with_layout(LAYOUT),
    "from_distarray": lambda x: from_distarray(LAYOUT.section(0, x)),
    "unchecked": lambda x: from_distarray(LAYOUT.section(0, x), check=False),
    "from a capsule": lambda x: from_distarray(LAYOUT.section(0, x).__distarray_c__()),
    "from a dictionary": lambda x: from_distarray(LAYOUT.section(0, x).__distarray__()),
    "from a struct's producer": lambda x: from_distarray(Struct(LAYOUT.section(0, x))),
    "the dictionary": lambda x: LAYOUT.section(0, x).__distarray__(),
    "a view of it": lambda x: memoryview(LAYOUT.section(0, x).local),
    "all at once": lambda x: [make(x) for name, make in HOLDERS.items() if name != "all at once"],
}


def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


class Cycles(unittest.TestCase):
    def test_every_way_to_hold_memory(self):
        for name, hold in HOLDERS.items():
            with self.subTest(name):
                x = array()
                alive = weakref.ref(x)
                x.held = hold(x)
                gc.collect()
                self.assertIsNotNone(alive())
                del x
                gc.collect()
                self.assertIsNone(alive())

    def test_a_memoryview_is_not_cleared_while_it_is_in_use(self):
        """CPython crashes where a memoryview is cleared before its exports are released."""

        class Node:
            pass

        for make in (lambda: bytearray(32), array):
            node, view = None, memoryview(make())
            released = weakref.ref(view)
            node = Node()
            node.held, node.cycle = Local(view), node
            del node, view
            gc.collect()
            self.assertIsNone(released())

    def test_every_exporter(self):
        for make in (array, lambda: Ints(1, 2, 3, 4), lambda: Bytes(4)):
            x = make()
            with self.subTest(type(x).__name__):
                alive = weakref.ref(x)
                x.held = Layout([Block(8, 2)]).section(0, x)
                del x
                gc.collect()
                self.assertIsNone(alive())

    def test_what_a_user_still_holds_stays(self):
        """A section and its local memory count their references each for itself."""
        for name, hold in HOLDERS.items():
            with self.subTest(name):
                x = array()
                x[:] = 7
                alive = weakref.ref(x)
                kept, second = hold(x), hold(x)
                del x
                gc.collect()
                self.assertIsNotNone(alive())
                del second
                gc.collect()
                self.assertEqual(alive().tolist(), [7.0] * 4)
                del kept
                gc.collect()
                self.assertIsNone(alive())

    def test_exported_memory_outlives_the_cycle(self):
        """Users that the collector does not see keep it: a capsule, a tensor, a NumPy view."""
        for export in (lambda s: s.__distarray_c__(), lambda s: s.local.__dlpack__(max_version=(1, 0)), lambda s: s.local.__dlpack__(),
                       lambda s: numpy.asarray(s.local), lambda s: numpy.from_dlpack(s.owned)):
            x = array()
            x[:] = 5
            alive = weakref.ref(x)
            x.section = LAYOUT.section(0, x)
            user = export(x.section)
            del x
            gc.collect()
            self.assertIsNotNone(alive())
            self.assertEqual(alive().tolist(), [5.0] * 4)
            del user
            gc.collect()
            self.assertIsNone(alive())

    def test_while_the_collector_frees_a_cycle(self):
        """Code that runs then, and still has a view, reads the memory as it was."""
        seen = []

        class Last:
            def __del__(self):
                seen.append((self.view.tolist(), numpy.asarray(self.section.local).tolist()))

        for _ in range(50):
            x, last = array(), Last()
            x[:] = 3
            last.section, last.x = LAYOUT.section(0, x), x
            last.view, x.last = memoryview(last.section.local), last
            del x, last
            gc.collect()
        self.assertEqual(seen, [([3.0] * 4, [3.0] * 4)] * 50)

    def test_twenty_thousand(self):
        def cycles(count):
            for _ in range(count):
                x = numpy.zeros(1000).view(Array)
                x.section = Layout([Block(1000)]).section(0, x)
                x.local = x.section.owned
            gc.collect()

        cycles(2000)
        before = rss()
        cycles(20_000)
        self.assertLess(rss() - before, 16 << 20)


class EveryClass(unittest.TestCase):
    # Numbers and texts of Rust: no reference that a cycle could go through.
    WITHOUT_OBJECTS = {daparray.Block, daparray.Cyclic, daparray.Unstructured, daparray.DimData, daparray.Runs, daparray.Layout, daparray.Plan,
                       daparray.Report}  # fmt: skip

    def test_all_are_here(self):
        self.assertEqual(objects.classes(), set(objects.OBJECTS) | objects.ABSTRACT)
        for kind in objects.OBJECTS:
            self.assertTrue(objects.OBJECTS[kind], kind)

    def test_what_they_refer_to(self):
        for kind, one in objects.every():
            with self.subTest(kind.__name__):
                self.assertTrue(gc.is_tracked(one))
                referents = [thing for thing in gc.get_referents(one) if not isinstance(thing, type)]
                if kind in self.WITHOUT_OBJECTS:
                    self.assertEqual(referents, [])
        for section in (LAYOUT.section(0, array()), Local(array())):
            held, = (thing for thing in gc.get_referents(section) if not isinstance(thing, type))
            self.assertIsInstance(gc.get_referents(held)[-1], (Array, type))
            self.assertTrue(any(isinstance(thing, Array) for thing in gc.get_referents(held)))

    def test_lists_of_a_transfer(self):
        source, target = Layout([daparray.Unstructured([[0, 9, 8, 2, 11, 6], [1, 4, 3, 5, 7, 10]])]), Layout([Block(12, 2)])
        transfer = Plan(source, target, 0).sends[0]
        places = next(side for side in (*transfer.source, *transfer.target) if isinstance(side, list))
        places.append(marker := Bytes())
        alive = weakref.ref(marker)
        places.append(transfer)
        del marker, places, transfer
        gc.collect()
        self.assertIsNone(alive())

    def test_weak_references(self):
        for kind, one in objects.every():
            with self.subTest(kind.__name__):
                self.assertIs(weakref.ref(one)(), one)
        for make in (lambda: LAYOUT.section(0, array()), lambda: Local(array()), lambda: Layout([Block(4)]), lambda: Block(4),
                     lambda: Plan(LAYOUT, LAYOUT, 0), lambda: daparray.validate("x")):
            gone = []
            one = make()
            reference = weakref.ref(one, gone.append)
            del one
            self.assertEqual((reference(), gone), (None, [reference]))
        cache = weakref.WeakValueDictionary()
        cache["key"] = section = LAYOUT.section(0, array())
        self.assertIs(cache["key"], section)


if __name__ == "__main__":
    unittest.main()
