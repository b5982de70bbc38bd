"""`Local`: memory in and out by the buffer protocol and DLPack, the same address on both sides."""

import array
import ctypes
import unittest

import daparray
import numpy
from daparray import Local

SCALARS = ["?", "i1", "u1", "<i2", ">i2", "<u4", ">i8", "<f2", "<f4", ">f8", "<c8", ">c16", "S5", "U3"]


def address(buffer):
    return numpy.asarray(buffer).__array_interface__["data"][0]


class BufferProtocol(unittest.TestCase):
    def same(self, given):
        local = Local(given)
        seen = numpy.asarray(local)
        self.assertEqual((seen.shape, seen.dtype), (given.shape, given.dtype))
        self.assertEqual(local.shape, given.shape)
        if given.size:
            self.assertEqual(address(local), given.__array_interface__["data"][0])
            self.assertEqual(local.address, given.__array_interface__["data"][0])
            self.assertEqual(seen.tobytes(), given.tobytes())
        self.assertEqual(local.readonly, not given.flags.writeable)
        self.assertEqual(seen.flags.writeable, given.flags.writeable)
        return local

    def test_item_types(self):
        for dtype in SCALARS:
            with self.subTest(dtype):
                local = self.same(numpy.zeros((2, 3), dtype))
                self.assertEqual(local.itemsize, numpy.dtype(dtype).itemsize)
                self.assertEqual(numpy.dtype(local.dtype), numpy.dtype(dtype))

    def test_raw_bytes(self):
        local = Local(numpy.zeros(3, "V7"))
        self.assertEqual((local.dtype, local.itemsize, local.shape), ("|V7", 7, (3,)))
        self.assertEqual(memoryview(local).format, memoryview(numpy.zeros(3, "V7")).format)

    def test_structs(self):
        fields = [("x", "<f8"), ("n", ">i2"), ("more", "u1", (2, 3))]
        for align in (False, True):
            self.same(numpy.zeros(4, numpy.dtype(fields, align=align)))

    def test_shapes_and_strides(self):
        base = numpy.arange(120.0).reshape(4, 5, 6)
        for given in (base, base.T, base[::-1], base[:, ::2, ::-3], base[1:1], base[2, 3], base[0, 0, 0:1],
                      numpy.asfortranarray(base), numpy.array(3.5), numpy.zeros((0, 7)), numpy.zeros((3, 0, 2))):
            self.same(given)

    def test_sixty_four_dimensions(self):
        self.assertEqual(self.same(numpy.zeros((1,) * 64)).ndim, 64)

    def test_shared_items_are_only_read(self):
        wide = numpy.broadcast_to(numpy.zeros(3), (5, 3))
        self.assertTrue(Local(wide).readonly)
        writable = numpy.lib.stride_tricks.as_strided(numpy.zeros(3), (2, 2), (8, 8))
        self.assertTrue(Local(writable).readonly)

    def test_writing_is_seen_on_both_sides(self):
        mine = numpy.zeros((3, 4))
        theirs = numpy.asarray(Local(mine[:, 1:3]))
        theirs[1, 1] = 7
        self.assertEqual(mine[1, 2], 7)

    def test_other_givers(self):
        for given in (bytearray(8), memoryview(bytearray(8)).cast("i"), array.array("d", [1, 2]), (ctypes.c_int * 3)()):
            with self.subTest(type(given)):
                local = Local(given)
                self.assertEqual(local.nbytes, memoryview(given).nbytes)
                self.assertFalse(local.readonly)
        self.assertTrue(Local(b"abc").readonly)

    def test_of_itself(self):
        local = Local(numpy.arange(3))
        self.assertEqual(Local(local).address, local.address)

    def test_requests_it_cannot_meet(self):
        fortran = Local(numpy.asfortranarray(numpy.zeros((3, 4))))
        with self.assertRaisesRegex(BufferError, "C order"):
            simple_view(fortran)
        readonly = Local(b"abcd")
        with self.assertRaisesRegex(BufferError, "only be read"):
            simple_view(readonly, 1)
        self.assertEqual(memoryview(fortran).tobytes("A"), b"\0" * 96)

    def test_length(self):
        self.assertEqual(len(Local(numpy.zeros((3, 4)))), 3)
        with self.assertRaises(TypeError):
            len(Local(numpy.array(1.0)))

    def test_repr(self):
        self.assertEqual(repr(Local(numpy.zeros((3, 4)))), "<daparray.Local (3, 4) float64>")
        self.assertEqual(repr(Local(b"abc")), "<daparray.Local (3,) uint8, readonly>")

    def test_refusals(self):
        for given in (3, "text", None, [1, 2], object(), numpy.zeros(2, "M8[s]")):
            with self.subTest(repr(given)), self.assertRaises(BufferError):
                Local(given)


def simple_view(local, flags=0):
    """Asks for a view without shape and strides; with 1, to be written."""
    view = ctypes.create_string_buffer(256)
    ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(local), view, flags)


class Dlpack(unittest.TestCase):
    def test_numpy_takes_it(self):
        for dtype in ("i1", "u2", "i4", "u8", "f4", "f8", "c8", "c16", "?"):
            given = numpy.zeros((3, 4), dtype)[:, ::2]
            seen = numpy.from_dlpack(Local(given))
            self.assertEqual((seen.shape, seen.dtype, seen.strides), (given.shape, given.dtype, given.strides))
            self.assertEqual(address(seen), address(given))

    def test_readonly_travels(self):
        given = numpy.arange(4.0)
        given.flags.writeable = False
        self.assertFalse(numpy.from_dlpack(Local(given)).flags.writeable)

    def test_legacy_capsule(self):
        local = Local(numpy.arange(4.0))
        self.assertIn('"dltensor"', repr(local.__dlpack__()))
        self.assertIn('"dltensor_versioned"', repr(local.__dlpack__(max_version=(1, 0))))
        with self.assertRaisesRegex(BufferError, "only be read"):
            Local(b"abc").__dlpack__()
        self.assertEqual(local.__dlpack_device__(), (1, 0))

    def test_a_copy(self):
        given = numpy.arange(6, dtype=">i4").reshape(2, 3).T
        copy = numpy.from_dlpack(Local(given), copy=True)
        self.assertTrue((copy == given).all())
        self.assertNotEqual(address(copy), address(given))
        self.assertTrue(copy.flags.c_contiguous)

    def test_what_it_cannot_say(self):
        for dtype, why in ((">f8", "big-endian"), ("S3", "3"), ([("a", "i4")], "struct"), ("U2", "text of 2")):
            with self.subTest(dtype), self.assertRaisesRegex(BufferError, why):
                Local(numpy.zeros(2, dtype)).__dlpack__(max_version=(1, 0))
        field = numpy.zeros(3, [("a", "f4"), ("b", "i2")])["a"]
        with self.assertRaisesRegex(BufferError, "stride"):
            Local(field).__dlpack__(max_version=(1, 0))
        local = Local(numpy.zeros(2))
        for wrong in ({"stream": 1}, {"dl_device": (2, 0)}):
            with self.subTest(wrong), self.assertRaises(BufferError):
                local.__dlpack__(**wrong)

    def test_taken_from_dlpack(self):
        given = numpy.arange(12.0).reshape(3, 4)[:, ::-1]
        for kind in (Versioned, Legacy):
            local = Local(kind(given))
            self.assertEqual((local.address, local.shape, local.strides), (given.ctypes.data, (3, 4), (32, -8)))

    def test_a_used_capsule(self):
        capsule = numpy.zeros(2).__dlpack__()
        once = Fixed(capsule)
        self.assertEqual(Local(once).shape, (2,))
        with self.assertRaisesRegex(BufferError, "capsule"):
            Local(once)
        self.assertIn("used_dltensor", repr(capsule))
        for wrong in (numpy.zeros(2).__dlpack__(max_version=(1, 0)), numpy.zeros(2).__dlpack__()):
            once = Fixed(wrong)
            Local(once)
            with self.assertRaisesRegex(BufferError, "used already"):
                Local(once)
        for wrong in (3, None, daparray.Layout([daparray.Block(4)]).zeros(0).__distarray_c__()):
            with self.assertRaisesRegex(BufferError, "not a capsule named"):
                Local(Fixed(wrong))

    def test_devices(self):
        class Elsewhere(Versioned):
            def __dlpack_device__(self):
                return (2, 0)

        with self.assertRaisesRegex(BufferError, "device"):
            Local(Elsewhere(numpy.zeros(2)))


class Versioned:
    """Has memory by DLPack only."""

    def __init__(self, given):
        self.given = given

    def __dlpack__(self, **keywords):
        return self.given.__dlpack__(**keywords)

    def __dlpack_device__(self):
        return (1, 0)


class Legacy(Versioned):
    """As before version 1: knows no `max_version`."""

    def __dlpack__(self, stream=None):
        return self.given.__dlpack__()


class Fixed(Versioned):
    def __dlpack__(self, **keywords):
        return self.given


class NothingDistributed(unittest.TestCase):
    def test_no_section_passes_for_an_array(self):
        section = daparray.Layout([daparray.Block(4, 2)]).zeros(0)
        for name in ("__dlpack__", "__buffer__", "__array_interface__", "__array_struct__", "__len__", "__getitem__"):
            self.assertFalse(hasattr(section, name), name)


if __name__ == "__main__":
    unittest.main()
