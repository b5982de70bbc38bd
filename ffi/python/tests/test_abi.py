"""Python's mirror of the structs has the sizes and offsets of `spec/abi.md`, and stubs say what the module has."""

import ast
import ctypes
import inspect
import pathlib
import unittest

import abi
import daparray
from daparray import _daparray

STUBS = pathlib.Path(daparray.__file__).with_name("_daparray.pyi")


class Structs(unittest.TestCase):
    def test_sizes(self):
        sizes = {abi.DapVersion: 8, abi.DapDType: 4, abi.DapDim: 128, abi.DapBlock: 32, abi.DapArray: 128,
                 abi.DLTensor: 48, abi.DLManagedTensorVersioned: 80}
        for struct, size in sizes.items():
            self.assertEqual(ctypes.sizeof(struct), size, struct)

    def test_offsets(self):
        offsets = {
            abi.DapArray: dict(version=0, private_data=8, release=16, flags=24, protocol=32, ndim=36, global_shape=40,
                               dtype=48, n_blocks=56, blocks=64, mesh=72, producer=80, reserved=88),
            abi.DapDim: dict(size=0, proc_grid_size=8, proc_grid_rank=16, dist_type=24, flags=28, start=32, stop=40, pad_lo=48,
                             pad_hi=56, block_size=64, n_indices=72, indices=80, reserved=88),
            abi.DapBlock: dict(tensor=0, dims=8, reserved=16),
        }
        for struct, fields in offsets.items():
            for field, offset in fields.items():
                self.assertEqual(getattr(struct, field).offset, offset, (struct, field))


class Stubs(unittest.TestCase):
    def test_names(self):
        tree = ast.parse(STUBS.read_text())
        declared = {}
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                declared[node.name] = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            elif isinstance(node, ast.FunctionDef):
                declared[node.name] = None
        declared = {name: members for name, members in declared.items() if not name.startswith("_")}
        public = {name for name in vars(_daparray) if not name.startswith("_")}
        self.assertEqual(set(declared), public)
        self.assertEqual(public | {"__version__"}, set(daparray.__all__))
        for name, members in declared.items():
            thing = getattr(daparray, name)
            self.assertTrue(thing.__doc__, name)
            if members is None:
                continue
            # Python shows the buffer protocol as a method from 3.12 on.
            for member in members - {"__buffer__"}:
                self.assertTrue(hasattr(thing, member), (name, member))
            real = {member for member in vars(thing) if not member.startswith("_")}
            self.assertEqual(real - members - {"report"}, set(), name)

    def test_everything_public_says_what_it_is(self):
        for name in daparray.__all__:
            thing = getattr(daparray, name)
            if inspect.isclass(thing) and thing.__module__ == "daparray":
                for member, value in vars(thing).items():
                    if not member.startswith("_") and thing is not daparray.Runs:
                        self.assertTrue(inspect.getdoc(value) or member == "keys", (name, member))

    def test_typed(self):
        self.assertTrue(STUBS.with_name("py.typed").exists())


if __name__ == "__main__":
    unittest.main()
