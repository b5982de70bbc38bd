"""`dap_dump` on producers made by hand. Runs with Python alone; some tests need NumPy."""

import array
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import dap_dump  # noqa: E402

try:
    import numpy
except ImportError:
    numpy = None

BLOCK = {"dist_type": "b", "size": 6, "proc_grid_size": 2, "proc_grid_rank": 1, "start": 3, "stop": 6}


class Producer:
    """An object with `__distarray__`."""

    def __init__(self, buffer, *dims, **keys):
        self.export = dict({"__version__": "0.10.0", "buffer": buffer, "dim_data": dims}, **keys)

    def __distarray__(self):
        return self.export


def written(producer):
    """The contents of the file, read back from its text."""
    return json.loads(dap_dump.to_json(producer))


def doubles(*values):
    return array.array("d", values)


class Export(unittest.TestCase):
    def test_an_export_is_written_as_it_is(self):
        expected = {
            "__version__": "0.10.0",
            "buffer": {"dtype": "<f8", "shape": [3], "strides": [8]},
            "dim_data": [BLOCK],
        }
        self.assertEqual(written(Producer(doubles(1, 2, 3), BLOCK)), expected)
        self.assertEqual(written(Producer(doubles(1, 2, 3), BLOCK).export), expected)

    def test_each_key_has_a_line_and_lists_of_numbers_one(self):
        lines = dap_dump.to_json(Producer(doubles(1), dict(BLOCK, padding=(1, 0)))).splitlines()
        self.assertIn('    "shape": [1],', lines)
        self.assertIn('      "padding": [1, 0]', lines)

    def test_mistakes_survive(self):
        dim = dict(BLOCK, size=6.0, proc_grid_rank=True, stop=None, extra={"a": [1, "x"]})
        del dim["start"]
        found = written(Producer(doubles(), dim))["dim_data"][0]
        self.assertEqual(found, {k: dim[k] for k in found})
        self.assertNotIn("start", found)
        self.assertIs(type(found["size"]), float)
        self.assertIs(found["proc_grid_rank"], True)
        self.assertIsNone(found["stop"])

    def test_a_missing_key_stays_missing_and_a_fourth_stays(self):
        export = Producer(doubles(), comment="hello").export
        del export["__version__"]
        self.assertEqual(set(written(export)), {"buffer", "dim_data", "comment"})

    def test_what_is_no_export_at_all(self):
        self.assertEqual(written([1, 2]), [1, 2])
        self.assertEqual(written({"buffer": [1.5]}), {"buffer": [1.5]})

    def test_indices_become_lists(self):
        for indices in ([4, 5], (4, 5), range(4, 6), array.array("i", [4, 5]), bytes([4, 5]),
                        memoryview(array.array("q", [4, 5])), (ctypes.c_int * 2)(4, 5)):
            dim = dict(BLOCK, dist_type="u", indices=indices)
            self.assertEqual(written(Producer(doubles(), dim))["dim_data"][0]["indices"], [4, 5])

    def test_what_json_cannot_hold_is_refused_with_its_place(self):
        cases = [
            ({"size": float("nan")}, r"dim_data\[0\]\['size'\] is nan"),
            ({"size": float("inf")}, r"dim_data\[0\]\['size'\] is inf"),
            ({"dist_type": b"b"}, r"dim_data\[0\]\['dist_type'\] is b'b'"),
            ({"start": object()}, r"dim_data\[0\]\['start'\] is a object"),
            ({3: 4}, r"dim_data\[0\] has the key 3"),
            ({"padding": (1, complex(2))}, r"dim_data\[0\]\['padding'\]\[1\] is a complex"),
        ]
        for change, message in cases:
            dim = dict(BLOCK)
            dim.update(change)
            with self.assertRaisesRegex(dap_dump.DumpError, message):
                written(Producer(doubles(), dim))

    def test_an_object_without_buffer_is_refused(self):
        with self.assertRaisesRegex(dap_dump.DumpError, "offers no PEP-3118 buffer"):
            written(Producer(object(), BLOCK))


class Buffer(unittest.TestCase):
    def described(self, buffer):
        return written(Producer(buffer))["buffer"]

    def test_plain_items(self):
        for code, dtype in (("b", "|i1"), ("B", "|u1"), ("h", "<i2"), ("i", "<i4"), ("q", "<i8"),
                            ("Q", "<u8"), ("f", "<f4"), ("d", "<f8")):
            if sys.byteorder == "little":
                self.assertEqual(self.described(array.array(code, [1, 2]))["dtype"], dtype)
        self.assertEqual(self.described(array.array("l", [1]))["dtype"][1:], "i%d" % array.array("l").itemsize)
        self.assertEqual(self.described(b"abc"), {"dtype": "|u1", "shape": [3], "strides": [1]})

    def test_shapes_and_strides_of_a_memoryview(self):
        view = memoryview(array.array("i", range(6))).cast("B").cast("i", [2, 3])
        self.assertEqual(self.described(view), {"dtype": "<i4", "shape": [2, 3], "strides": [12, 4]})
        view = memoryview(array.array("i", range(6)))[::-2]
        self.assertEqual(self.described(view), {"dtype": "<i4", "shape": [3], "strides": [-8]})

    def test_formats(self):
        for format, size, dtype in (
            (">d", 8, ">f8"), ("!i", 4, ">i4"), ("<l", 4, "<i4"), ("l", 8, "<i8"), ("?", 1, "|b1"),
            ("Zd", 16, "<c16"), (">Zf", 8, ">c8"), ("e", 2, "<f2"), ("g", 16, "<f16"), ("5s", 5, "|S5"),
            ("3w", 12, "<U3"), ("4x", 4, "|V4"), ("O", 8, "|O"), ("c", 1, "|S1"), (None, 1, "|u1"),
            ("T{i:a:d:b:}", 16, "T{i:a:d:b:}"), ("2d", 16, "2d"), ("P", 8, "P"), ("&d", 8, "&d"),
        ):
            self.assertEqual(dap_dump._typestr(format, size), dtype)

    def test_a_ctypes_structure_keeps_its_format(self):
        class Pair(ctypes.LittleEndianStructure):
            _fields_ = [("a", ctypes.c_int32), ("b", ctypes.c_double)]

        dtype = self.described((Pair * 2)())["dtype"]
        self.assertTrue(dtype.startswith("T{") and ":a:" in dtype, dtype)


class Files(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.out = os.path.join(self.directory.name, "new", "out")

    def test_the_rank_is_the_coordinate_in_c_order(self):
        dims = [dict(BLOCK, proc_grid_size=2, proc_grid_rank=1), {}, dict(BLOCK, proc_grid_size=3, proc_grid_rank=2)]
        path = dap_dump.dump(Producer(doubles(), *dims), self.out)
        self.assertEqual(path, os.path.join(self.out, "rank-5.json"))
        self.assertEqual(os.listdir(self.out), ["rank-5.json"])

    def test_no_usable_coordinate(self):
        for dim in ({"proc_grid_size": 2, "proc_grid_rank": 2}, {"proc_grid_size": 2, "proc_grid_rank": -1},
                    {"proc_grid_size": "2"}, 7):
            with self.assertRaisesRegex(dap_dump.DumpError, "pass rank="):
                dap_dump.dump(Producer(doubles(), dim), self.out)
        dap_dump.dump(Producer(doubles(), 7), self.out, rank=4)
        self.assertEqual(os.listdir(self.out), ["rank-4.json"])

    def test_same_names_are_replaced_and_nothing_removed(self):
        os.makedirs(self.out)
        other = os.path.join(self.out, "rank-9.json")
        with open(other, "w") as file:
            file.write("mine")
        dap_dump.dump(Producer(doubles(1), BLOCK), self.out, rank=0)
        dap_dump.dump(Producer(doubles(1, 2), BLOCK), self.out, rank=0)
        self.assertEqual(sorted(os.listdir(self.out)), ["rank-0.json", "rank-9.json"])
        with open(other) as file:
            self.assertEqual(file.read(), "mine")
        with open(os.path.join(self.out, "rank-0.json")) as file:
            self.assertEqual(json.load(file)["buffer"]["shape"], [2])

    def test_a_failed_dump_leaves_nothing(self):
        with self.assertRaises(dap_dump.DumpError):
            dap_dump.dump(Producer(doubles(float("nan")), dict(BLOCK, size=float("nan"))), self.out, rank=0, data=True)
        self.assertFalse(os.path.exists(self.out) and os.listdir(self.out))

    def test_data_without_numpy(self):
        dap_dump.dump(Producer(doubles(1, 2, float("nan")), BLOCK), self.out, rank=0, data=True)
        with open(os.path.join(self.out, "rank-0.json")) as file:
            self.assertEqual(json.load(file)["buffer"]["data"], "rank-0.npy")
        with open(os.path.join(self.out, "rank-0.npy"), "rb") as file:
            content = file.read()
        self.assertEqual(content[:8], b"\x93NUMPY\x01\x00")
        self.assertEqual(len(content), 128 + 24)
        self.assertIn(b"'shape': (3,)", content)

    def test_the_command_line(self):
        with open(os.path.join(self.directory.name, "mine.py"), "w") as file:
            file.write("import array\ndef make():\n    return {'__version__': '0.10.0',"
                       " 'buffer': array.array('d', [1.0]), 'dim_data': ({},)}\n")
        script = os.path.join(os.path.dirname(HERE), "dap_dump.py")
        environment = dict(os.environ, OMPI_COMM_WORLD_RANK="2", OMPI_COMM_WORLD_SIZE="3")
        # An mpi4py that must not be used: importing it starts MPI, which this test does not want.
        os.makedirs(os.path.join(self.directory.name, "mpi4py"))
        with open(os.path.join(self.directory.name, "mpi4py", "__init__.py"), "w") as file:
            file.write("raise ImportError('not here')\n")
        environment["PYTHONPATH"] = self.directory.name
        command = [sys.executable, script, "mine:make", "out", "--data"]
        subprocess.run(command, cwd=self.directory.name, env=environment, check=True)
        names = sorted(os.listdir(os.path.join(self.directory.name, "out")))
        self.assertEqual(names, ["rank-2.json", "rank-2.npy"])


@unittest.skipUnless(numpy, "needs NumPy")
class WithNumPy(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def there_and_back(self, values):
        """Dump with data, load the file with NumPy, compare; return the description."""
        dap_dump.dump(Producer(values), self.directory.name, rank=0, data=True)
        path = os.path.join(self.directory.name, "rank-0.npy")
        loaded = numpy.load(path, max_header_size=10 ** 6)
        self.assertEqual(loaded.dtype, values.dtype)
        self.assertEqual(loaded.shape, values.shape)
        self.assertEqual(loaded.tobytes(), values.tobytes())
        return written(Producer(values))["buffer"], loaded

    def test_dtypes(self):
        for dtype in ("?", "i1", "u2", "<i4", ">i4", "f2", ">f4", "f8", "g", "c8", ">c16", "S3", "<U2", ">U2", "V5"):
            described, _ = self.there_and_back(numpy.zeros(4, dtype))
            self.assertEqual(described["dtype"], numpy.dtype(dtype).str)

    def test_orders(self):
        whole = numpy.arange(24.0).reshape(2, 3, 4)
        for values, fortran in ((whole, False), (numpy.asfortranarray(whole), True), (whole[:, ::2, ::-1], False),
                                (whole.T, True), (whole[1:1], False), (numpy.array(3.5), False),
                                (numpy.broadcast_to(1.0, (3, 2)), False)):
            described, loaded = self.there_and_back(values)
            self.assertEqual(described["strides"], list(values.strides))
            self.assertEqual(loaded.flags.fnc, fortran)

    def test_structures(self):
        for dtype in ([("a", "<i4"), ("b", ">f8")], [("m", "<f4", (2, 3)), ("k", "u1")],
                      [("p", [("x", "<f4"), ("y", "<f4")]), ("s", "S4")]):
            described, _ = self.there_and_back(numpy.zeros(3, dtype))
            self.assertEqual(described["dtype"], json.loads(json.dumps(numpy.dtype(dtype).descr)))
        aligned = numpy.dtype([("a", "i1"), ("b", "f8")], align=True)
        self.assertEqual(written(Producer(numpy.zeros(2, aligned)))["buffer"]["dtype"],
                         [["a", "|i1"], ["", "|V7"], ["b", "<f8"]])

    def test_dates_keep_their_dtype_though_pep_3118_has_none(self):
        self.assertEqual(self.there_and_back(numpy.zeros(2, "M8[s]"))[0]["dtype"], "<M8[s]")
        self.assertEqual(self.there_and_back(numpy.zeros((2, 2), "m8[ns]"))[0]["dtype"], "<m8[ns]")
        fields = written(Producer(numpy.zeros(2, [("t", "M8[D]"), ("v", "f4")])))["buffer"]["dtype"]
        self.assertEqual(fields, [["t", "<M8[D]"], ["v", "<f4"]])

    def test_overlapping_fields_are_refused(self):
        dtype = numpy.dtype({"names": ["a", "b"], "formats": ["i4", "i4"], "offsets": [0, 2]})
        with self.assertRaises(dap_dump.DumpError):
            written(Producer(numpy.zeros(2, dtype)))

    def test_objects_are_described_but_not_written(self):
        self.assertEqual(written(Producer(numpy.zeros(2, "O")))["buffer"]["dtype"], "|O")
        with self.assertRaisesRegex(dap_dump.DumpError, "Python objects"):
            dap_dump.dump(Producer(numpy.zeros(2, "O")), self.directory.name, rank=0, data=True)

    def test_numpys_numbers_are_numbers(self):
        dim = dict(BLOCK, size=numpy.int64(6), start=numpy.uint8(3), stop=numpy.float64(6), periodic=numpy.bool_(True),
                   padding=numpy.array([1, 0]), dist_type=numpy.str_("b"))
        found = written(Producer(numpy.zeros(3), dim))["dim_data"][0]
        self.assertEqual([type(found[key]) for key in ("size", "start", "stop", "periodic", "padding", "dist_type")],
                         [int, int, float, bool, list, str])

    def test_indices_of_any_dtype(self):
        for dtype in ("i4", ">i8", "u2"):
            dim = dict(BLOCK, dist_type="u", indices=numpy.array([4, 5], dtype))
            self.assertEqual(written(Producer(numpy.zeros(2), dim))["dim_data"][0]["indices"], [4, 5])
            dim["indices"] = memoryview(dim["indices"])
            self.assertEqual(written(Producer(numpy.zeros(2), dim))["dim_data"][0]["indices"], [4, 5])

    def test_long_headers_and_foreign_letters(self):
        self.there_and_back(numpy.zeros(2, [("\u00e9", "<f8")]))
        self.there_and_back(numpy.zeros(2, [("\u03c0", "<f8")]))
        fields = [("field_number_%d" % i, "<f8") for i in range(3000)]
        self.there_and_back(numpy.zeros(1, fields))


if __name__ == "__main__":
    unittest.main()
