"""Make DistArray 0.6.0 (2015) importable on current Python and NumPy.

Import this module before `distarray`::

    import distarray_shim
    from distarray.localapi import LocalArray

DistArray is the library that the Distributed Array Protocol was made with, and the checker is
tested on its real exports. It was last released for Python 3.4 and NumPy 1.9. This file neither
changes nor copies its code: each entry below restores one name that DistArray imports and that
Python or NumPy has since removed. Names that DistArray only re-exports are None: a call of such a
name fails, its import does not.

It needs `numpy`, `mpi4py`, and `pip install --no-deps distarray==0.6.0` (its own requirements name
an IPython of that time; `conformance/requirements.txt` has the list).
"""

import ast
import collections
import collections.abc
import copyreg
import importlib.util
import marshal
import sys
import types

import numpy

# Aliases in NumPy's main namespace that NumPy 2.0 removed. DistArray's
# `localapi.localarray` looks each of them up once, at import.
_NUMPY_ALIASES = ("maximum_sctype", "issctype", "obj2sctype", "sctype2char", "issubclass_", "cast")


def install():
    """Restore the removed names. A second call changes nothing."""
    _collections()
    _numpy()
    _distutils()
    _ipyparallel()
    _code()


def _collections():
    # Python 3.10 removed the old module of the abstract base classes.
    for name in ("Mapping", "Sequence"):
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))


def _numpy():
    for name in _NUMPY_ALIASES:
        if name not in vars(numpy):
            setattr(numpy, name, None)
    if "numpy.compat" not in sys.modules:
        sys.modules["numpy.compat"] = _module("numpy.compat", asbytes=_asbytes)
    if not hasattr(sys.modules.get("numpy.lib.utils"), "safe_eval"):
        sys.modules["numpy.lib.utils"] = _module("numpy.lib.utils", safe_eval=_safe_eval)


def _distutils():
    # The 2014 validator inside DistArray parses versions with distutils (gone in Python 3.12).
    # With setuptools installed, `distutils` may still be found under the old name.
    if "distutils" not in sys.modules and importlib.util.find_spec("distutils") is None:
        version = _module("distutils.version", StrictVersion=_StrictVersion)
        sys.modules["distutils"] = _module("distutils", version=version)
        sys.modules["distutils.version"] = version


def _ipyparallel():
    # Only DistArray's client needs it, and only if it starts its engines through IPython.
    if "ipyparallel" not in sys.modules and importlib.util.find_spec("ipyparallel") is None:
        sys.modules["ipyparallel"] = _module("ipyparallel", Client=None)


def _code():
    # DistArray's client sends functions to its engines as code objects. IPython, when loaded, made
    # them picklable.
    copyreg.pickle(types.CodeType, _reduced)


def _reduced(code):
    return marshal.loads, (marshal.dumps(code),)


def _module(name, **contents):
    module = types.ModuleType(name)
    vars(module).update(contents)
    return module


def _asbytes(text):
    return text if isinstance(text, bytes) else str(text).encode("latin-1")


def _safe_eval(source):
    # NumPy's function took bytes; `ast.literal_eval` takes text.
    return ast.literal_eval(source.decode("latin-1") if isinstance(source, bytes) else source)


class _StrictVersion:
    """The part of the distutils class that the validator uses: `version`, or ValueError."""

    def __init__(self, text):
        parts = text.split(".")
        if len(parts) not in (2, 3) or not all(part.isdigit() for part in parts):
            raise ValueError("invalid version number %r" % (text,))
        self.version = tuple(int(part) for part in (parts + ["0"])[:3])


install()
