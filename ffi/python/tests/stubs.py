"""The stubs with the module's own docstrings, for editors that read stubs only:

`UPDATE_SNAPSHOTS=1` at `test_abi.py` writes them.
"""

import ast
import inspect
import pathlib

import daparray

STUBS = sorted(pathlib.Path(daparray.__file__).parent.glob("*.pyi"))


def documented(source):
    """The stubs' source with the docstring of every public class, function, method and property
    that has one."""
    lines = source.splitlines()
    # From the end, so that what is above keeps its number.
    for node, thing in reversed(list(public(ast.parse(source)))):
        text = inspect.getdoc(thing)
        if not text:
            continue
        indent = " " * (node.col_offset + 4)
        paragraphs = ('"""' + text.rstrip() + ('\n"""' if "\n" in text else '"""')).splitlines()
        shown = [(indent + line).rstrip() for line in paragraphs]
        first = node.body[0]
        has_docstring = isinstance(first, ast.Expr) and isinstance(first.value.value, str)
        if has_docstring:
            lines[first.lineno - 1 : first.end_lineno] = shown
        elif isinstance(first, ast.Expr):  # the three dots, behind the colon
            lines[first.end_lineno - 1] = lines[first.end_lineno - 1].removesuffix(" ...")
            lines[first.end_lineno : first.end_lineno] = shown
        else:
            lines[first_line(first) - 1 : first_line(first) - 1] = shown
    return "\n".join(lines) + "\n"


def first_line(node):
    """The first line of a statement, decorators included."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def public(tree):
    """The stubs' declarations beside the objects themselves, in the order of the lines."""
    for node in tree.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)) or node.name.startswith("_"):
            continue
        thing = getattr(daparray, node.name)
        yield node, thing
        for member in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                yield member, getattr(thing, member.name)
