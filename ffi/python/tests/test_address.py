"""`from_address`: memory that another language lends, beside NumPy's view of it."""

import ctypes
import gc
import random
import unittest
import weakref

import numpy
from daparray import Block, Layout, Local, from_address


class Owner:
    """Anything that keeps memory: it can be referenced weakly, and refer to others."""


def at(array, **options):
    return from_address(array.ctypes.data, array.shape, array.dtype, strides=array.strides, **options)


class Addresses(unittest.TestCase):
    def test_any_strides(self):
        chance = random.Random(1)
        for _ in range(200):
            shape = [chance.randint(0, 4) for _ in range(chance.randint(0, 4))]
            dtype = chance.choice(["f8", ">i4", "c16", "?", "S3", "U2", [("a", "i2"), ("b", ">f4", (2,))]])
            whole = numpy.zeros(shape, dtype, order=chance.choice("CF"))
            whole.reshape(-1)[...] = numpy.arange(whole.size).astype(whole.dtype if whole.dtype.names is None else "i2")
            array = whole[(..., *(slice(None, None, chance.choice([1, 1, 2, -1])) for _ in shape))]
            local = at(array, owner=whole)
            seen = numpy.asarray(local)
            self.assertEqual((local.shape, seen.dtype, local.dtype), (array.shape, array.dtype, array.dtype))
            self.assertTrue((seen == array).all())
            if array.size:
                self.assertEqual(local.address, array.ctypes.data)
                self.assertTrue(numpy.shares_memory(seen, array))
                seen[...] = numpy.ones((), array.dtype)
                self.assertTrue((array == numpy.ones((), array.dtype)).all())

    def test_orders(self):
        memory = (ctypes.c_double * 6)(*range(6))
        address = ctypes.addressof(memory)
        for options, wanted in [({}, "C"), ({"order": "C"}, "C"), ({"order": "F"}, "F")]:
            seen = numpy.asarray(from_address(address, (2, 3), "float64", owner=memory, **options))
            self.assertEqual(seen.tolist(), numpy.arange(6.0).reshape(2, 3, order=wanted).tolist())
        for order in "CF":
            self.assertEqual(from_address(address, (2, 0, 3), "f8", order=order).shape, (2, 0, 3))
        self.assertEqual(numpy.asarray(from_address(address, 6, float)).tolist(), list(range(6)))
        self.assertEqual(numpy.asarray(from_address(address, (), "f8")).shape, ())
        self.assertEqual(from_address(None, 0, "f8").shape, (0,))
        self.assertEqual(from_address(ctypes.c_void_p(0).value, (3, 0), "f8").shape, (3, 0))

    def test_read_only(self):
        array = numpy.arange(4.0)
        local = at(array, readonly=True, owner=array)
        self.assertTrue(local.readonly)
        self.assertFalse(numpy.asarray(local).flags.writeable)
        self.assertTrue(memoryview(local).readonly)
        with self.assertRaises(TypeError):
            ctypes.c_double.from_buffer(local)
        self.assertEqual(array.tolist(), [0, 1, 2, 3])

    def test_the_owner_is_kept_as_long_as_the_memory(self):
        for use in (lambda local: local, lambda local: Layout([Block(3)]).section(0, local), numpy.asarray, memoryview, numpy.from_dlpack,
                    lambda local: Layout([Block(3)]).section(0, local).owned, lambda local: Local(local)):
            owner = Owner()
            owner.memory = (ctypes.c_double * 3)()
            user = use(from_address(ctypes.addressof(owner.memory), 3, "f8", owner=owner))
            alive = weakref.ref(owner)
            del owner
            gc.collect()
            self.assertIsNotNone(alive(), use)
            del user
            gc.collect()
            self.assertIsNone(alive(), use)

    def test_a_cycle_through_the_owner(self):
        owner = Owner()
        owner.memory = (ctypes.c_double * 3)()
        owner.local = from_address(ctypes.addressof(owner.memory), 3, "f8", owner=owner)
        owner.section = Layout([Block(3)]).section(0, owner.local)
        alive = weakref.ref(owner)
        del owner
        gc.collect()
        self.assertIsNone(alive())

    def test_refusals(self):
        memory = (ctypes.c_double * 6)()
        address = ctypes.addressof(memory)
        for arguments, options, kind, says in [
            ((None, 3, "f8"), {}, ValueError, "a null pointer where there are items"),
            ((0, (2, 2), "f8"), {}, ValueError, "a null pointer where there are items"),
            (("0x10", 3, "f8"), {}, TypeError, "the address is the string"),
            ((1.5, 3, "f8"), {}, TypeError, "pass an integer below 2^63"),
            ((True, 3, "f8"), {}, TypeError, "pass an integer"),
            ((1 << 64, 3, "f8"), {}, TypeError, "pass an integer below 2^63"),
            ((-8, 3, "f8"), {}, ValueError, "the address is -8, which is below 0"),
            ((address, -1, "f8"), {}, ValueError, "dimension 0: the extent is -1, at least 0"),
            ((address, 1 << 62, "f8"), {}, ValueError, "beyond what memory can hold"),
            ((address, (1 << 62, 1 << 62), "f8"), {"order": "F"}, ValueError, "beyond"),
            ((address, [1] * 65, "f8"), {}, ValueError, "dimensions"),
            ((address, 3, object), {}, ValueError, "items of object are or hold addresses of objects"),
            ((address, 3, "nothing"), {}, ValueError, "nothing"),
            ((address, 3, "f8"), {"strides": (8, 8)}, ValueError, "2 values for 1 dimension"),
            ((address, 3, "f8"), {"strides": (8,), "order": "F"}, TypeError, "pass one of them"),
            ((address, 3, "f8"), {"order": "K"}, ValueError, "`order` is 'C' or 'F', not \"K\""),
        ]:
            with self.subTest(arguments=arguments, options=options), self.assertRaises(kind) as raised:
                from_address(*arguments, **options)
            self.assertIn(says, str(raised.exception))


if __name__ == "__main__":
    unittest.main()
