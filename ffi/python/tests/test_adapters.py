"""The registry: types of the user's own, objects that export themselves, and that no library is
imported to look."""

import subprocess
import sys
import types
import unittest

import numpy
from daparray import Block, Layout, Section, adapters, describe


class Own:
    def __init__(self, memory):
        self.memory = memory


def take(array, comm=None, scale=1):
    return adapters.numpy.rows(array.memory * scale)


class Registry(unittest.TestCase):
    def test_a_type_of_ones_own(self):
        module = types.ModuleType("somebodys")
        module.section = take
        sys.modules["somebodys"] = module
        name = f"{__name__}.Own"
        with self.assertRaisesRegex(TypeError, "no adapter knows .*Own"):
            adapters.section(Own(numpy.ones(3)))
        adapters.register(name, "somebodys")
        self.assertIn(name, adapters.known())

        class Derived(Own):
            pass

        self.assertEqual(adapters.section(Derived(numpy.ones(3)), scale=4).local.shape, (3,))

    def test_what_exports_itself(self):
        mine = numpy.arange(6.0).reshape(2, 3)
        theirs = Layout([Block(2), Block(3)]).section(0, mine)
        section = adapters.section(theirs)
        self.assertIsInstance(section, Section)
        self.assertEqual(section.local.address, mine.ctypes.data)

    def test_numpys_integers(self):
        """NumPy 2 writes its numbers as `np.int64(1)`, which no export may hold."""
        field = numpy.zeros((6, 5))
        for number in (numpy.int64, numpy.int8, numpy.uint16):
            one = number(1)
            pairs = (
                (adapters.numpy.rows(field, axis=one), adapters.numpy.rows(field, axis=1)),
                (adapters.numpy.grid(field, grid=(one, one), boundary=one), adapters.numpy.grid(field, grid=(1, 1), boundary=1)),
                (adapters.numpy.grid(field, grid=numpy.array([1, 1]), boundary=one), adapters.numpy.grid(field, boundary=1)),
            )
            for ours, plain in pairs:
                self.assertEqual(ours.layout, plain.layout)
                self.assertEqual(describe(ours), describe(plain))
                for text in (repr(ours), repr(ours.layout), repr(ours.dim_data), describe(ours)):
                    self.assertNotIn("np.", text)
                    self.assertNotIn("numpy", text)

    def test_nothing_is_imported(self):
        program = ("import sys, daparray; from daparray import adapters; adapters.known(); dir(adapters); "
                   "print([name for name in ('numpy', 'mpi4py', 'dask', 'jax', 'heat', 'torch', 'petsc4py') if name in sys.modules])")
        out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        self.assertEqual(out.strip(), "[]")
        for name in ("dask", "heat", "jax", "mpi4py_fft", "petsc4py", "scalapack", "partitioned"):
            program = f"import sys; from daparray import adapters; adapters.{name}; print('numpy' in sys.modules, {name!r} in sys.modules)"
            out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
            self.assertEqual(out.strip(), "False False", name)


if __name__ == "__main__":
    unittest.main()
