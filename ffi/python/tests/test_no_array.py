"""No class but `Local` passes for an array or a number: what would be silently wrong raises."""

import unittest

import daparray
import numpy
import objects
from daparray import Local, Section

# Everything of NumPy that takes one array, and the operators.
CALLS = {
    "asarray": numpy.asarray,
    "array": numpy.array,
    "ascontiguousarray": numpy.ascontiguousarray,
    "as floats": lambda one: numpy.asarray(one, float),
    "as strings": lambda one: numpy.asarray(one, "U10"),
    "array of one": lambda one: numpy.array([one]),
    "array of two": lambda one: numpy.array([one, one]),
    "array without a copy": lambda one: numpy.array(one, copy=None),
    "sum": numpy.sum,
    "mean": numpy.mean,
    "max": numpy.max,
    "prod": numpy.prod,
    "sort": numpy.sort,
    "size": numpy.size,
    "copy": numpy.copy,
    "concatenate": lambda one: numpy.concatenate([one, one]),
    "stack": lambda one: numpy.stack([one]),
    "reshape": lambda one: numpy.reshape(one, -1),
    "zeros_like": numpy.zeros_like,
    "array_equal": lambda one: numpy.array_equal(one, one),
    "array_equiv": lambda one: numpy.array_equiv(one, one),
    "allclose": lambda one: numpy.allclose(one, one),
    "dot": lambda one: numpy.dot(one, 1.0),
    "where": lambda one: numpy.where(one, 1, 0),
    "sin": numpy.sin,
    "add": lambda one: numpy.add(one, 1.0),
    "maximum": lambda one: numpy.maximum(one, 0),
    "out": lambda one: numpy.add(1.0, 2.0, out=one),
    "reduce": numpy.add.reduce,
    "array + it": lambda one: numpy.ones(3) + one,
    "it + array": lambda one: one + numpy.ones(3),
    "array *= it": lambda one: numpy.ones(3).__imul__(one),
    "number * it": lambda one: 2.0 * one,
    "assigned": lambda one: numpy.zeros(3).__setitem__(slice(None), one),
    "frombuffer": numpy.frombuffer,
    "memoryview": memoryview,
    "bytes": bytes,
    "bytearray": bytearray,
    "float": float,
    "int": int,
    "complex": complex,
    "abs": abs,
    "index": lambda one: [0][one],
    "subscript": lambda one: one[0],
    "negation": lambda one: -one,
    "order": lambda one: one < one,
    "reversed": reversed,
}
# Besides these, which two classes have.
SEQUENCES = {"len": len, "iter": iter, "list": list}


class Refusals(unittest.TestCase):
    def test_every_class_and_every_call(self):
        for kind, one in objects.every():
            if kind is Local:
                continue
            calls = dict(CALLS)
            if kind not in (daparray.DimData, daparray.Report):
                calls |= SEQUENCES
            for name, call in calls.items():
                with self.subTest(kind.__name__, call=name):
                    if name == "subscript" and kind is daparray.DimData:
                        self.assertRaises(KeyError, call, one)
                    elif name in ("bytes", "bytearray") and kind is daparray.DimData and not len(one):
                        self.assertEqual(call(one), b"")  # no keys
                    else:
                        self.assertRaises((TypeError, AttributeError), call, one)

    def test_the_sentence(self):
        section = objects.OBJECTS[Section][0]
        for name in ("asarray", "array", "sum", "mean", "size", "array_equal", "sin", "add", "array + it", "array of two", "concatenate"):
            with self.subTest(name), self.assertRaisesRegex(TypeError, r"`Section` is not an array: .*section\.local.*section\.owned"):
                CALLS[name](section)
        with self.assertRaisesRegex(TypeError, r"`Layout` is not an array: .*layout\.section"):
            numpy.sum(objects.LAYOUT)
        with self.assertRaisesRegex(TypeError, "`Block` is not an array.*dtype=object"):
            numpy.asarray(objects.LAYOUT.dims[0])

    def test_comparing_with_an_array(self):
        with self.assertRaises(TypeError):
            objects.OBJECTS[Section][0] == numpy.zeros(3)
        for kind, one in objects.every(objects.VALUES):
            self.assertIs(one == numpy.zeros(3), False)
            self.assertIs(numpy.zeros(3) == one, False)
            self.assertIs(one != numpy.zeros(3), True)

    def test_arrays_of_objects_where_they_are_meant(self):
        for kind, one in objects.every():
            if kind is Local:
                continue
            boxed = numpy.array([one, None, one], dtype=object)
            self.assertEqual(boxed.shape, (3,))
            self.assertIs(boxed[2], one)
            self.assertIs(numpy.asarray(one, dtype=object)[()], one)


class Memory(unittest.TestCase):
    def test_local_is_an_array(self):
        local = Local(numpy.arange(6.0).reshape(2, 3))
        self.assertEqual((numpy.sum(local), numpy.size(local), numpy.shape(local)), (15.0, 6, (2, 3)))
        self.assertEqual((numpy.sin(local) + numpy.asarray(local)).shape, (2, 3))
        self.assertEqual(numpy.array([local, local]).shape, (2, 2, 3))
        for name in ("float", "int", "index", "subscript", "negation", "number * it", "reversed"):
            with self.subTest(name), self.assertRaises((TypeError, ValueError)):
                CALLS[name](local)
        for call in (iter, list):
            with self.assertRaises(TypeError):
                call(local)


if __name__ == "__main__":
    unittest.main()
