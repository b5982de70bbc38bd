"""Python as the producer for Rust, C, C++ and Fortran, and as their consumer, and both at once:
`python.py libpairs.so`.

`main.c` tests the four languages among themselves: both sides see the same address, and the
consumer's writes arrive.
"""

import ctypes
import gc
import sys

import daparray
import numpy

pairs = ctypes.CDLL(sys.argv[1])
python = ctypes.pythonapi
python.PyCapsule_New.restype = ctypes.py_object
python.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
python.PyCapsule_GetPointer.restype = ctypes.c_void_p
python.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
NAME = b"dap_array_v0"
LAYOUT = daparray.Layout([daparray.Block(6, 2), daparray.Cyclic(8, 2, 2)])


class Lent:
    """A struct of another language."""

    def __init__(self, address):
        self.address = address

    def __distarray_c__(self, max_version=None, copy=None):
        return python.PyCapsule_New(self.address, NAME, None)


def take(offered, value):
    """Python's `consume_...`: writes to the last item and returns the address."""
    section = daparray.from_distarray(offered)
    items = numpy.asarray(section.local)
    assert items.shape == (3, 4) and section.shape == (6, 8)
    items[2, 3] = value
    return items.ctypes.data


count = 0
for number, language in enumerate(["rust", "c", "cpp", "fortran"]):
    produce, consume = getattr(pairs, f"produce_{language}"), getattr(pairs, f"consume_{language}")
    produce.restype, produce.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    consume.restype, consume.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_double]
    for again in range(2):
        struct = ctypes.create_string_buffer(128)
        address = produce(ctypes.addressof(struct))
        assert take(Lent(ctypes.addressof(struct)), 7.0) == address, f"{language} to Python"
        assert ctypes.c_void_p.from_buffer(struct, 16).value is None, "moved out, so `release` is NULL"
        gc.collect()

        mine = numpy.zeros((3, 4), order="CF"[again])
        capsule = LAYOUT.section(1, mine).__distarray_c__()
        assert consume(python.PyCapsule_GetPointer(capsule, NAME), 10.0 + number) == mine.ctypes.data, f"Python to {language}"
        assert mine[2, 3] == 10 + number and (mine != 0).sum() == 1
    count += 2
mine = numpy.zeros((3, 4))
assert take(LAYOUT.section(1, mine), 9.0) == mine.ctypes.data and mine[2, 3] == 9
print(f"pairs: Python in {count + 1} more sees the same address")
