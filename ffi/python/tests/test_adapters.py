"""The registry: types of the user's own, objects that export themselves, and that no library is
imported to look."""

import pickle
import re
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


class Pair:
    """A communicator whose other process says the same but for one value."""

    rank, size = 0, 2

    def __init__(self, name, value):
        self.name, self.value = name, value

    def allgather(self, mine):
        call, number, state, item = pickle.loads(mine)
        if isinstance(item, dict) and self.name in item:
            item = {**item, self.name: self.value}
        return [mine, pickle.dumps((call, number, state, item))]


class Scalapack(unittest.TestCase):
    def desc(self, leading):
        return [1, 0, 2, 2, 2, 2, 0, 0, leading]

    def test_memory_that_does_not_fit_lld(self):
        """The remedy fits the mistake: a copy does not mend a wrong LLD."""
        column_major, row_major = numpy.zeros((2, 2), order="F"), numpy.zeros((2, 2))
        padded = numpy.zeros((4, 2), order="F")[:2]
        adapters.scalapack.section(self.desc(2), column_major, grid=(1, 1))
        adapters.scalapack.section(self.desc(4), padded, grid=(1, 1))
        for leading, local, says in [
            (3, column_major, "the columns are 16 bytes apart, and by LLD, 3, they are 24: give the descriptor LLD 2"),
            (3, padded, "the columns are 32 bytes apart, and by LLD, 3, they are 24: give the descriptor LLD 4"),
            (2, row_major, "the items of a column are 16 bytes apart, 8 are expected: copy the memory with `numpy.asfortranarray`, and give LLD 2"),
            (2, numpy.zeros((2, 4), order="F")[:, ::-2], "copy the memory with `numpy.asfortranarray`, and give LLD 2"),
            (2, column_major[:1], "the memory has the shape (1, 2), and by the descriptor this process holds 2 x 2"),
            (1, column_major, "LLD is 1, at least 2 is expected: this process holds 2 rows"),
        ]:
            with self.subTest(says), self.assertRaisesRegex(ValueError, re.escape(says)):
                adapters.scalapack.section(self.desc(leading), local, grid=(1, 1))
        # The advice is accepted.
        adapters.scalapack.section(self.desc(2), numpy.asfortranarray(row_major), grid=(1, 1))

    def test_a_field_that_differs_on_one_process(self):
        for name, desc, value in [("MB", [1, 0, 4, 4, 2, 2, 0, 0, 2], 3), ("CSRC", [1, 0, 4, 4, 2, 2, 0, 0, 2], 1)]:
            comm = Pair(f"{name} of the descriptor", value)
            says = rf"{name} of the descriptor differs: \d on rank 0, {value} on rank 1; only CTXT and LLD may differ"
            with self.assertRaisesRegex(ValueError, says):
                adapters.scalapack.section(desc, numpy.zeros((2, 4), order="F"), comm, grid=(2, 1))


if __name__ == "__main__":
    unittest.main()
