"""Item types: NumPy's spellings where memory is made, its `dtype` of memory, ctypes structures."""

import ctypes
import json
import subprocess
import sys
import unittest

import daparray
import numpy
from daparray import Block, Layout, Local, Section, describe

LAYOUT = Layout([Block(6, 2)])

SPELLINGS = [
    "<f8", ">f8", "f8", "=f8", "d", "float64", "float", "double", "half", "single", "int", "int16", "uint8", "bool", "complex", "complex64", "|S5",
    "<U3", "S5", "i", "q", "?", "intc", "uintp", "byte", "longlong", "csingle", "i4,f8", "3i4,f8", "(2,3)f4,i2",
    float, int, bool, complex, None, numpy.float64, numpy.float32, numpy.int8, numpy.uint64, numpy.bool_, numpy.complex64, numpy.longdouble,
    numpy.dtype("<f4"), numpy.dtype(">i2"), numpy.dtype("S3"), numpy.dtype([("a", "<i4"), ("b", ">f8", (2, 3))]),
    numpy.dtype([("a", "i1"), ("b", "f8")], align=True), [("a", "<i4"), ("b", "<f8")], {"names": ["a"], "formats": ["f8"], "offsets": [4], "itemsize": 24},
    ctypes.c_double, ctypes.c_int16, numpy.zeros(1, "i2").dtype,
]  # fmt: skip


class Spellings(unittest.TestCase):
    def test_types_are_shown_as_numpy_prints_them(self):
        for spelling in ("f8", ">f8", "f2", "?", "i1", "c8", "S5", "<U3", "V7", [("a", "<i4"), ("b", ">f8", (2,)), ("c", [("d", "<u2")])]):
            given = numpy.zeros(3, spelling)
            self.assertEqual(repr(Local(given)), f"<daparray.Local (3,) {given.dtype}>")
            self.assertIn(f" {given.dtype} over ", repr(LAYOUT.section(1, given)))
        rows = [daparray.describe(Layout([Block(6, 2)]).section(rank, numpy.zeros(3, ">i4"))) for rank in range(2)]
        self.assertEqual(daparray.validate(rows).dtype, numpy.dtype(">i4"))
        plan = daparray.Plan(LAYOUT, LAYOUT, 1)
        with self.assertRaisesRegex(ValueError, "the items are >f8 in the source, float32 in the target"):
            plan.copy_local(numpy.zeros(3, ">f8"), numpy.zeros(3, "f4"))

    def test_memory_of_every_spelling(self):
        for spelling in SPELLINGS:
            with self.subTest(repr(spelling)):
                wanted = numpy.dtype(spelling)
                section = LAYOUT.zeros(0, spelling)
                seen = numpy.asarray(section.local)
                self.assertEqual((seen.dtype, seen.shape, section.dtype), (wanted, (3,), wanted))
                self.assertEqual(seen.tobytes(), bytes(3 * wanted.itemsize))
                json.loads(LAYOUT.to_json(spelling))
                again = LAYOUT.zeros(1, section.dtype)
                self.assertEqual(again.dtype, section.dtype)

    def test_the_default_is_numpys(self):
        self.assertEqual(LAYOUT.zeros(0).dtype, numpy.zeros(1).dtype)
        self.assertIn('"<f8"', LAYOUT.to_json())

    def test_refusals(self):
        objects = ("O", object, numpy.dtype("O"), [("a", "O")], "P")
        for wrong in (*objects, "M8[s]", numpy.dtype("m8"), "no type", "\ud800", "", "f3", "S", "U", str, bytes, numpy.dtype(("f8", (2,))),
                      7, 1.5, b"\xff", object(), "S" * 10**5, [("a", "f8"), ("a", "f8")], ()):  # fmt: skip
            for call in (lambda: LAYOUT.zeros(0, wrong), lambda: LAYOUT.to_json(wrong)):
                if wrong in objects[:5] and "to_json" in call.__code__.co_names:
                    continue  # a description may say that the items are addresses: the rules judge it
                with self.subTest(repr(wrong)[:40]), self.assertRaises((ValueError, TypeError, BufferError)) as raised:
                    call()
                self.assertNotIsInstance(raised.exception, UnicodeError)

    def test_a_type_of_another_library(self):
        """Such as ml_dtypes.bfloat16: NumPy keeps it as raw bytes, which it is not."""
        try:
            import ml_dtypes
        except ImportError:
            self.skipTest("ml_dtypes is not installed")
        with self.assertRaisesRegex(ValueError, "bfloat16"):
            LAYOUT.zeros(0, ml_dtypes.bfloat16)


class OfMemory(unittest.TestCase):
    def test_numpy_reads_it(self):
        for dtype in ("<f8", ">f8", "?", "S5", "<U3", "<c16", [("a", "<i4"), ("b", ">f8", (2,))], numpy.dtype("f8,i4"), numpy.dtype("i1,f8", align=True),
                      {"names": ["a"], "formats": ["f8"], "offsets": [4], "itemsize": 24}):  # fmt: skip
            given = numpy.zeros(3, dtype)
            section = LAYOUT.section(0, given)
            for one in (section, section.local, section.owned, Local(given)):
                self.assertEqual((one.dtype, numpy.dtype(one)), (given.dtype, given.dtype))
            for one in (section.local, section.owned):
                seen = numpy.asarray(one)
                self.assertEqual((seen.dtype, seen.ctypes.data), (given.dtype, given.ctypes.data))

    def test_it_is_still_its_text(self):
        self.assertEqual(Local(numpy.zeros(3)).dtype, "<f8")
        self.assertEqual(Local(b"abc").dtype, "|u1")

    def test_without_numpy(self):
        code = """if True:
            import sys
            sys.modules["numpy"] = None
            import array
            from daparray import Block, Layout, Local, Section
            layout = Layout([Block(6, 2)])
            for spelling in ("<f8", float, None, "float64"):
                section = layout.zeros(0, spelling)
                assert section.dtype == section.local.dtype == "<f8" and type(section.dtype) is str
            assert Local(array.array("i", [1])).dtype == "<i4"
            for wrong in ("no type", 7, object):
                try:
                    layout.zeros(0, wrong)
                except (TypeError, ValueError) as error:
                    continue
                raise SystemExit(repr(wrong))
            layout.owner(range(1))
        """
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""))


def structure(name, fields, base=ctypes.Structure, **members):
    return type(name, (base,), {**members, "_fields_": fields})


INNER = structure("Inner", [("x", ctypes.c_double), ("y", ctypes.c_int8)])
PADDED = structure("Padded", [("a", ctypes.c_int), ("b", ctypes.c_double)])
STRUCTURES = [
    PADDED, INNER, structure("Packed", [("a", ctypes.c_int8), ("b", ctypes.c_double)], _pack_=1, _layout_="ms"),
    structure("Half", [("a", ctypes.c_int8), ("b", ctypes.c_double)], _pack_=2, _layout_="ms"),
    structure("Nested", [("a", ctypes.c_int8), ("s", INNER), ("more", (PADDED * 2) * 3), ("k", ctypes.c_bool)]),
    structure("Derived", [("c", ctypes.c_int16)], PADDED), structure("Chars", [("t", ctypes.c_char * 3), ("n", ctypes.c_uint64)]),
    structure("Arrays", [("a", ctypes.c_uint8 * 3), ("b", (ctypes.c_float * 2) * 5), ("n", ctypes.c_int8)]),
    structure("Big", [("a", ctypes.c_int16), ("b", ctypes.c_double)], ctypes.BigEndianStructure),
    structure("Tail", [("a", ctypes.c_double), ("b", ctypes.c_int8)]), structure("Long", [("a", ctypes.c_long), ("b", ctypes.c_longdouble)]),
]  # fmt: skip


def leaves(item):
    """The numbers of an item in order, of NumPy's or of ctypes'."""
    if isinstance(item, numpy.void):
        return [leaf for name in item.dtype.names for leaf in leaves(item[name])]
    if isinstance(item, ctypes.Structure):
        bases = [base.__dict__.get("_fields_", ()) for base in reversed(type(item).__mro__)]
        return [leaf for fields in bases for name, _ in fields for leaf in leaves(getattr(item, name))]
    if isinstance(item, (numpy.ndarray, ctypes.Array)):
        return [leaf for inner in item for leaf in leaves(inner)]
    if isinstance(item, bytes):
        return [*item]
    return [bool(item) if isinstance(item, (bool, numpy.bool_)) else float(item)]


class Ctypes(unittest.TestCase):
    def test_every_structure(self):
        for kind in STRUCTURES:
            with self.subTest(kind.__name__):
                one, some, grid = kind(), (kind * 3)(), ((kind * 2) * 3)()
                for given, shape in ((one, ()), (some, (3,)), (grid, (3, 2)), (memoryview(some), (3,)), (memoryview(some)[1:], (2,))):
                    local = Local(given)
                    self.assertEqual((local.shape, local.itemsize), (shape, ctypes.sizeof(kind)))
                    seen = numpy.asarray(local)
                    self.assertEqual((seen.dtype, seen.ctypes.data, seen.dtype.itemsize), (local.dtype, local.address, local.itemsize))
                memory = bytes((37 * place) % 60 + 1 for place in range(ctypes.sizeof(some)))
                ctypes.memmove(some, memory, len(memory))
                local = Local(some)
                self.assertEqual(repr([leaves(item) for item in numpy.asarray(local)]), repr([leaves(item) for item in some]))
                described = json.loads(describe(LAYOUT.section(0, some)))["buffer"]["dtype"]
                self.assertIsInstance(described, (list, dict))
                if kind.__name__ != "Derived":  # whose base NumPy does not see
                    self.assertEqual(local.dtype.fields.keys(), numpy.dtype(kind).fields.keys())

    def test_values_are_where_they_are(self):
        some = (PADDED * 3)((1, 1.5), (2, 2.5), (3, 3.5))
        seen = numpy.asarray(LAYOUT.section(0, some).local)
        self.assertEqual(seen.tolist(), [(1, 1.5), (2, 2.5), (3, 3.5)])
        seen["b"][1] = 7
        self.assertEqual(some[1].b, 7.0)
        exported = json.loads(describe(LAYOUT.section(0, some)))["buffer"]["dtype"]
        self.assertIn("|V4", json.dumps(exported))

    def test_what_is_refused(self):
        point = structure("Point", [("p", ctypes.POINTER(ctypes.c_int)), ("n", ctypes.c_int)])
        deep, wide = PADDED, PADDED
        for _ in range(40):
            deep = structure("Deep", [("inner", deep)])
        for _ in range(30):
            wide = structure("Wide", [("a", wide)])
        broad = PADDED
        for _ in range(20):
            broad = structure("Broad", [("a", broad), ("b", broad)])
        for kind, why in (
            (structure("Union", [("a", ctypes.c_int), ("b", ctypes.c_double)], ctypes.Union), "union"),
            (structure("HasUnion", [("u", structure("U", [("a", ctypes.c_int)], ctypes.Union)), ("n", ctypes.c_int)]), "union"),
            (structure("Bits", [("a", ctypes.c_int, 3), ("b", ctypes.c_int, 5)]), "bit field"),
            (point, "address"), (structure("Names", [("s", ctypes.c_char_p)]), "address"), (structure("Void", [("s", ctypes.c_void_p)]), "address"),
            (structure("Holder", [("o", ctypes.py_object)]), "address"), (structure("Calls", [("f", ctypes.CFUNCTYPE(None))]), "address"),
            (deep, "deep"), (broad, "fields"),
        ):  # fmt: skip
            with self.subTest(kind.__name__):
                for given in (kind(), (kind * 2)(), memoryview((kind * 2)())):
                    with self.assertRaisesRegex(BufferError, why):
                        Local(given)
                with self.assertRaises(daparray.ValidationError):
                    daparray.from_distarray({"__version__": "0.10.0", "buffer": (kind * 3)(), "dim_data": LAYOUT.dim_data(0)})

    def test_simple_types_and_casts(self):
        for kind in (ctypes.c_int, ctypes.c_double, ctypes.c_long, ctypes.c_bool, ctypes.c_uint8, ctypes.c_int.__ctype_be__, ctypes.c_longdouble):
            self.assertEqual(Local((kind * 3)()).dtype, numpy.dtype(kind))
        some = (PADDED * 3)()
        self.assertEqual(Local(memoryview(some).cast("B")).shape, (48,))

    def test_types_with_code_of_their_own(self):
        class Loud(ctypes.c_int):
            def __init__(self):
                raise AssertionError("called")

        self.assertEqual(Local(structure("Has", [("a", Loud), ("b", ctypes.c_double)])()).itemsize, 16)


class OtherExporters(unittest.TestCase):
    def test_a_format_that_is_shorter_than_its_items(self):
        """Only NumPy's convention says where the missing bytes are: behind the last field."""
        aligned = numpy.zeros(3, {"names": ["a", "b"], "formats": ["<i4", "<f8"], "offsets": [0, 8], "itemsize": 24})
        for given in (aligned, memoryview(aligned), aligned[0], Local(aligned), memoryview(Local(aligned))):
            self.assertEqual(Local(given).dtype, aligned.dtype)

    @unittest.skipIf(sys.version_info < (3, 12), "Python classes have memory to offer from 3.12 on")
    def test_a_class_of_python(self):
        some = (PADDED * 3)()

        class Exporter:
            def __buffer__(self, flags):
                return memoryview(some)

        self.assertEqual(Local(Exporter()).dtype, numpy.dtype(PADDED))


if __name__ == "__main__":
    unittest.main()
