"""The structs of `spec/abi.md` and of DLPack in ctypes:

Python's own mirror of what the library hands out.
"""

import ctypes

from ctypes import c_char_p, c_int32, c_int64, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p

NAME, USED = b"dap_array_v0", b"used_dap_array_v0"


class DapVersion(ctypes.Structure):
    _fields_ = [("major", c_uint32), ("minor", c_uint32)]


class DapDType(ctypes.Structure):
    _fields_ = [("code", c_uint8), ("bits", c_uint8), ("lanes", c_uint16)]


class DapDim(ctypes.Structure):
    _fields_ = [
        ("size", c_int64), ("proc_grid_size", c_int64), ("proc_grid_rank", c_int64),
        ("dist_type", c_uint32), ("flags", c_uint32),
        ("start", c_int64), ("stop", c_int64), ("pad_lo", c_int64), ("pad_hi", c_int64),
        ("block_size", c_int64), ("n_indices", c_int64), ("indices", ctypes.POINTER(c_int64)),
        ("reserved", c_int64 * 5),
    ]  # fmt: skip


class DapDimSpec(ctypes.Structure):
    _fields_ = [
        ("size", c_int64), ("proc_grid_size", c_int64), ("dist_type", c_uint32), ("flags", c_uint32),
        ("block_size", c_int64), ("source", c_int64), ("halo", c_int64), ("pad_lo", c_int64), ("pad_hi", c_int64),
        ("bounds", ctypes.POINTER(c_int64)), ("indices", ctypes.POINTER(c_int64)), ("reserved", c_int64 * 6),
    ]  # fmt: skip


class DLTensor(ctypes.Structure):
    _fields_ = [
        ("data", c_void_p), ("device_type", c_int32), ("device_id", c_int32), ("ndim", c_int32), ("dtype", DapDType),
        ("shape", ctypes.POINTER(c_int64)), ("strides", ctypes.POINTER(c_int64)), ("byte_offset", c_uint64),
    ]  # fmt: skip


class DLManagedTensorVersioned(ctypes.Structure):
    _fields_ = [
        ("version", DapVersion), ("manager_ctx", c_void_p), ("deleter", c_void_p), ("flags", c_uint64),
        ("dl_tensor", DLTensor),
    ]  # fmt: skip


class DapBlock(ctypes.Structure):
    _fields_ = [
        ("tensor", ctypes.POINTER(DLManagedTensorVersioned)), ("dims", ctypes.POINTER(DapDim)), ("reserved", c_int64 * 2),
    ]  # fmt: skip


class DapArray(ctypes.Structure):
    _fields_ = [
        ("version", DapVersion), ("private_data", c_void_p), ("release", c_void_p), ("flags", c_uint64),
        ("protocol", c_uint32), ("ndim", c_int32), ("global_shape", ctypes.POINTER(c_int64)),
        ("dtype", DapDType), ("pad_", c_uint32), ("n_blocks", c_int64), ("blocks", ctypes.POINTER(DapBlock)),
        ("mesh", c_void_p), ("producer", c_char_p), ("reserved", c_int64 * 5),
    ]  # fmt: skip


class DapError(ctypes.Structure):
    _fields_ = [("code", c_int32), ("dim", c_int32), ("rank", c_int64), ("message", ctypes.c_char * 240)]


_api = ctypes.pythonapi
_api.PyCapsule_GetPointer.restype = c_void_p
_api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, c_char_p]
_api.PyCapsule_GetName.restype = c_char_p
_api.PyCapsule_GetName.argtypes = [ctypes.py_object]
_api.PyCapsule_New.restype = ctypes.py_object
_api.PyCapsule_New.argtypes = [c_void_p, c_char_p, c_void_p]


def struct(capsule):
    """The struct in a capsule, which must live as long as this is used."""
    return DapArray.from_address(_api.PyCapsule_GetPointer(capsule, name(capsule)))


def name(capsule):
    return _api.PyCapsule_GetName(capsule)


def capsule(array, name=NAME):
    """A capsule around a struct of ours, which must live as long, as the name must.

    It releases nothing.
    """
    return _api.PyCapsule_New(ctypes.addressof(array), name, None)
