"""`_engine.pyi` says what the extension module has: names, and the parameters of each function."""

import ast
import inspect
import pathlib
import unittest

import daparray.array
from daparray.array import _engine

STUBS = ast.parse((pathlib.Path(daparray.array.__file__).parent / "_engine.pyi").read_text())
FUNCTIONS = {node.name: node for node in STUBS.body if isinstance(node, ast.FunctionDef)}
CLASSES = {node.name: node for node in STUBS.body if isinstance(node, ast.ClassDef)}


def stated(function, is_method):
    """(name, whether it has a default) of each parameter in the stub."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args][is_method:]
    plain = len(named) - len(arguments.defaults)
    found = [(one.arg, at >= plain) for at, one in enumerate(named)]
    found += [("*" + arguments.vararg.arg, False)] if arguments.vararg else []
    return found + [(one.arg, default is not None) for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]


def real(function, is_method):
    """The same of the function itself."""
    found = []
    for name, one in list(inspect.signature(function).parameters.items())[is_method:]:
        star = "*" if one.kind is one.VAR_POSITIONAL else ""
        found.append((star + name, one.default is not one.empty))
    return found


def members(kind):
    """The members that a class of the extension module or the package defines."""
    return {name: it for name, it in vars(kind).items() if not name.startswith("__") or name.startswith(("__dist", "__array", "__dlpack"))}


class Stubs(unittest.TestCase):
    def test_functions(self):
        there = {name: it for name, it in vars(_engine).items() if not name.startswith("_") and not isinstance(it, type)}
        self.assertEqual(sorted(FUNCTIONS), sorted(there))
        for name, function in there.items():
            with self.subTest(name=name):
                self.assertEqual(stated(FUNCTIONS[name], False), real(function, False))

    def test_classes(self):
        self.assertEqual(sorted(CLASSES), sorted(name for name, it in vars(_engine).items() if isinstance(it, type)))
        for name, node in CLASSES.items():
            kind = getattr(_engine, name)
            known = {it.name for it in node.body if isinstance(it, ast.FunctionDef)}
            with self.subTest(name=name):
                self.assertEqual(sorted(set(members(kind)) - known - {"__array__", "__array_ufunc__", "__array_function__"}), [])
                self.assertEqual(sorted(it for it in known if not hasattr(kind, it)), [])

    def test_parameters_of_methods(self):
        for name, node in CLASSES.items():
            kind = getattr(_engine, name)
            for method in node.body:
                it = vars(kind).get(method.name) if isinstance(method, ast.FunctionDef) else None
                if it is None or isinstance(it, property) or inspect.isgetsetdescriptor(it) or method.name.startswith("__"):
                    continue
                parameters = real(it, True)
                # Methods that hand their arguments on say so.
                if not any(one.startswith("*") or one in ("keywords",) for one, _ in parameters):
                    with self.subTest(method=f"{name}.{method.name}"):
                        self.assertEqual(stated(method, True), parameters)


if __name__ == "__main__":
    unittest.main()
