"""Python's mirror of the structs has the sizes and offsets of `spec/abi.md`, and stubs say what the
module has."""

import ast
import ctypes
import inspect
import os
import pathlib
import re
import unittest

import abi
import daparray
import stubs
from daparray import _daparray

ROOT = pathlib.Path(__file__).resolve().parents[3]
STUBS = stubs.STUBS


class Structs(unittest.TestCase):
    def test_sizes_and_offsets_are_everybodys(self):
        lines = []
        for name in ("DapVersion", "DapDType", "DapDim", "DapDimSpec", "DapBlock", "DapArray", "DapError"):
            struct = getattr(abi, name)
            lines.append(f"{name} {ctypes.sizeof(struct)}")
            lines += [f"{name}.{field} {getattr(struct, field).offset}" for field, _ in struct._fields_]
        self.assertEqual("\n".join(lines) + "\n", (ROOT / "ffi/abi/layout.txt").read_text())

    def test_dlpack(self):
        self.assertEqual((ctypes.sizeof(abi.DLTensor), ctypes.sizeof(abi.DLManagedTensorVersioned)), (48, 80))


class Pages(unittest.TestCase):
    def test_what_the_structs_cannot_say(self):
        """The page of DAP719 has its examples in Python."""
        wrong, right = re.findall(r"```python\n(.*?)```", (ROOT / "spec/rules/DAP719.md").read_text(), re.DOTALL)
        exec(right, {})
        with self.assertRaisesRegex(BufferError, "DAP719"):
            exec(wrong, {})


class Stubs(unittest.TestCase):
    def test_names(self):
        declared = {}
        for node in [node for path in STUBS for node in ast.parse(path.read_text()).body]:
            if isinstance(node, ast.ClassDef):
                declared[node.name] = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            elif isinstance(node, ast.FunctionDef):
                declared[node.name] = None
        declared = {name: members for name, members in declared.items() if not name.startswith("_")}
        public = {name for name in vars(_daparray) if not name.startswith("_")} | {"HaloExchange"}
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

    def test_editors_show_what_help_shows(self):
        for path in STUBS:
            found, wanted = path.read_text(), stubs.documented(path.read_text())
            if "UPDATE_SNAPSHOTS" in os.environ:
                (ROOT / "ffi/python/python/daparray" / path.name).write_text(wanted)
                continue
            self.assertEqual(found, wanted, "the stubs' docstrings are not the module's; UPDATE_SNAPSHOTS=1 writes them")

    def test_typed(self):
        self.assertTrue(all(path.with_name("py.typed").exists() for path in STUBS))


if __name__ == "__main__":
    unittest.main()
