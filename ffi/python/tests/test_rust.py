"""A Rust library without Python in it, `examples/scale.rs`:

Python lends it an array, and takes one from it.
"""

import ctypes
import os
import pathlib
import subprocess
import sys
import textwrap
import unittest
import weakref

import abi
import daparray
import numpy
from daparray import Block, Cyclic, Layout, Unstructured, from_distarray

ROOT = pathlib.Path(__file__).resolve().parents[3]


def library():
    """The path of the library, built where it is not there."""
    given = os.environ.get("DAPARRAY_SCALE")
    if given:
        return given
    subprocess.run(["cargo", "build", "--quiet", "-p", "dap-python", "--example", "scale"], cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return str(target / "debug" / "examples" / "libscale.so")


def loaded(path):
    scale = ctypes.CDLL(path)
    scale.scale.argtypes, scale.scale.restype = [ctypes.c_void_p, ctypes.c_double], ctypes.c_void_p
    scale.produce.argtypes, scale.produce.restype = [ctypes.c_void_p], ctypes.c_void_p
    for name in ("release_elsewhere", "release_at_exit"):
        getattr(scale, name).argtypes, getattr(scale, name).restype = [ctypes.c_void_p], ctypes.c_bool
    return scale


class Memory(bytearray):
    """Memory whose end can be seen."""


class WithRust(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.path = library()
        cls.rust = loaded(cls.path)

    def pointer(self, capsule):
        return ctypes.addressof(abi.struct(capsule))

    def test_rust_works_in_place(self):
        layout = Layout([Block(12, 3, halo=1), Cyclic(7, 2, 2), Unstructured([[0, 2, 1]])])
        for rank in range(layout.processes):
            for order in "CF":
                mine = numpy.ones(layout.local_shape(rank), order=order)
                section = layout.section(rank, mine)
                capsule = section.__distarray_c__()
                self.assertEqual(self.rust.scale(self.pointer(capsule), 3.0), mine.ctypes.data)
                self.assertTrue((mine[section.owned_slices] == 3).all())
                self.assertEqual((mine == 1).sum(), mine.size - numpy.prod(layout.owned_shape(rank)))
                # Consumed: there is nothing left to take.
                self.assertIsNone(self.rust.scale(self.pointer(capsule), 3.0))

    def test_rust_refuses(self):
        layout = Layout([Block(4)])
        readonly = numpy.ones(4)
        readonly.flags.writeable = False
        for memory in (readonly, numpy.ones(4, "f4")):
            capsule = layout.section(0, memory).__distarray_c__()
            self.assertIsNone(self.rust.scale(self.pointer(capsule), 2.0))
            self.assertTrue((memory == 1).all())
        capsule = layout.section(0, numpy.ones(4)).__distarray_c__()
        abi.struct(capsule).version.major = 9
        self.assertIsNone(self.rust.scale(self.pointer(capsule), 2.0))
        abi.struct(capsule).version.major = 0
        self.assertIsNone(self.rust.scale(None, 2.0))

    def test_python_takes_from_rust(self):
        array = abi.DapArray()
        address = self.rust.produce(ctypes.addressof(array))
        section = from_distarray(abi.capsule(array))
        self.assertEqual(section.local.address, address)
        self.assertEqual(numpy.asarray(section.local).tolist(), [4, 5, 6, 7, 8, 9])
        self.assertEqual(numpy.asarray(section.owned).tolist(), [5, 6, 7, 8, 9])
        self.assertEqual(section.dim_data, Layout([Block(10, 2, halo=1)]).dim_data(1))
        view = numpy.from_dlpack(section.local)
        del section
        view[0] = -1
        self.assertEqual(view.ctypes.data, address)

    def test_released_on_a_thread_of_rust(self):
        for _ in range(20):
            memory = Memory(32)
            alive = weakref.ref(memory)
            capsule = Layout([Block(4)]).section(0, memoryview(memory).cast("d")).__distarray_c__()
            del memory
            self.assertTrue(self.rust.release_elsewhere(self.pointer(capsule)))
            daparray.Local(b"")
            self.assertIsNone(alive())

    def test_released_after_pythons_end(self):
        code = f"""
            import ctypes, sys
            sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r})
            import abi, daparray, numpy
            from test_rust import loaded
            rust = loaded({self.path!r})
            section = daparray.Layout([daparray.Block(4)]).section(0, numpy.zeros(4))
            for one in (section, daparray.from_distarray(section), daparray.Layout([daparray.Block(4)]).zeros(0)):
                capsule = one.__distarray_c__()
                assert rust.release_at_exit(ctypes.addressof(abi.struct(capsule)))
        """
        run = subprocess.run([sys.executable, "-X", "dev", "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertEqual(run.stdout.splitlines()[0], "released 3 after Python's end")


if __name__ == "__main__":
    unittest.main()
