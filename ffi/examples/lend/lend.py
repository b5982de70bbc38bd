"""Borrows a Fortran model's field for each time step and changes it in place: `lend.py LIBRARY`."""

import ctypes
import gc
import sys

import daparray
import numpy

model = ctypes.CDLL(sys.argv[1])
model.model_address.restype = ctypes.c_void_p
model.model_item.restype = ctypes.c_double
BORROWER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)

new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
NAME = b"dap_array_v0"  # a capsule keeps the pointer to its name


class Lent:
    """A DapArray at an address, which Fortran owns: the capsule does not release it, but the
    section made of it does."""

    def __init__(self, address):
        self.address = address

    def __distarray_c__(self, max_version=None, copy=None):
        return new_capsule(self.address, NAME, None)

    def __distarray__(self):
        raise BufferError("take it by __distarray_c__")


def double(address):
    """Doubles the elements that this process owns, and leaves the neighbours' rows unchanged."""
    section = daparray.from_distarray(Lent(address))
    whole = numpy.asarray(section.local)
    assert whole.ctypes.data == model.model_address(), "the same memory"
    assert whole.shape == (6, 5) and whole.flags.f_contiguous
    owned = numpy.asarray(section.owned)
    assert owned.shape == (4, 5) and owned.ctypes.data == whole.ctypes.data + 8
    owned *= 2


kept = []


def keep(address):
    """A borrower that does not return the field."""
    kept.append(daparray.from_distarray(Lent(address)))


problems = []


def caught(borrow):
    """By default, ctypes prints an exception of a callback and continues; here it is a failure."""

    def call(address):
        try:
            borrow(address)
        except BaseException as problem:
            problems.append(problem)

    return BORROWER(call)


assert model.model_run(3, caught(double)) == 0 and not problems, problems
# ((1 + 1) * 2 + 1) * 2 + 1) * 2 for owned elements; the halo is unchanged.
assert [model.model_item(row, 3) for row in range(4, 10)] == [1, 22, 22, 22, 22, 1]

assert model.model_run(3, caught(keep)) == -1 and len(kept) == 1 and not problems, problems
kept.clear()
gc.collect()
assert model.model_run(1, caught(double)) == 0 and not problems, problems
print("lend: Python changed Fortran's field in place, and a borrower that kept it was noticed")
