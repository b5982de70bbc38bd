"""Wrong input from outside: reported or refused, never a crash."""

import array
import sys
import unittest
import warnings

import daparray
import numpy
from daparray import Block, DimData, Layout, Local, Section, ValidationError, describe, from_distarray, validate

DIM = {"dist_type": "b", "size": 10, "proc_grid_size": 2, "proc_grid_rank": 0, "start": 0, "stop": 5}


def export(buffer=None, dim_data=None, **changes):
    buffer = numpy.zeros(5) if buffer is None else buffer
    return {"__version__": "0.10.0", "buffer": buffer, "dim_data": (dict(DIM, **changes),) if dim_data is None else dim_data}


def rules(dictionary):
    """The ids of the errors, which import and `validate` agree on."""
    found = sorted({one.rule for one in validate(dictionary).diagnostics if one.severity == "error"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from_distarray(dictionary)
            raised = []
        except ValidationError as error:
            raised = sorted({one.rule for one in error.report.diagnostics if one.severity == "error"})
    assert raised == found, (raised, found)
    return found


class WrongTypes(unittest.TestCase):
    def test_values(self):
        cases = {
            "size": ["10", 10.0, None, True, numpy.True_, [10], 10**30, -(2**70), object(), numpy.zeros(1), numpy.float64(10)],
            "proc_grid_size": [0, -1, 2.5, "2", 2**63],
            "proc_grid_rank": [2, -1, None, {}],
            "start": [-1, "0", 6.0, b"0"],
            "stop": [4, 6, 11, 2**64, None],
            "padding": [(1,), (1, 2, 3), "ab", b"ab", 7, (1.0, 0), (0, -1), (True, 0), (10**20, 0), {}],
            "periodic": [1, 0, "yes", None, numpy.int64(1)],
            "dist_type": ["x", "", "bb", 98, None, ["b"], b"b", "n"],
        }
        for key, values in cases.items():
            for value in values:
                with self.subTest(key=key, value=repr(value)):
                    self.assertNotEqual(rules(export(**{key: value})), [])

    def test_indices(self):
        dim = {"dist_type": "u", "size": 3, "proc_grid_size": 1, "proc_grid_rank": 0}
        three = numpy.zeros(3)
        for wrong in ([0.5, 1, 2], "abc", b"abc", [0, 1, 2**64], numpy.array([0, 1, 2**63], "u8"), numpy.zeros((3, 1), int),
                      numpy.zeros(3), numpy.array(3), [0, 0, 1], [0, 1], 3, None, [[0], [1], [2]], [True, False, 2], {}):
            with self.subTest(repr(wrong)):
                self.assertNotEqual(rules(export(three, (dict(dim, indices=wrong),))), [])
        # Labels need not be 0 to `size`: these are fine.
        self.assertEqual(rules(export(three, (dict(dim, indices=array.array("q", [-5, 2**62, 0])),))), [])

    def test_missing_and_unknown(self):
        for key in DIM:
            dim = {name: value for name, value in DIM.items() if name != key}
            self.assertNotEqual(rules(export(dim_data=(dim,))), [], key)
        for key in ("__version__", "buffer", "dim_data"):
            dictionary = export()
            del dictionary[key]
            self.assertNotEqual(rules(dictionary), [], key)
        self.assertNotEqual(rules(dict(export(), __version__="ten")), [])
        self.assertNotEqual(rules(dict(export(), __version__=0.1)), [])
        for dim_data in (DIM, "b", 7, None, (DIM, DIM), (None,), ([],), (7,)):
            self.assertNotEqual(rules({**export(), "dim_data": dim_data}), [], dim_data)
        for key in (3, None, ("a",), "Size", "surrogate \ud800"):
            validate(export(dim_data=({**DIM, key: 1},)))
            validate({**export(), key: 1})

    def test_buffers(self):
        for buffer in (None, 7, "text", [0] * 5, object(), numpy.zeros(5, "M8[s]"), {"dtype": "<f8", "shape": [5]}):
            with self.subTest(repr(buffer)):
                self.assertNotEqual(rules(dict(export(), buffer=buffer)), [])
        for buffer in (numpy.zeros(4), numpy.zeros((5, 1)), numpy.array(1.0)):
            self.assertNotEqual(rules(export(buffer)), [])

    def test_no_export_at_all(self):
        for thing in (None, 7, "text", [1], object(), int, lambda: None):
            with self.subTest(repr(thing)), self.assertRaises((TypeError, ValidationError)):
                from_distarray(thing)
        for thing in (None, 7, [], [3], object(), "no json", b"\xff\xfe"):
            with self.subTest(repr(thing)):
                try:
                    self.assertFalse(validate(thing))
                except ValueError as error:
                    self.assertIn("no exports", str(error))

    def test_recursive_things(self):
        loop = {}
        loop["dim_data"] = (loop,)
        loop["buffer"] = loop
        self.assertFalse(validate(loop))
        endless = []
        endless.append(endless)
        self.assertFalse(validate(export(padding=endless)))
        self.assertFalse(validate(endless))

    def test_very_many_and_very_long(self):
        self.assertFalse(validate(export(dim_data=({},) * 100_000)))
        self.assertIn("warning", [found.severity for found in validate(export(**{"x" * 10**6: 1})).diagnostics])
        self.assertLess(len(validate(export(**{f"key{number}": 0 for number in range(10_000)}))), 1000)
        self.assertFalse(validate(export(size="9" * 10**6)))
        self.assertFalse(validate(export(size=10**4000)))
        self.assertFalse(validate("[" * 10**6))


class Raising(unittest.TestCase):
    """The user sees the exception that an object raises."""

    class Bang(Exception):
        pass

    def bang(self, *_, **__):
        raise self.Bang

    def test_methods(self):
        for name in ("__distarray__", "__distarray_c__"):
            thing = type("Thing", (), {name: self.bang})()
            with self.assertRaises(self.Bang):
                from_distarray(thing)
        with self.assertRaises(self.Bang):
            validate(type("Thing", (), {"__distarray__": self.bang})())
        with self.assertRaises(self.Bang):
            from_distarray(type("Thing", (), {"__getattr__": self.bang})())

    def test_values(self):
        index = type("Index", (), {"__index__": self.bang})()
        mapping = type("Mapping", (), {"keys": self.bang})()
        for dictionary in (export(size=index), export(dim_data=(mapping,)), mapping, export(padding=(index, 0))):
            with self.assertRaises(self.Bang):
                from_distarray(dictionary)

    def test_buffers(self):
        for name in ("__dlpack__", "__dlpack_device__"):
            thing = type("Thing", (), {"__dlpack__": lambda self, **_: None, name: self.bang})()
            with self.assertRaises(self.Bang):
                Local(thing)

    def test_answers_of_wrong_types(self):
        def answering(name, answer):
            return type("Thing", (), {name: lambda self, *_, **__: answer})()

        tensor, struct = numpy.zeros(2).__dlpack__(), Layout([Block(4)]).zeros(0).__distarray_c__()
        for answer in (None, 7, "x", object(), numpy.zeros(2), tensor):
            with self.assertRaises((BufferError, TypeError)):
                from_distarray(answering("__distarray_c__", answer))
        for answer in (None, 7, "x", object(), numpy.zeros(2), struct):
            with self.assertRaises(BufferError):
                Local(answering("__dlpack__", answer))
        with self.assertRaises(ValidationError):
            from_distarray(answering("__distarray__", 7))

    @unittest.skipIf(sys.version_info < (3, 12), "__buffer__ is new in 3.12")
    def test_python_buffers(self):
        thing = type("Thing", (), {"__buffer__": self.bang})()
        with self.assertRaises(self.Bang):
            Local(thing)


class Changing(unittest.TestCase):
    def test_a_dictionary_that_changes_while_it_is_read(self):
        class Index:
            def __index__(self):
                dim.clear()
                dictionary.clear()
                return 10

        dim = dict(DIM, size=Index())
        dictionary = export(dim_data=(dim,))
        # It is read as it was.
        self.assertEqual(from_distarray(dictionary).shape, (10,))
        self.assertEqual((dim, dictionary), ({}, {}))

    def test_a_list_that_shrinks_while_it_is_read(self):
        class Index:
            def __index__(self):
                del numbers[:]
                return 0

        numbers = [Index(), 1, 2]
        dim = {"dist_type": "u", "size": 3, "proc_grid_size": 1, "proc_grid_rank": 0, "indices": numbers}
        with self.assertRaises(ValidationError):
            from_distarray(export(numpy.zeros(3), (dim,)))

    def test_a_bytearray_cannot_shrink_while_it_is_lent(self):
        mine = bytearray(8)
        local = Local(mine)
        with self.assertRaises(BufferError):
            mine.clear()
        del local
        mine.clear()


class Constructors(unittest.TestCase):
    def test_dimensions(self):
        for make in (lambda: Block(-1), lambda: Block(5, 0), lambda: Block(2**63), lambda: Block(10, 2, halo=9),
                     lambda: Block(10, 2, width=3), lambda: Block(10, 2, balanced=True, width=5), lambda: Block(),
                     lambda: Block(bounds=[]), lambda: Block(bounds=[0, 5, 3]), lambda: Block(9, bounds=[0, 10]),
                     lambda: Block(10, 2, wrap=1), lambda: daparray.Cyclic(5, 2, 0), lambda: daparray.Cyclic(5, 2, source=2),
                     lambda: daparray.Unstructured([[1, 1]]), lambda: daparray.Unstructured([]),
                     lambda: Layout([Block(2**62), Block(4)]), lambda: Layout([Block(1)] * 65), lambda: Layout([3]),
                     lambda: Layout(3), lambda: daparray.Unstructured([["a"]]), lambda: daparray.Unstructured([3.5])):
            with self.assertRaises((ValueError, TypeError, OverflowError)):
                make()

    def test_sections(self):
        layout = Layout([Block(10, 2)])
        for make in (lambda: layout.section(0, numpy.zeros(4)), lambda: layout.section(2, numpy.zeros(5)),
                     lambda: layout.section(-1, numpy.zeros(5)), lambda: layout.section(0, [0] * 5),
                     lambda: layout.zeros(0, "O"), lambda: layout.zeros(0, "no type"),
                     lambda: Layout([Block(2**60)]).zeros(0), lambda: Section([7], numpy.zeros(5)),
                     lambda: Section([DIM], numpy.zeros(6)), lambda: Section(7, numpy.zeros(5))):
            with self.assertRaises((ValueError, TypeError, IndexError, BufferError, MemoryError)):
                make()

    def test_dim_data(self):
        for wrong in (7, None, {"size": "ten"}, {"colour": 1}, {"padding": 3}, {"indices": "abc"}):
            with self.subTest(wrong), self.assertRaises((TypeError, ValueError)):
                DimData(wrong)

    def test_describe(self):
        for wrong in (7, None, object()):
            with self.assertRaises(TypeError):
                describe(wrong)

    def test_enormous_grids_cost_nothing(self):
        layout = Layout([Block(2**40, 2**40), daparray.Cyclic(2**20, 2**20)])
        self.assertEqual(layout.owner((2**39, 5)), (2**59 + 5, (0, 0)))
        self.assertIn("Block(1099511627776, 1099511627776)", repr(layout))
        self.assertTrue(layout._repr_svg_().startswith("<svg"))


if __name__ == "__main__":
    unittest.main()
