"""`gather`, `scatter` and `diff --values` beside NumPy, for its item types and memory orders.

`DAP_VALIDATE` names the program (default: target/release/dap-validate).
"""

import json
import pathlib
import random
import tempfile
import unittest

import numpy
from program import outcome, run

TYPES = ["?", "i1", "<u2", ">i4", "<i8", ">u8", "<f2", ">f2", "<f4", ">f8", "<c8", ">c16", "S3", "<U2", ">U2"]
STRUCT = numpy.dtype([("x", "<f4"), ("n", ">i2", (2,)), ("s", "S3")])
PADDED = numpy.dtype([("flag", "?"), ("x", "<f8")], align=True)


def filled(dtype, shape, seed):
    """An array of any type whose items have random bytes, or numbers where bytes are none."""
    generator = numpy.random.default_rng(seed)
    if dtype.kind == "U":
        points = generator.integers(32, 0x2FF, (*shape, dtype.itemsize // 4), dtype="u4")
        return points.astype(dtype.byteorder + "u4").view(dtype).reshape(shape)
    if dtype.kind == "b":
        return generator.integers(0, 2, shape).astype(dtype)
    items = generator.integers(0, 255, (*shape, dtype.itemsize), dtype="u1")
    return items.view(dtype).reshape(shape)


def bytes_of(array):
    """The bytes of all items in C order, without the gaps of structs, which NumPy does not copy."""
    fields = [array[name] for name in array.dtype.names] if array.dtype.names else [array]
    return [field.tobytes() for field in fields]


class Data(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, recipe in [
            ("blocks", ["--grid", "2,3", "--halo", "1"]),
            ("cyclic", ["--grid", "3,2", "--dist", "c:2,c"]),
        ]:
            run("gen", "--shape", "7,8", *recipe, "-o", self.folder / f"{name}.ndjson")

    def test_every_type_in_both_orders(self):
        for number, name in enumerate([*TYPES, STRUCT, PADDED]):
            whole = filled(numpy.dtype(name), (7, 8), number)
            for order in "CF":
                with self.subTest(dtype=name, order=order):
                    numpy.save(self.folder / "whole.npy", numpy.asarray(whole, order=order))
                    parts = self.folder / f"parts-{number}-{order}"
                    run("scatter", self.folder / "whole.npy", "--like", self.folder / "blocks.ndjson", "-o", parts)
                    part = numpy.load(parts / "rank-1.npy")
                    self.assertEqual(part.dtype, whole.dtype)
                    self.assertEqual(part.flags.f_contiguous, order == "F")
                    self.assertEqual(bytes_of(part), bytes_of(whole[0:5, 2:7]))
                    run("gather", parts, "-o", self.folder / "back.npy", "--force")
                    back = numpy.load(self.folder / "back.npy")
                    self.assertEqual((back.dtype, back.flags.f_contiguous), (whole.dtype, order == "F"))
                    self.assertEqual(bytes_of(back), bytes_of(whole))

    def compared(self, a, b, *options):
        for name, array, like in [("a", a, "blocks"), ("b", b, "cyclic")]:
            numpy.save(self.folder / f"{name}.npy", array)
            parts = tempfile.mkdtemp(dir=self.folder)
            run("scatter", self.folder / f"{name}.npy", "--like", self.folder / f"{like}.ndjson", "-o", parts)
            setattr(self, name, parts)
        status, out, err = outcome("diff", "--values", self.a, self.b, "--output-format", "json", *options)
        self.assertEqual(err, "")
        found = json.loads(out)
        self.assertEqual(status, int(not found["equal"]))
        return found

    def test_differences_are_those_of_numpy(self):
        draw = random.Random(7)
        for number, name in enumerate(TYPES):
            dtype = numpy.dtype(name)
            a = filled(dtype, (7, 8), number)
            b = a.astype(dtype.newbyteorder())
            others = filled(dtype, (7, 8), number + 1000)
            for _ in range(draw.randrange(6)):
                at = draw.randrange(7), draw.randrange(8)
                b[at] = others[at]
            expected = ~((a == b) | ((a != a) & (b != b)))
            with self.subTest(dtype=name):
                found = self.compared(a, b)
                self.assertEqual(found["differing"], expected.sum())
                places = [list(map(int, at)) for at in numpy.argwhere(expected)]
                self.assertEqual([one["global"] for one in found["first"]], places[:8])

    def test_tolerances_are_those_of_isclose(self):
        generator = numpy.random.default_rng(3)
        for dtype in ("f2", "f4", "f8", "c16"):
            a = (generator.standard_normal((7, 8)) * 100).astype(dtype)
            b = a + (generator.standard_normal((7, 8)) * 0.2).astype(dtype)
            a[2, 3] = numpy.inf
            b[4, 5] = numpy.nan
            for rtol, atol in [(0, 0.1), (1e-3, 0), (1e-3, 0.05)]:
                # In the precision that the numbers are compared in.
                wide = "c16" if dtype == "c16" else "f8"
                expected = ~numpy.isclose(a.astype(wide), b.astype(wide), rtol, atol, equal_nan=True)
                found = self.compared(a, b, "--rtol", rtol, "--atol", atol)
                self.assertEqual(found["differing"], expected.sum(), (dtype, rtol, atol))
                differences = numpy.abs(a.astype(wide) - b.astype(wide))
                largest = numpy.nanmax(differences)
                self.assertTrue(numpy.isinf(largest) and found["largest"]["difference"] is None)


if __name__ == "__main__":
    unittest.main()
